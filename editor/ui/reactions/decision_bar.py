"""The decisions and the reasons as buttons with their keys; the strip with every reason; the answers to a conflict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from editor.domain.newsroom import REASONS, Reason
from editor.ui.actions import Keymap
from editor.ui.reactions.words import reason_words
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.conflict_words import Answer
from editor.ui.widgets.enter_button import EnterButton
from editor.ui.widgets.flow_layout import FlowLayout
from editor.ui.widgets.painting import cap_width, draw_cap, draw_focus, draw_text
from editor.ui.wording import Wording

DIGITS, COLUMNS, COLUMN_LEAST, COLUMN_SLIM = 10, 5, 112, 86
LOW = 700  # of a window in which the text that is decided on comes before whole words on buttons


class ReasonButton(EnterButton):
    """A reason with its key before its words."""

    def __init__(self, look: Look, reason: Reason, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._look, self._reason = look, reason
        self.setAccessibleName(words)
        self.setAccessibleDescription(reason.key)
        self.setToolTip(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(110), self._look.px(30))

    def paintEvent(self, event: QPaintEvent) -> None:
        look, painter, area = self._look, QPainter(self), QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(look.colour("muted" if self.underMouse() else "line"))
        painter.setBrush(look.colour("surface2" if self.isDown() else "surface"))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), look.px(6), look.px(6))
        width = cap_width(look, self._reason.key)
        draw_cap(painter, look, self._reason.key, look.px(8), area.center().y())
        words = area.adjusted(look.px(8) + width + look.px(6), 0, -look.px(3), 0)
        draw_text(painter, look, Type.SECONDARY, "text", words, self.text())
        if self.hasFocus():
            draw_focus(painter, look, area, look.px(6))


class ReasonGrid(QWidget):
    """Ten reasons; as a strip (`D`) all of them, and then it takes every key itself until one is chosen."""

    chosen = Signal(str)  # the reason's code
    left = Signal()
    given_up = Signal()  # Esc: no reason was chosen

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.last = ""
        self.is_strip = False
        self._look = look
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(look.px(6))
        self._buttons: list[ReasonButton] = []
        for reason in REASONS:
            button = ReasonButton(look, reason, reason_words(wording, reason.code), self)
            button.clicked.connect(lambda _=False, code=reason.code: self._choose(code))
            self._buttons.append(button)
        self._more = self._buttons[DIGITS:]
        self._columns = 0
        self._arrange(COLUMNS)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._show_more(show=False)

    def open_strip(self) -> None:
        """Show every reason and wait for its key."""
        self._show_more(show=True)
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_strip(self) -> None:
        """Back to the ten."""
        if self.is_strip:
            self._show_more(show=False)
            self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        px = self._look.px
        least = COLUMN_SLIM if self.window().height() < px(LOW) else COLUMN_LEAST
        self._arrange(max(2, min(COLUMNS, self.width() // px(least))))

    def _arrange(self, columns: int) -> None:
        """Put the reasons in so many columns, in their order."""
        if columns == self._columns:
            return
        for at, button in enumerate(self._buttons):
            self._grid.addWidget(button, at // columns, at % columns)
        for column in range(COLUMNS):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._columns = columns

    def event(self, event: QEvent) -> bool:
        # While the strip is open its letters are reasons, not the desk's actions.
        if event.type() == QEvent.Type.ShortcutOverride and self.is_strip:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.is_strip:
            super().keyPressEvent(event)
            return
        code = next((one.code for one in REASONS if one.key == event.text().upper()), "")
        if event.key() == Qt.Key.Key_Escape:
            self.close_strip()
            self.given_up.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.last:
            self._choose(self.last)
        elif code:
            self._choose(code)
        else:
            super().keyPressEvent(event)

    def _choose(self, code: str) -> None:
        self.last = code
        self.close_strip()
        self.chosen.emit(code)

    def _show_more(self, *, show: bool) -> None:
        self.is_strip = show
        for button in self._more:
            button.setVisible(show)


class DecisionBar(QWidget):
    """What can be decided on the open card. It tells what was pressed; the desk decides."""

    pressed = Signal(str)  # an action of the table
    reason_given = Signal(str)
    answered = Signal(str)  # the choice on a conflict

    def __init__(self, look: Look, wording: Wording, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording, self._keymap = look, wording, keymap
        tr = wording.tr
        self._decisions, self._answers = QWidget(self), QWidget(self)
        row = self._row = FlowLayout(self._decisions, look.px(8))
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._button("reaction.approve", tr("reactions_desk", "Approve"), Weight.TONED))
        row.addWidget(self._button("reaction.later", tr("reactions_desk", "Later")))
        row.addWidget(self._button("reaction.escalate", tr("reactions_desk", "Escalate")))
        row.addWidget(self._button("reaction.spam", tr("reactions_desk", "Spam")))
        self._space = QWidget(self._decisions)  # keeps undo at the far end, where a row has place for that
        self._undo = self._button("reaction.undo", tr("reactions_desk", "Undo"))
        for part in (self._space, self._undo):
            row.addWidget(part)
        self._answer_row = FlowLayout(self._answers, look.px(8))
        self._answer_row.setContentsMargins(0, 0, 0, 0)
        self._label = QLabel(tr("reactions_desk", "Reject with a reason"), self)
        self._label.setProperty("kind", "label")
        self.reasons = ReasonGrid(look, wording, self)
        self.reasons.chosen.connect(self.reason_given)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(22), look.px(14), look.px(22), look.px(14))
        column.setSpacing(look.px(10))
        for part in (self._decisions, self._answers, self._label, self.reasons):
            column.addWidget(part)
        self.offer(())

    def offer(self, answers: Sequence[Answer]) -> None:
        """Offer these answers to a conflict instead of decisions; none brings the decisions back."""
        while (item := self._answer_row.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for answer in answers:
            button = Button(self._look, self._wording.say(answer.words), key=answer.key, parent=self._answers)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, choice=answer.choice: self.answered.emit(choice))
            self._answer_row.addWidget(button)
        self._answers.setVisible(bool(answers))
        for part in (self._decisions, self._label, self.reasons):
            part.setVisible(not answers)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        gap = self._look.px(8)
        buttons = [one for one in self._decisions.findChildren(Button) if one is not self._undo]
        taken = sum(one.sizeHint().width() + gap for one in buttons) + self._undo.sizeHint().width()
        left = self.contentsRect().width() - 2 * self._look.px(22) - taken - gap
        self._space.setVisible(left > 0)
        self._space.setFixedSize(max(0, left), 1)

    def _button(self, action: str, words: str, weight: Weight = Weight.PLAIN) -> Button:
        button = Button(self._look, words, key=self._keymap.shown(action), weight=weight, parent=self._decisions)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the cards
        button.clicked.connect(lambda: self.pressed.emit(action))
        return button
