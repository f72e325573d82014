"""An article as the library shows it: a headline, its status as a pill, who and when, how it stands. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from editor.base.messages import Message
from editor.desk.ports import Standing
from editor.desk.read_models import ArticleItem
from editor.domain.article import Status
from editor.domain.people import Actor
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.painting import Mark
from editor.ui.wording import Wording

ID_LENGTH = 36
RELEASED = (Status.SCHEDULED, Status.PUBLISHED, Status.CORRECTED)
STATUS_WORDS = {
    Status.DRAFT: Message("articles", "Draft"),
    Status.DESK: Message("articles", "Ready"),
    Status.APPROVED: Message("articles", "Approved"),
    Status.SCHEDULED: Message("articles", "Scheduled"),
    Status.PUBLISHED: Message("articles", "Live"),
    Status.CORRECTED: Message("articles", "Live"),  # that it was corrected says the line below
    Status.WITHDRAWN: Message("articles", "Withdrawn"),
}
# What a person asked and the server has not said yet. Scheduled and Live are the server's words (model 3).
WAITING_WORDS = {
    Status.DRAFT: Message("articles", "back to draft – waits to be sent"),
    Status.DESK: Message("articles", "handed in – waits to be sent"),
    Status.APPROVED: Message("articles", "approval waits to be sent"),
    Status.SCHEDULED: Message("articles", "schedule waits to be sent"),
    Status.PUBLISHED: Message("articles", "publication waits to be sent"),
    Status.CORRECTED: Message("articles", "correction waits to be sent"),
    Status.WITHDRAWN: Message("articles", "withdrawal waits to be sent"),
}
STATUS_TONES = {
    Status.DRAFT: Tone.NEUTRAL, Status.DESK: Tone.READY, Status.APPROVED: Tone.LIVE, Status.SCHEDULED: Tone.PLANNED,
    Status.PUBLISHED: Tone.LIVE, Status.CORRECTED: Tone.LIVE, Status.WITHDRAWN: Tone.NEUTRAL,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """What the library paints. `state` says in words how the article stands towards the site."""

    id: str
    headline: str
    mark: Mark
    when: str
    state: str
    state_tone: Tone = Tone.NEUTRAL


def status_mark(status: str, wording: Wording, *, conflict: bool = False) -> Mark:
    """The pill of a status; a conflict stands before everything else."""
    if conflict:
        return Mark(wording.tr("articles", "Conflict"), Tone.ERROR)
    known = Status(status)
    return Mark(wording.say(STATUS_WORDS[known]), STATUS_TONES[known])


def card_of(item: ArticleItem, wording: Wording, instants: Instants, now: datetime, me: Actor) -> ArticleCard:
    """The card of a read model. Scheduled and Live appear only from what the server has acknowledged (model 3).

    Unsent work was last changed by whoever works here; a person whose name is not known here stays unnamed.
    """
    status = _status(item)
    conflict = item.standing is Standing.CONFLICT
    when = [_when(item, status, wording, instants, now)]
    who = me.name if item.standing is Standing.DIRTY or item.changed_by == me.id else item.changed_by
    if status not in RELEASED and who and len(who) != ID_LENGTH:
        when.append(who)
    state, tone = _state(item, wording, instants, now)
    headline = item.headline or wording.tr("articles", "Without a headline")
    return ArticleCard(item.id, headline, status_mark(status, wording, conflict=conflict), " · ".join(when), state, tone)


def _status(item: ArticleItem) -> Status:
    """The pill's status. What readers see or will see by itself is the server's to say, both ways: a withdrawal that
    waits leaves the article live, and what waits to go live is approved until it is."""
    wanted, effective = Status(item.wanted), Status(item.effective)
    if effective in RELEASED:
        return effective
    return Status.APPROVED if wanted in RELEASED else wanted


def _when(item: ArticleItem, status: Status, wording: Wording, instants: Instants, now: datetime) -> str:
    """When it goes live, went live, or was last saved."""
    if status is Status.SCHEDULED and item.publish_at is not None:
        near = instants.near(item.publish_at, now)
        return wording.tr("articles_desk", "today {time}", time=near) if near == instants.clock(item.publish_at) else near
    public = status in (Status.PUBLISHED, Status.CORRECTED)
    return instants.near(item.live_at if public and item.live_at is not None else item.saved_at, now)


def _state(item: ArticleItem, wording: Wording, instants: Instants, now: datetime) -> tuple[str, Tone]:
    if item.standing is Standing.CONFLICT:
        return wording.tr("articles", "two versions of one passage"), Tone.ERROR
    if item.standing is Standing.PARKED:
        return wording.tr("articles", "not accepted by the server"), Tone.ERROR
    if item.standing is Standing.GONE:
        return wording.tr("articles", "no longer on the server"), Tone.ERROR
    if item.wanted != item.effective and {item.wanted, item.effective} != {Status.PUBLISHED.value, Status.CORRECTED.value}:
        return wording.say(WAITING_WORDS[Status(item.wanted)]), Tone.READY
    if item.live_differs and item.live_at is not None:
        return wording.tr("articles", "differs from live {time}", time=instants.near(item.live_at, now)), Tone.NEUTRAL
    if item.standing is Standing.DIRTY:
        return wording.tr("articles", "local, not sent yet"), Tone.NEUTRAL
    if item.waiting:
        return wording.tr("articles_desk", "being sent"), Tone.NEUTRAL
    return _known(item, wording, instants, now), Tone.NEUTRAL


def _known(item: ArticleItem, wording: Wording, instants: Instants, now: datetime) -> str:
    """How an article stands of which everything is on the server."""
    if item.live_at is not None and item.corrected_at is not None:
        return wording.tr("articles_desk", "corrected {time}", time=instants.near(item.corrected_at, now))
    if item.live_at is not None:
        return wording.tr("articles", "same as the site")
    if Status(item.effective) is Status.SCHEDULED:
        return wording.tr("articles", "ready on the server")
    if item.sent_at is not None:
        return wording.tr("articles_desk", "sent {time}", time=instants.near(item.sent_at, now))
    return wording.tr("articles_desk", "on the server")
