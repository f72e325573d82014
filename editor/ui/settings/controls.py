"""The settings' controls: a choice with its chevron, a number without arrows. Neither changes when the page scrolls."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QIntValidator, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from editor.ui.theme.look import Look

CHEVRON, INSET = 14, 10
LARGEST = 1_000_000


class ChoiceBox(QComboBox):
    """A choice; the house's sheet leaves the place of the arrow empty."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        side, inset = self._look.px(CHEVRON), self._look.px(INSET)
        place = QRectF(self.width() - side - inset, (self.height() - side) / 2, side, side)
        self._look.paint_icon(QPainter(self), "chevron-down", "muted", place)

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class NumberBox(QLineEdit):
    """A number between two others: typed, or changed with the arrow keys."""

    def __init__(self, least: int, most: int, value: int, parent: QWidget | None = None) -> None:
        super().__init__(str(value), parent)
        self._least, self._most = least, most
        self.setValidator(QIntValidator(0, LARGEST, self))
        self.setPlaceholderText(f"{least}–{most}" if most < LARGEST else "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if not step:
            super().keyPressEvent(event)
            return
        number = int(self.text()) if self.text().isdigit() else self._least
        self.setText(str(max(self._least, min(self._most, number + step))))
        self.editingFinished.emit()
