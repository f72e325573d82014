"""The first start: one page with the ways to begin. It does nothing itself, it tells what was chosen. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from editor.ui.sync.option_card import OptionCard
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.wording import Wording

WIDTH, FIELD = 640, 420


class Found(Enum):
    """How one check ended."""

    RUNNING = auto()
    GOOD = auto()
    BAD = auto()


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the checks: what was looked at, and what was found. Said already."""

    words: str
    found: Found


class FirstRunPage(QScrollArea):
    """Three ways to begin, and one to begin without any."""

    sample_chosen = Signal()
    later_chosen = Signal()
    connect_asked = Signal(str, str)  # address, token

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._wording = wording
        self._checks: list[QWidget] = []
        self.title = wording.tr("first_run", "Welcome to Redactie")
        self.setAccessibleName(self.title)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        page = QWidget()
        page.setProperty("ground", "bg")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        across = QHBoxLayout(page)
        across.addStretch(1)
        column = QWidget()
        column.setMinimumWidth(min(look.px(WIDTH), 900))
        column.setMaximumWidth(look.px(WIDTH))
        across.addWidget(column, 100)
        across.addStretch(1)
        self._column = QVBoxLayout(column)
        self._column.setContentsMargins(0, look.px(40), 0, look.px(32))
        self._column.setSpacing(look.px(10))
        self._build()
        self.setWidget(page)

    # -------------------------------------------------------------------------------------------------------- public
    def first_focus(self) -> None:
        """Put the keyboard on the first way."""
        self.sample.setFocus()

    def show_checks(self, checks: Sequence[Check]) -> None:
        """Show these checks, line by line."""
        self._drop_checks()
        for check in checks:
            line = self._check_line(check)
            self._checks.append(line)
            self._check_box.addWidget(line)
        busy = any(check.found is Found.RUNNING for check in checks)
        self._set_busy(busy=busy)

    def say_failed(self, sentence: str) -> None:
        """It did not work: say why in one sentence; everything may be tried again."""
        self._error.setText(sentence)
        self._error.show()
        self._set_busy(busy=False)

    # ---------------------------------------------------------------------------------------------------------- Qt's
    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {"1": self.sample, "2": self.wordpress, "3": self.server, "4": self.later}
        way = ways.get(event.text())
        if way is not None and way.isEnabled() and not event.modifiers():
            way.click()
            return
        super().keyPressEvent(event)

    # ------------------------------------------------------------------------------------------------------ building
    def _build(self) -> None:
        tr, look = self._wording.tr, self._look
        head = QLabel(self.title)
        head.setProperty("kind", "headline")
        head.setStyleSheet(f"font-size: {look.px(25)}px; font-weight: 700")
        self._column.addWidget(head)
        intro = QLabel(tr("first_run", "Everything you write is kept on this computer first, also without a network. How "
                                       "would you like to begin?"))
        intro.setProperty("kind", "muted")
        intro.setWordWrap(True)
        self._column.addWidget(intro)
        self._column.addSpacing(look.px(10))
        self.sample = OptionCard(look, "star", tr("first_run", "Try it with the sample newsroom"),
                                 tr("first_run", "With articles, a ticker and reactions, and a site of its own on this "
                                                 "computer. Nothing leaves it."), "1")
        self.wordpress = OptionCard(look, "link", tr("first_run", "Connect to WordPress"),
                                    tr("first_run", "Not in this version yet."), "2")
        self.wordpress.setEnabled(False)
        self.server = OptionCard(look, "sync", tr("first_run", "Connect to a Redactie server"),
                                 tr("first_run", "Your newsroom’s own, with the address and the token that your "
                                                 "administrator gave you."), "3")
        for card in (self.sample, self.wordpress, self.server):
            self._column.addWidget(card)
        self.sample.clicked.connect(self.sample_chosen)
        self.server.clicked.connect(self._open_form)
        self._form = self._build_form()
        self._column.addWidget(self._form)
        self.later = Button(look, tr("first_run", "Just begin, connect later"), key="4", weight=Weight.QUIET)
        self.later.clicked.connect(self.later_chosen)
        self._column.addWidget(self.later, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addStretch(1)

    def _build_form(self) -> QWidget:
        tr, look = self._wording.tr, self._look
        form = QFrame()
        form.setProperty("kind", "card")
        box = QVBoxLayout(form)
        box.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(16))
        box.setSpacing(look.px(6))
        self.address = self._field(box, tr("first_run", "Address"), "https://redactie.example.nl")
        self.token = self._field(box, tr("first_run", "Token"), "")
        self.token.setEchoMode(QLineEdit.EchoMode.Password)
        seen = QCheckBox(tr("first_run", "Show the token"))
        seen.toggled.connect(lambda on: self.token.setEchoMode(
            QLineEdit.EchoMode.Normal if on else QLineEdit.EchoMode.Password))
        box.addWidget(seen)
        self._go = Button(look, tr("first_run", "Check and connect"), key="⏎", weight=Weight.PRIMARY)
        self._go.clicked.connect(self._ask)
        for field in (self.address, self.token):
            field.returnPressed.connect(self._ask)
        box.addSpacing(look.px(4))
        box.addWidget(self._go, 0, Qt.AlignmentFlag.AlignLeft)
        self._check_box = QVBoxLayout()
        self._check_box.setSpacing(look.px(2))
        box.addLayout(self._check_box)
        self._error = QLabel()
        self._error.setProperty("kind", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        box.addWidget(self._error)
        form.hide()
        return form

    def _field(self, box: QVBoxLayout, name: str, hint: str) -> QLineEdit:
        label = QLabel(name)
        label.setProperty("kind", "label")
        field = QLineEdit()
        field.setAccessibleName(name)
        field.setPlaceholderText(hint)
        field.setFixedWidth(self._look.px(FIELD))
        label.setBuddy(field)
        box.addWidget(label)
        box.addWidget(field)
        return field

    def _check_line(self, check: Check) -> QWidget:
        look = self._look
        icon, role = {Found.RUNNING: ("clock", "muted"), Found.GOOD: ("check", "live"),
                      Found.BAD: ("close", "error")}[check.found]
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        sign = QLabel()
        sign.setPixmap(look.icons.pixmap(icon, look.colour(role), look.px(16), self.devicePixelRatioF()))
        tr = self._wording.tr
        sign.setAccessibleName({Found.RUNNING: tr("first_run", "being checked"), Found.GOOD: tr("first_run", "good"),
                                Found.BAD: tr("first_run", "not good")}[check.found])
        words = QLabel(check.words)
        words.setWordWrap(True)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        return line

    # -------------------------------------------------------------------------------------------------------- acting
    def _open_form(self) -> None:
        self._form.show()
        self.address.setFocus()
        self.ensureWidgetVisible(self._form)

    def _ask(self) -> None:
        address, token = self.address.text().strip(), self.token.text().strip()
        missing = next((field for field, text in ((self.address, address), (self.token, token)) if not text), None)
        self._error.hide()
        self._drop_checks()
        if missing is not None:
            self.say_failed(self._wording.tr("first_run", "Fill in the address and the token."))
            missing.setFocus()
            return
        self._set_busy(busy=True)
        self.connect_asked.emit(address, token)

    def _drop_checks(self) -> None:
        for line in self._checks:
            self._check_box.removeWidget(line)
            line.hide()
            line.deleteLater()
        self._checks = []

    def _set_busy(self, *, busy: bool) -> None:
        for part in (self._go, self.address, self.token, self.sample, self.later):
            part.setEnabled(not busy)
