"""Draws one card of the queue: who and when, the first line of the text, and its pill. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from editor.desk.read_models import ReactionItem
from editor.ui.reactions.frozen_queue import Card
from editor.ui.reactions.words import STATES
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.card_list import CardDelegate
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.painting import Mark, draw_pill, draw_text, pill_width, text_width
from editor.ui.wording import Wording

HEIGHT, SIDE, DIMMED = 64, 16, 0.62


class CardPainter(CardDelegate):
    """Every card has one height, so that a million of them cost nothing to lay out."""

    def __init__(self, look: Look, wording: Wording, instants: Instants, parent: QWidget | None = None) -> None:
        super().__init__(look, ground="surface", parent=parent)
        self._wording = wording
        self.instants = instants

    def height(self, card: object, width: int) -> int:
        return self.look.px(HEIGHT)

    def paint_card(self, painter: QPainter, card: Card, area: QRectF, *, chosen: bool) -> None:
        px, look = self.look.px, self.look
        if card.item is None:
            self._paint_waiting(painter, area)
            return
        if card.done and not chosen:
            painter.setOpacity(DIMMED)
        inner = area.adjusted(px(SIDE), px(9), -px(SIDE), -px(9))
        top = QRectF(inner.left(), inner.top(), inner.width(), px(20))
        if card.selected:
            side = px(16)
            look.paint_icon(painter, "check", "accent", QRectF(top.left(), top.center().y() - side / 2, side, side))
            top.setLeft(top.left() + side + px(6))
        marks = self.marks(card, card.item)
        right = top.right()
        for mark in marks:
            right -= round(pill_width(look, mark))
            draw_pill(painter, look, mark, QPointF(right, top.top() + px(1)))
            right -= px(6)
        time = self.instants.recent(card.item.created_at)
        width = text_width(look, Type.SECONDARY, time) + 2
        name = draw_text(painter, look, Type.STRONG, "text",
                         QRectF(top.left(), top.top(), max(0.0, right - top.left() - width - px(18)), top.height()),
                         card.item.author or self._wording.tr("reactions_desk", "anonymous"))
        draw_text(painter, look, Type.SECONDARY, "muted", QRectF(top.left() + name + px(9), top.top(),
                                                                 width, top.height()), time)
        line = QRectF(inner.left(), inner.top() + px(23), inner.width(), px(20))
        draw_text(painter, look, Type.BODY, "text", line, " ".join(card.item.text[:300].split()))

    def marks(self, card: Card, item: ReactionItem) -> list[Mark]:
        """The card's pills: what was decided, else what is known of it."""
        tr = self._wording.tr
        if card.done:
            words, tone, icon = STATES[card.state]
            return [Mark(self._wording.say(words), tone, icon)]
        if item.reports:
            return [Mark(tr("reactions_desk", "one report|{n} reports", n=item.reports), Tone.ERROR, "flag")]
        return []

    def _paint_waiting(self, painter: QPainter, area: QRectF) -> None:
        px, look = self.look.px, self.look
        for top, width in ((14, 120), (36, 320)):
            painter.fillRect(QRectF(area.left() + px(SIDE), area.top() + px(top), px(width), px(10)),
                             look.colour("surface2"))


def said(wording: Wording, card: Card) -> str:
    """A card as a screen reader says it."""
    tr = wording.tr
    if card.item is None:
        return tr("reactions_desk", "is being read")
    parts = [card.item.author or tr("reactions_desk", "anonymous"), card.item.text[:200]]
    if card.item.reports:
        parts.append(tr("reactions_desk", "one report|{n} reports", n=card.item.reports))
    if card.done:
        parts.append(wording.say(STATES[card.state][0]))
        parts += [tr("reactions_desk", "not sent yet")] if card.item.waiting else []
    if card.selected:
        parts.append(tr("reactions_desk", "selected"))
    return ", ".join(parts)
