"""From one version of the tables to another, inside the caller's transaction, on both databases."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.press.schema import SchemaVersionRow


def version_of(connection: sa.Connection) -> int:
    """The version of the tables, 0 for an empty database."""
    if connection.dialect.name == "sqlite":
        return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
    if not sa.inspect(connection).has_table("schema_version"):
        return 0
    return int(connection.exec_driver_sql("SELECT coalesce(max(version), 0) FROM schema_version").scalar_one())


def migrate(connection: sa.Connection, version: int) -> None:
    """Bring the tables up or down to `version`. On SQLite foreign keys must be off (model 9)."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    move = command.upgrade if version > version_of(connection) else command.downgrade
    move(config, f"{version:04d}")
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if broken:
            raise UserError("migration", Message("press", "The database could not be brought up to date."))
        connection.exec_driver_sql(f"PRAGMA user_version={version}")
    else:
        connection.execute(sa.delete(SchemaVersionRow))
        connection.execute(sa.insert(SchemaVersionRow).values(version=version))
