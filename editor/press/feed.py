"""The change feed: pages by the streams' own numbers, and cursors that only press can make (sync D.2)."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.wire import BadWire, canonical, format_time
from editor.press.house import House, mac
from editor.press.ledger import Entity, entity_of
from editor.press.opened import read_heads
from editor.press.schema import EntityRow

STREAMS = ("content", "reactions")
MAX_PAGE = 500
PAGE_BYTES = 4 * 1024 * 1024  # a page of long articles ends sooner


class EpochChanged(Exception):
    """The cursor is of another history."""


def make_cursor(house: House, stream: str, seq: int) -> str:
    """An opaque place in a feed, bound to this epoch, newsroom and stream."""
    place = canonical({"v": 1, "epoch": house.epoch, "newsroom": house.newsroom_id, "stream": stream, "seq": seq})
    signed = place + b"." + mac(house.cursor_key, place.decode()).encode()
    return base64.urlsafe_b64encode(signed).decode()


def read_cursor(house: House, stream: str, cursor: str) -> int:
    """The number that a cursor stands at. Raises `BadWire` for one that we never made, `EpochChanged`."""
    try:
        place, _, signature = base64.b64decode(cursor, altchars=b"-_", validate=True).rpartition(b".")
        found = json.loads(place)
    except (ValueError, binascii.Error) as error:
        raise BadWire("a cursor that is none") from error
    if not isinstance(found, dict):
        raise BadWire("a cursor that is none")
    if found.get("epoch") != house.epoch:  # another history has other keys: nothing of it could be checked here
        raise EpochChanged
    good = hmac.compare_digest(signature, mac(house.cursor_key, place.decode()).encode())
    if not good or found.get("stream") != stream or found.get("newsroom") != house.newsroom_id:
        raise BadWire("a cursor that is none")
    return int(found["seq"])


def read_changes(session: Session, house: House, stream: str, after: int, limit: int) -> dict[str, Any]:
    """A page of what moved past `after`, rising in `seq`; the page and the head are one snapshot."""
    head = read_heads(session, house.newsroom_id).get(stream, 0)
    rows = session.scalars(sa.select(EntityRow).where(
        EntityRow.newsroom_id == house.newsroom_id, EntityRow.stream == stream, EntityRow.seq > after)
        .order_by(EntityRow.seq).limit(limit + 1).execution_options(yield_per=50))
    page: list[dict[str, Any]] = []
    size, more = 0, False
    for row in rows:
        size += len(row.doc)
        if page and (len(page) >= limit or size > PAGE_BYTES):
            more = True
            break
        page.append(change_of(entity_of(row)))
    rows.close()
    upto = page[-1]["seq"] if more else max(head, after)
    return {"changes": page, "next": make_cursor(house, stream, upto), "more": more, "head": str(head)}


def change_of(entity: Entity) -> dict[str, Any]:
    """An entity as a row of the feed. An erased tombstone tells nothing but that it is one."""
    doc: Mapping[str, Any] | None = None if entity.deleted and entity.why else entity.doc
    return {
        "seq": entity.seq, "entity_id": entity.id, "kind": entity.kind, "rev": entity.rev, "deleted": entity.deleted,
        "why": entity.why, "doc": doc, "op_id": entity.origin.op_id, "actor": entity.origin.actor,
        "replica": entity.origin.replica, "at": format_time(entity.at) if entity.at else None,
    }
