"""Who waits for a head to move. A waiting request holds neither a thread nor a connection.

Commits call `moved` from worker threads; waiting happens on the server's event loop. What another process commits is
`heard` by a hint where there are any, and else found by looking at the heads every `HEAL_S` seconds, once for
everybody who waits.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Awaitable, Callable, Mapping

HEAL_S = 20.0


class Hub:
    """The highest head of each stream, and the futures to wake when one rises."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._heads: dict[str, int] = {}
        self._waiting: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._closed = False
        self._healing: asyncio.Task[None] | None = None
        self._tell: Callable[[str, int], None] | None = None

    def pass_on(self, tell: Callable[[str, int], None] | None) -> None:
        """Whom to tell of this process's own commits, so that others hear of them; nobody with None. Any thread."""
        self._tell = tell

    def moved(self, stream: str, head: int) -> None:
        """A commit of this process took number `head`. Any thread."""
        tell = self._tell
        if self.heard(stream, head) and tell is not None:
            tell(stream, head)

    def heard(self, stream: str, head: int) -> bool:
        """The head is at least that; whether this was news. Any thread."""
        with self._guard:
            if head <= self._heads.get(stream, 0):
                return False
            self._heads[stream] = head
            self._wake()
            return True

    def close(self) -> None:
        """End every waiting at once, and all later ones: the server stops. Any thread."""
        with self._guard:
            self._closed = True
            self._wake()

    def heads(self) -> dict[str, int]:
        """The heads as they are known here."""
        with self._guard:
            return dict(self._heads)

    @property
    def waiting(self) -> int:
        """How many wait now."""
        with self._guard:
            return len(self._waiting)

    async def wait(self, seen: Mapping[str, int], seconds: float,
                   look: Callable[[], Awaitable[Mapping[str, int]]]) -> None:
        """Return when a stream of `seen` is past it, or when time is up. `look` reads the heads from the database."""
        loop, event = asyncio.get_running_loop(), asyncio.Event()
        with self._guard:
            self._waiting.add((loop, event))
        try:
            end = loop.time() + seconds
            while not self._past(seen) and loop.time() < end:
                event.clear()
                if self._past(seen):
                    return
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(event.wait(), max(0.0, min(HEAL_S, end - loop.time())))
                if not event.is_set() and loop.time() < end:
                    await self._heal(look)
        finally:
            with self._guard:
                self._waiting.discard((loop, event))

    async def _heal(self, look: Callable[[], Awaitable[Mapping[str, int]]]) -> None:
        if self._healing is None or self._healing.done():
            async def heal() -> None:
                for stream, head in (await look()).items():
                    self.heard(stream, head)
            self._healing = asyncio.create_task(heal())
        with contextlib.suppress(Exception):  # a database that does not answer is asked again in a while
            await asyncio.shield(self._healing)

    def _past(self, seen: Mapping[str, int]) -> bool:
        with self._guard:
            return self._closed or any(self._heads.get(stream, 0) > head for stream, head in seen.items())

    def _wake(self) -> None:
        for loop, event in self._waiting:
            with contextlib.suppress(RuntimeError):  # that loop is closing
                loop.call_soon_threadsafe(event.set)
