"""What happens every so often by itself: one thread that waits, and calls that it makes."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Every:
    """Makes `call` every `seconds` until `stop`, the first time after one span. The call handles its own errors."""

    def __init__(self, seconds: float, call: Callable[[], None], name: str) -> None:
        self._seconds = seconds
        self._call = call
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; waits for a call under way."""
        self._stop.set()
        self._thread.join(timeout=30)

    def _run(self) -> None:
        while not self._stop.wait(self._seconds):
            self._call()
