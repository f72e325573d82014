"""What was typed while the database could not be written, kept in a file of its own until it can (model 9).

    <profile>/swap/<article id>.<run>.json, or the same folder under the machine's temporary one where that disk is full

Each run of the program writes files of its own name: a later one never writes over text that was not taken back yet.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from editor.base.errors import EditorError
from editor.base.ids import new_id, tail
from editor.base.wire import format_time, parse, parse_time
from editor.desk.ports import SwapText
from editor.store.failures import explain

LARGEST = 64 * 1024 * 1024


class SwapFolder:
    """The swap files of one profile (`desk.ports.SwapFiles`). Any thread, one at a time: the db-writer's."""

    def __init__(self, profile: Path) -> None:
        self._places = (profile / "swap", _second_place(profile))
        self._run = tail(new_id())
        self._held: dict[str, Path] = {}

    def keep(self, text: SwapText) -> None:
        """Keep a text; it is on a disk when this returns. Raises `EditorError` when no disk takes it."""
        refused: OSError | None = None
        for place in self._places:
            try:
                path = place / f"{text.article_id}.{self._run}.json"
                _write(path, _as_bytes(text))
            except OSError as error:
                refused = refused or error
            else:
                old = self._held.get(text.article_id)
                if old is not None and old != path:
                    old.unlink(missing_ok=True)
                self._held[text.article_id] = path
                return
        told = explain(refused, self._places[0]) if refused is not None else None
        if told is not None:
            raise told from refused

    def forget(self, article_id: str) -> None:
        """The database took what this run kept of the article."""
        path = self._held.pop(article_id, None)
        if path is not None:
            with suppress(OSError):  # read again at the next start, it merges with itself
                path.unlink(missing_ok=True)

    def left(self) -> Iterator[tuple[SwapText, Path]]:
        """What earlier runs left, oldest first. A file that cannot be read is stepped over and stays."""
        found = [one for place in self._places if place.is_dir() for one in _read_all(place)]
        yield from sorted(found, key=lambda one: one[0].kept_at)


def _second_place(profile: Path) -> Path:
    name = hashlib.sha256(str(profile.resolve()).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"redactie-swap-{name}"


def _as_bytes(text: SwapText) -> bytes:
    return json.dumps({
        "article": text.article_id, "version": text.version, "kept_at": format_time(text.kept_at),
        "started_from": dict(text.started_from), "fields": dict(text.fields)}).encode()


def _write(path: Path, content: bytes) -> None:
    """Whole and synced, then put in place. The folder is made for this person alone."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not _is_ours(path.parent):
        raise PermissionError(f"{path.parent} is another's")
    fresh = path.with_name(path.name + ".unfinished")
    try:
        fresh.unlink(missing_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(fresh, path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise


def _is_ours(place: Path) -> bool:
    """Whether nobody else can have put a file there: in the machine's temporary folder anybody may make folders."""
    found = place.lstat()
    return not hasattr(os, "getuid") or (found.st_uid == os.getuid() and found.st_mode & 0o002 == 0)


def _read_all(place: Path) -> Iterator[tuple[SwapText, Path]]:
    if not _is_ours(place):
        return
    for path in place.glob("*.json"):
        with suppress(OSError, ValueError, KeyError, TypeError, EditorError):
            found = parse(path.read_bytes(), max_bytes=LARGEST)
            yield SwapText(str(found["article"]), int(found["version"]), dict(found["started_from"]),
                           dict(found["fields"]), parse_time(found["kept_at"])), path
