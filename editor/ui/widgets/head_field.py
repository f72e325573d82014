"""A field of an article's head: kicker, headline, lead. It grows with its text and counts against a limit.

Plain text of one paragraph: Enter goes on to the next field, a pasted line break becomes a space.
"""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QTextCursor,
    QTextOption,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from editor.text.counting import count_characters
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.painting import draw_text


class HeadField(QTextEdit):
    """One field. `edited` at every change by the writer; the count is `of(limit)` and turns to the error's colour
    beyond it (and says so in words to a screen reader)."""

    edited = Signal()
    left_down = Signal()
    left_up = Signal()
    counted = Signal()

    def __init__(self, look: Look, name: str, *, kind: Type, role: str = "text", limit: int = 0, line: float = 0,
                 parent: QWidget | None = None) -> None:
        """`line` is the line's height in design pixels; 0 leaves the font's own."""
        super().__init__(parent)
        self._look = look
        self._kind = kind
        self._role = role
        self._line = line
        self._is_loading = False
        self.limit = limit
        self.name = name
        self.setAccessibleName(name)
        self.setAcceptRichText(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        self.textChanged.connect(self._on_changed)
        look.changed.connect(self.restyle)
        self.restyle()

    def load(self, text: str) -> None:
        """Show another text; tells nobody, and undo begins anew."""
        self._is_loading = True
        self.setPlainText(text)
        self._space_lines()
        self.document().clearUndoRedoStacks()
        self._is_loading = False
        self._fit()
        self.counted.emit()

    def text(self) -> str:
        """What is written."""
        return self.document().toRawText().replace("\u2029", " ")

    def merge_from_outside(self, text: str) -> None:
        """Take in what was merged elsewhere: one undo step, the cursor stays as near as it can."""
        if text == self.text():
            return
        place = self.textCursor().position()
        cursor = QTextCursor(self.document())
        self._is_loading = True
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self._is_loading = False
        cursor.setPosition(min(place, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.counted.emit()

    @property
    def count(self) -> int:
        """Characters as a reader counts them."""
        return count_characters(self.text())

    @property
    def is_over(self) -> bool:
        """Whether it is longer than its limit."""
        return bool(self.limit) and self.count > self.limit

    def restyle(self) -> None:
        """Take font and colours from the look."""
        look = self._look
        palette = QPalette(self.palette())
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, QPalette.ColorRole.Base, look.colour("surface"))
            palette.setColor(group, QPalette.ColorRole.Text, look.colour(self._role))
            palette.setColor(group, QPalette.ColorRole.Highlight, look.colour("selection"))
            palette.setColor(group, QPalette.ColorRole.HighlightedText, look.colour(self._role))
        self.setPalette(palette)
        self.viewport().setPalette(palette)  # under a style sheet it keeps the ground of the theme before
        self.setFont(look.font(self._kind))
        self.document().setDefaultFont(look.font(self._kind))
        self._is_loading = True
        self._space_lines()
        self._is_loading = False
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(300), self._wanted_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(80), self._wanted_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = event.key(), not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        entered = plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if entered or (key == Qt.Key.Key_Down and self._stands_in(last=True)):
            self.left_down.emit()
        elif key == Qt.Key.Key_Up and self._stands_in(last=False):
            self.left_up.emit()
        else:
            super().keyPressEvent(event)

    def insertFromMimeData(self, source: QMimeData) -> None:
        self.insertPlainText(" ".join(source.text().split("\n")).replace("\r", ""))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.document().isEmpty():
            line = self.cursorRect()
            area = QRectF(0, line.top(), self.viewport().width(), line.height())
            draw_text(QPainter(self.viewport()), self._look, self._kind, "muted", area, self.name)

    def _on_changed(self) -> None:
        self._fit()
        if not self._is_loading:
            self.counted.emit()
            self.edited.emit()

    def _fit(self) -> None:
        height = self._wanted_height()
        if height != self.height():
            self.setFixedHeight(height)

    def _wanted_height(self) -> int:
        return max(round(self.document().size().height()), self._look.px(self._line or 20))

    def _space_lines(self) -> None:
        if not self._line:
            return
        cursor = QTextCursor(self.document())
        cursor.select(QTextCursor.SelectionType.Document)
        form = cursor.blockFormat()
        form.setLineHeight(self._look.px(self._line), form.LineHeightTypes.FixedHeight.value)
        cursor.setBlockFormat(form)
        self.document().clearUndoRedoStacks()

    def _stands_in(self, *, last: bool) -> bool:
        cursor = self.textCursor()
        way = QTextCursor.MoveOperation.Down if last else QTextCursor.MoveOperation.Up
        return not QTextCursor(cursor).movePosition(way)
