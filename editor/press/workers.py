"""Several server processes on one database: they accept from one socket and share nothing else (sync D.2).

The process that was started makes the socket, starts the workers and starts a new one for each that dies; it answers
nobody itself. Workers end with it, however it goes.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from editor.base.clock import Clock
from editor.base.errors import Bug, EditorError
from editor.base.messages import Message
from editor.press.server import PressServer, url_of

log = logging.getLogger(__name__)
FIRST_S = 60.0  # for all workers to answer at the start
AGAIN_S, LONGEST_S = 0.5, 30.0  # before a worker that died is started anew, twice as long each time it fails again
END_S = 15.0  # for a worker that was told to stop

MakeServer = Callable[..., PressServer]


@dataclass(slots=True)
class _Worker:
    process: BaseProcess
    pipe: Connection
    answers: bool = False


class Workers:
    """`count` processes that run `make(bound=…, on_ready=…, **options)`. Both must be picklable."""

    def __init__(self, make: MakeServer, count: int, bound: socket.socket, options: dict[str, Any], clock: Clock) -> None:
        self._make, self._count, self._bound, self._options, self._clock = make, count, bound, options, clock
        self._workers: list[_Worker] = []
        self._ready = False
        self._failures = 0
        self._due: float | None = None  # when the missing ones are started, by the steady clock

    def run(self, on_ready: Callable[[str], None]) -> None:
        """Serve until SIGTERM or SIGINT. Raises `Bug` when the workers do not come up. Main thread only."""
        with _signalled() as told:
            self._due = self._clock.monotonic()
            first_until = self._due + FIRST_S
            try:
                while told not in self._wait(told):
                    self._look(on_ready)
                    if not self._ready and (self._failures or self._clock.monotonic() > first_until):
                        raise Bug("workers", Message("press", "The server's processes did not start."))
            finally:
                self._end()

    def _wait(self, told: socket.socket) -> list[Any]:
        if self._due is not None and self._due <= self._clock.monotonic():
            self._due = None
            while len(self._workers) < self._count:
                self._workers.append(self._start())
        watched: list[Any] = [told, *(worker.process.sentinel for worker in self._workers),
                              *(worker.pipe for worker in self._workers if not worker.answers)]
        until = self._due if self._due is not None else None if self._ready else self._clock.monotonic() + 1
        return connection.wait(watched, None if until is None else max(0.0, until - self._clock.monotonic()))

    def _look(self, on_ready: Callable[[str], None]) -> None:
        for worker in list(self._workers):
            if not worker.answers and worker.process.is_alive() and worker.pipe.poll():
                with contextlib.suppress(EOFError):
                    worker.pipe.recv()
                    worker.answers, self._failures = True, 0
            if not worker.process.is_alive():
                self._lost(worker)
        if not self._ready and len(self._workers) == self._count and all(worker.answers for worker in self._workers):
            self._ready = True
            on_ready(url_of(self._bound))

    def _lost(self, worker: _Worker) -> None:
        log.info("a server process ended with %s", worker.process.exitcode)
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.close()
        if not worker.answers:
            self._failures += 1
        wait = min(LONGEST_S, AGAIN_S * 2**self._failures) if self._failures else 0.0
        self._due = self._clock.monotonic() + wait

    def _start(self) -> _Worker:
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=work, name="press-worker", args=(self._make, self._bound, theirs, self._options), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    def _end(self) -> None:
        for worker in self._workers:
            worker.process.terminate()
        for worker in self._workers:
            worker.process.join(END_S)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()
            worker.pipe.close()
            worker.process.close()
        self._workers.clear()


def work(make: MakeServer, bound: socket.socket, pipe: Connection, options: dict[str, Any]) -> None:
    """One worker, in its own process: serve until told to stop, or until whoever started us has gone."""
    try:
        server = make(bound=bound, on_ready=lambda _: pipe.send("ready"), **options)
    except EditorError:
        sys.exit(1)
    threading.Thread(target=_with_parent, args=(server,), name="parent", daemon=True).start()
    server.run()


def _with_parent(server: PressServer) -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        server.stop()


@contextlib.contextmanager
def _signalled() -> Iterator[socket.socket]:
    """A socket that becomes readable at SIGTERM or SIGINT, whichever thread the signal reaches."""
    told, bell = socket.socketpair()
    bell.settimeout(0.0)
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGINT, signal.SIGTERM)}
    fd = signal.set_wakeup_fd(bell.fileno(), warn_on_full_buffer=False)
    try:
        yield told
    finally:
        signal.set_wakeup_fd(fd)
        for number, handler in before.items():
            signal.signal(number, handler)
        told.close()
        bell.close()
