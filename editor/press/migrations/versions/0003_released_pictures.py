"""What a release shows of pictures is frozen with it: the bytes, not whatever the picture's document says today."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("media_use", sa.Column("sha256", sa.Text(), nullable=False, server_default=""))
    op.create_index(op.f("ix_media_use_newsroom_id_sha256"), "media_use", ["newsroom_id", "sha256"], unique=False)
    # What readers saw until now was the document's.
    op.execute("UPDATE media_use SET sha256 = coalesce((SELECT state FROM entity WHERE entity.kind = 'media' "
               "AND entity.newsroom_id = media_use.newsroom_id AND entity.id = media_use.media_id "
               "AND entity.deleted = 0), '')")


def downgrade() -> None:
    op.drop_index(op.f("ix_media_use_newsroom_id_sha256"), table_name="media_use")
    op.drop_column("media_use", "sha256")
