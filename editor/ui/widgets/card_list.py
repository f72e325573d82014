"""A list of cards with its four states: loading, filled, empty, failed. One-column table, so a million rows stay quick.

A desk brings a model (one column, `CARD` role) and a `CardDelegate` that paints what is inside a card.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from editor.ui.theme.look import Look
from editor.ui.widgets.list_state import ListState

CARD = Qt.ItemDataRole.UserRole
BAR = 3  # design pixels of the accent bar on the chosen card
Index = QModelIndex | QPersistentModelIndex


class CardModel(QAbstractTableModel):
    """Values to paint, each with an id and a sentence for a screen reader."""

    def __init__(self, said: Callable[[Any], str], key: Callable[[Any], str], parent: QObject | None = None) -> None:
        """`said` reads a card aloud; `key` is what it is recognised by when the list is read again."""
        super().__init__(parent)
        self._said = said
        self._key = key
        self._cards: list[Any] = []

    def card(self, row: int) -> Any:
        """The value at `row`."""
        return self._cards[row]

    def row_of(self, key: str) -> int:
        """Where the card with this key stands, -1 when it does not."""
        return next((row for row, card in enumerate(self._cards) if self._key(card) == key), -1)

    def show(self, cards: Sequence[Any]) -> None:
        """Show these; where only contents changed the view keeps its place and its choice."""
        if [self._key(card) for card in cards] == [self._key(card) for card in self._cards]:
            self._cards = list(cards)
            if cards:
                self.dataChanged.emit(self.index(0, 0), self.index(len(cards) - 1, 0))
            return
        self.beginResetModel()
        self._cards = list(cards)
        self.endResetModel()

    def append(self, cards: Sequence[Any]) -> None:
        """Add the next page."""
        if cards:
            self.beginInsertRows(QModelIndex(), len(self._cards), len(self._cards) + len(cards) - 1)
            self._cards.extend(cards)
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self._cards)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        card = self._cards[index.row()]
        if role == CARD:
            return card
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._said(card)
        return None


class CardDelegate(QStyledItemDelegate):
    """Paints the ground, the rule and the chosen card's bar; a desk's delegate paints the card itself."""

    def __init__(self, look: Look, *, ground: str = "bg", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.look = look
        self._ground = ground

    def height(self, card: Any, width: int) -> int:
        """The card's height in pixels at a width, rule included. To be overridden."""
        raise TypeError(type(self).__name__)

    def paint_card(self, painter: QPainter, card: Any, area: QRectF, *, chosen: bool) -> None:
        """Draw the card in `area`. To be overridden."""
        raise TypeError(type(self).__name__)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        parts: Any = option  # PySide's stubs leave out what QStyleOption carries
        area, look = QRectF(parts.rect), self.look
        chosen = bool(parts.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(area, look.colour("accent_tint" if chosen else self._ground))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), look.colour("line"))
        if chosen:
            painter.fillRect(QRectF(area.left(), area.top(), look.px(BAR), area.height() - 1), look.colour("accent"))
        self.paint_card(painter, index.data(CARD), area.adjusted(0, 0, 0, -1), chosen=chosen)
        if parts.state & QStyle.StateFlag.State_HasFocus:
            painter.setOpacity(1)
            painter.setPen(look.colour("accent"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area.adjusted(0.5, 0.5, -1.5, -1.5))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        parts: Any = option
        return QSize(parts.rect.width(), self.height(index.data(CARD), parts.rect.width()))


class CardView(QTableView):
    """The table under the cards: up and down, Home and End, Enter opens; no grid, no header."""

    opened = Signal(int)

    def __init__(self, look: Look, delegate: CardDelegate, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cards = delegate
        self.setItemDelegate(delegate)
        self.setShowGrid(False)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.verticalHeader().setMinimumSectionSize(1)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(look.px(24))
        self.setTabKeyNavigation(False)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        look.changed.connect(self.measure)

    def measure(self, first: int = 0) -> None:
        """Give every row from `first` its card's height at the present width."""
        model = self.model()
        header = self.verticalHeader()
        for row in range(first, model.rowCount()):
            header.resizeSection(row, self._cards.height(model.index(row, 0).data(CARD), self.viewport().width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.measure()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.opened.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, next_child: bool) -> bool:
        return QWidget.focusNextPrevChild(self, next_child)


class CardList(QWidget):
    """Cards, or the words for why there are none."""

    chosen = Signal(str)  # the key of the card that the cursor stands on
    opened = Signal(str)
    near_end = Signal()  # the next page is wanted

    def __init__(self, look: Look, delegate: CardDelegate, model: CardModel, *, name: str,
                 key: Callable[[Any], str], ground: str = "bg", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.model = model
        self.view = CardView(look, delegate, self)
        self.view.setModel(model)
        self.view.setAccessibleName(name)
        self.view.setProperty("ground", ground)
        self.state = ListState(look, self)
        self._layers = QStackedLayout(self)
        self._layers.addWidget(self.view)
        self._layers.addWidget(self.state)
        self._is_filling = False
        self.view.selectionModel().currentRowChanged.connect(self._on_current)
        self.view.opened.connect(lambda row: self.opened.emit(self._key(model.card(row))))
        self.view.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The list has the keyboard for it. No focus proxy: Tab would stop at both."""
        self.view.setFocus(event.reason())

    def fill(self, cards: Sequence[Any]) -> None:
        """Show these cards; the choice stays where its card still is."""
        kept = self.current_key()
        self._is_filling = True
        self.model.show(())
        self._layers.setCurrentWidget(self.view)  # which gives it its size: the cards are measured once
        self.model.show(cards)
        self.view.measure()
        self._is_filling = False
        if kept:
            self.choose(kept, quietly=True)

    def add(self, cards: Sequence[Any]) -> None:
        """Show the next page below."""
        first = self.model.rowCount()
        self.model.append(cards)
        self.view.measure(first)

    def say(self, head: str, sentence: str = "", button: str = "", act: Callable[[], None] | None = None) -> None:
        """Show words instead: loading, empty with its next step, failed with a retry."""
        self.state.say(head, sentence, button, act)
        self._layers.setCurrentWidget(self.state)

    @property
    def is_filled(self) -> bool:
        """Whether cards are shown."""
        return self._layers.currentWidget() is self.view

    def current_key(self) -> str:
        """The key of the chosen card, or ""."""
        row = self.view.currentIndex().row()
        return self._key(self.model.card(row)) if 0 <= row < self.model.rowCount() else ""

    def choose(self, key: str, *, quietly: bool = False) -> bool:
        """Put the cursor on a card; `quietly` tells nobody. False when it is not in the list."""
        row = self.model.row_of(key)
        if row < 0:
            return False
        self._is_filling = quietly
        self.view.setCurrentIndex(self.model.index(row, 0))
        self._is_filling = False
        return True

    def step(self, by: int) -> None:
        """Move the choice by rows; it stops at both ends."""
        row = min(max(self.view.currentIndex().row() + by, 0), self.model.rowCount() - 1)
        if row >= 0:
            self.view.setCurrentIndex(self.model.index(row, 0))

    def _on_current(self, current: QModelIndex, _previous: QModelIndex) -> None:
        if current.isValid() and not self._is_filling:
            self.chosen.emit(self._key(self.model.card(current.row())))

    def _on_scrolled(self, value: int) -> None:
        bar = self.view.verticalScrollBar()
        if bar.maximum() and value > bar.maximum() - 2 * self.view.height():
            self.near_end.emit()
