"""A card for one thing that a person must settle: two versions side by side, or one sentence; and its answers.

It knows no desk: whoever shows it hears `settled` and calls `desk.conflicts.resolve`. Never modal; GUI thread.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from editor.desk.conflicts import TEXT
from editor.desk.ports import ConflictRow
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.conflict_words import VERSIONS, Answer, composed, is_editable, shown, words_of
from editor.ui.widgets.flow_layout import FlowLayout
from editor.ui.widgets.version_columns import VersionColumns
from editor.ui.wording import Wording


class ConflictCard(QFrame):
    """One card. Its keys work while it, or a button in it, has the focus."""

    settled = Signal(str, str)  # the choice of `desk.conflicts.resolve`, and the whole text when it is "text"
    opened = Signal()  # the person wants to see the thing itself

    def __init__(self, row: ConflictRow, look: Look, wording: Wording, *, title: str = "", who: str = "",
                 when: str = "", can_open: bool = False, parent: QWidget | None = None) -> None:
        """`title` is the thing's headline, `who` the colleague's name, `when` the moment in words; all may be empty."""
        super().__init__(parent)
        self.row = row
        self._look = look
        self._wording = wording
        self._words = words_of(row)
        self._fields: list[QPlainTextEdit] = []
        self._buttons: dict[str, Button] = {}
        head = wording.say(self._words.head)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setAccessibleName(wording.tr("conflict", "Conflict: {head}", head=head))
        self.setAccessibleDescription(wording.say(self._words.sentence))
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(*(look.px(side) for side in (19, 14, 16, 14)))
        self._box.setSpacing(look.px(8))
        self._build_head(head, title, who, when)
        self._add_label(wording.say(self._words.sentence), "")
        self._build_versions()
        self._error = self._add_label("", "error")
        self._error.hide()
        self._answers = self._build_answers(can_open=can_open)
        self._editor = self._build_editor()

    # -------------------------------------------------------------------------------------------------------- public
    def press(self, key: str) -> bool:
        """Do what the key `1`, `2`, `3` or `E` stands for; whether this card has it."""
        answer = next((one for one in self._words.answers if one.key == key.upper()), None)
        if answer is None or not self._answers.isEnabled() or not self._editor.isHidden():
            return False
        self._choose(answer)
        return True

    def say_failed(self, sentence: str) -> None:
        """The answer could not be carried out: say why, and let the person choose again."""
        self._error.setText(sentence)
        self._error.show()
        self._answers.setEnabled(True)
        self._editor.setEnabled(True)

    # ---------------------------------------------------------------------------------------------------------- Qt's
    def keyPressEvent(self, event: QKeyEvent) -> None:
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        sends = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not self._editor.isHidden():
            if event.key() == Qt.Key.Key_Escape:
                self._leave_editor()
                return
            if sends and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._send_text()
                return
        elif plain and self.press(event.text()):
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        focused = self.hasFocus()
        if focused:
            area.adjust(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(self._look.colour("accent" if focused else "line"), 2 if focused else 1))
        painter.setBrush(self._look.colour("surface"))
        painter.drawRoundedRect(area, self._look.px(8), self._look.px(8))
        bar = QRectF(0, self._look.px(12), self._look.px(3), self.height() - 2 * self._look.px(12))
        painter.fillRect(bar, self._look.colour("error" if self.row.blocking else "ready"))

    # ------------------------------------------------------------------------------------------------------ building
    def _build_head(self, head: str, title: str, who: str, when: str) -> None:
        row = QHBoxLayout()
        row.setSpacing(self._look.px(8))
        self._icon = QLabel()
        self._icon.setAccessibleName(self.accessibleName())
        self._draw_icon()
        self._look.changed.connect(self._draw_icon)
        words = QLabel(head)
        words.setProperty("kind", "strong")
        words.setWordWrap(True)
        row.addWidget(self._icon)
        row.addWidget(words, 1)
        by = self._wording.tr("conflict", "{when} · {who}", who=who, when=when) if who and when else who or when
        if by:
            label = QLabel(by)
            label.setProperty("kind", "secondary")
            row.addWidget(label)
        self._box.addLayout(row)
        if title:
            self._add_label(title, "secondary")

    def _draw_icon(self) -> None:
        side = self._look.px(18)
        role = "error" if self.row.blocking else "ready"
        self._icon.setPixmap(self._look.icons.pixmap("conflict", self._look.colour(role), side, self.devicePixelRatioF()))

    def _add_label(self, text: str, kind: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("kind", kind)
        label.setWordWrap(True)
        self._box.addWidget(label)
        return label

    def _versions(self) -> list[tuple[str, str, str]]:
        row = self.row
        if row.regions:
            return [(str(r["base"]), str(r["mine"]), str(r["theirs"])) for r in row.regions]
        return [(shown(row.base), shown(row.mine), shown(row.theirs))] if row.kind in VERSIONS else []

    def _build_versions(self) -> None:
        for number, texts in enumerate(self._versions()):
            if number:
                rule = QFrame()
                rule.setProperty("kind", "rule")
                self._box.addWidget(rule)
            self._box.addWidget(VersionColumns(self._look, self._wording, *texts))

    def _build_answers(self, *, can_open: bool) -> QWidget:
        holder = QWidget()
        row = FlowLayout(holder, self._look.px(8))
        row.setContentsMargins(0, self._look.px(4), 0, 0)
        for answer in self._words.answers:
            button = Button(self._look, self._wording.say(answer.words), key=answer.key)
            button.clicked.connect(lambda _=False, chosen=answer: self._choose(chosen))
            self._buttons[answer.choice] = button
            row.addWidget(button)
        if can_open:
            button = Button(self._look, self._wording.tr("conflict", "Open"), weight=Weight.QUIET, icon="external")
            button.clicked.connect(self.opened)
            row.addWidget(button)
        self._box.addWidget(holder)
        return holder

    def _build_editor(self) -> QWidget:
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(self._look.px(8))
        if is_editable(self.row):
            for _, mine, _theirs in self._versions():
                field = QPlainTextEdit(mine)
                field.setProperty("field", "true")
                field.setTabChangesFocus(True)
                field.setAccessibleName(self._wording.tr("conflict", "Your own text"))
                lines = min(8, 2 + mine.count("\n") + len(mine) // 70)
                field.setFixedHeight(self._look.px(18 + 20 * lines))
                self._fields.append(field)
                box.addWidget(field)
        row = QHBoxLayout()
        use = Button(self._look, self._wording.tr("conflict", "Use this text"), key="Ctrl ⏎", weight=Weight.PRIMARY)
        use.clicked.connect(self._send_text)
        back = Button(self._look, self._wording.tr("conflict", "Back"), key="Esc", weight=Weight.QUIET)
        back.clicked.connect(self._leave_editor)
        row.addWidget(use)
        row.addWidget(back)
        row.addStretch(1)
        box.addLayout(row)
        holder.hide()
        self._box.addWidget(holder)
        return holder

    # ------------------------------------------------------------------------------------------------------- acting
    def _choose(self, answer: Answer) -> None:
        if answer.choice == TEXT:
            self._answers.hide()
            self._editor.show()
            self._fields[0].setFocus()
            return
        self._give(answer.choice, "")

    def _leave_editor(self) -> None:
        self._editor.hide()
        self._answers.show()
        self.setFocus()

    def _send_text(self) -> None:
        edited = tuple(field.document().toRawText().replace("\u2029", "\n") for field in self._fields)
        self._give(TEXT, composed(self.row, edited))

    def _give(self, choice: str, text: str) -> None:
        # Once is enough: a second answer to the same card would be refused.
        self._error.hide()
        self._answers.setEnabled(False)
        self._editor.setEnabled(False)
        self.settled.emit(choice, text)
