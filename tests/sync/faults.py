"""A network that does its worst, between an engine and its server: lost requests and answers, copies, latecomers.

Everything that reaches the server reaches the real one; only the way there and back is bad.
"""

from __future__ import annotations

import contextlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import Enum, auto

from editor.base.wire import Document
from editor.sync.backend import (
    Caps,
    ChangePage,
    Digests,
    Listed,
    NoAnswer,
    Op,
    PublishingBackend,
    PushResult,
    RemoteDoc,
    ServerInfo,
)
from tests.sync.bridge import Bridge


class Fault(Enum):
    """What happens to one push."""

    NONE = auto()
    LOST_REQUEST = auto()  # the server never sees it
    LOST_ANSWER = auto()  # the server acts, the desk does not learn of it
    DUPLICATE = auto()  # the server gets it twice; the desk hears the second answer
    LATECOMER = auto()  # first an old request of this desk arrives once more, then this one
    PORTAL = auto()  # a hotel's page answers, with status 200
    KILL_BEFORE = auto()  # the workstation dies between sealing and sending
    KILL_AFTER = auto()  # the server acts, the workstation dies before it has written the answer down
    KILL_LATE = auto()  # ... and the answer is thrown away after the server told it twice


class Killed(Exception):
    """The workstation's process is gone; the test closes and opens the profile."""


class BadNetwork:
    """A `PublishingBackend` before the real one. `coming` holds the faults of the next pushes."""

    def __init__(self, inner: PublishingBackend, bridge: Bridge | None = None) -> None:
        self._inner = inner
        self._bridge = bridge
        self.cut = False
        self.speaks_for = ""  # whose log-in it bears, for whoever watches
        self.coming: deque[Fault] = deque()
        self.sent: list[Op] = []  # everything that ever arrived, for latecomers
        self.lost: list[Op] = []  # what left and has not arrived yet
        self.fetched: list[str] = []  # one by one
        self.counts: dict[Fault, int] = {}
        self.on_leaving: Callable[[Op], None] = lambda op: None  # hears of every request before it leaves
        self.on_arrival: Callable[[], None] = lambda: None  # hears when the server has acted on one

    @property
    def caps(self) -> Caps:
        """The real server's."""
        return self._inner.caps

    def hello(self) -> ServerInfo:
        """Ask the server, if it can be reached."""
        self._reach()
        return self._inner.hello()

    def push(self, op: Op) -> PushResult:
        """Send one request through whatever is coming."""
        self._reach()
        self.on_leaving(op)
        fault = self.coming.popleft() if self.coming else Fault.NONE
        self.counts[fault] = self.counts.get(fault, 0) + 1
        if fault is Fault.LOST_REQUEST:
            self.lost.append(op)
            raise NoAnswer("lost on its way", maybe_sent=True)
        if fault is Fault.KILL_BEFORE:
            raise Killed
        if fault is Fault.PORTAL:
            return self._portal(op)
        if fault is Fault.LATECOMER and self.sent:
            self._arrive(self.sent[(len(self.sent) * 7) // 13])
        self.sent.append(op)
        answer = self._arrive(op)
        if fault is Fault.LOST_ANSWER:
            raise NoAnswer("its answer was lost", maybe_sent=True)
        if fault in (Fault.DUPLICATE, Fault.KILL_LATE):
            answer = self._arrive(op)
        if fault in (Fault.KILL_AFTER, Fault.KILL_LATE):
            raise Killed
        return answer

    def deliver_old(self, number: int) -> None:
        """A copy of an old request arrives now, out of nowhere."""
        left = [*self.sent, *self.lost]
        if left:
            self._arrive(left[number % len(left)])

    def deliver_last(self, entity_id: str, *said: str) -> None:
        """A copy of the last request about that thing arrives that says one of these in its body."""
        found = [op for op in (*self.sent, *self.lost) if op.entity_id == entity_id and any(one.encode() in op.body for one in said)]
        if found:
            self._arrive(found[-1])

    def _arrive(self, op: Op) -> PushResult:
        try:
            return self._inner.push(op)
        finally:
            self.on_arrival()

    @contextlib.contextmanager
    def under(self, other: BadNetwork, name: str) -> Iterator[None]:
        """For a while it goes out under the log-in of the person of that name."""
        mine, whose, self._inner, self.speaks_for = self._inner, self.speaks_for, other._inner, name
        try:
            yield
        finally:
            self._inner, self.speaks_for = mine, whose

    def changes(self, stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        """The real page."""
        self._reach()
        return self._inner.changes(stream, cursor, limit=limit)

    def snapshot(self, stream: str, token: str | None, *, days: int = 0, limit: int = 200) -> ChangePage:
        """The real page."""
        self._reach()
        return self._inner.snapshot(stream, token, days=days, limit=limit)

    def digests(self, stream: str) -> Digests:
        """The real digests."""
        self._reach()
        return self._inner.digests(stream)

    def bucket(self, stream: str, numbers: Sequence[int]) -> Sequence[Listed]:
        """The real buckets."""
        self._reach()
        return self._inner.bucket(stream, numbers)

    def fetch(self, entity_id: str) -> RemoteDoc | None:
        """The real thing."""
        self._reach()
        self.fetched.append(entity_id)
        return self._inner.fetch(entity_id)

    def revision(self, entity_id: str, rev: str) -> Document:
        """The real revision."""
        self._reach()
        return self._inner.revision(entity_id, rev)

    def wait(self, timeout_s: float, seen: Mapping[str, str]) -> Mapping[str, str]:
        """The real heads."""
        self._reach()
        return self._inner.wait(timeout_s, seen)

    def close(self) -> None:
        """Let go."""
        self._inner.close()

    def _portal(self, op: Op) -> PushResult:
        if self._bridge is None:
            raise NoAnswer("not our server's answer (200)", maybe_sent=True)
        self._bridge.portal = True
        try:
            return self._inner.push(op)
        finally:
            self._bridge.portal = False

    def _reach(self) -> None:
        if self.cut:
            raise NoAnswer("no connection: cut", maybe_sent=False)
