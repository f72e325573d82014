"""The quick line: `12:55 headline` and Enter plans it; a pasted list opens its reading first. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from editor.ui.theme.look import Look
from editor.ui.widgets.painting import cap_width, draw_cap

BREAKS = ("\n", "\r", "\u2028", "\u2029")


class QuickLine(QLineEdit):
    """One line that takes a whole list when that is what is pasted or dropped."""

    entered = Signal(str)
    drafted = Signal(str)  # Ctrl+S
    block_given = Signal(str)
    left = Signal()  # Esc, or Up

    def __init__(self, look: Look, key: Callable[[], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._key = key
        self.setTextMargins(0, 0, look.px(30), 0)
        self.setAcceptDrops(True)
        self.returnPressed.connect(lambda: self.entered.emit(self.text()))
        self.textChanged.connect(self._on_text_changed)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Paste) and self._take(QGuiApplication.clipboard().mimeData()):
            return
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Up) and not event.modifiers():
            self.left.emit()
            return
        if event.matches(QKeySequence.StandardKey.Save):
            self.drafted.emit(self.text())
            return
        super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasText():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if self._take(event.mimeData()):
            event.acceptProposedAction()
        else:
            super().dropEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.hasFocus():
            painter = QPainter(self)
            key = self._key()
            x = self.width() - self._look.px(10) - cap_width(self._look, key)
            draw_cap(painter, self._look, key, x, self.height() / 2)

    def _on_text_changed(self, text: str) -> None:
        # The context menu's paste comes past no key: a line edit keeps line breaks as one character each.
        if any(sign in text for sign in BREAKS):
            self.clear()
            self.block_given.emit(text.replace("\u2028", "\n").replace("\u2029", "\n"))

    def _take(self, given: QMimeData) -> bool:
        text = given.text() if given.hasText() else ""
        if not any(sign in text.strip() for sign in BREAKS):
            return False
        self.block_given.emit(text)
        return True
