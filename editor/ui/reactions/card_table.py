"""The table under the queue: one column, one row height, a million rows. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from editor.ui.reactions.card_painter import HEIGHT, CardPainter
from editor.ui.reactions.frozen_queue import FrozenQueue
from editor.ui.theme.look import Look


class CardTable(QTableView):
    """Shows a `FrozenQueue`. Moving is the desk's: letters and arrows are actions."""

    chosen = Signal(int)

    def __init__(self, look: Look, model: FrozenQueue, painter: CardPainter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setModel(model)
        self.setItemDelegate(painter)
        self.setShowGrid(False)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)  # a pixel a row would overflow at 1M
        self.setTabKeyNavigation(False)
        self._measure()
        look.changed.connect(self._measure)
        self.selectionModel().currentRowChanged.connect(self._on_current)

    @property
    def row(self) -> int:
        """The current row, -1 for none."""
        return self.currentIndex().row()

    def go(self, row: int) -> None:
        """Make a row current and bring it into view, with the next ones under it."""
        model = self.model()
        if not 0 <= row < model.rowCount():
            return
        self.setCurrentIndex(model.index(row, 0))
        below = min(row + 2, model.rowCount() - 1)
        if self.rowViewportPosition(below) + self.rowHeight(below) > self.viewport().height():
            self.scrollTo(model.index(below, 0))
        self.scrollTo(model.index(row, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        event.ignore()  # no search by letters, no editing: every key is the desk's

    def focusNextPrevChild(self, forward: bool) -> bool:
        return QWidget.focusNextPrevChild(self, forward)

    def _measure(self) -> None:
        self.verticalHeader().setMinimumSectionSize(1)
        self.verticalHeader().setDefaultSectionSize(self._look.px(HEIGHT))

    def _on_current(self, current: QModelIndex | QPersistentModelIndex) -> None:
        self.chosen.emit(current.row())
