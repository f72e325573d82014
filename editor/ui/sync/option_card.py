"""A large button with an icon, a name and a sentence: one way to begin. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.enter_button import EnterButton
from editor.ui.widgets.painting import cap_width, draw_cap, draw_focus, draw_text, wrapped

LINES, LINE, SIDE, ICON, AROUND = 3, 20, 20, 24, 30


class OptionCard(EnterButton):
    """What is not possible is greyed, and its sentence says why."""

    def __init__(self, look: Look, icon: str, words: str, sentence: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._look = look
        self._icon_name = icon
        self._sentence = sentence
        self._key = key
        self.setAccessibleName(words)
        self.setAccessibleDescription(f"{sentence} {key}")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        width = self._look.px(420)
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(260), self._look.px(AROUND + 2 * LINE))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        lines = len(wrapped(self._look, Type.BODY, self._sentence, self._room(width), LINES))
        return self._look.px(AROUND + LINE * (1 + max(1, lines)))

    def _room(self, width: float) -> float:
        """How wide the words may be."""
        px = self._look.px
        cap = cap_width(self._look, self._key) + px(12) if self.isEnabled() else 0
        return width - px(SIDE) - px(ICON) - px(16) - px(SIDE) - cap

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, px = QPainter(self), self._look, self._look.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect())
        lively = self.isEnabled() and (self.underMouse() or self.isDown())
        painter.setPen(QPen(look.colour("accent" if lively else "line"), 1))
        painter.setBrush(look.colour("surface" if self.isEnabled() else "bg"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), px(8), px(8))
        side = px(ICON)
        look.paint_icon(painter, self._icon_name, "accent" if self.isEnabled() else "muted",
                        QRectF(px(SIDE), px(16), side, side))
        left = px(SIDE) + side + px(16)
        right = area.right() - px(SIDE)
        if self.isEnabled():
            width = cap_width(look, self._key)
            draw_cap(painter, look, self._key, right - width, px(16) + px(LINE) / 2)
            right -= width + px(12)
        ink = "text" if self.isEnabled() else "muted"
        draw_text(painter, look, Type.TITLE, ink, QRectF(left, px(14), right - left, px(LINE)), self.text())
        lines = wrapped(look, Type.BODY, self._sentence, right - left, LINES)
        for number, line in enumerate(lines):
            place = QRectF(left, px(14) + px(LINE) * (number + 1) + px(2), right - left, px(LINE))
            draw_text(painter, look, Type.BODY, "muted", place, line)
        if self.hasFocus():
            draw_focus(painter, look, area, px(8))
