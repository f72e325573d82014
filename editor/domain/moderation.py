"""Which decision counts (domain-rules C1, C2; model 5). Press decides by this; a desk checks before it queues.

Public visibility never depends on who syncs first: approve with approve is visible, every pair with a negative is
hidden until a person settles it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from editor.base.messages import Message
from editor.domain.newsroom import Newsroom, reason
from editor.domain.people import Actor, Right
from editor.domain.reaction import (
    Decision,
    Deferral,
    Dispute,
    Escalation,
    QueueState,
    Reaction,
    ReactionStatus,
    Verb,
    queue_state,
)
from editor.domain.refusal import Refused, forbidden

MAX_LATER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class LogRow:
    """One row of press's append-only log of a reaction: the decision, and what became of it."""

    decision: Decision
    result: str  # applied | already | superseded | disputed | joined | requeued
    case: str = ""


@dataclass(frozen=True, slots=True)
class Ruling:
    """The reaction after a decision, and what became of the decision. `code` is the wire's, empty when it counted."""

    reaction: Reaction
    result: str
    case: str = ""

    @property
    def code(self) -> str:
        """The wire's code for this result."""
        return {"already": "already", "disputed": "disputed", "joined": "disputed", "requeued": "text_changed",
                "superseded": "superseded"}.get(self.result, "")


def check(reaction: Reaction, decision: Decision, actor: Actor) -> None:
    """Refuse what is no step at all: no right, no reason, no note, nothing to act on (C1). Raises `Refused`."""
    if not actor.may(Right.MODERATE):
        raise forbidden()
    if reaction.status is ReactionStatus.GONE:
        raise Refused("no_such_step", Message("reactions", "This reaction is gone."))
    why = reason(decision.reason)
    if decision.action is Verb.REJECT and why is None:
        raise Refused("type", Message("reactions", "A rejection needs a reason."))
    if decision.action is Verb.REJECT and why is not None and why.note_needed and not decision.note.strip():
        raise Refused("type", Message("reactions", "This reason needs an explanation."))
    if decision.action is Verb.ESCALATE and not decision.note.strip():
        raise Refused("type", Message("reactions", "An escalation needs a note."))
    if decision.action is Verb.DEFER and (decision.until is None or decision.until > decision.at + MAX_LATER):
        raise Refused("type", Message("reactions", "Later is at most 24 hours."))


def check_informed(reaction: Reaction, decision: Decision, actor: Actor, newsroom: Newsroom, t: datetime) -> None:
    """Refuse what the state table does not allow to somebody who knows everything (C1). Raises `Refused`."""
    check(reaction, decision, actor)
    state, action = queue_state(reaction, t), decision.action
    senior = actor.may(Right.SETTLE)
    if state is QueueState.ESCALATED and not senior:
        own = reaction.escalation is not None and reaction.escalation.by == actor.id
        if not (own and (action is Verb.DEESCALATE or action.is_negative)):
            raise forbidden()
    if state in (QueueState.REJECTED, QueueState.SPAM) and action is not Verb.ESCALATE:
        _check_restore(reaction, decision, actor, newsroom, t)
    if action is Verb.DEFER and state not in (QueueState.PENDING, QueueState.DEFERRED, QueueState.CONFLICT):
        raise Refused("no_such_step", Message("reactions", "Only what is waiting can be put off."))
    if action is Verb.DEESCALATE and reaction.escalation is None:
        raise Refused("no_such_step", Message("reactions", "This reaction is not escalated."))


def _check_restore(reaction: Reaction, decision: Decision, actor: Actor, newsroom: Newsroom, t: datetime) -> None:
    last = reaction.decision
    own = last is not None and last.actor_id == actor.id and t - last.at <= timedelta(hours=newsroom.undo_hours)
    if own:
        return
    if not actor.may(Right.SETTLE):
        raise forbidden()
    if decision.action.is_positive and not decision.note.strip():
        raise Refused("type", Message("reactions", "Restoring a colleague's decision needs a note."))


def is_informed(log: Sequence[LogRow], decision: Decision) -> bool:
    """Whether every row that its person had not seen is his own. Whoever saw more rows than there are saw those of
    another history: he knows of none of these."""
    unseen = log if decision.seen_n > len(log) else log[decision.seen_n:]
    return all(row.decision.actor_id == decision.actor_id for row in unseen)


