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
        found += _runs("".join(mine[start:end]), differs=tag != "equal")
    return tuple(_joined(found))


def _runs(run: str, *, differs: bool) -> list[Piece]:
    """One run; the spaces around words that differ are not part of the difference."""
    words = run.strip()
    if not differs or not words:
        return [Piece(run, differs=False)] if run else []
    at = run.index(words)
    around = Piece(run[:at], differs=False), Piece(words, differs=True), Piece(run[at + len(words):], differs=False)
    return [piece for piece in around if piece.text]


def _joined(found: list[Piece]) -> list[Piece]:
    """Runs that differ with nothing but a space between them read as one."""
    joined: list[Piece] = []
    for piece in found:
        if len(joined) > 1 and piece.differs and joined[-1].text.isspace() and joined[-2].differs:
            space, before = joined.pop(), joined.pop()
            joined.append(Piece(before.text + space.text + piece.text, differs=True))
        else:
            joined.append(piece)
    return joined
