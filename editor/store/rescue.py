"""Rescue: what can still be read of a damaged database, brought into a new one (model 9).

Table by table in ranges of row numbers, what waits to be sent and the working texts first: a broken page costs the rows
that stand on it and no others. Works on a copy; the damaged files are moved aside, never deleted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor.base import sqlite
from editor.base.clock import Clock
from editor.base.ids import is_id, new_id
from editor.base.wire import BadWire, from_ms
from editor.desk.ports import Entity
from editor.store import backup, failures, mapping, seals
from editor.store.engine import create_database
from editor.store.lock import Held, ProfileLock
from editor.store.mark import COMMITS, marked
from editor.store.profile_rows import CLOCK_OFFSET, LOCAL_ACTOR, REPLICA, SAMPLE
from editor.store.schema import Base
from editor.store.settings_rows import read_meta

# `feed` is left out: everything is read from the server once more. `tally` is counted by triggers.
ORDER = ("outbox", "article", "ticker", "sync_state", "decision", "meta", "connection", "setting", "newsroom", "person",
         "list", "media", "conflict", "revision", "undo", "blob", "reaction", "attempt", "audit")
HIGHEST = 1 << 40  # a row number that no table of ours comes near
MOST_QUESTIONS = 20_000  # of one table
STRIDE = 1024  # rows that are asked for at once
HEADER, PAGE = 100, 4096  # bytes
INTERIOR = 5  # the kind of a page that leads to others
SETTLING = (
    # Without its standing an object would never be sent; with one alone it would never come back from the server.
    "INSERT OR IGNORE INTO sync_state(entity_id, kind, stash_gone, standing) SELECT id, 'article', 0, 'dirty' FROM article",
    "INSERT OR IGNORE INTO sync_state(entity_id, kind, stash_gone, standing) SELECT id, 'ticker', 0, 'dirty' FROM ticker",
    ("DELETE FROM sync_state WHERE kind IN ('article','ticker') AND standing <> 'gone' "
     "AND entity_id NOT IN (SELECT id FROM article UNION ALL SELECT id FROM ticker)"),
    "UPDATE outbox SET depends_on=NULL WHERE depends_on NOT IN (SELECT seq FROM outbox)",
)


@dataclass(frozen=True, slots=True)
class Rescued:
    """How many rows of each table were brought over, whether any were not, and where the damaged files stand.
    `doubtful`: headlines of texts that are not as they were written; they are better than none."""

    rows: Mapping[str, int]
    is_whole: bool
    aside: Path
    doubtful: tuple[str, ...] = ()


def rescue(folder: Path, *, clock: Clock) -> Rescued:
    """Put a new database with everything readable in the place of the profile's damaged one.

    It takes a new `replica_id`: the server may have seen more than is left here (model 1). Objects of which only
    the standing was lost go to the server as unsent. Raises `UserError`: `profile_in_use`, and what disks say.
    """
    now = clock.now()
    with failures.explained(folder):
        try:
            lock = ProfileLock.take(folder, now)
        except Held as held:
            raise failures.profile_in_use(held.holder) from held
        with lock:
            copy, fresh = folder / "rescue.unfinished.db", folder / f"{backup.DATABASE}{backup.UNFINISHED}"
            wanted = marked(folder)
            try:
                found = _bring_over(folder / backup.DATABASE, copy, fresh)
                aside = backup.put_in_place(folder, fresh, now)
            finally:
                for path in (copy, fresh):
                    _remove(path)
            is_whole = not found.has_lost and int(read_meta(folder / backup.DATABASE).get(COMMITS, "0")) >= wanted
            return Rescued(found.rows, is_whole, aside, tuple(found.doubtful.values()))


def _remove(path: Path) -> None:
    for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
        path.with_name(name).unlink(missing_ok=True)


def _bring_over(damaged: Path, copy: Path, fresh: Path) -> _Reading:
    for path in (copy, fresh):
        _remove(path)
    create_database(fresh, {REPLICA: new_id(), LOCAL_ACTOR: new_id(), SAMPLE: "0", CLOCK_OFFSET: "0"})
    for name in ("", "-wal"):
        if damaged.with_name(damaged.name + name).exists():
            shutil.copyfile(damaged.with_name(damaged.name + name), copy.with_name(copy.name + name))
    _make_openable(copy, fresh)
    target = sqlite.connect(fresh, "writer")
    try:
        target.execute("PRAGMA foreign_keys=OFF")
        reading = _Reading(copy)
        target.execute("BEGIN IMMEDIATE")
        for table in ORDER:
            reading.bring(table, target)
        _let_go_of_copies(target, reading.doubtful)
        for statement in SETTLING:
            target.execute(statement)
        seals.seal_all(target)
        target.execute("COMMIT")
        target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        target.execute("PRAGMA journal_mode=DELETE")
    finally:
        target.close()
    backup.check_database(fresh)
    return reading


def _let_go_of_copies(target: sqlite.Connection, doubtful: dict[str, str]) -> None:
    """A doubtful text that the server has as well comes again from there."""
    for entity_id in list(doubtful):
        clean = target.execute("SELECT 1 FROM sync_state WHERE entity_id=? AND standing='clean'", (entity_id,)).fetchone()
        if clean is not None:
            for statement in ("DELETE FROM article WHERE id=?", "DELETE FROM ticker WHERE id=?"):
                target.execute(statement, (entity_id,))
            del doubtful[entity_id]


# ------------------------------------------------------------------------------------------------------------ the file
def _make_openable(copy: Path, fresh: Path) -> None:
    """Where the file's beginning is broken, give it that of a new database, which says where the tables stand: its
    header, then its first page, then the pages that this one leads to."""
    if not copy.exists() or copy.stat().st_size < PAGE or _is_openable(copy):
        return
    new = fresh.read_bytes()
    for length, pages in ((HEADER, []), (PAGE, []), (PAGE, _children(new[:PAGE]))):
        content = bytearray(copy.read_bytes())
        content[:length] = new[:length]
        for page in pages:
            content[(page - 1) * PAGE:page * PAGE] = new[(page - 1) * PAGE:page * PAGE]
        content[28:32] = (len(content) // PAGE).to_bytes(4, "big")
        content[32:40] = bytes(8)  # no list of free pages
        content[92:96] = content[24:28]  # the number of pages counts
        copy.write_bytes(content)
        if _is_openable(copy):
            return


def _children(first: bytes) -> list[int]:
    """The pages that the first one leads to."""
    if first[HEADER] != INTERIOR:
        return []
    cells = int.from_bytes(first[HEADER + 3:HEADER + 5], "big")
    places = [int.from_bytes(first[HEADER + 12 + 2 * n:HEADER + 14 + 2 * n], "big") for n in range(cells)]
    return [int.from_bytes(first[at:at + 4], "big") for at in (HEADER + 8, *places)]


def _is_openable(path: Path) -> bool:
    try:
        connection = sqlite.connect(path, "reader")
    except sqlite.BROKEN:
        return False
    try:
        return bool(connection.execute("SELECT count(*) FROM sqlite_master WHERE name='outbox'").fetchone()[0])
    except sqlite.BROKEN:
        return False
    finally:
        connection.close()


def _made_anew(kind: str, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """The columns that the document of a doubtful row gives, if it still is one; None where it is none."""
    try:
        doc = mapping.load(row["fields"])
        if not is_id(row["id"]) or not isinstance(doc, dict):
            return None
        wanted = str(doc["status"]) if kind == "article" else ""
        entity = Entity(kind, row["id"], doc, int(row["version"]), wanted, bool(row["deleted"]), from_ms(row["saved_at"]),
                        row.get("staged"), None)
        return mapping.entity_columns(entity, from_ms(row["saved_at"]), mapping.dump(doc))
    except (sqlite.DatabaseError, BadWire, KeyError, TypeError, ValueError, OverflowError):
        return None


class _Reading:
    """Reads what can be read of a damaged file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.rows: dict[str, int] = {}
        self.has_lost = False
        self.doubtful: dict[str, str] = {}  # headlines by id
        self._questions = 0

    def bring(self, table: str, target: sqlite.Connection) -> None:
        """Bring over the rows of one table; what is known already stays."""
        self.rows[table] = self._questions = 0
        columns = [column.name for column in Base.metadata.tables[table].columns]
        try:
            source = sqlite.connect(self._path, "reader")
        except sqlite.BROKEN:
            self.has_lost = True
            return
        try:
            self._bring(source, table, columns, target)
        finally:
            source.close()

    def _bring(self, source: sqlite.Connection, table: str, columns: list[str], target: sqlite.Connection) -> None:
        try:
            has = {row[1] for row in source.execute(f"PRAGMA table_info({table})")}
        except sqlite.BROKEN:
            has = set()
        columns = [name for name in columns if name in has]
        if not columns:
            self.has_lost = True
            return
        if table == "meta":
            target.execute("CREATE TEMP TABLE kept AS SELECT v FROM meta WHERE k=?", (REPLICA,))
        verb = "REPLACE" if table == "meta" else "IGNORE"
        write = f"INSERT OR {verb} INTO {table}({','.join(columns)}) VALUES({','.join('?' * len(columns))})"
        for row in self._rows(source, table, columns):
            named = dict(zip(columns, row, strict=True))
            if seals.SEAL in named and not seals.is_sound(table, named):
                self.has_lost = True
                # Anything else comes again from the server; and what may be wrong is not sent.
                made = _made_anew(table, named) if table in ("article", "ticker") else None
                if made is None:
                    continue
                named.update(made)
                self.doubtful[str(named["id"])] = str(named["title"])
            try:
                target.execute(write, tuple(named.values()))
            except sqlite.BROKEN:  # of a wrong type, or it breaks a rule of the table
                self.has_lost = True
            else:
                self.rows[table] += 1
        if table == "meta":
            target.execute("UPDATE meta SET v=(SELECT v FROM kept) WHERE k=?", (REPLICA,))

    def _rows(self, source: sqlite.Connection, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
        try:
            top = source.execute(f"SELECT max(rowid) FROM {table}").fetchone()[0] or 0  # noqa: S608 (our own names)
        except sqlite.BROKEN:
            yield from self._range(source, table, columns, -1, HIGHEST)
            return
        for low in range(-1, top + 1, STRIDE):
            yield from self._range(source, table, columns, low, low + STRIDE)

    def _range(self, source: sqlite.Connection, table: str, columns: list[str], low: int,
               high: int) -> Iterator[tuple[Any, ...]]:
        """The rows numbered from `low` to below `high`; where reading fails, those of both halves."""
        self._questions += 1
        try:
            found = source.execute(
                f"SELECT {','.join(columns)} FROM {table} NOT INDEXED WHERE rowid>=? AND rowid<?",  # noqa: S608
                (low, high)).fetchall()
        except sqlite.BROKEN:
            self.has_lost = True
            if high - low > 1 and self._questions < MOST_QUESTIONS:
                middle = (low + high) // 2
                yield from self._range(source, table, columns, low, middle)
                yield from self._range(source, table, columns, middle, high)
            return
        yield from found
