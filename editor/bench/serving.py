"""How many pushes a second press takes in, beside what the same PostgreSQL does when nothing stands before it.

The floor is `pgbench`'s simple-update: one small transaction, sent by a C program. A push is a request over HTTP whose
transaction writes an entity, a revision, an audit row, the op and its answer, and the feed's number.
"""

from __future__ import annotations

import http.client
import json
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from editor.base.clock import SystemClock
from editor.base.errors import Bug
from editor.base.ids import new_id, new_key
from editor.base.messages import Message
from editor.base.wire import MEDIA_TYPE, digest
from editor.bench.measuring import Figure
from editor.press import service

GOAL = 0.5  # of pgbench's rate (performance.md 10)
BODY = "Een zin van een artikel dat bij elkaar twee kilobyte lang is. " * 32
MOST = 1_000  # pushes a second that one could send: more are not prepared


def pushes(database_url: str, floor: Callable[[], float], *, writers: int, seconds: float, workers: int = 1) -> Figure:
    """The rate of `writers` desks that push new articles of 2 kB without pause into an empty PostgreSQL database.

    `floor` measures transactions a second of simple-update with as many clients; it is asked before and after.
    """
    service.create_newsroom(database_url, name="bench")
    tokens = [service.add_user(database_url, name=f"Desk {n}", roles=["journalist"]).token for n in range(writers)]
    bodies = [[_push(n) for n in range(max(1, int(seconds * MOST / writers)))] for _ in tokens]
    before = floor()
    with serving(database_url, workers) as address:
        rate, done = _rate(address, tokens, bodies, seconds)
    return Figure(f"pushes of {writers} writers, {workers} process{'es' if workers > 1 else ''}", rate,
                  (before + floor()) / 2, "/s", GOAL, done, best_low=False)


def transactions(told: str) -> float:
    """The rate in what pgbench told. Raises `Bug` when there is none."""
    found = re.search(r"^tps = ([0-9.]+)", told, re.MULTILINE)
    if found is None:
        raise Bug("probe_failed", Message("bench", "The measurement {name} failed: {why}",
                                          {"name": "pgbench", "why": told[-2000:]}))
    return float(found[1])


def _push(number: int) -> bytes:
    op = {"op_id": new_key(), "entity_id": new_id(), "kind": "article", "verb": "upsert", "base_rev": None,
          "schema_v": 1, "patch": {"headline": f"Kop {number}", "body": BODY}, "cmd": None}
    return json.dumps({"ops": [{**op, "body_hash": digest(op)}]}).encode()


@contextmanager
def serving(database_url: str, workers: int) -> Iterator[str]:
    """A press that serves in a process of its own, at this address."""
    words = ["press", "serve", "--database-url", database_url, "--port", "0", "--workers", str(workers), "--with-parent"]
    started = subprocess.Popen([sys.executable, "-m", "editor", *words], stdin=subprocess.PIPE,  # noqa: S603
                               stdout=subprocess.PIPE, text=True)
    try:
        assert started.stdout is not None  # asked for
        yield started.stdout.readline().strip()
    finally:
        started.communicate()  # ends its standard input, and so it


def _rate(address: str, tokens: Sequence[str], bodies: Sequence[Sequence[bytes]], seconds: float) -> tuple[float, int]:
    clock, done = SystemClock(), [0] * len(tokens)
    begun = clock.monotonic()

    def write(number: int) -> None:
        place = urlsplit(address)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        headers = {"Authorization": f"Bearer {tokens[number]}", "X-Replica-Id": f"bench-{number}",
                   "Content-Type": MEDIA_TYPE}
        for body in bodies[number]:
            if clock.monotonic() - begun > seconds:
                break
            connection.request("POST", "/v1/sync/push", body, headers)
            if b'"status":"applied"' not in connection.getresponse().read():
                break
            done[number] += 1
        connection.close()

    threads = [threading.Thread(target=write, args=(number,), name="bench-writer") for number in range(len(tokens))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (clock.monotonic() - begun), sum(done)
