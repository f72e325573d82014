"""Small things that are drawn by hand in widgets and delegates alike: pills, key caps, lines of text."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone

PILL_HEIGHT, PILL_PADDING, PILL_CORNER = 18, 7, 4
CAP_HEIGHT, CAP_PADDING, CAP_CORNER = 17, 6, 4
ICON = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """A pill: a word, and a shape where one helps, on a tinted ground. Never colour alone."""

    word: str
    tone: Tone = Tone.NEUTRAL
    icon: str = ""


def text_width(look: Look, kind: Type, text: str) -> float:
    """How wide a text is in a role of type."""
    return QFontMetricsF(look.font(kind)).horizontalAdvance(text)


def draw_text(painter: QPainter, look: Look, kind: Type, role: str, area: QRectF, text: str,
              align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> float:
    """One line in `area`, in the middle of its height, cut with an ellipsis; returns the width that it took."""
    font = look.font(kind)
    metrics = QFontMetricsF(font)
    shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.setFont(font)
    painter.setPen(look.colour(role))
    # Arabic and Hebrew run from the right, full stop and all; the line keeps its edge in the list.
    painter.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)
    edge = align | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter
    painter.drawText(area, edge | Qt.TextFlag.TextSingleLine, shown)
    return metrics.horizontalAdvance(shown)


def pill_width(look: Look, mark: Mark) -> float:
    """How wide a pill is."""
    icon = look.px(ICON + 3) if mark.icon else 0
    return text_width(look, Type.LABEL, mark.word) + 2 * look.px(PILL_PADDING) + icon


def draw_pill(painter: QPainter, look: Look, mark: Mark, at: QPointF) -> float:
    """A pill with its top left corner at `at`; returns its width."""
    area = QRectF(at.x(), at.y(), round(pill_width(look, mark)), look.px(PILL_HEIGHT))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(look.colour(mark.tone.tint))
    painter.drawRoundedRect(area, look.px(PILL_CORNER), look.px(PILL_CORNER))
    words = area.adjusted(look.px(PILL_PADDING), 0, 0, 0)
    if mark.icon:
        size = look.px(ICON)
        look.paint_icon(painter, mark.icon, mark.tone.value,
                        QRectF(round(words.left()), round(area.center().y() - size / 2), size, size))
        words.setLeft(words.left() + look.px(ICON + 3))
    draw_text(painter, look, Type.LABEL, mark.tone.value, words, mark.word)
    return area.width()


def _cap_type(key: str) -> Type:
    """The mono face lacks the return arrow; then the whole cap is set in the text face."""
    return Type.SMALL if "⏎" in key else Type.KEY


def cap_width(look: Look, key: str) -> float:
    """How wide a key cap is; 0 for no key."""
    if not key:
        return 0.0
    return max(float(look.px(CAP_HEIGHT)), text_width(look, _cap_type(key), key) + 2 * look.px(CAP_PADDING))


def draw_cap(painter: QPainter, look: Look, key: str, left: float, middle: float) -> float:
    """A key cap from `left` at the height of `middle`; returns its width."""
    if not key:
        return 0.0
    height = look.px(CAP_HEIGHT)
    area = QRectF(round(left), round(middle - height / 2), round(cap_width(look, key)), height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(look.colour("surface"))
    painter.setPen(QPen(look.colour("line"), 1))
    corner = look.px(CAP_CORNER)
    painter.drawRoundedRect(area.adjusted(0.5, 1.5, -0.5, 0.5), corner, corner)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), corner, corner)
    draw_text(painter, look, _cap_type(key), "muted", area, key, Qt.AlignmentFlag.AlignHCenter)
    return area.width()


def draw_focus(painter: QPainter, look: Look, area: QRectF, corner: float, role: str = "accent") -> None:
    """The ring of the control that has the keyboard."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(look.colour(role), 2))
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), corner, corner)


def wrapped(look: Look, kind: Type, text: str, width: float, most: int) -> list[str]:
    """`text` broken into at most `most` lines of `width`; the last one is cut with an ellipsis."""
    metrics = QFontMetricsF(look.font(kind))
    lines: list[str] = []
    words = text.split()
    while words and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(metrics.elidedText(" ".join(words), Qt.TextElideMode.ElideRight, width))
            break
        taken = 1
        while taken < len(words) and metrics.horizontalAdvance(" ".join(words[: taken + 1])) <= width:
            taken += 1
        lines.append(metrics.elidedText(" ".join(words[:taken]), Qt.TextElideMode.ElideRight, width))
        words = words[taken:]
    return lines
