"""Which steps an open article offers: the one next step, and the others, by status, text and rights. No Qt in here.

`domain.article.STEPS` says what may follow what; this only chooses words and what must be asked first.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from editor.base.messages import Message
from editor.domain.article import Action, Status, rule_for
from editor.domain.people import Right
from editor.domain.publication import ahead
from editor.domain.workflow import may_step
from editor.ui.articles.reading import Screen


class Need(Enum):
    """What is asked before a step is taken."""

    NOTHING = auto()
    NOTE = auto()
    CORRECTION = auto()
    REASON = auto()
    TIME = auto()
    LOOK = auto()  # what changes on the site is shown first


@dataclass(frozen=True, slots=True)
class Offer:
    """A step as a button or a menu says it."""

    action: Action
    words: Message
    need: Need = Need.NOTHING


FIELD_NAMES = {
    "headline": Message("articles_desk", "headline"),
    "kicker": Message("articles_desk", "kicker"),
    "lead": Message("articles_desk", "lead"),
    "body": Message("articles_desk", "text"),
    "section": Message("articles_desk", "section"),
    "tags": Message("articles_desk", "tags"),
    "bylines": Message("articles_desk", "byline"),
    "slug": Message("articles_desk", "address"),
    "lead_image": Message("articles_desk", "picture"),
    "headline_short": Message("articles_desk", "short headline"),
    "headline_search": Message("articles_desk", "search title"),
    "headline_social": Message("articles_desk", "title for social media"),
    "related": Message("articles_desk", "related articles"),
    "embargo_at": Message("articles_desk", "embargo"),
    "note": Message("articles_desk", "note"),
    "reactions_mode": Message("articles_desk", "reactions"),
}
_WORDS = {
    Action.SUBMIT: Message("articles_desk", "Ready for the desk"),
    Action.RETURN: Message("articles_desk", "Back to draft…"),
    Action.APPROVE: Message("articles_desk", "Approve"),
    Action.UNAPPROVE: Message("articles_desk", "Take the approval back…"),
    Action.SCHEDULE: Message("articles_desk", "Schedule…"),
    Action.UNSCHEDULE: Message("articles_desk", "Take it off the schedule"),
    Action.PUBLISH: Message("articles_desk", "Publish"),
    Action.CORRECT: Message("articles_desk", "Correct…"),
    Action.WITHDRAW: Message("articles_desk", "Withdraw…"),
    Action.REOPEN: Message("articles_desk", "Open it again"),
}
_NEEDS = {
    Action.RETURN: Need.NOTE, Action.UNAPPROVE: Need.NOTE, Action.CORRECT: Need.CORRECTION, Action.WITHDRAW: Need.REASON,
    Action.SCHEDULE: Need.TIME, Action.PUBLISH: Need.LOOK,
}  # fmt: skip
RELEASING = (Action.PUBLISH.value, Action.CORRECT.value, Action.SCHEDULE.value)


def offer(action: Action, screen: Screen) -> Offer:
    """An action in the words that fit this article."""
    words = _WORDS[action]
    if screen.wanted.is_public:
        words = {Action.APPROVE: Message("articles_desk", "Approve the change"),
                 Action.PUBLISH: Message("articles_desk", "Publish the change"),
                 Action.SCHEDULE: Message("articles_desk", "Schedule the change…")}.get(action, words)
    elif screen.wanted is Status.SCHEDULED and action is Action.SCHEDULE:
        words = Message("articles_desk", "Another time…")
    elif screen.wanted is Status.APPROVED and action is Action.APPROVE:
        words = Message("articles_desk", "Approve again")
    return Offer(action, words, _NEEDS.get(action, Need.NOTHING))


def is_allowed(action: Action, screen: Screen) -> bool:
    """Whether the status and the person's rights allow the step."""
    return rule_for(action, screen.wanted) is not None and may_step(screen.article, action, screen.actor)


def next_step(screen: Screen) -> Offer | None:
    """The one step that comes next, None when nothing is to be done here or by this person."""
    action = _next_action(screen)
    return offer(action, screen) if action is not None and is_allowed(action, screen) else None


def other_steps(screen: Screen) -> tuple[Offer, ...]:
    """The other steps that are allowed now."""
    first = _next_action(screen)
    skipped = {first} if first is not None and is_allowed(first, screen) else set()
    if screen.wanted is Status.APPROVED and screen.is_approved:
        skipped.add(Action.APPROVE)
    if screen.wanted.is_public:
        if not screen.differs or screen.is_approved:
            skipped.add(Action.APPROVE)
        if not screen.differs:
            skipped |= {Action.PUBLISH, Action.CORRECT, Action.SCHEDULE}
        if ahead(screen.article.live, screen.now) is None:
            skipped.add(Action.UNSCHEDULE)
    if screen.wanted is not Status.SCHEDULED and not screen.is_approved:
        skipped |= {Action.PUBLISH, Action.CORRECT, Action.SCHEDULE}  # refused until this text is approved
    if screen.wanted is Status.SCHEDULED:
        skipped.add(Action.WITHDRAW)  # here the same as taking it off the schedule
    return tuple(offer(action, screen) for action in Action if action not in skipped and is_allowed(action, screen))


def may_delete(screen: Screen) -> bool:
    """Whether the bin is offered: never for what is planned or public."""
    return not (screen.wanted.is_public or screen.wanted is Status.SCHEDULED) and may_step(screen.article, Action.RETURN, screen.actor)


def missing(screen: Screen) -> tuple[str, ...]:
    """The fields of the newsroom's checklist that are still empty, while the article is a draft."""
    if screen.wanted is not Status.DRAFT:
        return ()
    return tuple(name for name in screen.newsroom.checklist if not getattr(screen.article, name, None))


def notice(screen: Screen) -> Message | None:
    """Why there is no next step, or what the article waits for."""
    if not screen.actor.may(Right.WRITE):
        return Message("articles_desk", "Your role reads articles; it does not write them.")
    if screen.waits(*RELEASING):
        return Message("articles_desk", "Goes out as soon as it has been sent.")
    if any(card.blocking for card in screen.view.conflicts):
        return Message("articles_desk", "Two versions wait for a choice: nothing is published until then.")
    coming = ahead(screen.article.live, screen.now)
    if screen.wanted is Status.SCHEDULED and coming is not None:
        if not screen.is_approved:
            return Message("articles_desk", "What was approved goes live; what was written since does not.")
        return Message("articles_desk", "Stands ready on the server and goes live by itself.")
    if next_step(screen) is not None:
        return None
    if screen.wanted.is_public:
        return None if screen.differs else Message("articles_desk", "Readers see this text.")
    if screen.wanted is Status.DESK:
        return Message("articles_desk", "Waits for somebody who may approve it.")
    if screen.wanted is Status.APPROVED:
        return Message("articles_desk", "Approved; waits for somebody who may publish it.")
    return None


def _next_action(screen: Screen) -> Action | None:
    if screen.waits(*RELEASING):
        return None
    match screen.wanted:
        case Status.DRAFT:
            return Action.SUBMIT
        case Status.DESK:
            return Action.APPROVE
        case Status.APPROVED:
            return Action.PUBLISH if screen.is_approved else Action.APPROVE
        case Status.WITHDRAWN:
            return Action.REOPEN
        case Status.PUBLISHED | Status.CORRECTED if screen.differs:
            return Action.PUBLISH if screen.is_approved else Action.APPROVE
    return None
