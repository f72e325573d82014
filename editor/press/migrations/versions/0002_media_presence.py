"""What a public text shows of media, who has what open, and a look-up of entities by their state."""

from __future__ import annotations

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Gone after a crash of PostgreSQL, and nothing is missed by that: it lives for half a minute.
    unlogged = ["UNLOGGED"] if op.get_bind().dialect.name == "postgresql" else []
    op.create_table(
        "presence",
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("replica", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("newsroom_id", "entity_id", "replica", name=op.f("pk_presence")),
        prefixes=unlogged,
    )
    op.create_table(
        "media_use",
        sa.Column("newsroom_id", sa.Text(), nullable=False),
        sa.Column("media_id", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Text(), nullable=False),
        sa.Column("rev", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("newsroom_id", "media_id", "entity_id", "rev", name=op.f("pk_media_use")),
    )
    op.create_index("ix_entity_state", "entity", ["newsroom_id", "kind", "state"], unique=False)
    op.create_index(op.f("ix_contact_newsroom_id_source_key"), "contact", ["newsroom_id", "source_key"], unique=False)
    _note_uses(op.get_bind())


def downgrade() -> None:
    op.execute("UPDATE entity SET state = '' WHERE kind = 'media'")
    op.drop_index(op.f("ix_contact_newsroom_id_source_key"), table_name="contact")
    op.drop_index("ix_entity_state", table_name="entity")
    op.drop_table("media_use")
    op.drop_table("presence")


def _note_uses(connection: sa.Connection) -> None:
    """What the new columns say of the things that are there already."""
    entity = sa.table("entity", *(sa.column(name) for name in ("rid", "newsroom_id", "id", "kind", "doc", "state")))
    revisions = sa.table("revision", *(sa.column(name) for name in ("newsroom_id", "entity_id", "rev", "doc")))
    use = sa.table("media_use", *(sa.column(name) for name in ("newsroom_id", "media_id", "entity_id", "rev")))
    for row in connection.execute(sa.select(entity).where(entity.c.kind == "media")).all():
        hashed = json.loads(row.doc).get("sha256")
        connection.execute(sa.update(entity).where(entity.c.rid == row.rid).values(
            state=hashed if isinstance(hashed, str) else ""))
    for row in connection.execute(sa.select(entity).where(entity.c.kind == "article")).all():
        for publication in json.loads(row.doc).get("live") or []:
            doc = connection.execute(sa.select(revisions.c.doc).where(
                revisions.c.newsroom_id == row.newsroom_id, revisions.c.entity_id == row.id,
                revisions.c.rev == publication["rev"])).scalar()
            named = _media_of(json.loads(doc)) if doc else set()
            known = set(connection.scalars(sa.select(use.c.media_id).where(
                use.c.newsroom_id == row.newsroom_id, use.c.entity_id == row.id, use.c.rev == publication["rev"])))
            for media_id in sorted(named - known):
                connection.execute(sa.insert(use).values(
                    newsroom_id=row.newsroom_id, media_id=media_id, entity_id=row.id, rev=publication["rev"]))


def _media_of(doc: dict[str, object]) -> set[str]:
    """As `press.media_uses` had it when this was written."""
    lead = doc.get("lead_image")
    found = {str(lead["media_id"])} if isinstance(lead, dict) and lead.get("media_id") else set()
    return found | set(re.findall(r"media:([0-9a-f-]{36})", str(doc.get("body") or "")))
