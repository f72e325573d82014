"""The table of steps: every action from every status, what it needs, and what take-backs do (model 3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from editor.domain.article import (
    STEPS,
    Action,
    Approval,
    Article,
    Byline,
    Status,
    content_hash,
    effective_status,
    rule_for,
    wanted_status,
)
from editor.domain.moments import moment_of
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Role
from editor.domain.publication import Note, Publication, PublicationKind, ahead, shown, updated_at
from editor.domain.refusal import Refused
from editor.domain.workflow import Step, after_upsert, take_step

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NEWSROOM = Newsroom("n")
EDITOR = Actor("editor", "Els", frozenset({Role.EDITOR}))
WRITER = Actor("writer", "Wim", frozenset({Role.JOURNALIST}))
STORED = (Status.DRAFT, Status.DESK, Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED, Status.WITHDRAWN)

# The design's table, written down once more by hand: (action, status) -> status afterwards.
EXPECTED = {
    ("submit", "draft"): "desk", ("return", "desk"): "draft", ("approve", "draft"): "approved",
    ("approve", "desk"): "approved", ("approve", "approved"): "approved", ("approve", "published"): "published",
    ("unapprove", "approved"): "desk", ("schedule", "approved"): "scheduled", ("schedule", "scheduled"): "scheduled",
    ("schedule", "published"): "published", ("unschedule", "scheduled"): "approved",
    ("unschedule", "published"): "published", ("publish", "approved"): "published",
    ("publish", "published"): "published", ("correct", "published"): "published",
    ("withdraw", "published"): "withdrawn", ("withdraw", "scheduled"): "approved", ("reopen", "withdrawn"): "draft",
}
# Another desk did the same: that is no refusal, and changes nothing.
DONE_ALREADY = {("submit", "desk"), ("return", "draft"), ("unapprove", "desk"), ("reopen", "draft"),
                ("approve", "scheduled")}


def publication(release_at: datetime, kind: PublicationKind = PublicationKind.FIRST, **more: object) -> Publication:
    return Publication("1-abc", "hash", release_at, kind, "editor", **more)  # type: ignore[arg-type]


def article_in(status: Status) -> Article:
    """An article that is in `status` now, complete, and freshly approved where that matters."""
    article = Article("a", headline="Kop", lead="Begin.", body="Tekst.", created_by="editor", status=status)
    approved = Approval("1-abc", content_hash(article), "editor", NOW)
    live: tuple[Publication, ...] = ()
    if status in (Status.PUBLISHED, Status.CORRECTED, Status.WITHDRAWN):
        live = (publication(NOW - timedelta(hours=2)),)
    if status is Status.CORRECTED:
        live = (*live, publication(NOW - timedelta(hours=1), PublicationKind.CORRECTION))
    if status is Status.WITHDRAWN:
        live = (*live, publication(NOW - timedelta(hours=1), PublicationKind.WITHDRAWAL))
    if status is Status.SCHEDULED:
        live = (publication(NOW + timedelta(hours=1)),)
    stored = Status.PUBLISHED if status is Status.CORRECTED else status
    keeps = status not in (Status.DRAFT, Status.DESK)
    return replace(article, status=stored, approved=approved if keeps else None, live=live)


def step(action: Action, article: Article, **more: object) -> Step:
    filled: dict[str, object] = {"seen_from": effective_status(article, NOW), "content_hash": content_hash(article),
                                 "note": Note("Omdat het moet."), **more}
    if action is Action.SCHEDULE:
        filled.setdefault("publish_at", moment_of(NOW + timedelta(hours=2), "Europe/Amsterdam"))
    if action is Action.PUBLISH and article.live:
        filled.setdefault("kind", PublicationKind.UPDATE)
    return Step(action, **filled)  # type: ignore[arg-type]


def take(article: Article, action: Action, *, actor: Actor = EDITOR, now: datetime = NOW, **more: object) -> Article:
    return take_step(article, step(action, article, **more), rev="2-def", actor=actor, newsroom=NEWSROOM,
                     now=now).article


@pytest.mark.parametrize("status", [*STORED, Status.CORRECTED])
@pytest.mark.parametrize("action", list(Action))
def test_every_action_from_every_status_does_what_the_table_says(action: Action, status: Status) -> None:
    article = article_in(status)
    known = Status.PUBLISHED if status is Status.CORRECTED else status
    expected = EXPECTED.get((action.value, known.value))
    if expected is None and action.is_take_back:
        taken = take_step(article, step(action, article), rev="2-def", actor=EDITOR, newsroom=NEWSROOM, now=NOW)
        assert taken.already
        assert taken.article.status is article.status
    elif (action.value, known.value) in DONE_ALREADY:
        assert take(article, action) == article
    elif expected is None:
        with pytest.raises(Refused):
            take(article, action)
    else:
        assert take(article, action).status == expected


def test_the_table_holds_these_rows_and_no_other() -> None:
    assert {(action.value, status.value): rule.to.value for (action, status), rule in STEPS.items()} == EXPECTED


@pytest.mark.parametrize("status", [*STORED, Status.CORRECTED])
@pytest.mark.parametrize("action", list(Action))
def test_the_desk_wants_what_press_will_make_of_it(action: Action, status: Status) -> None:
    article = article_in(status)
    wanted = wanted_status(effective_status(article, NOW), [action])
    if rule_for(action, status) is None:
        assert wanted is effective_status(article, NOW)
    else:
        made = effective_status(take(article, action), NOW)
        assert (wanted.is_public, made.is_public) in ((True, True), (False, False))
        assert wanted.is_public or wanted is made


@pytest.mark.parametrize("action", [a for a in Action if a.needs_hash])
@pytest.mark.parametrize("status", [Status.DRAFT, Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED])
def test_nobody_acts_on_a_text_that_he_did_not_see(action: Action, status: Status) -> None:
    article = article_in(status)
    if rule_for(action, status) is not None:
        with pytest.raises(Refused) as refusal:
            take(article, action, content_hash="another")
        assert refusal.value.code == "hash"


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.CORRECT, Action.SCHEDULE])
def test_nothing_unapproved_goes_public(action: Action) -> None:
    for status in (Status.APPROVED, Status.PUBLISHED):
        article = replace(article_in(status), lead="Na de goedkeuring getypt.")
        if rule_for(action, status) is None:
            continue
        with pytest.raises(Refused) as refusal:
            take(article, action)
        assert refusal.value.code == "approval_stale"
        with pytest.raises(Refused):
            take(replace(article, approved=None), action)


@pytest.mark.parametrize("action", list(Action))
def test_a_journalist_does_only_what_is_a_journalists(action: Action) -> None:
    allowed = {Action.SUBMIT, Action.RETURN}
    for status in STORED:
        if rule_for(action, status) is None:
            continue
        own = replace(article_in(status), created_by="writer")
        if action in allowed:
            take(own, action, actor=WRITER)
            take(replace(own, created_by="x", bylines=(Byline("Wim", "writer"),)), action, actor=WRITER)
            with pytest.raises(Refused):
                take(replace(own, created_by="another"), action, actor=WRITER)
        else:
            with pytest.raises(Refused) as refusal:
                take(own, action, actor=WRITER)
            assert refusal.value.code == "forbidden"


def test_four_eyes_are_two_people() -> None:
    article = replace(article_in(Status.DESK), changed_by="editor")
    strict = replace(NEWSROOM, four_eyes=True)
    with pytest.raises(Refused):
        take_step(article, step(Action.APPROVE, article), rev="2-d", actor=EDITOR, newsroom=strict, now=NOW)
    other = replace(article, changed_by="writer")
    take_step(other, step(Action.APPROVE, other), rev="2-d", actor=EDITOR, newsroom=strict, now=NOW)


def test_there_is_never_more_than_one_publication_ahead() -> None:
    article = article_in(Status.PUBLISHED)
    for hours in (3, 1, 2):
        article = take(article, Action.SCHEDULE, kind=PublicationKind.UPDATE,
                       publish_at=moment_of(NOW + timedelta(hours=hours), "Europe/Amsterdam"))
        coming = [p for p in article.live if p.cancelled_at is None and p.release_at > NOW]
        assert [p.release_at for p in coming] == [NOW + timedelta(hours=hours)]


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.CORRECT, Action.WITHDRAW])
def test_what_was_planned_does_not_undo_what_was_done_since(action: Action) -> None:
    article = take(article_in(Status.PUBLISHED), Action.SCHEDULE, kind=PublicationKind.UPDATE)
    after = take(article, action)
    assert ahead(after.live, NOW) is None
    later = effective_status(after, NOW + timedelta(days=1))
    assert later.is_public is (action is not Action.WITHDRAW)


def test_time_alone_makes_a_planned_article_live() -> None:
    article = article_in(Status.SCHEDULED)
    assert effective_status(article, NOW + timedelta(minutes=59)) is Status.SCHEDULED
    assert effective_status(article, NOW + timedelta(minutes=60)) is Status.PUBLISHED
    out = take(article, Action.WITHDRAW, now=NOW + timedelta(hours=2))
    assert out.status is Status.WITHDRAWN
    assert not effective_status(out, NOW + timedelta(days=9)).is_public


def test_a_withdrawal_is_refused_for_no_status_and_cancels_what_is_ahead() -> None:
    for status in STORED:
        article = article_in(status)
        blind = Step(Action.WITHDRAW, note=Note("Onjuist"))
        taken = take_step(article, blind, rev="2-d", actor=EDITOR, newsroom=NEWSROOM, now=NOW)
        assert not effective_status(taken.article, NOW + timedelta(days=30)).is_public
        again = take_step(taken.article, blind, rev="3-e", actor=EDITOR, newsroom=NEWSROOM, now=NOW)
        assert again.already


@pytest.mark.parametrize(("late_s", "code"), [(0, None), (299, None), (300, None), (301, "late"), (9000, "late")])
def test_a_time_a_few_minutes_past_is_taken_as_now_and_a_later_one_is_late(late_s: int, code: str | None) -> None:
    article = article_in(Status.APPROVED)
    at = moment_of(NOW - timedelta(seconds=late_s), "Europe/Amsterdam")
    if code is None:
        out = take(article, Action.SCHEDULE, publish_at=at)
        assert [p.release_at for p in out.live] == [NOW]
        return
    with pytest.raises(Refused) as refusal:
        take(article, Action.SCHEDULE, publish_at=at)
    assert refusal.value.code == code
    assert take(article, Action.SCHEDULE, publish_at=at, on_late="now").status is Status.PUBLISHED


@pytest.mark.parametrize("late_min", [0, 3])
def test_unscheduling_what_is_out_is_late_and_what_is_nowhere_is_done_already(late_min: int) -> None:
    article = article_in(Status.APPROVED)
    at = moment_of(NOW - timedelta(minutes=late_min), "Europe/Amsterdam")
    out = take(article, Action.SCHEDULE, publish_at=at)
    with pytest.raises(Refused) as refusal:
        take(out, Action.UNSCHEDULE, publish_at=at, now=NOW + timedelta(hours=1))
    assert refusal.value.code == "late"
    nowhere = take_step(article, step(Action.UNSCHEDULE, article, publish_at=at), rev="2", actor=EDITOR,
                        newsroom=NEWSROOM, now=NOW)
    assert nowhere.already


@pytest.mark.parametrize("action", [Action.PUBLISH, Action.CORRECT, Action.SCHEDULE])
def test_an_embargo_holds_everything(action: Action) -> None:
    article = replace(article_in(Status.PUBLISHED), embargo_at=moment_of(NOW + timedelta(hours=5), "Europe/Amsterdam"))
    with pytest.raises(Refused) as refusal:
        take(article, action)
    assert refusal.value.code == "embargo"


def test_an_embargo_moved_past_a_planned_time_takes_it_off_the_schedule() -> None:
    article = replace(article_in(Status.SCHEDULED), embargo_at=moment_of(NOW + timedelta(hours=5), "Europe/Amsterdam"))
    after = after_upsert(article, NOW)
    assert after.status is Status.APPROVED
    assert effective_status(after, NOW + timedelta(days=1)) is Status.APPROVED
    earlier = replace(article, embargo_at=moment_of(NOW + timedelta(hours=1), "Europe/Amsterdam"))
    assert after_upsert(earlier, NOW).status is Status.SCHEDULED


def test_a_minor_fix_leaves_the_pages_time_alone_and_a_correction_does_not() -> None:
    article = article_in(Status.PUBLISHED)
    minor = take(article, Action.PUBLISH, kind=PublicationKind.MINOR)
    assert updated_at(minor.live, NOW) is None
    corrected = take(minor, Action.CORRECT)
    assert updated_at(corrected.live, NOW) == NOW
    assert effective_status(corrected, NOW) is Status.CORRECTED


def test_of_equal_times_the_later_in_the_list_is_shown() -> None:
    first, second = publication(NOW), publication(NOW, PublicationKind.UPDATE)
    assert shown((first, second), NOW) is second
    assert shown((first, replace(second, cancelled_at=NOW)), NOW) is first
