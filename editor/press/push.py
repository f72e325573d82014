"""One push: one transaction, one answer (sync D.1). The answer of an op that acted is told again for its copies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from editor.base.messages import Message
from editor.base.wire import canonical
from editor.domain import article as articles
from editor.domain import ticker as tickers
from editor.domain.article import Action
from editor.domain.documents import STREAM_OF
from editor.domain.people import Actor, Right
from editor.domain.refusal import Refused
from editor.press import statements
from editor.press.auth import Asker
from editor.press.commands import PushOp, read_step
from editor.press.ledger import (
    Entity,
    Origin,
    claim_op,
    keep_revisions,
    lock_entity,
    read_entity,
    stored_op,
    write,
)
from editor.press.media_uses import note_uses
from editor.press.opened import Press, read_newsroom
from editor.press.reaction_log import append
from editor.press.schema import OpRow
from editor.press.slugs import note_slug
from editor.press.verbs import STORED_REFUSALS, VERBS, Case, Gone, late_by

READ_ONLY: Mapping[str, tuple[str, ...]] = {"article": articles.READ_ONLY, "ticker": tickers.READ_ONLY}


class OpIdReuse(Exception):
    """One op_id, two bodies: the sender's fault."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of an op. `entity` is the state that the answer tells of."""

    status: str
    code: str = ""
    message: str = ""
    entity: Entity | None = None
    also: Mapping[str, Any] | None = None
    wrote: bool = False  # the feed moved

    def stored(self) -> str:
        """What is kept for the op's copies: never a document."""
        return canonical({
            "status": self.status, "code": self.code, "message": self.message, **(self.also or {}),
            "rev": self.entity.rev if self.entity else None, "seq": self.entity.seq if self.entity else None,
        }).decode()


class _Declined(Exception):
    """Rolls the transaction back and carries the answer out of it."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.code)
        self.answer = answer


def push(press: Press, op: PushOp, asker: Asker) -> dict[str, Any]:
    """Carry out `op` and answer it. Raises `OpIdReuse`; a database that is busy raises SQLAlchemy's own."""
    try:
        answer, copy = _transact(press, op, asker)
    except IntegrityError:  # another op made the same thing at the same moment: seen again, it is there
        answer, copy = _transact(press, op, asker)
    if copy is not None:
        return copy
    if answer.wrote and answer.entity is not None:
        press.hub.moved(STREAM_OF[answer.entity.kind], answer.entity.seq)
    return tell(op.op_id, op.verb, answer, asker.actor)


def _transact(press: Press, op: PushOp, asker: Asker) -> tuple[Answer, dict[str, Any] | None]:
    try:
        with press.database.write() as session:
            return _in_transaction(press, session, op, asker)
    except _Declined as declined:
        return declined.answer, None


def _in_transaction(press: Press, session: Session, op: PushOp,
                    asker: Asker) -> tuple[Answer, dict[str, Any] | None]:
    house, now = press.house, press.clock.now()
    row = _op_row(house.newsroom_id, op.op_id, op.body_hash, op, asker, now)
    if not claim_op(session, row):
        return Answer("duplicate"), _copy(session, house.newsroom_id, op, asker.actor)
    revoked = _revoke(session, house.newsroom_id, op, asker, now)
    before = lock_entity(session, house.newsroom_id, op.entity_id)
    case = Case(session, house.newsroom_id, op, asker.actor, before, read_newsroom(session, house.newsroom_id),
                press.clock.now())
    try:
        answer = _carry_out(case, Origin(op.op_id, asker.actor.id, asker.replica))
    except (Refused, Gone) as refusal:
        answer = _refusal(case, refusal)
        if op.verb not in STORED_REFUSALS:
            raise _Declined(answer) from refusal
        if answer.code == "forbidden":  # whoever may not take back may not revoke either
            session.execute(sa.delete(OpRow).where(OpRow.newsroom_id == house.newsroom_id, OpRow.op_id.in_(revoked)))
    session.connection().execute(statements.KEEP_RESULT, {
        "of_newsroom": house.newsroom_id, "claimed": op.op_id, "told": answer.stored()})
    return answer, None


def _op_row(newsroom_id: str, op_id: str, body_hash: str, op: PushOp, asker: Asker, now: datetime) -> dict[str, Any]:
    return {"newsroom_id": newsroom_id, "op_id": op_id, "body_hash": body_hash, "entity_id": op.entity_id,
            "verb": op.verb, "replica": asker.replica, "actor": asker.actor.id, "at": now, "result": None}


