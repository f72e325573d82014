"""Rows to values and back: JSON, times, and the typed columns that a document gives."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping

from editor.base.sqlite import DatabaseError
from editor.base.wire import canonical, from_ms, to_ms
from editor.desk.ports import (
    Attempt,
    ConflictRow,
    Connection,
    Entity,
    FeedRow,
    OpState,
    OutboxRow,
    RevisionRow,
    Standing,
    SyncState,
    UndoRow,
)
from editor.domain.article import Article, content_hash, status_by
from editor.domain.documents import article_value, ticker_value
from editor.domain.moments import Moment
from editor.domain.publication import ahead
from editor.store.seals import SEAL, check, seal_of

Row = RowMapping | dict[str, Any]  # by the names of the columns
EXCERPT = 200  # characters of the lead (or the text) that a card shows


def dump(value: object) -> str:
    """Canonical JSON as it is stored."""
    return canonical(value).decode()


def dump_or_null(value: object) -> str | None:
    """Canonical JSON, or NULL for nothing."""
    return None if value is None else dump(value)


class Dumps:
    """Canonical JSON of the documents of one transaction, each made once: what is taken in from the server is both the
    working text and its base."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[object, str]] = {}  # with the value itself, or another could get its id

    def of(self, value: object) -> str:
        """`dump`, of a value that nobody changes."""
        known = self._made.get(id(value))
        if known is None:
            known = self._made[id(value)] = (value, dump(value))
        return known[1]


def load(raw: str | None) -> Any:
    """The value of stored JSON; NULL is nothing. Raises the library's `DatabaseError` for what we never wrote."""
    try:
        return None if raw is None else json.loads(raw)
    except ValueError as error:
        raise DatabaseError("a stored document is malformed") from error


def ms(instant: datetime | None) -> int | None:
    """Milliseconds, or NULL."""
    return None if instant is None else to_ms(instant)


def instant(at: int | None) -> datetime | None:
    """The time of a column, or nothing."""
    return None if at is None else from_ms(at)


def moment_columns(name: str, moment: Moment | None) -> dict[str, Any]:
    """A moment's four columns."""
    if moment is None:
        return {f"{name}_at": None, f"{name}_wall": None, f"{name}_zone": None, f"{name}_fold": None}
    return {f"{name}_at": to_ms(moment.utc), f"{name}_wall": moment.wall, f"{name}_zone": moment.zone,
            f"{name}_fold": moment.fold}


# -- entities -------------------------------------------------------------------------------------------------------

def entity_columns(entity: Entity, now: datetime, fields: str) -> dict[str, Any]:
    """Every column of an entity's row but `rid`; `fields` is its document as it is stored."""
    own = {"article": _article_columns, "ticker": _ticker_columns}.get(entity.kind, _plain_columns)
    columns = {"id": entity.id, "version": entity.version, "wanted": entity.wanted, "deleted": int(entity.deleted),
               "saved_at": to_ms(entity.saved_at or now), "fields": fields, **own(entity, now)}
    return {**columns, SEAL: seal_of(entity.kind, columns)}


def _plain_columns(entity: Entity, _now: datetime) -> dict[str, Any]:
    title = entity.doc.get("name") or entity.doc.get("title") or entity.doc.get("alt") or ""
    return {"title": title if isinstance(title, str) else ""}


def _article_columns(entity: Entity, now: datetime) -> dict[str, Any]:
    article = article_value(entity.id, entity.doc)
    following = ahead(article.live, now)
    return {
        "title": article.headline, "status": article.status.value,
        "shown_status": status_by(article.status, article.live, now).value,
        "turn_at": to_ms(following.release_at) if following else None,
        "turn_status": status_by(article.status, article.live, following.release_at).value if following else None,
        "section": article.section, "changed_by": article.changed_by, **moment_columns("publish", article.publish),
        "embargo_at": to_ms(article.embargo_at.utc) if article.embargo_at else None,
        "content_hash": content_hash(article), "excerpt": excerpt(article),
        "live": dump(entity.doc["live"]) if article.live else "[]",
    }


def excerpt(article: Article) -> str:
    """The first words of the lead, or of the text."""
    return (article.lead or article.body)[:EXCERPT].strip()


def _ticker_columns(entity: Entity, _now: datetime) -> dict[str, Any]:
    entry = ticker_value(entity.id, entity.doc)
    return {
        "title": entry.headline, "intent": entry.intent.value, "priority": int(entry.priority),
        "article_id": entry.article_id, **moment_columns("start", entry.start),
        "end_at": to_ms(entry.end.utc) if entry.end else None, "ttl_min": entry.ttl_min, "staged": entity.staged,
        "on_late": entity.on_late,
    }


def entity(kind: str, row: Row) -> Entity:
    """The entity of a whole row. Raises the library's `DatabaseError` for one that is not as it was written."""
    check(kind, row)
    return Entity(kind=kind, id=row["id"], doc=load(row["fields"]), version=row["version"], wanted=row["wanted"],
                  deleted=bool(row["deleted"]), saved_at=from_ms(row["saved_at"]), staged=row.get("staged"),
                  on_late=row.get("on_late"))


# -- sync -----------------------------------------------------------------------------------------------------------

