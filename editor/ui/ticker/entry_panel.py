"""The open line at the right: its fields, what the rules say of it, and the list as readers will see it. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from editor.desk.ports import ConflictRow
from editor.desk.read_models import TickerItem
from editor.domain.moments import moment_of
from editor.domain.ticker import Intent, Phase, TickerEntry
from editor.domain.ticker_rules import PlanWarning, warnings_for
from editor.ui.actions import Keymap
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.ticker.entry_fields import EntryFields
from editor.ui.ticker.public_list import PublicPreview
from editor.ui.ticker.reading import DayView, as_planned
from editor.ui.ticker.rows import clock_words
from editor.ui.ticker.words import place_of
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.conflict_words import Answer, words_of
from editor.ui.wording import Wording


class Notice(QWidget):
    """A sentence on a tint: one answer stands at its right, several stand under it."""

    def __init__(self, look: Look, words: str, tone: Tone, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._tone = look, tone
        self.words = words
        label = QLabel(words, self)
        label.setWordWrap(True)
        label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        palette = label.palette()
        palette.setColor(palette.ColorRole.WindowText, look.colour(tone.value))
        label.setPalette(palette)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(look.px(12), look.px(8), look.px(6), look.px(8))
        self._grid.setHorizontalSpacing(look.px(4))
        self._grid.setVerticalSpacing(look.px(2))
        self._grid.setColumnStretch(0, 1)
        self._grid.addWidget(label, 0, 0)
        self.setAccessibleName(words)

    def offer(self, answers: Sequence[tuple[str, str, Callable[[], None]]]) -> None:
        """Offer answers: words, key, act."""
        several = len(answers) > 1
        for row, (words, key, act) in enumerate(answers, start=1):
            button = Button(self._look, words, key=key, weight=Weight.QUIET, parent=self)
            button.clicked.connect(act)
            if several:
                self._grid.addWidget(button, row, 0, Qt.AlignmentFlag.AlignLeft)
            else:
                self._grid.addWidget(button, 0, 1)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour(self._tone.tint))
        painter.drawRoundedRect(self.rect(), self._look.px(6), self._look.px(6))


class EntryPanel(QWidget):
    """The whole right side. It shows what it is given and tells what a person wants; it changes nothing itself."""

    move_wanted = Signal(object)  # datetime
    late_answered = Signal(str)
    update_wanted = Signal()
    withdraw_wanted = Signal()

    def __init__(self, look: Look, wording: Wording, keymap: Keymap, now: Callable[[], datetime],
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording, self._keymap, self._now = look, wording, keymap, now
        self._view: DayView | None = None
        self._item: TickerItem | None = None
        self.fields = EntryFields(look, wording, self)
        self.fields.headline_typed.connect(self._on_typed)
        self._hint = QLabel(wording.tr("ticker_desk", "Choose a line, or press {key} for a new one.",
                                       key=keymap.shown("ticker.new")), self)
        self._hint.setProperty("kind", "muted")
        self._hint.setWordWrap(True)
        self._notices = QVBoxLayout()
        self._notices.setSpacing(look.px(6))
        self.preview = PublicPreview(look, wording, now, self)
        tr = wording.tr
        self.withdraw = Button(look, tr("ticker_desk", "Withdraw"), key=keymap.shown("ticker.withdraw"), parent=self)
        self.update_button = Button(look, "", key=keymap.shown("ticker.plan"), weight=Weight.PRIMARY, parent=self)
        self.withdraw.clicked.connect(self.withdraw_wanted)
        self.update_button.clicked.connect(self.update_wanted)
        self._lay_out()

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What is said of the open line."""
        found = (self._notices.itemAt(at) for at in range(self._notices.count()))
        return tuple(w for item in found if item is not None and isinstance(w := item.widget(), Notice))

    @property
    def typed(self) -> str:
        """The headline as it stands in its field."""
        return self.fields.headline.text().strip()

    def show_day(self, view: DayView, item: TickerItem | None, *, opened: bool) -> None:
        """Show the day and its open line, None for none; `opened` moves the preview to the line's start."""
        self._view, self._item = view, item
        self.fields.setVisible(item is not None)
        self._hint.setVisible(item is None)
        self.withdraw.setVisible(item is not None)
        self.update_button.setVisible(item is not None)
        if item is None:
            self._say(())
            self.preview.show_day(view, None, to=self._now() if opened else None)
            return
        entry = item.entry
        headline = item.staged if item.staged is not None else entry.headline
        self.fields.show_entry(view, entry, headline)
        self.withdraw.setEnabled(entry.intent is not Intent.WITHDRAWN)
        planned = entry.intent is Intent.PLANNED
        tr = self._wording.tr
        self.update_button.say(tr("ticker_desk", "Update") if planned else tr("ticker_desk", "Plan"))
        start = entry.start.utc if entry.start is not None else self._now()
        self.preview.show_day(view, self._subject(), to=start if opened else None)
        self._show_notices()

    def refuse(self, words: str, tone: Tone = Tone.ERROR) -> None:
        """Say why something was not done, until the day is read again; the same sentence stands once."""
        if words not in {notice.words for notice in self.notices}:
            self._notices.insertWidget(0, Notice(self._look, words, tone, self))

    def _subject(self) -> TickerEntry | None:
        return None if self._item is None else as_planned(self._item.entry, self.typed)

    def _on_typed(self) -> None:
        if self._view is not None:
            self.fields.count(self._view.newsroom.ticker)
            self.preview.show_day(self._view, self._subject())

    def _show_notices(self) -> None:
        assert self._view is not None
        assert self._item is not None
        made: list[Notice] = []
        entry, view = self._item.entry, self._view
        phase = view.phase_of(entry, self._now())
        if place_of(self._item, phase).is_asked:
            made.append(self._late(self._item))
        if phase in (Phase.DRAFT, Phase.READY, Phase.PLANNED):
            wanted = replace(entry, headline=self.typed)
            found = warnings_for(wanted, view.entries, view.newsroom, self._now())
            made += [self._warning(one, first=at == 0) for at, one in enumerate(found)]
        dropped = [card for card in self._item.conflicts if card.kind != "late"]
        made += [Notice(self._look, self._wording.say(words_of(card).head), Tone.ERROR, self) for card in dropped]
        self._say(made)

    def _warning(self, warning: PlanWarning, *, first: bool) -> Notice:
        assert self._view is not None
        notice = Notice(self._look, self._wording.say(warning.message), Tone.READY, self)
        if warning.suggestion is not None:
            at = warning.suggestion
            time = clock_words(moment_of(at, self._view.newsroom.zone))
            key = self._keymap.shown("ticker.free") if first else ""
            words = self._wording.tr("ticker_desk", "To {time}", time=time)
            notice.offer([(words, key, lambda: self.move_wanted.emit(at))])
        return notice

    def _late(self, item: TickerItem) -> Notice:
        words = words_of(_late_card(item))
        notice = Notice(self._look, self._wording.say(words.sentence), Tone.ERROR, self)
        notice.offer([(self._wording.say(answer.words), answer.key, partial(self.late_answered.emit, answer.choice))
                      for answer in words.answers])
        return notice

    def _say(self, notices: Sequence[Notice]) -> None:
        for old in self.notices:
            self._notices.removeWidget(old)
            old.hide()
            old.deleteLater()
        for notice in notices:
            self._notices.addWidget(notice)

    def _lay_out(self) -> None:
        px = self._look.px
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(20), px(16), px(20), px(16))
        column.setSpacing(px(14))
        column.addWidget(self._hint)
        column.addWidget(self.fields)
        column.addLayout(self._notices)
        column.addWidget(self.preview)
        buttons = QHBoxLayout()
        buttons.setSpacing(px(8))
        buttons.addStretch(1)
        buttons.addWidget(self.withdraw)
        buttons.addWidget(self.update_button)
        column.addLayout(buttons)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)


def late_answers(item: TickerItem) -> tuple[Answer, ...]:
    """The answers to a line that came too late, with their keys."""
    return words_of(_late_card(item)).answers


def _late_card(item: TickerItem) -> ConflictRow:
    """The line's card, or the words of one for a line that never reached the server."""
    card = next((card for card in item.conflicts if card.kind == "late"), None)
    if card is not None:
        return card
    assert item.entry.start is not None  # without a start nothing is late
    return ConflictRow(id="", entity_id=item.entry.id, entity_kind="ticker", kind="late", field="start",
                       raised_at=item.entry.start.utc)
