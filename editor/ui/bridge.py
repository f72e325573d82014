"""The way onto the GUI thread: threads hand a call over here, Qt's event loop makes it.

One `Bridge` a program, made on the GUI thread by the composition root; `deliver` is given to the door and to the bus.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot


class Bridge(QObject):
    """Makes calls on the GUI thread, in the order in which each thread handed them over."""

    _posted = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._closed = threading.Event()
        self._posted.connect(self._make, Qt.ConnectionType.QueuedConnection)

    def deliver(self, call: Callable[[], None]) -> None:
        """Have `call` made soon on the GUI thread. Any thread; after `close`, or when Qt has gone, it is dropped."""
        if self._closed.is_set():
            return
        try:
            self._posted.emit(call)
        except RuntimeError:  # the C++ side went with the application while a thread still had an answer for it
            self._closed.set()

    def close(self) -> None:
        """From here on nothing is delivered, not even what is already under way."""
        self._closed.set()

    @Slot(object)
    def _make(self, call: Callable[[], None]) -> None:
        if not self._closed.is_set():
            call()
