"""The write transaction (sync D.1): the op first, then the entity's row, the feed's counter last.

Order of locks, everywhere: op rows, entity rows in order of id, `feed_head`. So commit order is number order per
stream, a concurrent twin of a request waits for the first, and nothing deadlocks.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.orm import Session

from editor.base.ids import tail
from editor.base.wire import canonical, digest
from editor.domain.article import Article, content_hash
from editor.domain.documents import STREAM_OF, article_value, ticker_value
from editor.domain.ticker import TickerEntry
from editor.press.media import is_sha256
from editor.press.schema import AuditRow, EntityRow, FeedHeadRow, OpRow, RevisionRow

THINNING = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a write comes from, so that its author knows it again in the feed."""

    op_id: str | None = None
    actor: str | None = None
    replica: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """The present state of one thing."""

    id: str
    kind: str
    rev_n: int
    rev: str
    seq: int
    doc: Mapping[str, Any]
    deleted: bool = False
    why: str = ""
    origin: Origin = field(default_factory=Origin)
    at: datetime | None = None


def entity_of(row: EntityRow) -> Entity:
    """The row as a value."""
    return Entity(row.id, row.kind, row.rev_n, row.rev, row.seq, json.loads(row.doc), bool(row.deleted), row.why,
                  Origin(row.op_id, row.actor, row.replica), row.at)


def claim_op(session: Session, row: Mapping[str, Any]) -> bool:
    """Write the op's row unless it is there; False when it was. A concurrent twin waits here for the first."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite_dialect.insert
    done = session.execute(insert(OpRow).values(**row).on_conflict_do_nothing().returning(OpRow.op_id))
    return done.first() is not None


def stored_op(session: Session, newsroom_id: str, op_id: str) -> OpRow | None:
    """The op of that id, if it was ever committed."""
    return session.get(OpRow, (newsroom_id, op_id), populate_existing=True)


def lock_entity(session: Session, newsroom_id: str, entity_id: str) -> Entity | None:
    """The entity with its row locked until the end of the transaction."""
    row = session.scalars(sa.select(EntityRow).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.id == entity_id).with_for_update()
        .execution_options(populate_existing=True)).first()
    return entity_of(row) if row is not None else None


def read_entity(session: Session, newsroom_id: str, entity_id: str) -> Entity | None:
    """The entity as this snapshot has it."""
    row = session.scalars(sa.select(EntityRow).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.id == entity_id)).first()
    return entity_of(row) if row is not None else None


@dataclass(frozen=True, slots=True)
class Change:
    """What is to be written: the whole next document of an entity."""

    entity_id: str
    kind: str
    doc: Mapping[str, Any]
    verb: str
    deleted: bool = False
    why: str = ""
    detail: Mapping[str, Any] = field(default_factory=dict)


def write(session: Session, newsroom_id: str, before: Entity | None, change: Change, origin: Origin,
          now: datetime) -> Entity:
    """Write entity, revision and audit, take the feed's next number. Call once, as the transaction's last lock."""
    doc = canonical(change.doc).decode()
    rev_n = (before.rev_n if before else 0) + 1
    rev = f"{rev_n}-{digest(change.doc)[:12]}"
    values: dict[str, Any] = {
        "kind": change.kind, "stream": STREAM_OF[change.kind], "rev_n": rev_n, "rev": rev, "doc": doc, "at": now,
        "deleted": int(change.deleted), "why": change.why, "op_id": origin.op_id, "actor": origin.actor,
        "replica": origin.replica, **_columns(change),
    }
    if before is None:
        session.execute(sa.insert(EntityRow).values(
            newsroom_id=newsroom_id, id=change.entity_id, tail=tail(change.entity_id), seq=0, **values))
    else:
        session.execute(_entity(newsroom_id, change.entity_id).values(**values))
    _revise(session, newsroom_id, change, (rev_n, rev, doc), origin, now)
    session.execute(sa.insert(AuditRow).values(
        newsroom_id=newsroom_id, at=now, actor=origin.actor, replica=origin.replica, op_id=origin.op_id,
        entity_id=change.entity_id, verb=change.verb, detail=canonical(change.detail).decode()))
    seq = _next_number(session, newsroom_id, STREAM_OF[change.kind])
    session.execute(_entity(newsroom_id, change.entity_id).values(seq=seq))
    return Entity(change.entity_id, change.kind, rev_n, rev, seq, dict(change.doc), change.deleted, change.why,
                  origin, now)


def keep_revisions(session: Session, newsroom_id: str, entity_id: str, revs: Iterable[str]) -> None:
    """Mark the revisions that `live` or `approved` name: thinning never takes them."""
    session.execute(sa.update(RevisionRow).where(
        RevisionRow.newsroom_id == newsroom_id, RevisionRow.entity_id == entity_id,
        RevisionRow.rev.in_(list(revs))).values(kept=1))


def _entity(newsroom_id: str, entity_id: str) -> sa.Update:
    return sa.update(EntityRow).where(EntityRow.newsroom_id == newsroom_id, EntityRow.id == entity_id).execution_options(
        synchronize_session=False)


def _next_number(session: Session, newsroom_id: str, stream: str) -> int:
    return session.execute(
        sa.update(FeedHeadRow).where(FeedHeadRow.newsroom_id == newsroom_id, FeedHeadRow.stream == stream)
        .values(head=FeedHeadRow.head + 1).returning(FeedHeadRow.head)
        .execution_options(synchronize_session=False)).scalar_one()


def _revise(session: Session, newsroom_id: str, change: Change, made: tuple[int, str, str], origin: Origin,
            now: datetime) -> None:
    rev_n, rev, doc = made
    if change.verb == "upsert":
        _thin(session, newsroom_id, change.entity_id, origin, now)
    hashed = content_hash(article_value(change.entity_id, change.doc)) if change.kind == "article" else digest(change.doc)
    session.execute(sa.insert(RevisionRow).values(
        newsroom_id=newsroom_id, entity_id=change.entity_id, rev=rev, rev_n=rev_n, doc=doc, content_hash=hashed,
        verb=change.verb, at=now, op_id=origin.op_id, replica=origin.replica, actor=origin.actor, kept=0))


def _thin(session: Session, newsroom_id: str, entity_id: str, origin: Origin, now: datetime) -> None:
    """Of one replica's consecutive upserts keep the last per five minutes (model 3)."""
    last = session.scalars(sa.select(RevisionRow).where(
        RevisionRow.newsroom_id == newsroom_id, RevisionRow.entity_id == entity_id)
        .order_by(RevisionRow.rev_n.desc()).limit(1).execution_options(populate_existing=True)).first()
    if last is None or last.kept or last.verb != "upsert" or last.replica != origin.replica:
        return
    if _slot(last.at) != _slot(now):
        return
    session.delete(last)
    session.flush()


