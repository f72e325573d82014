"""Pictures of the desks as a person sees them: the real program, each desk, in both themes and both languages.

An application of its own, run without a screen by `demo`. GUI thread.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from editor.ui.application import Program, make_application
from editor.ui.parts import Parts

SIZE = (1440, 900)
SETTLE_MS = 900  # previews and lists come from threads; a picture is taken when they have had their time
DESKS = ("articles", "ticker", "reactions")
THEMES = ("light", "dark")
LANGUAGES = ("nl", "en")


class Photographer:
    """Goes through every desk, theme and language, and keeps a picture of each."""

    def __init__(self, application: QApplication, parts: Parts, into: Path) -> None:
        self._application, self._into = application, into
        self._program = Program(application, parts)
        self._shots = itertools.product(THEMES, LANGUAGES, DESKS)
        self.taken: list[Path] = []

    def run(self) -> None:
        """Show the window, take every picture, close it."""
        self._program.preferences.write("theme", THEMES[0])
        self._program.start()
        self._program.frame.window.resize(*SIZE)
        self._poll = QTimer()
        self._poll.timeout.connect(self._begin_when_open)
        self._poll.start(50)
        self._application.exec()
        self._program.stop()

    def _begin_when_open(self) -> None:
        if self._program.opened is None:
            return
        self._poll.stop()
        QTimer.singleShot(SETTLE_MS, self._next)

    def _next(self) -> None:
        shot = next(self._shots, None)
        if shot is None:
            self._application.quit()
            return
        theme, language, desk = shot
        program = self._program
        for key, value in (("theme", theme), ("language", language)):
            if program.preferences.value(key) != value:
                program.preferences.write(key, value)
                program.change_setting(key, value)
        program.frame.window.resize(*SIZE)
        program.frame.window.open_desk(desk)
        QTimer.singleShot(SETTLE_MS, lambda: self._take(f"{desk}-{theme}-{language}.png"))

    def _take(self, name: str) -> None:
        path = self._into / name
        self._program.frame.window.grab().save(str(path))
        self.taken.append(path)
        self._next()


def take_pictures(parts: Parts, into: Path) -> list[Path]:
    """Take every picture. Raises `OSError` for a folder that cannot be made."""
    into.mkdir(parents=True, exist_ok=True)
    photographer = Photographer(make_application(), parts, into)
    photographer.run()
    return photographer.taken
