"""Migrations of the profile's database, one file a version in `versions/`; `store.migrating` runs them.

A new one: change `schema.py` (and `ddl.py`), raise `SCHEMA_VERSION`, add `versions/000N_what.py` with the SQL that
leads from the version before to this one. `tests/store` compares both ways of making a database.
"""
