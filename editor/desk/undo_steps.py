"""Taking back a step of the workflow: dropped while it waits, answered with a compensating step once it may be out."""

from __future__ import annotations

from collections.abc import Mapping

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.desk import articles, lanes
from editor.desk.ports import OpState, OutboxRow, UndoRow, UnitOfWork
from editor.domain.article import Action, Article, Status, content_hash
from editor.domain.changes import Facet
from editor.domain.documents import article_value
from editor.domain.field_codecs import read_moment
from editor.domain.moments import Moment
from editor.domain.publication import Note
from editor.domain.workflow import Step

INVERSE: Mapping[Action, Action] = {
    Action.SUBMIT: Action.RETURN, Action.RETURN: Action.SUBMIT, Action.APPROVE: Action.UNAPPROVE,
    Action.UNAPPROVE: Action.APPROVE, Action.SCHEDULE: Action.UNSCHEDULE, Action.UNSCHEDULE: Action.SCHEDULE,
    Action.PUBLISH: Action.WITHDRAW,
}
WHY_NOT: Mapping[Action, Message] = {
    Action.CORRECT: Message("desk", "The correction has gone out; readers may have seen it. Write another one if it is wrong."),
    Action.WITHDRAW: Message("desk", "The article has been taken off the site. Reopen and publish it if it must stand there."),
    Action.REOPEN: Message("desk", "The article has been reopened; it cannot be withdrawn twice."),
    Action.PUBLISH: Message("desk", "The update has gone out. Restore the earlier text and publish that."),
}
NEVER_ACTED = (OpState.SUPERSEDED, OpState.CONFLICT, OpState.DISCARDED, OpState.PARKED)


def take_back(work: UnitOfWork, row: UndoRow) -> None:
    """Take the step of `row` back. Raises `UserError` with the reason where that cannot be."""
    action = Action(row.data["action"])
    queued = work.outbox.get(str(row.data.get("op_id", "")))
    if queued is not None and queued.state in (OpState.PENDING, *NEVER_ACTED) and not lanes.is_out(queued):
        if queued.state is OpState.PENDING:
            lanes.drop(work, queued, why="undone")
            lanes.refresh(work, "article", row.entity_id, Facet.STATUS | Facet.SYNC)
        return  # what fell or was refused has no effect to take back
    articles.take_step(work, row.entity_id, _compensating(work, row, action, queued))


def _compensating(work: UnitOfWork, row: UndoRow, action: Action, queued: OutboxRow | None) -> Step:
    before = str(row.data.get("from"))
    was_public = before in (Status.PUBLISHED.value, Status.CORRECTED.value)
    inverse = INVERSE.get(action)
    if inverse is None or (action is Action.PUBLISH and was_public):
        # The inverse of an update would take the whole article off the page.
        raise UserError("cannot_undo", Message("desk", "This step has gone out and cannot be taken back."),
                        fix=WHY_NOT.get(action))
    if action is Action.SCHEDULE and before == Status.SCHEDULED.value:
        return _at_its_former_time(work, row, _schedule_before(work, row.entity_id, queued))
    if action is Action.UNSCHEDULE:
        planned = read_moment(queued.command.get("publish_at")) if queued is not None else None
        return _at_its_former_time(work, row, planned)
    if action is Action.UNAPPROVE:
        return Step(Action.APPROVE, content_hash=_same_text(work, row, queued))
    return Step(inverse, note=Note(str(Message("desk", "undone"))) if inverse.needs_note else None)


def _at_its_former_time(work: UnitOfWork, row: UndoRow, planned: Moment | None) -> Step:
    """The time before this one again, for the text that is approved now; a time that has passed does not come back."""
    if planned is None or planned.utc <= work.now():
        raise UserError("cannot_undo", Message("desk", "The former time has passed; choose another one."))
    return Step(Action.SCHEDULE, content_hash=content_hash(_article(work, row.entity_id)), publish_at=planned)


def _schedule_before(work: UnitOfWork, article_id: str, queued: OutboxRow | None) -> Moment | None:
    """The time that stood before the one chosen with `queued`."""
    times = [one for one in work.outbox.lane(article_id, OpState.ACKED)
             if one.verb == "transition" and one.command.get("action") == Action.SCHEDULE.value
             and (queued is None or one.seq < queued.seq)]
    return read_moment(times[-1].command.get("publish_at")) if times else None


def _same_text(work: UnitOfWork, row: UndoRow, queued: OutboxRow | None) -> str:
    """The hash that is approved again: only of the very text whose approval was taken back."""
    now = content_hash(_article(work, row.entity_id))
    if queued is None or queued.snapshot is None:  # a day after it was settled its text is no longer kept
        raise UserError("cannot_undo", Message("desk", "It was too long ago; read and approve the text anew."))
    if content_hash(article_value(row.entity_id, queued.snapshot)) != now:
        raise UserError("cannot_undo", Message("desk", "The text was changed since; read and approve it anew."))
    return now


def _article(work: UnitOfWork, article_id: str) -> Article:
    return lanes.held_article(work, article_id)[1]
