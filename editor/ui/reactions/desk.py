"""The reactions' desk: queues, the frozen list, the open card and its decisions. GUI thread.

What is painted after a key is already in memory; the database is asked beside it, never in its way (M-04).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from editor.base.clock import Clock
from editor.base.errors import EditorError
from editor.desk.read_models import ReactionItem, ReactionView
from editor.domain.changes import ChangeSet
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor
from editor.runtime.workers import Door, Slot
from editor.ui.actions import Keymap
from editor.ui.reactions import reading
from editor.ui.reactions.commands import ReactionCommands
from editor.ui.reactions.deciding import Deciding, Shift
from editor.ui.reactions.frame import ReactionsFrame
from editor.ui.reactions.reading import DeskNumbers, Queue
from editor.ui.reactions.words import EMPTY, wait_words
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.alarm import AlarmMaker, QtAlarm
from editor.ui.widgets.conflict_words import words_of
from editor.ui.wording import Wording

AHEAD, VIEWS, NEWS_MS = 6, 96, 1500


class ReactionsDesk(ReactionsFrame):
    """The whole desk. `facts` says what the status bar shows at its left; `article_wanted` asks for an article."""

    facts = Signal(str)
    article_wanted = Signal(str)
    name = "reactions"
    icon = "speech"

    def __init__(self, door: Door, wording: Wording, look: Look, keymap: Keymap, clock: Clock,
                 alarm: AlarmMaker = QtAlarm, parent: QWidget | None = None) -> None:
        super().__init__(wording, look, keymap, alarm, self._read_items, parent)
        self._door, self.clock = door, clock
        self._queue_slot, self._view_slot, self._news_slot, self._number_slot = Slot(), Slot(), Slot(), Slot()
        self._views: OrderedDict[str, ReactionView] = OrderedDict()
        self._new: tuple[str, ...] = ()
        self.queue = Queue.PENDING
        self.actor = Actor("")
        self._zone = Newsroom().zone
        self.use_zone(self._zone, clock.now)
        self._is_left = False
        self.shift = Shift(clock)
        self.changed_at = -1.0  # when the card last changed by itself (M-05)
        self.deciding = Deciding(door, clock, self, self)
        self._news_alarm = alarm(self, self._ask_news)
        self._commands = ReactionCommands(self, wording, keymap, self, open_article=self.article_wanted.emit)
        self._commands.bind()
        self._connect()
        self._leave_bus = door.bus.subscribe(self._on_changes)
        self.open_queue(Queue.PENDING)

    def title(self, wording: Wording) -> str:
        """The desk's name for people."""
        return wording.tr("reactions_desk", "Reactions")

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """Every action that the desk takes, by its name in the table."""
        return self._commands.all()

    def arrive(self) -> None:
        """It was opened: the keyboard goes to the cards."""
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def settle(self) -> None:
        """Nothing waits here: decisions are written as they are made."""

    def first_focus(self) -> QWidget:
        """Where the keyboard goes when the desk is shown."""
        return self.table

    def close_desk(self) -> None:
        """Listen no longer."""
        self._news_alarm.stop()
        self._leave_bus()
        self.deciding.leave()
        self._is_left = True
        for slot in (self._queue_slot, self._view_slot, self._news_slot, self._number_slot):
            slot.generation += 1  # what is still being read is for nobody

    @property
    def current_id(self) -> str:
        """The id of the card under the cursor, empty for none."""
        return self.model.id_at(self.table.row) if 0 <= self.table.row < len(self.model) else ""

    @property
    def view(self) -> ReactionView | None:
        """The open card, None while it is being read."""
        view = self.panel.view
        return view if view is not None and view.reaction.id == self.current_id else None

    def known_view(self, reaction_id: str) -> ReactionView | None:
        """A reaction as it is held in memory, None when it is not."""
        return self._views.get(reaction_id)

    def open_queue(self, queue: Queue) -> None:
        """Go to a queue and freeze its order anew."""
        self.queue = queue
        self.queues.select(queue)
        self._say(self._wording.tr("reactions_desk", "Reading the reactions…"))
        words = self.search.text().strip()
        self._door.read(lambda reader: reading.read_queue(reader, queue, words), self._start, self._on_failed,
                        slot=self._queue_slot)
        self.read_numbers()

    def fetch_new(self) -> None:
        """F5: let the new ones in at the end; with none waiting, read the queue anew."""
        if not self._new:
            self.open_queue(self.queue)
            return
        first = len(self.model)
        self.model.append(self._new)
        self._show_news(())
        self._pages.setCurrentWidget(self.table)
        if self.table.row < 0 or not self.model.is_open(self.table.row):
            self.table.go(max(self.model.next_open(self.table.row), first))

    def go_on(self, row: int) -> None:
        """To the next card that asks for a decision, painted from memory."""
        at = self.model.next_open(row)
        if at >= 0:
            self.table.go(at)
        elif self.view is not None:
            self._show_current()
            self.tell(self._wording.say(EMPTY[self.queue]))

    def bring_back(self, ids: Sequence[str]) -> None:
        """Show these as the database has them, the first one open."""
        for one in ids:
            self._views.pop(one, None)
            self.model.show_meanwhile(one, None)
        if ids:
            if self.model.row_of(ids[0]) < 0:
                self.model.append([one for one in ids if self.model.row_of(one) < 0])
                self._pages.setCurrentWidget(self.table)
                self.table.go(len(self.model) - 1)
            else:
                self.table.go(self.model.row_of(ids[0]))
            self._read_items(ids)
            self._read_views(ids)

    def refuse(self, error: EditorError) -> None:
        """Say why something was not done."""
        self.tell(self._wording.explain(error), Tone.ERROR)

    def read_numbers(self) -> None:
        """Read the counts and the numbers of the shift."""
        self._door.read(reading.read_numbers, self._show_numbers, lambda _: None, slot=self._number_slot)

    def _connect(self) -> None:
        self.queues.chosen.connect(self.open_queue)
        self.table.chosen.connect(self._on_chosen)
        self.search.rested.connect(lambda _: self.open_queue(self.queue))
        self.search.left_down.connect(self.table.setFocus)
        self.news.clicked.connect(self.fetch_new)
        self.question.closed.connect(self.table.setFocus)
        self.bar.reasons.left.connect(self.table.setFocus)
        self.deciding.written.connect(self._on_written)
        self.deciding.failed.connect(self._on_refused)
        self.deciding.undone.connect(self._on_undone)
        self.deciding.settled.connect(self._on_settled)

    def _start(self, ids: Sequence[str]) -> None:
        self._views.clear()
        self._show_news(())
        self.model.start(ids, self.queue.states)
        self.panel.clear()
        if ids:
            self._pages.setCurrentWidget(self.table)
            self.table.go(0)
        elif self.search.text().strip():
            self._say(self._wording.tr("reactions_desk", "Nothing found"), "",
                      self._wording.tr("reactions_desk", "Clear the search"), self.search.clear)
        else:
            self._say(self._wording.say(EMPTY[self.queue]),
                      self._wording.tr("reactions_desk", "New reactions announce themselves here."),
                      self._wording.tr("reactions_desk", "Look again"), self.fetch_new)

    def _on_chosen(self, row: int) -> None:
        if row >= 0:
            self.tell("")
            self._show_current()

    def _show_current(self) -> None:
        """Paint the open card from memory, and have the next ones brought into it."""
        one = self.current_id
        view = self._views.get(one)
        if view is None:
            self.panel.clear()
            self.bar.setEnabled(False)
            self._door.read(lambda reader: reading.read_views(reader, (one,)), self._take_asked, self._on_failed,
                            slot=self._view_slot)
        else:
            self._paint(view)
        self._prefetch()

    def _paint(self, view: ReactionView) -> None:
        self._show_right(shown=True)
        self.bar.setEnabled(True)
        self.panel.show_view(view, self.actor.id)
        card = self.panel.dispute.card if self.queue is Queue.CONFLICT else None
        self.bar.offer(words_of(card).answers if card is not None else ())

    def _take_asked(self, views: Sequence[ReactionView]) -> None:
        self._take_views(views)
        if any(view.reaction.id == self.current_id for view in views):
            self.changed_at = self.clock.monotonic()

    def _take_views(self, views: Sequence[ReactionView]) -> None:
        if self._is_left:
            return
        for view in views:
            one = view.reaction.id
            self._views[one] = view
            self._views.move_to_end(one)
            if one == self.current_id and self.panel.view != view:
                if self.panel.view is not None and self.panel.view.reaction.id == one:
                    self.changed_at = self.clock.monotonic()
                self._paint(view)
        while len(self._views) > VIEWS:
            self._views.popitem(last=False)

    def _prefetch(self) -> None:
        row = self.table.row
        near = [self.model.id_at(at) for at in range(max(0, row - 1), min(row + AHEAD + 1, len(self.model)))]
        missing = tuple(one for one in near if one not in self._views and one != self.current_id)
        if missing:
            self._read_views(missing)

    def _read_views(self, ids: Sequence[str]) -> None:
        self._door.read(lambda reader: reading.read_views(reader, tuple(ids)), self._take_views, lambda _: None)

    def _read_items(self, ids: Sequence[str]) -> None:
        wanted = list(ids)

        def take(items: Sequence[ReactionItem]) -> None:
            if not self._is_left:
                self.model.take(wanted, items)
        self._door.read(lambda reader: reading.read_items(reader, wanted), take, lambda _: None)

    def _on_written(self, ids: Sequence[str]) -> None:
        for one in ids:
            self._views.pop(one, None)
        self._settle_items(ids)
        self.read_numbers()

    def _settle_items(self, ids: Sequence[str]) -> None:
        """The decision is written: from here on the row paints what the database says."""
        wanted = list(ids)

        def take(items: Sequence[ReactionItem]) -> None:
            if not self._is_left:
                self.model.take(wanted, items)
                for one in wanted:
                    self.model.show_meanwhile(one, None)
        self._door.read(lambda reader: reading.read_items(reader, wanted), take, lambda _: None)

    def _on_refused(self, ids: Sequence[str], error: EditorError) -> None:
        self.shift.add(-len(ids))
        self.bring_back(ids)
        self.changed_at = self.clock.monotonic()
        self.refuse(error)

    def _on_undone(self, ids: Sequence[str]) -> None:
        self.shift.add(-len(ids))
        self.bring_back(tuple(reversed(ids)))
        self.read_numbers()

    def _on_settled(self, reaction_id: str) -> None:
        self._on_written((reaction_id,))
        self.go_on(self.table.row)

    def _on_changes(self, changes: ChangeSet, initiator: object) -> None:
        ids = [change.id for change in changes.of("reaction")]
        if not ids or initiator is self:
            return
        for one in ids:
            if one != self.current_id:
                self._views.pop(one, None)
        loaded = self.model.loaded(ids)
        if loaded:
            self._read_items(loaded)
        if self.current_id in ids:
            self._read_views((self.current_id,))
        if not self._news_alarm.is_set():
            self._news_alarm.start(NEWS_MS)

    def _ask_news(self) -> None:
        queue, words, known = self.queue, self.search.text().strip(), self.model.known()
        self._door.read(lambda reader: reading.read_new(reader, queue, words, known), self._show_news, lambda _: None,
                        slot=self._news_slot)
        self.read_numbers()

    def _show_news(self, ids: Sequence[str]) -> None:
        self._new = tuple(ids)
        self.news.setVisible(bool(ids))
        words = self._wording.tr("reactions_desk", "one new reaction · F5|{n} new reactions · F5", n=len(ids))
        self.news.setText(words)
        self.news.setAccessibleName(words)

    def _show_numbers(self, numbers: DeskNumbers) -> None:
        tr, known = self._wording.tr, self.actor
        self.actor = numbers.actor
        if known != self.actor and (view := self.view) is not None:
            self._paint(view)  # "my version" was nobody's until now
        if numbers.zone != self._zone:
            self._zone = numbers.zone
            self.use_zone(numbers.zone, self.clock.now)
        self.queues.show_counts(numbers.counts)
        pace = self.shift.per_hour
        self.queues.show_shift(str(self.shift.judged), str(pace) if pace else "–",
                               wait_words(self._wording, numbers.oldest, self.clock.now()), str(numbers.unsent))
        self.facts.emit(tr("reactions_desk", "One decision kept on this computer, not sent yet|"
                                             "{n} decisions kept on this computer, not sent yet", n=numbers.unsent)
                        if numbers.unsent else tr("reactions_desk", "Every decision has been sent"))

    def _on_failed(self, error: EditorError) -> None:
        self._say(self._wording.tr("reactions_desk", "The reactions could not be read"),
                  self._wording.say(error.message), self._wording.tr("reactions_desk", "Try again"),
                  lambda: self.open_queue(self.queue))
