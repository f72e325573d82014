"""What the ticker's desk asks of the data: each act is one operation through the door. GUI thread.

Nothing is decided here: `domain` has the rules, `desk` the operations; a refusal comes back as a sentence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from editor.base.errors import EditorError
from editor.desk import conflicts, settling, ticker, undo
from editor.desk.ports import UnitOfWork
from editor.desk.read_models import TickerItem
from editor.desk.ticker import PlannedLine
from editor.domain.changes import Outcome
from editor.domain.documents import ticker_patch
from editor.domain.moments import Moment
from editor.domain.ticker import Intent, Pin, Priority, TickerEntry
from editor.domain.ticker_rules import OnLate
from editor.runtime.workers import Door
from editor.ui.ticker.typed_times import TypedEnd

Failed = Callable[[EditorError], None]


class TickerActs(QObject):
    """The acts. `made` tells the id of a line that was made, or brought back by an undo."""

    made = Signal(str)
    refused = Signal(object)  # EditorError

    def __init__(self, door: Door, initiator: object, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._door = door
        self._initiator = initiator
        self._is_left = False

    def leave(self) -> None:
        """The desk goes: answers that are still under way are told to nobody."""
        self._is_left = True

    def add(self, entry: TickerEntry, on_late: str | None = None) -> None:
        """Make a line."""
        self._door.change(lambda work: ticker.add_entry(work, entry, on_late=on_late), self._tell_made, self._refuse,
                          initiator=self._initiator)

    def add_block(self, lines: tuple[PlannedLine, ...], then: Callable[[], None]) -> None:
        """Plan a whole list, all or nothing; lines of the past go in with their own time."""
        def done(ids: tuple[str, ...]) -> None:
            if ids and not self._is_left:
                then()
                self.made.emit(ids[0])
        self._door.change(lambda work: ticker.add_lines(work, lines, on_late=OnLate.AS_PLANNED), done,
                          self._refuse, initiator=self._initiator)

    def stage(self, entry_id: str, text: str) -> None:
        """Keep what is being typed on this computer."""
        self._do(lambda work: ticker.stage_headline(work, entry_id, text))

    def update(self, item: TickerItem, text: str) -> None:
        """Ctrl+Enter: a planned line takes its new text; any other line is planned with it."""
        entry = item.entry

        def operation(work: UnitOfWork) -> Outcome[int]:
            ticker.stage_headline(work, entry.id, text)
            if entry.intent is Intent.PLANNED:
                return ticker.apply_staged(work, entry.id)
            ticker.stage_headline(work, entry.id, None)
            return ticker.change_entry(work, entry.id, {"headline": text, "intent": Intent.PLANNED.value})
        self._do(operation)

    def keep(self, item: TickerItem, text: str) -> None:
        """Ctrl+S: a line that is not planned keeps its text; over a planned line it stays staged."""
        entry = item.entry
        if entry.intent is Intent.PLANNED:
            self.stage(entry.id, text)
            return

        def operation(work: UnitOfWork) -> Outcome[int]:
            ticker.stage_headline(work, entry.id, None)
            return ticker.change_entry(work, entry.id, {"headline": text})
        self._do(operation)

    def start_at(self, entry_id: str, start: Moment, failed: Failed | None = None) -> None:
        """Give a line another start."""
        self._change(TickerEntry(entry_id, start=start), "start", failed=failed)

    def plan_at(self, entry_id: str, start: Moment, on_late: str) -> None:
        """Give a line a start that has passed, with the answer to its lateness."""
        self._change(TickerEntry(entry_id, start=start), "start", on_late=on_late)

    def end_at(self, entry_id: str, end: TypedEnd) -> None:
        """Give a line another end."""
        self._change(TickerEntry(entry_id, end=end.end, ttl_min=end.ttl_min), "end", "ttl_min")

    def weigh(self, entry_id: str, priority: Priority) -> None:
        """Give a line another priority."""
        self._change(TickerEntry(entry_id, priority=priority), "priority")

    def pin(self, entry_id: str, pin: Pin | None) -> None:
        """Pin a line, or let it go."""
        self._change(TickerEntry(entry_id, pin=pin), "pin")

    def link(self, entry_id: str, article_id: str, url: str) -> None:
        """Point a line at an article or an address."""
        self._change(TickerEntry(entry_id, article_id=article_id, url=url), "article_id", "url")

    def move(self, entry_id: str, failed: Failed, *, minutes: int = 0, days: int = 0) -> None:
        """Move a start: minutes move the instant, days keep the wall time (T-16)."""
        self._do(lambda work: ticker.move_entry(work, entry_id, minutes=minutes, days=days), failed)

    def publish_now(self, entry_id: str) -> None:
        """The start becomes now."""
        self._do(lambda work: ticker.publish_now(work, entry_id))

    def withdraw(self, *entry_ids: str) -> None:
        """Take lines off, in one undoable step."""
        self._do(lambda work: ticker.withdraw_entries(work, entry_ids))

    def clear(self, also: tuple[str, ...]) -> None:
        """*Ticker leeg*: everything live at the moment it is done, and the planned lines that were ticked (T-24)."""
        self._do(lambda work: ticker.withdraw_entries(work, (*ticker.live_entries(work, work.now()), *also)))

    def duplicate(self, entry: TickerEntry, start: Moment | None) -> None:
        """A draft with the same words, at a free moment."""
        self.add(replace(entry, start=start, end=None, pin=None, intent=Intent.DRAFT, accepted_at=None,
                         accepted_start=None, as_planned=False, as_run=None, approved_by=""))

    def answer_late(self, item: TickerItem, choice: str) -> None:
        """Answer a line that came too late, by its card where it has one."""
        card = next((card for card in item.conflicts if card.kind == "late"), None)
        if card is not None:
            card_id = card.id
            self._do(lambda work: settling.settle(work, card_id, choice))
        else:
            answer = {conflicts.MINE: "now", conflicts.BOTH: "as_planned"}.get(choice, "lapse")
            self._do(lambda work: ticker.answer_late(work, item.entry.id, answer))

    def undo(self) -> None:
        """Take back the last thing done on the ticker."""
        self._door.change(lambda work: undo.undo_latest(work, "ticker"), lambda row: self._tell_made(row.entity_id),
                          self._refuse, initiator=self._initiator)

    def _change(self, entry: TickerEntry, *fields: str, on_late: str | None = None,
                failed: Failed | None = None) -> None:
        patch = ticker_patch(entry)
        changes = {name: patch[name] for name in fields}
        self._do(lambda work: ticker.change_entry(work, entry.id, changes, on_late=on_late), failed)

    def _do(self, operation: Callable[[UnitOfWork], Outcome[Any]], failed: Failed | None = None) -> None:
        def told(error: EditorError) -> None:
            if not self._is_left:
                (failed or self.refused.emit)(error)
        self._door.change(operation, None, told, initiator=self._initiator)

    def _tell_made(self, entry_id: str) -> None:
        if not self._is_left:
            self.made.emit(entry_id)

    def _refuse(self, error: EditorError) -> None:
        if not self._is_left:
            self.refused.emit(error)
