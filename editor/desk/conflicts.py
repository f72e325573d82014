"""Settling a card (T7): mine, theirs, both, or a text of one's own. The result is an ordinary edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.desk import articles, lanes, pulling, pushing, reactions, removals, ticker
from editor.desk.ports import ConflictRow, Entity, OpState, UnitOfWork
from editor.domain.article import Action
from editor.domain.changes import Facet, Outcome
from editor.domain.publication import Note
from editor.domain.reaction import Verb
from editor.domain.workflow import Step
from editor.sync.merge_rules import merge_texts
from editor.text.merging import Side, merge_text

MINE, THEIRS, BOTH, TEXT = "mine", "theirs", "both", "text"


def resolve(work: UnitOfWork, conflict_id: str, choice: str, *, text: str | None = None) -> Outcome[None]:
    """Settle one card. `text` is the whole text of the field when `choice` is `text`.

    Raises `UserError` for a card that is closed already or a choice that it does not offer; nothing is changed then.
    """
    card = work.conflicts.get(conflict_id)
    if card is None or card.state != "open":
        raise UserError("not_found", Message("desk", "This card has been settled already."))
    if choice not in (MINE, THEIRS, BOTH, TEXT) or (choice == TEXT and text is None):
        raise UserError("usage", Message("desk", "Choose mine, theirs, both, or give a text."))
    if card.entity_kind == "reaction":
        _resolve_reaction(work, card, choice)
    elif card.kind in ("text", "field", "soft"):
        _resolve_field(work, card, choice, text)
    else:
        _resolve_step(work, card, choice)
    lanes.close_card(work, card, choice)
    if card.kind == "deleted" and choice != MINE and pulling.is_erased(work.syncs.get(card.entity_id)):
        work.conflicts.erase(card.entity_id)
    lanes.refresh(work, card.entity_kind, card.entity_id, Facet.CONFLICT | Facet.SYNC)
    work.audit("settle", card.entity_kind, card.entity_id, {"card": card.kind, "choice": choice})
    return Outcome(None, work.changes())


def _resolve_field(work: UnitOfWork, card: ConflictRow, choice: str, text: str | None) -> None:
    entity = lanes.held(work, card.entity_kind, card.entity_id)
    present = _value(entity, card.field)
    if card.regions:
        value: Any = _settled_text(work, entity, card, choice, text)
    elif choice == BOTH:
        raise UserError("usage", Message("desk", "This field holds one value: choose mine or theirs."))
    elif card.entity_kind == "list" and choice != TEXT:
        value = _settled_map(card, card.mine if choice == MINE else card.theirs, present or {})
    else:
        value = _settled_value(work, card, choice, text, present)
    lanes.unpark(work, entity.id)
    staged = None if entity.staged == card.mine else entity.staged
    if value != present or staged != entity.staged:
        lanes.keep_revision(work, entity, "settle")
        fields = {"end": value[0], "ttl_min": value[1]} if card.field == "end|ttl_min" else {card.field: value}
        lanes.write(work, replace(entity, doc={**entity.doc, **fields}, staged=staged), Facet.TEXT | Facet.TIME)


def _value(entity: Entity, field: str) -> Any:
    if field == "end|ttl_min":
        return [entity.doc.get("end"), entity.doc.get("ttl_min")]
    return entity.doc.get(field)


def _settled_value(work: UnitOfWork, card: ConflictRow, choice: str, text: str | None, present: Any) -> Any:
    """The chosen value. When the field holds another by now than the card shows, choosing what stood leaves it, and
    anything else stands with a new card: that value nobody has been asked about."""
    stood = card.mine if _stands(card) is Side.MINE else card.theirs
    value = {MINE: card.mine, THEIRS: card.theirs, TEXT: text}[choice]
    if present in (stood, value):
        return value
    if value == stood:
        return present
    lanes.raise_card(work, card.entity_id, card.entity_kind, card.kind, card.field, base=stood, mine=value,
                     theirs=present, blocking=card.blocking, theirs_actor=card.theirs_actor, code=Side.MINE.value)
    return value


def _settled_text(work: UnitOfWork, entity: Entity, card: ConflictRow, choice: str, text: str | None) -> str:
    """The present text with the choice in it. It may have been written on since the card was raised: that stays, and
    where it was written on in the very place of the choice, the choice stands and a new card keeps the rest."""
    mine, theirs, present = str(card.mine), str(card.theirs), str(entity.doc.get(card.field) or "")
    stood = mine if _stands(card) is Side.MINE else theirs
    chosen = {MINE: mine, THEIRS: theirs, TEXT: text or "", BOTH: str(card.regions[0].get("both", ""))}[choice]
    collision = merge_texts(card.field, stood, chosen, present, Side.MINE)[1]
    if collision is not None:
        lanes.raise_collisions(work, entity, (collision,), theirs_actor=card.theirs_actor, stands=Side.MINE)
    return merge_text(stood, chosen, present, stands=Side.MINE).text


def _stands(card: ConflictRow) -> Side:
    return Side.MINE if card.code == Side.MINE.value else Side.THEIRS


def _settled_map(card: ConflictRow, chosen: Mapping[str, Any], present: Mapping[str, Any]) -> dict[str, Any]:
    """The present map with the choice for those keys alone about which the two sides differ."""
    asked = [key for key in {**card.mine, **card.theirs} if card.mine.get(key) != card.theirs.get(key)]
    rest = {key: value for key, value in present.items() if key not in asked}
    return {**rest, **{key: chosen[key] for key in asked if key in chosen}}


def _resolve_reaction(work: UnitOfWork, card: ConflictRow, choice: str) -> None:
    """1 keep mine, 2 keep the server's, 3 back to the queue (S-10). A note is only read."""
    if card.kind != "dispute" or choice == THEIRS:
        return
    reaction = reactions.held_reaction(work, card.entity_id)
    seen = reactions.seen_of(reaction)
    if choice == BOTH:
        reactions.decide(work, card.entity_id, Verb.REQUEUE, seen=seen)
        return
    me = work.profile.actor().id
    own = [d for d in work.reactions.decisions(card.entity_id) if d.actor_id == me]
    if not own:
        raise UserError("usage", Message("desk", "You have not decided on this reaction."))
    last = own[-1]
    reactions.decide(work, card.entity_id, last.action, seen=seen, reason=last.reason, note=last.note,
                     until=last.until)


