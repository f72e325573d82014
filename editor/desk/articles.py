"""What may be done with an article at home: write, save, take a step, delete, restore."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from editor.base.errors import Conflict, UserError
from editor.base.ids import new_id
from editor.base.messages import Message
from editor.base.wire import Document
from editor.desk import lanes
from editor.desk.histories import TOMBSTONE
from editor.desk.ports import Entity, OpState, OutboxRow, UndoRow, UnitOfWork
from editor.domain.article import Action, Article, Status, content_hash, rule_for
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import article_document, article_patch, article_value, check_patch, moment_document
from editor.domain.field_codecs import read_moment, write_note
from editor.domain.people import Right
from editor.domain.publication import ahead
from editor.domain.refusal import Refused, forbidden
from editor.domain.workflow import Step, may_step
from editor.sync.merge_rules import merge_documents, writable, writable_only
from editor.text.merging import Side

REVISION_EVERY = timedelta(minutes=5)
WRITTEN = ("kicker", "headline", "lead", "body")


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved draft: the row's counter, and the document as it stands now. `merged` is set when the row had moved on
    meanwhile: the editor then enters `article` into the open document as one undo step."""

    article: Article
    version: int
    merged: bool = False


def new_article(work: UnitOfWork, fields: Article | None = None) -> Outcome[str]:
    """Make an article here; its id is made here too. The writer needs the right to write."""
    actor = work.profile.actor()
    if not actor.may(Right.WRITE):
        raise forbidden()
    article_id = new_id()
    article = replace(fields or Article(""), id=article_id, created_by=actor.id, created_at=work.now())
    lanes.write(work, Entity("article", article_id, article_document(article)), Facet.ALL)
    work.audit("new", "article", article_id, {})
    return Outcome(article_id, work.changes())


def save_draft(work: UnitOfWork, article_id: str, *, version: int, started_from: Document,
               fields: Mapping[str, Any]) -> Outcome[Saved]:
    """Autosave: write `fields` (wire form) of an article whose editor began with `started_from` at `version`.

    When the row has moved on, the same transaction merges three ways; on overlap the editor's sentence stands and the
    row's goes into a blocking card (model 7). Writes no undo record and no audit row. Returns what is on disk.
    """
    entity = lanes.held(work, "article", article_id)
    wanted = {**writable("article", started_from), **writable_only("article", fields)}
    merged = False
    if entity.version != version:
        merge = merge_documents("article", started_from, wanted, entity.doc, stands=Side.MINE)
        lanes.raise_collisions(work, entity, merge.collisions, stands=Side.MINE)
        merged = dict(merge.doc) != wanted
        wanted = dict(merge.doc)
    if writable("article", entity.doc) == wanted:
        if entity.version != version:
            lanes.restand(work, entity)
        return Outcome(Saved(article_value(article_id, entity.doc), entity.version, merged), work.changes())
    _keep_now_and_then(work, entity)
    lanes.unpark(work, article_id)
    facets = Facet.TEXT if entity.doc.get("headline") == wanted.get("headline") else Facet.TEXT | Facet.TIME
    entity = _asked_if_deleted(work, replace(entity, doc={**entity.doc, **wanted}))
    written = lanes.write(work, entity, facets)
    return Outcome(Saved(article_value(article_id, written.doc), written.version, merged), work.changes())


def edit(work: UnitOfWork, article_id: str, fields: Mapping[str, Any], *,
         base_version: int | None = None) -> Outcome[Saved]:
    """Change some fields at once (the command line, the properties panel); undoable. Raises `Conflict` when
    `base_version` is no longer the row's."""
    entity = lanes.held(work, "article", article_id)
    if not work.profile.actor().may(Right.WRITE):
        raise forbidden()
    if base_version is not None and base_version != entity.version:
        raise Conflict("stale_version", Message("desk", "This was changed meanwhile: version {now}, not {then}.",
                                                {"now": entity.version, "then": base_version}))
    check_patch("article", fields)
    before = {name: entity.doc.get(name) for name in fields}
    if all(before[name] == value for name, value in fields.items()):
        return Outcome(Saved(article_value(article_id, entity.doc), entity.version), work.changes())
    lanes.keep_revision(work, entity, "edit")
    lanes.unpark(work, article_id)
    entity = _asked_if_deleted(work, replace(entity, doc={**entity.doc, **fields}))
    written = lanes.write(work, entity, Facet.TEXT | Facet.TIME)
    _undoable(work, "edit", article_id, {"before": before, "after": dict(fields)})
    work.audit("edit", "article", article_id, {"fields": sorted(fields)})
    return Outcome(Saved(article_value(article_id, written.doc), written.version), work.changes())


def _asked_if_deleted(work: UnitOfWork, entity: Entity) -> Entity:
    """Words written into what the server has deleted do not vanish in the bin: their writer is asked. Those written
    while his own deletion waits go along with it."""
    gone = TOMBSTONE in (lanes.sync_of(work, entity).adapter_state or {})
    if not entity.deleted or not gone or any(r.verb == "delete" for r in work.outbox.lane(entity.id, *lanes.WAITING)):
        return entity
    lanes.raise_card(work, entity.id, entity.kind, "deleted", mine=writable(entity.kind, entity.doc))
    return replace(entity, deleted=False)


