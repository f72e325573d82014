"""What the reactions' desk reads: a queue in its order, its cards, the numbers of the shift. No Qt in here."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from editor.desk.read_models import ReactionItem, ReactionView, Reader
from editor.domain.people import Actor
from editor.domain.reaction import QueueState


class Queue(Enum):
    """The six lists of the desk, in the order of their keys; each holds the states that it is made of."""

    PENDING = (QueueState.PENDING,)
    REPORTED = (QueueState.REPORTED,)
    ESCALATED = (QueueState.ESCALATED,)
    LATER = (QueueState.DEFERRED,)
    DONE = (QueueState.APPROVED, QueueState.REJECTED, QueueState.SPAM)
    CONFLICT = (QueueState.CONFLICT,)

    @property
    def states(self) -> tuple[QueueState, ...]:
        """The states that stand in it."""
        states: tuple[QueueState, ...] = self.value
        return states


@dataclass(frozen=True, slots=True)
class DeskNumbers:
    """What stands beside the queues: how much is in each, how long the oldest waits, what has not been sent."""

    counts: dict[Queue, int]
    oldest: datetime | None
    unsent: int
    actor: Actor
    zone: str


def read_queue(reader: Reader, queue: Queue, words: str) -> Sequence[str]:
    """The ids of a queue in its order. The caller freezes them (M-03)."""
    parts = [reader.queue(state.value, words=words) for state in queue.states]
    if len(parts) == 1:
        return parts[0]
    return [one for part in parts for one in part]


def read_new(reader: Reader, queue: Queue, words: str, known: AbstractSet[str]) -> tuple[str, ...]:
    """Ids of the queue that the frozen list does not hold, in the queue's order."""
    return tuple(one for one in read_queue(reader, queue, words) if one not in known)


def read_numbers(reader: Reader) -> DeskNumbers:
    """Counts, the oldest that waits, and the decisions that have not left."""
    counted = reader.counts().queue
    first = reader.reaction_items(list(reader.queue(QueueState.PENDING.value, limit=1)))
    unsent = sum(1 for row in reader.outbox() if row.verb == "moderate")
    return DeskNumbers({queue: sum(counted.get(state.value, 0) for state in queue.states) for queue in Queue},
                       min((item.created_at for item in first), default=None), unsent, reader.actor(),
                       reader.newsroom().zone)


def read_items(reader: Reader, ids: Sequence[str]) -> tuple[ReactionItem, ...]:
    """The cards of these ids; what is gone is left out."""
    return tuple(reader.reaction_items(ids))


def read_views(reader: Reader, ids: Sequence[str]) -> tuple[ReactionView, ...]:
    """The open cards of these ids, to have the next ones at hand before they are asked for."""
    found = (reader.reaction(one) for one in ids)
    return tuple(view for view in found if view is not None)
