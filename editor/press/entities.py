"""Single things over the sync API: as they are, as they were, and who has them open (sync D)."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from editor.base.wire import format_time, parse
from editor.domain.people import Right
from editor.press.answering import Answered, Answering, number_of, replica_of
from editor.press.feed import MAX_PAGE, change_of
from editor.press.presence import close_entity, list_open, open_entity
from editor.press.preview import preview_path
from editor.press.schema import RevisionRow


class Entities:
    """The endpoints of single things."""

    def __init__(self, answering: Answering) -> None:
        self._answering, self._press = answering, answering.press

    def routes(self) -> list[Route]:
        """Their addresses."""
        plain = self._answering.plain
        return [
            Route("/v1/entities/{id}", plain(self.entity), methods=["GET"]),
            Route("/v1/entities/{id}/preview_link", plain(self.preview_link), methods=["GET"]),
            Route("/v1/entities/{id}/revisions", plain(self.revisions), methods=["GET"]),
            Route("/v1/entities/{id}/revisions/{rev}", plain(self.revision), methods=["GET"]),
            Route("/v1/presence", plain(self.presence), methods=["GET"]),
            Route("/v1/presence/{id}", plain(self.present), methods=["PUT"]),
            Route("/v1/presence/{id}", plain(self.absent), methods=["DELETE"]),
        ]

    def entity(self, request: Request) -> Response:
        """One thing as it is."""
        with self._press.database.read() as session:
            _, entity = self._answering.entity_for(session, request)
            return self._answering.answer(change_of(entity))

    def revisions(self, request: Request) -> Response:
        """The revisions of one thing, newest first, without their documents; `before` a number goes on where one was."""
        limit, before = max(1, min(MAX_PAGE, number_of(request, "limit", 200))), number_of(request, "before", 0)
        with self._press.database.read() as session:
            _, entity = self._answering.entity_for(session, request)
            wanted = sa.select(
                RevisionRow.rev, RevisionRow.rev_n, RevisionRow.at, RevisionRow.actor, RevisionRow.replica,
                RevisionRow.op_id, RevisionRow.verb, RevisionRow.content_hash, RevisionRow.kept).where(
                    RevisionRow.newsroom_id == self._press.house.newsroom_id, RevisionRow.entity_id == entity.id)
            if before:
                wanted = wanted.where(RevisionRow.rev_n < before)
            rows = session.execute(wanted.order_by(RevisionRow.rev_n.desc()).limit(limit + 1)).all()
        found = [{"rev": r.rev, "at": format_time(r.at), "actor": r.actor, "replica": r.replica, "op_id": r.op_id,
                  "verb": r.verb, "content_hash": r.content_hash, "kept": bool(r.kept)} for r in rows[:limit]]
        more = len(rows) > limit
        return self._answering.answer({"revisions": found, "more": more, "next": rows[limit - 1].rev_n if more else None})

    def revision(self, request: Request) -> Response:
        """The frozen document of one revision."""
        with self._press.database.read() as session:
            _, entity = self._answering.entity_for(session, request)
            row = session.scalars(sa.select(RevisionRow).where(
                RevisionRow.newsroom_id == self._press.house.newsroom_id, RevisionRow.entity_id == entity.id,
                RevisionRow.rev == request.path_params["rev"])).first()
            if row is None:
                raise Answered(404, "unknown_revision")
            return self._answering.answer({
                "entity_id": row.entity_id, "rev": row.rev, "doc": parse(row.doc), "at": format_time(row.at),
                "actor": row.actor, "replica": row.replica, "op_id": row.op_id, "content_hash": row.content_hash})

    def preview_link(self, request: Request) -> Response:
        """A short-lived address of the working text, for whoever may read it here."""
        with self._press.database.read() as session:
            _, entity = self._answering.entity_for(session, request)
        if entity.kind != "article" or entity.deleted:
            raise Answered(404, "unknown_entity")
        path = preview_path(self._press.house, entity.id, self._press.clock.now())
        return self._answering.answer({"path": path, "url": str(request.base_url).rstrip("/") + path})

    # ------------------------------------------------------------------------------------------------- presence

    def present(self, request: Request) -> Response:
        """This desk has the thing open, for half a minute more. Advice to the others, no lock."""
        with self._press.database.read() as session:
            actor, entity = self._answering.entity_for(session, request)
        open_entity(self._press, entity.id, actor, replica_of(request))
        return Response(status_code=204)

    def absent(self, request: Request) -> Response:
        """This desk has closed it."""
        with self._press.database.read() as session:
            _, entity = self._answering.entity_for(session, request)
        close_entity(self._press, entity.id, replica_of(request))
        return Response(status_code=204)

    def presence(self, request: Request) -> Response:
        """Who has what open now; of reactions only for whoever moderates."""
        with self._press.database.read() as session:
            actor = self._answering.actor(session, request)
            there = list_open(session, self._press.house.newsroom_id, self._press.clock.now(),
                              reactions=actor.may(Right.MODERATE))
        found: list[dict[str, Any]] = [
            {"entity_id": one.entity_id, "actor": one.actor, "name": one.name, "replica": one.replica,
             "since": format_time(one.since), "until": format_time(one.until)} for one in there]
        return self._answering.answer({"present": found})
