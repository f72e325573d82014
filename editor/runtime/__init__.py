"""Threads, the change bus and timers: plain `concurrent.futures`, no Qt.

May be imported by the outer ring except `press`; imports `desk` and below.
Writer ×1, readers ×2, sync ×1, notices ×1, cpu ×1: each is named, owned by the composition root and ended by it.
A new kind of background work is a job for one of these threads, not a thread of its own.
"""
