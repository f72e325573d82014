"""About: version, data folder, the licences of code, words and fonts, and the way to the logs. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from editor.base.messages import Message
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button
from editor.ui.wording import Wording


@dataclass(frozen=True, slots=True)
class Licence:
    """Something that is shipped along: what it is for, its name, and under which terms."""

    part: Message
    name: str
    terms: str


LICENCES: tuple[Licence, ...] = (
    Licence(Message("about", "The program"), "Redactie", "MIT"),
    Licence(Message("about", "Windows and drawing"), "Qt for Python (PySide6)", "LGPL-3.0-only"),
    Licence(Message("about", "Database"), "SQLite, pysqlite3", "public domain, zlib"),
    Licence(Message("about", "Database"), "SQLAlchemy, Alembic", "MIT"),
    Licence(Message("about", "Text"), "Python-Markdown", "BSD-3-Clause"),
    Licence(Message("about", "Text"), "nh3", "MIT"),
    Licence(Message("about", "Network"), "httpx2, Starlette, uvicorn, Jinja2", "BSD-3-Clause"),
    Licence(Message("about", "Network"), "python-multipart", "Apache-2.0"),
    Licence(Message("about", "Keys and folders"), "keyring, platformdirs", "MIT"),
    Licence(Message("about", "Words"), "OpenTaal", "BSD-3-Clause, CC BY 3.0"),
    Licence(Message("about", "Words"), "pyspellchecker", "MIT"),
    Licence(Message("about", "Fonts"), "Inter, JetBrains Mono", "OFL-1.1"),
)


class AboutWindow(QDialog):
    """Stands beside the work; everything in it can be copied."""

    def __init__(self, look: Look, wording: Wording, *, version: str, profile: Path, open_folder: Callable[[Path], None],
                 log_folder: Path, licences: Sequence[Licence] = LICENCES, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording = look, wording
        self.setModal(False)
        self.setWindowTitle(wording.tr("about", "About Redactie"))
        box = QVBoxLayout(self)
        box.setContentsMargins(look.px(24), look.px(20), look.px(24), look.px(18))
        box.setSpacing(look.px(10))
        head = QLabel("Redactie")
        head.setProperty("kind", "title")
        box.addWidget(head)
        box.addLayout(self._build_facts(version, profile))
        title = QLabel(wording.tr("about", "Made with"))
        title.setProperty("kind", "label")
        box.addWidget(title)
        box.addWidget(self._build_licences(licences), 1)
        box.addLayout(self._build_buttons(profile, log_folder, open_folder))
        self.resize(look.px(560), look.px(420))

    def _build_facts(self, version: str, profile: Path) -> QGridLayout:
        tr = self._wording.tr
        facts = QGridLayout()
        facts.setHorizontalSpacing(self._look.px(16))
        facts.setColumnStretch(1, 1)
        for number, (name, value) in enumerate(((tr("about", "Version"), version),
                                                (tr("about", "Data folder"), str(profile)))):
            label, text = QLabel(name), QLabel(value)
            label.setProperty("kind", "secondary")
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse
                                         | Qt.TextInteractionFlag.TextSelectableByKeyboard)
            text.setAccessibleName(f"{name}: {value}")
            text.setWordWrap(True)
            facts.addWidget(label, number, 0)
            facts.addWidget(text, number, 1)
        return facts

    def _build_licences(self, licences: Sequence[Licence]) -> QPlainTextEdit:
        say = self._wording.say
        text = QPlainTextEdit("\n".join(f"{say(one.part)}: {one.name} ({one.terms})" for one in licences))
        text.setReadOnly(True)
        text.setProperty("field", "true")
        text.setAccessibleName(self._wording.tr("about", "Made with"))
        text.setTabChangesFocus(True)
        return text

    def _build_buttons(self, profile: Path, log_folder: Path, open_folder: Callable[[Path], None]) -> QHBoxLayout:
        look, tr = self._look, self._wording.tr
        row = QHBoxLayout()
        row.setSpacing(look.px(8))
        for words, folder in ((tr("about", "Open the data folder"), profile),
                              (tr("about", "Open the log folder"), log_folder)):
            button = Button(look, words)
            button.setAutoDefault(False)
            button.clicked.connect(lambda _=False, place=folder: open_folder(place))
            row.addWidget(button)
        row.addStretch(1)
        close = Button(look, tr("about", "Close"), key="Esc")
        close.clicked.connect(self.close)
        row.addWidget(close)
        return row
