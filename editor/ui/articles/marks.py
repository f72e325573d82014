"""What is what in one line of Markdown, for the eye only: the renderer is `text/markdown.py`. No Qt in here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum, auto
from typing import NamedTuple

FENCED = 2  # the state of a block inside a code fence
HEADING = 1  # the state of a heading, so that the layout keeps its blank line small
OPEN = -1  # a block's state before anyone has looked at it; ordinary lines keep it, or every first look would cascade


class Style(IntEnum):
    """How a stretch of a line is shown."""

    MARK = auto()
    TITLE = auto()
    TITLE_MARK = auto()
    SUBHEAD = auto()
    SUBHEAD_MARK = auto()
    MINOR_HEAD = auto()
    BOLD = auto()
    ITALIC = auto()
    BOLD_ITALIC = auto()
    STRUCK = auto()
    CODE = auto()
    LINK = auto()


class Span(NamedTuple):
    """A stretch in code points."""

    start: int
    length: int
    style: Style


_HEAD = re.compile(r"(#{1,6})[ \t]+(?=\S)")
_LEAD = re.compile(r"[ \t]*(?:(?:>[ \t]?)+|[-*+][ \t]+|\d{1,9}[.)][ \t]+)")
_RULE = re.compile(r"[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*$")
_FENCE = re.compile(r"[ \t]{0,3}(```|~~~)")
_SPECIAL = re.compile(r"[*_`\[~\\!]")  # what may begin a mark: found far faster than the pattern below is tried everywhere
_INLINE = re.compile(
    r"(?P<escape>\\[\\`*_{}\[\]()#+\-.!>~])"
    r"|(?P<code>(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<link>!?\[(?P<label>[^\[\]]*)\]\((?P<address>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"]*\")?)\))"
    r"|(?P<both>(?P<b3>\*\*\*|___)(?=\S)(?P<text3>.+?)(?<=\S)(?P=b3))"
    r"|(?P<bold>\*\*(?=\S)(?P<text2>.+?)(?<=\S)\*\*(?!\*)|(?<!\w)__(?=\S)(?P<text2u>.+?)(?<=\S)__(?!\w))"
    r"|(?P<italic>\*(?=[^\s*])(?P<text1>(?:[^*]|\*\*[^*]+\*\*)+?)(?<=\S)\*(?!\*)|(?<!\w)_(?=[^\s_])(?P<text1u>[^_]+?)(?<=\S)_(?!\w))"
    r"|(?P<struck>~~(?=\S)(?P<texts>.+?)(?<=\S)~~)"
)
_HEADS = {
    1: (Style.TITLE, Style.TITLE_MARK),
    2: (Style.SUBHEAD, Style.SUBHEAD_MARK),
}


def styled(line: str, state: int) -> tuple[list[Span], int]:
    """The spans of a line that follows one of `state`, and the state after it."""
    fence = _FENCE.match(line)
    if state == FENCED or fence:
        closes = state == FENCED and fence is not None
        return [Span(0, len(line), Style.MARK if fence else Style.CODE)], OPEN if closes else FENCED
    if not line:
        return [], OPEN
    if line[0] == "#" and (head := _HEAD.match(line)):
        words, mark = _HEADS.get(len(head[1]), (Style.MINOR_HEAD, Style.MARK))
        return [Span(0, head.end(), mark), Span(head.end(), len(line) - head.end(), words)], HEADING
    spans: list[Span] = []
    begin = 0
    if line[0] in " \t>-*+_0123456789":
        if _RULE.match(line):
            return [Span(0, len(line), Style.MARK)], OPEN
        if lead := _LEAD.match(line):
            begin = lead.end()
            spans.append(Span(0, begin, Style.MARK))
    if _SPECIAL.search(line, begin):
        spans += _inline(line, begin, len(line))
    return spans, OPEN


def _inline(line: str, begin: int, end: int) -> Iterator[Span]:
    for found in _marks(line, begin, end):
        kind = found.lastgroup
        if found["escape"]:
            yield Span(found.start(), 1, Style.MARK)
        elif found["code"]:
            yield from _wrapped(found.start(), found.end(), len(found["ticks"]), Style.CODE)
        elif found["link"]:
            label = found.span("label")
            yield Span(found.start(), label[0] - found.start(), Style.MARK)
            yield Span(label[0], label[1] - label[0], Style.LINK)
            yield Span(label[1], found.end() - label[1], Style.MARK)
        elif found["both"]:
            yield from _wrapped(found.start(), found.end(), 3, Style.BOLD_ITALIC)
        elif found["bold"]:
            yield from _wrapped(found.start(), found.end(), 2, Style.BOLD)
            yield from _nested(line, found.start() + 2, found.end() - 2)
        elif found["italic"]:
            yield from _wrapped(found.start(), found.end(), 1, Style.ITALIC)
            yield from _nested(line, found.start() + 1, found.end() - 1)
        elif kind:
            yield from _wrapped(found.start(), found.end(), 2, Style.STRUCK)


def _marks(line: str, begin: int, end: int) -> Iterator[re.Match[str]]:
    while special := _SPECIAL.search(line, begin, end):
        found = _INLINE.match(line, special.start(), end)
        if found:
            yield found
        begin = found.end() if found else special.end()


def _nested(line: str, begin: int, end: int) -> Iterator[Span]:
    """Links and the other emphasis inside emphasis; where both meet, both are shown."""
    for span in _inline(line, begin, end):
        both = span.style in (Style.BOLD, Style.ITALIC)
        yield Span(span.start, span.length, Style.BOLD_ITALIC) if both else span


def _wrapped(start: int, end: int, mark: int, style: Style) -> Iterator[Span]:
    yield Span(start, mark, Style.MARK)
    yield Span(start + mark, end - start - 2 * mark, style)
    yield Span(end - mark, mark, Style.MARK)
