"""A status as a widget: shape and word on a tint; and a chip that opens a menu."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.enter_button import EnterButton
from editor.ui.widgets.painting import (
    ICON,
    PILL_CORNER,
    PILL_HEIGHT,
    PILL_PADDING,
    Mark,
    draw_focus,
    draw_pill,
    draw_text,
    pill_width,
    text_width,
)


class Pill(QWidget):
    """Shows one `Mark`."""

    def __init__(self, look: Look, mark: Mark, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._mark = mark
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_mark(mark)
        look.changed.connect(self.updateGeometry)

    def show_mark(self, mark: Mark) -> None:
        """Show another one."""
        self._mark = mark
        self.setAccessibleName(mark.word)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(round(pill_width(self._look, self._mark)), self._look.px(PILL_HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_pill(QPainter(self), self._look, self._mark, QPointF(0, 0))


class Chip(EnterButton):
    """A low button for a filter: quiet while everything is shown, in the accent while something is chosen."""

    def __init__(self, look: Look, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._look = look
        self._is_chosen = False
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def show_choice(self, words: str, *, chosen: bool) -> None:
        """Say what is chosen."""
        self._is_chosen = chosen
        self.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        look = self._look
        width = text_width(look, Type.LABEL, self.text()) + 2 * look.px(PILL_PADDING) + look.px(ICON)
        return QSize(round(width), look.px(PILL_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, area = self._look, QPainter(self), QRectF(self.rect())
        tone = Tone.ACCENT if self._is_chosen else Tone.NEUTRAL
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour(tone.tint))
        painter.drawRoundedRect(area, look.px(PILL_CORNER), look.px(PILL_CORNER))
        words = area.adjusted(look.px(PILL_PADDING), 0, 0, 0)
        width = draw_text(painter, look, Type.LABEL, tone.value, words, self.text())
        size = look.px(ICON)
        place = QRectF(round(words.left() + width + 1), round(area.center().y() - size / 2 + 0.5), size, size)
        look.paint_icon(painter, "chevron-down", tone.value, place)
        if self.hasFocus():
            draw_focus(painter, look, area, look.px(PILL_CORNER))
