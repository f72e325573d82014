"""What each answer of the server does, in one transaction (T4, T5, T9)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from editor.desk import lanes, unreadable
from editor.desk.ports import Attempt, Entity, OpState, OutboxRow, UnitOfWork
from editor.desk.pulling import (
    WRITTEN_HERE,
    adopt_read_only,
    answered,
    apply_stash,
    ask_about_deletion,
    drop_reaction,
    keep_public,
    mark_gone,
    take_reaction,
    take_state,
    tell_off_schedule,
)
from editor.domain.changes import Facet, Outcome
from editor.sync.backend import PushResult, RemoteDoc
from editor.sync.machine import (
    CONFLICT_SPAN_S,
    MOST_CONFLICTS,
    Event,
    event_of,
    next_state,
    retry_delay,
    rev_number,
)

STALE = "stale_base"  # the code of an answer that had something newer


def resolve(work: UnitOfWork, op_id: str, result: PushResult, *, started_at: datetime,
            chance: float = 0.0) -> Outcome[Event]:
    """What an answer does, in one transaction. `chance`, in [0, 1), spreads the back-off of a thing in conflict."""
    row = work.outbox.get(op_id)
    event = event_of(row.verb, result) if row is not None else Event.APPLIED
    work.outbox.note_attempt(Attempt(op_id, started_at, work.now(), result.outcome.value, result.code))
    if row is None or row.state is not OpState.SEALED:
        return Outcome(event, work.changes())  # the feed was quicker
    if result.doc is not None and not unreadable.can_read(result.doc):
        unreadable.set_aside(work, result.doc)
        result = replace(result, doc=None)
        if event in (Event.STALE, Event.GONE):
            return _park_unread(work, row, event)
    elif result.doc is not None:
        unreadable.read_at_last(work, row.entity_id)
    settled = replace(row, state=OpState(next_state("sealed", event)), attempts=row.attempts + 1,
                      last_error=STALE if event is Event.STALE else result.code or None)
    work.outbox.put(settled)
    _BY_EVENT[event](work, settled, result)
    lanes.refresh(work, row.kind, row.entity_id)
    apply_stash(work, row.kind, row.entity_id)
    if event is Event.STALE:
        _back_off(work, row, chance)
    return Outcome(event, work.changes())


def _park_unread(work: UnitOfWork, row: OutboxRow, event: Event) -> Outcome[Event]:
    """What stands there cannot be read, so nothing can be merged with it: the lane waits for its next version."""
    work.outbox.put(replace(row, state=OpState(next_state("sealed", Event.REJECTED)), attempts=row.attempts + 1,
                            last_error=unreadable.UNREADABLE))
    lanes.refresh(work, row.kind, row.entity_id)
    return Outcome(event, work.changes())


def _back_off(work: UnitOfWork, row: OutboxRow, chance: float) -> None:
    """After too many conflicts of one thing in a short time it waits, ever longer: two desks that write in turn must
    not chase each other for ever (B.4-6)."""
    since = work.now() - timedelta(seconds=CONFLICT_SPAN_S)
    settled = [r for r in work.outbox.lane(row.entity_id) if r.verb == row.verb and r.state is not OpState.SEALED]
    run = list(takewhile(lambda r: r.last_error == STALE and r.created_at >= since, reversed(settled)))
    state = work.syncs.get(row.entity_id)
    if len(run) >= MOST_CONFLICTS and state is not None:
        until = work.now().timestamp() + retry_delay(len(run), chance)
        work.syncs.put(replace(state, adapter_state={**(state.adapter_state or {}), lanes.NEXT_TRY: until}))


def _applied(work: UnitOfWork, row: OutboxRow, result: PushResult) -> None:
    """T4. An upsert's base is the old base with the patch that was sent, never the working text."""
    if row.verb == "moderate":
        if result.doc is not None:
            take_reaction(work, result.doc)
        work.reactions.refresh(row.entity_id)
        if result.code == "superseded":
            lanes.raise_card(work, row.entity_id, "reaction", "note", "superseded", blocking=False, op_id=row.op_id)
        work.changed("reaction", row.entity_id, Facet.DECISION | Facet.SYNC)
        return
    if row.verb == "transition":
        lanes.revoke(work, row)
        if result.doc is not None:
            _take_answer(work, result.doc)
            keep_public(work, row, result.doc)
        return
    entity = work.entities.get(row.kind, row.entity_id)
    if entity is not None and row.verb == "delete":
        mark_gone(work, entity, result.rev)
    elif entity is not None and row.verb == "upsert":
        _acknowledged(work, entity, row, result)
    elif result.doc is not None:
        take_state(work, result.doc)
    # A restored thing without its text is taken in from the feed: ours may be older than what was deleted.


