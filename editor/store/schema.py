"""The tables of a profile's database, as typed rows. Private to `editor.store`.

Every table is STRICT; times are milliseconds since 1970 in UTC, documents canonical JSON, truth 0 or 1. Tables that
people search have `rid INTEGER PRIMARY KEY`, because SQLite keeps row numbers stable only for a declared one (model 2).
Wide columns stand last, so that lists read past them without fetching their pages. What SQLAlchemy cannot say
(full-text tables, triggers) stands in `ddl.py`. A change here is a migration too; a test compares the two.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Table, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION = 2  # user_version; the newest migration bears the same number
STRICT = {"sqlite_strict": True}
WIDE = 100  # sort order of the columns that stand last


class Base(DeclarativeBase):
    """The one collection of tables."""

    __table_args__: Any = STRICT
    type_annotation_map = {str: Text, bytes: LargeBinary}  # noqa: RUF012 (SQLAlchemy's own form)


def table(row: type[Base]) -> Table:
    """The table behind a row's class, for Core statements."""
    found = row.__table__
    assert isinstance(found, Table)
    return found


class EntityColumns:
    """What every synced object has: the working document with press's read-only fields, and its one counter."""

    rid: Mapped[int] = mapped_column(primary_key=True, sort_order=-10)
    id: Mapped[str] = mapped_column(unique=True, sort_order=-9)
    version: Mapped[int] = mapped_column(sort_order=-8)
    wanted: Mapped[str] = mapped_column(sort_order=-7)
    deleted: Mapped[int] = mapped_column(sort_order=-6)
    saved_at: Mapped[int] = mapped_column(sort_order=-5)
    title: Mapped[str] = mapped_column(sort_order=-4)
    fields: Mapped[str] = mapped_column(CheckConstraint("json_valid(fields)"), sort_order=WIDE)  # the whole document
    seal: Mapped[str | None] = mapped_column(sort_order=WIDE + 1)  # check sum (`seals`)


class ArticleRow(EntityColumns, Base):
    """An article. Effective status at t: `turn_status` once `turn_at` has come, `shown_status` before."""

    __tablename__ = "article"

    status: Mapped[str]
    shown_status: Mapped[str]
    turn_at: Mapped[int | None]
    turn_status: Mapped[str | None]
    section: Mapped[str]
    changed_by: Mapped[str]
    publish_at: Mapped[int | None]
    publish_wall: Mapped[str | None]
    publish_zone: Mapped[str | None]
    publish_fold: Mapped[int | None]
    embargo_at: Mapped[int | None]
    content_hash: Mapped[str]
    excerpt: Mapped[str]
    live: Mapped[str]

    __table_args__ = (Index("article_saved", "deleted", "saved_at", "rid"), STRICT)


class TickerRow(EntityColumns, Base):
    """A ticker entry; `staged` is a headline that Ctrl+Enter has not yet moved in, and never travels (model 4)."""

    __tablename__ = "ticker"

    intent: Mapped[str]
    priority: Mapped[int]
    article_id: Mapped[str]
    start_at: Mapped[int | None]
    start_wall: Mapped[str | None]
    start_zone: Mapped[str | None]
    start_fold: Mapped[int | None]
    end_at: Mapped[int | None]
    ttl_min: Mapped[int | None]
    staged: Mapped[str | None]
    on_late: Mapped[str | None]

    __table_args__ = (Index("ticker_start", "start_at"), STRICT)


class MediaRow(EntityColumns, Base):
    """A picture's description; its bytes are told by their sha256."""

    __tablename__ = "media"


class NewsroomRow(EntityColumns, Base):
    """The newsroom's one document."""

    __tablename__ = "newsroom"


class PersonRow(EntityColumns, Base):
    """A colleague, made by press."""

    __tablename__ = "person"


class ListRow(EntityColumns, Base):
    """A shared list: words, style rules, snippets, saved replies."""

    __tablename__ = "list"


