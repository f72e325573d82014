"""The headline ticker: entries, their phase, and the public list at any time (domain-rules C6, model 4).

Nothing fires. Press, the desk and every other face call `public_list(entries, newsroom, t)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from editor.domain.moments import Moment, zone_info
from editor.domain.newsroom import Newsroom, TickerRules


class Priority(IntEnum):
    """How much an entry weighs."""

    NORMAL = 0
    IMPORTANT = 1
    BREAKING = 2


class Intent(StrEnum):
    """What the newsroom wants of an entry; its phase follows from intent and time."""

    DRAFT = "draft"
    READY = "ready"
    PLANNED = "planned"
    WITHDRAWN = "withdrawn"


class Phase(StrEnum):
    """What an entry is at a time. Derived, never stored."""

    DRAFT = "draft"
    READY = "ready"
    PLANNED = "planned"
    LIVE = "live"
    EXPIRED = "expired"
    NOT_SHOWN = "not_shown"  # accepted in time, looked for on the page, not seen
    MISSED = "missed"  # never accepted before its latest time: a person decides
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Pin:
    """A fixed place at the top (slot 1-3) until a time."""

    slot: int
    until: datetime


@dataclass(frozen=True, slots=True)
class AsRun:
    """What was really seen on the public page."""

    first_seen: datetime | None = None
    last_seen: datetime | None = None
    shown_hhmm: str = ""


@dataclass(frozen=True, slots=True)
class TickerEntry:
    """One line of the ticker. `ttl_min` and `end` are one choice; neither means the priority's default."""

    id: str
    headline: str = ""
    article_id: str = ""
    url: str = ""
    source: str = ""
    note: str = ""
    prefix: str = ""
    priority: Priority = Priority.NORMAL
    pin: Pin | None = None
    start: Moment | None = None
    end: Moment | None = None
    ttl_min: int | None = None
    embargo_at: Moment | None = None
    intent: Intent = Intent.DRAFT
    series: str = ""
    # read-only: only press writes these
    accepted_at: datetime | None = None
    accepted_start: datetime | None = None
    as_planned: bool = False
    approved_by: str = ""
    as_run: AsRun | None = None
    created_by: str = ""
    changed_by: str = ""
    changed_at: datetime | None = None


READ_ONLY = ("accepted_at", "accepted_start", "as_planned", "approved_by", "as_run", "created_by", "changed_by",
             "changed_at")


@dataclass(frozen=True, slots=True)
class PublicLine:
    """One line as readers see it: `HH:MM headline`, newest first."""

    id: str
    time: str
    headline: str
    shown_at: datetime
    priority: Priority
    pinned: bool
    article_id: str
    url: str


def decay_at(entry: TickerEntry, rules: TickerRules) -> datetime | None:
    """When a breaking entry becomes an important one: start + 6 h, always."""
    if entry.priority is not Priority.BREAKING or entry.start is None:
        return None
    return entry.start.utc + timedelta(hours=rules.decay_hours)


def priority_at(entry: TickerEntry, rules: TickerRules, t: datetime) -> Priority:
    """The priority at `t`, breaking decayed."""
    decays = decay_at(entry, rules)
    return Priority.IMPORTANT if decays is not None and t >= decays else entry.priority


def end_of(entry: TickerEntry, rules: TickerRules) -> datetime | None:
    """The instant at which the entry is gone (T-01: half-open), None without a start."""
    if entry.end is not None:
        return entry.end.utc
    if entry.start is None:
        return None
    minutes = entry.ttl_min if entry.ttl_min is not None else rules.ttl_hours[entry.priority] * 60
    return entry.start.utc + timedelta(minutes=minutes)


def shown_at(entry: TickerEntry, rules: TickerRules) -> datetime | None:
    """The instant that its `HH:MM` tells: the start, or the real minute when press got it more than 2 min late."""
    if entry.start is None:
        return None
    if entry.as_planned or entry.accepted_at is None:
        return entry.start.utc
    if entry.accepted_at <= entry.start.utc + timedelta(minutes=rules.grace_shown):
        return entry.start.utc
    return entry.accepted_at


def is_public(entry: TickerEntry, rules: TickerRules, t: datetime) -> bool:
    """Whether readers may see it at `t`, before the list's own limits."""
    if entry.intent is not Intent.PLANNED or entry.accepted_at is None or entry.start is None or not entry.headline:
        return False
    if entry.embargo_at is not None and t < entry.embargo_at.utc:
        return False
    end = end_of(entry, rules)
    return entry.start.utc <= t and (end is None or t < end)


