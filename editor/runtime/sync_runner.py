"""Sync's two threads: net-sync sends and fetches, one request at a time; net-notice waits for news and only wakes it.

The runner holds no state that a crash could lose: everything durable is in the database, one transaction a step.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from editor.base.clock import Clock
from editor.base.errors import EditorError
from editor.base.messages import Message
from editor.base.wire import BadWire
from editor.desk import answers, connecting, pushing
from editor.desk.connecting import STREAMS
from editor.desk.ports import OutboxRow, UnitOfWork
from editor.desk.read_models import Counts
from editor.domain.changes import Outcome
from editor.domain.people import Right
from editor.runtime.fetching import Fetcher, Progress
from editor.runtime.workers import Door
from editor.sync.backend import (
    AdapterError,
    AuthNeeded,
    Caps,
    EpochChanged,
    Malformed,
    NoAnswer,
    PublishingBackend,
    ServerInfo,
    SlowDown,
    UpgradeNeeded,
)
from editor.sync.machine import Event, retry_delay

MAX_ROUNDS = 12
POLL_S = 30.0
TICK_S = 1.0
NOTICE_S = 25.0
GREET_S = 300.0  # rights change while a window stands open
SILENCES = 2  # requests without an answer, one after the other, that make a network dead
STUMBLES = 5  # requests over which the server stumbles, one after the other, that make it the server's fault
MOST_HISTORIES = 3
JUMP_S = 60.0  # between the wall clock and the one that only runs forward


@dataclass(frozen=True, slots=True)
class SyncFacts:
    """What the status bar says. `state`: unconnected, ok, offline, needs_login, upgrade, attention, busy."""

    state: str = "unconnected"
    pushed: int = 0
    pulled: int = 0
    last_ok: datetime | None = None  # to the minute: a window at rest is not told each second
    next_try: datetime | None = None
    skew_s: float = 0.0  # the server's clock minus ours, shown over 30 s
    why: str = ""  # for the log and for tests of the machine
    said: Message | None = None  # what a person is told of `attention`
    rows_done: int = 0  # of the first reading
    rows_total: int = 0  # 0 when none is under way
    is_paused: bool = False  # somebody stopped the first reading; `wake(force=True)` goes on


@dataclass(frozen=True, slots=True)
class Report:
    """What one `sync --once` did."""

    state: str
    pushed: int
    pulled: int
    conflicts: int
    pending: int
    parked: int


class SyncRunner:
    """Keeps one profile and its server equal. `told` is called whenever the facts change, on net-sync or on
    the thread of a person's own act."""

    def __init__(self, door: Door, backend: PublishingBackend, clock: Clock, *,
                 told: Callable[[SyncFacts], None] | None = None, chance: Callable[[], float] = random.random,
                 on_bug: Callable[[BaseException], None] | None = None) -> None:
        self._door = door
        self._backend = backend
        self._clock = clock
        self._told = told or (lambda facts: None)
        self._chance = chance
        self._on_bug = on_bug or (lambda error: None)
        self._facts = SyncFacts(state="offline")
        self._wake = threading.Event()
        self._news = threading.Event()
        self._stop = threading.Event()
        self._force = False
        self._greeted = False
        self._greet_again = 0.0  # monotonic seconds
        self._asked_to_wait = 0.0  # until then, by the server: no *send now* ends that
        self._failures = 0
        self._not_before = 0.0  # monotonic seconds
        self._next_poll = 0.0
        self._paused = threading.Event()
        self._histories = 0  # one after the other, without a round that went well
        self._epoch = ""
        self._fetcher = Fetcher(
            door, backend, self, goes_on=lambda: not self._stop.is_set(), reads_on=self._reads_on,
            between=self._work_meanwhile, told=self._tell_progress)
        self._heads = self._fetcher.heads
        self._wall_ahead: float | None = None  # of the monotonic clock, seconds
        self._threads: list[threading.Thread] = []

    @property
    def facts(self) -> SyncFacts:
        """How sync stands. Any thread."""
        return self._facts

    def start(self) -> None:
        """Start both threads."""
        for name, work in (("net-sync", self._run), ("net-notice", self._listen)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def wake(self, *, force: bool = False) -> None:
        """Something is to be sent; `force` is the person's *send now* or a network that came back. Any thread."""
        if force and self._paused.is_set():
            self._paused.clear()
            self._tell(replace(self._facts, state="busy"))
        if force:
            self._force = True
            self._failures = 0
            self._not_before = self._asked_to_wait
        self._wake.set()

    def pause_reading(self) -> None:
        """Stop a first reading after its present page; *send now* goes on where it was. Any thread."""
        if self._facts.rows_total:
            self._paused.set()
            self._tell(self._facts)

    def stop(self) -> None:
        """End both threads; a request under way is cut off and its outcome stays unknown, which is safe."""
        self._stop.set()
        self._wake.set()
        self._backend.close()
        for thread in self._threads:
            thread.join(timeout=10)
        self._threads.clear()

    def once(self) -> Report:
        """Rounds of push and pull until nothing moves, at most 12; ends every grace. On the caller's thread."""
        pushed = pulled = 0
        self._force = True
        for _ in range(MAX_ROUNDS):
            greeted = self._greeted
            sent, got = self._round(force=True)
            pushed, pulled = pushed + sent, pulled + got
            if greeted and not self._greeted and self._facts.state in ("ok", "attention"):
                continue  # another history: it is greeted and read from its start
            if self._facts.state not in ("ok", "attention") or (sent == 0 and got == 0):
                break
        counts = self._door.read_now(lambda reader: reader.counts())
        return self._report(pushed, pulled, counts)

    def _report(self, pushed: int, pulled: int, counts: Counts) -> Report:
        state = self._facts.state
        if state == "ok" and (counts.conflicts or counts.parked):
            state = "attention"
        return Report(state, pushed, pulled, counts.conflicts, counts.unsent, counts.parked)

    # ------------------------------------------------------------------------------------------------- the two loops
    def _run(self) -> None:
        self._door.bus.subscribe(lambda changes, initiator: self._wake.set() if initiator is not self else None)
        while not self._stop.is_set():
            now = self._clock.monotonic()
            if now >= self._not_before:
                force, self._force = self._force, False
                self._round_whatever_comes(force=force)
            self._wake.wait(TICK_S)
            self._wake.clear()

    def _listen(self) -> None:
        broken = 0
        while not self._stop.is_set():
            if self._facts.state != "ok" or not self._backend.caps & Caps.PUSH_NOTICE:
                self._stop.wait(TICK_S)
                continue
            try:
                heads = dict(self._backend.wait(NOTICE_S, dict(self._heads)))
            except Exception as error:
                if not isinstance(error, AdapterError):
                    self._on_bug(error)  # and on: without this thread news would come half a minute late for the day
                # Who waited is the first to notice that the server is gone. Whether it is, fetching shows at once: a
                # proxy that merely cuts long waits must not turn the status.
                self._news.set()
                self._wake.set()
                self._stop.wait(min(TICK_S * 2 ** min(broken, 5), POLL_S))
                broken += 1
                continue
            broken = 0
            if heads != self._heads:
                self._heads.update(heads)
                self._news.set()
                self._wake.set()

    # ---------------------------------------------------------------------------------------------------- one round
    def _round_whatever_comes(self, *, force: bool) -> None:
        """A fault of ours must not end the engine for the day: what it sent stays sealed, and is sent again later."""
        try:
            self._round(force=force)
        except Exception as error:
            self._on_bug(error)
            self._back_off("attention", POLL_S, type(error).__name__, said=Message(
                "sync", "Sending and fetching stumbled over a fault of ours; it is tried again."))

    def _round(self, *, force: bool) -> tuple[int, int]:
        """Greet, push every ready lane once, pull what is new. Returns how much was sent and how much was new."""
        pushed = pulled = 0
        try:
            self._rearm()
            self._greet()
            pushed = self._push(force=force)
            pulled = self._pull(force=force or pushed > 0)
            self._failures = self._histories = 0
            self._tell(replace(self._facts, state="ok", pushed=self._facts.pushed + pushed, why="", said=None, next_try=None,
                               pulled=self._facts.pulled + pulled, last_ok=self._clock.now().replace(second=0, microsecond=0)))
        except AuthNeeded:
            self._stand_still("needs_login", "login")
        except UpgradeNeeded:
            self._stand_still("upgrade", "upgrade")
        except EpochChanged:
            self._begin_another_history()
        except SlowDown as error:
            self._asked_to_wait = self._clock.monotonic() + error.retry_after
            self._back_off("offline", error.retry_after, "slow down")
        except Malformed as error:
            self._greeted = False  # most likely other rights than we heard of
            self._failures += 1
            self._back_off("offline", retry_delay(self._failures, self._chance()), str(error))
        except (AdapterError, BadWire) as error:
            wait = error.retry_after if isinstance(error, NoAnswer) else None
            self._failures += 1
            self._back_off("offline", wait or retry_delay(self._failures, self._chance()), str(error))
        except EditorError as error:
            self._back_off("attention", POLL_S, str(error), said=error.message)
        return pushed, pulled

    def _begin_another_history(self) -> None:
        """It is greeted and compared at once; a server that has another one each time is left in peace for a while."""
        self._greeted = False
        self._histories += 1
        self._news.set()
        if self._histories > MOST_HISTORIES:
            self._back_off("offline", retry_delay(self._histories, self._chance()), "another history each time")

    def _rearm(self) -> None:
        """At the start, and when somebody set the clock: what waits by the wall clock does not wait for days."""
        ahead = self._clock.now().timestamp() - self._clock.monotonic()
        if self._wall_ahead is None or abs(ahead - self._wall_ahead) > JUMP_S:
            is_start = self._wall_ahead is None
            self._door.change_now(lambda work: pushing.rearm(work, is_start=is_start), initiator=self)
        self._wall_ahead = ahead

    def _greet(self) -> None:
        if self._greeted and self._clock.monotonic() < self._greet_again:
            return
        info = self._backend.hello()
        self._door.change_now(lambda work: connecting.heard(work, info, self._backend.caps), initiator=self)
        self._heard_time(info)
        self._epoch = info.epoch
        self._greeted = True
        self._greet_again = self._clock.monotonic() + GREET_S

    def _heard_time(self, info: ServerInfo) -> None:
        self._facts = replace(self._facts, skew_s=(info.server_time - self._clock.now()).total_seconds())

    def _push(self, *, force: bool) -> int:
        """Every ready lane once. A request without an answer stops neither the other lanes nor the pull, a network
        that is plainly dead does: raises `NoAnswer` when nothing could be reached."""
        sent = silent = stumbles = 0
        lanes = self._door.change_now(lambda work: pushing.ready_lanes(work, force=force), initiator=self)
        for lane in lanes:
            if self._stop.is_set() or silent == SILENCES or stumbles == STUMBLES:
                break
            row = self._door.change_now(partial(_seal, lane=lane, force=force), initiator=self)
            if row is None:
                continue
            try:
                sent += self._send(row.op_id)
                silent = stumbles = 0
            except NoAnswer as error:
                if not error.maybe_sent:
                    raise
                silent, stumbles = (silent, stumbles + 1) if error.status else (silent + 1, stumbles)
                self._news.set()  # fetching shows whether it is this request or the network
        return sent

    def _send(self, op_id: str) -> int:
        row = self._door.change_now(lambda work: pushing.sealed(work, op_id), initiator=self)
        if row is None:
            return 0
        started = self._clock.now()
        try:
            result = self._backend.push(pushing.as_op(row))
        except (NoAnswer, SlowDown) as error:
            after, why, chance = error.retry_after, str(error), self._chance()
            if isinstance(error, NoAnswer) and not error.maybe_sent:
                self._door.change_now(lambda work: pushing.note_not_sent(work, op_id, why, started_at=started),
                                      initiator=self)
                raise
            self._door.change_now(lambda work: pushing.note_no_answer(
                work, op_id, why, started_at=started, chance=chance, retry_after=after), initiator=self)
            raise
        except Malformed as error:
            self._put_aside(op_id, error, started)
            return 0
        if result.epoch not in ("", self._epoch):
            raise EpochChanged  # it goes again once the other history is known
        chance = self._chance()
        event = self._door.change_now(lambda work: answers.resolve(work, op_id, result, started_at=started,
                                                                   chance=chance), initiator=self)
        return 0 if event is Event.REJECTED else 1

    def _put_aside(self, op_id: str, error: Malformed, started: datetime) -> None:
        if error.status == 403:
            self._door.change_now(lambda work: pushing.note_forbidden(work, op_id, started_at=started), initiator=self)
            return
        self._door.change_now(lambda work: pushing.park(work, op_id, str(error)), initiator=self)
        if error.status == 409:
            self._on_bug(error)  # a key used twice is a fault of ours

    def _pull(self, *, force: bool) -> int:
        now = self._clock.monotonic()
        if not (force or self._news.is_set() or now >= self._next_poll):
            return 0
        self._news.clear()
        self._next_poll = now + POLL_S
        streams = self._streams()
        return self._fetcher.begin(streams) + sum(map(self._fetcher.fetch, streams))

    def _streams(self) -> list[str]:
        rights = self._door.read_now(lambda reader: reader.actor().rights)
        return [s for s in STREAMS if s == "content" or Right.MODERATE in rights]

    def _reads_on(self) -> bool:
        return not (self._stop.is_set() or self._paused.is_set())

    def _work_meanwhile(self) -> None:
        """Between two pages of a long reading: neither what was typed since nor what colleagues write in a stream that
        was read waits for its end."""
        if self._wake.is_set():
            self._wake.clear()
            force, self._force = self._force, False
            self._push(force=force)
        now = self._clock.monotonic()
        if now >= self._next_poll:
            self._next_poll = now + POLL_S
            self._fetcher.catch_up(self._streams())

    # ------------------------------------------------------------------------------------------------------- telling
    def _stand_still(self, state: str, why: str) -> None:
        self._door.change_now(lambda work: connecting.set_state(work, state), initiator=self)
        self._greeted = False
        self._back_off(state, POLL_S, why)

    def _back_off(self, state: str, seconds: float, why: str, *, said: Message | None = None) -> None:
        self._not_before = self._clock.monotonic() + seconds
        self._tell(replace(self._facts, state=state, why=why, said=said,
                           next_try=self._clock.now() + timedelta(seconds=seconds)))

    def _tell_progress(self, progress: Progress) -> None:
        if progress.is_over:
            self._paused.clear()
        state = "ok" if progress.is_over or self._paused.is_set() else "busy"
        self._tell(replace(self._facts, state=state, rows_done=progress.done, rows_total=progress.total))

    def _tell(self, facts: SyncFacts) -> None:
        before, self._facts = self._facts, replace(facts, is_paused=self._paused.is_set() and facts.rows_total > 0)
        if self._facts != before:
            self._told(self._facts)


def _seal(work: UnitOfWork, *, lane: pushing.Lane, force: bool) -> Outcome[OutboxRow | None]:
    return pushing.seal_next(work, lane, force=force)