class SyncStateRow(Base):
    """How an object stands towards the server."""

    __tablename__ = "sync_state"

    entity_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str]
    remote_id: Mapped[str | None]
    base_rev: Mapped[str | None]
    stash_rev: Mapped[str | None]
    stash_gone: Mapped[int]
    standing: Mapped[str] = mapped_column(
        CheckConstraint("standing IN ('clean','dirty','conflict','parked','gone')"))
    dirty_since: Mapped[int | None]
    adapter_state: Mapped[str | None]
    base_doc: Mapped[str | None]
    stash_doc: Mapped[str | None]
    seal: Mapped[str | None]

    __table_args__ = (Index("sync_remote", "kind", "remote_id", unique=True), Index("sync_standing", "standing"), STRICT)


class OutboxRowRow(Base):
    """One command or one sealed request."""

    __tablename__ = "outbox"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    op_id: Mapped[str] = mapped_column(unique=True)
    entity_id: Mapped[str]
    kind: Mapped[str]
    verb: Mapped[str] = mapped_column(CheckConstraint("verb IN ('upsert','delete','restore','transition','moderate','upload')"))
    state: Mapped[str] = mapped_column(CheckConstraint(
        "state IN ('pending','sealed','acked','conflict','parked','superseded','discarded')"))
    take_back: Mapped[int]
    decision_id: Mapped[str | None]
    depends_on: Mapped[int | None] = mapped_column(ForeignKey("outbox.seq", ondelete="SET NULL"))
    actor_id: Mapped[str]
    schema_v: Mapped[int]
    base_rev: Mapped[str | None]
    body_hash: Mapped[str | None]
    sealed_version: Mapped[int | None]
    created_at: Mapped[int]
    attempts: Mapped[int]
    next_try_at: Mapped[int | None]
    settled_at: Mapped[int | None]
    last_error: Mapped[str | None]
    command: Mapped[str] = mapped_column(CheckConstraint("json_valid(command)"))
    patch: Mapped[str | None]
    snapshot: Mapped[str | None]
    body: Mapped[bytes | None]
    seal: Mapped[str | None]

    __table_args__ = (
        # At most one request of an object is in flight, and one take-back beside it (model 3).
        Index("one_in_flight", "entity_id", "take_back", unique=True, sqlite_where=text("state = 'sealed'")),
        Index("outbox_lane", "entity_id", "seq"),
        Index("outbox_state", "state", "seq"),
        Index("outbox_decision", "decision_id", "state"),
        {**STRICT, "sqlite_autoincrement": True},
    )


class AttemptRow(Base):
    """One try to send; the newest 10,000 are kept."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    op_id: Mapped[str]
    started_at: Mapped[int]
    ended_at: Mapped[int]
    result: Mapped[str]
    excerpt: Mapped[str]

    __table_args__ = (Index("attempt_op", "op_id"), STRICT)


class ReactionRow(Base):
    """The server's reaction, with what a moderator's queue needs: `queue_state`, `until_at`, `queue_rank`, `waiting`."""

    __tablename__ = "reaction"

    rid: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    rev: Mapped[str]
    article_id: Mapped[str]
    parent_id: Mapped[str]
    number: Mapped[int]
    status: Mapped[str]
    reports: Mapped[int]
    log_n: Mapped[int]
    created_at: Mapped[int]
    edited_at: Mapped[int | None]
    queue_state: Mapped[str]
    queue_rank: Mapped[int]  # 0 escalated or disputed, 1 reported, 2 the rest
    until_at: Mapped[int | None]  # when `deferred` has run out
    waiting: Mapped[int]
    author_name: Mapped[str]
    author_key: Mapped[str]
    text_hash: Mapped[str]
    text: Mapped[str]
    facts: Mapped[str | None]  # JSON of decision, escalation, deferral, dispute, where there is one

    __table_args__ = (
        Index("reaction_queue", "queue_state", "queue_rank", "created_at", "id"),  # covers: a queue opens from it alone
        Index("reaction_article", "article_id", "number"),
        Index("reaction_author", "author_key", "queue_state"),
        STRICT,
    )


class TallyRow(Base):
    """How many reactions stand in each queue; kept by triggers (a count over a million rows takes too long)."""

    __tablename__ = "tally"

    queue_state: Mapped[str] = mapped_column(primary_key=True)
    n: Mapped[int]



class DecisionRow(Base):
    """The profile's own log of decisions, hash-chained; triggers forbid changing it (M-02)."""

    __tablename__ = "decision"

    rid: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    id: Mapped[str] = mapped_column(unique=True)
    reaction_id: Mapped[str]
    action: Mapped[str]
    actor_id: Mapped[str]
    actor_name: Mapped[str]
    at: Mapped[int]
    text_hash: Mapped[str]
    seen_n: Mapped[int]
    reason: Mapped[str | None]
    note: Mapped[str]
    until: Mapped[int | None]
    supersedes: Mapped[str | None]
    prev_hash: Mapped[str]
    hash: Mapped[str]

    __table_args__ = (Index("decision_reaction", "reaction_id", "rid"), {**STRICT, "sqlite_autoincrement": True})


