"""Paints findings under the words: a wave, dots or a double line, sharp at every screen scale."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QTextBlock, QTextLayout

from editor.ui.articles.findings import Finding, Kind, checked
from editor.ui.articles.layout import cursor_x
from editor.ui.theme.look import Look

# Design pixels below the baseline's bottom edge.
WAVE_TOP, WAVE_HEIGHT, WAVE_PERIOD = 4.0, 4.0, 7.0
DOTS_TOP, DOT, DOT_STEP = 5.0, 2.0, 4.0
DOUBLE_TOP, DOUBLE_STEP = 4.0, 2.0
COLOURS = {Kind.SPELLING: "error", Kind.NAME: "ready", Kind.STYLE: "planned"}


class Underlines:
    """Draws the findings of one block after another. Owned by the writing surface; GUI thread."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._tiles: dict[tuple[Kind, str, float, float], QPixmap] = {}

    def paint(self, painter: QPainter, block: QTextBlock, origin: QPointF) -> None:
        """Underline what was found in a block that begins at `origin` (viewport pixels)."""
        kept = checked(block)
        if kept is None:
            return
        for found in kept.fitted(block):
            for left, right, baseline in _strokes(block.layout(), found):
                x, y = origin.x() + left, round(origin.y() + baseline)
                self._stroke(painter, found.kind, QRectF(round(x), y, round(right - left), 12))

    def _stroke(self, painter: QPainter, kind: Kind, place: QRectF) -> None:
        scale = self._look.scale
        colour = self._look.colour(COLOURS[kind])
        if kind is Kind.STYLE:
            thick = max(1, round(scale))
            for step in (0, DOUBLE_STEP):
                top = place.top() + round((DOUBLE_TOP + step) * scale)
                painter.fillRect(QRectF(place.left(), top, place.width(), thick), colour)
            return
        top = WAVE_TOP if kind is Kind.SPELLING else DOTS_TOP
        tile = self._tile(kind, colour, painter.device().devicePixelRatioF())
        height = tile.deviceIndependentSize().height()
        painter.drawTiledPixmap(QRectF(place.left(), place.top() + round(top * scale), place.width(), height), tile)

    def _tile(self, kind: Kind, colour: QColor, ratio: float) -> QPixmap:
        key = (kind, colour.name(), self._look.scale, ratio)
        if key not in self._tiles:
            draw = _wave if kind is Kind.SPELLING else _dots
            self._tiles[key] = draw(colour, self._look.scale, ratio)
        return self._tiles[key]


def _strokes(layout: QTextLayout, found: Finding) -> Iterator[tuple[float, float, float]]:
    """(left, right, baseline) of a finding on each line that it touches, in the block's own pixels."""
    start, end = (_with_preedit(layout, at) for at in (found.start, found.start + found.length))
    first = layout.lineForTextPosition(start)
    number = first.lineNumber() if first.isValid() else layout.lineCount()
    while number < layout.lineCount():
        line = layout.lineAt(number)
        if line.textStart() >= end:
            return
        begin, stop = max(start, line.textStart()), min(end, line.textStart() + line.textLength())
        ends = (cursor_x(line, begin), cursor_x(line, stop))
        inked = line.naturalTextRect()  # without the space that the line breaks at
        yield max(min(ends), inked.left()), min(max(ends), inked.right()), line.y() + line.ascent()
        number += 1


def _with_preedit(layout: QTextLayout, at: int) -> int:
    """A position as the layout counts while an input method is composing."""
    composing = layout.preeditAreaText()
    return at + len(composing) if composing and at >= layout.preeditAreaPosition() else at


def _canvas(width: float, height: float, ratio: float) -> tuple[QPixmap, QPainter]:
    pixmap = QPixmap(max(1, round(width * ratio)), max(1, round(height * ratio)))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    return pixmap, painter


def _wave(colour: QColor, scale: float, ratio: float) -> QPixmap:
    period, height = WAVE_PERIOD * scale, (WAVE_HEIGHT + 1) * scale
    pixmap, painter = _canvas(period, height, ratio)
    low, high, half = height - 1.2 * scale, 1.2 * scale, period / 2
    path = QPainterPath(QPointF(-half, low))
    for crest in range(-1, 3):
        left = crest * half
        to = high if crest % 2 else low
        start = low if crest % 2 else high
        path.cubicTo(QPointF(left + half * 0.45, start), QPointF(left + half * 0.55, to), QPointF(left + half, to))
    painter.setPen(QPen(colour, 0.95 * scale))
    painter.drawPath(path)
    painter.end()
    return pixmap


def _dots(colour: QColor, scale: float, ratio: float) -> QPixmap:
    pixmap, painter = _canvas(DOT_STEP * scale, DOT * scale, ratio)
    painter.fillRect(QRectF(0, 0, DOT * scale, DOT * scale), colour)
    painter.end()
    return pixmap
