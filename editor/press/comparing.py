"""What a desk compares its own with, after a restored back-up or once a day (sync B.5): digests, and lists of buckets."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.domain.reconcile import digests_of
from editor.press.feed import make_cursor
from editor.press.house import House
from editor.press.opened import read_heads
from editor.press.schema import EntityRow

MOST_BUCKETS = 16  # in one answer


def read_digests(session: Session, house: House, stream: str) -> dict[str, Any]:
    """The digest of each bucket of what is not deleted, with the place in the feed at which they hold."""
    held = session.execute(sa.select(EntityRow.id, EntityRow.rev).where(*_of(house, stream), EntityRow.deleted == 0)
                           .execution_options(yield_per=5_000))
    found = {str(number): digest for number, digest in digests_of((row.id, row.rev) for row in held).items()}
    return {"digests": found, **_place(session, house, stream)}


def read_bucket(session: Session, house: House, stream: str, buckets: Sequence[int]) -> dict[str, Any]:
    """Everything in these buckets, what is deleted too: only that proves a deletion."""
    last = sa.func.substr(EntityRow.id, 35, 2)
    rows = session.execute(sa.select(EntityRow.id, EntityRow.rev, EntityRow.kind, EntityRow.deleted).where(
        *_of(house, stream), last.in_([f"{number:02x}" for number in buckets])).order_by(EntityRow.seq))
    return {"entities": [{"entity_id": row.id, "rev": row.rev, "kind": row.kind, "deleted": bool(row.deleted)}
                         for row in rows], **_place(session, house, stream)}


def _of(house: House, stream: str) -> tuple[sa.ColumnElement[bool], ...]:
    return EntityRow.newsroom_id == house.newsroom_id, EntityRow.stream == stream


def _place(session: Session, house: House, stream: str) -> dict[str, str]:
    head = read_heads(session, house.newsroom_id).get(stream, 0)
    return {"head": str(head), "cursor": make_cursor(house, stream, head)}
