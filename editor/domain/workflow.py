"""Carrying a step out, as press does it with its own clock (model 3). Pure: an article in, an article out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from editor.base.messages import Message
from editor.domain.article import (
    Action,
    Approval,
    Article,
    Status,
    content_hash,
    effective_status,
    rule_for,
)
from editor.domain.moments import Moment, moment_of
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Right
from editor.domain.publication import Note, Publication, PublicationKind, ahead, released, shown
from editor.domain.refusal import Refused, forbidden


@dataclass(frozen=True, slots=True)
class Step:
    """One step as it travels. `seen_from` is the status its person saw, `content_hash` the text he saw."""

    action: Action
    seen_from: Status | None = None
    content_hash: str | None = None
    publish_at: Moment | None = None
    kind: PublicationKind | None = None
    note: Note | None = None
    on_late: str | None = None
    revokes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Taken:
    """The article after the step; `already` when somebody else had done it."""

    article: Article
    already: bool = False


def settle(article: Article, now: datetime) -> Article:
    """`article` with what time alone has changed written down: its effective status, corrected as published."""
    status = effective_status(article, now)
    return replace(article, status=Status.PUBLISHED if status is Status.CORRECTED else status)


def after_upsert(after: Article, now: datetime) -> Article:
    """What an upsert does beside its fields: an embargo moved past a publication ahead cancels that one."""
    coming = ahead(after.live, now)
    if coming is None or after.embargo_at is None or after.embargo_at.utc <= coming.release_at:
        return after
    return _cancel_ahead(after, now)


def take_step(article: Article, step: Step, *, rev: str, actor: Actor, newsroom: Newsroom, now: datetime) -> Taken:
    """Carry `step` out on `article`, whose revision is `rev`. Raises `Refused`; nothing is changed then."""
    article = settle(article, now)
    if step.action is Action.WITHDRAW:
        return _withdraw(article, step, rev, actor, now)
    if step.action is Action.UNSCHEDULE:
        return _unschedule(article, step, actor, newsroom, now)
    status = article.status
    rule = rule_for(step.action, status)
    if rule is None or (step.seen_from is not None and _one(step.seen_from) is not status):
        if _is_done(article, step, now):
            return Taken(article, already=True)
        raise Refused("status", Message("refusal", "The article is in another status now: {status}.",
                                        {"status": status.value}))
    _check_right(article, step.action, actor)
    if step.action.needs_note and (step.note is None or not step.note.text.strip()):
        raise Refused("type", Message("refusal", "This step needs a note."))
    if step.action.needs_hash and step.content_hash != content_hash(article):
        raise Refused("hash", Message("refusal", "The text is no longer the one you saw."))
    if step.action is Action.SUBMIT:
        _check_complete(article, newsroom)
    if step.action is Action.APPROVE:
        return _approve(article, step, rev, actor, newsroom, now, rule.to)
    if step.action in (Action.PUBLISH, Action.CORRECT, Action.SCHEDULE):
        return _release(article, step, rev, actor, newsroom, now, rule.to)
    keeps = step.action is Action.SUBMIT
    return Taken(replace(article, status=rule.to, approved=article.approved if keeps else None,
                         publish=None if step.action is Action.REOPEN else article.publish))


def may_step(article: Article, action: Action, actor: Actor) -> bool:
    """Whether `actor`'s rights allow `action` on this article; says nothing of its status."""
    try:
        _check_right(article, action, actor)
    except Refused:
        return False
    return True


def _one(status: Status) -> Status:
    return Status.PUBLISHED if status is Status.CORRECTED else status


def _check_right(article: Article, action: Action, actor: Actor) -> None:
    rules = [rule for status in Status if (rule := rule_for(action, status)) is not None]
    right, own_only = rules[0].right, rules[0].own_only
    if not actor.may(right) or (own_only and not actor.may(Right.OTHERS) and not article.is_own(actor.id)):
        raise forbidden()


def _is_done(article: Article, step: Step, now: datetime) -> bool:
    """Whether what the step wants is so already (another desk did it)."""
    if step.action is Action.APPROVE:
        return article.approved is not None and article.approved.content_hash == step.content_hash and (
            article.status in (Status.APPROVED, Status.SCHEDULED) or article.status.is_public)
    if step.action is Action.PUBLISH:
        out = shown(article.live, now)
        return article.status.is_public and out is not None and out.content_hash == step.content_hash
    wanted = {Action.SUBMIT: Status.DESK, Action.RETURN: Status.DRAFT, Action.UNAPPROVE: Status.DESK,
              Action.REOPEN: Status.DRAFT}.get(step.action)
    return wanted is not None and article.status is wanted


