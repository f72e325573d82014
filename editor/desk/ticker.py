"""What may be done with ticker entries at home: plan, edit, pin, withdraw, import a block of lines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from editor.base.errors import Conflict, UserError
from editor.base.ids import new_id
from editor.base.messages import Message
from editor.desk import lanes
from editor.desk.ports import Entity, UndoRow, UnitOfWork
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import check_patch, ticker_document, ticker_patch, ticker_value
from editor.domain.moments import Moment, moment_from_wall, moment_of
from editor.domain.newsroom import Newsroom
from editor.domain.refusal import Refused
from editor.domain.ticker import Intent, Phase, TickerEntry, phase
from editor.domain.ticker_lines import TickerLine
from editor.domain.ticker_rules import check_right, check_shape


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """One line to plan: its headline and the moment it starts."""

    headline: str
    start: Moment


def held_entry(work: UnitOfWork, entry_id: str) -> tuple[Entity, TickerEntry]:
    """An entry's row and its value."""
    entity = lanes.held(work, "ticker", entry_id)
    return entity, ticker_value(entry_id, entity.doc)


def add_entry(work: UnitOfWork, entry: TickerEntry, *, on_late: str | None = None) -> Outcome[str]:
    """Make an entry here. `on_late` answers beforehand what to do with a start that has passed."""
    entry = replace(entry, id=new_id(), created_by=work.profile.actor().id)
    check_right(None, entry, work.profile.actor())
    check_shape(entry, work.profile.newsroom())
    lanes.write(work, Entity("ticker", entry.id, ticker_document(entry), on_late=on_late), Facet.ALL)
    _undoable(work, "add", (entry.id,), {})
    work.audit("plan", "ticker", entry.id, {})
    return Outcome(entry.id, work.changes())


def add_lines(work: UnitOfWork, lines: Iterable[PlannedLine], *, on_late: str | None = None) -> Outcome[tuple[str, ...]]:
    """Plan a block of lines in one step: all of them or none; one undo."""
    made = []
    for line in lines:
        entry = TickerEntry(new_id(), headline=line.headline, start=line.start, intent=Intent.PLANNED,
                            created_by=work.profile.actor().id)
        check_right(None, entry, work.profile.actor())
        check_shape(entry, work.profile.newsroom())
        lanes.write(work, Entity("ticker", entry.id, ticker_document(entry), on_late=on_late), Facet.ALL)
        made.append(entry.id)
    _undoable(work, "add", tuple(made), {})
    work.audit("import", "ticker", made[0] if made else "", {"lines": len(made)})
    return Outcome(tuple(made), work.changes())


def moments_for(lines: Iterable[TickerLine], day: date, newsroom: Newsroom) -> tuple[PlannedLine, ...]:
    """The lines on `day` of the newsroom's zone; those before midnight go to the day before (model 10).
    Raises `UserError` for a time that the clock skips or repeats that night."""
    planned = []
    for line in lines:
        on = day + timedelta(days=line.day_offset)
        wall = datetime(on.year, on.month, on.day, line.hour, line.minute)  # noqa: DTZ001 - a wall time, zoned next
        planned.append(PlannedLine(line.headline, moment_from_wall(wall, newsroom.zone)))
    return tuple(planned)


def change_entry(work: UnitOfWork, entry_id: str, changes: Mapping[str, Any], *, base_version: int | None = None,
                 on_late: str | None = None) -> Outcome[int]:
    """Change fields of an entry (wire form). The answer to lateness is forgotten when start or intent change, unless
    `on_late` gives a new one. Returns the row's counter."""
    entity, before = held_entry(work, entry_id)
    if base_version is not None and base_version != entity.version:
        raise Conflict("stale_version", Message("desk", "This was changed meanwhile: version {now}, not {then}.",
                                                {"now": entity.version, "then": base_version}))
    check_patch("ticker", changes)
    doc = {**entity.doc, **changes}
    after = ticker_value(entry_id, doc)
    check_right(before, after, work.profile.actor())
    check_shape(after, work.profile.newsroom())
    moved = after.start != before.start or after.intent is not before.intent
    answer = on_late if on_late is not None or moved else entity.on_late
    for card in work.conflicts.open(entry_id):
        if card.kind == "late" and (moved or on_late is not None):
            lanes.close_card(work, card, on_late or "moved")
    lanes.unpark(work, entry_id)
    written = lanes.write(work, replace(entity, doc=doc, on_late=answer), Facet.TEXT | Facet.TIME | Facet.STATUS)
    _undoable(work, "change", (entry_id,), {"before": {name: entity.doc.get(name) for name in changes},
                                            "after": dict(changes)})
    work.audit("change", "ticker", entry_id, {"fields": sorted(changes)})
    return Outcome(written.version, work.changes())