def _revoke(session: Session, newsroom_id: str, op: PushOp, asker: Asker, now: datetime) -> list[str]:
    """Record what a take-back names as refused, where it has not come yet. Before the entity's lock: see `ledger`."""
    if op.verb != "transition":
        return []
    try:
        step = read_step(op.cmd)
    except Refused:
        return []
    if step.action not in (Action.WITHDRAW, Action.UNSCHEDULE):
        return []
    message = str(Message("refusal", "It was taken back before it arrived."))
    refused = Answer("conflict", "status", message).stored()
    return [other for other in sorted(set(step.revokes) - {op.op_id})
            if claim_op(session, _op_row(newsroom_id, other, "", op, asker, now) | {"result": refused})]


def _carry_out(case: Case, origin: Origin) -> Answer:
    verb = VERBS.get(case.op.verb)
    if verb is None:
        raise Refused("no_such_step", Message("refusal", "There is no such step."))
    effect = verb(case)
    if effect.change is None:
        return Answer(effect.status, effect.code, effect.message, case.before, effect.also)
    if effect.keep:
        keep_revisions(case.session, case.newsroom_id, case.op.entity_id, effect.keep)
    if effect.released is not None:
        assert case.before is not None  # a step releases what was there
        note_slug(case.session, case.newsroom_id, case.op.entity_id, effect.released)
        note_uses(case.session, case.newsroom_id, case.op.entity_id, case.before.rev, effect.released)
    entity = write(case.session, case.newsroom_id, case.before, effect.change, origin, case.now)
    if effect.logged is not None:
        decision, ruling = effect.logged
        append(case.session, case.newsroom_id, entity.doc["log_n"], decision, ruling, case.now)
    return Answer(effect.status, effect.code, effect.message, entity, effect.also, wrote=True)


def _refusal(case: Case, refusal: Refused | Gone) -> Answer:
    if isinstance(refusal, Gone):
        return Answer("gone", "", str(Message("refusal", "It was deleted.")), case.before)
    also = {"late_by_s": late_by(case)} if refusal.code == "late" else None
    return Answer(refusal.verdict, refusal.code, str(refusal.message), case.before, also)


def _copy(session: Session, newsroom_id: str, op: PushOp, actor: Actor) -> dict[str, Any]:
    row = stored_op(session, newsroom_id, op.op_id)
    assert row is not None  # its insert found it there
    if row.body_hash not in ("", op.body_hash):
        raise OpIdReuse
    return retell(session, newsroom_id, row, actor)


def retell(session: Session, newsroom_id: str, row: OpRow, actor: Actor) -> dict[str, Any]:
    """The answer of an op that was seen before: what it was, with the document as it is now."""
    kept = json.loads(row.result or "{}")
    entity = read_entity(session, newsroom_id, row.entity_id)
    status = "duplicate" if kept.get("status") == "applied" else kept.get("status", "retry")
    also = {name: kept[name] for name in ("late_by_s", "case") if name in kept}
    told = tell(row.op_id, row.verb, Answer(status, kept.get("code", ""), kept.get("message", ""), entity, also), actor)
    if status == "duplicate" and row.verb not in STORED_REFUSALS:
        told |= {"rev": kept["rev"], "seq": kept["seq"]}
    return told


def tell(op_id: str, verb: str, answer: Answer, actor: Actor) -> dict[str, Any]:
    """The answer on the wire. Acting upserts, deletes and restores get press's own fields, all others the document."""
    entity = answer.entity
    told: dict[str, Any] = {
        "op_id": op_id, "status": answer.status, "code": answer.code, "message": answer.message,
        "rev": entity.rev if entity else None, "seq": entity.seq if entity else None, **(answer.also or {}),
    }
    if entity is None:
        return told
    if entity.kind == "reaction" and not actor.may(Right.MODERATE):
        return told | {"rev": None, "seq": None}
    if answer.status in ("applied", "duplicate") and verb not in STORED_REFUSALS:
        told["fields"] = {name: entity.doc.get(name) for name in READ_ONLY.get(entity.kind, ())}
    else:
        told |= {"doc": dict(entity.doc), "deleted": entity.deleted}
    return told
