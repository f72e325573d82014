"""The only translator: English sentences of all layers, said in the person's language. No Qt in here.

A catalogue is one file a context, `resources/i18n/<language>/<context>.toml`, read when its first sentence is needed.
Any thread may ask; a catalogue may then be read twice, to the same effect.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from editor.base.errors import EditorError
from editor.base.messages import Message, fill
from editor.base.paths import resources
from editor.ui.code_words import MONTHS, PLACES

SOURCE_LANGUAGE = "en"
WALL_PLACES = ("wall", "time")
GROUPED = 10_000  # four figures are read without a point
_WALL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?")


class Wording:
    """Says `Message`s and the interface's own sentences in one language.

    A sentence that a catalogue lacks is said in English: readable, and found by the test that collects them all.
    """

    def __init__(self, language: str, folder: Path | None = None) -> None:
        """`language` is `nl` or `en`; `folder` holds a folder a language (default: the shipped ones)."""
        self.language = language
        self._folder = folder or resources() / "i18n"
        self._catalogues: dict[str, Mapping[str, str]] = {}

    def say(self, message: Message) -> str:
        """The sentence in the person's language, its places filled; parameters may be `Message`s themselves, or codes of
        the machine (`code_words`)."""
        return self._said(message.context, message.source, message.params)

    def tr(self, context: str, source: str, /, **params: object) -> str:
        """As `say`, for a sentence that is written where it is shown."""
        return self._said(context, source, params)

    def explain(self, error: EditorError) -> str:
        """What happened, what is safe, what to do: as one text."""
        return " ".join(self.say(part) for part in (error.message, error.safe, error.fix) if part is not None)

    def _said(self, context: str, source: str, params: Mapping[str, object]) -> str:
        said = {name: self._value(name, value) for name, value in params.items()}
        return fill(self._catalogue(context).get(source, source), said)

    def _value(self, place: str, value: object) -> object:
        """What is put in a place: a sentence said, a code and a wall time in words, a great number in groups of three,
        everything else as it is."""
        if isinstance(value, Message):
            return self.say(value)
        if isinstance(value, int) and value >= GROUPED:
            return f"{value:,}".replace(",", "." if self.language == "nl" else ",")
        if not isinstance(value, str):
            return value
        if place in WALL_PLACES:
            return self.wall(value)
        words = PLACES.get(place)
        if words is None:
            return value
        return ", ".join(self.say(words[code]) if code in words else code for code in value.split(", "))

    def wall(self, wall: str) -> str:
        """A wall time of the wire (`2027-03-28T02:30`) as people write it; anything else as it is."""
        if not _WALL.fullmatch(wall):
            return wall
        try:
            read = datetime.fromisoformat(wall)
        except ValueError:
            return wall
        return self.tr("words", "{day} {month} {year}, {time}", day=read.day, month=MONTHS[read.month - 1],
                       year=read.year, time=f"{read:%H:%M:%S}" if read.second else f"{read:%H:%M}")

    def _catalogue(self, context: str) -> Mapping[str, str]:
        if context not in self._catalogues:
            path = self._folder / self.language / f"{context}.toml"
            known = self.language != SOURCE_LANGUAGE and path.is_file()
            self._catalogues[context] = tomllib.loads(path.read_text(encoding="utf-8")) if known else {}
        return self._catalogues[context]
