"""Engines by role, and the making of a new database. Every connection comes from `base.sqlite`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert
from sqlalchemy.pool import NullPool, QueuePool

from editor.base import sqlite
from editor.store.ddl import extras
from editor.store.schema import SCHEMA_VERSION, Base, MetaRow, table

READERS = 2  # db-reader threads (architecture: where threads live); two more may come for a moment
STAMP = ("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
         "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))")


def writer_engine(path: Path) -> Engine:
    """The one writing connection; its transactions begin IMMEDIATE. Used by one thread at a time."""
    engine = _engine(path, "writer", QueuePool, pool_size=1, max_overflow=0)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def reader_engine(path: Path) -> Engine:
    """Reading connections, one snapshot a transaction; they can change nothing."""
    engine = _engine(path, "reader", QueuePool, pool_size=READERS, max_overflow=READERS)
    event.listen(engine, "begin", _begin)
    return engine


def migration_engine(path: Path) -> Engine:
    """A connection of its own with foreign keys off before BEGIN: inside a transaction the pragma does nothing, and a
    table rebuilt with them on takes its children along (model 9)."""
    engine = _engine(path, "writer", NullPool)
    event.listen(engine, "connect", _foreign_keys_off)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _engine(path: Path, role: sqlite.Role, pool: type[QueuePool | NullPool], **sizes: int) -> Engine:
    def connect() -> Any:
        return sqlite.connect(path, role, check_same_thread=False)

    # A path in the URL and the module: with `creator` alone SQLAlchemy loads the standard library's SQLite too.
    return create_engine(f"sqlite:///{path}", creator=connect, module=sqlite.library(), poolclass=pool, **sizes)


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _foreign_keys_off(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def create_tables(connection: Connection) -> None:
    """The whole schema of this version in a new database, without loading Alembic; its stamp row too."""
    Base.metadata.create_all(connection, checkfirst=False)
    for statement in (*extras(), STAMP):
        connection.exec_driver_sql(statement)
    connection.exec_driver_sql("INSERT INTO alembic_version VALUES(?)", (revision(SCHEMA_VERSION),))
    connection.exec_driver_sql(f"PRAGMA user_version={SCHEMA_VERSION}")


def create_database(path: Path, meta: dict[str, str]) -> None:
    """A new database at `path` with its first `meta` rows, in one transaction."""
    engine = writer_engine(path)
    try:
        with engine.begin() as connection:
            create_tables(connection)
            connection.execute(insert(table(MetaRow)), [{"k": k, "v": v} for k, v in meta.items()])
    finally:
        engine.dispose()


def revision(version: int) -> str:
    """Alembic's name of a schema version."""
    return f"{version:04d}"


def user_version(path: Path) -> int:
    """The schema version of the database at `path`, 0 for one that was never finished."""
    connection = sqlite.connect(path, "reader")
    try:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()
