"""What the ticker's desk shows of one day, read and worked out on a db-reader thread. No Qt in here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from editor.desk.read_models import ArticleView, Reader, TickerItem
from editor.domain.article import effective_status
from editor.domain.moments import zone_info
from editor.domain.newsroom import Newsroom, TickerRules
from editor.domain.people import Actor
from editor.domain.publication import ahead, first_released
from editor.domain.ticker import (
    Intent,
    Phase,
    Priority,
    PublicLine,
    TickerEntry,
    assumed_accepted,
    end_of,
    phase,
    public_list,
)
from editor.domain.ticker_rules import Gap, PlanWarning, gaps, next_free, warnings_for

BREAKING_DAYS = 30  # T-30
PIN_AT_MOST = timedelta(hours=24)  # T-05


@dataclass(frozen=True, slots=True)
class LinkedArticle:
    """The article that a line points at: its headline, and when it is public (None: not known to be)."""

    headline: str
    public_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayView:
    """One day as it was read. `entries` are all lines that take part in lists and distances, today's included."""

    day: date
    now: datetime
    newsroom: Newsroom
    actor: Actor
    items: tuple[TickerItem, ...]
    entries: tuple[TickerEntry, ...]
    warnings: Mapping[str, tuple[PlanWarning, ...]]
    gaps: tuple[Gap, ...]
    articles: Mapping[str, LinkedArticle]

    def item(self, entry_id: str) -> TickerItem | None:
        """The item of that id, None when the day does not hold it."""
        return next((item for item in self.items if item.entry.id == entry_id), None)

    def phase_of(self, entry: TickerEntry, now: datetime) -> Phase:
        """The entry's phase at `now`."""
        return phase(entry, self.newsroom, now)

    def free_from(self, wish: datetime, *, but: str = "", priority: Priority = Priority.NORMAL) -> datetime:
        """The first free minute from `wish` (T-07)."""
        return next_free(wish, self.entries, self.newsroom, self.now, but=but, priority=priority)


@dataclass(frozen=True, slots=True)
class PublicView:
    """The public list at a time, and the lines that `subject` pushes off it there (T-04)."""

    lines: tuple[PublicLine, ...]
    dropped: tuple[PublicLine, ...]


def day_bounds(day: date, zone: str) -> tuple[datetime, datetime]:
    """The instants at which that day of the zone begins and ends: 23, 24 or 25 hours apart."""
    info = zone_info(zone)
    return tuple(datetime.combine(day + timedelta(days=n), time(), info).astimezone(UTC)  # type: ignore[return-value]
                 for n in (0, 1))


def read_day(reader: Reader, day: date, now: datetime) -> DayView:
    """Everything that the desk paints of `day`, with the rules' findings worked out."""
    newsroom = reader.newsroom()
    items = tuple(reader.ticker_day(day))
    entries = _together((item.entry for item in items), reader.ticker_entries())
    begin, end = day_bounds(day, newsroom.zone)
    found = {item.entry.id: tuple(warnings_for(item.entry, entries, newsroom, now)) for item in items
             if phase(item.entry, newsroom, now) in (Phase.DRAFT, Phase.READY, Phase.PLANNED)}
    to_come = tuple(gap for gap in gaps(entries, newsroom, begin, end, now)
                  if gap.start + timedelta(minutes=gap.minutes) > now)
    articles = {}
    for article_id in {item.entry.article_id for item in items if item.entry.article_id}:
        view = reader.article(article_id)
        if view is not None:
            articles[article_id] = _linked(view, now)
    return DayView(day, now, newsroom, reader.actor(), items, entries, {k: v for k, v in found.items() if v}, to_come,
                   articles)


def read_breaking(reader: Reader, day: date) -> tuple[int, int]:
    """How many breaking lines started on `day`, and in the thirty days that end with it (T-30)."""
    zone = reader.newsroom().zone
    counts = []
    for back in range(BREAKING_DAYS):
        begin, end = day_bounds(day - timedelta(days=back), zone)
        counts.append(sum(1 for item in reader.ticker_day(day - timedelta(days=back))
                          if item.entry.priority is Priority.BREAKING and item.entry.start is not None
                          and item.entry.intent is Intent.PLANNED and begin <= item.entry.start.utc < end))
    return counts[0], sum(counts)


def public_at(view: DayView, t: datetime, subject: TickerEntry | None) -> PublicView:
    """The list as readers get it at `t`, lines that press has not got yet taken as arrived now.

    `subject` is the open line as it is being edited; it takes the place of the one that was read.
    """
    others = [assumed_accepted(entry, view.now) for entry in view.entries
              if subject is None or entry.id != subject.id]
    if subject is None:
        return PublicView(tuple(public_list(others, view.newsroom, t)), ())
    with_it = public_list([*others, assumed_accepted(subject, view.now)], view.newsroom, t)
    without = public_list(others, view.newsroom, t)
    kept = {line.id for line in with_it}
    return PublicView(tuple(with_it), tuple(line for line in without if line.id not in kept))


def as_planned(entry: TickerEntry, headline: str) -> TickerEntry:
    """The line as it would be with `headline`, taken as planned: for a preview of what is still being made."""
    wanted = Intent.PLANNED if entry.intent in (Intent.DRAFT, Intent.READY) else entry.intent
    return replace(entry, headline=headline, intent=wanted)


def pin_until(entry: TickerEntry, rules: TickerRules, now: datetime) -> datetime:
    """Until when a fresh pin holds: the line's end, and no more than a day (T-05)."""
    begin = entry.start.utc if entry.start is not None and entry.start.utc > now else now
    longest = begin + PIN_AT_MOST
    end = end_of(entry, rules)
    return min(end, longest) if end is not None and end > now else longest


def _together(*groups: Iterable[TickerEntry]) -> tuple[TickerEntry, ...]:
    found: dict[str, TickerEntry] = {}
    for group in groups:
        for entry in group:
            found.setdefault(entry.id, entry)
    return tuple(found.values())


def _linked(view: ArticleView, now: datetime) -> LinkedArticle:
    article = view.article
    find = first_released if effective_status(article, now).is_public else ahead
    out = find(article.live, now)
    return LinkedArticle(article.headline, None if out is None else out.release_at)
