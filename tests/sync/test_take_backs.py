"""Taking back what was to go out: whatever the network did, the last word counts and nothing goes public against it."""

from __future__ import annotations

import pytest

from editor.base.errors import EditorError, UserError
from editor.desk.ports import OpState
from editor.domain.article import Action, Status
from tests.sync.faults import Fault
from tests.sync.newsroom import TWO_SENTENCES, Newsroom


def test_unscheduling_after_choosing_another_time_offline_leaves_nothing_planned(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.SCHEDULE, minutes=60)
    anna.sync()
    anna.cut()
    anna.step(article_id, Action.SCHEDULE, minutes=120)
    anna.step(article_id, Action.UNSCHEDULE)
    anna.reconnect().sync()
    newsroom.pass_time(hours=3)
    assert newsroom.public_text(article_id) == ""
    assert anna.view(article_id).wanted == Status.APPROVED


def test_two_times_chosen_offline_are_both_gone_after_unscheduling(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.cut()
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.SCHEDULE, minutes=60)
    anna.step(article_id, Action.SCHEDULE, minutes=120)
    anna.step(article_id, Action.UNSCHEDULE)
    assert anna.view(article_id).wanted == Status.APPROVED
    anna.reconnect().sync()
    newsroom.pass_time(hours=3)
    assert newsroom.public_text(article_id) == ""


def test_what_was_decided_after_a_withdrawal_does_not_fall_with_the_step_that_it_revoked(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.publish(article_id)
    anna.sync()
    anna.type(article_id, lead="Tweede versie.")
    anna.publish(article_id)
    anna.network.coming.extend([Fault.NONE, Fault.NONE, Fault.LOST_REQUEST])  # text, approval, publication
    anna.sync()
    assert [row.command["action"] for row in anna.lane(article_id, OpState.SEALED)] == ["publish"]
    anna.cut()
    anna.step(article_id, Action.WITHDRAW, note="Bleek onjuist")
    anna.step(article_id, Action.REOPEN)
    anna.type(article_id, lead="Derde versie.")
    anna.publish(article_id)
    anna.reconnect()
    newsroom.settle()
    assert "Derde versie." in newsroom.public_text(article_id)
    assert anna.cards(article_id) == []


def test_a_late_copy_of_a_revoked_publication_publishes_nothing(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.publish(article_id)
    anna.network.coming.extend([Fault.NONE, Fault.LOST_REQUEST])
    anna.sync()
    (sealed,) = anna.lane(article_id, OpState.SEALED)
    anna.step(article_id, Action.WITHDRAW, note="Toch niet")
    anna.sync()
    from editor.desk.pushing import as_op

    anna.network.sent.append(as_op(sealed))
    anna.network.deliver_old(-1)
    newsroom.settle()
    assert newsroom.public_text(article_id) == ""
    assert anna.lane(article_id, OpState.SEALED) == []


@pytest.mark.parametrize("arrives_after", [1, 13])  # minutes; the time was 10 minutes ahead
def test_unscheduling_what_went_public_meanwhile_is_told(newsroom: Newsroom, arrives_after: int) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.step(article_id, Action.APPROVE)
    anna.sync()
    anna.step(article_id, Action.SCHEDULE, minutes=10)
    newsroom.pass_time(minutes=arrives_after)
    anna.network.coming.append(Fault.LOST_ANSWER)
    anna.sync()
    newsroom.pass_time(minutes=20)
    anna.step(article_id, Action.UNSCHEDULE)
    anna.sync()
    card = anna.card(article_id)
    assert (card.kind, card.code, card.field) == ("refused", "late", "unschedule")
    anna.settle(card, "mine")
    anna.sync()
    assert newsroom.public_text(article_id) == ""


def test_withdrawing_asks_for_a_reason(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.publish(article_id)
    anna.sync()
    with pytest.raises(UserError, match="note"):
        anna.step(article_id, Action.WITHDRAW)


def test_undoing_an_update_does_not_take_the_whole_article_off_the_page(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.publish(article_id)
    anna.sync()
    anna.type(article_id, lead="Tweede versie.")
    anna.publish(article_id)
    anna.sync()
    with pytest.raises(EditorError):
        anna.undo("article")
    anna.sync()
    assert "Tweede versie." in newsroom.public_text(article_id)


def test_undoing_a_first_publication_withdraws_it(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.publish(article_id)
    anna.sync()
    anna.undo("article")
    anna.sync()
    assert newsroom.public_text(article_id) == ""


def test_a_withdrawal_passes_a_text_whose_answer_never_came(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.publish(article_id)
    newsroom.settle()
    anna.type(article_id, body=TWO_SENTENCES + " Nog een zin.")
    anna.network.coming.append(Fault.LOST_ANSWER)
    anna.sync()
    anna.step(article_id, Action.WITHDRAW, note="Bleek onjuist")
    newsroom.settle()
    assert newsroom.public_text(article_id) == ""
    assert bram.view(article_id).article.body.endswith("Nog een zin.")
    assert anna.view(article_id).wanted == bram.view(article_id).wanted == Status.WITHDRAWN
    assert anna.cards() == bram.cards() == []


@pytest.mark.parametrize("fault", list(Fault)[:6])
def test_published_then_withdrawn_ends_withdrawn_whatever_the_network_does(newsroom: Newsroom, fault: Fault) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.publish(article_id)
    anna.network.coming.extend([Fault.NONE, fault])
    anna.sync()
    anna.step(article_id, Action.WITHDRAW, note="Toch niet")
    anna.network.coming.extend([fault, fault])
    newsroom.settle()
    anna.network.coming.clear()
    newsroom.settle()
    assert newsroom.public_text(article_id) == ""


def test_undoing_a_step_that_fell_does_not_take_back_an_older_one(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.step(article_id, Action.APPROVE)
    newsroom.settle()
    bram.cut().type(article_id, lead="Van Bram.")
    bram.step(article_id, Action.APPROVE)
    anna.type(article_id, body=TWO_SENTENCES.replace("donderdag", "vrijdag"))
    anna.sync()
    bram.reconnect().sync()
    assert bram.card(article_id).kind == "fallen"
    bram.undo("article")
    newsroom.settle()
    assert anna.view(article_id).wanted == Status.APPROVED
