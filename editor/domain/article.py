"""An article: its working text, its status, and the steps between statuses (model 3).

The step table is the one place that says what may follow what. Press carries steps out with its own clock
(`editor.domain.workflow`); a desk only shows what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum

from editor.base.wire import digest
from editor.domain.moments import Moment
from editor.domain.people import Right
from editor.domain.publication import Publication, PublicationKind, released, shown


class Status(StrEnum):
    """Codes of the database, the wire and the command line; `corrected` is only ever derived."""

    DRAFT = "draft"
    DESK = "desk"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    CORRECTED = "corrected"

    @property
    def is_public(self) -> bool:
        """Whether readers see the article in this status."""
        return self in (Status.PUBLISHED, Status.CORRECTED)


class Action(StrEnum):
    """The named steps."""

    SUBMIT = "submit"
    RETURN = "return"
    APPROVE = "approve"
    UNAPPROVE = "unapprove"
    SCHEDULE = "schedule"
    UNSCHEDULE = "unschedule"
    PUBLISH = "publish"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"

    @property
    def is_take_back(self) -> bool:
        """Whether it is sent before and past everything else, and is refused for no status."""
        return self in (Action.WITHDRAW, Action.UNSCHEDULE)

    @property
    def needs_hash(self) -> bool:
        """Whether its person must have seen exactly the text that it is about."""
        return self in (Action.APPROVE, Action.SCHEDULE, Action.PUBLISH, Action.CORRECT)

    @property
    def needs_note(self) -> bool:
        """Whether it cannot be taken without words: a note, a correction, a reason."""
        return self in (Action.RETURN, Action.UNAPPROVE, Action.CORRECT, Action.WITHDRAW)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the step table: where it leads, and the right it takes."""

    to: Status
    right: Right
    own_only: bool = False  # whoever lacks `Right.OTHERS` may take it on their own work only


_D, _K, _A, _S, _P, _W = (Status.DRAFT, Status.DESK, Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED,
                          Status.WITHDRAWN)
STEPS: dict[tuple[Action, Status], Rule] = {
    (Action.SUBMIT, _D): Rule(_K, Right.WRITE, own_only=True),
    (Action.RETURN, _K): Rule(_D, Right.WRITE, own_only=True),
    (Action.APPROVE, _D): Rule(_A, Right.APPROVE),
    (Action.APPROVE, _K): Rule(_A, Right.APPROVE),
    (Action.APPROVE, _A): Rule(_A, Right.APPROVE),
    (Action.APPROVE, _P): Rule(_P, Right.APPROVE),
    (Action.UNAPPROVE, _A): Rule(_K, Right.APPROVE),
    (Action.SCHEDULE, _A): Rule(_S, Right.PUBLISH),
    (Action.SCHEDULE, _S): Rule(_S, Right.PUBLISH),
    (Action.SCHEDULE, _P): Rule(_P, Right.PUBLISH),
    (Action.UNSCHEDULE, _S): Rule(_A, Right.PUBLISH),
    (Action.UNSCHEDULE, _P): Rule(_P, Right.PUBLISH),
    (Action.PUBLISH, _A): Rule(_P, Right.PUBLISH),
    (Action.PUBLISH, _P): Rule(_P, Right.PUBLISH),
    (Action.CORRECT, _P): Rule(_P, Right.PUBLISH),
    (Action.WITHDRAW, _P): Rule(_W, Right.PUBLISH),
    (Action.WITHDRAW, _S): Rule(_A, Right.PUBLISH),
    (Action.REOPEN, _W): Rule(_D, Right.PUBLISH),
}


def rule_for(action: Action, status: Status) -> Rule | None:
    """The row for `action` in effective `status`; published and corrected count as one."""
    return STEPS.get((action, Status.PUBLISHED if status is Status.CORRECTED else status))


@dataclass(frozen=True, slots=True)
class Byline:
    """Whoever wrote it: a name on the page, a person of the newsroom where there is one."""

    name: str
    person_id: str = ""
    role: str = ""


@dataclass(frozen=True, slots=True)
class LeadImage:
    """The picture at the top."""

    media_id: str
    alt: str = ""
    caption: str = ""
    credit: str = ""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who stood for which text, and when."""

    rev: str
    content_hash: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Article:
    """An article as a value: starred fields (what an approval covers) first, then the rest, then press's own."""

    id: str
    type: str = "news"
    language: str = "nl"
    headline: str = ""
    headline_short: str = ""
    headline_search: str = ""
    headline_social: str = ""
    kicker: str = ""
    lead: str = ""
    body: str = ""
    bylines: tuple[Byline, ...] = ()
    section: str = ""
    tags: tuple[str, ...] = ()
    slug: str = ""
    lead_image: LeadImage | None = None
    related: tuple[str, ...] = ()
    embargo_at: Moment | None = None
    reactions_mode: str = "pre"
    stage: str = ""
    deadline_at: Moment | None = None
    note: str = ""
    # read-only: only press writes these
    status: Status = Status.DRAFT
    publish: Moment | None = None
    approved: Approval | None = None
    live: tuple[Publication, ...] = ()
    created_by: str = ""
    created_at: datetime | None = None
    changed_by: str = ""
    changed_at: datetime | None = None

    def is_own(self, person_id: str) -> bool:
        """Whether that person made it or stands in its bylines."""
        return person_id != "" and (self.created_by == person_id or any(b.person_id == person_id for b in self.bylines))


READ_ONLY = ("status", "publish", "approved", "live", "created_by", "created_at", "changed_by", "changed_at")
STARRED = ("type", "language", "headline", "headline_short", "headline_search", "headline_social", "kicker", "lead",
           "body", "bylines", "section", "tags", "slug", "lead_image", "related")
WRITABLE = tuple(f.name for f in fields(Article) if f.name not in (*READ_ONLY, "id"))
REACTION_MODES = ("pre", "open", "closed", "manual")


def content_hash(article: Article) -> str:
    """sha256 over the starred fields in canonical form, empty ones in one fixed form (model 2)."""
    image = article.lead_image
    stars: dict[str, object] = {name: getattr(article, name) for name in STARRED}
    stars["bylines"] = [[b.name, b.person_id, b.role] for b in article.bylines]
    stars["tags"] = list(article.tags)
    stars["related"] = list(article.related)
    stars["lead_image"] = [image.media_id, image.alt, image.caption, image.credit] if image else None
    return digest(stars)


def effective_status(article: Article, t: datetime) -> Status:
    """What the article is at `t`: `scheduled` becomes `published` by time alone, with no write (model 3)."""
    return status_by(article.status, article.live, t)


def status_by(stored: Status, live: Iterable[Publication], t: datetime) -> Status:
    """`effective_status` of a stored status and a list of publications."""
    live = tuple(live)
    now_shown = shown(live, t)
    if now_shown is None or now_shown.kind is PublicationKind.WITHDRAWAL:
        return stored
    if any(p.kind is PublicationKind.CORRECTION for p in released(live, t)):
        return Status.CORRECTED
    return Status.PUBLISHED


def is_stale(article: Article) -> bool:
    """Whether its approval was for another text than the present one."""
    return article.approved is not None and article.approved.content_hash != content_hash(article)


def wanted_status(acknowledged: Status, actions: Iterable[Action]) -> Status:
    """The status at home: the acknowledged effective one with the lane's waiting steps applied in order (model 3)."""
    status = acknowledged
    for action in actions:
        rule = rule_for(action, status)
        if rule is not None:
            status = rule.to
    return status


SLUG_LENGTH = 60
EMPTY_SLUG = "artikel"