def rule_on(reaction: Reaction, log: Sequence[LogRow], decision: Decision, actor: Actor, newsroom: Newsroom,
            now: datetime) -> Ruling:
    """What press makes of `decision`, given everything logged so far. Raises `Refused` for no step at all."""
    check(reaction, decision, actor)
    if decision.text_hash != reaction.text_hash and decision.action is not Verb.SPAM:
        held = replace(reaction, status=ReactionStatus.HOLD, deferral=None)
        return Ruling(held, "requeued", "C6" if decision.action.is_positive else "C8")
    if is_informed(log, decision):
        if reaction.dispute is not None and not _may_close(reaction, decision, actor):
            return Ruling(reaction, "joined", "C2d")
        check_informed(reaction, decision, actor, newsroom, now)
        return Ruling(_apply(replace(reaction, dispute=None), decision, now), "applied", "C0")
    return _rule_blind(reaction, decision, now)


def _may_close(reaction: Reaction, decision: Decision, actor: Actor) -> bool:
    dispute = reaction.dispute
    if dispute is None or actor.may(Right.SETTLE):
        return True
    if dispute.escalated:
        own = reaction.escalation is not None and reaction.escalation.by == actor.id
        return own and (decision.action is Verb.DEESCALATE or decision.action.is_negative)
    return actor.id in (dispute.a, dispute.b)


def _rule_blind(reaction: Reaction, decision: Decision, now: datetime) -> Ruling:
    """The table of C2 for a decision whose person did not know of somebody else's."""
    action, last = decision.action, reaction.decision
    if action in (Verb.DEFER, Verb.DEESCALATE):
        return Ruling(reaction, "superseded", "C2e")
    overruled = last is not None and last.action.is_negative and last.ground.overrules
    if action.is_positive and overruled and reaction.escalation is None and reaction.dispute is None:
        return Ruling(reaction, "superseded", "C2b")
    if reaction.dispute is not None:
        return Ruling(reaction, "joined", "C2d")
    if action.is_positive:
        return _blind_approval(reaction, decision, now)
    if last is None:
        return Ruling(_apply(reaction, decision, now), "applied", "C0")
    if last.action.is_positive:
        return _blind_negative_on_approved(reaction, decision, now)
    if action is Verb.ESCALATE and reaction.escalation is None:
        raised = Escalation(decision.actor_id, decision.at, decision.note)
        return Ruling(replace(reaction, escalation=raised), "applied", "C5")
    return Ruling(reaction, "already" if action is last.action else "superseded", "C5")


def _blind_approval(reaction: Reaction, decision: Decision, now: datetime) -> Ruling:
    last = reaction.decision
    if reaction.escalation is not None or (last is not None and last.action.is_negative):
        case = "C2c" if reaction.escalation is not None or (last and last.action is Verb.REQUEUE) else "C2"
        return _dispute(reaction, decision, case, now)
    if reaction.status is ReactionStatus.APPROVED:
        return Ruling(reaction, "already", "C1")
    return Ruling(_apply(reaction, decision, now), "applied", "C0")


def _blind_negative_on_approved(reaction: Reaction, decision: Decision, now: datetime) -> Ruling:
    if decision.action is not Verb.ESCALATE and decision.ground.overrules:
        return Ruling(_apply(reaction, decision, now), "applied", "C3")
    return _dispute(_apply(reaction, decision, now), decision, "C4", now, other=reaction.decision)


def _dispute(reaction: Reaction, decision: Decision, case: str, now: datetime, *,
             other: Decision | None = None) -> Ruling:
    against = other or reaction.decision
    if reaction.escalation is not None and other is None:
        first = reaction.escalation.by  # a blind escalation beside an earlier no: the two sides are hers and the approval's
    else:
        first = against.actor_id if against else ""
    opened = Dispute(first, decision.actor_id, case, now, escalated=reaction.escalation is not None)
    hidden = reaction.status if reaction.status is not ReactionStatus.APPROVED else ReactionStatus.HOLD
    return Ruling(replace(reaction, status=hidden, dispute=opened), "disputed", case)


def _apply(reaction: Reaction, decision: Decision, now: datetime) -> Reaction:
    """The reaction with a decision that counts."""
    action = decision.action
    if action is Verb.DEFER:
        until = decision.until or now
        return replace(reaction, deferral=Deferral(decision.actor_id, until))
    if action is Verb.ESCALATE:
        raised = Escalation(decision.actor_id, decision.at, decision.note)
        return replace(reaction, status=ReactionStatus.HOLD, escalation=raised, decision=decision, deferral=None)
    status = {Verb.APPROVE: ReactionStatus.APPROVED, Verb.RESTORE: ReactionStatus.APPROVED,
              Verb.REJECT: ReactionStatus.TRASH, Verb.SPAM: ReactionStatus.SPAM}.get(action, ReactionStatus.HOLD)
    cleared = None if action is Verb.DEESCALATE else decision
    return replace(reaction, status=status, escalation=None, deferral=None, decision=cleared)
