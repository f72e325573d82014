"""What people must settle, what they can take back, and what was kept for them: conflicts, undo, revisions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, delete, literal_column, select, update

from editor.base.wire import to_ms
from editor.desk.ports import ConflictRow, RevisionRow, UndoRow
from editor.store import mapping
from editor.store.entities import find_ids
from editor.store.schema import ConflictRowRow, RevisionRowRow, UndoRowRow, insertion, table


@cache
def _open(*, of_one: bool) -> Select[Any]:
    rows = table(ConflictRowRow)
    statement = select(rows).where(rows.c.state == literal_column("'open'")).order_by(rows.c.raised_at, rows.c.id)
    return statement.where(rows.c.entity_id == bindparam("wanted_id")) if of_one else statement


class ConflictRows:
    """Cards."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table = table(ConflictRowRow)

    def add(self, row: ConflictRow) -> None:
        """Raise a card."""
        self._connection.execute(insertion(ConflictRowRow), mapping.conflict_columns(row))

    def put(self, row: ConflictRow) -> None:
        """Write a card back."""
        self._connection.execute(update(self._table).where(self._table.c.id == row.id)
                                 .values(mapping.conflict_columns(row)))

    def get(self, conflict_id: str) -> ConflictRow | None:
        """The card, open or closed."""
        row = self._connection.execute(select(self._table).where(self._table.c.id == conflict_id)).mappings().first()
        return None if row is None else mapping.conflict(row)

    def open(self, entity_id: str | None = None) -> Sequence[ConflictRow]:
        """Open cards, of one object or of all, oldest first."""
        wanted = {} if entity_id is None else {"wanted_id": entity_id}
        found = self._connection.execute(_open(of_one=entity_id is not None), wanted)
        return [mapping.conflict(row) for row in found.mappings()]

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
        done = self._connection.execute(insertion(RevisionRowRow), {
            "entity_id": row.entity_id, "at": to_ms(row.at), "why": row.why, "hash": row.hash, "name": row.name,
            "doc": mapping.dump(row.doc)})
        assert done.inserted_primary_key is not None
        return int(done.inserted_primary_key[0])

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
        done = self._connection.execute(insertion(UndoRowRow), {
            "operation": row.operation, "entity_kind": row.entity_kind, "entity_id": row.entity_id,
            "at": to_ms(row.at), "actor_id": row.actor_id, "done": int(row.done), "data": mapping.dump(row.data)})
        assert done.inserted_primary_key is not None
        return int(done.inserted_primary_key[0])

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
