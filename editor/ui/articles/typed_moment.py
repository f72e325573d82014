"""A moment as people type it into a line: `18:00`, `24-11 18:00`, `24-11-2026 18:00`. No Qt in here."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.domain.moments import Moment, moment_from_wall, zone_info

_TYPED = re.compile(r"(?:(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})(?:[-/.](?P<year>\d{4}))?\s+)?(?P<hour>\d{1,2})[:.](?P<minute>\d{2})")


def moment_words(moment: Moment | None) -> str:
    """A moment as its field shows it: `24-11-2026 18:00`."""
    if moment is None:
        return ""
    wall = moment.wall
    return f"{wall[8:10]}-{wall[5:7]}-{wall[0:4]} {wall[11:16]}"


def read_moment(text: str, zone: str, now: datetime, fold: int | None = None) -> Moment:
    """The moment that `text` means: a time alone is the next one, a day without a year is this year's.

    Raises `UserError`: `bad_time` for what is no time, `dst_gap` or `dst_fold` for one that is skipped or repeated.
    """
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        raise _no_time(text)
    today = now.astimezone(zone_info(zone)).date()
    try:
        on = today
        if match["day"]:
            on = date(int(match["year"] or today.year), int(match["month"]), int(match["day"]))
        wall = datetime(on.year, on.month, on.day, int(match["hour"]), int(match["minute"]))  # noqa: DTZ001 - zoned next
    except ValueError as error:
        raise _no_time(text) from error
    moment = moment_from_wall(wall, zone, fold)
    if not match["day"] and moment.utc < now:
        moment = moment_from_wall(wall + timedelta(days=1), zone, fold)
    return moment


def _no_time(text: str) -> UserError:
    return UserError("bad_time", Message("articles_desk", "“{text}” is no time.", {"text": text.strip()}),
                     fix=Message("articles_desk", "Type 18:00 or 24-11-2026 18:00."))
