"""Whether this process lives, whether it can serve, and what it has done: for the machines that watch it.

`/healthz` and `/readyz` tell anybody one word. `/metrics` (Prometheus' text form) is for the token of somebody who
manages the newsroom: coming from this machine proves nothing behind a proxy on it, where every reader does. Nothing in
it is about a person: routes are named by their pattern, never by what was asked for.
"""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterator, Mapping

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from editor import __version__
from editor.base.clock import SystemClock
from editor.domain.people import Right
from editor.domain.reaction import ReactionStatus
from editor.press.answering import Answered, Answering
from editor.press.opened import Press, read_heads
from editor.press.schema import SCHEMA_VERSION, EntityRow

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
TEXT = "text/plain; version=0.0.4"


class Counts:
    """Requests of this process: how many, how they ended, how long they took. Any thread."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._seconds: dict[str, float] = {}

    def add(self, method: str, route: str, status: int, seconds: float) -> None:
        """One more request has ended."""
        with self._guard:
            self._requests[method, route, status] += 1
            self._seconds[route] = self._seconds.get(route, 0.0) + seconds

    def requests(self) -> dict[tuple[str, str, int], int]:
        """How many by method, route and status."""
        with self._guard:
            return dict(self._requests)

    def seconds(self) -> dict[str, float]:
        """How long all of a route's took together."""
        with self._guard:
            return dict(self._seconds)


class Counting:
    """Counts every request by the pattern of its route, so that there are as many series as routes."""

    def __init__(self, app: ASGIApp, counts: Counts) -> None:
        self._app, self._counts, self._clock = app, counts, SystemClock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, begun = 500, self._clock.monotonic()

        async def watched(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._counts.add(method, route, status, self._clock.monotonic() - begun)


class Health:
    """The endpoints for whoever watches over one opened press."""

    def __init__(self, press: Press, counts: Counts) -> None:
        self._press, self._counts, self._answering = press, counts, Answering(press)

    def routes(self) -> list[Route]:
        """Their addresses."""
        plain = self._answering.plain
        return [Route("/healthz", self.alive, methods=["GET"]), Route("/readyz", plain(self.ready), methods=["GET"]),
                Route("/metrics", plain(self.metrics), methods=["GET"])]

    async def alive(self, request: Request) -> Response:
        """The process answers; nothing else is asked for."""
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    def ready(self, request: Request) -> Response:
        """The database answers and is of this program's version."""
        if self._press.database.version() != SCHEMA_VERSION:
            raise Answered(503, "other_version", "The database is of another version", retry_after=5)
        return PlainTextResponse("ready\n", headers={"Cache-Control": "no-store"})

    def metrics(self, request: Request) -> Response:
        """Everything that is counted, in Prometheus' text form."""
        with self._press.database.read() as session:
            if not self._answering.actor(session, request).may(Right.MANAGE):
                raise Answered(403, "forbidden", "This needs the right to manage")
            heads = read_heads(session, self._press.house.newsroom_id)
            queue = session.scalar(sa.select(sa.func.count()).select_from(EntityRow).where(
                EntityRow.newsroom_id == self._press.house.newsroom_id, EntityRow.kind == "reaction",
                EntityRow.state == ReactionStatus.HOLD, EntityRow.deleted == 0)) or 0
        lines = [*self._of_the_newsroom(heads, queue), *self._of_the_process()]
        return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": "no-store"}, media_type=TEXT)

    def _of_the_newsroom(self, heads: Mapping[str, int], queue: int) -> Iterator[str]:
        database = "sqlite" if self._press.database.is_sqlite else "postgresql"
        yield "# TYPE redactie_press_info gauge"
        yield f'redactie_press_info{{version="{__version__}",schema="{SCHEMA_VERSION}",database="{database}"}} 1'
        yield "# HELP redactie_press_feed_head Highest number of each stream of the change feed."
        yield "# TYPE redactie_press_feed_head gauge"
        yield from (f'redactie_press_feed_head{{stream="{name}"}} {head}' for name, head in sorted(heads.items()))
        yield "# HELP redactie_press_reactions_waiting Reactions that wait for a decision."
        yield "# TYPE redactie_press_reactions_waiting gauge"
        yield f"redactie_press_reactions_waiting {queue}"

    def _of_the_process(self) -> Iterator[str]:
        mine = f'process="{os.getpid()}"'  # several may share an address: each has its own series
        yield "# HELP redactie_press_seats_waiting Desks that wait for news at this process."
        yield "# TYPE redactie_press_seats_waiting gauge"
        yield f"redactie_press_seats_waiting{{{mine}}} {self._press.hub.waiting}"
        yield "# TYPE redactie_press_requests_total counter"
        for (method, route, status), count in sorted(self._counts.requests().items()):
            yield (f'redactie_press_requests_total{{{mine},method="{method}",route="{route}",status="{status}"}} {count}')
        yield "# TYPE redactie_press_request_seconds_total counter"
        for route, seconds in sorted(self._counts.seconds().items()):
            yield f'redactie_press_request_seconds_total{{{mine},route="{route}"}} {seconds:.6f}'
