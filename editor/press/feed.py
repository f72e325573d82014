"""The change feed: pages by the streams' own numbers, from the beginning or from a cursor (sync D.2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.wire import format_time, from_ms, to_ms
from editor.domain.reaction import ReactionStatus
from editor.press.house import House
from editor.press.ledger import Entity, entity_of
from editor.press.opened import read_heads
from editor.press.schema import EntityRow
from editor.press.signed import open_signed, sign

STREAMS = ("content", "reactions")
MAX_PAGE = 500
PAGE_BYTES = 4 * 1024 * 1024  # a page of long articles ends sooner
NEEDED = ("newsroom", "person", "list")  # nobody can work without them, and they are the oldest
_SNAPSHOT: Mapping[str, Any] = {"v": 2, "what": "snapshot"}  # 1 rose from the oldest: a desk with such a token begins again


class CursorExpired(Exception):
    """The cursor is of this history and no longer in it: a database that lost its last commits came back."""


def make_cursor(house: House, stream: str, seq: int) -> str:
    """An opaque place in a feed, bound to this epoch, newsroom and stream."""
    return sign(house, {"v": 1, "stream": stream, "seq": seq})


def read_cursor(house: House, stream: str, cursor: str) -> int:
    """The number that a cursor stands at. Raises `BadWire` for one that we never made, `EpochChanged`."""
    return int(open_signed(house, cursor, {"v": 1, "stream": stream})["seq"])


def read_changes(session: Session, house: House, stream: str, after: int, limit: int) -> dict[str, Any]:
    """A page of what moved past `after`, rising in `seq`; the page and the head are one snapshot.

    Raises `CursorExpired` for a place that is ahead of the feed.
    """
    head = _head(session, house, stream, after)
    page, more = _page(session, sa.select(EntityRow).where(
        EntityRow.newsroom_id == house.newsroom_id, EntityRow.stream == stream, EntityRow.seq > after), limit)
    upto = page[-1]["seq"] if more else head
    return {"changes": page, "next": make_cursor(house, stream, upto), "more": more, "head": str(head)}


def read_snapshot(session: Session, house: House, stream: str, token: str | None, limit: int, *, now: datetime,
                  days: int) -> dict[str, Any]:
    """A page of the first sync: what is there and not deleted, up to the head that page one pinned, newest first, so
    that a desk has today's work at once. Page one brings what every desk works by along: newsroom, people, lists.

    Within a page rows rise in `seq`, as everywhere in the feed. What changes meanwhile moves past the pinned head and
    is told from `tail_cursor` on. `next` is the following page's token, after the last page the tail's cursor. With
    `days` of the reactions only the queue and what is younger. Raises `BadWire`, `EpochChanged`, `CursorExpired`.
    """
    told: list[dict[str, Any]] = []
    if token:
        place = open_signed(house, token, {**_SNAPSHOT, "stream": stream})
    else:
        since = to_ms(now - timedelta(days=min(days, 36_500))) if days else None
        pinned = read_heads(session, house.newsroom_id).get(stream, 0)
        place = {**_SNAPSHOT, "stream": stream, "since": since, "pinned": pinned, "below": pinned + 1}
        place["total"] = session.scalar(sa.select(sa.func.count()).select_from(EntityRow).where(*_of(house, place)))
        told, place["told"] = _needed(session, house, place, max(1, limit // 2))
    head = _head(session, house, stream, place["pinned"])
    rest = sa.and_(EntityRow.id != house.newsroom_id,
                   sa.or_(EntityRow.kind.not_in(NEEDED), EntityRow.seq < place["told"]))
    page, more = _page(session, _wanted(house, place, rest), max(1, limit - len(told)), newest_first=True)
    tail = make_cursor(house, stream, place["pinned"])
    following = sign(house, {**place, "below": page[-1]["seq"]}) if more else tail
    return {"changes": sorted(told + page, key=lambda row: row["seq"]), "next": following, "more": more,
            "head": str(head), "tail_cursor": tail, "total": place["total"]}


def _needed(session: Session, house: House, place: Mapping[str, Any], limit: int) -> tuple[list[dict[str, Any]], int]:
    """The newsroom with the newest of what else is needed; the number from which on the latter was told with it."""
    newsroom, _ = _page(session, _wanted(house, place, EntityRow.id == house.newsroom_id), 1)
    others = sa.and_(EntityRow.kind.in_(NEEDED), EntityRow.id != house.newsroom_id)
    found, _ = _page(session, _wanted(house, place, others), limit, newest_first=True)
    return newsroom + found, found[-1]["seq"] if found else place["below"]


def _wanted(house: House, place: Mapping[str, Any], which: sa.ColumnElement[bool]) -> sa.Select[EntityRow]:
    return sa.select(EntityRow).where(*_of(house, place), EntityRow.seq < place["below"], which)


def _of(house: House, place: Mapping[str, Any]) -> list[sa.ColumnElement[bool]]:
    found = [EntityRow.newsroom_id == house.newsroom_id, EntityRow.stream == place["stream"], EntityRow.deleted == 0,
             EntityRow.seq <= place["pinned"]]
    if place["stream"] == "reactions" and place["since"] is not None:
        found.append(sa.or_(EntityRow.state == ReactionStatus.HOLD, EntityRow.at >= from_ms(place["since"])))
    return found


def _head(session: Session, house: House, stream: str, at_least: int) -> int:
    head = read_heads(session, house.newsroom_id).get(stream, 0)
    if head < at_least:
        raise CursorExpired
    return head


def _page(session: Session, wanted: sa.Select[EntityRow], limit: int, *,
          newest_first: bool = False) -> tuple[list[dict[str, Any]], bool]:
    """The first rows of what is wanted, as many as fit in a page; whether more follow."""
    order = EntityRow.seq.desc() if newest_first else EntityRow.seq
    rows = session.scalars(wanted.order_by(order).limit(limit + 1).execution_options(yield_per=50))
    page: list[dict[str, Any]] = []
    size, more = 0, False
    for row in rows:
        size += len(row.doc)
        if page and (len(page) >= limit or size > PAGE_BYTES):
            more = True
            break
        page.append(change_of(entity_of(row)))
    rows.close()
    return page, more


def change_of(entity: Entity) -> dict[str, Any]:
    """An entity as a row of the feed. An erased tombstone tells nothing but that it is one."""
    doc: Mapping[str, Any] | None = None if entity.deleted and entity.why else entity.doc
    return {
        "seq": entity.seq, "entity_id": entity.id, "kind": entity.kind, "rev": entity.rev, "deleted": entity.deleted,
        "why": entity.why, "doc": doc, "op_id": entity.origin.op_id, "actor": entity.origin.actor,
        "replica": entity.origin.replica, "at": format_time(entity.at) if entity.at else None,
    }
