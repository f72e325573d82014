"""Finding words in the open text: a line under the head, next and previous, and how many there are. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QTextEdit, QWidget

from editor.ui.articles.surface import WritingSurface
from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.wording import Wording

REST_MS, MOST_FOUND, MOST_SHOWN = 120, 9999, 1000


class FindBar(QWidget):
    """Hidden until opened. What is found is tinted in the text; Enter and Shift+Enter walk through it, Esc leaves."""

    closed = Signal()

    def __init__(self, look: Look, wording: Wording, surface: WritingSurface, make_alarm: AlarmMaker,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording, self._surface = look, wording, surface
        self._places: list[tuple[int, int]] = []
        self._at = -1
        self._alarm = make_alarm(self, self._search)
        tr = wording.tr
        self.line = QLineEdit(self)
        self.line.setPlaceholderText(tr("articles_desk", "Find in the text"))
        self.line.setAccessibleName(tr("articles_desk", "Find in the text"))
        self.count = QLabel(self)
        self.count.setProperty("kind", "secondary")
        row = QHBoxLayout(self)
        row.setContentsMargins(look.px(18), look.px(7), look.px(12), look.px(8))
        row.setSpacing(look.px(6))
        row.addWidget(self.line, 1)
        row.addWidget(self.count)
        for icon, name, act in (("chevron-left", tr("articles_desk", "Previous"), self.previous),
                                ("chevron-right", tr("articles_desk", "Next"), self.next),
                                ("close", tr("articles_desk", "Close"), self.leave)):
            button = Button(look, "", icon=icon, weight=Weight.QUIET, low=True, parent=self)
            button.setAccessibleName(name)
            button.setToolTip(name)
            button.clicked.connect(act)
            row.addWidget(button)
        self.line.textEdited.connect(lambda _: self._alarm.start(REST_MS))
        surface.touched.connect(self._on_touched)
        self.hide()

    def open(self) -> None:
        """Show the line with the selected words in it."""
        chosen = self._surface.textCursor().selectedText()
        if chosen and "\u2029" not in chosen:
            self.line.setText(chosen)
        self.show()
        self.line.selectAll()
        self.line.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search()

    def leave(self) -> None:
        """Hide it; the cursor stands on what was found."""
        self._alarm.stop()
        self._surface.setExtraSelections([])
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def next(self) -> None:
        """To the next place, from the top again after the last."""
        self._settle()
        self._go(self._at + 1)

    def previous(self) -> None:
        """To the place before."""
        self._settle()
        self._go(self._at - 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            (self.previous if back else self.next)()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("bg"))
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), self._look.colour("line"))

    def _settle(self) -> None:
        if self._alarm.is_set():
            self._alarm.stop()
            self._search()

    def _on_touched(self) -> None:
        if not self.isHidden():
            self._alarm.start(REST_MS)

    def _search(self) -> None:
        """Find every place, and stand on the first from the cursor on."""
        words = self.line.text()
        self._places = []
        document = self._surface.document()
        cursor = document.find(words, 0) if words else QTextCursor()
        while not cursor.isNull() and len(self._places) < MOST_FOUND:
            self._places.append((cursor.selectionStart(), cursor.selectionEnd()))
            cursor = document.find(words, cursor)
        here = self._surface.textCursor().selectionStart()
        self._at = next((n for n, (start, _) in enumerate(self._places) if start >= here), 0) - 1
        self._tint()
        if self._places and self.line.hasFocus():
            self._go(self._at + 1)
        else:
            self._say()

    def _go(self, at: int) -> None:
        if self._places:
            self._at = at % len(self._places)
            cursor = self._surface.textCursor()
            cursor.setPosition(self._places[self._at][0])
            cursor.setPosition(self._places[self._at][1], QTextCursor.MoveMode.KeepAnchor)
            self._surface.setTextCursor(cursor)
            self._surface.show_caret()
        self._say()

    def _tint(self) -> None:
        form = QTextCharFormat()
        form.setBackground(self._look.colour("ready_tint"))
        shown = []
        for start, end in self._places[:MOST_SHOWN]:
            one = QTextEdit.ExtraSelection()
            one.cursor = QTextCursor(self._surface.document())
            one.cursor.setPosition(start)
            one.cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
            one.format = form
            shown.append(one)
        self._surface.setExtraSelections(shown)

    def _say(self) -> None:
        if not self.line.text():
            words = ""
        elif not self._places:
            words = self._wording.tr("articles_desk", "not found")
        else:
            words = self._wording.tr("articles_desk", "{n} of {total}", n=self._at + 1, total=len(self._places))
        self.count.setText(words)
        self.count.setAccessibleName(words)
