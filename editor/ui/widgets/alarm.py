"""Single-shot alarms that a widget is given, so that a test can let time pass without waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer


class Alarm(Protocol):
    """Rings once, the given number of milliseconds after `start`; starting again puts it off. GUI thread."""

    def start(self, milliseconds: int) -> None:
        """Ring that much later than now."""
        ...

    def stop(self) -> None:
        """Do not ring."""
        ...

    def is_set(self) -> bool:
        """Whether it is going to ring."""
        ...


AlarmMaker = Callable[[QObject, Callable[[], None]], Alarm]


class QtAlarm:
    """An `Alarm` on Qt's event loop; lives as long as its owner."""

    def __init__(self, owner: QObject, ring: Callable[[], None]) -> None:
        self._timer = QTimer(owner)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(ring)

    def start(self, milliseconds: int) -> None:
        self._timer.start(milliseconds)

    def stop(self) -> None:
        self._timer.stop()

    def is_set(self) -> bool:
        return self._timer.isActive()
