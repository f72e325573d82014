"""Everything that waits for a choice, one card below the other. GUI thread."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from editor.ui.sync.reading import CardItem, SyncView
from editor.ui.theme.look import Look
from editor.ui.widgets.conflict_card import ConflictCard
from editor.ui.widgets.conflict_values import Values
from editor.ui.widgets.instants import Instants
from editor.ui.wording import Wording

WIDEST = 940  # design pixels: a line of text stays readable


class CardsPanel(QScrollArea):
    """The open cards. A card that is still open keeps its widget, so that what is being typed in it stays."""

    settled = Signal(str, str, str)  # card id, choice, text
    opened = Signal(str, str)  # kind, id

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._wording = wording
        self._cards: dict[str, ConflictCard] = {}
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(wording.tr("sync_desk", "Conflicts"))
        page = QWidget()
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(look.px(22), look.px(18), look.px(22), look.px(22))
        self._column.setSpacing(look.px(12))
        self._column.addStretch(1)
        self.setWidget(page)

    def show_view(self, view: SyncView, now: datetime) -> None:
        """Show the view's cards as seen at `now`."""
        instants = Instants(self._wording, view.zone)
        wanted = {item.row.id for item in view.cards}
        had_focus = self._focused()
        for gone in [one for one in self._cards if one not in wanted]:
            card = self._cards.pop(gone)
            self._column.removeWidget(card)
            card.hide()
            card.deleteLater()
        for place, item in enumerate(view.cards):
            if item.row.id not in self._cards:
                values = Values(self._wording, view.zone, view.titles, view.sections)
                self._column.insertWidget(place, self._make(item, instants.near(item.row.raised_at, now), values))
        if had_focus is not None and had_focus.row.id not in wanted:
            self.focus_first()

    def focus_first(self) -> None:
        """Put the keyboard on the first card."""
        card = next(iter(self._in_order()), None)
        if card is not None:
            card.setFocus(Qt.FocusReason.OtherFocusReason)
            self.ensureWidgetVisible(card)

    def press(self, key: str) -> bool:
        """A card's key: for the card that has the focus, else the first."""
        card = self._focused() or next(iter(self._in_order()), None)
        return card is not None and card.press(key)

    def say_failed(self, card_id: str, sentence: str) -> None:
        """An answer was refused."""
        if card_id in self._cards:
            self._cards[card_id].say_failed(sentence)

    def _make(self, item: CardItem, when: str, values: Values) -> ConflictCard:
        row = item.row
        card = ConflictCard(row, self._look, self._wording, title=item.title, who=item.who, when=when,
                            can_open=row.entity_kind in ("article", "ticker", "reaction"), values=values)
        card.setMaximumWidth(self._look.px(WIDEST))
        card.settled.connect(lambda choice, text: self.settled.emit(row.id, choice, text))
        card.opened.connect(lambda: self.opened.emit(row.entity_kind, row.entity_id))
        card.grew.connect(lambda: QTimer.singleShot(0, card, self._follow_focus))
        self._cards[row.id] = card
        return card

    def _follow_focus(self) -> None:
        """What has the keyboard in a card stays in sight when the card grows."""
        widget = QApplication.focusWidget()
        if widget is not None and self._focused() is not None:
            self.ensureWidgetVisible(widget, 0, self._look.px(60))

    def _in_order(self) -> list[ConflictCard]:
        items = (self._column.itemAt(n) for n in range(self._column.count()))
        widgets = (item.widget() if item is not None else None for item in items)
        return [widget for widget in widgets if isinstance(widget, ConflictCard)]

    def _focused(self) -> ConflictCard | None:
        widget = QApplication.focusWidget()
        return next((card for card in self._cards.values()
                     if widget is not None and (card is widget or card.isAncestorOf(widget))), None)
