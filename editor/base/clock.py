"""The only door to the machine's clocks. Everything else is given a `Clock`.

Instants are aware datetimes in UTC, cut to milliseconds. No decision compares this clock with a server's time.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the program knows of time. Safe to call on any thread."""

    def now(self) -> datetime:
        """The present instant, UTC, whole milliseconds."""
        ...

    def monotonic(self) -> float:
        """Seconds that never run back; for time-outs and back-off only."""
        ...


def whole_ms(instant: datetime) -> datetime:
    """`instant` in UTC without the part below a millisecond."""
    instant = instant.astimezone(UTC)
    return instant.replace(microsecond=instant.microsecond // 1000 * 1000)


class SystemClock:
    """The machine's clock; `offset` is the sample newsroom's own (a sample stands at its page's hour)."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self.offset = offset

    def now(self) -> datetime:
        """The machine's time, moved by the offset."""
        return whole_ms(datetime.now(UTC) + self.offset)

    def monotonic(self) -> float:
        """The machine's own steady clock."""
        return time.monotonic()


class FixedClock:
    """A clock that moves only when told to: tests and the simulator."""

    def __init__(self, start: datetime) -> None:
        self._now = whole_ms(start)
        self._monotonic = 0.0

    def now(self) -> datetime:
        """Where the clock stands."""
        return self._now

    def monotonic(self) -> float:
        """Seconds that were let pass."""
        return self._monotonic

    def advance(self, step: timedelta) -> None:
        """Let `step` pass on both clocks."""
        self._now = whole_ms(self._now + step)
        self._monotonic += step.total_seconds()

    def set_wall(self, step: timedelta) -> None:
        """Somebody sets the wall clock `step` ahead or back; no time passes."""
        self._now = whole_ms(self._now + step)
