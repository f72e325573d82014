"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("rid", BIG, nullable=False),
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("replica", sa.Text(), nullable=True),
        sa.Column("op_id", sa.Text(), nullable=True),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_audit"))
    )
    op.create_index(op.f("ix_audit_newsroom_id_entity_id"), "audit", ["newsroom_id", "entity_id"], unique=False)


def _contact() -> None:
    op.create_table(
        "contact",
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("reaction_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_until", sa.BigInteger(), nullable=False),
        sa.Column("source_key", sa.Text(), nullable=False),
        sa.Column("source_until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("newsroom_id", "reaction_id", name=op.f("pk_contact"))
    )


def _device() -> None:
    op.create_table(
        "device",
        sa.Column("rid", BIG, nullable=False),
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_device")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_device_token_hash"))
    )
    op.create_index(op.f("ix_device_newsroom_id_person_id"), "device", ["newsroom_id", "person_id"], unique=False)


def _entity() -> None:
    op.create_table(
        "entity",
        sa.Column("rid", BIG, nullable=False),
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("rev_n", sa.BigInteger(), nullable=False),
        sa.Column("rev", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("deleted", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("op_id", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("replica", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("tail", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("article_id", sa.Text(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=True),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_entity")),
        sa.UniqueConstraint("newsroom_id", "id", name=op.f("uq_entity_newsroom_id_id"))
    )
    op.create_index("ix_entity_feed", "entity", ["newsroom_id", "stream", "seq"], unique=False)
    op.create_index("ix_entity_reactions", "entity", ["newsroom_id", "article_id", "kind", "number"], unique=False)
    op.create_index("ix_entity_starts", "entity", ["newsroom_id", "kind", "starts_at"], unique=False)
    op.create_index("ix_entity_tail", "entity", ["newsroom_id", "kind", "tail"], unique=False)


def _feed_head() -> None:
    op.create_table(
        "feed_head",
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("stream", sa.Text(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("newsroom_id", "stream", name=op.f("pk_feed_head"))
    )


def _meta() -> None:
    op.create_table(
        "meta",
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("newsroom_id", "name", name=op.f("pk_meta"))
    )


def _newsroom() -> None:
    op.create_table(
        "newsroom",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_newsroom"))
    )


def _op() -> None:
    op.create_table(
        "op",
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("op_id", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("replica", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("newsroom_id", "op_id", name=op.f("pk_op"))
    )


def _person() -> None:
    op.create_table(
        "person",
        sa.Column("rid", BIG, nullable=False),
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("roles", sa.Text(), nullable=False),
        sa.Column("active", sa.BigInteger(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_person")),
        sa.UniqueConstraint("newsroom_id", "id", name=op.f("uq_person_newsroom_id_id")),
        sa.UniqueConstraint("newsroom_id", "name_key", name=op.f("uq_person_newsroom_id_name_key"))
    )


def _reaction_log() -> None:
    op.create_table(
        "reaction_log",
        sa.Column("rid", BIG, nullable=False),
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("reaction_id", sa.Text(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.Column("decision_id", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("result", sa.Text(), nullable=False),
        sa.Column("case", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("prev_hash", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_reaction_log")),
        sa.UniqueConstraint("newsroom_id", "decision_id", name=op.f("uq_reaction_log_newsroom_id_decision_id")),
        sa.UniqueConstraint("newsroom_id", "reaction_id", "n", name=op.f("uq_reaction_log_newsroom_id_reaction_id_n"))
    )


def _revision() -> None:
    op.create_table(
        "revision",
        sa.Column("rid", BIG, nullable=False),
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("rev", sa.Text(), nullable=False),
        sa.Column("rev_n", sa.BigInteger(), nullable=False),
        sa.Column("doc", sa.Text(), nullable=False),
        sa.Column("content_hash", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("op_id", sa.Text(), nullable=True),
        sa.Column("replica", sa.Text(), nullable=True),
        sa.Column("actor", sa.Text(), nullable=True),
        sa.Column("kept", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("rid", name=op.f("pk_revision")),
        sa.UniqueConstraint("newsroom_id", "entity_id", "rev_n", name=op.f("uq_revision_newsroom_id_entity_id_rev_n"))
    )


def _schema_version() -> None:
    op.create_table(
        "schema_version",
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_schema_version"))
    )


def _slug() -> None:
    op.create_table(
        "slug",
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("newsroom_id", "slug", "entity_id", name=op.f("pk_slug"))
    )


def upgrade() -> None:
    for make in (_audit, _contact, _device, _entity, _feed_head, _meta, _newsroom, _op, _person, _reaction_log,
                 _revision, _schema_version, _slug):
        make()
