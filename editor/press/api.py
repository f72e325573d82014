"""The sync API (sync D): greeting, pushing, the feed, the first sync, waiting, comparing.

Endpoints that touch the database are plain functions on the thread pool; waiting and reading a body are async.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from editor.base.ids import is_id
from editor.base.wire import MAX_BYTES, BadWire, parse
from editor.domain.documents import SCHEMA_V
from editor.domain.people import Actor
from editor.domain.reconcile import BUCKETS
from editor.press.answering import Answered, Answering, number_of, replica_of
from editor.press.auth import Asker
from editor.press.commands import read_op
from editor.press.comparing import MOST_BUCKETS, read_bucket, read_digests
from editor.press.entities import Entities
from editor.press.feed import MAX_PAGE, read_changes, read_cursor, read_snapshot
from editor.press.ledger import stored_op
from editor.press.media import MAX_MEDIA
from editor.press.opened import Press, read_heads
from editor.press.push import OpIdReuse, push, retell
from editor.press.uploads import MAX_CHUNK, Uploads

API_V = 1
CAPABILITIES = ("push", "changes", "heads", "ops", "entities", "revisions", "preview", "moderation", "snapshot",
                "digests", "presence")
MAX_WAIT_S = 60.0


class Api:
    """The endpoints over one opened press."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._answering = Answering(press)

    def routes(self) -> list[Route]:
        """Every address under /v1; what is not there says so."""
        plain, receiving, guarded = self._answering.plain, self._answering.receiving, self._answering.guarded
        entities = Entities(self._answering)
        uploads = Uploads(self._answering, self._press.media).routes() if self._press.media is not None else []
        return [
            Route("/v1/sync/hello", plain(self.hello), methods=["GET"]),
            Route("/v1/sync/push", receiving(self.push), methods=["POST"]),
            Route("/v1/sync/ops/{op_id}", plain(self.op), methods=["GET"]),
            Route("/v1/sync/changes", plain(self.changes), methods=["GET"]),
            Route("/v1/sync/snapshot", plain(self.snapshot), methods=["GET"]),
            Route("/v1/sync/heads", guarded(self.heads), methods=["GET"]),
            Route("/v1/sync/digests", plain(self.digests), methods=["GET"]),
            Route("/v1/entities/{id}/restore", receiving(self.restore), methods=["POST"]),
            *entities.routes(), *uploads,
            Route("/v1/{rest:path}", guarded(self.not_yet), methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
        ]

    def hello(self, request: Request) -> Response:
        """Who this is, who asks, and what may be asked."""
        press = self._press
        with press.database.read() as session:
            actor = self._answering.actor(session, request)
            heads = self._answering.readable(actor, read_heads(session, press.house.newsroom_id))
        began = self._answering.readable(actor, press.house.began)
        limits = {"ops": 1, "body": MAX_BYTES, "page": MAX_PAGE}
        capabilities = list(CAPABILITIES)
        if press.media is not None:
            limits |= {"media": MAX_MEDIA, "chunk": MAX_CHUNK}
            capabilities.append("media")
        return self._answering.answer({
            "api": [API_V], "schema": [SCHEMA_V], "limits": limits, "user": {"id": actor.id, "name": actor.name},
            "roles": sorted(actor.roles), "rights": sorted(actor.rights), "newsroom_id": press.house.newsroom_id,
            "heads": heads, "began": began, "capabilities": capabilities, "sample": press.house.sample})

    def push(self, request: Request, actor: Actor, body: bytes) -> Response:
        """Carry out one op."""
        return self._push(request, actor, body)

    def restore(self, request: Request, actor: Actor, body: bytes) -> Response:
        """The same, for an op that brings this very thing back."""
        return self._push(request, actor, body, only=request.path_params["id"])

    def op(self, request: Request) -> Response:
        """The answer that an op got; 404 means never committed as of this answer."""
        newsroom_id, op_id = self._press.house.newsroom_id, request.path_params["op_id"]
        with self._press.database.read() as session:
            actor = self._answering.actor(session, request)
            row = stored_op(session, newsroom_id, op_id) if is_id(op_id) else None
            if row is None or row.actor != actor.id:
                raise Answered(404, "unknown_op")
            return self._answering.answer(retell(session, newsroom_id, row, actor))

    def changes(self, request: Request) -> Response:
        """A page of a feed."""
        house = self._press.house
        with self._press.database.read() as session:
            stream = self._answering.stream_for(session, request)
            cursor = request.query_params.get("cursor")
            after = read_cursor(house, stream, cursor) if cursor else 0
            return self._answering.answer(read_changes(session, house, stream, after, _limit(request)))

    def snapshot(self, request: Request) -> Response:
        """A page of everything there is, at the head that the first page pinned (sync B.11)."""
        token, days = request.query_params.get("token"), number_of(request, "days", 0)
        with self._press.database.read() as session:
            stream = self._answering.stream_for(session, request)
            return self._answering.answer(read_snapshot(
                session, self._press.house, stream, token, _limit(request), now=self._press.clock.now(), days=days))

    def digests(self, request: Request) -> Response:
        """The digests of all buckets, or what is in some (sync B.5)."""
        asked = request.query_params.get("buckets")
        with self._press.database.read() as session:
            stream = self._answering.stream_for(session, request)
            if asked is None:
                return self._answering.answer(read_digests(session, self._press.house, stream))
            return self._answering.answer(read_bucket(session, self._press.house, stream, _buckets(asked)))

    async def heads(self, request: Request) -> Response:
        """The heads; with `wait`, as soon as one moved past `seen_<stream>` (past what it is now, if not given)."""
        seconds = min(MAX_WAIT_S, float(number_of(request, "wait", 0)))
        actor, now = await run_in_threadpool(self._look, request)
        for stream, head in now.items():
            self._press.hub.heard(stream, head)
        readable = self._answering.readable(actor, now)
        seen = {stream: number_of(request, f"seen_{stream}", now[stream]) for stream in readable}
        if seconds > 0:
            async def look() -> Mapping[str, int]:
                return await run_in_threadpool(self._read_heads)
            await self._press.hub.wait(seen, seconds, look)
        heads = self._answering.readable(actor, {**now, **self._press.hub.heads()})
        return self._answering.answer(
            {"heads": heads, "moved": any(int(heads[name]) > seen[name] for name in seen)})

    async def not_yet(self, request: Request) -> Response:
        """What `sync.md` plans and this version does not have."""
        raise Answered(404, "not_yet", "This version does not do that")

    # ---------------------------------------------------------------------------------------------------- inside

    def _push(self, request: Request, actor: Actor, body: bytes, *, only: str | None = None) -> Response:
        message = parse(body)
        ops = message.get("ops") if isinstance(message, dict) else None
        if not isinstance(ops, list) or len(ops) != 1:
            raise BadWire("a push carries exactly one op")
        op = read_op(ops[0])
        if op.schema_v != SCHEMA_V:
            raise Answered(426 if op.schema_v < SCHEMA_V else 422, "schema", f"schema_v {op.schema_v} is not spoken here")
        if only is not None and (op.entity_id, op.verb) != (only, "restore"):
            raise BadWire("the op restores something else")
        try:
            result = push(self._press, op, Asker(actor, replica_of(request)))
        except OpIdReuse as error:
            raise Answered(409, "op_id_reuse", "This op_id was used for another request") from error
        return self._answering.answer({"results": [result]})

    def _look(self, request: Request) -> tuple[Actor, dict[str, int]]:
        with self._press.database.read() as session:
            return self._answering.actor(session, request), read_heads(session, self._press.house.newsroom_id)

    def _read_heads(self) -> dict[str, int]:
        with self._press.database.read() as session:
            return read_heads(session, self._press.house.newsroom_id)


def _limit(request: Request) -> int:
    return max(1, min(MAX_PAGE, number_of(request, "limit", 200)))


def _buckets(asked: str) -> list[int]:
    words = asked.split(",")
    if len(words) > MOST_BUCKETS or not all(word.isascii() and word.isdecimal() and len(word) < 4 for word in words):
        raise BadWire(f"buckets are at most {MOST_BUCKETS} numbers")
    found = sorted({int(word) for word in words})
    if found[-1] >= BUCKETS:
        raise BadWire("there is no such bucket")
    return found
