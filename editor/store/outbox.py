"""How objects stand towards the server, and what waits to be sent to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, bindparam, delete, func, literal_column, select, update
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.sql.dml import Update

from editor.base.errors import Bug
from editor.base.messages import Message
from editor.base.wire import to_ms
from editor.desk.ports import Attempt, OpState, OutboxRow, Standing, SyncState
from editor.store import mapping
from editor.store.schema import AttemptRow, OutboxRowRow, SyncStateRow, insertion, table

ATTEMPTS_KEPT = 10_000
WAITING = (OpState.PENDING, OpState.SEALED)
SETTLED = (OpState.ACKED, OpState.SUPERSEDED, OpState.DISCARDED)


@cache
def outbox() -> Table:
    """The table of commands and requests."""
    return table(OutboxRowRow)


@cache
def _sync_get() -> Select[Any]:
    rows = table(SyncStateRow)
    return select(rows).where(rows.c.entity_id == bindparam("wanted_id"))


@cache
def _sync_put(names: frozenset[str]) -> Insert:
    statement = upsert(table(SyncStateRow)).values({name: bindparam(name) for name in sorted(names)})
    return statement.on_conflict_do_update(
        index_elements=["entity_id"], set_={name: statement.excluded[name] for name in sorted(names)})


@cache
def _get() -> Select[Any]:
    return select(outbox()).where(outbox().c.op_id == bindparam("wanted_id"))


def in_states(*states: OpState) -> ColumnElement[bool]:
    """Whether a row is in one of these states; written as literals, which a statement made once can hold."""
    return outbox().c.state.in_([literal_column(f"'{state.value}'") for state in states])


@cache
def _lane(*states: OpState) -> Select[Any]:
    statement = select(outbox()).where(outbox().c.entity_id == bindparam("wanted_id")).order_by(outbox().c.seq)
    return statement.where(in_states(*states)) if states else statement


@cache
def _all(*states: OpState) -> Select[Any]:
    return select(outbox()).where(in_states(*states)).order_by(outbox().c.seq)


@cache
def _held() -> Select[Any]:
    rows = outbox()
    return (select(rows.c.state, rows.c.body_hash, rows.c.base_rev, rows.c.settled_at, rows.c.body)
            .where(rows.c.op_id == bindparam("wanted_id")))


@cache
def _write_back(names: tuple[str, ...]) -> Update:
    return (update(outbox()).where(outbox().c.op_id == bindparam("wanted_id"))
            .values({name: bindparam(name) for name in names}))


class SyncRows:
    """Sync states; a document that was read and not changed is not written again."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._table = table(SyncStateRow)
        self._read: dict[str, SyncState] = {}

    def get(self, entity_id: str) -> SyncState | None:
        """How the object stands, None where no server is meant to know it."""
        if entity_id in self._read:
            return self._read[entity_id]
        row = self._connection.execute(_sync_get(), {"wanted_id": entity_id}).mappings().one_or_none()
        if row is None:
            return None
        return self._keep(mapping.sync_state(row))

    def put(self, state: SyncState) -> None:
        """Write the row; standing, revs and documents together. Nothing is written that stands there already."""
        before = self._read.get(state.entity_id)
        if before == state:
            return
        columns = mapping.sync_columns(state)
        for name in ("base_doc", "stash_doc"):
            # Autosave marks an article dirty: its base of 100 kB is then the same object as was read.
            if before is None or getattr(before, name) is not getattr(state, name):
                columns[name] = mapping.dump_or_null(getattr(state, name))
        self._connection.execute(_sync_put(frozenset(columns)), columns)
        self._keep(state)

    def with_standing(self, *standings: Standing) -> Sequence[SyncState]:
        """Objects that stand so, longest dirty first."""
        statement = (select(self._table).where(self._table.c.standing.in_([s.value for s in standings]))
                     .order_by(self._table.c.dirty_since, self._table.c.entity_id))
        return [self._keep(mapping.sync_state(row)) for row in self._connection.execute(statement).mappings()]

    def forget(self, entity_id: str) -> None:
        """Take the row out."""
        self._connection.execute(delete(self._table).where(self._table.c.entity_id == entity_id))
        self._read.pop(entity_id, None)

    def _keep(self, state: SyncState) -> SyncState:
        self._read[state.entity_id] = state
        return state


