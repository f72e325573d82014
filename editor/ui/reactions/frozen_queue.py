"""The queue as it was when the session began: ids in a fixed order, cards read by the page (M-03). GUI thread.

Holds a million ids without a card for each: what is not near the screen is not in memory.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from editor.desk.reactions import Seen
from editor.desk.read_models import ReactionItem
from editor.domain.reaction import QueueState
from editor.ui.widgets.card_list import CARD

PAGE, KEPT = 200, 24
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Card:
    """What one row paints: its item (None while it is being read), its state as it will be, and whether it is done."""

    id: str
    item: ReactionItem | None
    state: QueueState
    done: bool
    selected: bool


class FrozenQueue(QAbstractTableModel):
    """One column of cards. `fetch` is asked for the ids of a page and brings them with `take`."""

    def __init__(self, said: Callable[[Card], str], fetch: Callable[[Sequence[str]], None],
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._said = said
        self._fetch = fetch
        self._ids: Sequence[str] = ()
        self._extra: list[str] = []
        self._states: tuple[QueueState, ...] = ()
        self._pages: OrderedDict[int, dict[str, ReactionItem]] = OrderedDict()
        self._asked: set[int] = set()
        self._rows: dict[str, int] = {}
        self._meanwhile: dict[str, QueueState] = {}
        self.selected: dict[str, Seen] = {}

    def start(self, ids: Sequence[str], states: tuple[QueueState, ...]) -> None:
        """Freeze a new order."""
        self.beginResetModel()
        self._ids, self._extra, self._states = ids, [], states
        self._pages.clear()
        self._asked.clear()
        self._rows.clear()
        self._meanwhile.clear()
        self.selected.clear()
        self.endResetModel()

    def append(self, ids: Sequence[str]) -> None:
        """Let new ones in, at the end."""
        if ids:
            self.beginInsertRows(QModelIndex(), len(self), len(self) + len(ids) - 1)
            self._extra.extend(ids)
            self._asked.discard((len(self) - len(ids)) // PAGE)
            self.endInsertRows()

    def __len__(self) -> int:
        return len(self._ids) + len(self._extra)

    def id_at(self, row: int) -> str:
        """The id of a row."""
        return self._ids[row] if row < len(self._ids) else self._extra[row - len(self._ids)]

    def known(self) -> frozenset[str]:
        """Every id of the frozen order."""
        return frozenset(self._ids).union(self._extra)

    def row_of(self, reaction_id: str) -> int:
        """The row of an id whose card was read, -1 for another."""
        return self._rows.get(reaction_id, -1)

    def card(self, row: int) -> Card:
        """What a row paints; asks for its page when it is not here."""
        reaction_id = self.id_at(row)
        item = self._item(row, reaction_id)
        state = self._meanwhile.get(reaction_id) or (item.state if item is not None else self._states[0])
        return Card(reaction_id, item, state, state not in self._states, reaction_id in self.selected)

    def is_open(self, row: int) -> bool:
        """Whether a row still asks for a decision, as far as is known here."""
        reaction_id = self.id_at(row)
        item = self._pages.get(row // PAGE, {}).get(reaction_id)
        state = self._meanwhile.get(reaction_id) or (item.state if item is not None else self._states[0])
        return state in self._states

    def next_open(self, row: int) -> int:
        """The next row that asks for a decision: below first, then from the top; -1 when all is done."""
        below_then_above = chain(range(row + 1, len(self)), range(min(row, len(self))))
        return next((at for at in below_then_above if self.is_open(at)), -1)

    def take(self, ids: Sequence[str], items: Iterable[ReactionItem]) -> None:
        """Cards that were asked for, or read anew."""
        found = {item.id: item for item in items}
        for reaction_id in ids:
            row = self._rows.get(reaction_id, -1)
            if row < 0:
                continue
            page = self._pages.setdefault(row // PAGE, {})
            if reaction_id in found:
                page[reaction_id] = found[reaction_id]
            else:
                page.pop(reaction_id, None)
            self._tell(row)

    def show_meanwhile(self, reaction_id: str, state: QueueState | None) -> None:
        """What a row will be once its decision is written; None when it is known, or was refused."""
        if state is None:
            self._meanwhile.pop(reaction_id, None)
        else:
            self._meanwhile[reaction_id] = state
        self._tell(self.row_of(reaction_id))

    def select(self, reaction_id: str, seen: Seen | None) -> None:
        """Add a row to the selection, with what was seen of it; None takes it out."""
        if seen is None:
            self.selected.pop(reaction_id, None)
        else:
            self.selected[reaction_id] = seen
        self._tell(self.row_of(reaction_id))

    def clear_selection(self) -> None:
        """Select nothing."""
        rows = [self.row_of(one) for one in self.selected]
        self.selected.clear()
        for row in rows:
            self._tell(row)

    def loaded(self, ids: Iterable[str]) -> list[str]:
        """Those of `ids` whose cards are in memory."""
        return [one for one in ids if one in self._rows]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == CARD:
            return self.card(index.row())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._said(self.card(index.row()))
        return None

    def _item(self, row: int, reaction_id: str) -> ReactionItem | None:
        number = row // PAGE
        if number in self._pages:
            self._pages.move_to_end(number)
        if number not in self._asked:
            self._asked.add(number)
            begin = number * PAGE
            ids = [self.id_at(at) for at in range(begin, min(begin + PAGE, len(self)))]
            self._rows.update((one, begin + at) for at, one in enumerate(ids))
            self._pages.setdefault(number, {})
            self._fetch(ids)
            self._forget()
        return self._pages.get(number, {}).get(reaction_id)

    def _forget(self) -> None:
        while len(self._pages) > KEPT:
            number, _ = self._pages.popitem(last=False)
            self._asked.discard(number)
            begin = number * PAGE
            for at in range(begin, min(begin + PAGE, len(self))):
                self._rows.pop(self.id_at(at), None)

    def _tell(self, row: int) -> None:
        if row >= 0:
            self.dataChanged.emit(self.index(row, 0), self.index(row, 0))
