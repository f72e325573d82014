"""The outbox as a list: its model, and how a row is drawn. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from editor.desk.ports import OpState
from editor.ui.sync.reading import OutboxItem
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.painting import Mark, draw_pill, draw_text, pill_width
from editor.ui.wording import Wording

Index = QModelIndex | QPersistentModelIndex
ROW_HEIGHT, ROW_WITH_REASON, SIDE, HEAD, TURN, NARROW = 60, 80, 18, 30, 26, 360


class OutboxModel(QAbstractListModel):
    """The outbox's rows; a row reads as one sentence to a screen reader."""

    ITEM = Qt.ItemDataRole.UserRole
    HEAD = Qt.ItemDataRole.UserRole + 1

    def __init__(self, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._items: tuple[OutboxItem, ...] = ()

    def show_items(self, items: Sequence[OutboxItem]) -> None:
        """Show these rows instead."""
        self.beginResetModel()
        self._items = tuple(items)
        self.endResetModel()

    def item(self, row: int) -> OutboxItem | None:
        """The item of a row, None past the end."""
        return self._items[row] if 0 <= row < len(self._items) else None

    def head_of(self, row: int) -> str:
        """The words over a row that begins a part of the list: what waits for a person, what goes by itself."""
        item, before = self.item(row), self.item(row - 1)
        if item is None or (before is not None and before.is_stuck == item.is_stuck):
            return ""
        tr = self._wording.tr
        return tr("sync_desk", "Waits for you") if item.is_stuck else tr("sync_desk", "Goes by itself, in this order")

    def row_of(self, op_id: str) -> int:
        """Where the request stands, -1 when it is gone."""
        return next((n for n, item in enumerate(self._items) if item.row.op_id == op_id), -1)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item(index.row())
        if item is None:
            return None
        if role == self.ITEM:
            return item
        if role == self.HEAD:
            return self.head_of(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            say = self._wording.say
            turn = self._wording.tr("sync_desk", "Number {n}", n=item.turn) if item.turn else ""
            parts = (self.head_of(index.row()), turn, say(item.kind), item.title, say(item.what), say(item.state), say(item.why) if item.why else "")
            return ". ".join(part for part in parts if part)
        return None


def tone_of(item: OutboxItem) -> Tone:
    """The tone of a row's pill; the word beside it says the same."""
    if item.is_stuck:
        return Tone.ERROR
    if item.row.state is OpState.SEALED and item.row.attempts:
        return Tone.READY
    if item.row.state is OpState.SEALED and not item.row.last_error:
        return Tone.ACCENT
    return Tone.NEUTRAL


class OutboxPainter(QStyledItemDelegate):
    """Draws title and state, what is to be done and how often it was tried, and the reason if there is one."""

    def __init__(self, look: Look, wording: Wording, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._wording = wording

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        item: OutboxItem = index.data(OutboxModel.ITEM)
        head = HEAD if index.data(OutboxModel.HEAD) else 0
        return QSize(0, self._look.px(head + (ROW_WITH_REASON if item.why else ROW_HEIGHT)))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: OutboxItem = index.data(OutboxModel.ITEM)
        state, area = option.state, QRectF(option.rect)
        painter.save()
        if head := index.data(OutboxModel.HEAD):
            area = self._paint_head(painter, area, head)
        if item.is_stuck:
            painter.fillRect(QRectF(area.left(), area.top(), self._look.px(3), area.height()), self._look.colour("error"))
        self._paint_ground(painter, area, chosen=bool(state & QStyle.StateFlag.State_Selected),
                           focused=bool(state & QStyle.StateFlag.State_HasFocus))
        look, px = self._look, self._look.px
        inner = area.adjusted(px(SIDE), px(9), -px(SIDE), -px(9))
        if item.turn:
            draw_text(painter, look, Type.SECONDARY, "muted", QRectF(inner.left(), inner.top(), px(TURN), px(20)), f"{item.turn}.")
            inner.setLeft(inner.left() + px(TURN))
        line = self._paint_lines(painter, inner, item)
        if item.why is not None:
            line.translate(0, px(20))
            role = "error" if item.is_stuck else "ready" if item.row.attempts else "muted"
            draw_text(painter, look, Type.SECONDARY, role, line, self._wording.say(item.why))
        painter.restore()

    def _paint_lines(self, painter: QPainter, inner: QRectF, item: OutboxItem) -> QRectF:
        """Title and state, and what is to be done; where there is little room the title has a line of its own. Returns
        the place of the second line."""
        look, px = self._look, self._look.px
        mark = Mark(self._wording.say(item.state), tone_of(item), "warning" if item.is_stuck else "")
        pill = pill_width(look, mark) + px(10)
        first, second = (QRectF(inner.left(), inner.top() + px(21 * row), inner.width(), px(20)) for row in (0, 1))
        title, what = QRectF(first), QRectF(second)
        if inner.width() < px(NARROW):
            draw_pill(painter, look, mark, QPointF(second.left(), second.top() + px(1)))
            what.setLeft(what.left() + pill)
        else:
            draw_pill(painter, look, mark, QPointF(first.right() - pill + px(10), first.top() + px(1)))
            title.setRight(title.right() - pill)
        draw_text(painter, look, Type.STRONG, "text", title, item.title or self._wording.say(item.kind))
        draw_text(painter, look, Type.SECONDARY, "muted", what, self._second(item))
        return second

    def _paint_head(self, painter: QPainter, area: QRectF, head: str) -> QRectF:
        """The part's words over the row; returns what is left of it."""
        look, px = self._look, self._look.px
        painter.fillRect(QRectF(area.left(), area.top(), area.width(), px(HEAD)), look.colour("bg"))
        draw_text(painter, look, Type.LABEL, "muted", QRectF(area.left() + px(SIDE), area.top(), area.width() - px(SIDE), px(HEAD)), head)
        painter.fillRect(QRectF(area.left(), area.top() + px(HEAD) - 1, area.width(), 1), look.colour("line"))
        return area.adjusted(0, px(HEAD), 0, 0)

    def _second(self, item: OutboxItem) -> str:
        tries = item.row.attempts
        counted = self._wording.tr("sync_desk", "tried once|tried {n} times", n=tries) if tries else ""
        parts = (self._wording.say(item.kind), self._wording.say(item.what), counted)
        return " · ".join(part for part in parts if part)

    def _paint_ground(self, painter: QPainter, area: QRectF, *, chosen: bool, focused: bool) -> None:
        look = self._look
        if chosen:
            painter.fillRect(area, look.colour("accent_tint"))
            painter.fillRect(QRectF(area.left(), area.top(), look.px(3), area.height()), look.colour("accent"))
        if focused:
            painter.setPen(look.colour("accent"))
            painter.drawRect(area.adjusted(0.5, 0.5, -0.5, -1.5))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), look.colour("line"))
