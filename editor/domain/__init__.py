"""What a newsroom works with: frozen values, their rules and their state tables.

Every layer above may import it; it imports `base` and the standard library, and does no I/O.
A rule of the newsroom lives here and nowhere else: operations in `desk` only carry it out.
A new kind of thing gets its own file, named as the newsroom names it; its wire form goes into `documents.py`.
"""
