"""What a step asks before it is taken, in its own place over the buttons: never a window in the way. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QTextBrowser, QVBoxLayout, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.choice_box import ChoiceBox
from editor.ui.widgets.flow_layout import FlowLayout

TALLEST = 300  # design pixels of what is shown in it
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


@dataclass(frozen=True, slots=True)
class Reply:
    """What was filled in: the line's text, and the kind chosen above it."""

    text: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """One answer. With `stays` the strip stays open until it is closed: the answer may be refused."""

    words: str
    key: str
    act: Callable[[Reply], None]
    weight: Weight = Weight.PLAIN
    stays: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What the strip says and asks. Enter takes the first way, Esc leaves by `leave` (its words), unless it is a way's."""

    head: str
    ways: Sequence[Way]
    leave: str
    sentence: str = ""
    shown: str = ""  # rich text
    field: str = ""  # the line's name
    text: str = ""
    kinds: Sequence[str] = ()
    kinds_name: str = ""
    tone: Tone = Tone.ACCENT


class StepStrip(QWidget):
    """Hidden until asked; it closes at an answer or Esc."""

    closed = Signal(bool)  # whether the keyboard was in it

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._question = Question("", (), "")
        self._buttons: list[Button] = []
        self._current_ways: tuple[Way, ...] = ()
        self._head, self._sentence, self._error = QLabel(self), QLabel(self), QLabel(self)
        self._shown = QTextBrowser(self)
        self._kinds = ChoiceBox(look, self)
        self._line = QLineEdit(self)
        self._build()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()

    @property
    def words(self) -> str:
        """Everything it says, as it is read out."""
        parts = [self._head.text(), self._sentence.text(), self._shown.toPlainText() if self._question.shown else "", self._error.text()]
        return " ".join(part for part in parts if part)

    @property
    def line(self) -> QLineEdit:
        """The line to type in."""
        return self._line

    def ask(self, question: Question, *, take_focus: bool = True) -> None:
        """Show a question in place of what it showed."""
        self._question = question
        self._head.setText(question.head)
        self.setAccessibleName(question.head)
        for label, text in ((self._sentence, question.sentence), (self._error, "")):
            label.setText(text)
            label.setVisible(bool(text))
        self._shown.setVisible(bool(question.shown))
        self._shown.setAccessibleName(question.head)
        self._kinds.setVisible(bool(question.kinds))
        self._kinds.setAccessibleName(question.kinds_name)
        self._kinds.clear()
        self._kinds.addItems(list(question.kinds))
        self._line.setVisible(bool(question.field))
        self._line.setAccessibleName(question.field)
        self._line.setPlaceholderText(question.field)
        self._line.setText(question.text)
        self._line.selectAll()
        self._show_ways(question)
        self.show()
        if question.shown:
            self._shown.setHtml(question.shown)
            self._fit()
        if take_focus:
            (self._line if question.field else self).setFocus(Qt.FocusReason.OtherFocusReason)
        self.update()

    def say_head(self, head: str) -> None:
        """Say something else in the same question: a countdown."""
        self._head.setText(head)
        self.setAccessibleName(head)

    def say_failed(self, sentence: str, ways: Sequence[Way] = ()) -> None:
        """The answer cannot be taken: why, and other ways where there are some."""
        self._error.setText(sentence)
        self._error.show()
        if ways:
            self._show_ways(Question(self._question.head, ways, self._question.leave))

    def close_strip(self) -> None:
        """Leave the question."""
        if not self.isHidden():
            focus = QApplication.focusWidget()
            had_keyboard = focus is not None and (focus is self or self.isAncestorOf(focus))
            self.hide()
            self.closed.emit(had_keyboard)

    def press_escape(self) -> None:
        """Esc, pressed here or anywhere at the desk."""
        way = next((way for way in self._current_ways if way.key == "Esc"), None)
        if way is None:
            self.close_strip()
        elif not self.isHidden():
            self._take(way)

    def event(self, event: QEvent) -> bool:
        # While it asks, its keys are answers and not the desk's actions.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._way_of(event) is not None:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.press_escape()
        elif (way := self._way_of(event)) is not None:
            self._take(way)
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and watched is self._shown and event.key() in ENTER:
            self.keyPressEvent(event)
            return True
        return super().eventFilter(watched, event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, tone = QPainter(self), self._question.tone
        painter.fillRect(self.rect(), self._look.colour(tone.tint))
        painter.fillRect(QRectF(0, 0, self.width(), 1), self._look.colour("line"))
        if self.hasFocus():
            painter.fillRect(QRectF(0, 0, self._look.px(3), self.height()), self._look.colour(tone.value))

    # ------------------------------------------------------------------------------------------------ private

    def _build(self) -> None:
        look = self._look
        for label, kind in ((self._head, "strong"), (self._sentence, ""), (self._error, "error")):
            label.setProperty("kind", kind)
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        self._shown.setOpenLinks(False)
        self._shown.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown.document().setDocumentMargin(0)
        self._shown.setProperty("on", "strip")
        self._shown.installEventFilter(self)
        self._ways = QWidget(self)
        self._flow = FlowLayout(self._ways, look.px(8))
        self._flow.setContentsMargins(0, 0, 0, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(18), look.px(12), look.px(18), look.px(12))
        column.setSpacing(look.px(8))
        for part in (self._head, self._sentence, self._shown, self._kinds, self._line, self._error, self._ways):
            column.addWidget(part)
        self._restyle()
        look.changed.connect(self._restyle)

    def _restyle(self) -> None:
        self._shown.setStyleSheet("QTextBrowser { background: transparent; }")
        self._shown.document().setDefaultFont(self._look.font(Type.BODY))
        self._fit()

    def _fit(self) -> None:
        """As tall as what it shows, up to a measure; beyond that it scrolls."""
        document = self._shown.document()
        document.setTextWidth(max(self.width() - self._look.px(36 + 14), self._look.px(200)))
        self._shown.setFixedHeight(min(round(document.size().height()) + 2, self._look.px(TALLEST)))

    def _show_ways(self, question: Question) -> None:
        for button in self._buttons:
            self._flow.removeWidget(button)
            button.hide()
            button.deleteLater()
        has_escape = any(way.key == "Esc" for way in question.ways)
        leave = Way(question.leave, "" if has_escape else "Esc", lambda _: None, Weight.QUIET)
        self._buttons = []
        for way in (*question.ways, leave) if question.leave else question.ways:
            button = Button(self._look, way.words, key=way.key, weight=way.weight, low=True, parent=self._ways)
            button.clicked.connect(lambda _=False, taken=way: self.close_strip() if taken is leave else self._take(taken))
            self._buttons.append(button)
            self._flow.addWidget(button)
            button.show()
        self._current_ways = tuple(question.ways)
        self._ways.updateGeometry()

    def _way_of(self, event: QKeyEvent) -> Way | None:
        """The answer that a key stands for; letters only while no line is written in."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self._current_ways:
            return None
        if event.key() in ENTER:
            return self._current_ways[0]
        if self._line.hasFocus():
            return None
        return next((way for way in self._current_ways if way.key and way.key == event.text().upper()), None)

    def _take(self, way: Way) -> None:
        reply = Reply(self._line.text().strip(), self._kinds.currentText())
        if not way.stays:
            self.close_strip()
        way.act(reply)
