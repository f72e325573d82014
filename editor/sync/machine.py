"""The protocol as a table: what may become of an outbox row, and which answer is which event.

Two rules stand above it. A sealed request is never rebuilt, not even with newer text: the server may already have it.
No answer is never a refusal: the row stays sealed and the same bytes are sent again.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Literal

from editor.sync.backend import Outcome, PushResult

RowState = Literal["pending", "sealed", "acked", "conflict", "parked", "superseded", "discarded"]


class Event(Enum):
    """What happens to a row."""

    SEAL = auto()
    APPLIED = auto()  # applied, duplicate, already
    STALE = auto()  # an upsert, delete or restore met a newer state: merged, then sent anew under a new key
    REFUSED = auto()  # a command met another state: a person is told
    REJECTED = auto()  # the server will never take this text as it is
    STALLED = auto()  # the server stumbles over this very request: it waits for a person, or a day
    RESUMED = auto()  # ... and goes again, byte for byte
    REVOKED = auto()  # a take-back that named it was acknowledged: it can never act any more
    GONE = auto()
    NO_ANSWER = auto()
    SUPERSEDE = auto()
    DISCARD = auto()


TABLE: dict[tuple[RowState, Event], RowState] = {
    ("pending", Event.SEAL): "sealed",
    ("pending", Event.SUPERSEDE): "superseded",
    ("pending", Event.DISCARD): "discarded",
    ("sealed", Event.APPLIED): "acked",
    ("sealed", Event.STALE): "superseded",
    ("sealed", Event.REFUSED): "conflict",
    ("sealed", Event.REJECTED): "parked",
    ("sealed", Event.GONE): "superseded",
    ("sealed", Event.NO_ANSWER): "sealed",
    ("sealed", Event.REVOKED): "superseded",
    ("sealed", Event.STALLED): "parked",
    ("parked", Event.RESUMED): "sealed",
    ("parked", Event.APPLIED): "acked",  # the feed brought it back: it had arrived after all
    ("parked", Event.REVOKED): "superseded",
    ("parked", Event.SUPERSEDE): "superseded",
    ("parked", Event.DISCARD): "discarded",
    ("conflict", Event.DISCARD): "discarded",
}


def next_state(state: RowState, event: Event) -> RowState:
    """The state after `event`. Raises `ValueError` for what cannot happen."""
    try:
        return TABLE[state, event]
    except KeyError as error:
        raise ValueError(f"a {state} row cannot take {event.name}") from error


STATE_VERBS = ("upsert", "delete", "restore")  # compared by base_rev; the others compare what their person saw


def event_of(verb: str, result: PushResult) -> Event:
    """Which event an answer is."""
    if result.outcome in (Outcome.APPLIED, Outcome.DUPLICATE):
        return Event.APPLIED
    if result.outcome is Outcome.GONE:
        return Event.GONE
    if verb in STATE_VERBS and result.outcome is Outcome.CONFLICT and result.code in ("stale_base", ""):
        return Event.STALE
    # Only a refused upsert parks its lane; everything else that is refused is told and done with (T9).
    return Event.REJECTED if verb == "upsert" else Event.REFUSED


FIRST_DELAY_S = 2.0
LONGEST_DELAY_S = 300.0
MOST_CONFLICTS = 5  # of one object, one after the other within the span: then it backs off
CONFLICT_SPAN_S = 600.0
STALL_TRIES = 8  # the same request, the server stumbled each time, over at least the span
STALL_SPAN_S = 3600.0
STALLED_FOR_S = 24 * 3600.0
FORBIDDEN_TRIES = 3  # roles change: only then it is parked
FORBIDDEN_SPAN_S = 600.0
QUARANTINE_S = 120.0  # after an unknown outcome, at a server that does not know a request again
LONGEST_STORED_WAIT_S = 300.0  # after a start or a jump of the wall clock


def retry_delay(attempts: int, chance: float) -> float:
    """Seconds to wait after `attempts` tries without an answer: full jitter; `chance` is a number in [0, 1)."""
    limit: float = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2 ** min(attempts, 12))
    return limit * chance


def rev_number(rev: str | None) -> int:
    """The counting part of a `rev` (`<n>-<hash>`), 0 for none; only revs of one server's history compare."""
    if not rev:
        return 0
    head = rev.split("-", 1)[0]
    return int(head) if head.isdigit() else 0
