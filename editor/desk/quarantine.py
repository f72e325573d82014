"""What may have arrived at a server that acts twice on what it gets twice: nothing follows it until it is surely over.

A server with keys answers a copy; one without them may still be busy with a request whose sender has long gone away.
Until then nothing else is sent about the same object, whoever asks (sync design W5).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from editor.desk.ports import OpState, OutboxRow, UnitOfWork
from editor.domain.changes import Facet
from editor.sync.backend import Caps
from editor.sync.machine import QUARANTINE_S

KEYLESS = "keyless"  # in the profile's facts: the server does not know a request again


def heard(work: UnitOfWork, caps: Caps) -> None:
    """Note what the bound server guarantees."""
    said = "" if caps & Caps.IDEMPOTENCY else "1"
    if (work.profile.get(KEYLESS) or "") != said:
        work.profile.put(KEYLESS, said)


def is_needed(work: UnitOfWork) -> bool:
    """Whether the bound server could act twice on one request."""
    return work.profile.get(KEYLESS) == "1"


def held(work: UnitOfWork, rows: Iterable[OutboxRow], now: datetime) -> frozenset[str]:
    """The objects about which nothing may be sent now."""
    if not is_needed(work):
        return frozenset()
    return frozenset(row.entity_id for row in rows if _is_unknown(row) and (row.next_try_at or now) > now)


def shortest_wait(work: UnitOfWork) -> float:
    """Seconds that a request whose outcome is unknown waits at least."""
    return QUARANTINE_S if is_needed(work) else 0.0


def rearm(work: UnitOfWork, *, is_start: bool) -> None:
    """After a start: what was sealed may have left before the program ended. After a jump of the wall clock: the wait
    begins anew, since nobody knows how much of it has passed."""
    if not is_needed(work):
        return
    until = work.now() + timedelta(seconds=QUARANTINE_S)
    for row in work.outbox.in_states(OpState.SEALED):
        if _may_have_left(row) if is_start else _is_unknown(row):
            work.outbox.put(replace(row, attempts=max(row.attempts, 1), next_try_at=until))
            work.changed(row.kind, row.entity_id, Facet.SYNC)


def _is_unknown(row: OutboxRow) -> bool:
    return row.state is OpState.SEALED and row.attempts > 0


def _may_have_left(row: OutboxRow) -> bool:
    """Sealed, and neither answered nor refused a connection: `last_error` says of the latter that it never left."""
    return row.attempts == 0 and row.last_error is None
