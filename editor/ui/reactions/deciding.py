"""Deciding at the speed of a key: shown at once, written behind it, taken back on screen when it is refused. GUI thread.

The rules are `domain`'s and the operations `desk`'s: nothing here says what may be decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal

from editor.base.clock import Clock
from editor.base.errors import EditorError
from editor.desk import reactions, settling, undo
from editor.desk.ports import UnitOfWork
from editor.desk.reactions import Seen, seen_of
from editor.desk.read_models import ReactionView
from editor.domain.changes import Outcome
from editor.domain.newsroom import reason as reason_of
from editor.domain.reaction import Decision, QueueState, ReactionStatus, Verb, state_with
from editor.runtime.workers import Door


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants of a reaction."""

    action: Verb
    reason: str | None = None
    note: str = ""


class Shift:
    """How much was judged since the desk was opened."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._first: float | None = None
        self.judged = 0

    def add(self, n: int) -> None:
        """Count decisions; negative for what was taken back."""
        if self._first is None:
            self._first = self._clock.monotonic()
        self.judged = max(0, self.judged + n)

    @property
    def per_hour(self) -> int:
        """The pace; of less than a minute's work nothing is said (0)."""
        spent = 0.0 if self._first is None else self._clock.monotonic() - self._first
        return round(self.judged * 3600 / spent) if spent >= 60 else 0


class Deciding(QObject):
    """Carries wishes to the writer. `failed` gives back the ids that must come back on screen, and why."""

    written = Signal(object)  # ids whose decisions are durable
    failed = Signal(object, object)  # ids, EditorError
    undone = Signal(object)  # ids that an undo brought back
    settled = Signal(str)  # id of a reaction whose conflict was settled

    def __init__(self, door: Door, clock: Clock, initiator: object, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door, self._clock, self._initiator = door, clock, initiator
        self._is_left = False

    def leave(self) -> None:
        """The desk goes: decisions are written all the same, their answers told to nobody."""
        self._is_left = True

    def will_be(self, view: ReactionView, wish: Wish) -> QueueState:
        """The state that a reaction will show once the wish is written."""
        action = Verb.ESCALATE if _escalates(wish) else wish.action
        now = self._clock.now()
        return state_with(view.reaction, Decision("", view.reaction.id, action, "", now, ""), now)

    def decide(self, view: ReactionView, wish: Wish) -> None:
        """Decide on what was seen."""
        one, seen = view.reaction.id, seen_of(view.reaction)
        self._write((one,), lambda work: reactions.decide(work, one, wish.action, seen=seen, reason=wish.reason,
                                                          note=wish.note))

    def decide_many(self, seen: Mapping[str, Seen], wish: Wish) -> None:
        """One decision on several, all or none, one step for undo (M-08)."""
        ids = tuple(seen)
        self._write(ids, lambda work: reactions.decide_many(work, ids, wish.action, seen=seen, reason=wish.reason,
                                                            note=wish.note))

    def undo(self) -> None:
        """Take back the last step on reactions: a whole bulk at once."""
        def operation(work: UnitOfWork) -> Outcome[tuple[str, ...]]:
            undone = undo.undo_latest(work, "reaction")
            return Outcome(undone.value.ids, undone.changes, undone.refusal)
        self._ask(operation, self.undone.emit, lambda error: self.failed.emit((), error))

    def settle(self, card_id: str, reaction_id: str, choice: str) -> None:
        """Answer a conflict (S-10)."""
        self._ask(lambda work: settling.settle(work, card_id, choice), lambda _: self.settled.emit(reaction_id),
                  lambda error: self.failed.emit((reaction_id,), error))

    def _write(self, ids: tuple[str, ...], operation: Callable[[UnitOfWork], Outcome[Any]]) -> None:
        self._ask(operation, lambda _: self.written.emit(ids), lambda error: self.failed.emit(ids, error))

    def _ask(self, operation: Callable[[UnitOfWork], Outcome[Any]], then: Callable[[Any], None],
             failed: Callable[[EditorError], None]) -> None:
        self._door.change(operation, lambda value: None if self._is_left else then(value),
                          lambda error: None if self._is_left else failed(error), initiator=self._initiator)


def back_to_queue(view: ReactionView) -> Wish:
    """`U`: an escalation is taken back, anything else goes back to the queue."""
    return Wish(Verb.DEESCALATE if view.reaction.escalation is not None else Verb.REQUEUE)


def approval(view: ReactionView, note: str = "") -> Wish:
    """`A`: what was refused before is restored (C1)."""
    refused = view.reaction.status in (ReactionStatus.TRASH, ReactionStatus.SPAM)
    return Wish(Verb.RESTORE if refused else Verb.APPROVE, note=note)


def _escalates(wish: Wish) -> bool:
    why = reason_of(wish.reason)
    return wish.action is Verb.REJECT and why is not None and why.escalates
