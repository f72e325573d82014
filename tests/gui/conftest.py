"""What the tests of the window share: the house's look, its words, and alarms that ring when told to."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from editor.ui.theme.fonts import load_fonts
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import load_theme
from editor.ui.wording import Wording


class ManualAlarm:
    """An alarm that rings when its test lets time pass."""

    def __init__(self, ring: Callable[[], None]) -> None:
        self.ring = ring
        self.left: int | None = None

    def start(self, milliseconds: int) -> None:
        self.left = milliseconds

    def stop(self) -> None:
        self.left = None

    def is_set(self) -> bool:
        return self.left is not None


class Alarms:
    """Makes alarms and lets their time pass."""

    def __init__(self) -> None:
        self._made: list[ManualAlarm] = []

    def __call__(self, _owner: QObject, ring: Callable[[], None]) -> ManualAlarm:
        self._made.append(ManualAlarm(ring))
        return self._made[-1]

    def advance(self, milliseconds: int) -> None:
        """Let time pass, step by step, ringing whatever is due in its order."""
        left = milliseconds
        while True:
            due = [alarm for alarm in self._made if alarm.left is not None and alarm.left <= left]
            step = min((alarm.left or 0 for alarm in due), default=left)
            for alarm in self._made:
                if alarm.left is not None:
                    alarm.left -= step
            left -= step
            if not due:
                return
            first = next(alarm for alarm in due if alarm.left == 0)
            first.stop()
            first.ring()


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    """The application with the house's fonts and a steady caret."""
    load_fonts()
    qapp.setCursorFlashTime(0)
    return qapp


@pytest.fixture(params=["light"])
def look(dressed: QApplication, request: pytest.FixtureRequest) -> Iterator[Look]:
    """The look of a theme; parametrise indirectly for others."""
    made = Look(load_theme(request.param))
    made.dress(dressed)
    yield made
    made.changed.disconnect()


@pytest.fixture
def words() -> Wording:
    """Dutch."""
    return Wording("nl")


@pytest.fixture
def alarms() -> Alarms:
    return Alarms()
