"""A name in a column of names, of which one is chosen: a desk's lists, the settings' groups. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.enter_button import EnterButton
from editor.ui.widgets.painting import draw_focus, draw_text


class PartButton(EnterButton):
    """One list's name and its number; the chosen one on the accent's tint."""

    def __init__(self, look: Look, words: str, parent: QWidget) -> None:
        super().__init__(words, parent)
        self._look = look
        self._count = 0
        self._is_alarming = False
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_count(0)

    def show_count(self, count: int, *, alarming: bool = False) -> None:
        """Show how many there are; `alarming` ones wait for a person."""
        self._count, self._is_alarming = count, alarming and count > 0
        self.setAccessibleName(f"{self.text()} {count}" if count else self.text())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(180), self._look.px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, area = self._look, QPainter(self), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent_tint" if chosen else "surface2"))
            painter.drawRoundedRect(area, look.px(6), look.px(6))
        inner = area.adjusted(look.px(10), 0, -look.px(10), 0)
        role = "accent" if chosen else "text"
        draw_text(painter, look, Type.STRONG if chosen else Type.BODY, role, inner, self.text())
        if self._count:
            draw_text(painter, look, Type.STRONG, "error" if self._is_alarming else role, inner, str(self._count),
                      Qt.AlignmentFlag.AlignRight)
        if self.hasFocus():
            draw_focus(painter, look, area, look.px(6))
