"""Back-ups: a whole, checked copy of the database an hour, the newest seven kept; and going back to one.

A copy is made by `VACUUM INTO` on a connection of its own, never the writer's, under a temporary name that becomes the
real one only when the copy was checked and is on the disk.
"""

from __future__ import annotations

import os
import re
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from editor.base import sqlite
from editor.base.clock import Clock
from editor.base.errors import UserError
from editor.base.ids import new_id
from editor.base.messages import Message
from editor.store import failures
from editor.store.lock import Held, ProfileLock
from editor.store.mark import forget_mark
from editor.store.schema import SCHEMA_VERSION

DATABASE = "redactie.db"
BACKUPS = "backups"
KEPT = 7
SMALL = 16 * 1024 * 1024  # bytes
EVERY = timedelta(hours=1)
UNFINISHED = ".unfinished"
_NAME = re.compile(r"redactie-\d{8}T\d{6}Z\.db")


def stamp(now: datetime) -> str:
    """A time as file names bear it, UTC."""
    return f"{now:%Y%m%dT%H%M%SZ}"


def backups(folder: Path) -> list[Path]:
    """The hourly back-ups, oldest first."""
    return sorted(path for path in folder.glob("redactie-*.db") if _NAME.fullmatch(path.name))


def is_due(folder: Path, now: datetime) -> bool:
    """Whether the newest back-up is an hour old; a name from the future (the clock was set back) counts as none."""
    newest = [path.name for path in backups(folder) if path.name <= f"redactie-{stamp(now)}.db"]
    return not newest or newest[-1] <= f"redactie-{stamp(now - EVERY)}.db"


def make_backup(database: Path, folder: Path, now: datetime) -> Path:
    """A checked copy of `database` in `folder`; older ones than the newest seven go. May run on any thread."""
    made = folder / f"redactie-{stamp(now)}.db"
    copy_database(database, made)
    for old in backups(folder)[:-KEPT]:
        old.unlink()
    return made


def copy_database(database: Path, target: Path) -> None:
    """A whole, checked copy under the name `target`, or none. Raises what `failures` says."""
    unfinished = target.with_name(target.name + UNFINISHED)
    with failures.explained(target):
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        connection = sqlite.connect(database, "backup")
        try:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        finally:
            connection.close()
        os.chmod(unfinished, 0o600)
        check_database(unfinished)
        _flush(unfinished)
        os.replace(unfinished, target)
        _flush(target.parent)


def remove_unfinished(folder: Path) -> None:
    """Take out half files of a back-up that was cut short."""
    for path in folder.glob(f"*{UNFINISHED}*"):
        path.unlink()


def is_small(database: Path) -> bool:
    """Whether a database is so small that it is checked at each start."""
    return database.exists() and database.stat().st_size <= SMALL


def check_database(path: Path) -> None:
    """`quick_check` on a reader, of a small file a whole check with its indexes: that takes no longer than anybody
    notices. Raises `UserError` of kind `damaged_database`."""
    with failures.explained(path):
        connection = sqlite.connect(path, "reader")
        try:
            check = "integrity_check" if is_small(path) else "quick_check"
            said = connection.execute(f"PRAGMA {check}(1)").fetchone()[0]
        finally:
            connection.close()
    if said != "ok":
        raise failures.damaged(str(path))


def restore(folder: Path, backup: Path, *, clock: Clock) -> Path:
    """Go back to `backup` in the profile `folder`; the present database is moved aside, never deleted. Returns where
    it stands. The profile takes a new `replica_id`: the server has seen the old one write after this copy (model 1).

    Raises `UserError`: `profile_in_use`, `damaged_database` or `newer_database` of the back-up, and what disks say.
    """
    check_database(backup)
    _check_version(backup)
    now = clock.now()
    with failures.explained(folder):
        try:
            lock = ProfileLock.take(folder, now)
        except Held as held:
            raise failures.profile_in_use(held.holder) from held
        with lock:
            fresh = folder / f"{DATABASE}{UNFINISHED}"
            shutil.copyfile(backup, fresh)
            os.chmod(fresh, 0o600)
            _new_replica(fresh)
            return put_in_place(folder, fresh, now)


def put_in_place(folder: Path, fresh: Path, now: datetime) -> Path:
    """Make `fresh`, which has no journal, the profile's database. The present one is moved aside, never deleted;
    returns where to."""
    aside = folder / BACKUPS / f"aside-{stamp(now)}"
    aside.mkdir(mode=0o700, parents=True)
    _flush(fresh)
    _set_aside(folder, aside)
    forget_mark(folder)
    os.replace(fresh, folder / DATABASE)
    _flush(folder)
    return aside


def _set_aside(folder: Path, aside: Path) -> None:
    """Keep the present database under a second name: at no moment does the profile stand without one."""
    if (folder / DATABASE).exists():
        try:
            os.link(folder / DATABASE, aside / DATABASE)
        except OSError:  # a file system without second names
            shutil.copyfile(folder / DATABASE, aside / DATABASE)
    for name in (f"{DATABASE}-wal", f"{DATABASE}-shm"):
        # Its journal goes along: beside another database it would be taken for that one's.
        if (folder / name).exists():
            os.replace(folder / name, aside / name)
    _flush(aside)


def _check_version(backup: Path) -> None:
    connection = sqlite.connect(backup, "reader")
    try:
        version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    finally:
        connection.close()
    if version > SCHEMA_VERSION:
        raise failures.newer_database(backup)
    if version == 0:
        raise UserError("not_a_backup", Message("store", "{place} is no back-up of a profile.", {"place": str(backup)}),
                        safe=Message("store", "Nothing was changed."))


def _new_replica(database: Path) -> None:
    connection = sqlite.connect(database, "writer")
    try:
        connection.execute("UPDATE meta SET v=? WHERE k='replica_id'", (new_id(),))
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("PRAGMA journal_mode=DELETE")  # so that no journal stands beside it while it is moved
    finally:
        connection.close()


def _flush(path: Path) -> None:
    """Bring a file, or a folder's list of names, to the medium."""
    if path.is_dir() and os.name == "nt":
        return  # Windows has no handle for a folder's names
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