def _slot(instant: datetime) -> int:
    return int(instant.timestamp() // THINNING.total_seconds())


def _columns(change: Change) -> dict[str, Any]:
    """The columns that the public pages look things up by."""
    found: dict[str, Any] = {"state": "", "article_id": "", "number": None, "starts_at": None, "ends_at": None}
    if change.kind == "article":
        return found | _article_columns(article_value(change.entity_id, change.doc))
    if change.kind == "ticker":
        return found | _ticker_columns(ticker_value(change.entity_id, change.doc))
    if change.kind == "reaction":
        return found | {"state": change.doc["status"], "article_id": change.doc["article_id"],
                        "number": change.doc["number"]}
    if change.kind == "media":
        return found | {"state": change.doc["sha256"] if is_sha256(change.doc.get("sha256")) else ""}
    return found


def _article_columns(article: Article) -> dict[str, Any]:
    coming = [p.release_at for p in article.live if p.cancelled_at is None]
    return {"state": article.status.value, "starts_at": min(coming) if coming else None}


def _ticker_columns(entry: TickerEntry) -> dict[str, Any]:
    ends = entry.end.utc if entry.end else None
    if ends is None and entry.ttl_min is not None and entry.start is not None:
        ends = entry.start.utc + timedelta(minutes=entry.ttl_min)
    return {"state": entry.intent.value, "article_id": entry.article_id, "ends_at": ends,
            "starts_at": entry.start.utc if entry.start else None}
