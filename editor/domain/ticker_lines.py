"""Ticker lines as people write them: `- 12:55Headline`, one line or a whole list.

The page import, the quick line, paste and `ticker import` all read by this one rule. Pure: text in, values out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from editor.base.errors import UserError
from editor.base.messages import Message

_LINE = re.compile(
    r"""\s*(?P<bullet>[-‐‑‒–—−•·∙*◦‣▪●]\s*)?
        (?P<hour>[0-9]{1,2})
        (?: :(?P<colon>[0-9]{2})(?!:[0-9])          # a clock with seconds is no ticker time
          | \.(?P<dot>[0-9]{2})(?![0-9]|[.,][0-9])  # 10.000 is a number, 10.10.2026 a date
        )(?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)
_SHOWN = 60


@dataclass(frozen=True, slots=True)
class TickerLine:
    """One line that was read. `day_offset` counts days from the newest line's day and is never above 0.

    `number` says where it stood (1 is the first line of what was given) and is no part of what it says.
    """

    hour: int
    minute: int
    headline: str
    day_offset: int = 0
    number: int = field(default=1, compare=False)


@dataclass(frozen=True, slots=True)
class OtherLine:
    """A line with text that is no ticker line."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A pasted list: its ticker lines in the order given, and every other line that has text."""

    lines: tuple[TickerLine, ...]
    others: tuple[OtherLine, ...]


@dataclass(frozen=True, slots=True)
class Top:
    """The ticker at the head of a page: its lines, how many lines of the page it takes, and times without a headline."""

    lines: tuple[TickerLine, ...]
    taken: int
    bare: tuple[OtherLine, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    number: int
    text: str
    hour: int
    minute: int
    headline: str
    bulleted: bool
    dotted: bool

    @property
    def possible(self) -> bool:
        return self.hour < 24 and self.minute < 60


def parse_line(line: str, *, dotted: bool = False, number: int = 1) -> TickerLine | None:
    """One ticker line, or None when `line` is ordinary text or a time without a headline.

    `dotted`: another line of the same list writes its time as `HH.MM`; without that the form is a time only behind a
    bullet. `number` is the line's place, for the sentence when its time cannot be (`UserError` of kind `bad_time`).
    """
    candidate = _scan(line, number)
    return None if candidate is None else _accept(candidate, dotted=dotted)


def parse_block(text: str) -> Block:
    """Every ticker line of a pasted list or a file, anywhere in it. Raises `UserError` (`bad_time`)."""
    rows = text.splitlines()
    candidates = [_scan(row, number) for number, row in enumerate(rows, start=1)]
    dotted = _has_dotted([one for one in candidates if one is not None])
    lines: list[TickerLine] = []
    others: list[OtherLine] = []
    for number, (row, candidate) in enumerate(zip(rows, candidates, strict=True), start=1):
        line = None if candidate is None else _accept(candidate, dotted=dotted)
        if line is not None:
            lines.append(line)
        elif tidy := tidy_headline(row):
            others.append(OtherLine(number, tidy))
    return Block(_with_days(lines), tuple(others))


def parse_top(rows: Sequence[str], *, first: int = 1) -> Top:
    """The run of ticker lines at the head of `rows`; empty lines between them are passed over.

    `first` is the number of `rows[0]` in its file. Raises `UserError` (`bad_time`).
    """
    run: list[_Candidate] = []
    for number, row in enumerate(rows, start=first):
        candidate = _scan(row, number)
        if candidate is not None:
            run.append(candidate)
        elif row.strip():
            break
    dotted = _has_dotted(run)
    lines: list[TickerLine] = []
    bare: list[OtherLine] = []
    taken = 0
    for candidate in run:
        line = _accept(candidate, dotted=dotted)
        if line is not None:
            lines.append(line)
        elif not candidate.headline:
            bare.append(OtherLine(candidate.number, candidate.text))
        else:
            break
        taken = candidate.number - first + 1
    return Top(_with_days(lines), taken, tuple(bare)) if lines else Top((), 0, ())


def tidy_headline(text: str) -> str:
    """`text` composed (NFC), without white space around it and with runs of it made one space.

    A no-break space standing alone stays what it is.
    """
    composed = unicodedata.normalize("NFC", text).strip("\ufeff\u200b \t\r\n\f\v\xa0")
    return re.sub(r"\s{2,}|[\t\r\n\f\v\x85\u2028\u2029]", " ", composed).strip()


def _scan(line: str, number: int) -> _Candidate | None:
    match = _LINE.fullmatch(line.lstrip("\ufeff\u200b"))
    if match is None:
        return None
    dotted = match["dot"] is not None
    return _Candidate(
        number=number,
        text=tidy_headline(line),
        hour=int(match["hour"]),
        minute=int(match["dot"] if dotted else match["colon"]),
        headline=tidy_headline(match["rest"]),
        bulleted=match["bullet"] is not None,
        dotted=dotted,
    )


def _has_dotted(candidates: Sequence[_Candidate]) -> bool:
    """Whether this list writes times with a dot: one behind a bullet, or at least two lines that could be."""
    possible = [one for one in candidates if one.dotted and one.possible and one.headline]
    return len(possible) > 1 or any(one.bulleted for one in possible)


def _accept(candidate: _Candidate, *, dotted: bool) -> TickerLine | None:
    if not candidate.headline:
        return None
    if candidate.dotted and not dotted and not (candidate.bulleted and candidate.possible):
        return None  # "- 99.95 euro" is a price, not a bad time
    if not candidate.possible:
        raise _bad_time(candidate)
    return TickerLine(candidate.hour, candidate.minute, candidate.headline, number=candidate.number)


def _with_days(lines: Sequence[TickerLine]) -> tuple[TickerLine, ...]:
    """`lines` with their days: newest first, a line later on the clock than the one above it is of the day before.

    A list that plainly runs the other way (oldest first) ends on the newest day instead of stepping back every line.
    """
    clock = [line.hour * 60 + line.minute for line in lines]
    if _oldest_first(clock):
        offset, offsets = 0, [0]
        for below, above in pairwise(reversed(clock)):
            offset -= above > below
            offsets.append(offset)
        offsets.reverse()
    else:
        offset, offsets = 0, [0]
        for above, below in pairwise(clock):
            offset -= below > above
            offsets.append(offset)
    return tuple(replace(line, day_offset=day) for line, day in zip(lines, offsets, strict=False))


def _oldest_first(clock: Sequence[int]) -> bool:
    """Whether the list only goes forward, or does so but for one midnight. Two times go by the shorter way round."""
    steps = [below - above for above, below in pairwise(clock)]
    forward = [step for step in steps if step > 0]
    back = [-step for step in steps if step < 0]
    if not back:
        return len(forward) > 1 or (bool(forward) and forward[0] < 12 * 60)
    return len(back) == 1 and back[0] > 12 * 60 and bool(forward) and max(forward) < 6 * 60


def _bad_time(candidate: _Candidate) -> UserError:
    shown = candidate.text if len(candidate.text) <= _SHOWN else candidate.text[: _SHOWN - 1].rstrip() + "…"
    return UserError(
        "bad_time",
        Message(
            "exchange",
            "Line {number} has a time that does not exist: “{text}”.",
            {"number": candidate.number, "text": shown},
        ),
        safe=Message("exchange", "Nothing was taken over."),
        fix=Message("exchange", "Correct the time (00:00 to 23:59) and try again."),
    )
