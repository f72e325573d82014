"""The bar over the timeline: which day, back to now, what comes next, and the day's counts. GUI thread."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QWidget

from editor.domain.ticker import Phase
from editor.ui.actions import Keymap
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.ticker.reading import DayView
from editor.ui.ticker.words import day_words, minutes_until, span_words
from editor.ui.widgets.buttons import Button
from editor.ui.widgets.painting import Mark
from editor.ui.widgets.pills import Pill
from editor.ui.wording import Wording

LEAST, SLIM, WIDE, ROOMY = 420, 540, 660, 900


class DayBar(QWidget):
    """Shows the day and tells when another one is wanted. The search field is hidden until it is asked for."""

    day_wanted = Signal(int)  # days to go: -1 or 1
    now_wanted = Signal()
    searched = Signal(str)

    def __init__(self, look: Look, wording: Wording, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording, self._look = wording, look
        tr, px = wording.tr, look.px
        before = Button(look, "", icon="chevron-left", low=True, parent=self)
        after = Button(look, "", icon="chevron-right", low=True, parent=self)
        before.setAccessibleName(tr("ticker_desk", "The day before"))
        after.setAccessibleName(tr("ticker_desk", "The day after"))
        before.clicked.connect(lambda: self.day_wanted.emit(-1))
        after.clicked.connect(lambda: self.day_wanted.emit(1))
        self.title = QLabel(self)
        self.title.setProperty("kind", "title")
        self._now = Button(look, tr("ticker_desk", "Now"), key=keymap.shown("ticker.now"), parent=self)
        self._now.clicked.connect(self.now_wanted)
        self._next = QLabel(self)
        self._next.setTextFormat(Qt.TextFormat.RichText)
        self._next.setProperty("kind", "muted")
        self._warnings = Pill(look, Mark("", Tone.READY), self)
        self._breaking = Pill(look, Mark(""), self)
        self._warned, self._has_next = 0, False
        self.search = self._search_field()
        row = QHBoxLayout(self)
        row.setContentsMargins(px(20), px(12), px(20), px(12))
        row.setSpacing(px(12))
        for part in (before, self.title, after, self._now):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.search, 4)
        for shown in (self._next, self._warnings, self._breaking):
            row.addWidget(shown)
        self.setFixedHeight(px(56))
        self.setMinimumWidth(px(LEAST))
        self.setProperty("ground", "bg")

    def show_day(self, view: DayView, now: datetime) -> None:
        """Say the day, the next line and the number of warnings."""
        tr = self._wording.tr
        self.title.setText(day_words(self._wording, view.day))
        ahead = sorted(item.entry.start.utc for item in view.items if item.entry.start is not None
                       and item.entry.start.utc > now and view.phase_of(item.entry, now) is Phase.PLANNED)
        self._has_next = bool(ahead)
        if ahead:
            span = span_words(self._wording, minutes_until(ahead[0], now))
            self._next.setText(tr("ticker_desk", "next in <b>{span}</b>", span=span))
        n = len(view.warnings)
        self._warned = n
        self._warnings.show_mark(Mark(tr("ticker_desk", "1 warning|{n} warnings", n=n), Tone.READY))
        self._fit()

    def show_breaking(self, today: int, month: int) -> None:
        """Say how much breaking there was (T-30: information only)."""
        words = self._wording.tr("ticker_desk", "breaking {n} today · {month} in 30 days", n=today, month=month)
        self._breaking.show_mark(Mark(words))

    def open_search(self) -> None:
        """Show the search field and type in it."""
        self.search.show()
        self._fit()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def close_search(self) -> None:
        """The search field goes; what it stood in front of comes back."""
        self.search.hide()
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """What is information only gives way first, then the search takes the place of the rest."""
        px, width, searching = self._look.px, self.width(), not self.search.isHidden()
        self._breaking.setVisible(width >= px(ROOMY) and not searching)
        self._warnings.setVisible(self._warned > 0 and width >= px(WIDE))
        self._next.setVisible(self._has_next and width >= px(WIDE if searching else SLIM))
        self._now.setVisible(width >= px(SLIM) or not searching)

    def _search_field(self) -> QLineEdit:
        field = QLineEdit(self)
        field.setPlaceholderText(self._wording.tr("ticker_desk", "Search the ticker…"))
        field.setAccessibleName(self._wording.tr("ticker_desk", "Search the ticker"))
        field.setMinimumWidth(self._look.px(90))
        field.setMaximumWidth(self._look.px(260))
        field.returnPressed.connect(lambda: self.searched.emit(field.text()))
        field.hide()
        return field
