"""Decisions on readers' reactions at home (domain-rules C1, S-01): appended, never changed, sent after their grace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from editor.base.errors import UserError
from editor.base.ids import new_id
from editor.base.messages import Message
from editor.desk import lanes
from editor.desk.ports import OpState, OutboxRow, UndoRow, UnitOfWork
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import decision_command
from editor.domain.moderation import check, check_informed
from editor.domain.newsroom import reason as reason_of
from editor.domain.reaction import Decision, QueueState, Reaction, Verb, queue_state, state_with
from editor.domain.refusal import Refused


@dataclass(frozen=True, slots=True)
class Seen:
    """What a moderator had before him: the text's hash and how many log rows."""

    text_hash: str
    log_n: int


def seen_of(reaction: Reaction) -> Seen:
    """What whoever looks at `reaction` now has before him."""
    return Seen(reaction.text_hash, reaction.log_n)


def held_reaction(work: UnitOfWork, reaction_id: str) -> Reaction:
    """The reaction, or one plain sentence that there is none."""
    reaction = work.reactions.get(reaction_id)
    if reaction is None:
        raise UserError("not_found", Message("desk", "There is no {kind} {id}.",
                                             {"kind": "reaction", "id": reaction_id[-8:]}))
    return reaction


def decide(work: UnitOfWork, reaction_id: str, action: Verb, *, seen: Seen, reason: str | None = None,
           note: str = "", until: datetime | None = None, group: str = "") -> Outcome[Decision]:
    """Decide on one reaction. The decision waits out its grace before it may be sent (S-01). What has one `group` is
    taken back as one.

    A newer decision by the same person takes the place of one that has not left; after sealing it follows as a
    compensating one. Raises `Refused("text_changed")` when the text is no longer the one that was seen (M-07).
    """
    reaction = held_reaction(work, reaction_id)
    if seen.text_hash != reaction.text_hash:
        raise Refused("text_changed", Message("reactions", "The text was changed after you saw it."))
    why = reason_of(reason)
    if action is Verb.REJECT and why is not None and why.escalates:
        action = Verb.ESCALATE  # key 4 hides at once and asks a senior (domain-rules C7)
        note = note or why.code
    newsroom, actor, now = work.profile.newsroom(), work.profile.actor(), work.now()
    if action is Verb.DEFER and until is None:
        until = now + timedelta(minutes=newsroom.later_min)
    waiting = _waiting(work, reaction_id)
    before = waiting[-1] if waiting else None
    decision = Decision(new_id(), reaction_id, action, actor.id, now, seen.text_hash, seen.log_n, reason, note, until,
                        supersedes=str(before.command["decision_id"]) if before else None, actor_name=actor.name)
    if any(row.state is OpState.SEALED for row in waiting):
        check(reaction, decision, actor)  # what the reaction will be when this arrives cannot be known
    else:
        check_informed(reaction, decision, actor, newsroom, now)
    previous = state_with(reaction, _decision_of(work, before), now)
    _queue(work, decision, waiting, newsroom.grace_s)
    work.undos.add(UndoRow("decide", "reaction", reaction_id, now, actor.id,
                           {"decision_id": decision.id, "previous": previous.value, "action": action.value,
                            **({"group": group} if group else {})}))
    return Outcome(decision, work.changes())


def decide_many(work: UnitOfWork, reaction_ids: Sequence[str], action: Verb, *, seen: Mapping[str, Seen],
                reason: str | None = None, note: str = "") -> Outcome[tuple[Decision, ...]]:
    """One decision on several reactions, all or none (M-08); one undo takes all of them back."""
    group = new_id()
    made = tuple(decide(work, one, action, seen=seen[one], reason=reason, note=note, group=group).value
                 for one in reaction_ids)
    return Outcome(made, work.changes())


def undo_decision(work: UnitOfWork, reaction_id: str) -> Outcome[Decision | None]:
    """Take back one's own last decision. Within its grace the intent goes and nothing is sent; after that a
    compensating decision follows on the present text (S-06). Returns that one, or None."""
    reaction, actor = held_reaction(work, reaction_id), work.profile.actor()
    waiting = _waiting(work, reaction_id)
    pending = [row for row in waiting if row.state is OpState.PENDING]
    if pending:
        lanes.drop(work, pending[-1], why="taken back")
        _changed(work, reaction_id)
        return Outcome(None, work.changes())
    last = _last_sent(work, reaction_id, actor.id)
    if last is None:
        raise UserError("nothing_to_undo", Message("reactions", "You have not decided on this reaction."))
    if not waiting and reaction.decision is not None and reaction.decision.actor_id != actor.id:
        raise lanes.came_between()
    action = _inverse(last, reaction, work.now())
    compensating = Decision(new_id(), reaction_id, action, actor.id, work.now(), reaction.text_hash, reaction.log_n,
                            note="", supersedes=last.id, actor_name=actor.name)
    if not waiting:
        check_informed(reaction, compensating, actor, work.profile.newsroom(), work.now())
    _queue(work, compensating, waiting, 0)
    return Outcome(compensating, work.changes())


def _last_sent(work: UnitOfWork, reaction_id: str, actor_id: str) -> Decision | None:
    """The person's newest decision that left; those taken back or replaced in time never happened."""
    never = {str(row.command.get("decision_id")) for row in work.outbox.lane(reaction_id, OpState.SUPERSEDED,
                                                                            OpState.DISCARDED)}
    mine = [d for d in work.reactions.decisions(reaction_id) if d.actor_id == actor_id and d.id not in never]
    return mine[-1] if mine else None


def _inverse(last: Decision, reaction: Reaction, t: datetime) -> Verb:
    state = queue_state(reaction, t)
    if last.action is Verb.ESCALATE and state is QueueState.ESCALATED:
        return Verb.DEESCALATE
    return Verb.REQUEUE


def _queue(work: UnitOfWork, decision: Decision, waiting: Sequence[OutboxRow], grace_s: float) -> None:
    for row in waiting:
        if row.state is OpState.PENDING:
            lanes.drop(work, row)
    work.reactions.append(decision)
    lanes.queue_command(work, decision.reaction_id, "reaction", "moderate", decision_command(decision),
                        grace_s=grace_s)
    work.audit(decision.action.value, "reaction", decision.reaction_id, {"reason": decision.reason or ""})
    _changed(work, decision.reaction_id)


def _changed(work: UnitOfWork, reaction_id: str) -> None:
    work.reactions.refresh(reaction_id)
    work.changed("reaction", reaction_id, Facet.DECISION | Facet.SYNC)


def _waiting(work: UnitOfWork, reaction_id: str) -> list[OutboxRow]:
    return [row for row in work.outbox.lane(reaction_id, *lanes.WAITING) if row.verb == "moderate"]


def _decision_of(work: UnitOfWork, row: OutboxRow | None) -> Decision | None:
    return work.reactions.decision(str(row.command["decision_id"])) if row is not None else None

