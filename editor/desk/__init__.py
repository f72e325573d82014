"""Every operation on the newsroom's data, as a function: a unit of work and values in, an `Outcome` out.

May be imported by `runtime` and the outer ring except `press`; imports `sync` and below, never SQL, Qt or HTTP.
What an operation needs from outside is a Protocol in `ports.py`. Operations are verbs.
A new operation is a function in the file of its area with its inverse for undo, and one row in `ui/actions.py`.
"""
