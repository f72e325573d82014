"""Two workstations and one press: nothing is lost, doubled, silently overwritten, or public by accident."""

from __future__ import annotations

import pytest

from editor.base.errors import Conflict
from editor.desk import articles, conflicts, undo
from editor.desk.ports import Standing
from editor.domain.article import Action, Status
from editor.domain.reaction import QueueState, ReactionStatus, Verb
from tests.sync.newsroom import TWO_SENTENCES, Newsroom


def test_different_sentences_of_one_article_become_one_text_with_both(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, body=TWO_SENTENCES.replace("donderdag", "vrijdag"))
    bram.type(article_id, body=TWO_SENTENCES.replace("de bouw", "de sloop"))
    newsroom.settle()
    merged = TWO_SENTENCES.replace("donderdag", "vrijdag").replace("de bouw", "de sloop")
    assert [desk.view(article_id).article.body for desk in (anna, bram)] == [merged, merged]
    assert anna.cards() == bram.cards() == []


def test_the_same_sentence_keeps_both_texts_in_a_card_and_publishes_nothing(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, body=TWO_SENTENCES.replace("donderdag", "vrijdag"))
    bram.type(article_id, body=TWO_SENTENCES.replace("donderdag", "maandag"))
    anna.sync()
    bram.sync()
    (card,) = bram.cards(article_id)
    assert "maandag" in str(card.mine)
    assert "vrijdag" in str(card.theirs)
    assert "vrijdag" in bram.view(article_id).article.body
    assert bram.standing(article_id) is Standing.CONFLICT
    bram.step(article_id, Action.SUBMIT)
    with pytest.raises(Conflict):
        bram.step(article_id, Action.APPROVE)
    newsroom.settle()
    assert not anna.view(article_id).article.live


@pytest.mark.parametrize(("choice", "there"), [("mine", ["maandag"]), ("theirs", ["vrijdag"]),
                                               ("both", ["maandag", "vrijdag"])])
def test_a_settled_card_is_an_ordinary_edit_that_reaches_everybody(newsroom: Newsroom, choice: str,
                                                                   there: list[str]) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, body=TWO_SENTENCES.replace("donderdag", "vrijdag"))
    bram.type(article_id, body=TWO_SENTENCES.replace("donderdag", "maandag"))
    anna.sync()
    bram.sync()
    (card,) = bram.cards(article_id)
    bram.do(lambda work: conflicts.resolve(work, card.id, choice))
    newsroom.settle()
    body = anna.view(article_id).article.body
    assert all(word in body for word in there)
    assert bram.view(article_id).article.body == body
    assert bram.standing(article_id) is Standing.CLEAN


