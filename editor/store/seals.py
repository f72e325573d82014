"""Check sums of rows: a page that went bad on the disk is noticed when its row is read, not when its text is printed.

SQLite checks how a page is built and nothing of what stands on it. A seal is a column: the sum of the row's columns, then
one for each wide column that is written by itself or emptied later. `seal_all` gives rows theirs that were written otherwise.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from zlib import crc32

from editor.base import sqlite

SEAL = "seal"
APART: Mapping[str, tuple[str, ...]] = {  # of tables with wide columns by themselves; the others have none
    "article": (), "ticker": (), "media": (), "newsroom": (), "person": (), "list": (),
    "outbox": ("body", "patch", "snapshot"), "sync_state": ("base_doc", "stash_doc"),
}
_NEVER = frozenset({"rid", "seq", "settled_at", "depends_on", SEAL})  # given by the store itself


def seal_of(table: str, columns: Mapping[Any, Any], known: Mapping[str, str] | None = None) -> str:
    """The seal of a row that is about to be written; `known` are the sums of wide columns that are not written."""
    apart = APART[table]
    sums = [_sum(columns, _together(columns, apart))]
    sums += [_sum(columns, (name,)) if name in columns else (known or {}).get(name, "") for name in apart]
    return " ".join(sums)


def sums_apart(table: str, row: Mapping[Any, Any]) -> dict[str, str]:
    """The sums of a read row's wide columns."""
    return {name: _sum(row, (name,)) for name in APART[table]}


def is_sound(table: str, row: Mapping[Any, Any]) -> bool:
    """Whether a whole row is as it was written; of a table without seals it is taken so."""
    if table not in APART:
        return True
    apart = APART[table]
    sums = str(row[SEAL]).split(" ")
    if len(sums) != len(apart) + 1 or sums[0] != _sum(row, _together(row, apart)):
        return False
    return all(row[name] is None or _sum(row, (name,)) == said for name, said in zip(apart, sums[1:], strict=True))


def check(table: str, row: Mapping[Any, Any]) -> None:
    """Raise what SQLite raises for a broken page where a row is not as it was written."""
    if not is_sound(table, row):
        raise sqlite.DatabaseError(f"a row of {table} is malformed")


def seal_all(connection: sqlite.Connection) -> None:
    """Seal every row that has no seal, on the driver's own connection, in the caller's transaction."""
    for table in APART:
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        last = -1
        # rows by number: a table of documents is not held in memory
        while rows := connection.execute(f"SELECT rowid, * FROM {table} WHERE seal IS NULL AND rowid > ? "  # noqa: S608
                                         "ORDER BY rowid LIMIT 200", (last,)).fetchall():
            sealed = [(seal_of(table, dict(zip(names, row[1:], strict=True))), row[0]) for row in rows]
            connection.executemany(f"UPDATE {table} SET seal=? WHERE rowid=?", sealed)  # noqa: S608 (our own names)
            last = rows[-1][0]


def _together(columns: Mapping[Any, Any], apart: Iterable[str]) -> list[str]:
    return sorted(set(columns) - _NEVER - set(apart))


def _sum(columns: Mapping[Any, Any], names: Iterable[str]) -> str:
    found = 0
    for name in names:
        value = columns[name]
        data = value if isinstance(value, bytes) else b"\0" if value is None else str(value).encode()
        found = crc32(data, crc32(name.encode(), found))
    return f"{found:08x}"
