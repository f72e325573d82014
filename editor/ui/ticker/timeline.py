"""The timeline: a list of the day's rows, moved through by key, drawn by its painter. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from editor.ui.ticker.rows import DayRow, RowKind, clock_words
from editor.ui.ticker.words import PHASES, PRIORITIES, gap_words, place_of, place_words
from editor.ui.wording import Wording

ROW = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class DayModel(QAbstractListModel):
    """The rows as Qt asks for them. Owned by the timeline; replaced as a whole when the day is read."""

    def __init__(self, wording: Wording, px: Callable[[float], int], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self._px = px
        self._rows: tuple[DayRow, ...] = ()

    @property
    def rows(self) -> tuple[DayRow, ...]:
        """What is shown."""
        return self._rows

    def show(self, rows: Sequence[DayRow]) -> None:
        """Show other rows; when only their contents changed, the view keeps its place."""
        rows = tuple(rows)
        if [(row.kind, row.key, row.height) for row in rows] == [(row.kind, row.key, row.height) for row in self._rows]:
            self._rows = rows
            self.dataChanged.emit(self.index(0), self.index(max(0, len(rows) - 1)))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self._rows[index.row()]
        if role == ROW:
            return row
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(self._px(120), self._px(row.height))
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._said(row)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and self._rows[index.row()].key:
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemNeverHasChildren
        return Qt.ItemFlag.ItemNeverHasChildren

    def _said(self, row: DayRow) -> str:
        tr = self._wording.tr
        if row.item is not None:
            entry = row.item.entry
            parts = [clock_words(entry.start) if entry.start else "", entry.headline, self._wording.say(PHASES[row.phase])]
            if entry.priority:
                parts.append(self._wording.say(PRIORITIES[entry.priority]))
            place = place_words(place_of(row.item, row.phase))
            parts += [self._wording.say(place)] if place is not None else []
            parts += [tr("ticker_desk", "with a warning")] if row.warned else []
            return ", ".join(part for part in parts if part)
        if row.gap is not None:
            return tr("ticker_desk", "nothing for {span}: plan here", span=gap_words(self._wording, row.gap.minutes))
        return row.hour.strip()


class Timeline(QListView):
    """The list. Letters are the desk's: it gives every key to `on_key` first."""

    chosen = Signal(str)  # the key of the row that became current
    opened = Signal(str)  # Enter, F2 or a double click on it
    focused = Signal()

    def __init__(self, model: DayModel, on_key: Callable[[QKeyEvent], bool], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._on_key = on_key
        self._quiet = False
        self._at_now = -1
        self.setModel(model)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.verticalScrollBar().setSingleStep(24)
        self.selectionModel().currentChanged.connect(self._on_current_changed)

    @property
    def rows(self) -> tuple[DayRow, ...]:
        """What is shown."""
        return self._model.rows

    @property
    def current_key(self) -> str:
        """The key of the current row, empty for none."""
        index = self.currentIndex()
        return self._model.rows[index.row()].key if index.isValid() else ""

    def show_rows(self, rows: Sequence[DayRow]) -> None:
        """Show the rows, keeping the current one and the place where it stood."""
        key, offset = self.current_key, self.verticalScrollBar().value()
        self._quiet = True
        self._model.show(rows)
        self.select(key, scroll=False)
        self.verticalScrollBar().setValue(offset)
        self._quiet = False

    def select(self, key: str, *, scroll: bool = True) -> bool:
        """Make the row of `key` current; whether there is one."""
        for at, row in enumerate(self._model.rows):
            if key and row.key == key:
                self.setCurrentIndex(self._model.index(at))
                if scroll:
                    self.scrollTo(self._model.index(at), QAbstractItemView.ScrollHint.EnsureVisible)
                return True
        return False

    def step(self, by: int, *kinds: RowKind) -> None:
        """Go to the next (or previous) row of these kinds, from the current one or from now."""
        rows = self._model.rows
        index = self.currentIndex()
        now = next((at for at, row in enumerate(rows) if row.kind is RowKind.NOW), -1 if by > 0 else len(rows))
        at = (index.row() if index.isValid() else now) + by
        while 0 <= at < len(rows):
            if rows[at].key and rows[at].kind in kinds:
                self.select(rows[at].key)
                return
            at += by

    def step_to_warning(self) -> None:
        """Go to the next line with a warning, after the last one to the first."""
        rows, here = self._model.rows, max(0, self.currentIndex().row())
        warned = [at for at, row in enumerate(rows) if row.warned]
        if warned:
            self.select(rows[next((at for at in warned if at > here), warned[0])].key)

    def show_now(self) -> None:
        """Bring the red line to a fifth of the height; without one the first line of the day."""
        rows = self._model.rows
        places = [at for at, row in enumerate(rows) if row.kind is RowKind.NOW] or [
            at for at, row in enumerate(rows) if row.kind is RowKind.LINE]
        if not places:
            return
        self.executeDelayedItemsLayout()
        self.scrollTo(self._model.index(places[0]), QAbstractItemView.ScrollHint.PositionAtTop)
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() - self.viewport().height() // 5)
        self._at_now = bar.value()

    def show_time(self, at: datetime) -> None:
        """Go to the line at that time, to the first after it, or to the day's last."""
        timed = [(row.item.entry.start.utc, row.key) for row in self._model.rows
                 if row.item is not None and row.item.entry.start is not None]
        if timed:
            self.select(min((one for one in timed if one[0] >= at), default=max(timed))[1])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._on_key(event):
            event.accept()
            return
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            super().keyPressEvent(event)
        else:
            event.ignore()  # no search by letters: they are the desk's

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.verticalScrollBar().value() == self._at_now:
            self.show_now()  # nobody has scrolled since: now keeps its place

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._model.rows[index.row()].kind is RowKind.GAP:
            self.opened.emit(self._model.rows[index.row()].key)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and self._model.rows[index.row()].kind is RowKind.LINE:
            self.opened.emit(self._model.rows[index.row()].key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit()

    def _on_current_changed(self) -> None:
        if not self._quiet:
            self.chosen.emit(self.current_key)
