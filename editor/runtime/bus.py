"""The third channel: after a commit everybody is told once what changed, and decides for himself whether he is stale."""

from __future__ import annotations

import threading
from collections.abc import Callable

from editor.domain.changes import ChangeSet

Listener = Callable[[ChangeSet, object], None]


class Bus:
    """Tells every listener of each commit, on the thread that `deliver` brings it to (the GUI thread in the window).

    A listener gets the change set and whoever initiated it, so that a view can skip what it did itself.
    """

    def __init__(self, deliver: Callable[[Callable[[], None]], None]) -> None:
        self._deliver = deliver
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; the returned call takes it off again."""
        with self._lock:
            self._listeners.append(listener)

        def leave() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)
        return leave

    def publish(self, changes: ChangeSet, initiator: object = None) -> None:
        """Tell everybody. Safe on any thread; an empty set is not told."""
        if not changes:
            return

        def tell() -> None:
            with self._lock:
                listeners = tuple(self._listeners)
            for listener in listeners:
                listener(changes, initiator)
        self._deliver(tell)
