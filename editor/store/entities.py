"""Articles, ticker entries, media, newsroom, people, lists: rows with a working document and one counter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Table, bindparam, func, literal_column, select
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.sql.dml import ReturningInsert

from editor.base.errors import Bug
from editor.base.ids import TAIL
from editor.base.messages import Message
from editor.base.wire import from_ms, to_ms
from editor.desk.ports import Entity
from editor.store import mapping
from editor.store.schema import ArticleRow, Base, ListRow, MediaRow, NewsroomRow, PersonRow, TickerRow, table

KINDS = ("article", "ticker", "media", "newsroom", "person", "list")  # reactions have rows of their own


KINDS = ("article", "ticker", "media", "newsroom", "person", "list")


@cache
def table_of(kind: str) -> Table:
    """The table of `kind`. Raises `Bug` for a kind that has none."""
    rows: dict[str, type[Base]] = {"article": ArticleRow, "ticker": TickerRow, "media": MediaRow,
                                   "newsroom": NewsroomRow, "person": PersonRow, "list": ListRow}
    if kind not in rows:
        raise Bug("unknown_kind", Message("store", "There is no table for {kind}.", {"kind": kind}))
    return table(rows[kind])


@cache
def _get(kind: str) -> Select[Any]:
    rows = table_of(kind)
    return select(rows).where(rows.c.id == bindparam("wanted_id"))


@cache
def _put(kind: str) -> ReturningInsert[Any]:
    rows = table_of(kind)
    names = [column.name for column in rows.columns if column.name != "rid"]
    statement = insert(rows).values({name: bindparam(name) for name in names})
    changed = {name: statement.excluded[name] for name in names if name not in ("id", "version")}
    # The row's own counter goes on, whatever the caller held: it never runs back.
    return statement.on_conflict_do_update(
        index_elements=[rows.c.id], set_={**changed, "version": rows.c.version + 1}).returning(rows.c.version)


class EntityRows:
    """Reads and writes entities in one transaction; on a reader's connection it only reads."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def get(self, kind: str, entity_id: str) -> Entity | None:
        """The entity, deleted or not; None too for a kind that has no rows of its own (reactions)."""
        if kind not in KINDS:
            return None
        row = self._connection.execute(_get(kind), {"wanted_id": entity_id}).mappings().one_or_none()
        return None if row is None else mapping.entity(kind, row)

    def put(self, entity: Entity) -> Entity:
        """Write the row with `version` + 1 (1 for a new one); its typed columns, and by triggers its place in the
        search index, come from its document. Raises `BadWire` for a document that is none."""
        columns = mapping.entity_columns(entity, self._now)
        version = self._connection.execute(_put(entity.kind), {"version": 1, **columns}).scalar_one()
        return replace(entity, version=version, saved_at=from_ms(to_ms(self._now)))

    def all(self, kind: str, *, deleted: bool = False) -> Sequence[Entity]:
        """Every entity of a kind, oldest row first; the deleted ones instead when asked."""
        rows = table_of(kind)
        statement = select(rows).where(rows.c.deleted == int(deleted)).order_by(rows.c.rid)
        return [mapping.entity(kind, row) for row in self._connection.execute(statement).mappings()]

    def find(self, kind: str, tail: str) -> Sequence[str]:
        """Ids that are `tail` or end in it."""
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
