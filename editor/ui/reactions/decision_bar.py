"""The decisions and the reasons as buttons with their keys; the strip with every reason; the answers to a conflict."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from editor.domain.newsroom import REASONS, Reason
from editor.ui.actions import Keymap
from editor.ui.reactions.words import reason_words
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.conflict_words import Answer
from editor.ui.widgets.painting import cap_width, draw_cap, draw_focus, draw_text
from editor.ui.wording import Wording

DIGITS, COLUMNS = 10, 5


class ReasonButton(QPushButton):
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

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.last = ""
        self.is_strip = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(look.px(6))
        self._more: list[ReasonButton] = []
        for at, reason in enumerate(REASONS):
            button = ReasonButton(look, reason, reason_words(wording, reason.code), self)
            button.clicked.connect(lambda _=False, code=reason.code: self._choose(code))
            grid.addWidget(button, at // COLUMNS, at % COLUMNS)
            if at >= DIGITS:
                self._more.append(button)
        for column in range(COLUMNS):
            grid.setColumnStretch(column, 1)
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
        row = self._row(self._decisions)
        self._add(row, "reaction.approve", tr("reactions_desk", "Approve"), Weight.TONED)
        self._add(row, "reaction.later", tr("reactions_desk", "Later"))
        self._add(row, "reaction.escalate", tr("reactions_desk", "Escalate"))
        self._add(row, "reaction.spam", tr("reactions_desk", "Spam"))
        row.addStretch(1)
        self._add(row, "reaction.undo", tr("reactions_desk", "Undo"))
        self._answer_row = self._row(self._answers)
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
        self._answer_row.addStretch(1)
        self._answers.setVisible(bool(answers))
        for part in (self._decisions, self._label, self.reasons):
            part.setVisible(not answers)

    def _row(self, holder: QWidget) -> QHBoxLayout:
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(self._look.px(8))
        return row

    def _add(self, row: QHBoxLayout, action: str, words: str, weight: Weight = Weight.PLAIN) -> None:
        button = Button(self._look, words, key=self._keymap.shown(action), weight=weight, parent=self._decisions)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard with the cards
        button.clicked.connect(lambda: self.pressed.emit(action))
        row.addWidget(button)
