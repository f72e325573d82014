"""Articles, ticker entries, media, newsroom, people, lists: rows with a working document and one counter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, func, literal_column, select

from editor.base.errors import Bug
from editor.base.ids import TAIL
from editor.base.messages import Message
from editor.base.wire import from_ms, to_ms
from editor.desk.ports import Entity
from editor.store import mapping
from editor.store.prepared import listed, prepared, upsertion, whole
from editor.store.schema import ArticleRow, Base, ListRow, MediaRow, NewsroomRow, PersonRow, TickerRow, table

ROWS: Mapping[str, type[Base]] = {
    "article": ArticleRow, "ticker": TickerRow, "media": MediaRow, "newsroom": NewsroomRow, "person": PersonRow,
    "list": ListRow,
}
KINDS = tuple(ROWS)  # reactions have rows of their own


def table_of(kind: str) -> Table:
    """The table of `kind`. Raises `Bug` for a kind that has none."""
    if kind not in ROWS:
        raise Bug("unknown_kind", Message("store", "There is no table for {kind}.", {"kind": kind}))
    return table(ROWS[kind])


@cache
def _get(kind: str, *, many: bool = False) -> Select[Any]:
    return whole(table_of(kind), "id", many=many)


class EntityRows:
    """Reads and writes entities in one transaction; on a reader's connection it only reads.

    What was read or put is held until the transaction ends, and what was put is written then, or before a question
    that goes by anything but an id: two hundred rows of a page are one statement.
    """

    def __init__(self, connection: Connection, now: datetime, dumps: mapping.Dumps | None = None) -> None:
        self._connection = connection
        self._now = now
        self._dumps = dumps or mapping.Dumps()
        self._held: dict[tuple[str, str], Entity | None] = {}
        self._fresh: dict[str, dict[str, dict[str, Any]]] = {}  # columns by kind and id

    def get(self, kind: str, entity_id: str) -> Entity | None:
        """The entity, deleted or not; None too for a kind that has no rows of its own (reactions)."""
        if kind not in KINDS:
            return None
        if (kind, entity_id) not in self._held:
            row = prepared(_get(kind)).first(self._connection, {"wanted": entity_id})
            self._held[kind, entity_id] = None if row is None else mapping.entity(kind, row)
        return self._held[kind, entity_id]

    def read_ahead(self, kind: str, ids: Iterable[str]) -> None:
        """Hold what there is of these ids, with one question."""
        wanted = [one for one in ids if (kind, one) not in self._held]
        self._held.update(((kind, one), None) for one in wanted)
        for row in prepared(_get(kind, many=True)).all(self._connection, {"wanted": listed(wanted)}):
            self._held[kind, row["id"]] = mapping.entity(kind, row)

    def put(self, entity: Entity) -> Entity:
        """Write the row with its own `version` + 1 (1 for a new one), whatever the caller held: it never runs back. Its
        typed columns, and by triggers its place in the search index, come from its document. Raises `BadWire` for a
        document that is none."""
        name = table_of(entity.kind).name
        before = self.get(entity.kind, entity.id)
        entity = replace(entity, version=before.version + 1 if before else 1,
                         saved_at=from_ms(to_ms(entity.saved_at or self._now)))
        columns = mapping.entity_columns(entity, self._now, self._dumps.of(entity.doc))
        self._fresh.setdefault(entity.kind, {})[entity.id] = columns
        self._held[entity.kind, entity.id] = entity
        if name == "newsroom":
            self.finish()  # the profile's facts are read from its table in the same transaction
        return entity

    def finish(self) -> None:
        """Write what has waited."""
        for kind, rows in self._fresh.items():
            upsertion(ROWS[kind], "id").run_many(self._connection, list(rows.values()))
        self._fresh.clear()

    def all(self, kind: str, *, deleted: bool = False) -> Sequence[Entity]:
        """Every entity of a kind, oldest row first; the deleted ones instead when asked."""
        self.finish()
        rows = table_of(kind)
        statement = select(rows).where(rows.c.deleted == int(deleted)).order_by(rows.c.rid)
        return [mapping.entity(kind, row) for row in self._connection.execute(statement).mappings()]

    def find(self, kind: str, tail: str) -> Sequence[str]:
        """Ids that are `tail` or end in it."""
        self.finish()
        return find_ids(self._connection, table_of(kind), tail)


def find_ids(connection: Connection, rows: Table, tail: str) -> Sequence[str]:
    """Ids of a table that end in `tail`; eight characters and more go through an index where the table has one."""
    if not tail:
        return []
    statement = select(rows.c.id).where(func.substr(rows.c.id, -len(tail)) == tail).order_by(rows.c.id)
    if len(tail) >= TAIL:
        # A literal, or SQLite does not know the index's own expression again.
        statement = statement.where(func.substr(rows.c.id, literal_column(str(-TAIL))) == tail[-TAIL:])
    return list(connection.execute(statement).scalars())
