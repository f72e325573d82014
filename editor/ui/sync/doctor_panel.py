"""The connection doctor: one button, then the way to the server step by step, each with what to do. GUI thread.

The examination itself runs elsewhere (`runtime.doctor`); here its findings arrive and it can be stopped.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from editor.base.messages import Message
from editor.runtime.doctor import Check, Finding, Verdict
from editor.runtime.doctor_words import CHECKS, VERDICTS
from editor.ui.parts import CheckUp
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.painting import Mark
from editor.ui.widgets.pills import Pill
from editor.ui.wording import Wording

WIDEST = 760  # design pixels
TONES = {Verdict.GOOD: Tone.LIVE, Verdict.WARN: Tone.READY, Verdict.BAD: Tone.ERROR, Verdict.SKIPPED: Tone.NEUTRAL}
ICONS = {Verdict.GOOD: "check", Verdict.WARN: "warning", Verdict.BAD: "warning", Verdict.SKIPPED: ""}


class StepRow(QFrame):
    """One step, from waiting to its finding. It can have the keyboard, so that it is read aloud."""

    def __init__(self, look: Look, wording: Wording, check: Check, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording, self._check = look, wording, check
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._name, self._seen, self._todo = QLabel(wording.say(CHECKS[check])), QLabel(), QLabel()
        self._name.setProperty("kind", "strong")
        self._seen.setProperty("kind", "")
        self._todo.setProperty("kind", "strong")
        self._pill = Pill(look, Mark(""))
        for words in (self._seen, self._todo):
            words.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self._name)
        head.addWidget(self._pill)
        head.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(look.px(14), look.px(9), look.px(14), look.px(9))
        box.setSpacing(look.px(4))
        box.addLayout(head)
        box.addWidget(self._seen)
        box.addWidget(self._todo)
        self.say_waiting(now=False)

    def say_waiting(self, *, now: bool) -> None:
        """It has not been examined yet; `now`: it is being examined."""
        tr = self._wording.tr
        state = tr("doctor", "being examined…") if now else tr("doctor", "waits")
        self._show(Mark(state, Tone.ACCENT if now else Tone.NEUTRAL), "", "")

    def say_found(self, finding: Finding) -> None:
        """What was found."""
        say = self._wording.say
        mark = Mark(say(VERDICTS[finding.verdict]), TONES[finding.verdict], ICONS[finding.verdict])
        self._show(mark, say(finding.seen), say(finding.todo) if finding.todo is not None else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.fillRect(QRectF(0, self.height() - 1, self.width(), 1), self._look.colour("line"))
        if self.hasFocus():
            painter.setPen(self._look.colour("accent"))
            painter.drawRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -1.5))

    def _show(self, mark: Mark, seen: str, todo: str) -> None:
        self._pill.show_mark(mark)
        for label, text in ((self._seen, seen), (self._todo, todo)):
            label.setText(text)
            label.setVisible(bool(text))
        self.setAccessibleName(" ".join(part for part in (f"{self._name.text()}: {mark.word}.", seen, todo) if part))


class DoctorPanel(QScrollArea):
    """The steps and the one button."""

    ended = Signal()

    def __init__(self, look: Look, wording: Wording, check_up: CheckUp | None, *, key: str = "",
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording, self._check_up = look, wording, check_up
        self._run = 0
        self._stop: Callable[[], None] | None = None
        self._found: list[Finding] = []
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(wording.tr("doctor", "Connection check"))
        page = QWidget()
        page.setMaximumWidth(look.px(WIDEST))
        self._box = QVBoxLayout(page)
        self._box.setContentsMargins(look.px(22), look.px(18), look.px(22), look.px(22))
        self._box.setSpacing(look.px(4))
        self._said = QLabel()
        self._said.setWordWrap(True)
        self._box.addWidget(self._said)
        row = QHBoxLayout()
        row.setContentsMargins(0, look.px(6), 0, look.px(10))
        self.button = Button(look, "", key=key, weight=Weight.PRIMARY)
        self.button.clicked.connect(self.toggle)
        row.addWidget(self.button)
        row.addStretch(1)
        self._box.addLayout(row)
        self._rows = {check: StepRow(look, wording, check) for check in Check}
        for step in self._rows.values():
            self._box.addWidget(step)
        self._box.addStretch(1)
        self.setWidget(page)
        self._say(Message("doctor", "Goes the way to the server step by step and says what is in the way. Nothing is changed."))

    @property
    def is_running(self) -> bool:
        """Whether an examination is under way."""
        return self._stop is not None

    def toggle(self) -> None:
        """Begin, or stop what is under way."""
        if self.is_running:
            self.stop()
        else:
            self.start()

    def start(self) -> None:
        """Examine from the start."""
        if self._check_up is None or self.is_running:
            return
        self._run += 1
        self._found = []
        for number, step in enumerate(self._rows.values()):
            step.say_waiting(now=number == 0)
        self._stop = lambda: None  # what ends before it is known how to stop it has ended
        stop = self._check_up(partial(self._on_found, self._run), partial(self._on_ended, self._run))
        if self._stop is not None:
            self._stop = stop
            self._say(Message("doctor", "Step {number} of {count}…", {"number": 1, "count": len(self._rows)}))

    def stop(self) -> None:
        """Stop; what was found stays on screen."""
        if self._stop is not None:
            stop, self._stop = self._stop, None
            self._run += 1
            stop()
            for step in list(self._rows.values())[len(self._found):]:
                step.say_waiting(now=False)
            self._say(Message("doctor", "Stopped."))

    def _on_found(self, run: int, finding: Finding) -> None:
        if run != self._run:
            return
        self._found.append(finding)
        self._rows[finding.check].say_found(finding)
        following = list(self._rows.values())[len(self._found):]
        if following:
            following[0].say_waiting(now=True)
            self._say(Message("doctor", "Step {number} of {count}…", {"number": len(self._found) + 1, "count": len(self._rows)}))

    def _on_ended(self, run: int) -> None:
        if run != self._run:
            return
        self._stop = None
        self._say(self._verdict())
        self.ended.emit()

    def _verdict(self) -> Message:
        wrong = [one for one in self._found if one.verdict is Verdict.BAD]
        odd = [one for one in self._found if one.verdict is Verdict.WARN]
        if not self._found:
            return Message("doctor", "This profile is not connected to a server: there is nothing to examine.")
        if wrong:
            return Message("doctor", "Something is in the way at “{step}”.", {"step": CHECKS[wrong[0].check]})
        if odd:
            return Message("doctor", "The connection works; look at “{step}”.", {"step": CHECKS[odd[0].check]})
        return Message("doctor", "The connection is in order.")

    def _say(self, message: Message) -> None:
        self._said.setText(self._wording.say(message))
        self._said.setAccessibleName(self._said.text())
        tr = self._wording.tr
        self.button.say(tr("doctor", "Stop") if self.is_running else tr("doctor", "Examine the connection"))
        self.button.setEnabled(self._check_up is not None)
