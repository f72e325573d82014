"""The floor: clock, ids, errors, messages, settings, paths, SQLite's one door and canonical JSON.

Every package may import this one; it imports only the standard library (`sqlite.py` also the bundled SQLite).
The wall clock is read in `clock.py` alone, ids are made in `ids.py` alone, SQLite is imported in `sqlite.py` alone.
A new preference is one line in `settings.py`; another thing belongs here only when every layer may need it.
"""
