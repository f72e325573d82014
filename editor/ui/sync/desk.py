"""The Sync desk (Alt+4): what waits to be sent, what waits for a choice, what was tried, how the connection stands.

Everything comes through the door; the facts of the connection are told with `set_facts`. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from editor.base.clock import Clock
from editor.base.errors import EditorError
from editor.desk import pushing, settling
from editor.desk.ports import UnitOfWork
from editor.domain.changes import ChangeSet, Facet, Outcome
from editor.runtime.sync_runner import SyncFacts
from editor.runtime.workers import Door, Slot
from editor.ui.actions import Keymap
from editor.ui.parts import CheckUp
from editor.ui.sync.attempts_panel import AttemptsPanel
from editor.ui.sync.cards_panel import CardsPanel
from editor.ui.sync.doctor_panel import DoctorPanel
from editor.ui.sync.outbox_panel import OutboxPanel
from editor.ui.sync.reading import SyncView, read_view
from editor.ui.sync.side import Part, Side
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.list_state import ListState
from editor.ui.wording import Wording

STALE_BY = Facet.SYNC | Facet.CONFLICT | Facet.SETTINGS | Facet.GONE


class SyncDesk(QWidget):
    """Outbox, conflicts, attempts. `sync_now` wakes sync; `open_item(kind, id)` shows a thing at its desk."""

    facts = Signal(str)  # what the status bar says of this desk
    name = "sync"
    icon = "sync"

    def __init__(self, door: Door, wording: Wording, look: Look, keymap: Keymap, clock: Clock, *,
                 sync_now: Callable[[], None], open_item: Callable[[str, str], None],
                 connect: Callable[[], None] | None = None, check_up: CheckUp | None = None,
                 turn_reading: Callable[[], None] = lambda: None, parent: QWidget | None = None) -> None:
        """`connect` leads to where address and token are given; `check_up` examines the connection; `turn_reading` stops
        a first reading or goes on with it."""
        super().__init__(parent)
        self._connect, self._check_up, self._turn_reading = connect, check_up, turn_reading
        self._door, self._look, self._wording, self._clock = door, look, wording, clock
        self._sync_now = sync_now
        self._slot = Slot()
        self._view: SyncView | None = None
        self._sync_facts = SyncFacts()
        self._part = Part.OUTBOX
        self._done = ""  # what was done just now
        self._is_stale = True
        self.setAccessibleName(self.title(wording))
        self._undo_key = keymap.shown("sync.undo")
        self._build(open_item, keymap)
        keymap.bind(self, self.commands())
        self._leave_bus = door.bus.subscribe(self._on_changes)
        self._show_state()
        self.set_facts(self._sync_facts)

    # -------------------------------------------------------------------------------------------------------- public
    def title(self, wording: Wording) -> str:
        """The desk's name for people."""
        return wording.tr("sync_desk", "Sync")

    def close_desk(self) -> None:
        """Listen no longer."""
        self._doctor.stop()
        self._leave_bus()

    def arrive(self) -> None:
        """It was opened: the keyboard goes where the work is."""
        self.first_focus()

    def settle(self) -> None:
        """Nothing typed here waits to be handed over: a card is settled by its own key."""

    def first_focus(self) -> None:
        """Put the keyboard where the work is: a card, else the list."""
        if self._part is Part.CONFLICTS and self._view is not None and self._view.cards:
            self._cards.focus_first()
        elif self._part is Part.OUTBOX and self._view is not None and self._view.outbox:
            self._outbox.list.setFocus()
        elif self._part is Part.DOCTOR:
            self._doctor.button.setFocus()
        else:
            self._side.focus()

    def open_item(self, item_id: str) -> None:
        """Show a card or a request by its id."""
        is_card = self._view is not None and any(item.row.id == item_id for item in self._view.cards)
        self.show_part(Part.CONFLICTS if is_card else Part.OUTBOX)
        if is_card:
            self._cards.focus_first()

    def show_part(self, part: Part) -> None:
        """Show one of the lists, or the doctor."""
        self._part = part
        self._done = ""
        self._side.choose(part)
        self._show_state()

    def show_part_named(self, name: str) -> None:
        """`show_part` for whoever knows the desks only by their faces."""
        self.show_part(Part[name])
        self.first_focus()

    def set_facts(self, facts: SyncFacts) -> None:
        """How sync stands now."""
        self._sync_facts = facts
        zone = self._view.zone if self._view is not None else "Europe/Amsterdam"
        self._side.show_facts(facts, Instants(self._wording, zone), self._clock.now())
        self._outbox.show_facts(facts)

    def commands(self) -> dict[str, Callable[[], object]]:
        """What the desk's actions do, by their names in the table of actions."""
        return {"sync.retry": self.retry, "sync.mine": partial(self._press, "1"),
                "sync.server": partial(self._press, "2"), "sync.both": partial(self._press, "3"),
                "sync.edit": partial(self._press, "E")}

    def retry(self) -> None:
        """Try the chosen request now; at the doctor, examine again; elsewhere, everything."""
        if self._part is Part.DOCTOR:
            self._doctor.toggle()
        elif self._part is Part.OUTBOX and self._outbox.chosen() is not None:
            self._outbox.retry()
        else:
            self._sync_now()

    def reload(self) -> None:
        """Read everything anew."""
        self._is_stale = False
        now = self._clock.now()
        self._door.read(lambda reader: read_view(reader, now), self._on_read, self._on_failed, slot=self._slot)

    # ---------------------------------------------------------------------------------------------------------- Qt's
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.reload()

    # ------------------------------------------------------------------------------------------------------ building
    def _build(self, open_item: Callable[[str, str], None], keymap: Keymap) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._side = Side(self._look, self._wording)
        self._side.chosen.connect(self.show_part)
        self._side.turned.connect(self._turn_reading)
        row.addWidget(self._side)
        row.addWidget(self._rule("rule-down"))
        row.addWidget(self._build_main(keymap), 1)
        for panel in (self._outbox, self._cards):
            panel.opened.connect(open_item)

    def _build_main(self, keymap: Keymap) -> QWidget:
        look = self._look
        main = QWidget()
        main.setProperty("ground", "surface")
        main.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._build_head(keymap))
        column.addWidget(self._rule("rule"))
        self._outbox = OutboxPanel(look, self._wording, self._clock.now, retry_key=keymap.shown("sync.retry"))
        self._cards = CardsPanel(look, self._wording)
        self._attempts = AttemptsPanel(look, self._wording)
        self._doctor = DoctorPanel(look, self._wording, self._check_up, key=keymap.shown("sync.retry"))
        self._nothing = ListState(look)
        self._stack = QStackedWidget()
        for panel in (self._outbox, self._cards, self._attempts, self._doctor, self._nothing):
            self._stack.addWidget(panel)
        column.addWidget(self._stack, 1)
        self._outbox.retried.connect(self._on_retried)
        self._outbox.discarded.connect(self._on_discarded)
        self._cards.settled.connect(self._on_settled)
        return main

    def _build_head(self, keymap: Keymap) -> QHBoxLayout:
        look = self._look
        head = QHBoxLayout()
        head.setContentsMargins(look.px(18), look.px(10), look.px(18), look.px(10))
        self._head, self._note = QLabel(), QLabel()
        self._head.setProperty("kind", "title")
        self._note.setProperty("kind", "secondary")
        self._note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # the first to make room
        self._note.setWordWrap(True)
        head.addWidget(self._head)
        head.addSpacing(look.px(10))
        head.addWidget(self._note, 1)
        now = Button(look, self._wording.tr("sync_desk", "Send now"), key=keymap.shown("sync.now"), icon="sync")
        now.clicked.connect(self._on_send_now)
        head.addWidget(now)
        return head

    @staticmethod
    def _rule(kind: str) -> QFrame:
        rule = QFrame()
        rule.setProperty("kind", kind)
        return rule

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._side.fit(self.width())

    # ------------------------------------------------------------------------------------------------------- reading
    def _on_changes(self, changes: ChangeSet, _initiator: object) -> None:
        if any(change.facets & Facet.CONFLICT for change in changes.changes):
            self._done = ""  # what is told of was overtaken: most likely taken back
        if any(change.facets & STALE_BY for change in changes.changes):
            if self.isVisible():
                self.reload()
            else:
                self._is_stale = True

    def _on_read(self, view: SyncView) -> None:
        self._view = view
        now = self._clock.now()
        self._side.show_view(view)
        self._outbox.show_view(view)
        self._cards.show_view(view, now)
        self._attempts.show_view(view, now)
        self.set_facts(self._sync_facts)
        self._show_state()

    def _on_failed(self, error: EditorError) -> None:
        tr = self._wording.tr
        self._view = None
        self._nothing.say(tr("sync_desk", "This cannot be shown now"), self._wording.explain(error),
                          tr("sync_desk", "Try again"), self.reload)
        self._stack.setCurrentWidget(self._nothing)

    def _say_done(self, sentence: str) -> None:
        self._done = sentence
        self._show_state()

    def _on_refused(self, error: EditorError) -> None:
        self._outbox.say_failed(self._wording.explain(error))

    def _show_state(self) -> None:
        tr, view = self._wording.tr, self._view
        heads = {Part.OUTBOX: tr("sync_desk", "To be sent"), Part.CONFLICTS: tr("sync_desk", "Conflicts"),
                 Part.ATTEMPTS: tr("sync_desk", "Attempts"), Part.DOCTOR: tr("doctor", "Connection check")}
        self._head.setText(heads[self._part])
        counted = view is not None and view.texts and (view.outbox or view.cards) and self._part is Part.OUTBOX
        self._note.setText(self._done or (tr("sync_desk", "and one text with unsent changes|and {n} texts with unsent changes",
                                             n=view.texts) if view is not None and counted else ""))
        self._note.setAccessibleName(self._note.text())
        if self._part is Part.DOCTOR:
            self._stack.setCurrentWidget(self._doctor)
            return
        if view is None:
            self._nothing.say(tr("sync_desk", "One moment…"))
            self._stack.setCurrentWidget(self._nothing)
            return
        filled = {Part.OUTBOX: bool(view.outbox), Part.CONFLICTS: bool(view.cards),
                  Part.ATTEMPTS: bool(view.attempts)}
        panels: dict[Part, QWidget] = {Part.OUTBOX: self._outbox, Part.CONFLICTS: self._cards,
                                       Part.ATTEMPTS: self._attempts}
        if filled[self._part]:
            self._stack.setCurrentWidget(panels[self._part])
        else:
            self._say_empty(view)
        self.facts.emit(self._said(view))

    def _say_empty(self, view: SyncView) -> None:
        tr, say = self._wording.tr, self._nothing.say
        if self._part is Part.CONFLICTS:
            say(tr("sync_desk", "No conflicts"), tr("sync_desk", "Nothing waits for a choice."))
        elif self._part is Part.ATTEMPTS:
            say(tr("sync_desk", "Nothing was sent yet"), tr("sync_desk", "Every attempt to send is listed here."))
        elif view.connection is None:
            say(tr("sync_desk", "Not connected"),
                tr("sync_desk", "Everything is kept on this computer and goes out once it is connected."),
                tr("sync_desk", "Connect…") if self._connect is not None else "", self._connect)
        elif view.cards:
            say(tr("sync_desk", "One conflict waits for a choice|{n} conflicts wait for a choice", n=len(view.cards)),
                tr("sync_desk", "What the choice is about goes out after it."),
                tr("sync_desk", "Show"), lambda: self.show_part_named(Part.CONFLICTS.name))
        elif view.texts:
            say(tr("sync_desk", "One text has unsent changes|{n} texts have unsent changes", n=view.texts),
                tr("sync_desk", "That goes by itself, soon after the last key."),
                tr("sync_desk", "Send and fetch now"), self._sync_now)
        else:
            say(tr("sync_desk", "Everything has been sent"), tr("sync_desk", "What you write next goes by itself."),
                tr("sync_desk", "Send and fetch now"), self._sync_now)
        self._stack.setCurrentWidget(self._nothing)

    def _said(self, view: SyncView) -> str:
        tr = self._wording.tr
        parts = []
        if waiting := len(view.outbox) + view.texts:
            parts.append(tr("sync_desk", "one thing to be sent|{n} things to be sent", n=waiting))
        if view.cards:
            parts.append(tr("sync_desk", "one conflict|{n} conflicts", n=len(view.cards)))
        return " · ".join(parts) or tr("sync_desk", "everything has been sent")

    # -------------------------------------------------------------------------------------------------------- acting
    def _on_send_now(self) -> None:
        self._sync_now()

    def _press(self, key: str) -> None:
        if self._part is Part.CONFLICTS:
            self._cards.press(key)

    def _on_retried(self, op_id: str) -> None:
        self._change(lambda work: pushing.retry_parked(work, op_id), then=self._sync_now)

    def _on_discarded(self, op_id: str) -> None:
        self._change(lambda work: settling.give_up(work, op_id), then=lambda: self._say_done(
            self._wording.tr("sync_desk", "Discarded. {key} brings it back.", key=self._undo_key)))

    def _on_settled(self, card_id: str, choice: str, text: str) -> None:
        self._door.change(lambda work: settling.settle(work, card_id, choice, text=text),
                          lambda _: self._say_done(self._wording.tr("sync_desk", "Settled. {key} takes it back.", key=self._undo_key)),
                          failed=lambda error: self._cards.say_failed(card_id, self._wording.explain(error)))

    def _change(self, operation: Callable[[UnitOfWork], Outcome[None]], *,
                then: Callable[[], None] | None = None) -> None:
        self._door.change(operation, lambda _: then() if then is not None else None, self._on_refused)
