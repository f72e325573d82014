"""Questions about the ticker: one day, one entry, and everything that may still be public."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, func, or_, select

from editor.base.wire import to_ms
from editor.desk.ports import ConflictRow, Standing
from editor.desk.read_models import TickerItem
from editor.domain.documents import ticker_value
from editor.domain.moments import zone_info
from editor.domain.newsroom import Newsroom
from editor.domain.ticker import TickerEntry, end_of
from editor.store import mapping
from editor.store.article_queries import UNSENT, is_waiting
from editor.store.cards import ConflictRows
from editor.store.schema import SyncStateRow, TickerRow, table

MINUTE_MS = 60_000


class TickerQueries:
    """Asks in one snapshot; the newsroom's rules say how long an entry lasts."""

    def __init__(self, connection: Connection, now: datetime, newsroom: Newsroom) -> None:
        self._connection = connection
        self._now = now
        self._newsroom = newsroom

    def day(self, day: date) -> Sequence[TickerItem]:
        """Entries that start on that day of the newsroom's zone, or carry over into it, by start; then those without
        a start."""
        zone = zone_info(self._newsroom.zone)
        begin = datetime.combine(day, time(), zone).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
        rows = table(TickerRow)
        statement = _items().where(rows.c.deleted == 0, or_(rows.c.start_at.is_(None), and_(
            rows.c.start_at < to_ms(end), or_(rows.c.start_at >= to_ms(begin), self._latest_end() > to_ms(begin)))))
        found = self._items(statement.order_by(rows.c.start_at.is_(None), rows.c.start_at, rows.c.rid))
        return [item for item in found if self._stands(item.entry, begin)]

    def item(self, entry_id: str) -> TickerItem | None:
        """One entry, deleted or not."""
        found = self._items(_items().where(table(TickerRow).c.id == entry_id))
        return found[0] if found else None

    def entries(self) -> Sequence[TickerEntry]:
        """Every planned entry that may still be public."""
        rows = table(TickerRow)
        statement = select(rows.c.id, rows.c.fields).where(
            rows.c.deleted == 0, rows.c.intent == "planned", rows.c.start_at.is_not(None),
            self._latest_end() > to_ms(self._now)).order_by(rows.c.start_at)
        entries = [ticker_value(row["id"], mapping.load(row["fields"]))
                   for row in self._connection.execute(statement).mappings()]
        return [entry for entry in entries if self._stands(entry, self._now)]

    def _stands(self, entry: TickerEntry, t: datetime) -> bool:
        end = end_of(entry, self._newsroom.ticker)
        return end is None or end > t or (entry.start is not None and entry.start.utc >= t)

    def _latest_end(self) -> ColumnElement[Any]:
        """No earlier than the real end, which needs the priority's rule."""
        rows = table(TickerRow)
        longest = max(self._newsroom.ticker.ttl_hours) * 60 * MINUTE_MS
        return func.coalesce(rows.c.end_at, rows.c.start_at + rows.c.ttl_min * MINUTE_MS, rows.c.start_at + longest)

    def _items(self, statement: Select[Any]) -> list[TickerItem]:
        cards: dict[str, list[ConflictRow]] = {}
        for card in ConflictRows(self._connection).open():
            cards.setdefault(card.entity_id, []).append(card)
        return [_item(row, tuple(cards.get(row["id"], ()))) for row in self._connection.execute(statement).mappings()]


def _items() -> Select[Any]:
    rows, syncs = table(TickerRow), table(SyncStateRow)
    return (select(rows.c.id, rows.c.version, rows.c.staged, rows.c.fields, syncs.c.standing,
                   is_waiting(rows.c.id).label("waits"))
            .outerjoin(syncs, syncs.c.entity_id == rows.c.id))


def _item(row: mapping.Row, cards: tuple[ConflictRow, ...]) -> TickerItem:
    standing = Standing(row["standing"]) if row["standing"] else Standing.DIRTY
    return TickerItem(entry=ticker_value(row["id"], mapping.load(row["fields"])), version=row["version"],
                      standing=standing, staged=row["staged"], waiting=bool(row["waits"]) or standing in UNSENT,
                      conflicts=cards)
