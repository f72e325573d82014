"""One process a profile: a file that stays open and locked as long as the profile is (model 9).

It says who holds it, and is emptied on a clean stop; a text left behind by a dead process tells of an unclean one.
"""

from __future__ import annotations

import json
import os
import sys
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from editor.base.wire import format_time

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK = "lock"
FAR = 1 << 30  # on Windows a locked byte cannot be read by others: one far behind the text is taken


class Held(Exception):
    """Another process has it; `holder` says which."""

    def __init__(self, holder: str) -> None:
        super().__init__(holder)
        self.holder = holder


class ProfileLock:
    """The lock of one profile's folder. Take it with `take`, give it back with `release` or as a context."""

    def __init__(self, file: int, was_unclean: bool) -> None:
        self._file: int | None = file
        self.was_unclean = was_unclean

    @classmethod
    def take(cls, folder: Path, now: datetime) -> ProfileLock:
        """The lock, or `Held`. Raises `OSError` where the file cannot be made."""
        file = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(file):
            said = os.read(file, 4096)
            os.close(file)
            raise Held(_holder(said))
        try:
            before = os.read(file, 4096)
            os.ftruncate(file, 0)
            os.lseek(file, 0, os.SEEK_SET)
            os.write(file, json.dumps({"pid": os.getpid(), "since": format_time(now)}).encode())
        except BaseException:
            os.close(file)
            raise
        return cls(file, bool(before.strip()))

    def release(self) -> None:
        """Say that everything was closed, and let go."""
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def abandon(self) -> None:
        """Let go without saying that everything was closed."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 where: TracebackType | None) -> None:
        self.release()


def _lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            os.lseek(file, FAR, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        else:
            # flock, not lockf: a lock of lockf's is lost when this process closes any other handle of the file.
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def holder(folder: Path) -> str:
    """Who has the profile, by what stands in its lock; empty when nobody does."""
    said = (folder / LOCK).read_bytes() if (folder / LOCK).exists() else b""
    return _holder(said) if said.strip() else ""


def _holder(said: bytes) -> str:
    try:
        return f"pid {json.loads(said)['pid']}"
    except (ValueError, KeyError, TypeError):
        return "pid ?"
