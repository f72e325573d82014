"""How many transactions were told, in a small file beside the database.

A journal that goes bad or is replaced takes the database back to an earlier state without a word: its sums say only where
it ends. The database counts its transactions, and this file says how many there must be. It is written after a commit and
never brought to the medium by force, so that after a power cut it may say too few, never too many.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

MARK = "mark"
DIGITS = 20  # always as many bytes: they have their place on the disk, full or not
COMMITS = "commits"  # in the profile's facts


class Mark:
    """The mark of one profile's folder; the process that has the profile writes it. One thread at a time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / MARK
        self._file: int | None = None

    def put(self, commits: int) -> None:
        """So many were told. A disk that refuses is no reason to refuse what it took."""
        with suppress(OSError):
            if self._file is None:
                self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            os.lseek(self._file, 0, os.SEEK_SET)
            os.write(self._file, f"{commits:0{DIGITS}d}".encode())

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def marked(folder: Path) -> int:
    """How many there must be; 0 where nothing readable says so. Ask before the database is asked: others may be writing."""
    try:
        said = (folder / MARK).read_bytes()
    except OSError:
        return 0
    return int(said) if len(said) == DIGITS and said.isdigit() else 0


def forget_mark(folder: Path) -> None:
    """Another database stands there from now on."""
    (folder / MARK).unlink(missing_ok=True)
