"""Pills and key caps as a delegate draws them, the same everywhere. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone

PILL, CAP = 19, 18


def pill_width(look: Look, words: str, shape: str = "") -> float:
    """How wide a pill with these words is."""
    return QFontMetricsF(look.font(Type.LABEL)).horizontalAdvance(f"{shape} {words}".strip()) + look.px(14)


def paint_pill(painter: QPainter, look: Look, at: QPointF, words: str, tone: Tone, shape: str = "") -> float:
    """A pill with its left middle at `at`: a shape and a word on the tone's tint. Returns its width."""
    width, height = pill_width(look, words, shape), look.px(PILL)
    box = QRectF(at.x(), at.y() - height / 2, width, height)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(tone.tint))
    painter.drawRoundedRect(box, look.px(4), look.px(4))
    painter.setFont(look.font(Type.LABEL))
    painter.setPen(look.colour(tone.value))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{shape} {words}".strip())
    return width


def cap_width(look: Look, key: str) -> float:
    """How wide the cap of `key` is."""
    return max(QFontMetricsF(look.font(Type.KEY)).horizontalAdvance(key) + look.px(10), float(look.px(CAP)))


def paint_cap(painter: QPainter, look: Look, at: QPointF, key: str) -> float:
    """A key cap with its left middle at `at`. Returns its width."""
    width = cap_width(look, key)
    box = QRectF(at.x(), at.y() - look.px(CAP) / 2, width, look.px(CAP)).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(look.colour("line"), 1))
    painter.setBrush(look.colour("surface"))
    painter.drawRoundedRect(box, look.px(4), look.px(4))
    painter.setPen(look.colour("muted"))
    painter.setFont(look.font(Type.KEY))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
    return width
