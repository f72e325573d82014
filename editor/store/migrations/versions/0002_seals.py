"""Check sums of rows."""

from alembic import op

from editor.store.seals import seal_all

revision = "0002"
down_revision = "0001"

TABLES = ("article", "ticker", "media", "newsroom", "person", "list", "outbox", "sync_state")


def upgrade() -> None:
    """One column each, filled."""
    for table in TABLES:
        op.execute(f"ALTER TABLE {table} ADD COLUMN seal TEXT")
    seal_all(op.get_bind().connection.driver_connection)
