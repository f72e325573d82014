"""How far something is that takes minutes: a line that fills. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QWidget

from editor.ui.theme.look import Look

HEIGHT = 6
PARTS = 1000  # numbers of any size fit in Qt's own


class FarLine(QProgressBar):
    """A progress bar in the house's colours; the numbers stand in words beside it."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(name)
        self.setRange(0, PARTS)
        self.setTextVisible(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def show_far(self, done: int, total: int) -> None:
        """Show so many of so many."""
        self.setValue(PARTS * done // total if total else 0)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(120), self._look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self._look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area, look = QPainter(self), QRectF(self.rect()), self._look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = area.height() / 2
        painter.setBrush(look.colour("line"))
        painter.drawRoundedRect(area, radius, radius)
        if self.value():
            painter.setBrush(look.colour("accent"))
            painter.drawRoundedRect(QRectF(0, 0, max(area.height(), area.width() * self.value() / PARTS), area.height()),
                                    radius, radius)
