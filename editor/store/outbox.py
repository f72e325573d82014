"""How objects stand towards the server, and what waits to be sent to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    Update,
    bindparam,
    delete,
    func,
    literal_column,
    select,
    update,
)

from editor.base.errors import Bug
from editor.base.messages import Message
from editor.base.wire import to_ms
from editor.desk.ports import Attempt, OpState, OutboxRow, Standing, Standpoint, SyncState
from editor.store import mapping
from editor.store.prepared import insertion, listed, prepared, upsertion, whole
from editor.store.schema import AttemptRow, OutboxRowRow, SyncStateRow, table
from editor.store.seals import APART, SEAL, seal_of, sums_apart

ATTEMPTS_KEPT = 10_000
DOCUMENTS = ("base_doc", "stash_doc")
WAITING = (OpState.PENDING, OpState.SEALED)
OPEN = frozenset((*WAITING, OpState.CONFLICT, OpState.PARKED))
SETTLED = (OpState.ACKED, OpState.SUPERSEDED, OpState.DISCARDED)


@cache
def outbox() -> Table:
    """The table of commands and requests."""
    return table(OutboxRowRow)


@cache
def _sync_get(*, many: bool = False) -> Select[Any]:
    return whole(table(SyncStateRow), "entity_id", many=many)


@cache
def _get() -> Select[Any]:
    return whole(outbox(), "op_id")


def in_states(*states: OpState) -> ColumnElement[bool]:
    """Whether a row is in one of these states; written as literals, which a statement made once can hold."""
    return outbox().c.state.in_([literal_column(f"'{state.value}'") for state in states])


@cache
def _lane() -> Select[Any]:
    return whole(outbox(), "entity_id").order_by(outbox().c.seq)


@cache
def _open(*, many: bool = False) -> Select[Any]:
    return whole(outbox(), "entity_id", many=many).where(in_states(*OPEN)).order_by(outbox().c.seq)


@cache
def _all(*states: OpState) -> Select[Any]:
    return select(outbox()).where(in_states(*states)).order_by(outbox().c.seq)


@cache
def _held() -> Select[Any]:
    rows = outbox()
    return (select(rows.c.body_hash, rows.c.base_rev, rows.c.settled_at, rows.c.body)
            .where(rows.c.op_id == bindparam("wanted")))


@cache
def _write_back(names: tuple[str, ...]) -> Update:
    return (update(outbox()).where(outbox().c.op_id == bindparam("wanted"))
            .values({name: bindparam(name) for name in names}))


class SyncRows:
    """Sync states; a document that was read and not changed is not written again.

    What was read or put is held until the transaction ends; what was put is written then, or before a question that
    goes by anything but an id.
    """

    def __init__(self, connection: Connection, dumps: mapping.Dumps | None = None) -> None:
        self._connection = connection
        self._table = table(SyncStateRow)
        self._dumps = dumps or mapping.Dumps()
        self._read: dict[str, SyncState | None] = {}
        self._sums: dict[str, dict[str, str]] = {}  # of documents as they stand in their rows, by id
        self._fresh: dict[str, set[str]] = {}  # the documents that must be written, by id

    def get(self, entity_id: str) -> SyncState | None:
        """How the object stands, None where no server is meant to know it."""
        if entity_id not in self._read:
            row = prepared(_sync_get()).first(self._connection, {"wanted": entity_id})
            self._read[entity_id] = None if row is None else self._known(row)
        return self._read[entity_id]

    def read_ahead(self, ids: Iterable[str]) -> None:
        """Hold what there is of these ids, with one question."""
        wanted = [one for one in ids if one not in self._read]
        self._read.update(dict.fromkeys(wanted))
        for row in prepared(_sync_get(many=True)).all(self._connection, {"wanted": listed(wanted)}):
            self._read[row["entity_id"]] = self._known(row)

    def _known(self, row: mapping.Row) -> SyncState:
        self._sums[row["entity_id"]] = sums_apart("sync_state", row)
        return mapping.sync_state(row)

    def put(self, state: SyncState) -> None:
        """Write the row; standing, revs and documents together. Nothing is written that stands there already."""
        before = self._read.get(state.entity_id)
        if before == state:
            return
        # Autosave marks an article dirty: its base of 100 kB is then the same object as was read.
        changed = {name for name in DOCUMENTS if before is None or getattr(before, name) is not getattr(state, name)}
        self._fresh.setdefault(state.entity_id, set()).update(changed)
        self._read[state.entity_id] = state

    def finish(self) -> None:
        """Write what has waited."""
        rows: dict[frozenset[str], list[dict[str, Any]]] = {}
        for entity_id, changed in self._fresh.items():
            state = self._read[entity_id]
            assert state is not None
            columns = mapping.sync_columns(state)
            for name in changed:
                document = getattr(state, name)
                columns[name] = None if document is None else self._dumps.of(document)
            columns[SEAL] = seal_of("sync_state", columns, self._sums.get(entity_id))
            self._sums[entity_id] = dict(zip(APART["sync_state"], columns[SEAL].split(" ")[1:], strict=True))
            rows.setdefault(frozenset(columns), []).append(columns)
        self._fresh.clear()
        for names, of_these in rows.items():
            upsertion(SyncStateRow, "entity_id", names).run_many(self._connection, of_these)

    def with_standing(self, *standings: Standing) -> Sequence[SyncState]:
        """Objects that stand so, longest dirty first."""
        self.finish()
        statement = (select(self._table).where(self._table.c.standing.in_([s.value for s in standings]))
                     .order_by(self._table.c.dirty_since, self._table.c.entity_id))
        found = [self._known(row) for row in self._connection.execute(statement).mappings()]
        self._read.update((state.entity_id, state) for state in found)
        return found

    def standpoints(self) -> Sequence[Standpoint]:
        """Everything that has a revision of the server."""
        self.finish()
        rows = self._table
        found = self._connection.execute(select(rows.c.entity_id, rows.c.kind, rows.c.base_rev, rows.c.adapter_state)
                                         .where(rows.c.base_rev.is_not(None)))
        return [Standpoint(row.entity_id, row.kind, row.base_rev, mapping.load(row.adapter_state)) for row in found]

    def forget(self, entity_id: str) -> None:
        """Take the row out."""
        self._connection.execute(delete(self._table).where(self._table.c.entity_id == entity_id))
        self._fresh.pop(entity_id, None)
        self._read[entity_id] = None


class OutboxRows:
    """Commands and sealed requests in order of `seq`. `stale` gathers the reactions whose queue state may move.

    The open rows of a lane are held from the first question about it to the next change of it.
    """

    def __init__(self, connection: Connection, now: datetime, stale: set[str]) -> None:
        self._connection = connection
        self._now = now
        self._stale = stale
        self._lanes: dict[str, list[OutboxRow]] = {}

    def add(self, row: OutboxRow) -> OutboxRow:
        """Append the row; its `seq` is given here."""
        columns = {**mapping.outbox_columns(row), "settled_at": self._settled_at(row.state)}
        seq = insertion(OutboxRowRow).add(self._connection, columns)
        self._touch(row)
        return replace(row, seq=seq)

    def put(self, row: OutboxRow) -> None:
        """Write a row back. A sealed row's body, body_hash and base_rev never change: doing so raises `Bug`."""
        held = prepared(_held()).first(self._connection, {"wanted": row.op_id})
        if held is None:
            raise Bug("unknown_op", Message("store", "There is no request {op_id}.", {"op_id": row.op_id}))
        columns = mapping.outbox_columns(row)
        if held["body_hash"] is not None and _differs(held["body_hash"], held["base_rev"], held["body"], row):
            raise Bug("sealed", Message("store", "A sealed request was about to be changed: {op_id}.",
                                        {"op_id": row.op_id}))
        columns["settled_at"] = held["settled_at"] or self._settled_at(row.state)
        prepared(_write_back(tuple(columns))).run(self._connection, {**columns, "wanted": row.op_id})
        self._touch(row)

    def get(self, op_id: str) -> OutboxRow | None:
        """The row of that key."""
        row = prepared(_get()).first(self._connection, {"wanted": op_id})
        return None if row is None else mapping.outbox_row(row)

    def lane(self, entity_id: str, *states: OpState) -> Sequence[OutboxRow]:
        """The rows of one object, in these states or in any."""
        if not states or not OPEN.issuperset(states):
            found = [mapping.outbox_row(row) for row in prepared(_lane()).all(self._connection, {"wanted": entity_id})]
            return [row for row in found if not states or row.state in states]
        if entity_id not in self._lanes:
            lane = prepared(_open()).all(self._connection, {"wanted": entity_id})
            self._lanes[entity_id] = [mapping.outbox_row(row) for row in lane]
        return [row for row in self._lanes[entity_id] if row.state in states]

    def read_ahead(self, ids: Iterable[str]) -> None:
        """Hold the open rows of these objects' lanes, with one question."""
        wanted = [one for one in ids if one not in self._lanes]
        self._lanes.update((one, []) for one in wanted)
        for row in prepared(_open(many=True)).all(self._connection, {"wanted": listed(wanted)}):
            self._lanes[row["entity_id"]].append(mapping.outbox_row(row))

    def in_states(self, *states: OpState) -> Sequence[OutboxRow]:
        """All rows in these states."""
        return [mapping.outbox_row(row) for row in prepared(_all(*states)).all(self._connection, {})]

    def adopt(self, old_actor: str, new_actor: str) -> int:
        """Give the waiting rows of the actor made here to the person who logged in first; how many."""
        adopted = [row for row in self.in_states(OpState.PENDING) if row.actor_id == old_actor]
        for row in adopted:
            self.put(replace(row, actor_id=new_actor))
        self._lanes.clear()
        return len(adopted)

    def note_attempt(self, attempt: Attempt) -> None:
        """Keep one try to send, and only the newest 10,000."""
        rows = table(AttemptRow)
        number = insertion(AttemptRow).add(self._connection, mapping.attempt_columns(attempt))
        self._connection.execute(delete(rows).where(rows.c.id <= number - ATTEMPTS_KEPT))

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
        found = self._connection.execute(select(outbox()).order_by(outbox().c.seq.desc()).limit(limit))
        return [mapping.outbox_row(row) for row in found.mappings()][::-1]

    def tidy(self, before: datetime) -> int:
        """Take out what was settled before that time: a day of typing leaves a thousand acked rows. How many went."""
        rows = outbox()
        done = self._connection.execute(
            delete(rows).where(in_states(*SETTLED), rows.c.settled_at < to_ms(before)))
        return done.rowcount

    def forget_texts(self, before: datetime) -> int:
        """Empty what was settled before that time of every text; its key, hash and outcome stay. How many it was."""
        rows = outbox()
        holds = rows.c.body.is_not(None) | rows.c.patch.is_not(None) | rows.c.snapshot.is_not(None)
        done = self._connection.execute(
            update(rows).where(in_states(*SETTLED), rows.c.settled_at < to_ms(before), holds)
            .values(body=None, patch=None, snapshot=None))
        self._lanes.clear()
        return done.rowcount

    def erase(self, entity_id: str) -> None:
        """Empty every request about this object of its text, but one that is under way: its bytes must not change."""
        rows = outbox()
        self._connection.execute(
            update(rows).where(rows.c.entity_id == entity_id, rows.c.state != OpState.SEALED.value)
            .values(body=None, patch=None, snapshot=None))
        self._lanes.pop(entity_id, None)

    def _settled_at(self, state: OpState) -> int | None:
        return to_ms(self._now) if state in SETTLED else None

    def _touch(self, row: OutboxRow) -> None:
        self._lanes.pop(row.entity_id, None)
        if row.verb == "moderate":
            self._stale.add(row.entity_id)


def _differs(body_hash: str, base_rev: str | None, body: bytes | None, row: OutboxRow) -> bool:
    """Whether `row` holds other bytes than those that may already have been sent. Bytes of an acked row are gone."""
    return row.body_hash != body_hash or row.base_rev != base_rev or (body is not None and row.body != body)