def _acknowledged(work: UnitOfWork, entity: Entity, row: OutboxRow, result: PushResult) -> None:
    entity = answered(entity, row)
    state = lanes.sync_of(work, entity)
    if rev_number(result.rev) <= rev_number(state.base_rev):
        # A copy's answer about a state that was overtaken here: the base never runs back.
        lanes.take_in(work, entity, Facet.SYNC)
        return
    base = {**(state.base_doc or {}), **(row.patch or {}), **result.fields}
    work.syncs.put(replace(state, base_doc=base, base_rev=result.rev, dirty_since=None,
                           adapter_state={WRITTEN_HERE: result.rev}))
    tell_off_schedule(work, entity, result.fields)
    adopt_read_only(work, entity, result.fields)


def _take_answer(work: UnitOfWork, doc: RemoteDoc) -> None:
    others = [r for r in work.outbox.lane(doc.entity_id, OpState.SEALED) if r.verb != "transition"]
    take_state(work, doc, wait=bool(others))


def _stale(work: UnitOfWork, row: OutboxRow, result: PushResult) -> None:
    """T5: the server had something newer; merge it, and the lane tries again with a new request."""
    if result.doc is not None:
        take_state(work, result.doc)


def _refused(work: UnitOfWork, row: OutboxRow, result: PushResult) -> None:
    """T9: later commands of the lane fall (never a take-back), the server's state stands, one card tells."""
    for later in work.outbox.lane(row.entity_id, OpState.PENDING):
        if not later.take_back and later.seq > row.seq:
            lanes.drop(work, later, why="after a refusal")
    if row.verb == "moderate":
        if result.doc is not None:
            take_reaction(work, result.doc)
        work.reactions.refresh(row.entity_id)
        work.changed("reaction", row.entity_id, Facet.DECISION | Facet.SYNC)
        if result.code == "disputed":
            return  # the dispute itself is the card
    elif result.doc is not None:
        _take_answer(work, result.doc)
    if row.verb in ("delete", "restore"):
        _put_back(work, row, result)
    lanes.raise_card(work, row.entity_id, row.kind, "refused", str(row.command.get("action", row.verb)),
                     mine=row.command.get("publish_at"), blocking=False, code=result.code, op_id=row.op_id)


def _rejected(work: UnitOfWork, row: OutboxRow, result: PushResult) -> None:
    """Only a refused upsert parks a lane. A ticker line that came too late asks its planner."""
    if result.doc is not None:
        take_state(work, result.doc)
    if result.code == "late":
        work.outbox.put(replace(row, state=OpState.SUPERSEDED))
        lanes.raise_card(work, row.entity_id, row.kind, "late", "start", mine=(row.patch or {}).get("start"),
                         code="late", op_id=row.op_id)
        return
    lanes.raise_card(work, row.entity_id, row.kind, "rejected", row.verb, mine=row.patch, blocking=False,
                     code=result.code, theirs=result.message, op_id=row.op_id)


def _gone(work: UnitOfWork, row: OutboxRow, result: PushResult) -> None:
    """The object was deleted on the server: unsent work keeps its text and asks, the rest goes to the bin. A server
    that never had it (a restored back-up) gets it anew."""
    if result.doc is not None and result.doc.doc is not None:
        _refused(work, row, replace(result, code="status"))  # an old answer told again: it is back since
        return
    if row.verb == "moderate":
        drop_reaction(work, row.entity_id)
        return
    entity = work.entities.get(row.kind, row.entity_id)
    if entity is None:
        return
    if result.doc is None:
        work.syncs.put(replace(lanes.sync_of(work, entity), base_doc=None, base_rev=None, adapter_state=None))
        return
    take_state(work, replace(result.doc, doc=None), ask=row.verb in ("upsert", "transition"))
    entity = lanes.held(work, row.kind, row.entity_id)
    is_asked = any(card.kind == "deleted" for card in work.conflicts.open(entity.id))
    if row.verb == "upsert" and not entity.deleted and not is_asked:
        ask_about_deletion(work, entity, result.doc)


def _put_back(work: UnitOfWork, row: OutboxRow, result: PushResult) -> None:
    """A refused deletion or restoring: here it stands again as it does there."""
    entity = work.entities.get(row.kind, row.entity_id)
    if entity is not None:
        is_gone = result.doc.doc is None if result.doc is not None else row.verb == "restore"
        lanes.take_in(work, replace(entity, deleted=is_gone), Facet.ALL)


_BY_EVENT: Mapping[Event, Callable[[UnitOfWork, OutboxRow, PushResult], None]] = {
    Event.APPLIED: _applied, Event.STALE: _stale, Event.REFUSED: _refused, Event.REJECTED: _rejected,
    Event.GONE: _gone,
}
