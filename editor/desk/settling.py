"""What a person decides at the Sync desk, kept so that it can be taken back: settling a card, giving a request up.

The acts themselves are `conflicts.resolve` and `pushing.discard`; these write down what `undo` needs beside them.
"""

from __future__ import annotations

from typing import Any

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.desk import conflicts, pushing
from editor.desk.ports import ConflictRow, OpState, OutboxRow, UndoRow, UnitOfWork
from editor.domain.changes import Outcome
from editor.sync.merge_rules import writable

SETTLED, GIVEN_UP = "settle", "discard"  # operations of undo records
FIELD_KINDS = ("text", "field", "soft")
FINAL = ("removal",)  # kinds of cards whose answer acts on many things at once
END = "end|ttl_min"  # one value of two fields


def settle(work: UnitOfWork, card_id: str, choice: str, *, text: str | None = None) -> Outcome[None]:
    """Settle one card, undoably. Raises as `conflicts.resolve` does, and nothing is changed then."""
    card = work.conflicts.get(card_id)
    newest = _newest(work)
    before = _field_of(work, card) if card is not None else None
    staged = _staged(work, card) if card is not None else None
    conflicts.resolve(work, card_id, choice, text=text)
    if card is None or card.kind in FINAL or (card.kind == "rejected" and choice == conflicts.MINE):
        return Outcome(None, work.changes())
    data: dict[str, Any] = {"card": card.id, "choice": choice, "inner": _made_since(work, newest)}
    if card.kind in FIELD_KINDS:
        data |= {"field": card.field, "before": before, "after": _field_of(work, card), "staged": staged}
    _record(work, SETTLED, card.entity_kind, card.entity_id, data)
    return Outcome(None, work.changes())


def give_up(work: UnitOfWork, op_id: str) -> Outcome[None]:
    """Give a request up, undoably. Raises `UserError` for one that the server may already have, or that is gone."""
    row = work.outbox.get(op_id)
    if row is None or row.state not in (OpState.PENDING, OpState.PARKED, OpState.CONFLICT):
        raise UserError("too_late", Message("desk", "This request may have arrived already; it cannot be discarded."))
    card = next((one.id for one in work.conflicts.open(row.entity_id) if one.kind == "rejected" and one.op_id == op_id), "")
    before, deleted = _standing_text(work, row)
    pushing.discard(work, op_id)
    after, _ = _standing_text(work, row)
    _record(work, GIVEN_UP, row.kind, row.entity_id, {
        "op_id": op_id, "state": row.state.value, "card": card, "before": before, "after": after, "deleted": deleted})
    return Outcome(None, work.changes())


def field_value(work: UnitOfWork, kind: str, entity_id: str, name: str) -> Any:
    """What the field of a card holds now."""
    entity = work.entities.get(kind, entity_id)
    if entity is None:
        return None
    return [entity.doc.get("end"), entity.doc.get("ttl_min")] if name == END else entity.doc.get(name)


def _field_of(work: UnitOfWork, card: ConflictRow) -> Any:
    return field_value(work, card.entity_kind, card.entity_id, card.field) if card.kind in FIELD_KINDS else None


def _staged(work: UnitOfWork, card: ConflictRow) -> str | None:
    entity = work.entities.get(card.entity_kind, card.entity_id) if card.kind in FIELD_KINDS else None
    return entity.staged if entity is not None else None


def _standing_text(work: UnitOfWork, row: OutboxRow) -> tuple[dict[str, Any] | None, bool]:
    entity = work.entities.get(row.kind, row.entity_id)
    return (None, False) if entity is None else (writable(entity.kind, entity.doc), entity.deleted)


def _newest(work: UnitOfWork) -> int:
    row = work.undos.latest()
    return row.id if row is not None else 0


def _made_since(work: UnitOfWork, newest: int) -> int:
    """The record of the act that settling consisted of; it is taken back with the card, never by itself. 0: none."""
    row = work.undos.latest()
    if row is None or row.id <= newest:
        return 0
    work.undos.close(row.id)
    return row.id


def _record(work: UnitOfWork, operation: str, kind: str, entity_id: str, data: dict[str, Any]) -> None:
    work.undos.add(UndoRow(operation, kind, entity_id, work.now(), work.profile.actor().id, data))
