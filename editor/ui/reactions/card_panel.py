"""The open reaction: its article, who wrote it, the whole text, and what is known around it. GUI thread."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from editor.desk.read_models import ReactionView
from editor.domain.reaction import QueueState
from editor.ui.reactions.dispute_columns import DisputeColumns
from editor.ui.reactions.words import MODES, STATES, decision_words
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.painting import Mark
from editor.ui.widgets.pills import Pill
from editor.ui.wording import Wording

ROOM_FOR_LEAD = 260  # design pixels


class ReactionText(QLabel):
    """The text itself. It knows of which reaction it was painted: nothing else may be decided on (M-07)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shown_id = ""
        self.painted_id = ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        self.painted_id = self.shown_id


class QuoteBar(QWidget):
    """The bar before what is quoted."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setFixedWidth(look.px(3))

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), self._look.colour("line"))


class Box(QFrame):
    """A small card: a label and a line."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "card")
        label = QLabel(name, self)
        label.setProperty("kind", "label")
        self._value = QLabel(self)
        self._value.setTextFormat(Qt.TextFormat.PlainText)
        self._value.setWordWrap(True)
        self._name = name
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(12), look.px(8), look.px(12), look.px(8))
        column.setSpacing(look.px(2))
        column.addWidget(label)
        column.addWidget(self._value)
        column.addStretch(1)

    def say(self, value: str, *, muted: bool = False) -> None:
        """Show a value."""
        self._value.setText(value)
        self._value.setProperty("kind", "muted" if muted else "")
        self._value.style().polish(self._value)
        self.setAccessibleName(f"{self._name}: {value}")


