"""The way onto the GUI thread: threads hand a call over here, Qt's event loop makes it, one in each turn.

Several answers that came at once would stand in one turn, and the window still for all of them together.
One `Bridge` a program, made on the GUI thread by the composition root; `deliver` is given to the door and to the bus.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot


class Bridge(QObject):
    """Makes calls on the GUI thread, in the order in which each thread handed them over."""

    _posted = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = threading.Event()
        self._calls: deque[Callable[[], None]] = deque()
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._make)
        self._posted.connect(self._on_posted, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Have `call` made soon on the GUI thread. Any thread; after `close`, or when Qt has gone, it is dropped."""
        if self._closed.is_set():
            return
        self._calls.append(call)
        try:
            self._posted.emit()
        except RuntimeError:  # the C++ side went with the application while a thread still had an answer for it
            self._closed.set()

    def close(self) -> None:
        """From here on nothing is delivered, not even what is already under way."""
        self._closed.set()

    @Slot()
    def _on_posted(self) -> None:
        if not self._turn.isActive():
            self._turn.start(0)

    def _make(self) -> None:
        if self._closed.is_set() or not self._calls:
            return
        call = self._calls.popleft()
        if self._calls:
            self._turn.start(0)
        call()
