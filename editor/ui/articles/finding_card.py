"""A finding, opened: the words, why they were marked, and what can be done, each with its key. Never modal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.floating import Floating
from editor.ui.widgets.painting import draw_cap, draw_text, wrapped
from editor.ui.wording import Wording

WIDTH, SIDE, HEAD, ROW, REASON, FOOT, GAP = 300, 13, 32, 26, 17, 34, 8
MOST = 9


@dataclass(frozen=True, slots=True)
class Opened:
    """What is shown: the words, the kind in a word, the reason in a sentence, suggestions best first."""

    words: str
    kind: str
    reason: str = ""
    suggestions: Sequence[str] = ()
    can_be_listed: bool = False  # a spelling finding: its word may go on the newsroom's list


class FindingCard(Floating):
    """`1` to `9` take a suggestion, Enter the first, `W` lists the word, `N` passes it over here, Esc closes."""

    taken = Signal(str)
    listed = Signal()
    passed_over = Signal()

    def __init__(self, look: Look, wording: Wording, parent: QWidget) -> None:
        super().__init__(look, parent)
        self._wording = wording
        self._shown = Opened("", "")
        self._zones: list[tuple[QRectF, str]] = []
        self.setMouseTracking(True)

    def open(self, shown: Opened, words_at: QRect) -> None:
        """Open below the marked words (parent's pixels), or above them where there is no room."""
        self._shown = shown
        parts = [shown.words, shown.kind, shown.reason,
                 *(f"{number} {word}" for number, word in enumerate(shown.suggestions[:MOST], 1))]
        self.setAccessibleName(", ".join(part for part in parts if part))
        px, under = self._look.px, self.under
        height = self._height()
        left = max(px(8), min(words_at.left() + px(18), under.width() - px(WIDTH) - px(8)))
        top = words_at.bottom() + px(GAP)
        if top + height > under.height():
            top = max(0, words_at.top() - px(GAP) - height)
        self.open_at(QRect(left, top, px(WIDTH), height))
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text().casefold()
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (self._do("1" if enter else text) if text else False):
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        for zone, key in self._zones:
            if zone.contains(event.position()):
                self._do(key)
                return

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter, look, shown = QPainter(self), self._look, self._shown
        self._zones = []
        left, right = self.space + look.px(SIDE), self.width() - self.space - look.px(SIDE)
        top = float(self.space + look.px(5))
        head = QRectF(left, top, right - left, look.px(HEAD))
        draw_text(painter, look, Type.SECONDARY, "muted", head, shown.kind, Qt.AlignmentFlag.AlignRight)
        draw_text(painter, look, Type.STRONG, "text", head.adjusted(0, 0, -look.px(70), 0), shown.words)
        top += look.px(HEAD)
        for line in self._reason():
            draw_text(painter, look, Type.SECONDARY, "muted", QRectF(left, top, right - left, look.px(REASON)), line)
            top += look.px(REASON)
        for number, word in enumerate(shown.suggestions[:MOST], 1):
            row = QRectF(left, top, right - left, look.px(ROW))
            draw_cap(painter, look, str(number), left, row.center().y())
            draw_text(painter, look, Type.STRONG if number == 1 else Type.BODY, "text", row.adjusted(look.px(26), 0, 0, 0), word)
            self._zones.append((row, str(number)))
            top += look.px(ROW)
        painter.fillRect(QRectF(left, top + look.px(3), right - left, 1), look.colour("line"))
        self._paint_foot(painter, left, top + look.px(3))

    def _paint_foot(self, painter: QPainter, left: float, top: float) -> None:
        look, tr = self._look, self._wording.tr
        middle = top + look.px(FOOT) / 2
        ways = [("N", tr("articles", "pass over here"))]
        if self._shown.can_be_listed:
            ways.insert(0, ("W", tr("articles", "on the word list")))
        for key, words in ways:
            start = left
            left += draw_cap(painter, look, key, left, middle) + look.px(GAP)
            left += draw_text(painter, look, Type.SECONDARY, "muted", QRectF(left, middle - 10, look.px(150), 20), words)
            self._zones.append((QRectF(start, top, left - start, look.px(FOOT)), key.casefold()))
            left += look.px(GAP)

    def _reason(self) -> list[str]:
        width = self._look.px(WIDTH - 2 * SIDE)
        return wrapped(self._look, Type.SECONDARY, self._shown.reason, width, 4)

    def _height(self) -> int:
        px = self._look.px
        rows = px(ROW) * min(MOST, len(self._shown.suggestions)) + px(REASON) * len(self._reason())
        return px(5) + px(HEAD) + rows + px(3) + px(FOOT)

    def _do(self, key: str) -> bool:
        """Do what a key stands for; False when it stands for nothing."""
        if key.isdecimal() and 1 <= int(key) <= min(MOST, len(self._shown.suggestions)):
            self.close_card()
            self.taken.emit(self._shown.suggestions[int(key) - 1])
        elif key == "w" and self._shown.can_be_listed:
            self.close_card()
            self.listed.emit()
        elif key == "n":
            self.close_card()
            self.passed_over.emit()
        else:
            return False
        return True
