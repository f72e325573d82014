"""The sync API (sync D). Every answer is JSON of our media type with `server_time` and `epoch`.

Endpoints that touch the database are plain functions on the thread pool; waiting and reading a body are async.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from editor.base.wire import MAX_BYTES, MEDIA_TYPE, BadWire, canonical, format_time, parse
from editor.domain.documents import SCHEMA_V
from editor.domain.people import Actor, Right
from editor.press.auth import Asker, NotKnown, actor_of
from editor.press.commands import read_op
from editor.press.feed import MAX_PAGE, STREAMS, EpochChanged, change_of, read_changes, read_cursor
from editor.press.ledger import read_entity, stored_op
from editor.press.opened import Press, read_heads
from editor.press.push import OpIdReuse, push, retell
from editor.press.schema import RevisionRow

log = logging.getLogger(__name__)
API_V = 1
CAPABILITIES = ("push", "changes", "heads", "ops", "entities", "revisions", "preview", "moderation")
MAX_WAIT_S = 60.0
TYPES = (MEDIA_TYPE.split(";")[0], "application/json")


class Answered(Exception):
    """An answer that ends the request early."""

    def __init__(self, status: int, code: str, message: str = "", *, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after


class Api:
    """The endpoints over one opened press."""

    def __init__(self, press: Press) -> None:
        self._press = press

    def routes(self) -> list[Route]:
        """Every address under /v1; what is not there yet says so."""
        return [
            Route("/v1/sync/hello", self._plain(self.hello), methods=["GET"]),
            Route("/v1/sync/push", self._receiving(self.push), methods=["POST"]),
            Route("/v1/sync/ops/{op_id}", self._plain(self.op), methods=["GET"]),
            Route("/v1/sync/changes", self._plain(self.changes), methods=["GET"]),
            Route("/v1/sync/heads", self._guarded(self.heads), methods=["GET"]),
            Route("/v1/entities/{id}", self._plain(self.entity), methods=["GET"]),
            Route("/v1/entities/{id}/preview_link", self._plain(self.preview_link), methods=["GET"]),
            Route("/v1/entities/{id}/revisions", self._plain(self.revisions), methods=["GET"]),
            Route("/v1/entities/{id}/revisions/{rev}", self._plain(self.revision), methods=["GET"]),
            Route("/v1/{rest:path}", self._guarded(self.not_yet),
                  methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
        ]

    # ------------------------------------------------------------------------------------------------ endpoints

    def hello(self, request: Request) -> Response:
        """Who this is, who asks, and what may be asked."""
        with self._press.database.read() as session:
            actor = self._actor(session, request)
            heads = self._readable(actor, read_heads(session, self._press.house.newsroom_id))
        return self._answer({
            "api": [API_V], "schema": [SCHEMA_V], "limits": {"ops": 1, "body": MAX_BYTES, "page": MAX_PAGE},
            "user": {"id": actor.id, "name": actor.name}, "roles": sorted(actor.roles),
            "rights": sorted(actor.rights), "newsroom_id": self._press.house.newsroom_id, "heads": heads,
            "capabilities": list(CAPABILITIES), "sample": self._press.house.sample})

    def push(self, request: Request, body: bytes) -> Response:
        """Carry out one op."""
        with self._press.database.read() as session:
            actor = self._actor(session, request)
        message = parse(body)
        ops = message.get("ops") if isinstance(message, dict) else None
        if not isinstance(ops, list) or len(ops) != 1:
            raise BadWire("a push carries exactly one op")
        op = read_op(ops[0])
        if op.schema_v != SCHEMA_V:
            raise Answered(426 if op.schema_v < SCHEMA_V else 422, "schema", f"schema_v {op.schema_v} is not spoken here")
        try:
            result = push(self._press, op, Asker(actor, _replica(request)))
        except OpIdReuse as error:
            raise Answered(409, "op_id_reuse", "This op_id was used for another request") from error
        return self._answer({"results": [result]})

    def op(self, request: Request) -> Response:
        """The answer that an op got; 404 means never committed as of this answer."""
        with self._press.database.read() as session:
            actor = self._actor(session, request)
            row = stored_op(session, self._press.house.newsroom_id, request.path_params["op_id"])
            if row is None or row.actor != actor.id:
                raise Answered(404, "unknown_op")
            return self._answer(retell(session, self._press.house.newsroom_id, row, actor))

    def changes(self, request: Request) -> Response:
        """A page of a feed."""
        stream, house = request.query_params.get("stream", "content"), self._press.house
        with self._press.database.read() as session:
            actor = self._actor(session, request)
            if stream not in STREAMS:
                raise BadWire("there is no such stream")
            if stream not in self._readable(actor, dict.fromkeys(STREAMS, 0)):
                raise Answered(403, "forbidden", "This stream needs the right to moderate")
            cursor = request.query_params.get("cursor")
            after = read_cursor(house, stream, cursor) if cursor else 0
            limit = max(1, min(MAX_PAGE, _number(request, "limit", 200)))
            return self._answer(read_changes(session, house, stream, after, limit))

    async def heads(self, request: Request) -> Response:
        """The heads; with `wait`, as soon as one moved past `seen_<stream>` (past what it is now, if not given)."""
        seconds = min(MAX_WAIT_S, float(_number(request, "wait", 0)))
        actor, now = await run_in_threadpool(self._look, request)
        for stream, head in now.items():
            self._press.hub.heard(stream, head)
        readable = self._readable(actor, now)
        seen = {stream: _number(request, f"seen_{stream}", now[stream]) for stream in readable}
        if seconds > 0:
            async def look() -> Mapping[str, int]:
                return await run_in_threadpool(self._read_heads)
            await self._press.hub.wait(seen, seconds, look)
        heads = self._readable(actor, {**now, **self._press.hub.heads()})
        return self._answer({"heads": heads, "moved": any(int(heads[name]) > seen[name] for name in seen)})

    def entity(self, request: Request) -> Response:
        """One thing as it is."""
        with self._press.database.read() as session:
            self._actor_for(session, request)
            entity = read_entity(session, self._press.house.newsroom_id, request.path_params["id"])
            assert entity is not None  # `_actor_for` found it
            return self._answer(change_of(entity))

    def revisions(self, request: Request) -> Response:
        """The revisions of one thing, newest first, without their documents."""
        with self._press.database.read() as session:
            self._actor_for(session, request)
            rows = session.execute(sa.select(
                RevisionRow.rev, RevisionRow.at, RevisionRow.actor, RevisionRow.replica, RevisionRow.op_id,
                RevisionRow.verb, RevisionRow.content_hash, RevisionRow.kept).where(
                    RevisionRow.newsroom_id == self._press.house.newsroom_id,
                    RevisionRow.entity_id == request.path_params["id"])
                .order_by(RevisionRow.rev_n.desc()).limit(1000)).all()
            return self._answer({"revisions": [
                {"rev": r.rev, "at": format_time(r.at), "actor": r.actor, "replica": r.replica, "op_id": r.op_id,
                 "verb": r.verb, "content_hash": r.content_hash, "kept": bool(r.kept)} for r in rows]})

    def revision(self, request: Request) -> Response:
        """The frozen document of one revision."""
        with self._press.database.read() as session:
            self._actor_for(session, request)
            row = session.scalars(sa.select(RevisionRow).where(
                RevisionRow.newsroom_id == self._press.house.newsroom_id,
                RevisionRow.entity_id == request.path_params["id"],
                RevisionRow.rev == request.path_params["rev"])).first()
            if row is None:
                raise Answered(404, "unknown_revision")
            return self._answer({
                "entity_id": row.entity_id, "rev": row.rev, "doc": parse(row.doc), "at": format_time(row.at),
                "actor": row.actor, "replica": row.replica, "op_id": row.op_id, "content_hash": row.content_hash})

    def preview_link(self, request: Request) -> Response:
        """A short-lived address of the working text, for whoever may read it here."""
        from editor.press.preview import preview_path

        with self._press.database.read() as session:
            self._actor_for(session, request)
            entity = read_entity(session, self._press.house.newsroom_id, request.path_params["id"])
        if entity is None or entity.kind != "article" or entity.deleted:
            raise Answered(404, "unknown_entity")
        path = preview_path(self._press.house, entity.id, self._press.clock.now())
        return self._answer({"path": path, "url": str(request.base_url).rstrip("/") + path})

    async def not_yet(self, request: Request) -> Response:
        """What `sync.md` plans and this version does not have."""
        raise Answered(404, "not_yet", "This version does not do that")

    # ---------------------------------------------------------------------------------------------------- inside

    def _look(self, request: Request) -> tuple[Actor, dict[str, int]]:
        with self._press.database.read() as session:
            return self._actor(session, request), read_heads(session, self._press.house.newsroom_id)

    def _read_heads(self) -> dict[str, int]:
        with self._press.database.read() as session:
            return read_heads(session, self._press.house.newsroom_id)

    def _actor(self, session: sa.orm.Session, request: Request) -> Actor:
        return actor_of(session, self._press.house.newsroom_id, request.headers.get("authorization", ""),
                        self._press.clock.now())

    def _actor_for(self, session: sa.orm.Session, request: Request) -> Actor:
        """The asker, who may read the thing in the path."""
        actor = self._actor(session, request)
        entity = read_entity(session, self._press.house.newsroom_id, request.path_params["id"])
        if entity is None:
            raise Answered(404, "unknown_entity")
        if entity.kind == "reaction" and not actor.may(Right.MODERATE):
            raise Answered(403, "forbidden", "Reactions need the right to moderate")
        return actor

    @staticmethod
    def _readable(actor: Actor, heads: Mapping[str, int]) -> dict[str, str]:
        return {name: str(head) for name, head in sorted(heads.items())
                if name != "reactions" or actor.may(Right.MODERATE)}

    def _plain(self, endpoint: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            return await run_in_threadpool(endpoint, request)
        return self._guarded(run)

    def _receiving(self, endpoint: Callable[[Request, bytes], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            if request.headers.get("content-type", "").split(";")[0].strip().lower() not in TYPES:
                raise Answered(415, "media_type", f"Send {MEDIA_TYPE}")
            return await run_in_threadpool(endpoint, request, await _body(request))
        return self._guarded(run)

    def _guarded(self, endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        """Turn what went wrong into an answer of ours, so that nothing else can pass for one."""
        async def run(request: Request) -> Response:
            try:
                return await endpoint(request)
            except Answered as end:
                return self._refuse(end)
            except NotKnown as error:
                return self._refuse(Answered(401, error.code, "Log in again"))
            except BadWire as error:
                return self._refuse(Answered(400, "bad_message", str(error.message)))
            except EpochChanged:
                return self._refuse(Answered(409, "epoch_changed"))
            except (PoolTimeout, DBAPIError) as error:
                log.info("the database is busy: %s", type(error).__name__)
                return self._refuse(Answered(503, "busy", "Try again", retry_after=2))
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception:
                log.exception("a request failed: %s", request.url.path)
                return self._refuse(Answered(500, "fault", "The server made a mistake"))
        return run

    def _refuse(self, end: Answered) -> Response:
        headers = {"Retry-After": str(end.retry_after)} if end.retry_after is not None else {}
        if end.status == 401:
            headers["WWW-Authenticate"] = "Bearer"
        return self._answer({"code": end.code, "message": end.message}, status=end.status, headers=headers)

    def _answer(self, content: Mapping[str, Any], *, status: int = 200,
                headers: Mapping[str, str] | None = None) -> Response:
        whole = {**content, "server_time": format_time(self._press.clock.now()), "epoch": self._press.house.epoch}
        return Response(canonical(whole), status, {"Cache-Control": "no-store", **(headers or {})}, MEDIA_TYPE)


async def _body(request: Request) -> bytes:
    """The body, read no further than the limit."""
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MAX_BYTES:
            raise Answered(413, "too_large", f"At most {MAX_BYTES} bytes")
    return bytes(found)


def _replica(request: Request) -> str:
    replica = request.headers.get("x-replica-id", "")
    if not 1 <= len(replica) <= 64 or not replica.isprintable():
        raise BadWire("X-Replica-Id is missing")
    return replica


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not text.isdecimal() or len(text) > 12:
        raise BadWire(f"{name} is no number")
    return int(text)