def _check_complete(article: Article, newsroom: Newsroom) -> None:
    missing = [name for name in newsroom.checklist if not getattr(article, name, None)]
    if missing:
        raise Refused("checklist", Message("refusal", "Still missing: {fields}.", {"fields": ", ".join(missing)}))


def _approve(article: Article, step: Step, rev: str, actor: Actor, newsroom: Newsroom, now: datetime,
             to: Status) -> Taken:
    if newsroom.four_eyes and article.changed_by == actor.id:
        raise Refused("forbidden", Message("refusal", "Somebody else must approve what you wrote last."))
    fresh = article.approved is not None and article.approved.content_hash == step.content_hash
    if fresh and article.status is to:
        return Taken(article, already=True)
    approval = Approval(rev, step.content_hash or "", actor.id, now)
    return Taken(replace(article, status=to, approved=approval))


def _release(article: Article, step: Step, rev: str, actor: Actor, newsroom: Newsroom, now: datetime,
             to: Status) -> Taken:
    if article.approved is None or article.approved.content_hash != content_hash(article):
        raise Refused("approval_stale", Message("refusal", "The text was changed after it was approved."))
    release_at, publish = _release_time(step, newsroom, now)
    if article.embargo_at is not None and release_at < article.embargo_at.utc:
        raise Refused("embargo", Message("refusal", "The embargo has not passed: {time}.",
                                         {"time": article.embargo_at.wall.replace("T", " ")}))
    if step.action is Action.PUBLISH and article.status is Status.PUBLISHED and step.kind is None:
        out = shown(article.live, now)
        if out is not None and out.content_hash == step.content_hash:
            return Taken(article, already=True)
    article = _cancel_ahead(article, now)
    added = Publication(rev, content_hash(article), release_at, _kind(article, step, now), actor.id, step.note)
    if release_at <= now:
        to = Status.PUBLISHED
    return Taken(replace(article, status=to, publish=publish, live=(*article.live, added)))


def _release_time(step: Step, newsroom: Newsroom, now: datetime) -> tuple[datetime, Moment]:
    if step.action is not Action.SCHEDULE:
        return now, moment_of(now, newsroom.zone)
    if step.publish_at is None:
        raise Refused("type", Message("refusal", "A schedule needs a time."))
    if step.publish_at.utc >= now:
        return step.publish_at.utc, step.publish_at
    allowed = timedelta(minutes=newsroom.schedule_late_min)
    if now - step.publish_at.utc > allowed and step.on_late != "now":
        raise Refused("late", Message("refusal", "The planned time had passed: {time}.",
                                      {"time": step.publish_at.wall.replace("T", " ")}))
    return now, step.publish_at


def _kind(article: Article, step: Step, now: datetime) -> PublicationKind:
    if step.action is Action.CORRECT:
        return PublicationKind.CORRECTION
    if not released(article.live, now):
        return PublicationKind.FIRST
    return PublicationKind.MINOR if step.kind is PublicationKind.MINOR else PublicationKind.UPDATE


def _cancel_ahead(article: Article, now: datetime) -> Article:
    coming = ahead(article.live, now)
    if coming is None:
        return article
    live = tuple(replace(p, cancelled_at=now) if p is coming else p for p in article.live)
    status = Status.APPROVED if article.status is Status.SCHEDULED else article.status
    return replace(article, live=live, status=status, publish=None if status is Status.APPROVED else article.publish)


def _withdraw(article: Article, step: Step, rev: str, actor: Actor, now: datetime) -> Taken:
    """Never refused for a status: what is ahead is cancelled, what is public gets a withdrawal, else `already`."""
    _check_right(article, Action.WITHDRAW, actor)
    had_ahead = ahead(article.live, now) is not None
    article = _cancel_ahead(article, now)
    if not article.status.is_public:
        return Taken(article, already=not had_ahead)
    out = shown(article.live, now)
    added = Publication(rev, out.content_hash if out else "", now, PublicationKind.WITHDRAWAL, actor.id, step.note)
    return Taken(replace(article, status=Status.WITHDRAWN, live=(*article.live, added)))


def _unschedule(article: Article, step: Step, actor: Actor, newsroom: Newsroom, now: datetime) -> Taken:
    _check_right(article, Action.UNSCHEDULE, actor)
    if ahead(article.live, now) is not None:
        return Taken(_cancel_ahead(article, now))
    planned = step.publish_at
    # A time a few minutes past was taken as now when it arrived: that release is the planned one too.
    slack = timedelta(minutes=newsroom.schedule_late_min)
    if planned is not None and any(
            planned.utc <= p.release_at <= planned.utc + slack and p.kind is not PublicationKind.WITHDRAWAL
            for p in released(article.live, now)):
        raise Refused("late", Message("refusal", "It went public before this arrived."))
    return Taken(article, already=True)
