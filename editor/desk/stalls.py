"""Requests over which the server stumbles again and again: put before a person, never in anybody's way (sync B.11).

What became of such a request is unknown, so it is kept as it is: it goes again byte for byte, by hand or after a day. A
step that may lead outside goes by hand alone; a take-back is never laid aside.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import takewhile

from editor.desk import lanes
from editor.desk.ports import Attempt, OpState, OutboxRow, UnitOfWork
from editor.domain.changes import Facet
from editor.sync.machine import (
    FORBIDDEN_SPAN_S,
    FORBIDDEN_TRIES,
    LONGEST_STORED_WAIT_S,
    STALL_SPAN_S,
    STALL_TRIES,
    STALLED_FOR_S,
    Event,
    next_state,
)

STALLED, FORBIDDEN = "server_error", "forbidden"  # codes of cards
TAKEN = ("applied", "duplicate")


def is_poison(work: UnitOfWork, row: OutboxRow) -> bool:
    """Whether the server has stumbled over this request alone, often and for long, while it took others."""
    run = _run(work, row, lambda tried: tried.excerpt.startswith(lanes.STUMBLED))
    if len(run) < STALL_TRIES or not _lasted(run, STALL_SPAN_S):
        return False
    return any(tried.result in TAKEN and tried.op_id != row.op_id and tried.ended_at >= run[-1].started_at
               for tried in work.outbox.attempts(limit=1_000))


def is_forbidden_for_good(work: UnitOfWork, row: OutboxRow) -> bool:
    """Whether the server has forbidden this request often enough that no change of roles is under way."""
    run = _run(work, row, lambda tried: tried.excerpt == FORBIDDEN)
    return len(run) >= FORBIDDEN_TRIES and _lasted(run, FORBIDDEN_SPAN_S)


def _run(work: UnitOfWork, row: OutboxRow, of: Callable[[Attempt], bool]) -> list[Attempt]:
    return list(takewhile(of, work.outbox.attempts(row.op_id, limit=1_000)))


def _lasted(run: list[Attempt], seconds: float) -> bool:
    return run[0].ended_at - run[-1].started_at >= timedelta(seconds=seconds)


def lay_aside(work: UnitOfWork, row: OutboxRow) -> None:
    """Park the lane with a card. A take-back only gets the card: it is sent on and on."""
    if not row.take_back:
        again = None if row.verb == "transition" else work.now() + timedelta(seconds=STALLED_FOR_S)
        work.outbox.put(replace(row, state=OpState(next_state("sealed", Event.STALLED)), next_try_at=again))
    lanes.raise_card(work, row.entity_id, row.kind, "rejected", str(row.command.get("action", row.verb)),
                     mine=row.patch, blocking=False, code=STALLED, op_id=row.op_id)
    lanes.refresh(work, row.kind, row.entity_id)


def resume(work: UnitOfWork, row: OutboxRow) -> bool:
    """Send it again as it is. False while another request of the lane is under way."""
    if any(other.take_back == row.take_back for other in work.outbox.lane(row.entity_id, OpState.SEALED)):
        return False
    work.outbox.put(replace(row, state=OpState(next_state("parked", Event.RESUMED)), next_try_at=work.now()))
    work.changed(row.kind, row.entity_id, Facet.SYNC)
    return True


def resume_due(work: UnitOfWork) -> None:
    """What was laid aside a day ago goes once more by itself."""
    for row in work.outbox.in_states(OpState.PARKED):
        if lanes.is_stalled(row) and row.next_try_at is not None and row.next_try_at <= work.now() and resume(work, row):
            lanes.refresh(work, row.kind, row.entity_id)


def rearm(work: UnitOfWork) -> None:
    """After a start or a jump of the wall clock no stored wait lasts longer than some minutes (model 2)."""
    latest = work.now() + timedelta(seconds=LONGEST_STORED_WAIT_S)
    for row in work.outbox.in_states(OpState.PENDING, OpState.SEALED):
        if row.next_try_at is not None and row.next_try_at > latest:
            work.outbox.put(replace(row, next_try_at=latest))
            work.changed(row.kind, row.entity_id, Facet.SYNC)
