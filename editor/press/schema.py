"""Press's tables. Rows are private to this package; values leave it (model 1: every table knows its newsroom)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, MetaData, Text, TypeDecorator, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from editor.base.wire import from_ms, to_ms

SCHEMA_VERSION = 3  # what `user_version` says; a migration raises it
Big = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts rows by itself only for INTEGER PRIMARY KEY


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant, kept as milliseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else to_ms(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        return None if value is None else from_ms(value)


class Base(DeclarativeBase):
    """The root of every row."""

    type_annotation_map = {str: Text(), int: BigInteger(), datetime: Instant()}  # noqa: RUF012 - SQLAlchemy's own form
    metadata = MetaData(naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s"})


class NewsroomRow(Base):
    """A newsroom; what it shares is an entity of kind `newsroom` with the same id."""

    __tablename__ = "newsroom"
    id: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]


class MetaRow(Base):
    """What the installation knows of itself: epoch, HMAC keys, the sample's mark and its clock."""

    __tablename__ = "meta"
    newsroom_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str]


class PersonRow(Base):
    """A person of the newsroom; the others read him as an entity of kind `person` with the same id."""

    __tablename__ = "person"
    rid: Mapped[int] = mapped_column(Big, primary_key=True)
    newsroom_id: Mapped[str]
    id: Mapped[str]
    name: Mapped[str]
    name_key: Mapped[str]  # casefolded: the name is how the command line names him
    roles: Mapped[str]  # JSON list of codes
    active: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("newsroom_id", "id"), UniqueConstraint("newsroom_id", "name_key"))


class DeviceRow(Base):
    """A machine of a person. The token itself is nowhere, only its sha256."""

    __tablename__ = "device"
    rid: Mapped[int] = mapped_column(Big, primary_key=True)
    newsroom_id: Mapped[str]
    person_id: Mapped[str]
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    __table_args__ = (Index(None, "newsroom_id", "person_id"),)


class OpRow(Base):
    """A request that was seen: the same op_id acts once, its answer is told again.

    `body_hash` is empty for one that was revoked before it arrived.
    """

    __tablename__ = "op"
    newsroom_id: Mapped[str] = mapped_column(primary_key=True)
    op_id: Mapped[str] = mapped_column(primary_key=True)
    body_hash: Mapped[str]
    entity_id: Mapped[str]
    verb: Mapped[str]
    replica: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime]
    result: Mapped[str | None]  # JSON {status, code, message, rev, seq, …}, never a document


class EntityRow(Base):
    """The present document of one thing, and the columns that the public pages look it up by."""

    __tablename__ = "entity"
    rid: Mapped[int] = mapped_column(Big, primary_key=True)
    newsroom_id: Mapped[str]
    id: Mapped[str]
    kind: Mapped[str]
    stream: Mapped[str]
    rev_n: Mapped[int]
    rev: Mapped[str]
    seq: Mapped[int]
    doc: Mapped[str]  # canonical JSON; a tombstone keeps its last content
    deleted: Mapped[int]
    why: Mapped[str]  # of a tombstone: "", retention, erasure
    # who made the present revision: its origin in the feed
    op_id: Mapped[str | None]
    actor: Mapped[str | None]
    replica: Mapped[str | None]
    at: Mapped[datetime]
    # looked up by the public pages; what is public is still decided at read, by the domain
    tail: Mapped[str]
    state: Mapped[str]  # article: stored status; ticker: intent; reaction: status; media: sha256
    article_id: Mapped[str]  # of a reaction or a ticker entry
    number: Mapped[int | None]  # of a reaction
    starts_at: Mapped[datetime | None]  # article: first release; ticker: start
    ends_at: Mapped[datetime | None]  # ticker: its own end, if it has one
    __table_args__ = (
        UniqueConstraint("newsroom_id", "id"),
        Index("ix_entity_feed", "newsroom_id", "stream", "seq"),
        Index("ix_entity_tail", "newsroom_id", "kind", "tail"),
        Index("ix_entity_state", "newsroom_id", "kind", "state"),
        Index("ix_entity_starts", "newsroom_id", "kind", "starts_at"),
        Index("ix_entity_reactions", "newsroom_id", "article_id", "kind", "number"),
    )


