"""What every endpoint of the sync API shares: who asks, how it is answered, and what becomes of what goes wrong.

Every answer is JSON of our media type with `server_time` and `epoch`, so that nothing else can pass for one.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DataError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from editor.base.ids import is_id
from editor.base.wire import MAX_BYTES, MEDIA_TYPE, BadWire, canonical, format_time
from editor.domain.people import Actor, Right
from editor.press.auth import NotKnown, actor_of
from editor.press.database import is_busy
from editor.press.feed import STREAMS, CursorExpired
from editor.press.ledger import Entity, read_entity
from editor.press.opened import Press
from editor.press.signed import EpochChanged

log = logging.getLogger(__name__)
SMALL = 64 * 1024  # bytes of a body that are read before it is known who sends them
TYPES = (MEDIA_TYPE.split(";")[0], "application/json")

Endpoint = Callable[[Request], Awaitable[Response]]


class Answered(Exception):
    """An answer that ends the request early."""

    def __init__(self, status: int, code: str, message: str = "", *, retry_after: int | None = None,
                 headers: Mapping[str, str] | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.message = status, code, message
        self.headers = dict(headers or {})
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)


class Answering:
    """The common part of the endpoints over one opened press. Any thread."""

    def __init__(self, press: Press) -> None:
        self.press = press

    # ------------------------------------------------------------------------------------------------- who asks

    def actor(self, session: sa.orm.Session, request: Request) -> Actor:
        """The person behind the request. Raises `NotKnown`."""
        return actor_of(session.connection(), self.press.house.newsroom_id, request.headers.get("authorization", ""),
                        self.press.clock.now())

    def entity_for(self, session: sa.orm.Session, request: Request) -> tuple[Actor, Entity]:
        """The asker, and the thing in the path, which he may read."""
        actor, identity = self.actor(session, request), request.path_params["id"]
        entity = read_entity(session, self.press.house.newsroom_id, identity) if is_id(identity) else None
        if entity is None:
            raise Answered(404, "unknown_entity")
        if entity.kind == "reaction" and not actor.may(Right.MODERATE):
            raise Answered(403, "forbidden", "Reactions need the right to moderate")
        return actor, entity

    def stream_for(self, session: sa.orm.Session, request: Request) -> str:
        """The stream that is asked for, which the asker may read."""
        actor, stream = self.actor(session, request), request.query_params.get("stream", "content")
        if stream not in STREAMS:
            raise BadWire("there is no such stream")
        if stream not in self.readable(actor, dict.fromkeys(STREAMS, 0)):
            raise Answered(403, "forbidden", "This stream needs the right to moderate")
        return stream

    @staticmethod
    def readable(actor: Actor, heads: Mapping[str, int]) -> dict[str, str]:
        """The heads of the streams that one may read."""
        return {name: str(head) for name, head in sorted(heads.items())
                if name != "reactions" or actor.may(Right.MODERATE)}

    # ------------------------------------------------------------------------------------------ kinds of endpoint

    def plain(self, endpoint: Callable[[Request], Response]) -> Endpoint:
        """One that touches the database: on the thread pool."""
        async def run(request: Request) -> Response:
            return await run_in_threadpool(endpoint, request)
        return self.guarded(run)

    def receiving(self, endpoint: Callable[[Request, Actor, bytes], Response], *, types: tuple[str, ...] = TYPES,
                  most: int = MAX_BYTES) -> Endpoint:
        """One that takes a body of these types. Who asks is known before more than a little is read of it."""
        def begin(request: Request) -> Actor:
            actor = self._known(request)
            if request.headers.get("content-type", "").split(";")[0].strip().lower() not in types:
                raise Answered(415, "media_type", f"Send {types[0]}")
            return actor

        def at_once(request: Request, body: bytes) -> Response:
            return endpoint(request, begin(request), body)

        async def run(request: Request) -> Response:
            length = request.headers.get("content-length", "")
            if length.isascii() and length.isdecimal() and len(length) < 6 and int(length) <= SMALL:
                return await run_in_threadpool(at_once, request, await _body(request, most))  # one way to a thread
            actor = await run_in_threadpool(begin, request)
            return await run_in_threadpool(endpoint, request, actor, await _body(request, most))
        return self.guarded(run)

    def guarded(self, endpoint: Endpoint) -> Endpoint:
        """Turn what went wrong into an answer of ours, so that nothing else can pass for one."""
        async def run(request: Request) -> Response:
            try:
                return await endpoint(request)
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as error:
                return self._refuse(self._judge(request, error))
        return run

    async def unrouted(self, request: Request, error: Exception) -> Response:
        """What no route takes: an address with a line break in it, or another method than it has."""
        assert isinstance(error, HTTPException)  # it is registered for these
        headers = dict(error.headers or {})
        if request.url.path.startswith("/v1/"):
            code = "method" if error.status_code == 405 else "not_yet"
            return self._refuse(Answered(error.status_code, code, error.detail, headers=headers))
        return PlainTextResponse(error.detail, error.status_code, {**headers, "X-Content-Type-Options": "nosniff"})

    # ------------------------------------------------------------------------------------------------- answers

    def answer(self, content: Mapping[str, Any], *, status: int = 200,
               headers: Mapping[str, str] | None = None) -> Response:
        """An answer of ours."""
        whole = {**content, "server_time": format_time(self.press.clock.now()), "epoch": self.press.house.epoch}
        return Response(canonical(whole), status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE)

    def _known(self, request: Request) -> Actor:
        with self.press.database.glance() as connection:
            return actor_of(connection, self.press.house.newsroom_id, request.headers.get("authorization", ""),
                            self.press.clock.now())

    def _judge(self, request: Request, error: Exception) -> Answered:
        if isinstance(error, Answered):
            return error
        if isinstance(error, NotKnown):
            return Answered(401, error.code, "Log in again", headers={"WWW-Authenticate": "Bearer"})
        if isinstance(error, BadWire):
            return Answered(400, "bad_message", str(error.message))
        if isinstance(error, EpochChanged):
            return Answered(409, "epoch_changed")
        if isinstance(error, CursorExpired):
            return Answered(410, "cursor_expired", "Begin with a snapshot")
        if isinstance(error, UnicodeError | DataError):  # half a character, or one that the database cannot hold
            return Answered(400, "bad_message", "The message has characters that are none")
        if is_busy(error) or isinstance(error, OSError):
            log.info("the database or the disk is busy: %s", type(error).__name__)
            return Answered(503, "busy", "Try again", retry_after=2)
        log.error("a request failed: %s", request.url.path, exc_info=error)
        return Answered(500, "fault", "The server made a mistake")

    def _refuse(self, end: Answered) -> Response:
        return self.answer({"code": end.code, "message": end.message}, status=end.status, headers=end.headers)


async def _body(request: Request, most: int) -> bytes:
    """The body, read no further than `most` bytes."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > most:
            raise Answered(413, "too_large", f"At most {most} bytes")
    return bytes(found)


def replica_of(request: Request) -> str:
    """The desk's replica that the request names. Raises `BadWire`."""
    replica = request.headers.get("x-replica-id", "")
    if not 1 <= len(replica) <= 64 or not replica.isprintable():
        raise BadWire("X-Replica-Id is missing")
    return replica


def number_of(request: Request, name: str, default: int) -> int:
    """A number of the query. Raises `BadWire`."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdecimal()) or len(text) > 12:
        raise BadWire(f"{name} is no number")
    return int(text)
