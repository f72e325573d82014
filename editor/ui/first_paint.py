"""Hears of the first paint of a widget: what is heavy begins after it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

LATEST_MS = 1500  # a window that starts minimised is never painted


class FirstPaint(QObject):
    """Calls once, after a widget has been painted for the first time."""

    def __init__(self, watched: QWidget, call: Callable[[], None]) -> None:
        super().__init__(watched)
        self._call: Callable[[], None] | None = call
        watched.installEventFilter(self)
        QTimer.singleShot(LATEST_MS, self, self._now)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self, self._now)
        return False

    def _now(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call()