def test_an_approval_survives_a_colleagues_later_typing_only_as_stale(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.step(article_id, Action.APPROVE)
    newsroom.settle()
    bram.type(article_id, lead="Een ander begin.")
    newsroom.settle()
    view = anna.view(article_id)
    assert view.wanted == Status.APPROVED
    with pytest.raises(Exception, match="changed after it was approved"):
        anna.step(article_id, Action.PUBLISH)


def test_approve_publish_then_one_more_letter_publishes_exactly_the_approved_text(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.cut()
    anna.publish(article_id)
    anna.type(article_id, body=TWO_SENTENCES + " En nog een zin.")
    assert anna.sync().state == "offline"
    anna.reconnect()
    newsroom.settle()
    assert "En nog een zin" not in newsroom.public_text(article_id)
    assert "Daarna begint de bouw." in newsroom.public_text(article_id)
    assert bram.view(article_id).article.body.endswith("En nog een zin.")
    assert bram.view(article_id).wanted == Status.PUBLISHED


@pytest.mark.parametrize("first", ["anna", "bram"])
def test_opposite_decisions_are_hidden_one_dispute_a_card_for_both(newsroom: Newsroom, first: str) -> None:
    editor = newsroom.desk("els")
    anna, bram = newsroom.desk("anna", "moderator"), newsroom.desk("bram", "moderator")
    article_id = newsroom.shared(editor)
    editor.publish(article_id)
    editor.sync()
    reaction_id = newsroom.react(article_id, "Wat een goed plan is dit eigenlijk.")
    newsroom.settle(anna, bram)
    anna.decide(reaction_id, Verb.APPROVE)
    bram.decide(reaction_id, Verb.REJECT, reason="OFFTOPIC")
    order = (anna, bram) if first == "anna" else (bram, anna)
    newsroom.settle(*order)
    for desk in (anna, bram):
        view = desk.reaction(reaction_id)
        assert view.reaction.status is not ReactionStatus.APPROVED
        assert view.state is QueueState.CONFLICT
        assert [card.kind for card in desk.cards(reaction_id)] == ["dispute"]
    assert "goed plan" not in newsroom.public_text(article_id)


def test_withdraw_goes_through_while_a_headline_conflict_is_open(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.publish(article_id)
    newsroom.settle()
    anna.type(article_id, headline="Raad stemt vrijdag")
    bram.type(article_id, headline="Raad stemt maandag")
    anna.sync()
    bram.sync()
    assert bram.standing(article_id) is Standing.CONFLICT
    bram.step(article_id, Action.WITHDRAW, note="Bleek onjuist")
    newsroom.settle()
    assert anna.view(article_id).wanted == Status.WITHDRAWN
    assert anna.view(article_id).article.headline == "Raad stemt vrijdag"


def test_publish_then_withdraw_offline_ends_withdrawn(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.cut()
    anna.publish(article_id)
    anna.step(article_id, Action.WITHDRAW, note="Toch niet")
    anna.reconnect()
    newsroom.settle()
    assert bram.view(article_id).article.live == ()
    assert not bram.view(article_id).article.status.is_public


def test_an_autosave_that_started_from_an_older_text_keeps_the_colleagues_paragraph(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    open_editor = anna.view(article_id)
    bram.type(article_id, body=TWO_SENTENCES + "\n\nEen alinea van Bram.")
    newsroom.settle()
    from editor.domain.documents import article_document

    saved = anna.save(article_id, open_editor.version, article_document(open_editor.article),
                      {"body": TWO_SENTENCES.replace("donderdag", "vrijdag")})
    assert saved.merged
    assert "Een alinea van Bram." in saved.article.body
    assert "vrijdag" in saved.article.body


def test_a_line_that_comes_too_late_asks_its_planner_and_shows_nothing(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    newsroom.settle()
    anna.cut()
    entry_id = anna.plan("Brug gaat open", minutes=5)
    newsroom.pass_time(minutes=60)
    anna.reconnect().sync()
    (card,) = anna.cards(entry_id)
    assert card.kind == "late"
    anna.do(lambda work: conflicts.resolve(work, card.id, "mine"))
    newsroom.settle()
    assert bram.line(entry_id).entry.accepted_at is not None


def test_a_withdrawn_line_wins_over_a_colleagues_new_headline(newsroom: Newsroom) -> None:
    from editor.desk import ticker

    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    entry_id = anna.plan("Brug gaat open", minutes=30)
    newsroom.settle()
    anna.do(lambda work: ticker.withdraw_entry(work, entry_id))
    bram.do(lambda work: ticker.change_entry(work, entry_id, {"headline": "Brug gaat later open"}))
    newsroom.settle(bram, anna)
    for desk in (anna, bram):
        assert desk.line(entry_id).entry.intent == "withdrawn"
        assert desk.cards(entry_id) == []


def test_undo_after_sending_sends_a_compensating_step(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.step(article_id, Action.SUBMIT)
    newsroom.settle()
    assert bram.view(article_id).wanted == Status.DESK
    anna.do(lambda work: undo.undo_latest(work, "article"))
    newsroom.settle()
    assert bram.view(article_id).wanted == Status.DRAFT


def test_an_edit_wins_over_a_deletion_and_the_deleter_is_told(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.do(lambda work: articles.delete(work, article_id))
    bram.type(article_id, lead="Nog een keer.")
    bram.sync()
    newsroom.settle(anna, bram)
    assert not bram.view(article_id).deleted
    assert not anna.view(article_id).deleted
    assert [card.kind for card in anna.cards(article_id)] == ["note"]
