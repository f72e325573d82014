"""The day as a list of rows: hours, lines, gaps and now, each with its height in design pixels. No Qt in here.

A pure function makes them, so that what the timeline shows can be tested without a window.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum, auto

from editor.desk.read_models import TickerItem
from editor.domain.moments import Moment, moment_of, zone_info
from editor.domain.ticker import Phase
from editor.domain.ticker_rules import Gap
from editor.ui.ticker.reading import DayView, day_bounds

PER_MINUTE = 3.2
LINE, GAP, NOW, HEAD, HOUR_WORDS = 44, 148, 30, 34, 20
EMPTY_HOUR, QUIET_HOUR, NEAR_NOW = 72, 40, 3.2 * 60


class RowKind(Enum):
    """What a row is."""

    SPACE = auto()
    LINE = auto()
    GAP = auto()
    NOW = auto()
    EARLIER = auto()  # head of the lines that began before this day
    UNTIMED = auto()  # head of the lines without a time


@dataclass(frozen=True, slots=True)
class DayRow:
    """One row. `hour` is the hour whose rule is drawn at its top, empty for none."""

    kind: RowKind
    height: int
    hour: str = ""
    item: TickerItem | None = None
    phase: Phase = Phase.DRAFT
    gap: Gap | None = None
    warned: bool = False

    @property
    def key(self) -> str:
        """What stays the same when the day is read again: a line's id or a gap's start; empty for what is no place."""
        if self.item is not None:
            return self.item.entry.id
        return f"gap {self.gap.start.isoformat()}" if self.gap is not None else ""


def day_rows(view: DayView, now: datetime) -> tuple[DayRow, ...]:
    """The rows of `view` with the red line at `now`."""
    begin, end = day_bounds(view.day, view.newsroom.zone)
    earlier = [item for item in view.items if item.entry.start is not None and item.entry.start.utc < begin]
    untimed = [item for item in view.items if item.entry.start is None]
    rows: list[DayRow] = []
    if earlier:
        rows.append(DayRow(RowKind.EARLIER, HEAD))
        rows += [_line(view, item, now) for item in earlier]
    at = begin
    while at < end:
        rows += _hour(view, at, now)
        at += timedelta(hours=1)
    if untimed:
        rows.append(DayRow(RowKind.UNTIMED, HEAD, hour=" "))
        rows += [_line(view, item, now) for item in untimed]
    return tuple(rows)


def clock_words(moment: Moment) -> str:
    """`HH:MM` on the wall, with A or B where that hour comes twice (T-15)."""
    return moment.hhmm + {None: "", 0: "ᴬ", 1: "ᴮ"}[moment.fold]


def _hour(view: DayView, begin: datetime, now: datetime) -> list[DayRow]:
    end = begin + timedelta(hours=1)
    rules = view.newsroom.ticker
    events = [(item.entry.start.utc, 0, _line(view, item, now)) for item in view.items
              if item.entry.start is not None and begin <= item.entry.start.utc < end]
    events += [(place, 1, DayRow(RowKind.GAP, GAP, gap=gap)) for gap in view.gaps
               if begin <= (place := _gap_place(gap)) < end]
    if begin <= now < end:
        events.append((now, 2, DayRow(RowKind.NOW, NOW)))
    rows: list[DayRow] = []
    y = 0
    for at, _, row in sorted(events, key=lambda event: event[:2]):
        wanted = round((at - begin).total_seconds() / 60 * PER_MINUTE)
        if wanted - y >= 8:
            rows.append(DayRow(RowKind.SPACE, wanted - y))
            y = wanted
        rows.append(row)
        y += row.height
    hour = begin.astimezone(zone_info(view.newsroom.zone)).hour
    quiet = hour >= rules.quiet_from or hour < rules.quiet_to
    full = round(60 * PER_MINUTE) if events else QUIET_HOUR if quiet else EMPTY_HOUR
    if y < full:
        rows.append(DayRow(RowKind.SPACE, full - y))
    # Right under the rule the red label says the time already: the hour's words would lie beneath it.
    words = "" if _now_is_within(rows, HOUR_WORDS) else clock_words(moment_of(begin, view.newsroom.zone))
    rows[0] = replace(rows[0], hour=words or " ")
    return rows


def _now_is_within(rows: list[DayRow], room: int) -> bool:
    """Whether the red line stands in the first `room` design pixels of these rows."""
    y = 0
    for row in rows:
        if row.kind is RowKind.NOW:
            return y < room
        y += row.height
    return False


def _gap_place(gap: Gap) -> datetime:
    """Where the gap's box stands: at the first whole hour inside it, if enough of the gap comes after that."""
    whole = gap.start.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    left = gap.start + timedelta(minutes=gap.minutes) - whole
    return whole + timedelta(minutes=8) if left >= timedelta(minutes=20) else gap.start + timedelta(minutes=1)


def _line(view: DayView, item: TickerItem, now: datetime) -> DayRow:
    return DayRow(RowKind.LINE, LINE, item=item, phase=view.phase_of(item.entry, now),
                  warned=item.entry.id in view.warnings)
