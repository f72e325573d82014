"""The write transaction (sync D.1): the op first, then the entity's row, the feed's counter after all that it may wait for.

Order of locks, everywhere: op rows; the one row that is changed, or answered to; at a release its pictures, shared, in
order of id; one stream's `feed_head`. Whoever has a number waits for nobody: what PostgreSQL writes after it, in the
same statement, are rows that it holds already or makes, and of one stream only the holder of the number makes any. So
commit order is number order per stream, a concurrent twin of a request waits for the first, and writers make no ring.
Two that make one thing at once collide after the number, not in a ring; `push` looks again. Two take-backs that name
each other may wait crosswise for their op rows: PostgreSQL ends one, which comes again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.ids import tail
from editor.base.wire import canonical, digest_bytes
from editor.domain.article import Article, content_hash
from editor.domain.documents import STREAM_OF, article_value, ticker_value
from editor.domain.ticker import TickerEntry
from editor.press import statements
from editor.press.media import is_sha256
from editor.press.schema import EntityRow, OpRow, RevisionRow

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


def entity_of(row: EntityRow | sa.Row[Any]) -> Entity:
    """The row as a value."""
    return Entity(row.id, row.kind, row.rev_n, row.rev, row.seq, json.loads(row.doc), bool(row.deleted), row.why,
                  Origin(row.op_id, row.actor, row.replica), row.at)


def claim_op(session: Session, row: Mapping[str, Any]) -> bool:
    """Write the op's row unless it is there; False when it was. A concurrent twin waits here for the first."""
    return statements.claim(session.connection(), row)


def stored_op(session: Session, newsroom_id: str, op_id: str) -> OpRow | None:
    """The op of that id, if it was ever committed."""
    return session.get(OpRow, (newsroom_id, op_id), populate_existing=True)


def lock_entity(session: Session, newsroom_id: str, entity_id: str) -> Entity | None:
    """The entity with its row locked until the end of the transaction."""
    return _one(session, statements.LOCK_ENTITY, newsroom_id, entity_id)


def read_entity(session: Session, newsroom_id: str, entity_id: str) -> Entity | None:
    """The entity as this snapshot has it."""
    return _one(session, statements.READ_ENTITY, newsroom_id, entity_id)


def _one(session: Session, wanted: sa.Select[Any], newsroom_id: str, entity_id: str) -> Entity | None:
    row = session.connection().execute(wanted, {"of_newsroom": newsroom_id, "of_id": entity_id}).first()
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
    """Write entity, revision and audit, take the feed's next number. Call once: no lock is waited for afterwards."""
    session.flush()
    doc = canonical(change.doc).decode()
    rev_n = (before.rev_n if before else 0) + 1
    rev = f"{rev_n}-{digest_bytes(doc.encode())[:12]}"
    if before is not None and change.verb == "upsert":
        _thin(session, newsroom_id, change.entity_id, origin, now)
    whose = {"op_id": origin.op_id, "actor": origin.actor, "replica": origin.replica, "at": now}
    entity = {
        "kind": change.kind, "stream": STREAM_OF[change.kind], "rev_n": rev_n, "rev": rev, "doc": doc,
        "deleted": int(change.deleted), "why": change.why, "tail": tail(change.entity_id), **whose, **_columns(change)}
    named = {"newsroom_id": newsroom_id, "entity_id": change.entity_id, "verb": change.verb}
    revision = {"rev": rev, "rev_n": rev_n, "doc": doc, "content_hash": _content_hash(change, doc), "kept": 0,
                **named, **whose}
    audit = {"detail": canonical(change.detail).decode(), **named, **whose}
    given: dict[str, Any] = {"of_newsroom": newsroom_id, "of_id": change.entity_id}
    for mark, values in (("e", entity), ("r", revision), ("a", audit)):
        given |= {f"{mark}_{name}": value for name, value in values.items()}
    seq = statements.write_change(session.connection(), given, make=before is None)
    return Entity(change.entity_id, change.kind, rev_n, rev, seq, dict(change.doc), change.deleted, change.why,
                  origin, now)


def keep_revisions(session: Session, newsroom_id: str, entity_id: str, revs: Iterable[str]) -> None:
    """Mark the revisions that `live` or `approved` name: thinning never takes them."""
    session.execute(sa.update(RevisionRow).where(
        RevisionRow.newsroom_id == newsroom_id, RevisionRow.entity_id == entity_id,
        RevisionRow.rev.in_(list(revs))).values(kept=1))


def _content_hash(change: Change, doc: str) -> str:
    return content_hash(article_value(change.entity_id, change.doc)) if change.kind == "article" else digest_bytes(
        doc.encode())


def _thin(session: Session, newsroom_id: str, entity_id: str, origin: Origin, now: datetime) -> None:
    """Of one replica's consecutive upserts keep the last per five minutes (model 3)."""
    connection = session.connection()
    last = connection.execute(statements.LAST_REVISION, {"of_newsroom": newsroom_id, "of_id": entity_id}).first()
    if last is None or last.kept or last.verb != "upsert" or last.replica != origin.replica:
        return
    if _slot(last.at) == _slot(now):
        connection.execute(statements.THIN, {"thinned": last.rid})


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
