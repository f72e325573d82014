"""The six queues with their counts, and the numbers of this shift under them. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from editor.ui.actions import Keymap
from editor.ui.reactions.reading import Queue
from editor.ui.reactions.words import QUEUES
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.painting import draw_focus, draw_text, text_width
from editor.ui.wording import Wording

ROW, QUEUE, COUNT = 34, Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
RIGHT = Qt.AlignmentFlag.AlignRight


class QueuePainter(QStyledItemDelegate):
    """Name at the left, count at the right; the chosen one on the accent's tint."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self._look.px(100), self._look.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        look, px = self._look, self._look.px
        area = QRectF(option.rect).adjusted(0, 1, 0, -1)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent_tint"))
            painter.drawRoundedRect(area, px(6), px(6))
            if option.state & QStyle.StateFlag.State_HasFocus:
                draw_focus(painter, look, area, px(6))
        inner = area.adjusted(px(10), 0, -px(10), 0)
        count: int = index.data(COUNT)
        kind = Type.STRONG if chosen else Type.BODY
        role = "accent" if chosen else "text"
        if count:
            alarm = index.data(QUEUE) is Queue.CONFLICT
            number = f"{count:,}".replace(",", ".")
            draw_text(painter, look, Type.STRONG if alarm else kind, "error" if alarm and not chosen else role,
                      inner, number, RIGHT)
            inner.setRight(inner.right() - text_width(look, kind, number) - px(6))
        draw_text(painter, look, kind, role, inner, str(index.data(Qt.ItemDataRole.DisplayRole)))
        painter.restore()


class QueueList(QWidget):
    """The left column. `chosen` tells which queue a person goes to."""

    chosen = Signal(object)  # Queue

    def __init__(self, look: Look, wording: Wording, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording = look, wording
        self.list = QListWidget(self)
        self.list.setAccessibleName(wording.tr("reactions_desk", "Queues"))
        self.list.setItemDelegate(QueuePainter(look, self.list))
        self.list.setProperty("ground", "bg")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setFixedHeight(look.px(ROW) * len(Queue) + 2)
        for number, queue in enumerate(Queue, start=1):
            item = QListWidgetItem(wording.say(QUEUES[queue]))
            item.setData(QUEUE, queue)
            item.setData(COUNT, 0)
            item.setToolTip(keymap.shown(f"reaction.queue{number}"))
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.currentRowChanged.connect(lambda row: self.chosen.emit(tuple(Queue)[row]))
        head = QLabel(wording.tr("reactions_desk", "This shift"), self)
        head.setProperty("kind", "label")
        self._grid = self._numbers()
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(10), look.px(12), look.px(10), look.px(12))
        column.setSpacing(look.px(12))
        column.addWidget(self.list)
        head.setContentsMargins(look.px(10), look.px(8), look.px(10), 0)
        column.addWidget(head)
        self._grid.setContentsMargins(look.px(10), 0, look.px(10), 0)
        column.addLayout(self._grid)
        column.addStretch(1)
        self.setProperty("ground", "bg")

    def select(self, queue: Queue) -> None:
        """Go to a queue."""
        self.list.setCurrentRow(tuple(Queue).index(queue))

    def count(self, queue: Queue) -> int:
        """The count that stands beside a queue."""
        return int(self.list.item(tuple(Queue).index(queue)).data(COUNT))

    def show_counts(self, counts: dict[Queue, int]) -> None:
        """Show the counts; what is done has none, it only grows."""
        for row, queue in enumerate(Queue):
            n = 0 if queue is Queue.DONE else counts.get(queue, 0)
            item = self.list.item(row)
            item.setData(COUNT, n)
            name = self._wording.say(QUEUES[queue])
            item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {n}" if n else name)

    def show_shift(self, *values: str) -> None:
        """Show the four numbers: judged, an hour, longest wait, still to send."""
        for label, value in zip(self._values, values, strict=True):
            label.setText(value)

    def _numbers(self) -> QGridLayout:
        """Names at the left, values at the right, both quiet."""
        look, tr = self._look, self._wording.tr
        grid = QGridLayout()
        grid.setVerticalSpacing(look.px(12))
        grid.setHorizontalSpacing(look.px(4))
        grid.setColumnStretch(0, 1)
        self._values: list[QLabel] = []
        names = (tr("reactions_desk", "Judged"), tr("reactions_desk", "An hour"), tr("reactions_desk", "Longest wait"),
                 tr("reactions_desk", "Still to send"))
        for row, words in enumerate(names):
            name, value = QLabel(words, self), QLabel("–", self)
            for label in (name, value):
                label.setProperty("kind", "secondary")
            value.setAccessibleName(words)
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1, RIGHT)
            self._values.append(value)
        return grid
