"""What press checks and stamps when an entry changes, and what a desk warns of while it is planned."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from editor.base.messages import Message
from editor.domain.moments import zone_info
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Right
from editor.domain.refusal import Refused, forbidden
from editor.domain.ticker import Intent, Phase, Priority, TickerEntry, end_of, is_public, phase


class OnLate(StrEnum):
    """What to do with an entry that reaches press after its latest time."""

    NOW = "now"
    AS_PLANNED = "as_planned"


def check_right(before: TickerEntry | None, after: TickerEntry, actor: Actor) -> None:
    """Whoever may not make an entry breaking or pinned may not change one that is: before and after both count."""
    special = any(e is not None and (e.priority is Priority.BREAKING or e.pin is not None) for e in (before, after))
    if not actor.may(Right.BREAKING if special else Right.PLAN):
        raise forbidden()


def check_shape(entry: TickerEntry, newsroom: Newsroom) -> None:
    """What an entry must satisfy to be planned at all (T-01, T-05, T-09, T-13). Raises `Refused`."""
    if entry.intent is not Intent.PLANNED:
        return
    if not entry.headline.strip() or entry.headline.rstrip().endswith(("…", "...")):
        raise Refused("type", Message("ticker", "A ticker entry needs a whole headline."))
    if entry.start is None:
        raise Refused("type", Message("ticker", "A planned entry needs a time."))
    if entry.embargo_at is not None and entry.start.utc < entry.embargo_at.utc:
        raise Refused("embargo", Message("ticker", "The start lies before the embargo."))
    end = end_of(entry, newsroom.ticker)
    if end is not None and end < entry.start.utc + timedelta(minutes=1):
        raise Refused("type", Message("ticker", "The end must come after the start."))
    if entry.pin is not None and not 1 <= entry.pin.slot <= newsroom.ticker.max_pins:
        raise Refused("type", Message("ticker", "There is no such place to pin to."))


def accept(before: TickerEntry | None, after: TickerEntry, *, newsroom: Newsroom, actor: Actor, now: datetime,
           on_late: str | None = None) -> TickerEntry:
    """`after` with press's own stamps, or `Refused` (`forbidden`, `type`, `embargo`, `late`).

    Lateness counts only when an entry becomes planned or a planned one's start moves; then it is refused as `late`
    unless `on_late` says what to do. Not late: what was public just before, or what is planned again with the start
    it was accepted for (the undo of a withdrawal).
    """
    check_right(before, after, actor)
    check_shape(after, newsroom)
    if after.intent is not Intent.PLANNED or after.start is None:
        return after
    was_planned = before is not None and before.intent is Intent.PLANNED and before.accepted_at is not None
    if was_planned and before is not None and before.start is not None and before.start.utc == after.start.utc:
        return after
    if before is not None and before.accepted_at is not None and (
            is_public(before, newsroom.ticker, now) or before.accepted_start == after.start.utc):
        return replace(after, accepted_start=after.start.utc)
    late = now - after.start.utc > timedelta(minutes=newsroom.ticker.late_max[after.priority])
    if late and on_late not in (OnLate.NOW, OnLate.AS_PLANNED):
        raise Refused("late", Message("ticker", "The line came too late: {time} had passed.",
                                      {"time": after.start.wall[11:16]}))
    return replace(after, accepted_at=now, accepted_start=after.start.utc,
                   as_planned=on_late == OnLate.AS_PLANNED)  # also within the latest time: a page's lines keep theirs


@dataclass(frozen=True, slots=True)
class PlanWarning:
    """Something a planner should know; `suggestion` is a better start where there is one. Nothing is blocked."""

    rule: str
    message: Message
    suggestion: datetime | None = None


def starts(entries: Iterable[TickerEntry], newsroom: Newsroom, t: datetime, *, but: str = "") -> list[datetime]:
    """The starts of everything planned or live at `t`, in order, without entry `but`."""
    return sorted(e.start.utc for e in entries if e.start is not None and e.id != but
                  and phase(e, newsroom, t) in (Phase.PLANNED, Phase.LIVE))


def warnings_for(entry: TickerEntry, entries: Iterable[TickerEntry], newsroom: Newsroom, t: datetime) -> list[PlanWarning]:
    """Collisions and length of `entry` among the others (T-06, T-09), with the next free moment."""
    found: list[PlanWarning] = []
    rules = newsroom.ticker
    entries = list(entries)
    if len(entry.headline) > rules.hard_length:
        found.append(PlanWarning("T-09", Message("ticker", "The headline is too long: {n} of {limit} characters.",
                                              {"n": len(entry.headline), "limit": rules.hard_length})))
    if entry.start is None or entry.intent is Intent.WITHDRAWN:
        return found
    others = starts(entries, newsroom, t, but=entry.id)
    mine = entry.start.utc
    near = min((abs(mine - other), other) for other in others) if others else None
    if near is not None and entry.priority is not Priority.BREAKING and near[0] < timedelta(minutes=rules.min_gap):
        minutes = int(near[0].total_seconds() // 60)
        free = next_free(mine, entries, newsroom, t, but=entry.id)
        if minutes == 0:
            message = Message("ticker", "At the same minute as another line.")
        else:
            message = Message("ticker", "{n} minute from its neighbour; the agreement is {gap}.|"
                                        "{n} minutes from its neighbour; the agreement is {gap}.",
                              {"n": minutes, "gap": rules.min_gap})
        found.append(PlanWarning("T-06", message, free))
    hour = [o for o in others if abs(mine - o) < timedelta(minutes=60)]
    if len(hour) >= rules.burst:
        found.append(PlanWarning("T-06", Message("ticker", "A pile-up: more than {n} lines in an hour.",
                                              {"n": rules.burst})))
    return found


def next_free(wish: datetime, entries: Iterable[TickerEntry], newsroom: Newsroom, t: datetime, *, but: str = "",
              priority: Priority = Priority.NORMAL) -> datetime:
    """The first minute from `wish` that keeps its distance to every other start and to the quiet hours (T-07)."""
    rules = newsroom.ticker
    gap = timedelta(minutes=0 if priority is Priority.BREAKING else rules.min_gap)
    others = starts(entries, newsroom, t, but=but)
    at = wish.replace(second=0, microsecond=0)
    if at < wish:
        at += timedelta(minutes=1)
    zone = zone_info(newsroom.zone)
    for _ in range(3 * 24 * 60):
        hour = at.astimezone(zone).hour
        quiet = priority is not Priority.BREAKING and (hour >= rules.quiet_from or hour < rules.quiet_to)
        if not quiet and all(abs(at - other) >= gap for other in others):
            return at
        at += timedelta(minutes=1)
    return at


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch without a start that is longer than agreed (T-08)."""

    start: datetime
    minutes: int


def gaps(entries: Iterable[TickerEntry], newsroom: Newsroom, day_start: datetime, day_end: datetime,
         t: datetime) -> list[Gap]:
    """The gaps between starts within a day, longer than the rule for their hour."""
    rules, zone = newsroom.ticker, zone_info(newsroom.zone)
    inside = [s for s in starts(entries, newsroom, t) if day_start <= s < day_end]
    found = []
    for first, second in itertools.pairwise(inside):
        minutes = int((second - first).total_seconds() // 60)
        hour = first.astimezone(zone).hour
        night = hour >= rules.quiet_from or hour < rules.quiet_to
        if minutes > (rules.max_gap_night if night else rules.max_gap_day):
            found.append(Gap(first, minutes))
    return found
