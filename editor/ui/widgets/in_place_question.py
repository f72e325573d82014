"""A question asked where the work is, never a window in the way: one sentence, an answer a key, Esc to leave it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.buttons import Button, Weight

COMMAND = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer: the key (as it is typed, or `⏎`), its words, and what it does. Text typed along is given to it."""

    key: str
    words: str
    act: Callable[[str], None]
    weight: Weight = Weight.PLAIN


class InPlaceQuestion(QWidget):
    """A strip that asks. Hidden until asked; at an answer or Esc it hides and `closed` tells who asked."""

    closed = Signal()

    def __init__(self, look: Look, leave: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._leave = leave
        self._tone = Tone.ACCENT
        self._choices: tuple[Choice, ...] = ()
        self._buttons: list[Button] = []
        self._words = QLabel(self)
        self._words.setWordWrap(True)
        self._words.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._field = QLineEdit(self)
        self._field.returnPressed.connect(self._on_return)
        self._row = QHBoxLayout()
        self._row.setSpacing(look.px(8))
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(look.px(14), look.px(10), look.px(14), look.px(10))
        self._grid.setHorizontalSpacing(look.px(10))
        self._grid.setVerticalSpacing(look.px(8))
        self._grid.setColumnStretch(0, 1)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    @property
    def words(self) -> str:
        """The sentence that is asked."""
        return self._words.text()

    def ask(self, question: str, choices: Sequence[Choice], *, tone: Tone = Tone.ACCENT, field: str = "",
            text: str = "") -> None:
        """Ask. `field` names a line to type in (with `text` in it), which then has the focus; Enter takes the first
        choice."""
        self._clear()
        self._tone = tone
        self._choices = tuple(choices)
        self._words.setText(question)
        self._words.setFont(self._look.font(Type.STRONG))
        self._words.setProperty("kind", "strong")
        self.setAccessibleName(question)
        leave = Choice("Esc", self._leave, lambda _: None, Weight.QUIET)
        for choice in (*choices, leave):
            button = Button(self._look, choice.words, key=choice.key, weight=choice.weight, parent=self)
            button.clicked.connect(lambda _=False, taken=choice: self._take(taken))
            self._buttons.append(button)
            self._row.addWidget(button)
        self._place(with_field=bool(field))
        self._field.setAccessibleName(field)
        self._field.setPlaceholderText(field)
        self._field.setText(text)
        self.show()
        (self._field if field else self).setFocus(Qt.FocusReason.OtherFocusReason)

    def dismiss(self) -> None:
        """Leave the question."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def event(self, event: QEvent) -> bool:
        # While it asks, plain keys are answers or nothing, never the desk's actions.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and not event.modifiers() & COMMAND:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.dismiss()
            return
        typed = "⏎" if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else event.text().upper()
        for choice in self._choices:
            if choice.key == typed and not self._field.hasFocus():
                self._take(choice)
                return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._look.colour(self._tone.value) if self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self._look.colour(self._tone.tint))
        painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), self._look.px(6), self._look.px(6))

    def _place(self, *, with_field: bool) -> None:
        """The answers stand beside the sentence, or beside the line to type in when there is one."""
        for part in (self._words, self._field):
            self._grid.removeWidget(part)
        self._grid.removeItem(self._row)
        self._grid.addWidget(self._words, 0, 0, 1, 2 if with_field else 1)
        if with_field:
            self._grid.addWidget(self._field, 1, 0)
        self._grid.addLayout(self._row, 1 if with_field else 0, 1)
        self._field.setVisible(with_field)

    def _on_return(self) -> None:
        if self._choices:
            self._take(self._choices[0])

    def _take(self, choice: Choice) -> None:
        text = self._field.text()
        self._choices = ()  # Enter in the line is told to the strip too: one answer is one answer
        self.hide()
        self.closed.emit()
        choice.act(text)

    def _clear(self) -> None:
        for button in self._buttons:
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = []
