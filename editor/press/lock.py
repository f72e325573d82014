"""Locks on files that die with their process: one server a SQLite database (kill -9 leaves nothing to clean up)."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from editor.base.errors import UserError
from editor.base.messages import Message

FAR = 1 << 30  # on Windows a locked byte cannot be read by others: one far behind what is written is taken


class FileLock:
    """An exclusive lock, held from construction until `release`. Raises `UserError` when somebody has it."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
        try:
            try_lock(self._handle)
        except OSError as error:
            os.close(self._handle)
            raise UserError(
                "press_in_use", Message("press", "Another press has this database open."),
                safe=Message("press", "Nothing was changed."),
                fix=Message("press", "Stop that one first, or give this one another database."),
            ) from error

    def release(self) -> None:
        """Let go. Safe to call twice."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1


if sys.platform == "win32":
    import msvcrt

    def try_lock(handle: int) -> None:
        """Lock an open file until it is closed. Raises `BlockingIOError` when somebody has it."""
        here = os.lseek(handle, 0, os.SEEK_CUR)
        os.lseek(handle, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error
        finally:
            os.lseek(handle, here, os.SEEK_SET)
else:
    import fcntl

    def try_lock(handle: int) -> None:
        """Lock an open file until it is closed. Raises `BlockingIOError` when somebody has it."""
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
