"""Taking back what was decided at the Sync desk: a settled card stands open again, a request given up waits again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.desk import lanes
from editor.desk.conflicts import MINE, THEIRS
from editor.desk.ports import ConflictRow, OpState, UndoRow, UnitOfWork
from editor.desk.settling import END, field_value
from editor.domain.changes import Facet
from editor.sync.merge_rules import writable
from editor.text.merging import Side, merge_text


def reopen(work: UnitOfWork, row: UndoRow) -> None:
    """Put back what stood in the field, and the card before a person. What was typed since stays; a value that was
    changed since is not taken back. Raises `UserError` then, and when the decision can no longer be unmade."""
    card = work.conflicts.get(str(row.data["card"]))
    if card is None:
        raise UserError("nothing_to_undo", Message("desk", "There is nothing to undo."))
    if "field" in row.data:
        _put_back(work, row, is_text=bool(card.regions))
    elif card.kind == "still_true":
        _ask_again(work, card)
    elif card.kind == "deleted":
        _undelete(work, card, str(row.data["choice"]))
    elif card.kind == "rejected":
        _put_row_back(work, card.op_id, OpState.PARKED)
    _reopen(work, card)
    lanes.refresh(work, card.entity_kind, card.entity_id, Facet.CONFLICT | Facet.SYNC)
    work.audit("unsettle", card.entity_kind, card.entity_id, {"card": card.kind})


def take_up_again(work: UnitOfWork, row: UndoRow) -> None:
    """The request that was given up waits again, with the text that it was about."""
    before: Mapping[str, Any] | None = row.data["before"]
    entity = work.entities.get(row.entity_kind, row.entity_id)
    if entity is not None and before is not None and before != row.data["after"]:
        if writable(entity.kind, entity.doc) != row.data["after"]:
            raise lanes.came_between()
        lanes.write(work, replace(entity, doc={**entity.doc, **before}, deleted=bool(row.data["deleted"])), Facet.ALL)
    elif entity is not None and entity.deleted != row.data["deleted"]:
        lanes.write(work, replace(entity, deleted=bool(row.data["deleted"])), Facet.ALL)
    _put_row_back(work, str(row.data["op_id"]), OpState(str(row.data["state"])))
    card = work.conflicts.get(str(row.data["card"])) if row.data["card"] else None
    if card is not None:
        _reopen(work, card)
    if row.entity_kind == "reaction":
        work.reactions.refresh(row.entity_id)
    lanes.refresh(work, row.entity_kind, row.entity_id, Facet.CONFLICT | Facet.SYNC | Facet.STATUS)
    work.audit("take_up", row.entity_kind, row.entity_id, {})


def _put_back(work: UnitOfWork, row: UndoRow, *, is_text: bool) -> None:
    entity = lanes.held(work, row.entity_kind, row.entity_id)
    name, before, after = str(row.data["field"]), row.data["before"], row.data["after"]
    present = field_value(work, row.entity_kind, row.entity_id, name)
    value = before
    if present != after:
        if not is_text:
            raise lanes.came_between()
        value = merge_text(str(after or ""), str(before or ""), str(present or ""), stands=Side.THEIRS).text
    if value == present and entity.staged == row.data["staged"]:
        return
    lanes.keep_revision(work, entity, "settle")
    fields = {"end": value[0], "ttl_min": value[1]} if name == END else {name: value}
    lanes.write(work, replace(entity, doc={**entity.doc, **fields}, staged=row.data["staged"]), Facet.TEXT | Facet.TIME)


def _ask_again(work: UnitOfWork, card: ConflictRow) -> None:
    """*Still true?* is asked again while the step has not left; one that was dropped waits in its lane again."""
    row = work.outbox.get(card.op_id)
    if row is None or row.state not in (OpState.PENDING, OpState.DISCARDED):
        raise UserError("cannot_undo", Message("desk", "This step has gone out and cannot be taken back."))
    if row.state is OpState.DISCARDED:
        _put_row_back(work, row.op_id, OpState.PENDING)


def _undelete(work: UnitOfWork, card: ConflictRow, choice: str) -> None:
    entity = lanes.held(work, card.entity_kind, card.entity_id)
    if choice == THEIRS:
        lanes.write(work, replace(entity, deleted=False), Facet.ALL)
        return
    waiting = [row for row in work.outbox.lane(entity.id, OpState.PENDING) if row.verb == "restore"]
    if choice == MINE and not waiting:
        raise UserError("cannot_undo", Message("desk", "It has been put back at the server already; delete it if it must not stay."))
    for row in waiting:
        lanes.drop(work, row, why="undone")


def _put_row_back(work: UnitOfWork, op_id: str, state: OpState) -> None:
    """A row that was given up stands where it stood, unless its lane has gone on with something else."""
    row = work.outbox.get(op_id)
    if row is None or row.state is not OpState.DISCARDED:
        raise lanes.came_between()
    if state is OpState.PENDING and any(one.seq > row.seq for one in work.outbox.lane(row.entity_id, *lanes.WAITING)):
        raise lanes.came_between()
    work.outbox.put(replace(row, state=state, next_try_at=work.now() if state is OpState.PENDING else row.next_try_at))


def _reopen(work: UnitOfWork, card: ConflictRow) -> None:
    """One card a question: the server may have asked the same again meanwhile."""
    same = [one for one in work.conflicts.open(card.entity_id)
            if (one.kind, one.field, one.mine, one.theirs) == (card.kind, card.field, card.mine, card.theirs)]
    if not same:
        work.conflicts.put(replace(card, state="open", resolution="", resolved_by=""))
        work.changed(card.entity_kind, card.entity_id, Facet.CONFLICT)
