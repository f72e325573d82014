"""Bringing an older database to this version's schema (model 9). Alembic is loaded here and only when needed.

Own connection, foreign keys off before BEGIN, BEGIN IMMEDIATE, everything and `user_version` in one transaction, and
no row that points nowhere at its end. A back-up is taken before.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from editor.base.errors import Bug
from editor.base.messages import Message
from editor.store.backup import copy_database, stamp
from editor.store.engine import migration_engine, revision
from editor.store.schema import SCHEMA_VERSION

OURS = Path(__file__).resolve().parent / "migrations"


@dataclass(frozen=True, slots=True)
class Ladder:
    """A folder of migrations and the version that its top gives."""

    scripts: Path = OURS
    top: int = SCHEMA_VERSION


def migrate(database: Path, backups: Path, now: datetime, ladder: Ladder | None = None) -> None:
    """Bring `database` to the ladder's top; after a failure it is as it was before."""
    ladder = ladder or Ladder()
    copy_database(database, backups / f"before-version-{ladder.top}-{stamp(now)}.db")
    climb(database, ladder)


def climb(database: Path, ladder: Ladder) -> None:
    """Every missing migration in one transaction, on a connection of its own."""
    from alembic import command
    from alembic.config import Config

    # Alembic tells every step at INFO; our logs get one line of ours instead.
    logging.getLogger("alembic").setLevel(logging.WARNING)
    config = Config()
    config.set_main_option("script_location", str(ladder.scripts).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    engine = migration_engine(database)
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, revision(ladder.top))
            lost = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if lost:
                raise Bug("migration", Message("store", "A migration left {n} row pointing nowhere.|"
                                               "A migration left {n} rows pointing nowhere.", {"n": len(lost)}))
            connection.exec_driver_sql(f"PRAGMA user_version={ladder.top}")
    finally:
        engine.dispose()