class ConflictRowRow(Base):
    """A card."""

    __tablename__ = "conflict"

    id: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str]
    entity_kind: Mapped[str]
    kind: Mapped[str]
    field: Mapped[str]
    raised_at: Mapped[int]
    blocking: Mapped[int]
    theirs_actor: Mapped[str]
    theirs_rev: Mapped[str]
    code: Mapped[str]
    op_id: Mapped[str]
    state: Mapped[str]
    resolution: Mapped[str]
    resolved_by: Mapped[str]
    regions: Mapped[str]
    base: Mapped[str]
    mine: Mapped[str]
    theirs: Mapped[str]

    __table_args__ = (Index("conflict_entity", "entity_id"), Index("conflict_state", "state", "raised_at"), STRICT)


class RevisionRowRow(Base):
    """A kept earlier state."""

    __tablename__ = "revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    entity_id: Mapped[str]
    at: Mapped[int]
    why: Mapped[str]
    hash: Mapped[str]
    name: Mapped[str]
    doc: Mapped[str]

    __table_args__ = (Index("revision_entity", "entity_id", "id"), STRICT)


class BlobRow(Base):
    """A file on its way to the server."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    mime: Mapped[str]
    state: Mapped[str]
    upload_url: Mapped[str | None]
    offset: Mapped[int]



class ConnectionRow(Base):
    """The one server that this profile is bound to."""

    __tablename__ = "connection"

    id: Mapped[str] = mapped_column(primary_key=True)
    adapter: Mapped[str]
    url: Mapped[str]
    account: Mapped[str]
    newsroom_id: Mapped[str]
    epoch: Mapped[str]
    state: Mapped[str]
    sample: Mapped[int]



class FeedRowRow(Base):
    """How far a stream has been read."""

    __tablename__ = "feed"

    stream: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    cursor: Mapped[str | None]
    rows_done: Mapped[int]
    head_seen: Mapped[str]



class UndoRowRow(Base):
    """What the one Undo action can take back."""

    __tablename__ = "undo"

    id: Mapped[int] = mapped_column(primary_key=True)
    operation: Mapped[str]
    entity_kind: Mapped[str]
    entity_id: Mapped[str]
    at: Mapped[int]
    actor_id: Mapped[str]
    done: Mapped[int]
    data: Mapped[str]



class AuditRow(Base):
    """Who did what; no texts."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[int]
    actor_id: Mapped[str]
    what: Mapped[str]
    kind: Mapped[str]
    entity_id: Mapped[str]
    details: Mapped[str]



class SettingRow(Base):
    """A setting of this machine or this person; `value` is JSON."""

    __tablename__ = "setting"

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]



class MetaRow(Base):
    """What the profile knows of itself: replica_id, actor, clock_offset_ms, sample, …"""

    __tablename__ = "meta"

    k: Mapped[str] = mapped_column(primary_key=True)
    v: Mapped[str]

