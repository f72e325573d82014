"""What a SQLite library asks of the disk, recorded inside the very library that the program uses, or refused.

SQLite keeps its system calls in a table of pointers, which the loader fills in; they are found by the library's own
relocations and replaced by ours, which do the same and write it down. Linux with the bundled library only.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from editor.base import sqlite

CALLS: dict[str, tuple[Any, ...]] = {
    "pwrite64": (ctypes.c_ssize_t, ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_longlong),
    "ftruncate64": (ctypes.c_int, ctypes.c_int, ctypes.c_longlong),
    "fsync": (ctypes.c_int, ctypes.c_int),
    "fdatasync": (ctypes.c_int, ctypes.c_int),
    "unlink": (ctypes.c_int, ctypes.c_char_p),
}
_ABSOLUTE = (1, 7, 257, 1026)  # R_X86_64_64 and _JUMP_SLOT, R_AARCH64_ABS64 and _JUMP_SLOT
Event = tuple[Any, ...]  # ("write", name, offset, bytes) ("truncate", name, size) ("sync", name) ("unlink", name)


def unusable() -> str:
    """Why nothing can be recorded here; empty where it can."""
    if sys.platform != "linux" or not sqlite.BUNDLED:
        return "needs Linux and the bundled SQLite library: pip install pysqlite3"
    return "" if {"pwrite64", "ftruncate64", "fsync"} <= set(_slots()) else "this SQLite library hides its system calls"


def _library() -> str:
    package = sys.modules["pysqlite3"].__file__
    assert package is not None
    return str(next(Path(package).parent.glob("_sqlite3*.so")))


def _base(path: str) -> int:
    for line in Path("/proc/self/maps").read_text().splitlines():
        if line.endswith(path):
            return int(line.split("-")[0], 16)
    raise LookupError(path)


def _slots() -> dict[str, list[int]]:
    """Where the pointers to these calls stand in memory, by name."""
    path = _library()
    raw, base = Path(path).read_bytes(), _base(path)
    offset, size, count = struct.unpack_from("<Q10xHH", raw, 40)[0], *struct.unpack_from("<HH", raw, 58)
    sections = [struct.unpack_from("<IIQQQQIIQQ", raw, offset + number * size) for number in range(count)]
    found: dict[str, list[int]] = {}
    for _, kind, _, _, where, length, link, _, _, entry in sections:
        if kind != 4:  # SHT_RELA
            continue
        symbols = sections[link]
        names = sections[symbols[6]][4]
        for at in range(where, where + length, entry):
            slot, info, addend = struct.unpack_from("<QQq", raw, at)
            name_at = names + struct.unpack_from("<I", raw, symbols[4] + (info >> 32) * symbols[9])[0]
            name = raw[name_at:raw.index(b"\0", name_at)].decode()
            if name in CALLS and info & 0xFFFFFFFF in _ABSOLUTE and addend == 0:
                found.setdefault(name, []).append(base + slot)
    return found


class Disk:
    """Stands between SQLite and the disk in this process. `events` is what reached it, in order.

    `refuse` is asked before each write with the file's name; a number that it gives is the error.
    """

    def __init__(self, refuse: Callable[[str], int] = lambda name: 0) -> None:
        self.events: list[Event] = []
        self.refuse = refuse
        self._real = ctypes.CDLL(None, use_errno=True)
        self._before: list[tuple[int, int]] = []
        self._kept: list[Any] = []  # a callback that is collected crashes the process

    def __enter__(self) -> Self:
        for name, slots in _slots().items():
            made = ctypes.CFUNCTYPE(*CALLS[name], use_errno=True)(getattr(self, f"_{name}"))
            self._kept.append(made)
            address = ctypes.cast(made, ctypes.c_void_p).value
            for slot in slots:
                place = ctypes.c_void_p.from_address(slot)
                self._before.append((slot, place.value or 0))
                place.value = address
        return self

    def __exit__(self, *_: object) -> None:
        for slot, before in self._before:
            ctypes.c_void_p.from_address(slot).value = before

    def _pwrite64(self, file: int, data: int, size: int, offset: int) -> int:
        name = _name(file)
        if refused := self.refuse(name):
            ctypes.set_errno(refused)
            return -1
        self.events.append(("write", name, offset, ctypes.string_at(data, size)))
        return os.pwrite(file, ctypes.string_at(data, size), offset)

    def _ftruncate64(self, file: int, size: int) -> int:
        self.events.append(("truncate", _name(file), size))
        os.ftruncate(file, size)
        return 0

    def _fsync(self, file: int) -> int:
        self.events.append(("sync", _name(file)))
        return 0  # the medium is ours: nothing need wait for the real one

    _fdatasync = _fsync

    def _unlink(self, path: bytes) -> int:
        name = os.path.basename(path).decode()
        try:
            os.unlink(path)
        except OSError as error:
            ctypes.set_errno(error.errno or errno.EIO)
            return -1
        self.events.append(("unlink", name))
        return 0


def _name(file: int) -> str:
    path = os.readlink(f"/proc/self/fd/{file}")
    return "." if os.path.isdir(path) else os.path.basename(path)
