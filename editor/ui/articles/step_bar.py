"""The foot of the right side: what is still missing as links, *keep version*, and the next step as one button."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.ui.actions import Keymap
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.pills import Chip
from editor.ui.wording import Wording


@dataclass(frozen=True, slots=True)
class NextStep:
    """The one next step. `missing` are (field, its name): the step waits for them. `notice` says anything else."""

    words: str
    missing: Sequence[tuple[str, str]] = ()
    missing_words: str = ""
    notice: str = ""
    has_more: bool = False  # other steps are allowed too


class StepBar(QWidget):
    """Tells which field a link leads to, and that the step, the other steps or a version is wanted."""

    field_wanted = Signal(str)
    step_wanted = Signal()
    steps_wanted = Signal()
    version_wanted = Signal()

    def __init__(self, look: Look, wording: Wording, keymap: Keymap, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._missing = QLabel(self)
        self._missing.setProperty("kind", "secondary")
        self._missing.setWordWrap(True)
        self._missing.setTextFormat(Qt.TextFormat.RichText)
        self._missing.setTextInteractionFlags(Qt.TextInteractionFlag.LinksAccessibleByKeyboard
                                              | Qt.TextInteractionFlag.LinksAccessibleByMouse)
        self._missing.linkActivated.connect(self.field_wanted)
        self._refused = QLabel(self)
        self._refused.setProperty("kind", "error")
        self._refused.setWordWrap(True)
        self._refused.setTextFormat(Qt.TextFormat.PlainText)
        self._refused.hide()
        self.more = Chip(look, wording.tr("articles_desk", "Steps"), self)
        self.more.clicked.connect(self.steps_wanted)
        self._keep = Button(look, wording.tr("articles", "Keep version…"), parent=self)
        self._keep.clicked.connect(self.version_wanted)
        self.step = Button(look, "", key=keymap.shown("article.step"), weight=Weight.PRIMARY, parent=self)
        self.step.clicked.connect(self.step_wanted)
        column, row = QVBoxLayout(self), QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._row = row
        column.setContentsMargins(look.px(18), look.px(12), look.px(18), look.px(12))
        column.setSpacing(look.px(7))
        row.setSpacing(look.px(10))
        row.addWidget(self._keep)
        row.addWidget(self.step, 1)
        line = QHBoxLayout()
        line.setSpacing(look.px(8))
        line.addWidget(self._missing, 1)
        line.addStretch(0)
        line.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self._refused)
        column.addLayout(line)
        column.addLayout(row)

    def show_step(self, step: NextStep) -> None:
        """Show the next step and what it waits for."""
        links = ", ".join(
            f'<a style="text-decoration: none; color: {self._look.colour("accent").name()}" href="{html.escape(field)}">'
            f"{html.escape(name)}</a>" for field, name in step.missing
        )
        words = f"{html.escape(step.missing_words)} {links}" if step.missing else html.escape(step.notice)
        self._missing.setText(words)
        said = f"{step.missing_words} {', '.join(name for _, name in step.missing)}" if step.missing else step.notice
        self._missing.setAccessibleName(said)
        # Only links are worth a stop of the Tab key.
        self._missing.setFocusPolicy(Qt.FocusPolicy.StrongFocus if step.missing else Qt.FocusPolicy.NoFocus)
        self.step.say(step.words)
        self.step.setVisible(bool(step.words))
        self.more.setVisible(step.has_more)
        self._turn()

    def say_refused(self, sentence: str) -> None:
        """Say why something was not done; "" takes the sentence away."""
        if sentence != self._refused.text():
            self._refused.setText(sentence)
            self._refused.setAccessibleName(sentence)
        self._refused.setVisible(bool(sentence))

    @property
    def words(self) -> str:
        """Everything it says, as it is read out."""
        return " ".join(part for part in (self._refused.text(), self._missing.accessibleName(), self.step.words) if part)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._turn()

    def _turn(self) -> None:
        """Put the buttons below each other where they do not fit side by side."""
        wanted = self._keep.sizeHint().width() + self.step.sizeHint().width() + self._look.px(46)
        ways = QBoxLayout.Direction
        self._row.setDirection(ways.LeftToRight if wanted <= self.width() else ways.BottomToTop)

    def minimumSizeHint(self) -> QSize:
        return QSize(self._look.px(120), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(0, 0, self.width(), 1), self._look.colour("line"))
