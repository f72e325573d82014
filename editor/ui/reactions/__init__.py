"""The desk for reactions: queues, reading, deciding.

Imported by `shell` only; imports `widgets`, `theme` and the layers below, no other desk's folder.
"""
