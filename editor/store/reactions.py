"""Readers' reactions as the server describes them, and the profile's own hash-chained log of decisions (M-02)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, Update, bindparam, delete, func, select, update

from editor.base.wire import canonical, digest_bytes, format_time, from_ms, to_ms
from editor.domain.documents import reaction_document, reaction_value
from editor.domain.reaction import Decision, QueueState, Reaction, Verb, state_with
from editor.store import mapping
from editor.store.entities import find_ids
from editor.store.outbox import WAITING, in_states, outbox
from editor.store.prepared import insertion, listed, one_of, prepared, upsertion, whole
from editor.store.schema import DecisionRow, MetaRow, ReactionRow, table

FACTS = ("decision", "escalation", "deferral", "dispute")
LOG_HEAD = "decision_log_head"  # in meta: hash of the last link, so that a log cut short is noticed too
FIRST_LINK = "0" * 64


@cache
def _get() -> Select[Any]:
    return whole(table(ReactionRow), "id")


@cache
def _rev() -> Select[Any]:
    rows = table(ReactionRow)
    return select(rows.c.rev).where(rows.c.id == bindparam("wanted"))


@cache
def _revs() -> Select[Any]:
    rows = table(ReactionRow)
    return select(rows.c.id, rows.c.rev).where(rows.c.id.in_(one_of("wanted")))


@cache
def _waiting(*, many: bool = False) -> Select[Any]:
    rows = table(DecisionRow)
    return (whole(rows, "reaction_id", many=many).join(outbox(), outbox().c.decision_id == rows.c.id)
            .where(in_states(*WAITING)).order_by(rows.c.rid))


@cache
def _derive() -> Update:
    rows = table(ReactionRow)
    names = ("queue_state", "queue_rank", "until_at", "waiting")
    return update(rows).where(rows.c.id == bindparam("wanted")).values({n: bindparam(n) for n in names})


@cache
def _last_link() -> Select[Any]:
    rows = table(DecisionRow)
    return select(rows.c.hash).where(rows.c.rid == select(func.max(rows.c.rid)).scalar_subquery())


@cache
def _decision() -> Select[Any]:
    return whole(table(DecisionRow), "id")


class ReactionRows:
    """Reads and writes reactions and decisions in one transaction; on a reader's connection it only reads.

    What is put waits in `_fresh` until it is asked for by anything but its id, or the transaction ends: two hundred
    rows of a page then are one statement, not four hundred.
    """

    def __init__(self, connection: Connection, now: datetime, stale: set[str]) -> None:
        self._connection = connection
        self._now = now
        self._stale = stale
        self._fresh: dict[str, tuple[Reaction, str]] = {}
        self._known: dict[str, Reaction] = {}  # as read in this transaction
        self._revs: dict[str, str | None] = {}
        self._link: str | None = None

    def get(self, reaction_id: str) -> Reaction | None:
        """What the server says of it."""
        if reaction_id in self._fresh:
            return self._fresh[reaction_id][0]
        if reaction_id not in self._known:
            row = prepared(_get()).first(self._connection, {"wanted": reaction_id})
            if row is None:
                return None
            self._known[reaction_id] = reaction_of(row)
        return self._known[reaction_id]

    def rev(self, reaction_id: str) -> str | None:
        """The revision that was read last."""
        if reaction_id not in self._revs:
            self._revs[reaction_id] = prepared(_rev()).value(self._connection, {"wanted": reaction_id})
        return self._revs[reaction_id]

    def read_ahead(self, ids: Iterable[str]) -> None:
        """Hold the revisions of these ids, with one question."""
        wanted = [one for one in ids if one not in self._revs]
        self._revs.update(dict.fromkeys(wanted))
        for row in prepared(_revs()).all(self._connection, {"wanted": listed(wanted)}):
            self._revs[row["id"]] = row["rev"]

    def put(self, reaction: Reaction, rev: str) -> None:
        """Write what the server says, with the derived columns."""
        self._fresh[reaction.id] = (reaction, rev)
        self._revs[reaction.id] = rev
        self._known.pop(reaction.id, None)

    def remove(self, reaction_id: str) -> None:
        """Take the reaction and its text out; its decisions stay in the log."""
        self._fresh.pop(reaction_id, None)
        self._known.pop(reaction_id, None)
        self._revs[reaction_id] = None
        self._connection.execute(delete(table(ReactionRow)).where(ReactionRow.id == reaction_id))
        self._stale.discard(reaction_id)

    def find(self, tail: str) -> Sequence[str]:
        """Ids that are `tail` or end in it."""
        self._write_fresh()
        return find_ids(self._connection, table(ReactionRow), tail)

    def refresh(self, reaction_id: str) -> None:
        """Write the derived columns (queue state with the waiting decision, dispute) anew before the commit. A change
        of its decisions or its outbox rows does so by itself."""
        self._stale.add(reaction_id)

    def finish(self) -> None:
        """Write what has waited for the end of the transaction."""
        self._write_fresh()
        for reaction_id in sorted(self._stale):
            reaction = self.get(reaction_id)
            if reaction is not None:
                derived = self._derived(reaction, self.waiting(reaction_id))
                prepared(_derive()).run(self._connection, {**derived, "wanted": reaction_id})
        self._stale.clear()
        if self._link is not None:
            upsertion(MetaRow, "k").run(self._connection, {"k": LOG_HEAD, "v": self._link})

    def waiting(self, reaction_id: str) -> Decision | None:
        """The newest decision of ours that the server has not answered."""
        found = prepared(_waiting()).all(self._connection, {"wanted": reaction_id})
        return decision_of(found[-1]) if found else None

    def _write_fresh(self) -> None:
        if not self._fresh:
            return
        fresh, self._fresh = self._fresh, {}
        found = prepared(_waiting(many=True)).all(self._connection, {"wanted": listed(fresh)})
        waiting = {row["reaction_id"]: decision_of(row) for row in found}
        upsertion(ReactionRow, "id").run_many(self._connection, [
            {**_columns(reaction), "rev": rev, **self._derived(reaction, waiting.get(reaction.id))}
            for reaction, rev in fresh.values()])
        self._stale.difference_update(fresh)

    def append(self, decision: Decision) -> None:
        """Add one link to the log."""
        if self._link is None:
            self._link = prepared(_last_link()).value(self._connection, {}) or FIRST_LINK
        columns = _decision_columns(decision)
        previous, self._link = self._link, link_hash(self._link, columns)
        insertion(DecisionRow).run(self._connection, {**columns, "prev_hash": previous, "hash": self._link})
        self._stale.add(decision.reaction_id)

    def decision(self, decision_id: str) -> Decision | None:
        """The decision of that id."""
        row = prepared(_decision()).first(self._connection, {"wanted": decision_id})
        return None if row is None else decision_of(row)

    def decisions(self, reaction_id: str) -> Sequence[Decision]:
        """Our decisions on a reaction, oldest first."""
        rows = table(DecisionRow)
        statement = select(rows).where(rows.c.reaction_id == reaction_id).order_by(rows.c.rid)
        return [decision_of(row) for row in self._connection.execute(statement).mappings()]

    def verify_log(self) -> str | None:
        """The id of the first broken link, None when the chain holds. A log cut short names its last link, or is
        told by an empty id when nothing is left of it."""
        rows = table(DecisionRow)
        previous, last_id = FIRST_LINK, ""
        for row in self._connection.execute(select(rows).order_by(rows.c.rid)).mappings():
            columns = {name: row[name] for name in _DECISION}
            if row["prev_hash"] != previous or row["hash"] != link_hash(previous, columns):
                return str(row["id"])
            previous, last_id = row["hash"], row["id"]
        kept = self._connection.execute(select(MetaRow.v).where(MetaRow.k == LOG_HEAD)).scalar_one_or_none()
        head = self._link or kept or FIRST_LINK
        return last_id if head != previous else None

    def _derived(self, reaction: Reaction, waiting: Decision | None) -> dict[str, Any]:
        state = state_with(reaction, waiting, self._now)
        until = None
        if state is QueueState.DEFERRED:
            until = waiting.until if waiting and waiting.action is Verb.DEFER else (
                reaction.deferral.until if reaction.deferral else None)
        escalated = state in (QueueState.ESCALATED, QueueState.CONFLICT) or reaction.escalation is not None
        return {"queue_state": state.value, "queue_rank": 0 if escalated else 1 if reaction.reports else 2,
                "until_at": mapping.ms(until), "waiting": int(waiting is not None)}


def _columns(reaction: Reaction) -> dict[str, Any]:
    facts = None
    if reaction.decision or reaction.escalation or reaction.deferral or reaction.dispute:
        document = reaction_document(reaction)
        facts = mapping.dump({name: document[name] for name in FACTS if document[name] is not None})
    return {
        "id": reaction.id, "article_id": reaction.article_id, "parent_id": reaction.parent_id,
        "number": reaction.number, "status": reaction.status.value, "reports": reaction.reports,
        "log_n": reaction.log_n, "created_at": to_ms(reaction.created_at), "edited_at": mapping.ms(reaction.edited_at),
        "author_name": reaction.author_name, "author_key": reaction.author_key, "text_hash": reaction.text_hash,
        "text": reaction.text, "facts": facts,
    }


def reaction_of(row: mapping.Row) -> Reaction:
    """The reaction of a row."""
    edited = mapping.instant(row["edited_at"])
    return reaction_value(row["id"], {
        **{str(name): value for name, value in row.items()}, **dict.fromkeys(FACTS),
        "created_at": format_time(from_ms(row["created_at"])), "edited_at": format_time(edited) if edited else None,
        **(mapping.load(row["facts"]) or {})})


_DECISION = ("id", "reaction_id", "action", "actor_id", "actor_name", "at", "text_hash", "seen_n", "reason", "note",
             "until", "supersedes")


def _decision_columns(decision: Decision) -> dict[str, Any]:
    found = {name: getattr(decision, name) for name in _DECISION}
    return {**found, "action": decision.action.value, "at": to_ms(decision.at), "until": mapping.ms(decision.until)}


def decision_of(row: mapping.Row) -> Decision:
    """The decision of a row."""
    found: dict[str, Any] = {name: row[name] for name in _DECISION}
    found.update(action=Verb(row["action"]), at=from_ms(row["at"]), until=mapping.instant(row["until"]))
    return Decision(**found)


def link_hash(previous: str, columns: Mapping[str, Any]) -> str:
    """sha256(prev_hash ‖ canonical row) (M-02)."""
    return digest_bytes(previous.encode() + canonical(dict(columns)))
