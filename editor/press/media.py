"""Pictures as files: each under its sha256, half-sent ones apart until their checksum is proved (sync D).

Several processes may share the folder. A name on disk is always our own: hex digits, never anything that was sent. What
a file is, is read from its first bytes, whatever was said of it.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from editor.base.ids import new_key
from editor.press.lock import try_lock

MAX_MEDIA = 32 * 1024 * 1024  # bytes
TYPES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "image/webp": "webp"}  # no SVG: it can carry script
SNIFFED = 16  # bytes that tell what a file is
_AS_IT_IS = getattr(os, "O_BINARY", 0)  # Windows would write another line end into a picture
_SHA = re.compile(r"[0-9a-f]{64}")


def is_sha256(text: object) -> bool:
    """Whether it is a checksum as we write it."""
    return isinstance(text, str) and _SHA.fullmatch(text) is not None


def sniff(start: bytes) -> str | None:
    """The type of a picture by its first bytes, None for anything else."""
    if start.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if start.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if start.startswith((b"GIF87a", b"GIF89a")):
        return "image/gif"
    return "image/webp" if start[:4] == b"RIFF" and start[8:12] == b"WEBP" else None


class NotTaken(Exception):
    """What was sent cannot be added: `offset` (another place, or somebody else is writing), `checksum`, `type`, `size`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Ticket:
    """One upload: what it is to become, and whose it is. Two people's never share a half-sent file."""

    sha256: str
    size: int
    owner: str

    @property
    def name(self) -> str:
        """The half-sent file's name."""
        return hashlib.sha256(f"{self.owner} {self.size} {self.sha256}".encode()).hexdigest()


class MediaStore:
    """The folder of pictures. Any thread, several processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._incoming = folder / "incoming"

    def path(self, sha256: str) -> Path:
        """Where a picture stands, or would."""
        if not is_sha256(sha256):
            raise ValueError("no checksum")
        return self.folder / sha256[:2] / sha256

    def mime(self, sha256: str) -> str | None:
        """The type of a picture that is here, by its bytes; None where there is none."""
        with contextlib.suppress(FileNotFoundError), self.path(sha256).open("rb") as file:
            return sniff(file.read(SNIFFED))
        return None

    def everything(self) -> list[str]:
        """The checksums of all pictures."""
        return sorted(path.name for path in self.folder.glob("??/*") if is_sha256(path.name))

    def offset(self, ticket: Ticket) -> int:
        """How many bytes of an upload are safely here."""
        if self.path(ticket.sha256).exists():
            return ticket.size
        with contextlib.suppress(FileNotFoundError):
            return (self._incoming / ticket.name).stat().st_size
        return 0

    def append(self, ticket: Ticket, offset: int, chunk: bytes, now: datetime) -> int:
        """Add a chunk where the upload stands, durably; how much is here then. The last one proves the checksum.

        Raises `NotTaken`; after `checksum` and `type` the upload begins anew.
        """
        self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = self._incoming / ticket.name
        handle = os.open(path, os.O_RDWR | os.O_CREAT | _AS_IT_IS, 0o600)
        try:
            try_lock(handle)
            if os.fstat(handle).st_size != offset or self.path(ticket.sha256).exists():
                raise NotTaken("offset")
            if offset + len(chunk) > ticket.size:
                raise NotTaken("size")
            os.lseek(handle, 0, os.SEEK_END)
            _write_all(handle, chunk)
            os.fsync(handle)
            os.utime(path, (now.timestamp(), now.timestamp()))  # by press's clock: `sweep` asks for it
        except BlockingIOError as error:
            raise NotTaken("offset") from error
        finally:
            os.close(handle)
        if offset + len(chunk) == ticket.size:
            self._finish(ticket, path)
        return offset + len(chunk)

    def put(self, sha256: str, content: bytes) -> bool:
        """A whole picture whose checksum is proved, from a back-up. False, and nothing happens, when it is here."""
        target = self.path(sha256)
        if target.exists():
            return False
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        half = target.with_name(f"{sha256}.half")
        try:
            with half.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(target)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
        _keep(target.parent)
        return True

    def take_back(self, sha256: str) -> None:
        """Undo a `put` that was in vain."""
        self.path(sha256).unlink(missing_ok=True)

    def sweep(self, before: datetime) -> int:
        """Forget uploads that nobody went on with since; how many."""
        gone = 0
        for path in self._incoming.glob("*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    gone += 1
        return gone

    def _finish(self, ticket: Ticket, path: Path) -> None:
        """Prove a whole upload and give it its name. Nobody has it open: Windows renames and removes no such file.

        It is taken away first, under a name that nobody else knows: what is proved then is what is kept, whoever
        else ends the same upload or begins it anew.
        """
        mine = path.with_name(new_key())
        try:
            path.rename(mine)
        except FileNotFoundError as error:  # another piece of this upload came last, and is ending it
            raise NotTaken("offset") from error
        with mine.open("rb") as file:
            kind = sniff(file.read(SNIFFED))
            file.seek(0)
            proved = hashlib.file_digest(file, "sha256").hexdigest() == ticket.sha256
        if kind is None or not proved:
            mine.unlink()
            raise NotTaken("checksum" if not proved else "type")
        target = self.path(ticket.sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine.replace(target)
        _keep(target.parent)


def _write_all(handle: int, chunk: bytes) -> None:
    rest = memoryview(chunk)
    while rest:
        rest = rest[os.write(handle, rest):]


def _keep(folder: Path) -> None:
    """Make a new name in the folder survive a power cut, where a folder can be told so."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
