"""The protocol: what to send next, what an answer means, how two versions become one. No I/O, no clock.

May be imported by `desk`, `runtime` and the outer ring except `press`; imports the plug-in families and below.
`backend.py` holds the adapter protocol and its types, `machine.py` the state table.
A new conflict rule is one row in `merge_rules.py` with a sync test.
"""
