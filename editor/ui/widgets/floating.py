"""A card that floats over the window, with the one shadow that the house has. No window of its own, never modal."""

from __future__ import annotations

from PySide6.QtCore import QMargins, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from editor.ui.theme.look import Look

SHADOW, CORNER = 24, 8
LAYERS = 12


class Floating(QWidget):
    """Put what it shows into `box`. Esc closes it; whoever opened it gives the focus back at `closed`."""

    closed = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._under = parent
        self._space = look.px(SHADOW)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(QMargins(self._space, self._space, self._space, self._space))
        self.box.setSpacing(0)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.hide()

    @property
    def space(self) -> int:
        """The shadow's width around the card, in pixels."""
        return self._space

    @property
    def under(self) -> QRect:
        """The area that it may float over."""
        return self._under.rect()

    def open_at(self, card: QRect) -> None:
        """Show the card there (parent's pixels, without its shadow), above everything."""
        self.setGeometry(card.marginsAdded(QMargins(self._space, self._space, self._space, self._space)))
        self.show()
        self.raise_()

    def close_card(self) -> None:
        """Hide it."""
        if self.isVisible():
            self.hide()
            self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), self._look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(self._space, self._space, -self._space, -self._space)
        shadow = QColor(look.colour("shadow"))
        painter.setPen(Qt.PenStyle.NoPen)
        for layer in range(LAYERS):
            reach = self._space * (LAYERS - layer) / LAYERS
            shadow.setAlphaF(0.004 + 0.009 * (layer / LAYERS) ** 2)
            painter.setBrush(shadow)
            corner = CORNER + reach
            painter.drawRoundedRect(card.adjusted(-reach, -reach * 0.6, reach, reach), corner, corner)
        painter.setPen(QPen(look.colour("line"), 1))
        painter.setBrush(look.colour("surface"))
        corner = look.px(CORNER)
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
