"""One Undo for everything but text: a new operation that applies the inverse, before or after sync.

Refused with a plain sentence when somebody else came between.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.desk import articles, lanes, reactions, ticker
from editor.desk.ports import OpState, UndoRow, UnitOfWork
from editor.domain.article import Action, Status
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import article_value, ticker_value
from editor.domain.publication import Note
from editor.domain.ticker import Intent
from editor.domain.workflow import Step

INVERSE: Mapping[Action, Action | None] = {
    Action.SUBMIT: Action.RETURN, Action.RETURN: Action.SUBMIT, Action.APPROVE: Action.UNAPPROVE,
    Action.UNAPPROVE: None, Action.SCHEDULE: Action.UNSCHEDULE, Action.UNSCHEDULE: None,
    Action.PUBLISH: Action.WITHDRAW, Action.CORRECT: None, Action.WITHDRAW: None, Action.REOPEN: None,
}
NEVER_ACTED = (OpState.SUPERSEDED, OpState.CONFLICT, OpState.DISCARDED, OpState.PARKED)


def undo_latest(work: UnitOfWork, *kinds: str) -> Outcome[UndoRow]:
    """Take back the last thing done on `kinds` (all kinds when none is named). Returns what was taken back."""
    row = work.undos.latest(*kinds)
    if row is None:
        raise UserError("nothing_to_undo", Message("desk", "There is nothing to undo."))
    _HANDLERS[row.entity_kind](work, row)
    work.undos.close(row.id)
    # The inverse wrote undo records of its own, one a line; undoing an undo is the redo of the program's text fields.
    while (newest := work.undos.latest(row.entity_kind)) is not None and newest.id > row.id:
        work.undos.close(newest.id)
    return Outcome(row, work.changes())


def _undo_article(work: UnitOfWork, row: UndoRow) -> None:
    if row.operation == "delete":
        articles.restore(work, row.entity_id)
    elif row.operation == "edit":
        _undo_edit(work, row)
    elif row.operation == "step":
        _undo_step(work, row)


def _undo_edit(work: UnitOfWork, row: UndoRow) -> None:
    entity = lanes.held(work, "article", row.entity_id)
    after: Mapping[str, Any] = row.data["after"]
    if article_value(entity.id, {**entity.doc, **after}) != article_value(entity.id, entity.doc):
        raise lanes.came_between()
    articles.edit(work, row.entity_id, row.data["before"])


def _undo_step(work: UnitOfWork, row: UndoRow) -> None:
    action = Action(row.data["action"])
    queued = work.outbox.get(str(row.data.get("op_id", "")))
    if queued is not None and queued.state in (OpState.PENDING, *NEVER_ACTED) and not lanes.is_out(queued):
        if queued.state is OpState.PENDING:
            lanes.drop(work, queued, why="undone")
            lanes.refresh(work, "article", row.entity_id, Facet.STATUS | Facet.SYNC)
        return  # what fell or was refused has no effect to take back
    inverse = INVERSE[action]
    was_public = row.data.get("from") in (Status.PUBLISHED.value, Status.CORRECTED.value)
    if inverse is None or (action is Action.PUBLISH and was_public):
        # The inverse of an update would take the whole article off the page.
        raise UserError("cannot_undo", Message("desk", "This step has gone out and cannot be taken back."))
    note = Note(str(Message("desk", "undone"))) if inverse.needs_note else None
    articles.take_step(work, row.entity_id, Step(inverse, note=note))


def _undo_ticker(work: UnitOfWork, row: UndoRow) -> None:
    ids = tuple(str(one) for one in row.data.get("ids", ()))
    if row.operation == "add":
        ticker.withdraw_entries(work, ids)
    elif row.operation == "change":
        entity, entry = ticker.held_entry(work, row.entity_id)
        if ticker_value(entity.id, {**entity.doc, **row.data["after"]}) != entry:
            raise lanes.came_between()
        ticker.change_entry(work, row.entity_id, row.data["before"])
    elif row.operation == "withdraw":
        for entry_id, intent in row.data["intents"].items():
            if ticker.held_entry(work, entry_id)[1].intent is not Intent.WITHDRAWN:
                raise lanes.came_between()
            ticker.change_entry(work, entry_id, {"intent": intent})


def _undo_reaction(work: UnitOfWork, row: UndoRow) -> None:
    reactions.undo_decision(work, row.entity_id)


_HANDLERS: Mapping[str, Callable[[UnitOfWork, UndoRow], None]] = {
    "article": _undo_article, "ticker": _undo_ticker, "reaction": _undo_reaction,
}
