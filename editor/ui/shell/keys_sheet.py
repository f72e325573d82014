"""The sheet of keys (F1 or ?): what can be done at this desk and everywhere, with the key for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.floating import Floating
from editor.ui.widgets.painting import cap_width, draw_cap, draw_text

COLUMN, ROW, HEAD, SIDE = 330, 24, 34, 24


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Keys that belong together: their head, and rows of (words, key caps)."""

    head: str
    rows: Sequence[tuple[str, Sequence[str]]]


class _Table(QWidget):
    """Draws the groups in columns; read out as one text."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._columns: list[list[KeyGroup]] = []

    def show_groups(self, groups: Sequence[KeyGroup], columns: int) -> None:
        """Show these, spread over columns of about the same height."""
        cut = [KeyGroup(group.head, group.rows) for group in groups if group.rows]
        total = sum(len(group.rows) + 2 for group in cut)
        self._columns = [[] for _ in range(columns)]
        height, column = 0, 0
        for group in cut:
            rows = list(group.rows)
            head = group.head
            while rows:
                room = max(3, -(-total // columns) - height - 2)
                if column == columns - 1:
                    room = len(rows)
                self._columns[column].append(KeyGroup(head, rows[:room]))
                height += min(room, len(rows)) + 2
                rows, head = rows[room:], group.head
                if height >= total / columns and column < columns - 1:
                    column, height = column + 1, 0
        said = "; ".join(f"{words}: {' / '.join(keys)}" for group in cut for words, keys in group.rows)
        self.setAccessibleName(said)
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        look = self._look
        rows = max((sum(len(g.rows) * ROW + HEAD + 12 for g in column) for column in self._columns), default=0)
        return QSize(look.px(COLUMN) * max(1, len(self._columns)), look.px(rows))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), self._look
        for number, column in enumerate(self._columns):
            left, top = look.px(COLUMN) * number, 0
            for group in column:
                place = QRectF(left, top, look.px(COLUMN - SIDE), look.px(HEAD))
                draw_text(painter, look, Type.LABEL, "muted", place, group.head)
                top += look.px(HEAD)
                for words, keys in group.rows:
                    self._paint_row(painter, words, keys, QRectF(left, top, look.px(COLUMN - SIDE), look.px(ROW)))
                    top += look.px(ROW)
                top += look.px(12)

    def _paint_row(self, painter: QPainter, words: str, keys: Sequence[str], area: QRectF) -> None:
        look = self._look
        right = area.right()
        for key in reversed(keys):
            right -= cap_width(look, key)
            draw_cap(painter, look, key, right, area.center().y())
            right -= look.px(5)
        draw_text(painter, look, Type.BODY, "text", QRectF(area.left(), area.top(), right - area.left(), area.height()), words)


class KeysSheet(Floating):
    """Floats over the desk until Esc."""

    def __init__(self, look: Look, title: str, parent: QWidget) -> None:
        super().__init__(look, parent)
        head = QLabel(title, self)
        head.setProperty("kind", "title")
        head.setContentsMargins(look.px(SIDE), look.px(18), look.px(SIDE), look.px(4))
        self._table = _Table(look)
        area = QScrollArea(self)
        area.setWidget(self._table)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setAccessibleName(title)
        area.viewport().setAutoFillBackground(False)
        holder = QVBoxLayout()
        holder.setContentsMargins(look.px(SIDE), 0, look.px(2), look.px(12))
        holder.addWidget(area)
        self.box.addWidget(head)
        self.box.addLayout(holder, 1)
        self._area = area

    def open(self, groups: Sequence[KeyGroup]) -> None:
        """Show these keys over the parent's middle."""
        look, parent = self._look, self.under
        columns = max(1, min(3, (parent.width() - look.px(120)) // look.px(COLUMN)))
        self._table.show_groups(groups, columns)
        size = self._table.sizeHint()
        width = min(size.width() + look.px(2 * SIDE), parent.width() - 2 * self.space)
        height = min(size.height() + look.px(70), parent.height() - 2 * self.space)
        self.open_at(QRect((parent.width() - width) // 2, (parent.height() - height) // 2, width, height))
        self._area.setFocus(Qt.FocusReason.PopupFocusReason)
