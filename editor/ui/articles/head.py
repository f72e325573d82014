"""Kicker, headline and lead above the text, in the text's own column: labels at its left, counts at its right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from editor.ui.articles.column import column, has_labels
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.head_field import HeadField
from editor.ui.widgets.painting import draw_text
from editor.ui.wording import Wording

KICKER, HEADLINE, LEAD = "kicker", "headline", "lead"
COUNT, LEAST_COUNT, TOP, BOTTOM, GAP, LABEL_GAP, LEAST_HEIGHT = 80, 52, 18, 16, 5, 13, 150  # design pixels


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the fields may be, in characters; from the newsroom."""

    kicker: int = 30
    headline: int = 90
    lead: int = 300


class HeadFields(QWidget):
    """Three fields that grow. `edited` names the field; `left_down` leads into the text."""

    edited = Signal(str)
    left_down = Signal()

    def __init__(self, look: Look, wording: Wording, limits: Limits, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        tr = wording.tr
        self.fields: Mapping[str, HeadField] = {
            KICKER: HeadField(look, tr("articles", "Kicker"), kind=Type.STRONG, role="accent", limit=limits.kicker,
                              line=20, parent=self),
            HEADLINE: HeadField(look, tr("articles", "Headline"), kind=Type.HEADLINE, limit=limits.headline, line=31, parent=self),
            LEAD: HeadField(look, tr("articles", "Lead"), kind=Type.LEAD, limit=limits.lead, line=23, parent=self),
        }
        self._box = QVBoxLayout(self)
        self._box.setSpacing(look.px(GAP))
        order = list(self.fields.items())
        for number, (name, field) in enumerate(order):
            self._box.addWidget(field)
            field.edited.connect(lambda name=name: self.edited.emit(name))
            field.counted.connect(self.update)
            if number:
                field.left_up.connect(order[number - 1][1].setFocus)
            field.left_down.connect(order[number + 1][1].setFocus if number < len(order) - 1 else self.left_down)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def load(self, texts: Mapping[str, str]) -> None:
        """Show another article's head."""
        for name, field in self.fields.items():
            field.load(texts.get(name, ""))

    def merge_from_outside(self, texts: Mapping[str, str]) -> None:
        """Take in what was merged elsewhere."""
        for name, text in texts.items():
            if name in self.fields:
                self.fields[name].merge_from_outside(text)

    def texts(self) -> dict[str, str]:
        """What is written, by field."""
        return {name: field.text() for name, field in self.fields.items()}

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        left, right = column(self.width(), self._look)
        px = self._look.px
        self._box.setContentsMargins(left, px(TOP), right + self._count_width(), px(BOTTOM))

    def _count_width(self) -> int:
        """The counts' column; in a narrow pane the text gets more of it."""
        px = self._look.px
        return min(px(COUNT), max(px(LEAST_COUNT), self.width() // 7))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), self._look
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.colour("line"))
        left, right = column(self.width(), look)
        is_labelled = has_labels(self.width(), look)
        for name, field in self.fields.items():
            height = look.px(20)
            middle = look.px({KICKER: 10, HEADLINE: 20, LEAD: 12}[name])
            top = field.y() + middle - height / 2
            label = QRectF(0, top, left - look.px(LABEL_GAP), height)
            if is_labelled:
                draw_text(painter, look, Type.LABEL, "muted", label, field.name, Qt.AlignmentFlag.AlignRight)
            place = QRectF(self.width() - right - self._count_width(), top, self._count_width(), height)
            draw_text(painter, look, Type.SMALL, "error" if field.is_over else "muted", place,
                      f"{field.count}/{field.limit}", Qt.AlignmentFlag.AlignRight)


class HeadArea(QScrollArea):
    """The head in a pane that is too low for it: it scrolls, and the text below keeps its lines."""

    def __init__(self, look: Look, head: HeadFields, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._head = look, head
        self.setFrameShape(QFrame.Shape.NoFrame)
        for hide in (self.setHorizontalScrollBarPolicy, self.setVerticalScrollBarPolicy):
            hide(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)  # a bar makes the lines shorter, and the head higher, in a circle
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self.setWidget(head)
        head.installEventFilter(self)

    def sizeHint(self) -> QSize:
        return self._head.sizeHint()

    def minimumSizeHint(self) -> QSize:
        least = self._head.minimumSizeHint()
        return QSize(least.width(), min(least.height(), self._look.px(LEAST_HEIGHT)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
