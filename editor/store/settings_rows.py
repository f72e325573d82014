"""Settings and the profile's own facts, read through SQLite alone: the window needs them before SQLAlchemy is loaded."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from editor.base import sqlite


def read_settings(database: Path) -> dict[str, Any]:
    """Every setting that was ever changed, empty where there is no readable database yet. Never raises: opening the
    profile says what is wrong with it."""
    found = {}
    for name, value in _pairs(database, "SELECT name, value FROM setting"):
        with suppress(ValueError):  # of a damaged page
            found[name] = json.loads(value)
    return found


def read_meta(database: Path) -> dict[str, str]:
    """What the profile knows of itself (replica_id, clock_offset_ms, …); empty like `read_settings`."""
    return dict(_pairs(database, "SELECT k, v FROM meta"))


def _pairs(database: Path, question: str) -> list[tuple[str, str]]:
    if not database.exists():
        return []
    try:
        connection = sqlite.connect(database, "reader")
        try:
            return list(connection.execute(question).fetchall())
        finally:
            connection.close()
    except sqlite.BROKEN:
        return []
