"""Publishing adapters: each file speaks one backend's HTTP and implements the protocol of `sync/backend.py`.

Imported by the top ring only; an adapter imports `runtime` and below, and httpx2, never another adapter.
Calls block; every call has a monotonic deadline and a size limit. The token comes in as an argument.
A new adapter is one new file here, made by `station` and tried by the conformance suite.
"""
