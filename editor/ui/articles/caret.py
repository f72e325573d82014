"""The writing surface's own caret: the accent's colour, letter-high, blinking as the desktop says.

Qt's caret inverts what is under it and is as tall as the line; neither can be changed. So the text control is told that
it has no focus (it then draws none; keys and input methods go on), and this one is drawn after it.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QTextBlock
from PySide6.QtWidgets import QApplication

from editor.ui.articles.layout import cursor_x
from editor.ui.articles.marks import HEADING
from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker

WIDTH = 2  # design pixels
ASCENT, DESCENT = 1984 / 2048, 494 / 2048  # Inter's own, in em: the caret is as tall as the letters
BODY_SIZE, HEADING_SIZE = 16, 19


class Caret(QObject):
    """Whether the caret shows now, and where it stands in a block."""

    def __init__(self, look: Look, repaint: Callable[[], None], make_alarm: AlarmMaker, parent: QObject) -> None:
        super().__init__(parent)
        self._look = look
        self._repaint = repaint
        self._beat = make_alarm(self, self._turn)
        self.is_shown = False
        self._is_on = False

    def wake(self) -> None:
        """Show it, from now on: focus came, or it moved."""
        self._is_on = True
        self.is_shown = True
        flash = QApplication.cursorFlashTime()
        if flash >= 2:  # below that the desktop asks for a steady one
            self._beat.start(flash // 2)

    def sleep(self) -> None:
        """Hide it: focus went."""
        self._is_on = False
        self.is_shown = False
        self._beat.stop()
        self._repaint()

    def area(self, block: QTextBlock, at: int, *, low: float | None) -> QRectF:
        """Where it stands for UTF-16 position `at` in the block, in the block's own pixels.

        `low` is the height of a blank line that is merely passed through: the caret is then no taller.
        """
        scale = self._look.scale
        layout = block.layout()
        if composing := layout.preeditAreaText():
            at += len(composing) if at >= layout.preeditAreaPosition() else 0
        line = layout.lineForTextPosition(at)
        if not line.isValid():
            return QRectF()
        x = cursor_x(line, at)
        if low is not None:
            return QRectF(round(x), line.y(), round(WIDTH * scale), low)
        size = (HEADING_SIZE if block.userState() == HEADING else BODY_SIZE) * scale
        baseline = line.y() + line.ascent()
        top = round(baseline - ASCENT * size)
        return QRectF(round(x), top, round(WIDTH * scale), round(baseline + DESCENT * size) - top)

    def _turn(self) -> None:
        if self._is_on:
            self.is_shown = not self.is_shown
            self._repaint()
            self._beat.start(QApplication.cursorFlashTime() // 2)
