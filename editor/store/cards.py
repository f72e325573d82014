"""What people must settle, what they can take back, and what was kept for them: conflicts, undo, revisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Select, bindparam, delete, func, literal_column, select, update

from editor.base.wire import to_ms
from editor.desk.ports import ConflictRow, RevisionRow, UndoRow
from editor.store import mapping
from editor.store.entities import find_ids
from editor.store.prepared import insertion, listed, prepared, whole
from editor.store.schema import ConflictRowRow, RevisionRowRow, UndoRowRow, table


@cache
def _open(which: Literal["all", "one", "many"]) -> Select[Any]:
    rows = table(ConflictRowRow)
    statement = select(rows) if which == "all" else whole(rows, "entity_id", many=which == "many")
    return statement.where(rows.c.state == literal_column("'open'")).order_by(rows.c.raised_at, rows.c.id)


@cache
def _last_kept() -> Select[Any]:
    rows = table(RevisionRowRow)
    last = select(func.max(rows.c.id)).where(rows.c.entity_id == bindparam("wanted")).scalar_subquery()
    return select(rows.c.at).where(rows.c.id == last)


class ConflictRows:
    """Cards. The open ones of an object are held from the first question about them to the next change of one."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table = table(ConflictRowRow)
        self._open: dict[str, list[ConflictRow]] = {}

    def add(self, row: ConflictRow) -> None:
        """Raise a card."""
        insertion(ConflictRowRow).run(self._connection, mapping.conflict_columns(row))
        self._open.pop(row.entity_id, None)

    def put(self, row: ConflictRow) -> None:
        """Write a card back."""
        self._open.pop(row.entity_id, None)
        self._connection.execute(update(self._table).where(self._table.c.id == row.id)
                                 .values(mapping.conflict_columns(row)))

    def get(self, conflict_id: str) -> ConflictRow | None:
        """The card, open or closed."""
        row = self._connection.execute(select(self._table).where(self._table.c.id == conflict_id)).mappings().first()
        return None if row is None else mapping.conflict(row)

    def open(self, entity_id: str | None = None) -> Sequence[ConflictRow]:
        """Open cards, of one object or of all, oldest first."""
        if entity_id is None:
            return [mapping.conflict(row) for row in prepared(_open("all")).all(self._connection, {})]
        if entity_id not in self._open:
            found = prepared(_open("one")).all(self._connection, {"wanted": entity_id})
            self._open[entity_id] = [mapping.conflict(row) for row in found]
        return tuple(self._open[entity_id])

    def read_ahead(self, ids: Iterable[str]) -> None:
        """Hold the open cards of these objects, with one question."""
        wanted = [one for one in ids if one not in self._open]
        self._open.update((one, []) for one in wanted)
        for row in prepared(_open("many")).all(self._connection, {"wanted": listed(wanted)}):
            self._open[row["entity_id"]].append(mapping.conflict(row))

    def erase(self, entity_id: str) -> None:
        """Empty every card about this object, closed ones too, of its texts."""
        self._open.pop(entity_id, None)
        nothing = mapping.dump(None)
        self._connection.execute(update(self._table).where(self._table.c.entity_id == entity_id).values(
            base=nothing, mine=nothing, theirs=nothing, regions=mapping.dump([])))

    def find(self, tail: str) -> Sequence[str]:
        """Ids that are `tail` or end in it."""
        return find_ids(self._connection, self._table, tail)


class RevisionRows:
    """Earlier states, newest first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table = table(RevisionRowRow)

    def add(self, row: RevisionRow) -> int:
        """Keep a state; its number."""
        return insertion(RevisionRowRow).add(self._connection, {
            "entity_id": row.entity_id, "at": to_ms(row.at), "why": row.why, "hash": row.hash, "name": row.name,
            "doc": mapping.dump(row.doc)})

    def last_at(self, entity_id: str) -> datetime | None:
        """When a state of an object was kept last."""
        return mapping.instant(prepared(_last_kept()).value(self._connection, {"wanted": entity_id}))

    def of(self, entity_id: str) -> Sequence[RevisionRow]:
        """The kept states of an object, newest first."""
        rows = self._table
        statement = select(rows).where(rows.c.entity_id == entity_id).order_by(rows.c.id.desc())
        return [mapping.revision(row) for row in self._connection.execute(statement).mappings()]

    def with_hash(self, entity_id: str, content_hash: str) -> RevisionRow | None:
        """The newest kept state with that content."""
        rows = self._table
        statement = (select(rows).where(rows.c.entity_id == entity_id, rows.c.hash == content_hash)
                     .order_by(rows.c.id.desc()).limit(1))
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else mapping.revision(row)

    def get(self, revision_id: int) -> RevisionRow | None:
        """One kept state."""
        row = self._connection.execute(select(self._table).where(self._table.c.id == revision_id)).mappings().first()
        return None if row is None else mapping.revision(row)

    def remove(self, entity_id: str) -> None:
        """Take out every kept state of an object: erasure (model 5)."""
        self._connection.execute(delete(self._table).where(self._table.c.entity_id == entity_id))


class UndoRows:
    """What can be undone, newest first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table = table(UndoRowRow)

    def add(self, row: UndoRow) -> int:
        """Keep a record; its number."""
        return insertion(UndoRowRow).add(self._connection, {
            "operation": row.operation, "entity_kind": row.entity_kind, "entity_id": row.entity_id,
            "at": to_ms(row.at), "actor_id": row.actor_id, "done": int(row.done), "data": mapping.dump(row.data)})

    def latest(self, *kinds: str) -> UndoRow | None:
        """The newest record not yet undone, of these kinds of object or of any."""
        rows = self._table
        statement = select(rows).where(rows.c.done == 0).order_by(rows.c.id.desc()).limit(1)
        if kinds:
            statement = statement.where(rows.c.entity_kind.in_(kinds))
        row = self._connection.execute(statement).mappings().first()
        return None if row is None else mapping.undo(row)

    def get(self, undo_id: int) -> UndoRow | None:
        """One record."""
        row = self._connection.execute(select(self._table).where(self._table.c.id == undo_id)).mappings().first()
        return None if row is None else mapping.undo(row)

    def close(self, undo_id: int) -> None:
        """Mark a record as undone."""
        self._connection.execute(update(self._table).where(self._table.c.id == undo_id).values(done=1))

    def erase(self, entity_id: str) -> None:
        """Take out every record of an object: what would be put back must be gone."""
        self._connection.execute(delete(self._table).where(self._table.c.entity_id == entity_id))
