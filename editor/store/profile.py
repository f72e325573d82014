"""Opening the folder of one person in one newsroom: the lock, the database, its version, back-ups.

    <profile>/redactie.db  lock  backups/  media/  swap/  log/  secrets.json (only without a keyring)

`app` or the command line owns the `Profile`; closing it closes the store, then gives back the lock.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from editor.base.clock import Clock, SystemClock
from editor.base.errors import UserError
from editor.base.ids import new_id
from editor.base.messages import Message
from editor.store import backup, failures
from editor.store.engine import create_database, user_version
from editor.store.lock import Held, ProfileLock, holder
from editor.store.mark import COMMITS, marked
from editor.store.profile_rows import CLOCK_OFFSET, LOCAL_ACTOR, REPLICA, SAMPLE
from editor.store.schema import SCHEMA_VERSION
from editor.store.settings_rows import read_meta
from editor.store.unit_of_work import Store

Mode = Literal["write", "read"]
FOLDERS = (backup.BACKUPS, "media", "swap", "log")


class Profile:
    """An open profile. `unclean`: the process that had it last did not close it; its database was then checked,
    unless `open_profile` was told to leave that to the caller."""

    def __init__(self, folder: Path, store: Store, clock: Clock, lock: ProfileLock | None) -> None:
        self.folder = folder
        self.store = store
        self.unclean = lock is not None and lock.was_unclean
        self._clock = clock
        self._lock = lock

    @property
    def clock(self) -> Clock:
        """The clock that the profile lives by: the sample's has an offset (model 11)."""
        return self._clock

    @property
    def is_writable(self) -> bool:
        """Whether this process has the profile."""
        return self._lock is not None

    def check(self) -> None:
        """`quick_check` on a reader, never on the writer. Raises `UserError` of kind `damaged_database`."""
        backup.check_database(self.store.path)

    def backup_if_due(self) -> Path | None:
        """The hourly back-up, when its hour has come. Call it on a thread that may take a second."""
        folder = self.folder / backup.BACKUPS
        if not self.is_writable or not backup.is_due(folder, self._clock.now()):
            return None
        return backup.make_backup(self.store.path, folder, self._clock.now())

    def close(self) -> None:
        """The store's readers, its writer, then the lock."""
        self.store.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 where: TracebackType | None) -> None:
        self.close()


def open_profile(folder: Path, *, clock: Clock | None = None, mode: Mode = "write", sample: bool = False,
                 clock_offset: timedelta | None = None, check: bool = True) -> Profile:
    """Open the profile in `folder`, making it where there is none and `mode` is `write`.

    `sample` and `clock_offset` (the sample newsroom's own time, model 11) are fixed when the profile is made and
    ignored afterwards; without a `clock` the profile lives by the machine's, moved by that offset. `mode="read"` takes
    no lock and changes nothing. `check=False` leaves the check after an unclean stop to the caller, who then calls
    `Profile.check` before anything is written.

    Raises `UserError`: `profile_in_use`, `newer_database`, `older_database` (to read only), `no_profile` (to read
    only), `damaged_database`, `read_only`, `disk_full`, `cannot_open`, `clock_offset` (for a profile that is no sample).
    """
    if clock_offset and not sample:
        raise UserError("clock_offset", Message("store", "Only a sample newsroom may have a clock of its own."))
    database = folder / backup.DATABASE
    with failures.explained(folder):
        if mode == "read":
            return _open_to_read(folder, database, clock)
        for name in ("", *FOLDERS):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            lock = ProfileLock.take(folder, (clock or SystemClock()).now())
        except Held as held:
            raise failures.profile_in_use(held.holder) from held
        try:
            backup.remove_unfinished(folder / backup.BACKUPS)
            _make_ready(folder, database, clock or SystemClock(), sample, clock_offset or timedelta(),
                        check=check and (lock.was_unclean or backup.is_small(database)))
            own = clock or _own_clock(database)
        except BaseException:
            lock.abandon()
            raise
        return Profile(folder, Store(database, clock=own), own, lock)


def _open_to_read(folder: Path, database: Path, clock: Clock | None) -> Profile:
    if not database.exists():
        raise UserError("no_profile", Message("store", "There is no profile at {place} yet.", {"place": str(folder)}),
                        fix=Message("store", "Write something first, or name another profile."))
    wanted = marked(folder)
    version = user_version(database)
    if version > SCHEMA_VERSION:
        raise failures.newer_database(database)
    _check_mark(database, wanted)
    if version < SCHEMA_VERSION:
        raise UserError("older_database", Message("store", "{place} is of an older version.", {"place": str(database)}),
                        safe=Message("store", "Nothing was changed."),
                        fix=Message("store", "Open the profile for writing once."))
    own = clock or _own_clock(database)
    return Profile(folder, Store(database, clock=own, writable=False, holder=holder(folder)), own, None)


def _make_ready(folder: Path, database: Path, clock: Clock, sample: bool, offset: timedelta, *, check: bool) -> None:
    """A database of this version: made, checked, migrated or refused."""
    if not database.exists() or _is_unfinished(database):
        if marked(folder):
            raise failures.behind(str(database), marked(folder))
        create_database(database, {
            REPLICA: new_id(), LOCAL_ACTOR: new_id(), SAMPLE: str(int(sample)),
            CLOCK_OFFSET: str(offset // timedelta(milliseconds=1))})
        return
    version = user_version(database)
    if version > SCHEMA_VERSION:
        raise failures.newer_database(database)
    if check:
        backup.check_database(database)
    _check_mark(database, marked(folder))
    if version < SCHEMA_VERSION:
        from editor.store.migrating import migrate

        migrate(database, folder / backup.BACKUPS, clock.now())


def _check_mark(database: Path, wanted: int) -> None:
    """Everything that was told must be there."""
    found = int(read_meta(database).get(COMMITS, "0"))
    if found < wanted:
        raise failures.behind(str(database), wanted - found)


def _is_unfinished(database: Path) -> bool:
    """Whether a process died while it made this file: an empty one, or one whose making was never committed."""
    if database.stat().st_size == 0 and not database.with_name(database.name + "-wal").exists():
        return True
    return user_version(database) == 0 and not read_meta(database)


def _own_clock(database: Path) -> Clock:
    return SystemClock(timedelta(milliseconds=int(read_meta(database).get(CLOCK_OFFSET, "0"))))
