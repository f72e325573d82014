"""The one door to SQLite, so that a process never holds two SQLite libraries.

The bundled library (pysqlite3) is taken where it has a wheel: the machine's own may be one with the WAL-reset fault
(3.7.0-3.51.2). Two libraries in one process drop each other's locks: one closed a file that the other had open,
another process wrote, and the next commit erased that row. Nothing else may import a SQLite module.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any, Literal

try:
    from pysqlite3 import dbapi2 as _library
except ImportError:  # no wheel: Linux on ARM, Intel Macs
    import sqlite3 as _library  # type: ignore[no-redef,unused-ignore]

Role = Literal["writer", "reader", "backup"]
Connection = Any  # pysqlite3's and the standard library's connection share no nameable type
DatabaseError: type[Exception] = _library.DatabaseError
OperationalError: type[Exception] = _library.OperationalError
IntegrityError: type[Exception] = _library.IntegrityError
BROKEN: tuple[type[Exception], ...] = (DatabaseError, UnicodeDecodeError)  # what reading a damaged file raises
BUNDLED = "pysqlite3" in sys.modules

_COMMON = ("PRAGMA busy_timeout=5000", "PRAGMA trusted_schema=OFF", "PRAGMA cell_size_check=ON")
_BY_ROLE: dict[Role, tuple[str, ...]] = {
    # FULL: in simulated power cuts NORMAL lost acknowledged commits in 290 of 400, FULL in none.
    "writer": ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON",
               "PRAGMA wal_autocheckpoint=1000"),
    # The version is asked for because the file is not touched before a first question.
    "reader": ("PRAGMA query_only=ON", "PRAGMA wal_autocheckpoint=0", "PRAGMA schema_version"),
    "backup": (),
}


def library() -> Any:
    """The DB-API module itself: SQLAlchemy is given it as `module=`."""
    return _library


def version() -> tuple[int, ...]:
    """The library's version as numbers."""
    return tuple(int(part) for part in _library.sqlite_version.split("."))


def connect(path: Path | str, role: Role, *, check_same_thread: bool = True) -> Connection:
    """Open `path` for `role`; transactions are begun by the caller (isolation level None).

    A writer makes the file when it is not there, readable by its owner only; the others never do.
    """
    target = Path(path)
    if role == "writer" and str(path) != ":memory:" and not target.exists():
        os.close(os.open(target, os.O_CREAT | os.O_RDWR, 0o600))
    mode = {"writer": "rwc", "reader": "rw", "backup": "rw"}[role]
    if str(path) == ":memory:":
        return _opened("file::memory:", role, check_same_thread)
    where = target.absolute().as_uri()
    try:
        return _opened(f"{where}?mode={mode}", role, check_same_thread)
    except OperationalError:
        if role != "reader" or not _is_at_rest(target):
            raise
        return _opened(f"{where}?mode=ro&immutable=1", role, check_same_thread)


def _opened(where: str, role: Role, check_same_thread: bool) -> Connection:
    connection = _library.connect(where, uri=True, isolation_level=None, check_same_thread=check_same_thread, timeout=5)
    try:
        for pragma in (*_COMMON, *_BY_ROLE[role], *_platform(role)):
            connection.execute(pragma)
    except BaseException:
        connection.close()
        raise
    return connection


def is_of_full_length(path: Path) -> bool:
    """Whether a file that is there and has no journal is as long as it says itself; what is cut off nobody else misses
    until the page is asked for."""
    if not path.exists() or path.stat().st_size == 0 or not _is_at_rest(path):
        return True
    with path.open("rb") as file:
        header = file.read(100)
    size = int.from_bytes(header[16:18], "big")
    counts = header[24:28] == header[92:96]
    return not counts or path.stat().st_size >= int.from_bytes(header[28:32], "big") * (65536 if size == 1 else size)


def _is_at_rest(path: Path) -> bool:
    """Whether the file itself holds everything: its journal is gone or empty, so that nobody is writing.

    A reader makes a file of shared memory beside it; on a full or read-only disk that cannot be, and without one
    everything can be read all the same.
    """
    journal = path.with_name(path.name + "-wal")
    return path.exists() and (not journal.exists() or journal.stat().st_size == 0)


def _platform(role: Role) -> tuple[str, ...]:
    # macOS: fsync alone does not reach the medium.
    return ("PRAGMA fullfsync=ON",) if sys.platform == "darwin" and role == "writer" else ()
