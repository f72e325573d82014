"""A notice above the desk: what happened, in words, and what can be done. Never a window in the way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.buttons import Button, Weight

ICONS = {Tone.ERROR: "warning", Tone.READY: "warning", Tone.LIVE: "check", Tone.PLANNED: "clock", Tone.ACCENT: "bell",
         Tone.NEUTRAL: "bell"}


@dataclass(frozen=True, slots=True)
class Way:
    """Something that can be done about a notice."""

    words: str
    act: Callable[[], object]
    key: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """A banner's content. `key` names its cause: a newer notice of the same cause takes its place."""

    key: str
    words: str
    tone: Tone = Tone.READY
    ways: Sequence[Way] = ()
    can_close: bool = True


class Banner(QWidget):
    """Shows one `Notice`."""

    closed = Signal(str)

    def __init__(self, look: Look, notice: Notice, close_words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.notice = notice
        self.setAccessibleName(notice.words)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(44), look.px(6), look.px(10), look.px(6))
        row.setSpacing(look.px(8))
        words = QLabel(notice.words, self)
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(words, 1)
        for way in notice.ways:
            button = Button(look, way.words, key=way.key, low=True, parent=self)
            button.clicked.connect(lambda _=False, act=way.act: act())
            row.addWidget(button)
        if notice.can_close:
            close = Button(look, "", icon="close", weight=Weight.QUIET, low=True, parent=self)
            close.setAccessibleName(close_words)
            close.setToolTip(close_words)
            close.clicked.connect(lambda: self.closed.emit(notice.key))
            row.addWidget(close)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.notice.can_close:
            self.closed.emit(self.notice.key)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, tone = QPainter(self), self._look, self.notice.tone
        painter.fillRect(self.rect(), look.colour(tone.tint))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), look.colour("line"))
        size = look.px(18)
        top = round((self.height() - size) / 2)
        look.paint_icon(painter, ICONS[tone], tone.value, QRectF(look.px(16), top, size, size))
