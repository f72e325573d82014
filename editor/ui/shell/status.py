"""The bar of facts at the bottom. It is told; it asks nobody."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.ui.shell.facts import Connection, DeskFacts, Fact
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.painting import draw_text, text_width

HEIGHT, SIDE, GAP, DOT, WAY_GAP = 28, 16, 24, 7, 8


class StatusBar(QWidget):
    """Facts of the desk on the left and right, the connection at the very right."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._facts = DeskFacts()
        self._always: tuple[Fact, ...] = ()
        self._connection = Connection("")
        self._button = Button(look, "", weight=Weight.QUIET, low=True, parent=self)
        self._button.clicked.connect(self._on_way)
        self._button.hide()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)
        self._tell()

    def show_facts(self, facts: DeskFacts) -> None:
        """Show what the open desk says."""
        self._facts = facts
        self._tell()

    def show_always(self, *facts: Fact) -> None:
        """Facts that hold at every desk, beside the connection: the sample's clock, a database that is read only."""
        self._always = facts
        self._tell()

    def show_connection(self, connection: Connection) -> None:
        """Show how the connection stands, with what can be done about it."""
        self._connection = connection
        way = connection.way
        self._button.say(way.words if way is not None else "")
        self._button.setVisible(way is not None)
        self._place_button()
        self._tell()

    @property
    def words(self) -> str:
        """Everything that it says, as it is read out."""
        shown = [*self._facts.left, *self._facts.right, *self._always, Fact(self._connection.words)]
        return " · ".join(fact.words for fact in shown if fact.words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_button()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(400), self._look.px(HEIGHT))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, area = QPainter(self), self._look, QRectF(self.rect())
        painter.fillRect(area, look.colour("bg"))
        painter.fillRect(QRectF(0, 0, area.width(), 1), look.colour("line"))
        area.adjust(look.px(SIDE), 1, -look.px(SIDE), 0)
        if self._connection.way is not None:
            area.setRight(self._button.x() - look.px(WAY_GAP))
        right = self._paint_connection(painter, area)
        for fact in reversed([*self._facts.right, *self._always]):
            width = text_width(look, Type.SECONDARY, fact.words) + 1
            draw_text(painter, look, Type.SECONDARY, _role(fact), QRectF(right - width, area.top(), width, area.height()), fact.words)
            right -= width + look.px(GAP)
        left = area.left()
        for fact in self._facts.left:
            place = QRectF(left, area.top(), max(0.0, right - left), area.height())
            left += draw_text(painter, look, Type.SECONDARY, _role(fact), place, fact.words) + look.px(GAP)

    def _paint_connection(self, painter: QPainter, area: QRectF) -> float:
        """Draw the word and its dot at the right; returns where the facts may end."""
        look, words = self._look, self._connection.words
        if not words:
            return area.right()
        width = text_width(look, Type.SECONDARY, words) + 1
        left = area.right() - width
        draw_text(painter, look, Type.SECONDARY, "muted", QRectF(left, area.top(), width, area.height()), words)
        dot = look.px(DOT)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.colour("bg"))
        painter.setBrush(look.colour(self._connection.tone.value))
        left -= dot + look.px(6)
        painter.drawEllipse(QRectF(left, area.center().y() - dot / 2, dot, dot))
        return left - look.px(GAP)

    def _place_button(self) -> None:
        width, right = self._button.sizeHint().width(), self.width() - self._look.px(SIDE - WAY_GAP)
        self._button.setGeometry(right - width, 1, width, self.height() - 1)

    def _on_way(self) -> None:
        if self._connection.way is not None:
            self._connection.way.act()

    def _tell(self) -> None:
        self.setAccessibleName(self.words)
        self.setToolTip(self.words)
        self.update()


def _role(fact: Fact) -> str:
    return "muted" if fact.tone is Tone.NEUTRAL else fact.tone.value