class CardPanel(QWidget):
    """Shows one `ReactionView`; it decides nothing."""

    def __init__(self, look: Look, wording: Wording, instants: Instants, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording, self.instants = look, wording, instants
        self.view: ReactionView | None = None
        tr = wording.tr
        self._article, self._lead, self._author, self._when = (QLabel(self) for _ in range(4))
        for rich in (self._article, self._when):
            rich.setTextFormat(Qt.TextFormat.RichText)
        self._lead.setTextFormat(Qt.TextFormat.PlainText)
        self._author.setTextFormat(Qt.TextFormat.PlainText)
        for quiet in (self._article, self._lead, self._when):
            quiet.setProperty("kind", "secondary")
        self._author.setProperty("kind", "title")
        self._state = Pill(look, Mark(""), self)
        self.text = ReactionText(self)
        self.text.setFont(look.font(Type.WRITING))
        look.changed.connect(self._on_look_changed)
        self._boxes = tuple(Box(look, words, self) for words in (
            tr("reactions_desk", "Author"), tr("reactions_desk", "Conversation"), tr("reactions_desk", "Note")))
        self.dispute = DisputeColumns(look, wording, instants, self)
        self._lay_out()

    def _on_look_changed(self) -> None:
        self.text.setFont(self._look.font(Type.WRITING))

    def show_view(self, view: ReactionView, my_id: str) -> None:
        """Show a reaction, and paint it at once."""
        tr = self._wording.tr
        self.view = view
        reaction = view.reaction
        self._show_article(view)
        self._author.setText(reaction.author_name or tr("reactions_desk", "anonymous"))
        parts = [self.instants.recent(reaction.created_at)]
        if reaction.reports:
            parts.append(tr("reactions_desk", "one report|{n} reports", n=reaction.reports))
        if reaction.edited_at is not None:
            parts.append(tr("reactions_desk", "edited at {time}", time=self.instants.recent(reaction.edited_at)))
        self._when.setText(" · ".join(parts))
        self._show_state(view.state)
        self.text.setText(reaction.text)
        self.text.setAccessibleName(tr("reactions_desk", "Text of the reaction"))
        self.text.setAccessibleDescription(reaction.text)
        self.text.shown_id, self.text.painted_id = reaction.id, ""
        self._show_boxes(view)
        self.dispute.show_view(view, my_id)
        self._boxes_row.setVisible(view.state is not QueueState.CONFLICT)
        self._scroll.ensureWidgetVisible(self.text, 0, self._look.px(8))  # what is decided on, before what it is about
        self.repaint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_lead()

    def _fit_lead(self) -> None:
        """In little room the reaction goes first: a text that is out of sight cannot be decided on (M-07)."""
        self._lead.setVisible(bool(self._lead.text()) and self.height() >= self._look.px(ROOM_FOR_LEAD))

    def clear(self) -> None:
        """Show nothing: there is no card, or it is still being read."""
        self.view = None
        self.text.shown_id = self.text.painted_id = ""

    @property
    def painted_id(self) -> str:
        """The reaction whose text a person has had before his eyes."""
        return self.text.painted_id if self.view is not None else ""

    def _show_article(self, view: ReactionView) -> None:
        tr = self._wording.tr
        title = escape(view.article_headline or tr("reactions_desk", "an article that is not here"))
        parts = [tr("reactions_desk", "on {headline}", headline=f"<b>{title}</b>")]
        if view.article_live_at is not None:
            parts.append(tr("reactions_desk", "live {time}", time=self.instants.recent(view.article_live_at)))
        if view.reactions_mode in MODES:
            parts.append(self._wording.say(MODES[view.reactions_mode]))
        self._article.setText(" · ".join(parts))
        self._lead.setText(view.article_lead)
        self._fit_lead()

    def _show_state(self, state: QueueState) -> None:
        words, tone, icon = STATES[state]
        self._state.setVisible(state is not QueueState.PENDING)
        self._state.show_mark(Mark(self._wording.say(words), tone, icon))

    def _show_boxes(self, view: ReactionView) -> None:
        tr = self._wording.tr
        author, conversation, note = self._boxes
        author.say(tr("reactions_desk", "{good} approved · {bad} rejected", good=view.author_approved,
                      bad=view.author_rejected))
        if view.parent is not None:
            name = view.parent.author_name or tr("reactions_desk", "anonymous")
            conversation.say(tr("reactions_desk", "answer to {name}", name=name))
        else:
            conversation.say(tr("reactions_desk", "stands alone"), muted=True)
        last = view.decisions[-1] if view.decisions else None
        escalation = view.reaction.escalation
        words = escalation.note if escalation is not None else last.note if last is not None else ""
        if last is not None:
            words = " – ".join(part for part in (decision_words(self._wording, last), last.actor_name, words) if part)
        note.say(words or tr("reactions_desk", "none"), muted=not words)

    def _lay_out(self) -> None:
        px = self._look.px
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(px(22), px(16), px(22), px(16))
        column.setSpacing(px(12))
        card = QFrame(inside)
        card.setProperty("kind", "card")
        in_card = QVBoxLayout(card)
        in_card.setContentsMargins(px(20), px(16), px(20), px(16))
        in_card.addWidget(self.text)
        self._boxes_row = QWidget(inside)
        boxes = QHBoxLayout(self._boxes_row)
        boxes.setContentsMargins(0, 0, 0, 0)
        boxes.setSpacing(px(10))
        for box in self._boxes:
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            boxes.addWidget(box, 1)
        column.addLayout(self._quote(inside))
        column.addLayout(self._who())
        for part in (card, self._boxes_row, self.dispute):
            column.addWidget(part)
        column.addStretch(1)
        scroll = self._scroll = QScrollArea(self)
        scroll.setWidget(inside)
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def _quote(self, inside: QWidget) -> QHBoxLayout:
        """The article that it is about, behind its bar."""
        words = QVBoxLayout()
        words.setSpacing(self._look.px(2))
        for label in (self._article, self._lead):
            label.setWordWrap(True)
            words.addWidget(label)
        quote = QHBoxLayout()
        quote.setSpacing(self._look.px(12))
        quote.addWidget(QuoteBar(self._look, inside))
        quote.addLayout(words, 1)
        return quote

    def _who(self) -> QHBoxLayout:
        who = QHBoxLayout()
        who.setSpacing(self._look.px(10))
        who.addWidget(self._author)
        who.addWidget(self._when)
        who.addStretch(1)
        who.addWidget(self._state)
        return who