def name_version(work: UnitOfWork, article_id: str, name: str) -> Outcome[int]:
    """Keep the present text as a named version."""
    entity = lanes.held(work, "article", article_id)
    kept = lanes.keep_revision(work, entity, "named", name)
    work.changed("article", article_id, Facet.TEXT)
    return Outcome(kept, work.changes())


def restore_version(work: UnitOfWork, article_id: str, revision_id: int, *,
                    only: tuple[str, ...] = ()) -> Outcome[Saved]:
    """Bring back an earlier text, whole or `only` some fields. Undoable; publications are never touched."""
    row = work.revisions.get(revision_id)
    if row is None or row.entity_id != article_id:
        raise UserError("not_found", Message("desk", "There is no such version."))
    fields = article_patch(article_value(article_id, row.doc))
    return edit(work, article_id, {k: v for k, v in fields.items() if not only or k in only})


def take_step(work: UnitOfWork, article_id: str, step: Step) -> Outcome[Status]:
    """Take a step of the workflow (T1): it keeps the document it was given for and travels when it can.

    Raises `Refused` for a step that the acknowledged state with what is waiting does not allow, `Conflict` while a
    card is open about the text, and `Refused("hash")` when `step.content_hash` is no longer the text.
    """
    entity, article = lanes.held_article(work, article_id)
    entity = replace(entity, wanted=lanes.wanted_of(work, entity))
    actor = work.profile.actor()
    if entity.deleted:
        raise _no_such_step("deleted")
    if not may_step(article, step.action, actor):
        raise forbidden()
    if step.action.needs_note and (step.note is None or not step.note.text.strip()):
        raise UserError("note_needed", Message("refusal", "This step needs a note."))
    if step.action.is_take_back:
        queued = _take_back(work, entity, step)
    else:
        _check(work, entity, article, step)
        waits = step.action in (Action.PUBLISH, Action.CORRECT, Action.SCHEDULE)
        grace = work.profile.newsroom().grace_s if waits else 0
        queued = lanes.queue_command(work, article_id, "article", "transition", step_command(entity, step),
                                     snapshot=writable("article", entity.doc), grace_s=grace)
    lanes.keep_revision(work, entity, step.action.value)
    work.audit(step.action.value, "article", article_id, {"hash": step.content_hash or ""})
    lanes.refresh(work, "article", article_id, Facet.STATUS | Facet.SYNC, by_hand=True)
    written = lanes.held(work, "article", article_id)
    _undoable(work, "step", article_id, {"action": step.action.value, "from": entity.wanted,
                                          "op_id": queued.op_id if queued else ""})
    return Outcome(Status(written.wanted), work.changes())


def step_command(entity: Entity, step: Step) -> dict[str, Any]:
    """The step as it travels. Take-backs carry neither the text nor the status that their person saw."""
    command: dict[str, Any] = {"action": step.action.value}
    if not step.action.is_take_back:
        command["from"] = (step.seen_from or Status(entity.wanted or "draft")).value
    if step.action.needs_hash:
        command["content_hash"] = step.content_hash
    if step.publish_at is not None:
        command["publish_at"] = moment_document(step.publish_at)
    if step.kind is not None:
        command["kind"] = step.kind.value
    if step.note is not None:
        command["note"] = write_note(step.note)
    if step.on_late is not None:
        command["on_late"] = step.on_late
    if step.revokes:
        command["revokes"] = list(step.revokes)
    return command


def _check(work: UnitOfWork, entity: Entity, article: Article, step: Step) -> None:
    """What can be known at home before a step is queued; press decides with what it knows."""
    wanted = Status(entity.wanted or "draft")
    if rule_for(step.action, wanted) is None:
        raise _no_such_step(wanted.value)
    if step.seen_from is not None and Status.CORRECTED not in (step.seen_from, wanted) and step.seen_from is not wanted:
        raise Refused("status", Message("refusal", "The article is in another status now: {status}.",
                                        {"status": wanted.value}))
    if step.action is Action.SUBMIT:
        missing = [f for f in work.profile.newsroom().checklist if not entity.doc.get(f)]
        if missing:
            raise Refused("checklist", Message("refusal", "Still missing: {fields}.", {"fields": ", ".join(missing)}))
    if not step.action.needs_hash:
        return
    if any(card.blocking for card in work.conflicts.open(entity.id)):
        raise Conflict("conflict_open", Message("desk", "Two versions of this text are waiting for a choice."),
                       safe=Message("desk", "Both texts are kept."),
                       fix=Message("desk", "Settle the conflict first; nothing is published until then."))
    if step.content_hash != content_hash(article):
        raise Refused("hash", Message("refusal", "The text is no longer the one you saw."))
    if step.action is not Action.APPROVE:
        _check_release(work, entity, article, step)


def _no_such_step(status: str) -> Refused:
    return Refused("no_such_step", Message("desk", "An article that is {status} cannot take this step.",
                                           {"status": status}))


