"""Alembic's way in: the connection comes from `press.database`, which also owns the transaction."""

from __future__ import annotations

from alembic import context

from editor.press.schema import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