def sync_state(row: Row) -> SyncState:
    """The sync state of a whole row. Raises like `entity`."""
    check("sync_state", row)
    return SyncState(
        entity_id=row["entity_id"], kind=row["kind"], base_doc=load(row["base_doc"]), base_rev=row["base_rev"],
        stash_doc=load(row["stash_doc"]), stash_rev=row["stash_rev"], stash_gone=bool(row["stash_gone"]),
        standing=Standing(row["standing"]), dirty_since=instant(row["dirty_since"]),
        adapter_state=load(row["adapter_state"]))


def sync_columns(state: SyncState) -> dict[str, Any]:
    """The columns of a sync state but its two documents."""
    adapter = state.adapter_state
    remote = adapter.get("remote_id") if adapter else None
    return {"entity_id": state.entity_id, "kind": state.kind, "base_rev": state.base_rev, "stash_rev": state.stash_rev,
            "stash_gone": int(state.stash_gone), "standing": state.standing.value, "dirty_since": ms(state.dirty_since),
            "adapter_state": dump_or_null(adapter), "remote_id": None if remote is None else str(remote)}


def outbox_row(row: Row) -> OutboxRow:
    """The command or request of a whole row. Raises like `entity`."""
    check("outbox", row)
    return OutboxRow(
        op_id=row["op_id"], entity_id=row["entity_id"], kind=row["kind"], verb=row["verb"],
        state=OpState(row["state"]), actor_id=row["actor_id"], created_at=from_ms(row["created_at"]), seq=row["seq"],
        command=load(row["command"]), snapshot=load(row["snapshot"]), schema_v=row["schema_v"],
        base_rev=row["base_rev"], patch=load(row["patch"]), body=row["body"], body_hash=row["body_hash"],
        sealed_version=row["sealed_version"], attempts=row["attempts"], next_try_at=instant(row["next_try_at"]),
        take_back=bool(row["take_back"]), last_error=row["last_error"])


def outbox_columns(row: OutboxRow) -> dict[str, Any]:
    """The columns of a row but `seq` and `settled_at`. An acked row keeps neither its bytes nor its patch: the server
    has both, and a day's typing would be hundreds of megabytes."""
    kept = row.state is not OpState.ACKED
    columns = {
        "op_id": row.op_id, "entity_id": row.entity_id, "kind": row.kind, "verb": row.verb, "state": row.state.value,
        "take_back": int(row.take_back), "decision_id": row.command.get("decision_id"), "actor_id": row.actor_id,
        "schema_v": row.schema_v, "base_rev": row.base_rev, "body_hash": row.body_hash,
        "sealed_version": row.sealed_version, "created_at": to_ms(row.created_at), "attempts": row.attempts,
        "next_try_at": ms(row.next_try_at), "last_error": row.last_error, "command": dump(row.command),
        "patch": dump_or_null(row.patch) if kept else None, "snapshot": dump_or_null(row.snapshot),
        "body": row.body if kept else None,
    }
    return {**columns, SEAL: seal_of("outbox", columns)}


def attempt(row: Row) -> Attempt:
    """The attempt of a row."""
    return Attempt(row["op_id"], from_ms(row["started_at"]), from_ms(row["ended_at"]), row["result"], row["excerpt"])


def attempt_columns(item: Attempt) -> dict[str, Any]:
    """The columns of an attempt."""
    return {"op_id": item.op_id, "started_at": to_ms(item.started_at), "ended_at": to_ms(item.ended_at),
            "result": item.result, "excerpt": item.excerpt}


# -- cards, revisions, the rest -------------------------------------------------------------------------------------

_CONFLICT_JSON = ("regions", "base", "mine", "theirs")
_CONFLICT_PLAIN = ("id", "entity_id", "entity_kind", "kind", "field", "theirs_actor", "theirs_rev", "code", "op_id",
                   "state", "resolution", "resolved_by")


def conflict(row: Row) -> ConflictRow:
    """The card of a row."""
    return ConflictRow(**{name: row[name] for name in _CONFLICT_PLAIN}, raised_at=from_ms(row["raised_at"]),
                       blocking=bool(row["blocking"]), **{name: load(row[name]) for name in _CONFLICT_JSON})


def conflict_columns(row: ConflictRow) -> dict[str, Any]:
    """The columns of a card."""
    found: dict[str, Any] = {name: getattr(row, name) for name in _CONFLICT_PLAIN}
    found.update({name: dump(getattr(row, name)) for name in _CONFLICT_JSON[1:]})
    return {**found, "regions": dump([dict(region) for region in row.regions]), "raised_at": to_ms(row.raised_at),
            "blocking": int(row.blocking)}


def revision(row: Row) -> RevisionRow:
    """The kept state of a row."""
    return RevisionRow(entity_id=row["entity_id"], at=from_ms(row["at"]), why=row["why"], doc=load(row["doc"]),
                       hash=row["hash"], name=row["name"], id=row["id"])


def undo(row: Row) -> UndoRow:
    """The undo record of a row."""
    return UndoRow(operation=row["operation"], entity_kind=row["entity_kind"], entity_id=row["entity_id"],
                   at=from_ms(row["at"]), actor_id=row["actor_id"], data=load(row["data"]), id=row["id"],
                   done=bool(row["done"]))


def feed(row: Row) -> FeedRow:
    """The cursor of a row."""
    return FeedRow(row["stream"], row["epoch"], row["cursor"], row["rows_done"], row["head_seen"])


def connection(row: Row) -> Connection:
    """The server of a row."""
    return Connection(id=row["id"], adapter=row["adapter"], url=row["url"], account=row["account"],
                      newsroom_id=row["newsroom_id"], epoch=row["epoch"], state=row["state"], sample=bool(row["sample"]))
