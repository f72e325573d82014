"""One setting as a row: its name, its control by kind, its help, and why it cannot be changed, if so. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from editor.base.errors import UserError
from editor.base.settings import Kind, Setting, checked
from editor.ui.settings.controls import LARGEST, ChoiceBox, NumberBox
from editor.ui.theme.look import Look
from editor.ui.wording import Wording

NAME_WIDTH, CONTROL_WIDTH = 190, 250


class SettingRow(QWidget):
    """Shows one setting. `chosen` tells a value that the setting can hold; others are marked and told to nobody."""

    chosen = Signal(str, str)  # key, value

    def __init__(self, item: Setting, value: str, look: Look, wording: Wording, *, locked: str = "",
                 parent: QWidget | None = None) -> None:
        """`locked` is the sentence that says why it cannot be changed here; empty when it can."""
        super().__init__(parent)
        self.item = item
        self._look = look
        self._wording = wording
        self._value = value
        name, help_text = wording.say(item.label), wording.say(item.help)
        self._searched = " ".join((name, help_text, wording.say(item.group), item.key,
                                   *(wording.say(choice.label) for choice in item.choices))).casefold()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, look.px(8), 0, look.px(8))
        row.setSpacing(look.px(16))
        label = QLabel(name)
        label.setProperty("kind", "strong")
        label.setWordWrap(True)
        label.setFixedWidth(look.px(NAME_WIDTH))
        label.setMinimumHeight(look.px(32))
        row.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(look.px(4))
        self.control = self._build_control(value)
        self.control.setAccessibleName(name)
        self.control.setAccessibleDescription(locked or help_text)
        self.control.setEnabled(not locked)
        self.control.setMinimumHeight(look.px(32))
        self.control.setFixedWidth(look.px(CONTROL_WIDTH))
        label.setBuddy(self.control)
        column.addWidget(self.control, 0, Qt.AlignmentFlag.AlignLeft)
        self._note = self._line(column, help_text, "secondary")
        self._locked = self._line(column, locked, "secondary")
        self._wrong = self._line(column, "", "error")
        row.addLayout(column, 1)

    def fits(self, words: str) -> bool:
        """Whether every typed word is in its name, its help, its group or its choices."""
        return all(word in self._searched for word in words.casefold().split())

    # ------------------------------------------------------------------------------------------------------ controls
    def _build_control(self, value: str) -> QWidget:
        build = {Kind.CHOICE: self._build_choice, Kind.SWITCH: self._build_switch, Kind.NUMBER: self._build_number,
                 Kind.TEXT: self._build_text}[self.item.kind]
        return build(value)

    def _build_choice(self, value: str) -> QWidget:
        control = ChoiceBox(self._look)
        for choice in self.item.choices:
            control.addItem(self._wording.say(choice.label), choice.value)
        control.setCurrentIndex(max(0, control.findData(value)))
        control.activated.connect(lambda index: self._take(str(control.itemData(index))))
        return control

    def _build_switch(self, value: str) -> QWidget:
        control = QCheckBox()
        control.setChecked(value == "true")

        def tell(on: bool) -> None:
            control.setText(self._wording.tr("settings", "On") if on else self._wording.tr("settings", "Off"))
        tell(control.isChecked())
        control.toggled.connect(tell)
        control.toggled.connect(lambda on: self._take("true" if on else "false"))
        return control

    def _build_number(self, value: str) -> QWidget:
        number = int(value) if value.isdigit() else int(self.item.default)
        control = NumberBox(self.item.least, self.item.most or LARGEST, number)
        control.editingFinished.connect(lambda: self._take(control.text()))
        return control

    def _build_text(self, value: str) -> QWidget:
        control = QLineEdit(value)
        control.editingFinished.connect(lambda: self._take(control.text().strip()))
        return control

    # -------------------------------------------------------------------------------------------------------- acting
    def _take(self, value: str) -> None:
        if value == self._value:
            return
        try:
            checked(self.item, value)
        except UserError as error:
            self.say_wrong(self._wording.say(error.message))
            return
        self.say_wrong("")
        self._value = value
        self.chosen.emit(self.item.key, value)

    def say_wrong(self, sentence: str) -> None:
        """Say what is wrong with the value; an empty sentence takes it back."""
        self._wrong.setText(sentence)
        self._wrong.setVisible(bool(sentence))
        self.control.setProperty("invalid", "true" if sentence else "false")
        self.control.style().unpolish(self.control)
        self.control.style().polish(self.control)

    @staticmethod
    def _line(column: QVBoxLayout, text: str, kind: str) -> QLabel:
        label = QLabel(text)
        label.setProperty("kind", kind)
        label.setWordWrap(True)
        label.setVisible(bool(text))
        column.addWidget(label)
        return label
