"""One passage of a conflict card: its three versions, its answers, and a field for words of one's own. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from editor.base.messages import Message
from editor.desk.conflicts import BOTH, MINE, TEXT, THEIRS
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.choice_box import ChoiceBox
from editor.ui.widgets.conflict_result import Own, Pick
from editor.ui.widgets.conflict_words import Answer
from editor.ui.widgets.flow_layout import FlowLayout
from editor.ui.widgets.version_columns import VersionColumns
from editor.ui.wording import Wording

PICKED = {MINE: Message("conflict", "chosen: mine"), THEIRS: Message("conflict", "chosen: the server’s"),
          BOTH: Message("conflict", "chosen: both"), TEXT: Message("conflict", "chosen: own words")}


class ConflictBlock(QFrame):
    """A passage. `number` of `count`; a card with one passage shows no number. Its keys are the card's."""

    chosen = Signal(object)  # the answer that was clicked
    entered = Signal()  # words of one's own are meant

    def __init__(self, look: Look, wording: Wording, texts: tuple[str, str, str], answers: Sequence[Answer], *,
                 number: int, count: int, editable: bool, choices: Sequence[str] = (),
                 parent: QWidget | None = None) -> None:
        """With `choices` words of one's own are one of these."""
        super().__init__(parent)
        self._look, self._wording = look, wording
        self._number, self._count = number, count
        self._pick: Pick | None = None
        self._buttons: dict[str, Button] = {}
        self._box = QVBoxLayout(self)
        left = look.px(10) if count > 1 else 0
        self._box.setContentsMargins(left, look.px(4) if left else 0, 0, look.px(4) if left else 0)
        self._box.setSpacing(look.px(8))
        if count > 1:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._state = QLabel()
        self._state.setProperty("kind", "label")
        self._state.setVisible(count > 1)
        self._box.addWidget(self._state)
        self._box.addWidget(VersionColumns(look, wording, *texts))
        self._answers = QWidget()
        self._row = FlowLayout(self._answers, look.px(8))
        self._build_answers(answers)
        self._field: ChoiceBox | QPlainTextEdit | None = None
        if editable:
            self._field = self._build_choices(choices, texts[1]) if choices else self._build_field(texts[1])
        self._editor = self._build_editor()
        self._say()

    @property
    def pick(self) -> Pick | None:
        """What was chosen here, None while nothing was."""
        return self._pick

    @property
    def is_editing(self) -> bool:
        """Whether words of one's own are being typed."""
        return not self._editor.isHidden()

    @property
    def is_choice(self) -> bool:
        """Whether words of one's own are one of a few."""
        return isinstance(self._field, ChoiceBox)

    def choose(self, pick: Pick | None) -> None:
        """Mark a choice, or take it away."""
        self._pick = pick
        mark = TEXT if isinstance(pick, Own) else pick
        for choice, button in self._buttons.items():
            button.set_weight(Weight.TONED if choice == mark else Weight.PLAIN)
        self._say()

    def add_button(self, button: Button) -> None:
        """Put another action beside the answers."""
        self._row.addWidget(button)

    def edit(self) -> None:
        """Type words of one's own."""
        if self._field is not None:
            self._answers.hide()
            self._editor.show()
            self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_editor(self) -> None:
        """Back to the answers; what was typed stays for the next time."""
        self._editor.hide()
        self._answers.show()

    def own_words(self) -> Own:
        """What stands in the field."""
        if isinstance(self._field, ChoiceBox):
            return Own(self._field.currentText())
        raw = self._field.document().toRawText() if self._field is not None else ""
        return Own(raw.replace("\u2029", "\n").replace("\u2028", "\n"))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._count > 1:
            painter = QPainter(self)
            role = "accent" if self.hasFocus() else "live" if self._pick is not None else "error"
            painter.fillRect(QRectF(0, 0, self._look.px(3), self.height()), self._look.colour(role))

    def _say(self) -> None:
        tr = self._wording.tr
        mark = TEXT if isinstance(self._pick, Own) else self._pick
        state = self._wording.say(PICKED[mark]) if mark is not None else tr("conflict", "to be chosen")
        said = tr("conflict", "Passage {number} of {count}: {state}", number=self._number, count=self._count, state=state)
        self._state.setText(said)
        self.setAccessibleName(said)
        self.update()

    def _build_answers(self, answers: Sequence[Answer]) -> None:
        self._row.setContentsMargins(0, 0, 0, 0)
        for answer in answers:
            button = Button(self._look, self._wording.say(answer.words), key=answer.key, low=self._count > 1)
            button.clicked.connect(lambda _=False, one=answer: self.chosen.emit(one))
            self._buttons[answer.choice] = button
            self._row.addWidget(button)
        self._box.addWidget(self._answers)

    def _build_field(self, mine: str) -> QPlainTextEdit:
        field = QPlainTextEdit(mine)
        field.setProperty("field", "true")
        field.setTabChangesFocus(True)
        field.setAccessibleName(self._wording.tr("conflict", "Your own text"))
        lines = min(8, 2 + mine.count("\n") + len(mine) // 70)
        field.setFixedHeight(self._look.px(18 + 20 * lines))
        return field

    def _build_choices(self, choices: Sequence[str], mine: str) -> ChoiceBox:
        box = ChoiceBox(self._look)
        box.addItems(list(choices))
        box.setCurrentText(mine)
        box.setAccessibleName(self._wording.tr("conflict", "Your own choice"))
        box.setMaximumWidth(self._look.px(320))
        return box

    def _build_editor(self) -> QWidget:
        holder = QWidget()
        box = QVBoxLayout(holder)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(self._look.px(8))
        if self._field is not None:
            box.addWidget(self._field)
        row = QHBoxLayout()
        tr = self._wording.tr
        use = Button(self._look, tr("conflict", "Use this choice") if self.is_choice else tr("conflict", "Use this text"),
                     key="⏎" if self.is_choice else "Ctrl ⏎", weight=Weight.PRIMARY)
        use.clicked.connect(self.entered)
        back = Button(self._look, self._wording.tr("conflict", "Back"), key="Esc", weight=Weight.QUIET)
        back.clicked.connect(self.leave_editor)
        row.addWidget(use)
        row.addWidget(back)
        row.addStretch(1)
        box.addLayout(row)
        holder.hide()
        self._box.addWidget(holder)
        return holder