def _resolve_step(work: UnitOfWork, card: ConflictRow, choice: str) -> None:
    """Cards about steps: `mine` goes on with what was meant, `theirs` lets it go."""
    row = work.outbox.get(card.op_id) if card.op_id else None
    if card.kind == "still_true" and row is not None and row.state is OpState.PENDING:
        if choice == MINE:
            articles.confirm_publish(work, row)
        else:
            lanes.drop(work, row, OpState.DISCARDED)
    elif card.kind == "late" and card.entity_kind == "ticker":
        ticker.answer_late(work, card.entity_id, {MINE: "now", BOTH: "as_planned"}.get(choice, "lapse"))
    elif card.kind == removals.REMOVAL:
        _resolve_removal(work, card, choice)
    elif card.kind == "deleted":
        _resolve_deleted(work, card, choice)
    elif card.kind == "rejected" and row is not None:
        if choice == MINE:
            pushing.retry_parked(work, row.op_id)
        else:
            pushing.discard(work, row.op_id)
    elif card.kind == "refused" and card.code == "late" and choice == MINE and card.field == "unschedule":
        articles.take_step(work, card.entity_id, Step(Action.WITHDRAW, note=Note(str(Message("desk", "undone")))))


def _resolve_deleted(work: UnitOfWork, card: ConflictRow, choice: str) -> None:
    entity = lanes.held(work, card.entity_kind, card.entity_id)
    for step in work.outbox.lane(entity.id, OpState.PENDING):
        lanes.drop(work, step, why="gone")  # taken since on what is not there: it would stand before the restoring for ever
    if choice == MINE:
        lanes.queue_command(work, entity.id, entity.kind, "restore", {})
    elif pulling.is_erased(state := lanes.sync_of(work, entity)):
        pulling.erase(work, entity, state.base_rev)  # it was typed in again since: nothing of it is kept
    else:
        lanes.write(work, replace(entity, deleted=True), Facet.ALL)


def _resolve_removal(work: UnitOfWork, card: ConflictRow, choice: str) -> None:
    """Suspiciously many deletions: they are carried out here too, or everything is put back at the server."""
    for row in removals.held(card):
        if not removals.waits(work, row):
            continue  # it came back meanwhile, or somebody here has deleted it
        if choice != MINE:
            pulling.take_state(work, row, wait=bool(work.outbox.lane(row.entity_id, OpState.SEALED)))
            continue
        entity = lanes.held(work, row.kind, row.entity_id)
        pulling.mark_gone(work, entity, row.rev, row.why)
        lanes.queue_command(work, entity.id, entity.kind, "restore", {})
        lanes.refresh(work, entity.kind, entity.id)
