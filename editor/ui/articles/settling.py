"""When typed text counts as settled: idle for a moment, and never later than a moment after the first unsaved key."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from editor.ui.widgets.alarm import AlarmMaker

IDLE_MS = 400
LATEST_MS = 800


class Settling(QObject):
    """Two alarms. A key only sets them; whoever hears `settled` reads the text then."""

    settled = Signal()

    def __init__(self, make_alarm: AlarmMaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._idle = make_alarm(self, self.now)
        self._latest = make_alarm(self, self.now)

    @property
    def is_waiting(self) -> bool:
        """Whether there is something typed that nobody has been told of."""
        return self._idle.is_set()

    def touch(self) -> None:
        """Something was typed."""
        self._idle.start(IDLE_MS)
        if not self._latest.is_set():
            self._latest.start(LATEST_MS)

    def now(self) -> None:
        """Tell now, if there is anything to tell of."""
        waiting = self._idle.is_set() or self._latest.is_set()
        self.drop()
        if waiting:
            self.settled.emit()

    def drop(self) -> None:
        """Forget what waits: another text is being loaded."""
        self._idle.stop()
        self._latest.stop()
