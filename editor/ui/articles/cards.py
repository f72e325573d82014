"""An article as the library shows it: a headline, its status as a pill, who and when, how it stands. No Qt in here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from editor.base.messages import Message
from editor.desk.ports import Standing
from editor.desk.read_models import ArticleItem
from editor.domain.article import Status
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.painting import Mark
from editor.ui.wording import Wording

STATUS_WORDS = {
    Status.DRAFT: Message("articles", "Draft"),
    Status.DESK: Message("articles", "Ready"),
    Status.APPROVED: Message("articles", "Approved"),
    Status.SCHEDULED: Message("articles", "Scheduled"),
    Status.PUBLISHED: Message("articles", "Live"),
    Status.CORRECTED: Message("articles", "Corrected"),
    Status.WITHDRAWN: Message("articles", "Withdrawn"),
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


def card_of(item: ArticleItem, wording: Wording, instants: Instants, now: datetime) -> ArticleCard:
    """The card of a read model. Scheduled and Live appear only from what the server has acknowledged (model 3)."""
    status = Status(item.wanted)
    if status in (Status.SCHEDULED, Status.PUBLISHED, Status.CORRECTED):
        status = Status(item.effective)
    conflict = item.standing is Standing.CONFLICT
    at = item.publish_at if status is Status.SCHEDULED and item.publish_at else item.saved_at
    when = [instants.near(at, now)]
    if status is not Status.SCHEDULED and item.changed_by:
        when.append(item.changed_by)
    state, tone = _state(item, wording, instants, now)
    headline = item.headline or wording.tr("articles", "Without a headline")
    return ArticleCard(item.id, headline, status_mark(status, wording, conflict=conflict), " · ".join(when), state, tone)


def _state(item: ArticleItem, wording: Wording, instants: Instants, now: datetime) -> tuple[str, Tone]:
    if item.standing is Standing.CONFLICT:
        return wording.tr("articles", "two versions, choose"), Tone.ERROR
    if item.standing is Standing.PARKED:
        return wording.tr("articles", "not accepted by the server"), Tone.ERROR
    if item.standing is Standing.GONE:
        return wording.tr("articles", "no longer on the server"), Tone.ERROR
    if item.waiting:
        return wording.tr("articles", "{status}, waits to be sent", status=STATUS_WORDS[Status(item.wanted)]), Tone.READY
    if item.standing is Standing.DIRTY:
        return wording.tr("articles", "local, not sent yet"), Tone.NEUTRAL
    if item.live_differs and item.live_at is not None:
        return wording.tr("articles", "differs from live {time}", time=instants.near(item.live_at, now)), Tone.NEUTRAL
    if item.live_at is not None:
        return wording.tr("articles", "same as the site"), Tone.NEUTRAL
    if Status(item.effective) is Status.SCHEDULED:
        return wording.tr("articles", "ready on the server"), Tone.NEUTRAL
    return wording.tr("articles", "sent"), Tone.NEUTRAL