def _check_release(work: UnitOfWork, entity: Entity, article: Article, step: Step) -> None:
    approving = [r for r in work.outbox.lane(entity.id, *lanes.WAITING)
                 if r.verb == "transition" and r.command["action"] == "approve"]
    approved = approving[-1].command["content_hash"] if approving else (
        article.approved.content_hash if article.approved else None)
    if approved != step.content_hash:
        raise Refused("approval_stale", Message("refusal", "The text was changed after it was approved."))
    release = step.publish_at.utc if step.publish_at is not None else work.now()
    if article.embargo_at is not None and release < article.embargo_at.utc:
        raise Refused("embargo", Message("refusal", "The embargo has not passed: {time}.",
                                         {"time": article.embargo_at.wall.replace("T", " ")}))


def _take_back(work: UnitOfWork, entity: Entity, step: Step) -> OutboxRow | None:
    """Withdraw or unschedule (model 3): supersede what has not left, name in `revokes` what has. Returns the request,
    None where nothing has to be sent."""
    steps = [r for r in work.outbox.lane(entity.id, *lanes.WAITING, OpState.PARKED)
             if r.verb == "transition" and not r.take_back]
    if step.action is Action.UNSCHEDULE:
        steps = [r for r in steps if r.command["action"] == Action.SCHEDULE.value]
    pending = [r for r in steps if r.state is OpState.PENDING]
    sealed = [r for r in steps if lanes.is_out(r)]
    for row in pending:
        lanes.drop(work, row)
    article, now = article_value(entity.id, entity.doc), work.now()
    if step.action is Action.UNSCHEDULE:
        # Whoever says *off the schedule* means every time: also one that the server has under one chosen later.
        needed = bool(sealed) or not pending or ahead(article.live, now) is not None
    else:
        status = lanes.acknowledged_status(entity, now)
        needed = bool(sealed) or status.is_public or status is Status.SCHEDULED
    if not needed:
        return None
    planned = read_moment(sealed[-1].command.get("publish_at")) if sealed else article.publish
    revoking = replace(step, revokes=tuple(r.op_id for r in sealed),
                       publish_at=planned if step.action is Action.UNSCHEDULE else None)
    return lanes.queue_command(work, entity.id, "article", "transition", step_command(entity, revoking), take_back=True)


def delete(work: UnitOfWork, article_id: str) -> Outcome[None]:
    """Put an article in the bin. Refused while it is planned or public."""
    entity, article = lanes.held_article(work, article_id)
    actor = work.profile.actor()
    if not actor.may(Right.WRITE) or not (actor.may(Right.OTHERS) or article.is_own(actor.id)):
        raise forbidden()
    wanted = Status(lanes.wanted_of(work, entity))
    if any(status.is_public or status is Status.SCHEDULED
           for status in (wanted, lanes.acknowledged_status(entity, work.now()))):
        raise Refused("status", Message("desk", "What is planned or public cannot be deleted: withdraw it first."))
    waiting = work.outbox.lane(article_id, OpState.PENDING)
    for row in waiting:
        lanes.drop(work, row)
    is_out = any(lanes.is_out(row) for row in work.outbox.lane(article_id, OpState.SEALED, OpState.PARKED))
    if is_out or lanes.sync_of(work, entity).base_doc is not None:
        lanes.queue_command(work, article_id, "article", "delete", {})
    lanes.write(work, replace(entity, deleted=True), Facet.ALL)
    _undoable(work, "delete", article_id, {})
    work.audit("delete", "article", article_id, {})
    return Outcome(None, work.changes())


def restore(work: UnitOfWork, article_id: str) -> Outcome[None]:
    """Take an article out of the bin."""
    entity = lanes.held(work, "article", article_id)
    if not entity.deleted:
        return Outcome(None, work.changes())
    waiting = [r for r in work.outbox.lane(article_id, OpState.PENDING) if r.verb == "delete"]
    for row in waiting:
        lanes.drop(work, row)
    state = lanes.sync_of(work, entity)
    gone = TOMBSTONE in (state.adapter_state or {})  # a deletion may have been decided on one that is there already
    if state.base_rev is not None and (gone or not waiting):
        lanes.queue_command(work, article_id, "article", "restore", {})
    lanes.write(work, replace(entity, deleted=False), Facet.ALL)
    work.audit("restore", "article", article_id, {})
    return Outcome(None, work.changes())


def confirm_publish(work: UnitOfWork, row: OutboxRow) -> None:
    """A publish that waited too long is still wanted: its hour starts anew."""
    work.outbox.put(replace(row, created_at=work.now(), next_try_at=work.now()))


def _undoable(work: UnitOfWork, operation: str, article_id: str, data: Mapping[str, Any]) -> None:
    work.undos.add(UndoRow(operation, "article", article_id, work.now(), work.profile.actor().id, data))


def _keep_now_and_then(work: UnitOfWork, entity: Entity) -> None:
    """The state that somebody began with, then one for each five minutes of work (model 9)."""
    last = work.revisions.last_at(entity.id)
    if any(entity.doc.get(name) for name in WRITTEN) if last is None else work.now() - last >= REVISION_EVERY:
        lanes.keep_revision(work, entity, "work")
