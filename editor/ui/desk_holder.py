"""A desk's place while its data is not there yet: grey lines first, the desk itself once the profile is open.

The window knows holders by the face that desks have; a holder passes everything on. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from editor.ui.theme.look import Look
from editor.ui.widgets.list_state import ListState

LIST_WIDTH, ROW, ROWS = 320, 84, 12

Making = Iterator[QWidget | None]
"""A desk in the making: each step makes a part of it, which takes a frame at most; the last one gives the desk."""


class Skeleton(QWidget):
    """A list that is being read, as grey lines: nothing moves, nothing is promised."""

    def __init__(self, look: Look, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, px = QPainter(self), self._look, self._look.px
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        width = px(LIST_WIDTH)
        painter.fillRect(self.rect(), look.colour("surface"))
        painter.fillRect(QRectF(0, 0, width, self.height()), look.colour("bg"))
        painter.fillRect(QRectF(width, 0, 1, self.height()), look.colour("line"))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("surface2"))
        for row in range(ROWS):
            top = px(100) + row * px(ROW)
            for line, share in enumerate((0.8, 0.55, 0.3)):
                bar = QRectF(px(16), top + line * px(20), (width - px(32)) * share, px(10))
                painter.drawRoundedRect(bar, px(4), px(4))


class DeskHolder(QWidget):
    """Holds one desk's place. `came` tells that its desk was made, step by step, and is looked at."""

    came = Signal()

    def __init__(self, look: Look, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.own: Mapping[str, Callable[[], object]] = {}  # what can be done here without the desk knowing of it
        self._make: Callable[[], Making] | None = None
        self._making: Making | None = None
        self._desk: QWidget | None = None
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._go_on)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._skeleton = Skeleton(look, words)
        self._failed = ListState(look)
        for page in (self._skeleton, self._failed):
            self._stack.addWidget(page)

    @property
    def desk(self) -> QWidget | None:
        """The desk itself, None before there is one."""
        return self._desk

    def fill(self, make: Callable[[], Making]) -> None:
        """From now on the desk can be made. It is if this place is being looked at: a step in each turn of the event
        loop, for all of them in one would hold the window up."""
        self.empty()
        self._make = make
        if self.isVisible():
            self._turn.start()

    def made(self) -> QWidget | None:
        """The desk, made now if need be and possible, and shown in its place."""
        while self._desk is None and self._make is not None:
            self._take_step(self._make)
        if self._desk is not None and self._stack.currentWidget() is not self._desk:
            self._turn.stop()
            self._stack.addWidget(self._desk)
            self._stack.setCurrentWidget(self._desk)
        return self._desk

    def _take_step(self, make: Callable[[], Making]) -> None:
        making, self._making = self._making or make(), None  # after a fault it is begun anew
        self._desk = next(making)
        if self._desk is None:
            self._making = making

    def _go_on(self) -> None:
        """One more step; showing the desk is the last."""
        if self._desk is not None:
            self.made()
            if self.isVisible():
                self.came.emit()
        elif self._make is not None:
            self._take_step(self._make)
            self._turn.start()

    def empty(self) -> None:
        """Take the desk away, having handed over what was typed."""
        desk, self._desk, self._make, self._making = self._desk, None, None, None
        self._turn.stop()
        self._stack.setCurrentWidget(self._skeleton)
        if desk is not None:
            self._call(desk, "settle")
            self._call(desk, "close_desk")
            self._stack.removeWidget(desk)
            desk.hide()
            desk.deleteLater()

    def say_failed(self, head: str, sentence: str, button: str, act: Callable[[], None]) -> None:
        """The data could not be opened: say why, and what can be done."""
        self._failed.say(head, sentence, button, act)
        self._stack.setCurrentWidget(self._failed)

    def wait(self) -> None:
        """Show the grey lines again."""
        self._stack.setCurrentWidget(self._skeleton)

    # ------------------------------------------------------------------------------------------------ a desk's face
    def commands(self) -> Mapping[str, Callable[[], object]]:
        """What the desk can do now; nothing before it is there."""
        found = getattr(self._desk, "commands", None)
        return {**self.own, **found()} if found is not None else {}

    def arrive(self) -> None:
        """It was opened."""
        self.made()
        self._call(self._desk, "arrive")

    def settle(self) -> None:
        """Hand over what was typed."""
        self._call(self._desk, "settle")

    @staticmethod
    def _call(desk: QWidget | None, name: str) -> None:
        found = getattr(desk, name, None)
        if found is not None:
            found()
