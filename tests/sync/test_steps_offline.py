"""Steps taken offline keep the text that they were given for, and fall rather than act on another."""

from __future__ import annotations

import pytest

from editor.base.errors import EditorError
from editor.desk import articles
from editor.desk.ports import OpState, UnitOfWork
from editor.domain.article import Action, Status
from editor.domain.changes import Outcome
from editor.domain.documents import moment_document
from editor.domain.moments import moment_of
from editor.domain.people import Actor, roles_of
from tests.sync.newsroom import TWO_SENTENCES, Desk, Newsroom


def later(newsroom: Newsroom, minutes: int) -> dict[str, object]:
    from datetime import timedelta

    moment = moment_document(moment_of(newsroom.clock.now() + timedelta(minutes=minutes), "Europe/Amsterdam"))
    assert moment is not None
    return moment


def test_what_went_live_by_its_time_can_be_updated_without_hearing_of_it_first(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.SCHEDULE, minutes=10)
    anna.sync()
    newsroom.pass_time(minutes=20)
    anna.type(article_id, lead="Tweede versie.")
    anna.publish(article_id)
    anna.sync()
    assert "Tweede versie." in newsroom.public_text(article_id)
    assert anna.cards() == []


def test_what_has_gone_live_by_its_time_cannot_be_deleted(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.SCHEDULE, minutes=10)
    anna.sync()
    newsroom.pass_time(minutes=20)
    with pytest.raises(EditorError, match="withdraw"):
        anna.delete(article_id)


def test_no_step_is_taken_on_what_lies_in_the_bin(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.delete(article_id)
    with pytest.raises(EditorError):
        anna.step(article_id, Action.APPROVE)


def test_an_approval_falls_with_what_follows_when_a_colleague_changed_the_text_first(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.cut()
    anna.type(article_id, lead="Een nieuw begin.")
    anna.publish(article_id)
    bram.type(article_id, body=TWO_SENTENCES.replace("donderdag", "vrijdag"))
    bram.sync()
    anna.reconnect()
    newsroom.settle()
    assert [(card.kind, card.field) for card in anna.cards(article_id)] == [("fallen", "approve")]
    assert anna.view(article_id).article.lead == bram.view(article_id).article.lead == "Een nieuw begin."
    assert newsroom.public_text(article_id) == ""
    assert "vrijdag" in anna.view(article_id).article.body
    assert anna.view(article_id).wanted == Status.DRAFT


def test_an_approval_goes_on_when_a_colleague_changed_what_it_does_not_cover(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.cut()
    anna.publish(article_id)
    bram.type(article_id, note="Bel de wethouder nog.")
    bram.sync()
    anna.reconnect()
    newsroom.settle()
    assert "Daarna begint de bouw." in newsroom.public_text(article_id)
    assert bram.view(article_id).article.note == anna.view(article_id).article.note == "Bel de wethouder nog."


def test_a_colleagues_embargo_holds_a_publication_that_was_decided_offline(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.cut()
    anna.publish(article_id)
    bram.type(article_id, embargo_at=later(newsroom, 300))
    bram.sync()
    anna.reconnect()
    newsroom.settle()
    assert newsroom.public_text(article_id) == ""
    assert anna.card(article_id).code == "embargo"


def test_handing_in_goes_on_over_a_colleagues_text_and_keeps_it(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.cut()
    anna.type(article_id, lead="Een nieuw begin.")
    anna.step(article_id, Action.SUBMIT)
    bram.type(article_id, body=TWO_SENTENCES.replace("donderdag", "vrijdag"))
    bram.sync()
    anna.reconnect()
    newsroom.settle()
    for desk in (anna, bram):
        view = desk.view(article_id)
        assert (view.wanted, view.article.lead) == (Status.DESK, "Een nieuw begin.")
        assert "vrijdag" in view.article.body
    assert anna.cards() == []


@pytest.mark.parametrize(("choice", "is_public"), [("mine", True), ("theirs", False)])
def test_a_publication_that_waited_over_an_hour_asks_whether_it_is_still_true(newsroom: Newsroom, choice: str, *,
                                                                              is_public: bool) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.cut()
    anna.publish(article_id)
    newsroom.pass_time(minutes=61)
    report = anna.reconnect().sync()
    assert newsroom.public_text(article_id) == ""
    assert report.pending == 1
    card = anna.card(article_id)
    assert card.kind == "still_true"
    anna.settle(card, choice)
    newsroom.settle()
    assert bool(newsroom.public_text(article_id)) is is_public
    assert anna.lane(article_id, OpState.PENDING, OpState.SEALED) == []


def test_an_embargo_that_takes_a_planned_article_off_its_time_is_told(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.SCHEDULE, minutes=30)
    anna.sync()
    anna.do(lambda work: articles.edit(work, article_id, {"embargo_at": later(newsroom, 120)}))
    anna.sync()
    newsroom.pass_time(minutes=40)
    assert newsroom.public_text(article_id) == ""
    assert anna.view(article_id).wanted == Status.APPROVED
    assert [(card.kind, card.field) for card in anna.cards(article_id)] == [("note", "off_schedule")]


def unlawful_editor(newsroom: Newsroom, name: str) -> Desk:
    """A journalist whose desk still thinks that he is an editor."""
    desk = newsroom.desk(name, "journalist")
    runner = desk.runner()
    runner.once()

    def promote(work: UnitOfWork) -> Outcome[None]:
        actor = work.profile.actor()
        work.profile.set_actor(Actor(actor.id, actor.name, roles_of(["journalist", "editor"])))
        return Outcome(None, work.changes())

    desk.do(promote)
    desk.sync = runner.once  # type: ignore[method-assign]
    return desk


def test_a_deletion_that_is_refused_brings_the_article_back(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), unlawful_editor(newsroom, "bram")
    article_id = newsroom.shared(anna, bram)
    bram.delete(article_id)
    bram.sync()
    assert not bram.view(article_id).deleted
    assert (bram.card(article_id).kind, bram.card(article_id).code) == ("refused", "forbidden")
    bram.settle(bram.card(article_id), "theirs")
    assert bram.sync().state == "ok"


def test_a_refused_step_shows_the_servers_status_and_one_card(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), unlawful_editor(newsroom, "bram")
    article_id = newsroom.shared(anna, bram)
    bram.publish(article_id)
    bram.sync()
    assert bram.view(article_id).wanted == Status.DRAFT
    assert (bram.card(article_id).kind, bram.card(article_id).code) == ("refused", "forbidden")
    bram.settle(bram.card(article_id), "theirs")
    assert bram.sync().state == "ok"


def test_nobody_writes_what_only_the_server_may(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    with pytest.raises(EditorError):
        anna.do(lambda work: articles.edit(work, article_id, {"status": "published"}))
    anna.type(article_id, status="published", lead="Toch bewaard.")
    assert anna.view(article_id).wanted == Status.DRAFT
    assert anna.view(article_id).article.lead == "Toch bewaard."


def test_a_colleagues_embargo_that_takes_it_off_its_time_is_told_to_whoever_planned_it(newsroom: Newsroom) -> None:
    anna, bram, cara = (newsroom.desk(name) for name in ("anna", "bram", "cara"))
    article_id = newsroom.shared(anna, bram, cara)
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.SCHEDULE, minutes=30)
    newsroom.settle()
    bram.type(article_id, embargo_at=later(newsroom, 120))
    newsroom.settle()
    for desk in (anna, bram):
        assert [(card.kind, card.field) for card in desk.cards(article_id)] == [("note", "off_schedule")]
    assert cara.cards() == []