class OutboxRows:
    """Commands and sealed requests in order of `seq`. `stale` gathers the reactions whose queue state may move."""

    def __init__(self, connection: Connection, now: datetime, stale: set[str]) -> None:
        self._connection = connection
        self._now = now
        self._stale = stale

    def add(self, row: OutboxRow) -> OutboxRow:
        """Append the row; its `seq` is given here."""
        columns = {**mapping.outbox_columns(row), "settled_at": self._settled_at(row.state)}
        done = self._connection.execute(insertion(OutboxRowRow), columns)
        self._touch(row)
        assert done.inserted_primary_key is not None
        return replace(row, seq=done.inserted_primary_key[0])

    def put(self, row: OutboxRow) -> None:
        """Write a row back. A sealed row's body, body_hash and base_rev never change: doing so raises `Bug`."""
        held = self._connection.execute(_held(), {"wanted_id": row.op_id}).one_or_none()
        if held is None:
            raise Bug("unknown_op", Message("store", "There is no request {op_id}.", {"op_id": row.op_id}))
        columns = mapping.outbox_columns(row)
        if held.body_hash is not None and _differs(held.body_hash, held.base_rev, held.body, row):
            raise Bug("sealed", Message("store", "A sealed request was about to be changed: {op_id}.",
                                        {"op_id": row.op_id}))
        columns["settled_at"] = held.settled_at or self._settled_at(row.state)
        self._connection.execute(_write_back(tuple(columns)), {**columns, "wanted_id": row.op_id})
        self._touch(row)

    def get(self, op_id: str) -> OutboxRow | None:
        """The row of that key."""
        row = self._connection.execute(_get(), {"wanted_id": op_id}).mappings().one_or_none()
        return None if row is None else mapping.outbox_row(row)

    def lane(self, entity_id: str, *states: OpState) -> Sequence[OutboxRow]:
        """The rows of one object, in these states or in any."""
        lane = self._connection.execute(_lane(*states), {"wanted_id": entity_id}).mappings()
        return [mapping.outbox_row(row) for row in lane]

    def in_states(self, *states: OpState) -> Sequence[OutboxRow]:
        """All rows in these states."""
        return self._many(_all(*states))

    def adopt(self, old_actor: str, new_actor: str) -> int:
        """Give the waiting rows of the actor made here to the person who logged in first; how many."""
        rows = outbox()
        done = self._connection.execute(
            update(rows).where(rows.c.actor_id == old_actor, rows.c.state == OpState.PENDING.value)
            .values(actor_id=new_actor))
        return done.rowcount

    def note_attempt(self, attempt: Attempt) -> None:
        """Keep one try to send, and only the newest 10,000."""
        rows = table(AttemptRow)
        done = self._connection.execute(insertion(AttemptRow), mapping.attempt_columns(attempt))
        assert done.inserted_primary_key is not None
        self._connection.execute(delete(rows).where(rows.c.id <= done.inserted_primary_key[0] - ATTEMPTS_KEPT))

    def attempts(self, op_id: str | None = None, *, limit: int = 100) -> Sequence[Attempt]:
        """Tries, newest first."""
        rows = table(AttemptRow)
        statement = select(rows).order_by(rows.c.id.desc()).limit(limit)
        if op_id is not None:
            statement = statement.where(rows.c.op_id == op_id)
        return [mapping.attempt(row) for row in self._connection.execute(statement).mappings()]

    def sent_at(self, entity_id: str) -> datetime | None:
        """When the server last took something of this object."""
        rows = outbox()
        statement = select(func.max(rows.c.settled_at)).where(rows.c.entity_id == entity_id,
                                                              rows.c.state == OpState.ACKED.value)
        return mapping.instant(self._connection.execute(statement).scalar_one())

    def newest(self, limit: int) -> Sequence[OutboxRow]:
        """The newest rows in any state, oldest of them first."""
        return self._many(select(outbox()).order_by(outbox().c.seq.desc()).limit(limit))[::-1]

    def tidy(self, before: datetime) -> int:
        """Take out what was settled before that time: a day of typing leaves a thousand acked rows. How many went."""
        rows = outbox()
        done = self._connection.execute(
            delete(rows).where(in_states(*SETTLED), rows.c.settled_at < to_ms(before)))
        return done.rowcount

    def _many(self, statement: Select[Any]) -> list[OutboxRow]:
        return [mapping.outbox_row(row) for row in self._connection.execute(statement).mappings()]

    def _settled_at(self, state: OpState) -> int | None:
        return to_ms(self._now) if state in SETTLED else None

    def _touch(self, row: OutboxRow) -> None:
        if row.verb == "moderate":
            self._stale.add(row.entity_id)


def _differs(body_hash: str, base_rev: str | None, body: bytes | None, row: OutboxRow) -> bool:
    """Whether `row` holds other bytes than those that may already have been sent. Bytes of an acked row are gone."""
    return row.body_hash != body_hash or row.base_rev != base_rev or (body is not None and row.body != body)


