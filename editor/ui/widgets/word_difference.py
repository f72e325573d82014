"""Which words of a text its other version does not have: for showing only, never for merging. No Qt in here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

_WORDS = re.compile(r"\s+|[\w’'-]+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text; `differs` when the other version has something else there."""

    text: str
    differs: bool


def pieces(text: str, other: str) -> Sequence[Piece]:
    """`text` in runs, marked where it differs from `other`. Joined they are `text` again."""
    mine, theirs = _WORDS.findall(text), _WORDS.findall(other)
    found: list[Piece] = []
    for tag, start, end, _, _ in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        run = "".join(mine[start:end])
        if run:
            found.append(Piece(run, tag != "equal" and not run.isspace()))
    return tuple(_joined(found))


def _joined(found: list[Piece]) -> list[Piece]:
    """Runs that differ with nothing but a space between them read as one."""
    joined: list[Piece] = []
    for piece in found:
        if len(joined) > 1 and piece.differs and joined[-1].text.isspace() and joined[-2].differs:
            space, before = joined.pop(), joined.pop()
            piece = Piece(before.text + space.text + piece.text, differs=True)
        joined.append(piece)
    return joined
