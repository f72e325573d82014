"""The settings window (Ctrl+,): built from the table in `base/settings.py` alone, and never in the way. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from editor.base.settings import SETTINGS, Scope, Setting, value_of
from editor.ui.settings.rows import SettingRow
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.list_state import ListState
from editor.ui.widgets.part_button import PartButton
from editor.ui.wording import Wording


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where values live. `read` gives None for a setting that was never changed; neither waits for the disk.
    `locked` says why the newsroom's own cannot be changed here; empty when they can."""

    read: Callable[[str], str | None]
    write: Callable[[str, str], None]
    locked: str = ""


class SettingsWindow(QDialog):
    """Groups at the left, their settings at the right; a word in the search field looks through all of them."""

    changed = Signal(str, str)  # key, value: already kept
    about_wanted = Signal()

    def __init__(self, look: Look, wording: Wording, keeping: Keeping, *, settings: Sequence[Setting] = SETTINGS,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._wording = wording
        self._keeping = keeping
        self.setModal(False)
        self.setWindowTitle(wording.tr("settings", "Settings"))
        self.resize(look.px(780), look.px(560))
        self._rows: list[SettingRow] = []
        self._heads: dict[str, QLabel] = {}
        self._groups: dict[str, PartButton] = {}
        self._group = ""
        self._build(settings)
        self._choose_group(next(iter(self._groups)))
        self.search.setFocus()
        find = QShortcut(QKeySequence.StandardKey.Find, self)
        find.activated.connect(self.search.setFocus)

    def show_setting(self, key: str) -> None:
        """Show one setting with the keyboard on it."""
        row = next((row for row in self._rows if row.item.key == key), None)
        if row is not None:
            self._choose_group(self._wording.say(row.item.group))
            row.control.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(row)

    # ------------------------------------------------------------------------------------------------------ building
    def _build(self, settings: Sequence[Setting]) -> None:
        look, tr = self._look, self._wording.tr
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        side = QVBoxLayout()
        side.setContentsMargins(look.px(14), look.px(14), look.px(14), look.px(14))
        side.setSpacing(look.px(10))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("settings", "Search the settings…"))
        self.search.setAccessibleName(tr("settings", "Search the settings…"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        self.search.setFixedWidth(look.px(190))
        side.addWidget(self.search)
        names = QVBoxLayout()
        names.setSpacing(look.px(4))
        side.addLayout(names)
        for group in dict.fromkeys(self._wording.say(item.group) for item in settings):
            button = PartButton(look, group, self)
            button.clicked.connect(lambda _=False, name=group: self._choose_group(name))
            self._groups[group] = button
            names.addWidget(button)
        side.addStretch(1)
        about = Button(look, tr("about", "About Redactie"), weight=Weight.QUIET)
        about.setAutoDefault(False)
        about.clicked.connect(self.about_wanted)
        side.addWidget(about, 0, Qt.AlignmentFlag.AlignLeft)
        across.addLayout(side)
        rule = QFrame()
        rule.setProperty("kind", "rule-down")
        across.addWidget(rule)
        across.addWidget(self._build_page(settings), 1)

    def _build_page(self, settings: Sequence[Setting]) -> QWidget:
        look = self._look
        page = QWidget()
        page.setProperty("ground", "surface")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        column = QVBoxLayout(page)
        column.setContentsMargins(look.px(24), look.px(10), look.px(24), look.px(18))
        column.setSpacing(0)
        stored = {item.key: value for item in settings if (value := self._keeping.read(item.key)) is not None}
        for group in self._groups:
            head = QLabel(group)
            head.setProperty("kind", "title")
            head.setContentsMargins(0, look.px(8), 0, look.px(6))
            self._heads[group] = head
            column.addWidget(head)
            for item in settings:
                if self._wording.say(item.group) == group:
                    column.addWidget(self._make_row(item, value_of(item, stored)))
        self._nothing = ListState(look)
        self._nothing.hide()
        column.addWidget(self._nothing, 1)
        column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(page)
        return self._area

    def _make_row(self, item: Setting, value: str) -> SettingRow:
        locked = self._keeping.locked if item.scope is Scope.NEWSROOM else ""
        row = SettingRow(item, value, self._look, self._wording, locked=locked)
        row.chosen.connect(self._on_chosen)
        self._rows.append(row)
        return row

    # -------------------------------------------------------------------------------------------------------- acting
    def _on_chosen(self, key: str, value: str) -> None:
        self._keeping.write(key, value)
        self.changed.emit(key, value)

    def _choose_group(self, group: str) -> None:
        self._group = group
        self.search.clear()
        self._filter()

    def _filter(self) -> None:
        words = self.search.text().strip()
        shown: set[str] = set()
        for row in self._rows:
            own = self._wording.say(row.item.group)
            fits = row.fits(words) if words else own == self._group
            row.setVisible(fits)
            if fits:
                shown.add(own)
        for name, head in self._heads.items():
            head.setVisible(name in shown)
            self._groups[name].setChecked(not words and name == self._group)
        self._nothing.setVisible(not shown)
        if not shown:
            self._nothing.say(self._wording.tr("settings", "No setting with these words"))