class RevisionRow(Base):
    """A frozen document. Thinned: of one replica's consecutive upserts the last per five minutes stays."""

    __tablename__ = "revision"
    rid: Mapped[int] = mapped_column(Big, primary_key=True)
    newsroom_id: Mapped[str]
    entity_id: Mapped[str]
    rev: Mapped[str]
    rev_n: Mapped[int]
    doc: Mapped[str]
    content_hash: Mapped[str]
    verb: Mapped[str]
    at: Mapped[datetime]
    op_id: Mapped[str | None]
    replica: Mapped[str | None]
    actor: Mapped[str | None]
    kept: Mapped[int]  # named in `live` or `approved`
    __table_args__ = (UniqueConstraint("newsroom_id", "entity_id", "rev_n"),)


class AuditRow(Base):
    """Who did what, once for each write that had an effect."""

    __tablename__ = "audit"
    rid: Mapped[int] = mapped_column(Big, primary_key=True)
    newsroom_id: Mapped[str]
    at: Mapped[datetime]
    actor: Mapped[str | None]
    replica: Mapped[str | None]
    op_id: Mapped[str | None]
    entity_id: Mapped[str]
    verb: Mapped[str]
    detail: Mapped[str]  # JSON
    __table_args__ = (Index(None, "newsroom_id", "entity_id"),)


class FeedHeadRow(Base):
    """The counter of one stream. Its row lock, after which none is waited for, makes the order of commits the order of numbers."""

    __tablename__ = "feed_head"
    newsroom_id: Mapped[str] = mapped_column(primary_key=True)
    stream: Mapped[str] = mapped_column(primary_key=True)
    head: Mapped[int]


class ReactionLogRow(Base):
    """The log of decisions: only ever appended to, each row chained to the one before (M-02)."""

    __tablename__ = "reaction_log"
    rid: Mapped[int] = mapped_column(Big, primary_key=True)
    newsroom_id: Mapped[str]
    reaction_id: Mapped[str]
    n: Mapped[int]  # 1, 2, 3… for each reaction
    decision_id: Mapped[str]
    decision: Mapped[str]  # JSON, as it stands in a reaction's document
    result: Mapped[str]
    case: Mapped[str]
    at: Mapped[datetime]
    prev_hash: Mapped[str]
    hash: Mapped[str]
    __table_args__ = (UniqueConstraint("newsroom_id", "reaction_id", "n"),
                      UniqueConstraint("newsroom_id", "decision_id"))


class ContactRow(Base):
    """A reader's e-mail and where he wrote from (as an HMAC), each until its day (L-07, L-08). In no feed."""

    __tablename__ = "contact"
    newsroom_id: Mapped[str] = mapped_column(primary_key=True)
    reaction_id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str]
    email_until: Mapped[datetime]
    source_key: Mapped[str]
    source_until: Mapped[datetime]
    __table_args__ = (Index(None, "newsroom_id", "source_key"),)


class MediaUseRow(Base):
    """A picture that a released revision shows, by the bytes it had then (model 3). Only such a picture is public."""

    __tablename__ = "media_use"
    newsroom_id: Mapped[str] = mapped_column(primary_key=True)
    media_id: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    rev: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(server_default="")  # empty: there was no such picture
    __table_args__ = (Index(None, "newsroom_id", "sha256"),)


class PresenceRow(Base):
    """Which desk has what open, until when. Advice only; what has passed is swept away later."""

    __tablename__ = "presence"
    newsroom_id: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)
    replica: Mapped[str] = mapped_column(primary_key=True)
    actor: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]


class SlugRow(Base):
    """Every address part that an article ever had: old ones lead to the present one."""

    __tablename__ = "slug"
    newsroom_id: Mapped[str] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(primary_key=True)
    entity_id: Mapped[str] = mapped_column(primary_key=True)


class SchemaVersionRow(Base):
    """What `user_version` is for SQLite: the version of the tables, in databases that have no such number."""

    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(primary_key=True)
