"""The log of tries to send: when, what, with what result, how long it took. GUI thread."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from editor.base.messages import Message
from editor.ui.sync.reading import AttemptItem, SyncView
from editor.ui.theme.look import Look
from editor.ui.widgets.instants import Instants
from editor.ui.wording import Wording

Index = QModelIndex | QPersistentModelIndex
HEADS = (Message("sync_desk", "Time"), Message("sync_desk", "About"), Message("sync_desk", "What"),
         Message("sync_desk", "Result"), Message("sync_desk", "Took"))


class AttemptsModel(QAbstractTableModel):
    """One row a try, newest first."""

    def __init__(self, wording: Wording, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._rows: tuple[tuple[str, ...], ...] = ()

    def show_items(self, items: tuple[AttemptItem, ...], instants: Instants, now: datetime) -> None:
        """Show these instead."""
        self.beginResetModel()
        self._rows = tuple(self._told(item, instants, now) for item in items)
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(HEADS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self._rows[index.row()][index.column()]
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._wording.say(HEADS[section])
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        return None

    def _told(self, item: AttemptItem, instants: Instants, now: datetime) -> tuple[str, ...]:
        attempt = item.attempt
        took = max(0.0, (attempt.ended_at - attempt.started_at).total_seconds())
        return (instants.near(attempt.started_at, now), item.title, self._wording.say(item.what),
                self._wording.say(item.told),
                self._wording.tr("sync_desk", "{seconds} s", seconds=self._number(took)))

    def _number(self, value: float) -> str:
        text = f"{value:.1f}"
        return text.replace(".", ",") if self._wording.language == "nl" else text


class AttemptsPanel(QTableView):
    """The table; rows can be chosen and read, nothing else."""

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._model = AttemptsModel(wording, self)
        self.setModel(self._model)
        self.setAccessibleName(wording.tr("sync_desk", "Attempts"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(look.px(32))
        # Heads and cells begin at one line; Qt gives them margins of their own.
        inset = f"padding-left: {look.px(16)}px"
        self.setStyleSheet(f"QTableView::item {{ {inset}; }} QHeaderView::section {{ {inset}; }}")
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 140), (2, 180), (3, 300), (4, 90)):
            self.setColumnWidth(column, look.px(width))

    def show_view(self, view: SyncView, now: datetime) -> None:
        """Show the view's attempts as seen at `now`."""
        self._model.show_items(view.attempts, Instants(self._wording, view.zone), now)
