"""The outbox with its details: why a request waits, try it now, give it up, open what it is about. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListView, QSplitter, QVBoxLayout, QWidget

from editor.runtime.sync_runner import SyncFacts
from editor.ui.sync.facts_words import next_try_words
from editor.ui.sync.outbox_list import OutboxModel, OutboxPainter, tone_of
from editor.ui.sync.reading import AttemptItem, OutboxItem, SyncView
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.flow_layout import FlowLayout
from editor.ui.widgets.in_place_question import Choice, InPlaceQuestion
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.painting import Mark
from editor.ui.widgets.pills import Pill
from editor.ui.wording import Wording

ATTEMPTS_SHOWN = 12


class OutboxPanel(QSplitter):
    """A list of what waits, and the chosen one's details."""

    retried = Signal(str)
    discarded = Signal(str)
    opened = Signal(str, str)  # kind, id

    def __init__(self, look: Look, wording: Wording, now: Callable[[], datetime], *, retry_key: str = "",
                 parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._look = look
        self._wording = wording
        self._now = now
        self._retry_key = retry_key
        self._attempts: Sequence[AttemptItem] = ()
        self._facts = SyncFacts()
        self._instants = Instants(wording, "Europe/Amsterdam")
        self.model = OutboxModel(wording, self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(OutboxPainter(look, wording, self.list))
        self.list.setAccessibleName(wording.tr("sync_desk", "To be sent"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.selectionModel().currentChanged.connect(self._on_current_changed)
        self.list.activated.connect(lambda _: self._open())
        self.setHandleWidth(1)
        self.setChildrenCollapsible(False)
        self.addWidget(self.list)
        self.addWidget(self._build_details())
        self.setSizes([look.px(440), look.px(520)])
        self._show_item(None)

    def show_view(self, view: SyncView) -> None:
        """Show what was read; the chosen request stays chosen while it exists."""
        chosen = self.chosen()
        self._attempts = view.attempts
        self._instants = Instants(self._wording, view.zone)
        self.model.show_items(view.outbox)
        row = self.model.row_of(chosen.row.op_id) if chosen is not None else 0
        self.list.setCurrentIndex(self.model.index(max(row, 0)))
        self._show_item(self.chosen())

    def show_facts(self, facts: SyncFacts) -> None:
        """How sync stands: until when everything waits."""
        self._facts = facts
        self._show_item(self.chosen())

    def chosen(self) -> OutboxItem | None:
        """The request that the details are of."""
        return self.model.item(self.list.currentIndex().row())

    def retry(self) -> None:
        """Try the chosen request now."""
        item = self.chosen()
        if item is not None:
            self.retried.emit(item.row.op_id)

    def say_failed(self, sentence: str) -> None:
        """What was asked for was not done."""
        self._refused.setText(sentence)
        self._refused.setVisible(bool(sentence))

    # ------------------------------------------------------------------------------------------------------ building
    def _build_details(self) -> QWidget:
        look, tr = self._look, self._wording.tr
        details = QWidget()
        details.setProperty("ground", "bg")
        details.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        box = QVBoxLayout(details)
        box.setContentsMargins(look.px(22), look.px(20), look.px(22), look.px(16))
        box.setSpacing(look.px(8))
        self._title = self._label(box, "title")
        row = QHBoxLayout()
        self._pill = Pill(look, Mark(""))
        self._what = QLabel()
        self._what.setProperty("kind", "muted")
        row.addWidget(self._pill)
        row.addWidget(self._what, 1)
        box.addLayout(row)
        self._why = self._label(box, "")
        self._refused = self._label(box, "error")
        self._refused.hide()
        self._since = self._label(box, "secondary")
        self._tries_head = self._label(box, "label")
        self._tries_head.setText(tr("sync_desk", "Attempts"))
        self._tries = self._label(box, "secondary")
        self._tries.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        box.addStretch(1)
        self._question = InPlaceQuestion(look, tr("sync_desk", "No"))
        self._question.closed.connect(self._on_question_closed)
        box.addWidget(self._question)
        box.addWidget(self._build_buttons())
        return details

    def _build_buttons(self) -> QWidget:
        tr = self._wording.tr
        holder = QWidget()
        row = FlowLayout(holder, self._look.px(8))
        row.setContentsMargins(0, 0, 0, 0)
        self._retry = Button(self._look, tr("sync_desk", "Try now"), key=self._retry_key)
        self._retry.clicked.connect(self.retry)
        self._open_it = Button(self._look, tr("sync_desk", "Open"), key="⏎", icon="external")
        self._open_it.clicked.connect(self._open)
        self._discard = Button(self._look, tr("sync_desk", "Discard…"), weight=Weight.QUIET, icon="trash")
        self._discard.clicked.connect(self._ask_discard)
        for button in (self._retry, self._open_it, self._discard):
            row.addWidget(button)
        self._buttons = holder
        return holder

    def _label(self, box: QVBoxLayout, kind: str) -> QLabel:
        label = QLabel()
        label.setProperty("kind", kind)
        label.setWordWrap(True)
        box.addWidget(label)
        return label

    # ------------------------------------------------------------------------------------------------------- showing
    def _on_current_changed(self, current: QModelIndex, _before: QModelIndex) -> None:
        self._question.dismiss()
        self.say_failed("")
        self._show_item(self.model.item(current.row()))

    def _show_item(self, item: OutboxItem | None) -> None:
        self._buttons.setVisible(item is not None)
        self._pill.setVisible(item is not None)
        if item is None:
            for label in (self._title, self._what, self._why, self._since, self._tries_head, self._tries):
                label.clear()
            return
        tr, say = self._wording.tr, self._wording.say
        self._title.setText(item.title or say(item.kind))
        self._pill.show_mark(Mark(say(item.state), tone_of(item), "warning" if item.is_stuck else ""))
        self._what.setText(f"{say(item.kind)} · {say(item.what)}")
        self._why.setText(say(item.why) if item.why else "")
        self._why.setVisible(item.why is not None)
        now = self._now()
        since = tr("sync_desk", "Made {time}", time=self._instants.near(item.row.created_at, now))
        following = "" if item.is_stuck else next_try_words(self._facts, self._instants, now, row_at=item.row.next_try_at)
        if following:
            since += " · " + tr("sync_desk", "next attempt {time}", time=following)
        self._since.setText(since)
        tries = [self._told(one, now) for one in self._attempts if one.attempt.op_id == item.row.op_id]
        self._tries_head.setVisible(bool(tries))
        self._tries_head.setText(tr("sync_desk", "Attempts"))
        self._tries.setText("\n".join(tries[:ATTEMPTS_SHOWN]))
        self._discard.setEnabled(item.may_discard)
        self._discard.setToolTip("" if item.may_discard else say(item.why_kept))

    def _told(self, one: AttemptItem, now: datetime) -> str:
        return f"{self._instants.near(one.attempt.started_at, now)}  {self._wording.say(one.told)}"

    # -------------------------------------------------------------------------------------------------------- acting
    def _open(self) -> None:
        item = self.chosen()
        if item is not None:
            self.opened.emit(item.row.kind, item.row.entity_id)

    def _on_question_closed(self) -> None:
        self._buttons.setVisible(self.chosen() is not None)
        self.list.setFocus()

    def _ask_discard(self) -> None:
        item = self.chosen()
        if item is None:
            return
        tr = self._wording.tr
        yes = Choice("⏎", tr("sync_desk", "Yes, discard"), lambda _: self.discarded.emit(item.row.op_id),
                     Weight.DANGER)
        self._buttons.hide()
        sentence = f"{self._wording.say(item.loses)} {tr('sync_desk', 'Undo brings it back.')}"
        self._question.ask(sentence, (yes,), tone=Tone.ERROR)
