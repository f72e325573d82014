"""Sending: which lanes are ready, sealing one request (T2), no answer (T3). What answers do stands in `answers.py`.

Nothing is sent before its sealing has committed, and a sealed request is never rebuilt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from editor.base.errors import UserError
from editor.base.ids import new_key
from editor.base.messages import Message
from editor.desk import lanes, quarantine, stalls
from editor.desk.ports import Attempt, Entity, OpState, OutboxRow, Standing, SyncState, UnitOfWork
from editor.domain.article import Action
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import SCHEMA_V
from editor.domain.newsroom import reason
from editor.domain.ticker import Intent
from editor.sync.backend import Op
from editor.sync.machine import LONGEST_DELAY_S, STATE_VERBS, Event, next_state, retry_delay
from editor.sync.merge_rules import difference, writable
from editor.sync.outbox import ORDER_TAKE_BACK, ORDER_TEXT, lane_order, seal

TEXT_IDLE = timedelta(seconds=5)
TEXT_LONGEST = timedelta(seconds=30)
WITHDRAWN_PATCH = {"intent": Intent.WITHDRAWN.value}


@dataclass(frozen=True, slots=True)
class Lane:
    """One object that has something to send."""

    kind: str
    entity_id: str
    order: tuple[int, int]
    since: datetime
    is_tried: bool = False  # without an answer: it waits for those that were not


def ready_lanes(work: UnitOfWork, *, force: bool = False) -> Outcome[tuple[Lane, ...]]:
    """The lanes that may send now, in the order in which they get their turn (B.4-2). `force` ends every grace and
    waiting (an explicit *send now*), never a back-off that the server asked for, nor a quarantine."""
    stalls.resume_due(work)
    now, me = work.now(), work.profile.actor().id
    found: dict[str, Lane] = {}
    waiting = work.outbox.in_states(OpState.PENDING, OpState.SEALED)
    held = quarantine.held(work, waiting, now)
    for row in waiting:
        if row.entity_id in held or row.actor_id != me or not _is_due(row, now, force=force) or not _may_pass(work, row, now):
            continue
        why = reason(row.command.get("reason"))
        order = lane_order(row.verb, str(row.command.get("action", "")), take_back=row.take_back,
                           urgent=why is not None and why.ground.overrules)
        known = found.get(row.entity_id)
        if known is None or order < known.order:
            found[row.entity_id] = Lane(row.kind, row.entity_id, order, row.created_at, row.attempts > 0)
    for state in work.syncs.with_standing(Standing.DIRTY, Standing.CONFLICT, Standing.PARKED):
        entity = work.entities.get(state.kind, state.entity_id)
        if entity is None or entity.id in held or (state.entity_id in found and not _withdraws(entity, state)):
            continue
        if _text_is_due(work, entity, state, now, force=force):
            order = (ORDER_TAKE_BACK if _withdraws(entity, state) else ORDER_TEXT, 0)
            found[entity.id] = Lane(entity.kind, entity.id, order, state.dirty_since or now)
    return Outcome(tuple(sorted(found.values(), key=lambda lane: (lane.order[0], lane.is_tried, lane.order, lane.since))), work.changes())


def _is_due(row: OutboxRow, now: datetime, *, force: bool) -> bool:
    return force or row.next_try_at is None or row.next_try_at <= now


def _may_pass(work: UnitOfWork, row: OutboxRow, now: datetime) -> bool:
    """Take-backs and decisions pass an open card and a parked lane; a late publish first asks again."""
    if row.take_back or row.verb == "moderate":
        return True
    if row.state is OpState.PENDING and _asks_again(work, row, now):
        return False
    state = work.syncs.get(row.entity_id)
    return row.state is OpState.SEALED or state is None or state.standing not in (Standing.CONFLICT, Standing.PARKED)


def _asks_again(work: UnitOfWork, row: OutboxRow, now: datetime) -> bool:
    """A publish or correct that could not leave within its hour waits for a person: still true? (model 3)."""
    if row.command.get("action") not in (Action.PUBLISH.value, Action.CORRECT.value):
        return False
    if now - row.created_at <= timedelta(minutes=work.profile.newsroom().ask_again_min):
        return False
    lanes.raise_card(work, row.entity_id, row.kind, "still_true", str(row.command["action"]), blocking=False,
                     op_id=row.op_id)
    return True


def _text_is_due(work: UnitOfWork, entity: Entity, state: SyncState, now: datetime, *, force: bool) -> bool:
    if entity.deleted or entity.kind not in ("article", "ticker", "newsroom", "list"):
        return False
    if _withdraws(entity, state):
        return True
    if state.standing is not Standing.DIRTY:
        return False
    if not force and _rests(state, now):
        return False
    if force or entity.kind != "article" or entity.saved_at is None:
        return True
    return now - entity.saved_at >= TEXT_IDLE or now - (state.dirty_since or now) >= TEXT_LONGEST


def _rests(state: SyncState, now: datetime) -> bool:
    """Whether it waits after conflicts; a clock that was set back makes no wait longer."""
    wait = float((state.adapter_state or {}).get(lanes.NEXT_TRY, 0.0)) - now.timestamp()
    return 0 < wait <= LONGEST_DELAY_S


def _withdraws(entity: Entity, state: SyncState) -> bool:
    """A ticker line taken off here that the server still shows (model 4)."""
    return (entity.kind == "ticker" and state.base_doc is not None and not entity.deleted
            and entity.doc.get("intent") == Intent.WITHDRAWN.value
            and state.base_doc.get("intent") != Intent.WITHDRAWN.value)


def seal_next(work: UnitOfWork, lane: Lane, *, force: bool = False) -> Outcome[OutboxRow | None]:
    """The request that this lane sends now: the one under way unchanged, or a new one, sealed here (T2)."""
    row = _seal(work, lane, force=force)
    return Outcome(row, work.changes())


def _seal(work: UnitOfWork, lane: Lane, *, force: bool) -> OutboxRow | None:
    now, me = work.now(), work.profile.actor().id
    waiting = work.outbox.lane(lane.entity_id, *lanes.WAITING)
    if quarantine.held(work, waiting, now):
        return None
    rows = [r for r in waiting if r.actor_id == me]
    back = next((r for r in rows if r.take_back), None)
    if back is not None:
        return back if back.state is OpState.SEALED else _seal_command(work, back, back.command)
    entity = work.entities.get(lane.kind, lane.entity_id)
    state = lanes.sync_of(work, entity) if entity is not None else None
    if entity is not None and state is not None and _withdraws(entity, state):
        return _seal_upsert(work, entity, state, WITHDRAWN_PATCH, take_back=True)
    under_way = next((r for r in rows if r.state is OpState.SEALED), None)
    if under_way is not None:
        # Newer text does not shorten the wait of the request before it.
        return under_way if _is_due(under_way, now, force=force) else None
    pending = [r for r in rows if _is_due(r, now, force=force)]
    if rows and (not pending or pending[0].op_id != rows[0].op_id):
        # The lane keeps its order: while its first command waits out its grace, nothing overtakes it.
        return None
    if pending and not _may_pass(work, pending[0], now):
        return None
    if pending:
        return _seal_first(work, entity, state, pending[0], force=force)
    if entity is None or state is None or not _text_is_due(work, entity, state, now, force=force):
        return None
    patch = difference(entity.kind, state.base_doc, entity.doc)
    return _seal_upsert(work, entity, state, patch) if patch or state.base_doc is None else None


def _seal_first(work: UnitOfWork, entity: Entity | None, state: SyncState | None, row: OutboxRow, *,
                force: bool) -> OutboxRow | None:
    """A step sends the text it was given for first, then itself (model 3)."""
    if row.verb == "transition" and row.snapshot is not None and entity is not None and state is not None:
        patch = difference(entity.kind, state.base_doc, row.snapshot)
        if patch or state.base_doc is None:
            rests = not force and _rests(state, work.now())
            return None if rests else _seal_upsert(work, entity, state, patch)
    return _seal_command(work, row, row.command)


def _seal_command(work: UnitOfWork, row: OutboxRow, command: Mapping[str, Any]) -> OutboxRow:
    state = work.syncs.get(row.entity_id)
    base_rev = state.base_rev if state is not None else None
    sealed = seal(op_id=row.op_id, entity_id=row.entity_id, kind=row.kind, verb=row.verb,
                  base_rev=base_rev if row.verb in STATE_VERBS else None, command=command)
    frozen = replace(row, state=OpState(next_state("pending", Event.SEAL)), base_rev=base_rev, body=sealed.body,
                     body_hash=sealed.body_hash, schema_v=SCHEMA_V, next_try_at=None)
    work.outbox.put(frozen)
    work.changed(row.kind, row.entity_id, Facet.SYNC)
    return frozen


def _seal_upsert(work: UnitOfWork, entity: Entity, state: SyncState, patch: Mapping[str, Any], *,
                 take_back: bool = False) -> OutboxRow:
    op_id = new_key()
    command = {"on_late": entity.on_late} if entity.on_late else {}
    sealed = seal(op_id=op_id, entity_id=entity.id, kind=entity.kind, verb="upsert", base_rev=state.base_rev,
                  patch=patch, command=command)
    row = OutboxRow(op_id=op_id, entity_id=entity.id, kind=entity.kind, verb="upsert", state=OpState.SEALED,
                    actor_id=work.profile.actor().id, created_at=work.now(), command=command, schema_v=SCHEMA_V,
                    base_rev=state.base_rev, patch=dict(patch), body=sealed.body, body_hash=sealed.body_hash,
                    sealed_version=entity.version, take_back=take_back)
    work.changed(entity.kind, entity.id, Facet.SYNC)
    return work.outbox.add(row)


def sealed(work: UnitOfWork, op_id: str) -> Outcome[OutboxRow | None]:
    """The sealed row as it is on disk, about to be sent: what is sent is what was committed, nothing else. That it was
    not sent before is no longer said of it: from here on it may be on its way."""
    row = work.outbox.get(op_id)
    if row is None or row.state is not OpState.SEALED:
        return Outcome(None, work.changes())
    if row.last_error and not row.attempts:
        row = replace(row, last_error=None)
        work.outbox.put(row)
        work.changed(row.kind, row.entity_id, Facet.SYNC)
    return Outcome(row, work.changes())


def as_op(row: OutboxRow) -> Op:
    """The sealed row as the adapter takes it."""
    assert row.body is not None
    assert row.body_hash is not None
    return Op(row.op_id, row.entity_id, row.kind, row.verb, row.base_rev, row.schema_v, row.body, row.body_hash,
              row.actor_id)


def note_not_sent(work: UnitOfWork, op_id: str, why: str, *, started_at: datetime) -> Outcome[None]:
    """The connection was refused before the first byte left. The row stays sealed and counts no attempt: what had no
    unknown outcome has none now. Whoever sends waits before the next try; the row itself is due."""
    row = work.outbox.get(op_id)
    work.outbox.note_attempt(Attempt(op_id, started_at, work.now(), "not sent", why[:200]))
    if row is not None and row.state is OpState.SEALED:
        work.outbox.put(replace(row, last_error=why[:200], next_try_at=None))
        work.changed(row.kind, row.entity_id, Facet.SYNC)
    return Outcome(None, work.changes())


def note_no_answer(work: UnitOfWork, op_id: str, why: str, *, started_at: datetime, chance: float,
                   retry_after: float | None = None) -> Outcome[float]:
    """T3: outcome unknown. The row stays sealed, the same bytes go again later; one over which the server has stumbled
    too often is laid aside with a card. Returns the delay in seconds."""
    row = work.outbox.get(op_id)
    work.outbox.note_attempt(Attempt(op_id, started_at, work.now(), "no answer", why[:200]))
    if row is None or row.state is not OpState.SEALED:
        return Outcome(0.0, work.changes())
    delay = retry_after if retry_after is not None else retry_delay(row.attempts, chance)
    delay = max(delay, quarantine.shortest_wait(work))
    row = replace(row, attempts=row.attempts + 1, last_error=why[:200],
                  next_try_at=work.now() + timedelta(seconds=delay))
    work.outbox.put(row)
    work.changed(row.kind, row.entity_id, Facet.SYNC)
    if stalls.is_poison(work, row):
        stalls.lay_aside(work, row)
    return Outcome(delay, work.changes())


def note_forbidden(work: UnitOfWork, op_id: str, *, started_at: datetime) -> Outcome[None]:
    """The server says that this person may not. Roles change: it is tried again, and parked when it stays so."""
    row = work.outbox.get(op_id)
    work.outbox.note_attempt(Attempt(op_id, started_at, work.now(), "rejected", stalls.FORBIDDEN))
    if row is None or row.state is not OpState.SEALED:
        return Outcome(None, work.changes())
    row = replace(row, attempts=row.attempts + 1, last_error=stalls.FORBIDDEN,
                  next_try_at=work.now() + timedelta(seconds=LONGEST_DELAY_S))
    work.outbox.put(row)
    work.changed(row.kind, row.entity_id, Facet.SYNC)
    return park(work, op_id, stalls.FORBIDDEN) if stalls.is_forbidden_for_good(work, row) else Outcome(None, work.changes())


def rearm(work: UnitOfWork, *, is_start: bool) -> Outcome[None]:
    """After a start or a jump of the wall clock: no stored wait lasts longer than some minutes."""
    stalls.rearm(work)
    quarantine.rearm(work, is_start=is_start)
    return Outcome(None, work.changes())


def park(work: UnitOfWork, op_id: str, why: str) -> Outcome[None]:
    """The server calls the request itself wrong: it waits for a person, other lanes go on."""
    row = work.outbox.get(op_id)
    if row is not None and row.state is OpState.SEALED:
        work.outbox.put(replace(row, state=OpState.PARKED, last_error=why[:200], attempts=row.attempts + 1))
        lanes.raise_card(work, row.entity_id, row.kind, "rejected", row.verb, mine=row.patch, blocking=False,
                         theirs=why[:200], op_id=op_id)
        lanes.refresh(work, row.kind, row.entity_id)
    return Outcome(None, work.changes())


def retry_parked(work: UnitOfWork, op_id: str) -> Outcome[None]:
    """*Try now*: a parked upsert is derived anew from the working text, a waiting row is due at once, one that may have
    arrived goes as it is."""
    row = work.outbox.get(op_id)
    if row is None:
        return Outcome(None, work.changes())
    if lanes.is_stalled(row):
        if not stalls.resume(work, row):
            raise UserError("busy", Message("desk", "Something else about this is on its way. Try again in a moment."))
    elif row.state is OpState.PARKED:
        lanes.drop(work, row)
        if row.verb != "upsert":
            lanes.queue_command(work, row.entity_id, row.kind, row.verb, row.command, snapshot=row.snapshot,
                                take_back=row.take_back)
    elif quarantine.held(work, [row], work.now()):
        raise UserError("busy", Message("desk", "Whether this has arrived is not known yet."),
                        fix=Message("desk", "It goes again by itself, within a few minutes."))
    elif row.state in lanes.WAITING:
        work.outbox.put(replace(row, next_try_at=work.now()))
    lanes.close_rejected(work, row, "retried")
    lanes.refresh(work, row.kind, row.entity_id)
    return Outcome(None, work.changes())


def discard(work: UnitOfWork, op_id: str) -> Outcome[None]:
    """Give a request up. The text of a refused one goes to the versions, and what the server has stands again; a
    sealed one cannot be given up, since the server may already have it. Raises `UserError` for a step that was laid
    aside: a late copy of it could still act, which only an undoing or a withdrawal prevents."""
    row = work.outbox.get(op_id)
    if row is not None and row.verb == "transition" and lanes.is_stalled(row):
        raise UserError("too_late", Message("desk", "This step may have arrived already."),
                        fix=Message("desk", "Undo it, or withdraw the article: then it can never act."))
    if row is not None and row.state in (OpState.PENDING, OpState.PARKED, OpState.CONFLICT):
        entity = work.entities.get(row.kind, row.entity_id)
        if entity is not None:
            lanes.keep_revision(work, entity, "discarded")
        lanes.drop(work, row, OpState.DISCARDED)
        lanes.close_rejected(work, row, "discarded")
        if entity is not None and row.state is OpState.PARKED and row.verb == "upsert":
            base = lanes.sync_of(work, entity).base_doc
            doc = entity.doc if base is None else {**entity.doc, **writable(entity.kind, base)}
            lanes.write(work, replace(entity, doc=doc, deleted=base is None), Facet.ALL)
        if row.verb == "moderate":
            work.reactions.refresh(row.entity_id)
        lanes.refresh(work, row.kind, row.entity_id)
    return Outcome(None, work.changes())
