"""Draws the timeline's rows: hour rules, lines as rounded cards, gaps, the red line of now. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from editor.domain.moments import moment_of
from editor.domain.ticker import Phase, Priority
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.ticker.rows import DayRow, RowKind, clock_words
from editor.ui.ticker.timeline import ROW
from editor.ui.ticker.words import PHASES, PRIORITIES, TONES, Place, gap_words, place_of, place_words
from editor.ui.widgets.painting import PILL_HEIGHT, Mark, draw_cap, draw_pill, draw_text, pill_width, text_width
from editor.ui.wording import Wording

LEFT, RIGHT, BOX, TOP = 92, 24, 34, 5
SHAPES = {
    Phase.LIVE: "dot", Phase.PLANNED: "clock", Phase.READY: "check", Phase.DRAFT: "pen", Phase.EXPIRED: "history",
    Phase.NOT_SHOWN: "warning", Phase.MISSED: "warning", Phase.WITHDRAWN: "close",
}
DIM = (Phase.EXPIRED, Phase.WITHDRAWN)
VCENTER = Qt.AlignmentFlag.AlignVCenter
LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | VCENTER


class RowPainter(QStyledItemDelegate):
    """Paints one `DayRow`. `now` tells the time at the red line and the newsroom's zone; `key` the key of an action."""

    def __init__(self, look: Look, wording: Wording, now: Callable[[], tuple[datetime, str]], key: Callable[[str], str],
                 parent: QListView) -> None:
        super().__init__(parent)
        self._look = look
        self._wording = wording
        self._now = now
        self._key = key

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        hint = index.data(Qt.ItemDataRole.SizeHintRole)
        return hint if isinstance(hint, QSize) else QSize()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        row: DayRow = index.data(ROW)
        area = QRectF(option.rect)
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.hour:
            self._paint_hour(painter, area, row.hour.strip())
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if row.kind is RowKind.LINE:
            self._paint_line(painter, area, row, chosen, focused)
        elif row.kind is RowKind.GAP:
            self._paint_gap(painter, area, row, chosen or hovered)
        elif row.kind is RowKind.NOW:
            self._paint_now(painter, area)
        elif row.kind in (RowKind.EARLIER, RowKind.UNTIMED):
            self._paint_head(painter, area, row)
        painter.restore()

    def _paint_hour(self, painter: QPainter, area: QRectF, hour: str) -> None:
        px = self._look.px
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), self._look.colour("line"))
        if hour:
            painter.setFont(self._look.font(Type.BODY))
            painter.setPen(self._look.colour("muted"))
            painter.drawText(QRectF(area.left() + px(20), area.top() + px(4), px(LEFT - 24), px(20)), LEFT_MIDDLE, hour)

    def _paint_now(self, painter: QPainter, area: QRectF) -> None:
        px = self._look.px
        y = area.center().y()
        painter.fillRect(QRectF(area.left() + px(66), y - 1, area.width() - px(66), 2), self._look.colour("error"))
        label = QRectF(area.left() + px(4), y - px(10), px(42), px(20))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour("error"))
        painter.drawRoundedRect(label, px(4), px(4))
        painter.setPen(self._look.colour("on_error"))
        painter.setFont(self._look.font(Type.LABEL))
        painter.drawText(label, Qt.AlignmentFlag.AlignCenter, clock_words(moment_of(*self._now())))

    def _paint_head(self, painter: QPainter, area: QRectF, row: DayRow) -> None:
        tr, px = self._wording.tr, self._look.px
        words = (tr("ticker_desk", "Began earlier") if row.kind is RowKind.EARLIER
                 else tr("ticker_desk", "Without a time"))
        painter.setFont(self._look.font(Type.LABEL))
        painter.setPen(self._look.colour("muted"))
        painter.drawText(area.adjusted(px(LEFT), px(8), 0, 0), LEFT_MIDDLE, words)

    def _paint_gap(self, painter: QPainter, area: QRectF, row: DayRow, lively: bool) -> None:
        assert row.gap is not None
        px, look = self._look.px, self._look
        box = area.adjusted(px(LEFT), px(8), -px(RIGHT), -px(8))
        pen = QPen(look.colour("accent" if lively else "line"), 1)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), px(6), px(6))
        nothing = self._wording.tr("ticker_desk", "nothing for {span} ·", span=gap_words(self._wording, row.gap.minutes))
        plan = self._wording.tr("ticker_desk", "plan here")
        widths = text_width(look, Type.SECONDARY, nothing), text_width(look, Type.SECONDARY_STRONG, plan)
        x = box.center().x() - (widths[0] + widths[1] + px(6 + 8 + 20)) / 2
        draw_text(painter, look, Type.SECONDARY, "muted", QRectF(x, box.top(), widths[0] + 2, box.height()), nothing)
        x += widths[0] + px(6)
        place = QRectF(x, box.top(), widths[1] + 2, box.height())
        draw_text(painter, look, Type.SECONDARY_STRONG, "accent", place, plan)
        draw_cap(painter, look, self._key("ticker.free"), x + widths[1] + px(8), box.center().y())

    def _paint_line(self, painter: QPainter, area: QRectF, row: DayRow, chosen: bool, focused: bool) -> None:
        assert row.item is not None
        px, look = self._look.px, self._look
        box = QRectF(area.left() + px(LEFT), area.top() + px(TOP), area.width() - px(LEFT + RIGHT), px(BOX))
        paint_card(painter, look, box, chosen=chosen, focused=focused)
        entry = row.item.entry
        dim = row.phase in DIM
        right = self._paint_standing(painter, box, row)
        painter.setFont(look.font(Type.STRONG))
        painter.setPen(look.colour("muted" if dim else "text"))
        time = clock_words(entry.start) if entry.start else "––:––"
        painter.drawText(box.adjusted(px(13), 0, 0, 0), LEFT_MIDDLE, time)
        x = box.left() + px(63)
        if entry.priority is not Priority.NORMAL:
            tone = Tone.ERROR if entry.priority is Priority.BREAKING else Tone.ACCENT
            mark = Mark(self._wording.say(PRIORITIES[entry.priority]), tone)
            x += px(8) + draw_pill(painter, look, mark, self._pill_place(x, box))
        if entry.pin is not None:
            look.paint_icon(painter, "pin", "accent", QRectF(x, box.center().y() - px(8), px(16), px(16)))
            x += px(22)
        font = QFont(look.font(Type.BODY))
        font.setWeight(QFont.Weight.Medium)
        font.setStrikeOut(row.phase is Phase.WITHDRAWN)
        painter.setFont(font)
        painter.setPen(look.colour("muted" if dim else "text"))
        headline = f"{entry.prefix} {entry.headline}".strip() or self._wording.tr("ticker_desk", "(no headline)")
        room = right - px(12) - x
        shown = QFontMetricsF(font).elidedText(headline, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(x, box.top(), room, box.height()), LEFT_MIDDLE, shown)

    def _paint_standing(self, painter: QPainter, box: QRectF, row: DayRow) -> float:
        """The pill at the right and the words before it; returns where they begin."""
        assert row.item is not None
        px, look = self._look.px, self._look
        mark = Mark(self._wording.say(PHASES[row.phase]), TONES[row.phase], SHAPES[row.phase])
        x = box.right() - px(13) - round(pill_width(look, mark))
        draw_pill(painter, look, mark, self._pill_place(x, box))
        place = place_of(row.item, row.phase)
        said = place_words(place)
        role = "error" if place.is_asked else "ready" if place is Place.LOCAL else "muted"
        notes = [] if said is None else [(self._wording.say(said), role)]
        if row.item.staged is not None and row.item.staged != row.item.entry.headline:
            notes.append((self._wording.tr("ticker_desk", "new text waits"), "ready"))
        if row.warned:
            notes.append(("⚠", "ready"))
        for text, role in notes:
            width = text_width(look, Type.SECONDARY, text)
            x -= width + px(10)
            draw_text(painter, look, Type.SECONDARY, role, QRectF(x, box.top(), width + 2, box.height()), text)
        return x

    def _pill_place(self, x: float, box: QRectF) -> QPointF:
        return QPointF(round(x), round(box.center().y() - self._look.px(PILL_HEIGHT) / 2))


def paint_card(painter: QPainter, look: Look, box: QRectF, *, chosen: bool, focused: bool) -> None:
    """A line's rounded card with its quiet shadow; the chosen one has the accent around it."""
    px = look.px
    shadow = QColor(look.colour("shadow"))
    painter.setPen(Qt.PenStyle.NoPen)
    for spread, alpha in ((2.0, 8), (1.0, 12)):
        shadow.setAlpha(alpha)
        painter.setBrush(shadow)
        painter.drawRoundedRect(box.adjusted(-spread / 2, spread, spread / 2, spread), px(6), px(6))
    if chosen:
        painter.setBrush(look.colour("selection" if focused else "accent_tint"))
        painter.drawRoundedRect(box.adjusted(-2, -2, 2, 2), px(8), px(8))
    painter.setPen(QPen(look.colour("accent" if chosen else "line"), 1.4 if chosen else 1))
    painter.setBrush(look.colour("surface"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), px(6), px(6))
