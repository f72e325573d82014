"""The local database: tables, unit of work, queries, migrations, back-up and secrets.

Imported by the top ring only; imports `runtime` and below, and SQLAlchemy. ORM rows never leave this package:
`schema.py` is private to it, `mapping.py` turns rows into domain values and back.
A new table is a class in `schema.py` plus a migration; a new list is a query in `queries.py` returning `…Item`s.
"""
