"""The connection doctor: the way to the server step by step, each step one sentence and what to do about it.

One operation for the Sync desk and `redactie doctor`. It changes nothing, here or there. The examination runs on the
thread that iterates it; `Examination` gives it one of its own that can be stopped.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from editor.base.clock import Clock
from editor.base.messages import Message
from editor.runtime import doctor_words as words
from editor.sync.backend import (
    AdapterError,
    AuthNeeded,
    CursorExpired,
    EpochChanged,
    Malformed,
    NoAnswer,
    PublishingBackend,
    ServerInfo,
    SlowDown,
    UpgradeNeeded,
)

SKEW_S = 30.0  # a difference of clocks that is worth a word


class Check(StrEnum):
    """The steps, in their order."""

    NAME = "name"
    CONNECT = "connect"
    TLS = "tls"
    HELLO = "hello"
    CLOCK = "clock"
    TOKEN = "token"  # noqa: S105 - the name of a step
    RIGHTS = "rights"
    FEED = "feed"


class Verdict(StrEnum):
    """What a step came to. `SKIPPED` needs an earlier step, or is not needed."""

    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    SKIPPED = "skipped"


class Way(StrEnum):
    """How a server is reached: on this machine, encrypted, in the open, or through a proxy."""

    HERE = "here"
    STRAIGHT = "straight"
    OPEN = "open"
    PROXY = "proxy"


class Blocked(Exception):
    """A step that failed; its code is a key of `doctor_words.BLOCKED`."""


class Road(Protocol):
    """The way to the server below its protocol."""

    @property
    def way(self) -> Way: ...
    @property
    def host(self) -> str: ...
    @property
    def is_number(self) -> bool: ...
    def resolve(self) -> None: ...
    def connect(self) -> None: ...
    def secure(self) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Finding:
    """One step: what was seen, and what to do about it where something is to be done."""

    check: Check
    verdict: Verdict
    seen: Message
    todo: Message | None = None


@dataclass(frozen=True, slots=True)
class Patient:
    """Whose connection is examined: the server bound to, the person it is bound as, and ways to reach it."""

    newsroom_id: str
    person_id: str
    has_token: bool
    cursor: str | None  # how far the content feed was read
    road: Callable[[], Road]
    backend: Callable[[], PublishingBackend]


def examine(patient: Patient, clock: Clock, *, opened: Callable[[Callable[[], None]], None] | None = None) -> Iterator[Finding]:
    """The findings, one after the other; blocks for each. `opened` is told how to cut off what was opened."""
    tell = opened or (lambda _: None)
    road = patient.road()
    tell(road.close)
    try:
        is_open = yield from _walk(road)
    finally:
        road.close()
    if not is_open:
        yield from _skipped(Check.HELLO, Check.CLOCK, Check.TOKEN, Check.RIGHTS, Check.FEED)
        return
    backend = patient.backend()
    tell(backend.close)
    try:
        yield from _ask(backend, patient, clock)
    finally:
        backend.close()


def _walk(road: Road) -> Generator[Finding, None, bool]:
    """The steps below the protocol; returns whether the server can be asked."""
    host = {"host": road.host}
    steps = ((Check.NAME, road.resolve, words.NUMBER if road.is_number else words.NAME),
             (Check.CONNECT, road.connect, words.THROUGH if road.way is Way.PROXY else words.CONNECTED))
    for number, (check, act, good) in enumerate(steps):
        try:
            act()
        except Blocked as error:
            yield _blocked(check, str(error), host)
            yield from _skipped(*(one for one, _, _ in steps[number + 1:]), Check.TLS)
            return False
        yield Finding(check, Verdict.GOOD, Message(good.context, good.source, host))
    if road.way is Way.OPEN:
        yield Finding(Check.TLS, Verdict.WARN, words.IN_THE_OPEN, words.USE_HTTPS)
    elif road.way is not Way.STRAIGHT:
        yield Finding(Check.TLS, Verdict.SKIPPED, words.NO_TLS_HERE if road.way is Way.HERE else words.TLS_BEHIND_PROXY)
    else:
        try:
            road.secure()
        except Blocked as error:
            yield _blocked(Check.TLS, str(error), host)
            return False
        yield Finding(Check.TLS, Verdict.GOOD, words.SECURE)
    return True


def _ask(backend: PublishingBackend, patient: Patient, clock: Clock) -> Iterator[Finding]:
    began = clock.now()
    try:
        info = backend.hello()
    except AuthNeeded:
        yield Finding(Check.HELLO, Verdict.GOOD, words.ANSWERS)
        yield from _skipped(Check.CLOCK)
        seen = words.TOKEN_REFUSED if patient.has_token else words.NO_TOKEN
        yield Finding(Check.TOKEN, Verdict.BAD, seen, words.ASK_TOKEN)
        yield from _skipped(Check.RIGHTS, Check.FEED)
        return
    except AdapterError as error:
        seen, todo = _no_hello(error)
        yield Finding(Check.HELLO, Verdict.BAD, seen, todo)
        yield from _skipped(Check.CLOCK, Check.TOKEN, Check.RIGHTS, Check.FEED)
        return
    yield Finding(Check.HELLO, Verdict.GOOD, words.ANSWERS)
    yield _clock(info, (info.server_time - (began + (clock.now() - began) / 2)).total_seconds())
    yield _token(info, patient)
    yield _rights(info)
    yield _feed(backend, patient)


def _clock(info: ServerInfo, skew_s: float) -> Finding:
    seconds = {"seconds": round(abs(skew_s))}
    if abs(skew_s) <= SKEW_S:
        return Finding(Check.CLOCK, Verdict.GOOD, words.CLOCKS_AGREE)
    found = words.CLOCK_BEHIND if skew_s > 0 else words.CLOCK_AHEAD
    return Finding(Check.CLOCK, Verdict.WARN, Message(found.context, found.source, seconds), words.SET_CLOCK)


def _token(info: ServerInfo, patient: Patient) -> Finding:
    if info.newsroom_id != patient.newsroom_id:
        return Finding(Check.TOKEN, Verdict.BAD, words.OTHER_NEWSROOM, words.OWN_PROFILE)
    if info.user_id != patient.person_id:
        return Finding(Check.TOKEN, Verdict.BAD, words.OTHER_PERSON, words.OWN_PROFILE)
    return Finding(Check.TOKEN, Verdict.GOOD, Message(words.TOKEN_GOOD.context, words.TOKEN_GOOD.source, {"person": info.user_name}))


def _rights(info: ServerInfo) -> Finding:
    if not info.rights:
        return Finding(Check.RIGHTS, Verdict.BAD, words.NO_RIGHTS, words.ASK_ROLE)
    named = [said for one, said in words.RIGHTS.items() if one in info.rights]
    listed = named[0] if named else Message("doctor", "–")
    for one in named[1:]:
        listed = Message("doctor", "{first}, {more}", {"first": listed, "more": one})
    return Finding(Check.RIGHTS, Verdict.GOOD, Message("doctor", "You may: {rights}.", {"rights": listed}))


def _feed(backend: PublishingBackend, patient: Patient) -> Finding:
    try:
        backend.changes("content", patient.cursor, limit=1)
    except (CursorExpired, EpochChanged):
        return Finding(Check.FEED, Verdict.WARN, words.READ_ANEW, words.READ_ANEW_WAIT)
    except Malformed:
        return Finding(Check.FEED, Verdict.BAD, words.FEED_REFUSED, words.ASK_ROLE)
    except AdapterError as error:
        seen, todo = _no_hello(error)
        return Finding(Check.FEED, Verdict.BAD, seen, todo)
    return Finding(Check.FEED, Verdict.GOOD, words.FEED_OPEN)


def _no_hello(error: AdapterError) -> tuple[Message, Message]:
    if isinstance(error, UpgradeNeeded):
        return words.TOO_OLD, words.GET_NEWER
    if isinstance(error, SlowDown):
        return words.BUSY, words.WAIT
    if isinstance(error, NoAnswer) and (error.status or str(error).startswith("server error")):
        return words.STUMBLES, words.TELL_ADMIN
    if isinstance(error, NoAnswer) and str(error).startswith("not our server"):
        return words.NOT_OURS, words.CHECK_ADDRESS
    if isinstance(error, NoAnswer):
        return words.BROKE_OFF, words.TRY_NETWORK
    return words.REFUSED, words.TELL_ADMIN


def _blocked(check: Check, code: str, params: Mapping[str, object]) -> Finding:
    seen, todo = words.BLOCKED.get(code, words.BLOCKED["unreachable"])
    return Finding(check, Verdict.BAD, Message(seen.context, seen.source, params), todo)


def _skipped(*checks: Check) -> Iterator[Finding]:
    for check in checks:
        yield Finding(check, Verdict.SKIPPED, words.NOT_REACHED)


class Examination:
    """One examination on a thread of its own. `told` and `ended` are called there; after `stop` neither is."""

    def __init__(self, patient: Callable[[], Patient | None], clock: Clock, told: Callable[[Finding], None],
                 ended: Callable[[], None]) -> None:
        """`patient` is asked on that thread: a keyring may take its time. Without one it ends at once."""
        self._patient, self._clock = patient, clock
        self._told, self._ended = told, ended
        self._stopped = threading.Event()
        self._cut: Callable[[], None] = lambda: None
        # Daemon: looking a name up cannot be cut off, and must not hold up the end of the program.
        self._thread = threading.Thread(target=self._run, name="doctor", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End it: what is under way is cut off, nothing more is told."""
        self._stopped.set()
        self._cut()

    def join(self, seconds: float) -> None:
        """Wait until its thread has ended."""
        self._thread.join(seconds)

    @property
    def is_running(self) -> bool:
        """Whether its thread still works."""
        return self._thread.is_alive()

    def _run(self) -> None:
        patient = self._patient()
        for finding in examine(patient, self._clock, opened=self._hold) if patient is not None else ():
            if self._stopped.is_set():
                return
            self._told(finding)
        if not self._stopped.is_set():
            self._ended()

    def _hold(self, cut: Callable[[], None]) -> None:
        self._cut = cut
        if self._stopped.is_set():
            cut()
