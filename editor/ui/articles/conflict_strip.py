"""What waits for a choice about the open article: a line above the text, and its cards when asked for.

Writing goes on meanwhile: nothing here takes the keyboard by itself. GUI thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from editor.desk.ports import ConflictRow
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.buttons import Button
from editor.ui.widgets.conflict_card import ConflictCard
from editor.ui.widgets.conflict_values import Values
from editor.ui.widgets.instants import Instants
from editor.ui.wording import Wording

TALLEST = 380  # design pixels


class ConflictStrip(QWidget):
    """Hidden while nothing waits. `settled` carries the card, the choice and the text of one's own."""

    settled = Signal(str, str, str)
    left = Signal()

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording = look, wording
        self._cards: dict[str, ConflictCard] = {}
        self._tone = Tone.READY
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._open = Button(look, wording.tr("articles_desk", "Choose"), low=True, parent=self)
        self._open.clicked.connect(self._toggle)
        self._line = QWidget(self)
        row = QHBoxLayout(self._line)
        row.setContentsMargins(look.px(44), look.px(6), look.px(12), look.px(6))
        row.addWidget(self._words, 1)
        row.addWidget(self._open)
        self._page = QWidget()
        self._column = QVBoxLayout(self._page)
        self._column.setContentsMargins(look.px(16), look.px(4), look.px(16), look.px(14))
        self._column.setSpacing(look.px(10))
        self._column.addStretch(1)
        self._scroll = QScrollArea(self)
        self._scroll.setWidgetResizable(True)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setWidget(self._page)
        self._scroll.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 1)
        whole.setSpacing(0)
        whole.addWidget(self._line)
        whole.addWidget(self._scroll)
        self.hide()

    def show_cards(self, rows: Sequence[ConflictRow], people: Mapping[str, str], values: Values, instants: Instants,
                   now: datetime) -> None:
        """Show what is open; a card that still is keeps what is being typed in it."""
        wanted = {row.id for row in rows}
        for gone in [one for one in self._cards if one not in wanted]:
            card = self._cards.pop(gone)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, row in enumerate(rows):
            if row.id not in self._cards:
                self._column.insertWidget(place, self._made(row, people, values, instants, now))
        blocking = sum(1 for row in rows if row.blocking)
        self._tone = Tone.ERROR if blocking else Tone.READY
        tr = self._wording.tr
        self._words.setText(tr("articles_desk", "Two versions of one passage. Write on; publishing waits for a choice.|"
                                                "{n} passages with two versions. Write on; publishing waits for a choice.", n=blocking)
                            if blocking else tr("articles_desk", "One notice about this article.|{n} notices about this article.", n=len(rows)))
        self.setAccessibleName(self._words.text())
        if not rows:
            self._scroll.hide()
        self.setVisible(bool(rows))
        self._say_button()
        self._fit()
        self.update()

    def open_cards(self) -> None:
        """Show the cards and put the keyboard on the first."""
        if not self._scroll.isVisible():
            self._toggle()

    def say_failed(self, card_id: str, sentence: str) -> None:
        """An answer was refused."""
        if card_id in self._cards:
            self._cards[card_id].say_failed(sentence)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), self._look
        painter.fillRect(self.rect(), look.colour("bg"))
        painter.fillRect(self._line.geometry(), look.colour(self._tone.tint))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.colour("line"))
        size = look.px(18)
        look.paint_icon(painter, "conflict", self._tone.value, QRectF(look.px(16), round((self._line.height() - size) / 2), size, size))

    def _made(self, row: ConflictRow, people: Mapping[str, str], values: Values, instants: Instants,
              now: datetime) -> ConflictCard:
        when = instants.near(row.raised_at, now)
        card = ConflictCard(row, self._look, self._wording, who=people.get(row.theirs_actor, ""), when=when,
                            values=values)
        card.settled.connect(lambda choice, text: self.settled.emit(row.id, choice, text))
        card.grew.connect(lambda: QTimer.singleShot(0, card, self._follow_focus))
        self._cards[row.id] = card
        return card

    def _follow_focus(self) -> None:
        """A card that grew gets its room, and what has the keyboard in it stays in sight."""
        self._fit()
        widget = QApplication.focusWidget()
        if widget is not None and self._page.isAncestorOf(widget):
            self._scroll.ensureWidgetVisible(widget, 0, self._look.px(60))

    def _toggle(self) -> None:
        shown = not self._scroll.isVisible()
        self._scroll.setVisible(shown)
        self._say_button()
        self._fit()
        if shown and self._cards:
            next(iter(self._cards.values())).setFocus(Qt.FocusReason.OtherFocusReason)
        elif not shown:
            self.left.emit()

    def _say_button(self) -> None:
        tr = self._wording.tr
        self._open.say(tr("articles_desk", "Close") if not self._scroll.isHidden() else tr("articles_desk", "Choose"))

    def _fit(self) -> None:
        """As tall as the cards are at this width, up to a measure; beyond that they scroll."""
        width = max(self.width(), self._look.px(300))
        wanted = self._column.heightForWidth(width) if self._column.hasHeightForWidth() else self._page.sizeHint().height()
        self._scroll.setFixedHeight(min(wanted + 2, self._look.px(TALLEST)))
