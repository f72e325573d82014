"""A reader's reaction: what press says of it, and the decisions that people take on it (model 5, domain-rules C1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from editor.base.wire import digest
from editor.domain.newsroom import ReasonClass, reason


class ReactionStatus(StrEnum):
    """What the server holds it for; only `approved` is public."""

    HOLD = "hold"
    APPROVED = "approved"
    SPAM = "spam"
    TRASH = "trash"
    GONE = "gone"


class Verb(StrEnum):
    """The action of one decision."""

    APPROVE = "approve"
    REJECT = "reject"
    SPAM = "spam"
    REQUEUE = "requeue"
    DEFER = "defer"
    ESCALATE = "escalate"
    DEESCALATE = "deescalate"
    RESTORE = "restore"

    @property
    def is_positive(self) -> bool:
        """Whether it makes the reaction public; restore counts as approve."""
        return self in (Verb.APPROVE, Verb.RESTORE)

    @property
    def is_negative(self) -> bool:
        """Whether it keeps or takes the reaction off the page; escalate and requeue count."""
        return self in (Verb.REJECT, Verb.SPAM, Verb.ESCALATE, Verb.REQUEUE)


class QueueState(StrEnum):
    """The state that a moderator works by. Derived, never stored."""

    PENDING = "pending"
    REPORTED = "reported"
    ESCALATED = "escalated"
    DEFERRED = "deferred"
    CONFLICT = "conflict"
    APPROVED = "approved"
    REJECTED = "rejected"
    SPAM = "spam"
    GONE = "gone"

    @property
    def is_decided(self) -> bool:
        """Whether nothing is asked of a moderator."""
        return self in (QueueState.APPROVED, QueueState.REJECTED, QueueState.SPAM, QueueState.GONE)


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `text_hash` is the text its person saw, `seen_n` the number of log rows he saw."""

    id: str
    reaction_id: str
    action: Verb
    actor_id: str
    at: datetime
    text_hash: str
    seen_n: int = 0
    reason: str | None = None
    note: str = ""
    until: datetime | None = None
    supersedes: str | None = None
    actor_name: str = ""

    @property
    def ground(self) -> ReasonClass:
        """The class of its reason; a negative without one counts as house rule, class C too."""
        found = reason(self.reason)
        if found is None or found.ground is ReasonClass.COMMERCIAL:
            return ReasonClass.HOUSE
        return found.ground


@dataclass(frozen=True, slots=True)
class Escalation:
    """Put before a senior, by whom and why."""

    by: str
    at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Deferral:
    """Put aside until a time."""

    by: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Dispute:
    """Two people decided oppositely without knowing of each other: hidden until it is settled."""

    a: str  # person
    b: str  # person
    case: str  # the case of domain-rules C2 that opened it
    at: datetime
    escalated: bool = False  # an escalation takes part: only a senior, or its own escalator, closes it


@dataclass(frozen=True, slots=True)
class Reaction:
    """A reaction as press describes it. Everything is read-only to a desk."""

    id: str
    article_id: str
    number: int
    author_name: str
    text: str
    text_hash: str
    created_at: datetime
    parent_id: str = ""
    author_key: str = ""
    edited_at: datetime | None = None
    status: ReactionStatus = ReactionStatus.HOLD
    reports: int = 0
    decision: Decision | None = None  # the last that counted
    escalation: Escalation | None = None
    deferral: Deferral | None = None
    log_n: int = 0
    dispute: Dispute | None = None


def text_hash(text: str, author_name: str, parent_id: str, article_id: str) -> str:
    """sha256 over what a decision is about."""
    return digest([text, author_name, parent_id, article_id])


def queue_state(reaction: Reaction, t: datetime) -> QueueState:
    """The state of the server's facts at `t`."""
    if reaction.status is ReactionStatus.GONE:
        return QueueState.GONE
    if reaction.dispute is not None:
        return QueueState.CONFLICT
    if reaction.status is ReactionStatus.APPROVED:
        return QueueState.REPORTED if reaction.reports else QueueState.APPROVED
    if reaction.escalation is not None:
        return QueueState.ESCALATED
    if reaction.status is ReactionStatus.TRASH:
        return QueueState.REJECTED
    if reaction.status is ReactionStatus.SPAM:
        return QueueState.SPAM
    if reaction.deferral is not None and t < reaction.deferral.until:
        return QueueState.DEFERRED
    return QueueState.PENDING


def state_with(reaction: Reaction, waiting: Decision | None, t: datetime) -> QueueState:
    """The state as its moderator sees it: his own waiting decision on top of the server's facts."""
    if waiting is None or reaction.status is ReactionStatus.GONE:
        return queue_state(reaction, t)
    if waiting.action is Verb.DEFER:
        late = waiting.until is not None and t >= waiting.until
        return QueueState.PENDING if late else QueueState.DEFERRED
    return {
        Verb.APPROVE: QueueState.APPROVED, Verb.RESTORE: QueueState.APPROVED, Verb.REJECT: QueueState.REJECTED,
        Verb.SPAM: QueueState.SPAM, Verb.REQUEUE: QueueState.PENDING, Verb.ESCALATE: QueueState.ESCALATED,
        Verb.DEESCALATE: QueueState.PENDING,
    }[waiting.action]