def phase(entry: TickerEntry, newsroom: Newsroom, t: datetime) -> Phase:
    """The entry's phase at `t`."""
    rules = newsroom.ticker
    if entry.intent is not Intent.PLANNED or entry.start is None:
        return {Intent.READY: Phase.READY, Intent.WITHDRAWN: Phase.WITHDRAWN}.get(entry.intent, Phase.DRAFT)
    end = end_of(entry, rules)
    if end is not None and t >= end:
        return Phase.EXPIRED
    if entry.accepted_at is None:
        late = timedelta(minutes=rules.late_max[entry.priority])
        return Phase.MISSED if t > entry.start.utc + late else Phase.PLANNED
    if t < entry.start.utc:
        return Phase.PLANNED
    run = entry.as_run
    if run is not None and run.first_seen is None and t >= entry.start.utc + timedelta(minutes=3):
        return Phase.NOT_SHOWN
    return Phase.LIVE


def public_list(entries: Iterable[TickerEntry], newsroom: Newsroom, t: datetime) -> list[PublicLine]:
    """The list as readers get it at `t`: pins, then breaking, then the rest, each newest first (T-03), at most N."""
    kept, _ = ranked(entries, newsroom, t)
    zone, pins = zone_info(newsroom.zone), _pins(kept, newsroom.ticker, t)
    lines = []
    for entry in kept:
        when = shown_at(entry, newsroom.ticker)
        assert when is not None  # only started entries are ranked
        text = f"{entry.prefix} {entry.headline}".strip()
        lines.append(PublicLine(entry.id, f"{when.astimezone(zone):%H:%M}", text, when,
                                priority_at(entry, newsroom.ticker, t), entry.id in pins,
                                entry.article_id, entry.url))
    return lines


def ranked(entries: Iterable[TickerEntry], newsroom: Newsroom, t: datetime) -> tuple[list[TickerEntry],
                                                                                    list[TickerEntry]]:
    """What stands in the list at `t` and what the maximum pushed off it, both in public order (T-04)."""
    rules = newsroom.ticker
    out = [entry for entry in entries if is_public(entry, rules, t)]
    pins = _pins(out, rules, t)

    def order(entry: TickerEntry) -> tuple[object, ...]:
        when = shown_at(entry, rules) or t
        weight = priority_at(entry, rules, t)
        minute = int(when.timestamp() // 60)
        group = 0 if entry.id in pins else 1 if weight is Priority.BREAKING else 2
        return group, pins.get(entry.id, 0), -minute, -weight, entry.id

    out.sort(key=order)
    dropped: list[TickerEntry] = []
    while len(out) > rules.max_visible:
        free = [e for e in out if e.id not in pins and not _held(e, rules, t)]
        held = [e for e in out if e.id not in pins and priority_at(e, rules, t) is not Priority.BREAKING]
        victim = free[-1] if free else held[-1] if held else out[-1]
        out.remove(victim)
        dropped.insert(0, victim)
    return out, dropped


def _held(entry: TickerEntry, rules: TickerRules, t: datetime) -> bool:
    weight = priority_at(entry, rules, t)
    if weight is Priority.BREAKING:
        return True
    when = shown_at(entry, rules)
    return weight is Priority.IMPORTANT and when is not None and t < when + timedelta(minutes=rules.hold_min)


def _pinned(entry: TickerEntry, rules: TickerRules, t: datetime) -> bool:
    # A pin outside its window is ignored, not an error (T-05).
    return entry.pin is not None and 1 <= entry.pin.slot <= rules.max_pins and t < entry.pin.until


def _pins(entries: Iterable[TickerEntry], rules: TickerRules, t: datetime) -> dict[str, int]:
    """The entry that holds each slot: two for one slot, the newest start wins, the other is an ordinary line."""
    holders: dict[int, TickerEntry] = {}
    for entry in entries:
        if not _pinned(entry, rules, t) or entry.pin is None or entry.start is None:
            continue
        other = holders.get(entry.pin.slot)
        if other is None or other.start is None or (entry.start.utc, entry.id) > (other.start.utc, other.id):
            holders[entry.pin.slot] = entry
    return {entry.id: slot for slot, entry in holders.items()}


def assumed_accepted(entry: TickerEntry, t: datetime) -> TickerEntry:
    """A planned entry that press has not got yet, as if it arrived at `t`: for a desk's own preview."""
    if entry.intent is not Intent.PLANNED or entry.accepted_at is not None:
        return entry
    return replace(entry, accepted_at=t)
