"""One Undo for everything but text: a new operation that applies the inverse, before or after sync.

Refused with a plain sentence when somebody else came between, or when what was done has no inverse. What was done as
one act (a `group`) is taken back as one; of a group, what cannot be taken back stays and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from editor.base.errors import EditorError, UserError
from editor.base.messages import Message
from editor.desk import articles, lanes, reactions, ticker, undo_steps, unsettling
from editor.desk.ports import UndoRow, UnitOfWork
from editor.desk.settling import GIVEN_UP, SETTLED
from editor.domain.changes import Outcome
from editor.domain.documents import article_value, ticker_value
from editor.domain.ticker import Intent

GROUP = "group"  # in a record's data: what was decided as one
PASSING = "busy"  # the kind of a refusal that ends by itself: then the same is tried again


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the last act, its things, and those of them that had to stay with the reason of the first."""

    operation: str
    entity_kind: str
    entity_id: str
    ids: tuple[str, ...]
    kept: tuple[str, ...] = ()
    why: Message | None = None


def undo_latest(work: UnitOfWork, *kinds: str) -> Outcome[Undone]:
    """Take back the last thing done on `kinds` (all kinds when none is named), a bulk as a whole.

    Raises `UserError` when there is nothing, or nothing of it can be taken back; what can never be taken back is not
    asked about again, and the next call reaches what was done before it.
    """
    newest = work.undos.latest(*kinds)
    if newest is None:
        raise UserError("nothing_to_undo", Message("desk", "There is nothing to undo."))
    group = newest.data.get(GROUP)
    row: UndoRow | None = newest
    taken: list[str] = []
    kept: list[str] = []
    first: EditorError | None = None
    while row is not None:
        before = work.changes()
        try:
            _take_back(work, row)
            taken += _things(row)
        except EditorError as error:
            if error.kind == PASSING or (group is None and work.changes() != before):
                raise  # what was half done is not kept
            first = first or error
            kept += _things(row)
        work.undos.close(row.id)
        row = work.undos.latest(*kinds)
        if not group or row is None or row.data.get(GROUP) != group:
            break
    if first is not None and not taken:
        kept_all = Undone(newest.operation, newest.entity_kind, kept[0], (), tuple(kept), first.message)
        return Outcome(kept_all, work.changes(), refusal=first)
    # The inverse wrote undo records of its own, one a line; undoing an undo is the redo of the program's text fields.
    while (made := work.undos.latest(newest.entity_kind)) is not None and made.id > newest.id:
        work.undos.close(made.id)
    return Outcome(Undone(newest.operation, newest.entity_kind, taken[0], tuple(taken), tuple(kept),
                          first.message if first is not None else None), work.changes())


def _things(row: UndoRow) -> list[str]:
    return [str(one) for one in row.data.get("ids", ())] or [row.entity_id]


def _take_back(work: UnitOfWork, row: UndoRow) -> None:
    if row.operation == SETTLED:
        inner = work.undos.get(int(row.data.get("inner", 0)))
        if inner is not None:
            _HANDLERS[inner.entity_kind](work, inner)
        unsettling.reopen(work, row)
    elif row.operation == GIVEN_UP:
        unsettling.take_up_again(work, row)
    else:
        _HANDLERS[row.entity_kind](work, row)


def _undo_article(work: UnitOfWork, row: UndoRow) -> None:
    if row.operation == "delete":
        articles.restore(work, row.entity_id)
    elif row.operation == "edit":
        _undo_edit(work, row)
    elif row.operation == "step":
        undo_steps.take_back(work, row)


def _undo_edit(work: UnitOfWork, row: UndoRow) -> None:
    entity = lanes.held(work, "article", row.entity_id)
    after: Mapping[str, Any] = row.data["after"]
    if article_value(entity.id, {**entity.doc, **after}) != article_value(entity.id, entity.doc):
        raise lanes.came_between()
    articles.edit(work, row.entity_id, row.data["before"])


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