def stage_headline(work: UnitOfWork, entry_id: str, text: str | None) -> Outcome[None]:
    """Keep what is being typed over a planned line, without sending half a headline (model 4). None forgets it."""
    entity = lanes.held(work, "ticker", entry_id)
    if entity.staged != text:
        work.entities.put(replace(entity, staged=text))
        work.changed("ticker", entry_id, Facet.TEXT)
    return Outcome(None, work.changes())


def apply_staged(work: UnitOfWork, entry_id: str) -> Outcome[int]:
    """Ctrl+Enter: move the staged headline into the entry; only this makes it travel."""
    entity = lanes.held(work, "ticker", entry_id)
    text = entity.staged
    if text is None or text == entity.doc.get("headline"):
        stage_headline(work, entry_id, None)
        return Outcome(lanes.held(work, "ticker", entry_id).version, work.changes())
    if any(card.field == "headline" and card.blocking for card in work.conflicts.open(entry_id)):
        raise Conflict("conflict_open", Message("desk", "Two versions of this text are waiting for a choice."),
                       safe=Message("desk", "Both texts are kept."))
    work.entities.put(replace(entity, staged=None))
    return change_entry(work, entry_id, {"headline": text})


def withdraw_entry(work: UnitOfWork, entry_id: str) -> Outcome[None]:
    """Take a line off the ticker. Wins every merge, travels before everything else; undoable."""
    return withdraw_entries(work, (entry_id,))


def withdraw_entries(work: UnitOfWork, entry_ids: tuple[str, ...]) -> Outcome[None]:
    """Withdraw some lines in one undoable step (also *Ticker leeg*, T-24)."""
    before = {}
    for entry_id in entry_ids:
        entity, entry = held_entry(work, entry_id)
        if entry.intent is Intent.WITHDRAWN:
            continue
        check_right(entry, entry, work.profile.actor())
        before[entry_id] = entity.doc.get("intent")
        for card in work.conflicts.open(entry_id):
            if card.kind == "late":
                lanes.close_card(work, card, "lapsed")
        doc = {**entity.doc, "intent": Intent.WITHDRAWN.value}
        lanes.write(work, replace(entity, doc=doc, on_late=None), Facet.STATUS)
        work.audit("withdraw", "ticker", entry_id, {})
    if before:
        _undoable(work, "withdraw", tuple(before), {"intents": before})
    return Outcome(None, work.changes())


def publish_now(work: UnitOfWork, entry_id: str) -> Outcome[int]:
    """`L`: the start becomes now."""
    newsroom = work.profile.newsroom()
    start = moment_of(work.now().replace(second=0, microsecond=0), newsroom.zone)
    patch = ticker_patch(TickerEntry("", start=start, intent=Intent.PLANNED))
    return change_entry(work, entry_id, {"start": patch["start"], "intent": patch["intent"]})


def move_entry(work: UnitOfWork, entry_id: str, *, minutes: int = 0, days: int = 0) -> Outcome[int]:
    """Move a start: minutes move the instant, days keep the wall time (T-16)."""
    _, entry = held_entry(work, entry_id)
    if entry.start is None:
        raise Refused("type", Message("ticker", "A planned entry needs a time."))
    zone = entry.start.zone
    if minutes:
        start = moment_of(entry.start.utc + timedelta(minutes=minutes), zone)
    else:
        wall = datetime.fromisoformat(entry.start.wall) + timedelta(days=days)
        start = moment_from_wall(wall, zone, entry.start.fold)
    patch = ticker_patch(replace(entry, start=start))
    return change_entry(work, entry_id, {"start": patch["start"]})


def answer_late(work: UnitOfWork, entry_id: str, answer: str) -> Outcome[None]:
    """Settle a line that came too late: `now`, `as_planned`, or `lapse`."""
    if answer == "lapse":
        return withdraw_entry(work, entry_id)
    if answer not in ("now", "as_planned"):
        raise UserError("usage", Message("desk", "Answer with now, as_planned or lapse."))
    change_entry(work, entry_id, {}, on_late=answer)
    return Outcome(None, work.changes())


def live_entries(work: UnitOfWork, t: datetime) -> tuple[str, ...]:
    """Everything that stands on the ticker at `t`."""
    newsroom = work.profile.newsroom()
    entries = [ticker_value(e.id, e.doc) for e in work.entities.all("ticker")]
    return tuple(e.id for e in entries if phase(e, newsroom, t) is Phase.LIVE)


def _undoable(work: UnitOfWork, operation: str, entry_ids: tuple[str, ...], data: Mapping[str, Any]) -> None:
    work.undos.add(UndoRow(operation, "ticker", entry_ids[0] if entry_ids else "", work.now(),
                           work.profile.actor().id, {**data, "ids": list(entry_ids)}))
