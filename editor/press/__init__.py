"""The bundled publishing backend: a second program, an ASGI application with its own database.

Imported by the top ring only (to start it); imports `text`, `domain` and `base`, SQLAlchemy and Starlette,
and knows nothing of the workstation: its client is `backends/press`.
A new endpoint goes into `api.py` or, for readers, `site.py`; a new table into `schema.py` with a migration.
"""
