"""The reactions' desk as it stands on screen: its parts and their places. It knows nothing of the data. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from editor.domain.newsroom import Newsroom
from editor.ui.actions import Keymap
from editor.ui.reactions.card_painter import CardPainter, said
from editor.ui.reactions.card_panel import CardPanel
from editor.ui.reactions.card_table import CardTable
from editor.ui.reactions.decision_bar import DecisionBar
from editor.ui.reactions.frozen_queue import FrozenQueue
from editor.ui.reactions.queue_list import QueueList
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.alarm import AlarmMaker
from editor.ui.widgets.enter_button import EnterButton
from editor.ui.widgets.in_place_question import InPlaceQuestion
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.list_state import ListState
from editor.ui.widgets.painting import draw_focus, draw_text
from editor.ui.widgets.search_field import SearchField
from editor.ui.widgets.tab_order import order_tabs
from editor.ui.wording import Wording

QUEUES_WIDTH, LIST_WIDTH, LIST_LEAST = 190, 538, 250


class NewsBar(EnterButton):
    """Says over the cards how many new ones wait; pressing it lets them in."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFixedHeight(look.px(38))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, area, look = QPainter(self), QRectF(self.rect()), self._look
        painter.fillRect(area, look.colour("accent_tint"))
        painter.fillRect(QRectF(area.left(), area.bottom() - 1, area.width(), 1), look.colour("line"))
        draw_text(painter, look, Type.STRONG, "accent", area, self.text(), Qt.AlignmentFlag.AlignHCenter)
        if self.hasFocus():
            draw_focus(painter, look, area, look.px(4))


class ReactionsFrame(QWidget):
    """Queues at the left, cards in the middle, the open card at the right."""

    def __init__(self, wording: Wording, look: Look, keymap: Keymap, alarm: AlarmMaker,
                 fetch: Callable[[Sequence[str]], None], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording, self._look = wording, look
        px, tr, instants = look.px, wording.tr, Instants(wording, Newsroom().zone)
        self.queues = QueueList(look, wording, keymap, self)
        self.queues.setFixedWidth(px(QUEUES_WIDTH))
        self.work = QWidget(self)
        self.work.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.model = FrozenQueue(lambda card: said(wording, card), fetch, self)
        self._painter = CardPainter(look, wording, instants, self)
        self.table = CardTable(look, self.model, self._painter, self)
        self.table.setAccessibleName(tr("reactions_desk", "Reactions in this queue"))
        self.search = SearchField(look, tr("reactions_desk", "Search…"), key=keymap.shown("reaction.search"),
                                  make_alarm=alarm, parent=self)
        self.news = NewsBar(look, self)
        self._state = ListState(look, self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.table)
        self._pages.addWidget(self._state)
        self.panel = CardPanel(look, wording, instants, self)
        self.bar = DecisionBar(look, wording, keymap, self)
        self.question = InPlaceQuestion(look, tr("reactions_desk", "Back"), self)
        self._notice = QLabel(self)
        self._notice.setWordWrap(True)
        self._notice.setContentsMargins(px(22), 0, px(22), px(8))
        self._notice.hide()
        self._lay_out()

    def tell(self, words: str, tone: Tone = Tone.ACCENT) -> None:
        """Say one sentence under the card."""
        self._notice.setText(words)
        self._notice.setProperty("kind", "error" if tone is Tone.ERROR else "muted")
        self._notice.style().polish(self._notice)
        self._notice.setVisible(bool(words))

    @property
    def is_card_mode(self) -> bool:
        """Whether one card is shown at a time."""
        return self._middle.isHidden()

    def toggle_card_mode(self) -> None:
        """One card at a time, and back."""
        for part in (self.queues, self._middle, *self._rules):
            part.setVisible(part.isHidden())
        (self.work if self.is_card_mode else self.table).setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # The list that Enter belongs to is away: Enter and Esc both lead back to it.
        if self.is_card_mode and event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle_card_mode()
            return
        super().keyPressEvent(event)

    def use_zone(self, zone: str, now: Callable[[], datetime]) -> None:
        """Say times on that zone's wall, as seen from `now`."""
        instants = Instants(self._wording, zone, now)
        self._painter.instants = self.panel.instants = self.panel.dispute.instants = instants
        self.table.viewport().update()

    def _say(self, head: str, sentence: str = "", button: str = "", act: Callable[[], None] | None = None) -> None:
        self._state.say(head, sentence, button, act)
        self._pages.setCurrentWidget(self._state)
        self._show_right(shown=False)
        if self.is_card_mode:
            self.toggle_card_mode()  # without a card there is only this sentence to read

    def _show_right(self, *, shown: bool) -> None:
        for part in (self.panel, self.bar, self._foot_rule):
            part.setVisible(shown)

    def _beside_edges(self, part: QWidget) -> QHBoxLayout:
        """A strip under the card, its words in line with the buttons below."""
        row, px = QHBoxLayout(), self._look.px
        row.setContentsMargins(px(8), 0, px(8), px(8))
        row.addWidget(part)
        return row

    def _lay_out(self) -> None:
        px = self._look.px
        order = QLabel(self._wording.tr("reactions_desk", "order: oldest first"), self)
        order.setProperty("kind", "secondary")
        head = QHBoxLayout()
        head.setContentsMargins(px(16), px(9), px(16), px(9))
        head.setSpacing(px(10))
        head.addWidget(self.search, 1)
        head.addWidget(order)
        self._middle = QWidget(self.work)
        middle = _column(self._middle)
        middle.addLayout(head)
        middle.addWidget(_rule(self, "rule"))
        middle.addWidget(self.news)
        middle.addWidget(self._pages, 1)
        right = QWidget(self.work)
        column = _column(right)
        column.addWidget(self.panel, 1)
        column.addWidget(self._notice)
        column.addLayout(self._beside_edges(self.question))
        self._foot_rule = _rule(self, "rule")
        column.addWidget(self._foot_rule)
        column.addWidget(self.bar)
        inside = QHBoxLayout(self.work)
        whole = QHBoxLayout(self)
        for row in (inside, whole):
            row.setContentsMargins(0, 0, 0, 0)
            row.setSpacing(0)
        self._middle.setMinimumWidth(px(LIST_LEAST))
        self._middle.setMaximumWidth(px(LIST_WIDTH))
        self._middle.setProperty("ground", "surface")
        inside.addWidget(self._middle, 5)
        self._rules = (_rule(self, "rule-down"), _rule(self, "rule-down"))
        inside.addWidget(self._rules[0])
        inside.addWidget(right, 6)
        whole.addWidget(self.queues)
        whole.addWidget(self._rules[1])
        whole.addWidget(self.work, 1)
        order_tabs((self.queues, self.search, self.news, self._pages, self.panel, self.question, self.bar))


def _column(holder: QWidget) -> QVBoxLayout:
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    return column


def _rule(parent: QWidget, kind: str) -> QFrame:
    rule = QFrame(parent)
    rule.setProperty("kind", kind)
    return rule
