"""A box of choices that shows that it is one: the house's arrow at its right."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QWidget

from editor.ui.theme.look import Look

ARROW, SIDE = 14, 9  # design pixels


class ChoiceBox(QComboBox):
    """Drawn by the style; the arrow by hand, in the theme's colour."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size, side = self._look.px(ARROW), self._look.px(SIDE)
        place = QRectF(self.width() - size - side, round((self.height() - size) / 2), size, size)
        self._look.paint_icon(QPainter(self), "chevron-down", "muted", place)
