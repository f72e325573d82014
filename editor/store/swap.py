"""What was typed while the database could not be written, kept in a file of its own until it can (model 9).

    <profile>/swap/<article id>.<sitting>.json, or the same folder under the machine's temporary one where that disk is full

Each sitting writes a file of its own name: a later one never writes over text that was not taken back yet.
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
from editor.base.wire import format_time, parse, parse_time
from editor.desk.swap import SwapText
from editor.store.failures import explain

LARGEST = 64 * 1024 * 1024


class SwapFolder:
    """The swap files of one profile (`desk.swap.SwapFiles`). Any thread, one at a time: the db-writer's."""

    def __init__(self, profile: Path) -> None:
        self._places = (profile / "swap", _second_place(profile))
        self._kept: dict[str, SwapText] = {}

    def keep(self, text: SwapText) -> None:
        """Keep a text; it is on a disk when this returns. Raises `EditorError` when no disk takes it."""
        refused: OSError | None = None
        for place in self._places:
            try:
                _write(place / _name(text), _as_bytes(text))
            except OSError as error:
                refused = refused or error
            else:
                if refused is not None:  # what the first place has is older
                    self._remove(self._places[0] / _name(text))
                self._kept[text.sitting] = text
                return
        told = explain(refused, self._places[0]) if refused is not None else None
        if told is not None:
            raise told from refused

    def forget(self, text: SwapText) -> None:
        """Take away what is kept of that text's sitting."""
        self._kept.pop(text.sitting, None)
        for place in self._places:
            self._remove(place / _name(text))

    def kept(self) -> tuple[SwapText, ...]:
        """What this run keeps."""
        return tuple(self._kept.values())

    def left(self) -> tuple[SwapText, ...]:
        """Everything kept, by earlier runs as well."""
        found = [one for place in self._places if place.is_dir() for one in _read_all(place)]
        return tuple(sorted(found, key=lambda one: one.kept_at))

    @staticmethod
    def _remove(path: Path) -> None:
        with suppress(OSError):  # read again at the next start, it merges with itself
            path.unlink(missing_ok=True)


def _name(text: SwapText) -> str:
    return f"{text.article_id}.{text.sitting}.json"


def _second_place(profile: Path) -> Path:
    name = hashlib.sha256(str(profile.resolve()).encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"redactie-swap-{name}"


def _as_bytes(text: SwapText) -> bytes:
    return json.dumps({
        "article": text.article_id, "sitting": text.sitting, "version": text.version, "kept_at": format_time(text.kept_at),
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


def _read_all(place: Path) -> Iterator[SwapText]:
    if not _is_ours(place):
        return
    for path in place.glob("*.json"):
        with suppress(OSError, ValueError, KeyError, TypeError, EditorError):
            found = parse(path.read_bytes(), max_bytes=LARGEST)
            text = SwapText(str(found["article"]), str(found["sitting"]), int(found["version"]),
                            dict(found["started_from"]), dict(found["fields"]), parse_time(found["kept_at"]))
            if _name(text) == path.name:
                yield text
