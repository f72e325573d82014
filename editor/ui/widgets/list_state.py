"""What stands where a list has nothing to show: loading, empty with its one next step, or failed with a retry."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button


class ListState(QWidget):
    """A head, a sentence and at most one button, in the middle of the list's place."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._act: Callable[[], None] | None = None
        self._head = QLabel(self)
        self._sentence = QLabel(self)
        self._button = Button(look, "", parent=self)
        self._button.clicked.connect(self._on_clicked)
        self._head.setProperty("kind", "title")
        self._sentence.setProperty("kind", "muted")
        for words in (self._head, self._sentence):
            words.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(24), look.px(40), look.px(24), look.px(40))
        column.setSpacing(look.px(8))
        column.addStretch(2)
        for part in (self._head, self._sentence):
            part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(part)
        column.addSpacing(look.px(8))
        column.addWidget(self._button, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(3)

    @property
    def words(self) -> str:
        """Head and sentence as they are read out."""
        return f"{self._head.text()} {self._sentence.text()}".strip()

    def say(self, head: str, sentence: str = "", button: str = "", act: Callable[[], None] | None = None) -> None:
        """Show these words; `act` is what the button does."""
        self._head.setText(head)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
        self._act = act
        self._button.setVisible(bool(button))
        if button:
            self._button.say(button)
        self.setAccessibleName(self.words)

    def _on_clicked(self) -> None:
        if self._act is not None:
            self._act()
