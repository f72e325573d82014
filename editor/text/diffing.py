"""What changed between two texts, word by word, to be shown: nothing is ever made of it. Merging is `merging`'s."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from editor.text.aligning import matches
from editor.text.splitting import split_blocks

_TOKEN = re.compile(r"\w+(?:['’.,-]\w+)*|\s+|[^\w\s]")


class Op(StrEnum):
    """What became of a stretch of text."""

    EQUAL = "equal"
    DELETE = "delete"
    INSERT = "insert"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text with one fate."""

    op: Op
    text: str


def diff_words(old: str, new: str) -> tuple[Span, ...]:
    """The way from `old` to `new`. Where something was replaced, what is gone stands before what came.

    The equal and deleted spans join to `old`, the equal and inserted ones to `new`; no two neighbours have the same fate.
    """
    before, after = split_blocks(old), split_blocks(new)
    raw: list[Span] = []
    at, new_at = 0, 0
    for here, there in [*matches(before, after), (len(before), len(after))]:
        raw += _between("".join(before[at:here]), "".join(after[new_at:there]))
        if here < len(before):
            raw.append(Span(Op.EQUAL, before[here]))
        at, new_at = here + 1, there + 1
    return _joined(raw)


def _between(old: str, new: str) -> list[Span]:
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    spans: list[Span] = []
    at, new_at = 0, 0
    for here, there in [*matches(before, after), (len(before), len(after))]:
        spans.append(Span(Op.DELETE, "".join(before[at:here])))
        spans.append(Span(Op.INSERT, "".join(after[new_at:there])))
        if here < len(before):
            spans.append(Span(Op.EQUAL, before[here]))
        at, new_at = here + 1, there + 1
    return spans


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """`spans` with neighbours of one fate joined, and a space between two changed words counted as changed."""
    done: list[Span] = []
    gone, came, held = "", "", ""
    for span in [*spans, Span(Op.EQUAL, "")]:
        if span.op is Op.DELETE and span.text:
            gone, came, held = gone + held + span.text, came + held, ""
        elif span.op is Op.INSERT and span.text:
            gone, came, held = gone + held, came + held + span.text, ""
        elif span.op is Op.EQUAL and (gone or came) and span.text.strip(" ") == "" and span.text:
            held += span.text
        elif span.op is Op.EQUAL:
            done += [Span(Op.DELETE, gone), Span(Op.INSERT, came), Span(Op.EQUAL, held + span.text)]
            gone, came, held = "", "", ""
    merged: list[Span] = []
    for span in done:
        if merged and merged[-1].op is span.op:
            merged[-1] = Span(span.op, merged[-1].text + span.text)
        elif span.text:
            merged.append(span)
    return tuple(merged)
