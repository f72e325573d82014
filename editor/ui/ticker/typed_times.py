"""Times as people type them into a field: `12:55`, `24-11-2026 12:55`, `+15`, `na 12 uur`. No Qt in here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.domain.moments import Moment, moment_from_wall, moment_of, zone_info

_CLOCK = r"(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
_START = re.compile(rf"(?:(?P<day>\d{{1,2}})[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<year>\d{{4}}))?\s+)?{_CLOCK}")
_LATER = re.compile(r"\+\s*(?P<minutes>\d{1,4})")
_LENGTH = re.compile(r"(?:na|after|\+)?\s*(?P<number>\d{1,4})\s*(?P<unit>uur|u|hours?|h|min(?:uten|utes?)?|m)\.?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class TypedEnd:
    """An end as it was typed: a length in minutes, a moment, or neither (the priority's own length)."""

    ttl_min: int | None = None
    end: Moment | None = None


def start_words(moment: Moment | None) -> str:
    """A start as its field shows it: `24-11-2026 12:55`."""
    if moment is None:
        return ""
    wall = moment.wall
    return f"{wall[8:10]}-{wall[5:7]}-{wall[0:4]} {wall[11:16]}"


def read_start(text: str, day: date, zone: str, now: datetime, fold: int | None = None) -> Moment:
    """The moment that `text` means on `day`: a clock time, a date with one, or `+minutes` from now.

    Raises `UserError`: `bad_time` for what is no time, `dst_gap` or `dst_fold` for a time that is skipped or repeated.
    """
    text = text.strip()
    if later := _LATER.fullmatch(text):
        at = now.replace(second=0, microsecond=0) + timedelta(minutes=int(later["minutes"]))
        return moment_of(at, zone)
    match = _START.fullmatch(text)
    if match is None:
        raise _no_time(text)
    try:
        on = date(int(match["year"] or day.year), int(match["month"] or day.month), int(match["day"] or day.day))
        wall = datetime(on.year, on.month, on.day, int(match["hour"]), int(match["minute"]))  # noqa: DTZ001 - zoned next
    except ValueError as error:
        raise _no_time(text) from error
    return moment_from_wall(wall, zone, fold)


def read_end(text: str, start: Moment | None, zone: str) -> TypedEnd:
    """The end that `text` means after `start`: empty, a length (`na 12 uur`, `90 min`), or a time.

    A clock time alone is the next one after the start. Raises `UserError` as `read_start`.
    """
    text = text.strip()
    if not text:
        return TypedEnd()
    if length := _LENGTH.fullmatch(text):
        per = 1 if length["unit"].lower().startswith("m") else 60
        return TypedEnd(ttl_min=int(length["number"]) * per)
    if start is None:
        raise _no_time(text)
    day = start.utc.astimezone(zone_info(zone)).date()
    end = read_start(text, day, zone, start.utc)
    if end.utc <= start.utc and "-" not in text:
        end = read_start(text, day + timedelta(days=1), zone, start.utc)
    return TypedEnd(end=end)


def gap_offers(text: str, day: date, zone: str, now: datetime) -> tuple[Moment, Moment]:
    """For a time that the clock skips: the last minute before, and the same minutes after it (T-14)."""
    match = _START.fullmatch(text.strip())
    if match is None:
        raise _no_time(text)
    prefix = text.strip()[: match.start("hour")]
    hour = int(match["hour"])
    before = read_start(f"{prefix}{hour - 1:02}:59", day, zone, now)
    after = read_start(f"{prefix}{hour + 1:02}:{match['minute']}", day, zone, now)
    return before, after


def _no_time(text: str) -> UserError:
    return UserError("bad_time", Message("ticker_desk", "“{text}” is no time.", {"text": text}),
                     fix=Message("ticker_desk", "Type 12:55, 24-11-2026 12:55, or +15."))
