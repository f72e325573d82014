"""Hints between the processes of one PostgreSQL database: a head moved (sync D.2).

A thread of its own with one connection beside the pool, from `start` to `close`. It tells of this process's commits
after they are done and coalesced (NOTIFY inside them would make all commits wait for each other), and hears of the
others'. A hint that is lost costs nobody anything but time: whoever waits looks at the heads every `hub.HEAL_S`
seconds.
"""

from __future__ import annotations

import contextlib
import logging
import selectors
import socket
import threading
from typing import TYPE_CHECKING

from editor.base.clock import SystemClock
from editor.press.database import Database
from editor.press.hub import Hub

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)
CHANNEL = "redactie_feed"
AGAIN_S = 2.0  # after a connection that broke
QUIET_S = 0.05  # after a hint: what moves meanwhile is told in one


class Notices:
    """Carries moved heads from this process's hub to the others' and back."""

    def __init__(self, database: Database, hub: Hub, newsroom_id: str) -> None:
        self._database, self._hub, self._newsroom_id = database, hub, newsroom_id
        self._guard = threading.Lock()
        self._moved: dict[str, int] = {}
        self._bell, self._ear = socket.socketpair()
        self._bell.settimeout(0.0)
        self._closing = False
        self._ended = threading.Event()
        self._clock = SystemClock()
        self._listens = threading.Event()
        self._thread = threading.Thread(target=self._run, name="press-notices", daemon=True)

    def start(self, *, patience_s: float = 5.0) -> None:
        """Begin; returns when it listens, or after `patience_s` without it: the poll does its work until then."""
        self._hub.pass_on(self._tell)
        self._thread.start()
        self._listens.wait(patience_s)

    def close(self) -> None:
        """End the thread and its connection. Any thread; safe to call twice."""
        self._hub.pass_on(None)
        self._closing = True
        self._ended.set()
        self._ring()
        if self._thread.is_alive():
            self._thread.join()
        self._bell.close()
        self._ear.close()

    def _tell(self, stream: str, head: int) -> None:
        with self._guard:
            self._moved[stream] = max(head, self._moved.get(stream, 0))
        self._ring()

    def _ring(self) -> None:
        with contextlib.suppress(OSError):  # full: it has been rung often enough; closed: nobody listens any more
            self._bell.send(b"!")

    def _run(self) -> None:
        import psycopg

        while not self._closing:
            try:
                with self._database.listening() as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    connection.execute("SET synchronous_commit = off")  # a hint need not survive anything
                    self._listens.set()
                    self._carry(connection)
            except psycopg.Error as error:
                log.info("no hints from the other processes for now: %s", type(error).__name__)
                self._pause()
            except Exception:  # the thread goes on: without it news would come late for as long as the process lives
                log.exception("no hints from the other processes for now")
                self._pause()

    def _pause(self) -> None:
        """Wait a while, or until `close`."""
        if not self._closing:
            self._ended.wait(AGAIN_S)

    def _carry(self, connection: psycopg.Connection) -> None:
        with selectors.DefaultSelector() as others, selectors.DefaultSelector() as anybody:  # select() ends at file 1023
            others.register(connection, selectors.EVENT_READ)
            anybody.register(connection, selectors.EVENT_READ)
            anybody.register(self._ear, selectors.EVENT_READ)
            quiet_until = self._clock.monotonic()
            while not self._closing:
                left = quiet_until - self._clock.monotonic()
                ready = others.select(left) if left > 0 else anybody.select()
                if any(key.fileobj is self._ear for key, _ in ready):
                    self._ear.recv(4096)
                    self._send(connection)
                    quiet_until = self._clock.monotonic() + QUIET_S
                for notice in connection.notifies(timeout=0):
                    if notice.pid != connection.info.backend_pid:
                        self._hear(notice.payload)

    def _send(self, connection: psycopg.Connection) -> None:
        with self._guard:
            moved, self._moved = self._moved, {}
        for stream, head in moved.items():
            connection.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{self._newsroom_id} {stream} {head}"))

    def _hear(self, payload: str) -> None:
        newsroom_id, _, rest = payload.partition(" ")
        stream, _, head = rest.partition(" ")
        if newsroom_id == self._newsroom_id and head.isdecimal():
            self._hub.heard(stream, int(head))
