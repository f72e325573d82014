"""What was done can be taken back after it was sent: by a compensating change, or it says plainly why not."""

from __future__ import annotations

import pytest

from editor.base.errors import EditorError, UserError
from editor.desk import articles, pushing, reactions, settling
from editor.desk.ports import OpState, OutboxRow
from editor.desk.undo import undo_latest
from editor.domain.article import Action, Status
from editor.domain.documents import ticker_patch
from editor.domain.moments import moment_of
from editor.domain.reaction import QueueState, Verb
from editor.domain.ticker import TickerEntry
from tests.sync.newsroom import TWO_SENTENCES, Desk, Newsroom

MINE_BODY, THEIR_BODY = TWO_SENTENCES.replace("donderdag", "vrijdag"), TWO_SENTENCES.replace("donderdag", "maandag")


def collided(newsroom: Newsroom) -> tuple[Desk, Desk, str]:
    """Two desks that wrote the same sentence; bram has the card."""
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, body=THEIR_BODY)
    bram.type(article_id, body=MINE_BODY)
    anna.sync()
    bram.sync()
    return anna, bram, article_id


def settle(desk: Desk, article_id: str, choice: str, text: str | None = None) -> None:
    card = desk.card(article_id)
    desk.do(lambda work: settling.settle(work, card.id, choice, text=text))


def test_a_settled_card_stands_open_again_with_the_text_as_it_stood(newsroom: Newsroom) -> None:
    _, bram, article_id = collided(newsroom)
    settle(bram, article_id, "mine")
    assert bram.view(article_id).article.body == MINE_BODY
    bram.undo()
    assert bram.view(article_id).article.body == THEIR_BODY
    assert bram.card(article_id).mine == MINE_BODY
    settle(bram, article_id, "mine")  # and can be settled again
    newsroom.settle()
    assert bram.view(article_id).article.body == MINE_BODY


def test_a_settlement_that_was_sent_is_taken_back_and_decided_otherwise(newsroom: Newsroom) -> None:
    anna, bram, article_id = collided(newsroom)
    settle(bram, article_id, "mine")
    newsroom.settle()
    assert anna.view(article_id).article.body == MINE_BODY
    bram.undo("article")
    settle(bram, article_id, "theirs")
    newsroom.settle()
    assert [desk.view(article_id).article.body for desk in (anna, bram)] == [THEIR_BODY] * 2
    assert not bram.cards()
    assert not anna.cards()


def test_what_was_typed_after_the_settlement_stays_when_it_is_taken_back(newsroom: Newsroom) -> None:
    _, bram, article_id = collided(newsroom)
    settle(bram, article_id, "mine")
    bram.type(article_id, body=MINE_BODY.replace("de bouw", "de sloop"))
    bram.undo("article")
    assert bram.view(article_id).article.body == THEIR_BODY.replace("de bouw", "de sloop")
    assert bram.card(article_id).kind == "text"


def test_a_value_that_a_colleague_changed_since_is_not_taken_back(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, headline="Anna")
    bram.type(article_id, headline="Bram")
    newsroom.settle(anna, bram)
    settle(bram, article_id, "mine")
    newsroom.settle()
    anna.type(article_id, headline="Weer Anna")
    newsroom.settle()
    with pytest.raises(UserError, match="Somebody changed this since"):
        bram.undo("article")
    assert bram.view(article_id).article.headline == "Weer Anna"


def test_a_bulk_of_decisions_is_one_undo_after_it_was_sent(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna", "moderator", "journalist", "editor")
    article_id = newsroom.shared(anna)
    anna.publish(article_id)
    newsroom.settle()
    ids = tuple(newsroom.react(article_id, f"Reactie {n}.") for n in range(4))
    newsroom.settle()
    seen = {one: reactions.seen_of(anna.reaction(one).reaction) for one in ids}
    anna.decide(ids[0], Verb.SPAM)
    anna.do(lambda work: reactions.decide_many(work, ids[1:], Verb.APPROVE,
                                               seen={one: seen[one] for one in ids[1:]}))
    newsroom.settle()
    assert {anna.reaction(one).reaction.status for one in ids[1:]} == {"approved"}
    undone = anna.do(lambda work: undo_latest(work, "reaction"))
    newsroom.settle()
    assert set(undone.ids) == set(ids[1:])
    assert not undone.kept
    assert {anna.reaction(one).state for one in ids[1:]} == {QueueState.PENDING}
    assert anna.reaction(ids[0]).state is not QueueState.PENDING  # that was another act


def test_of_a_bulk_what_a_colleague_decided_since_stays_and_is_named(newsroom: Newsroom) -> None:
    anna, bram = (newsroom.desk(name, "moderator", "journalist", "editor") for name in ("anna", "bram"))
    article_id = newsroom.shared(anna, bram)
    anna.publish(article_id)
    newsroom.settle()
    ids = tuple(newsroom.react(article_id, f"Reactie {n}.") for n in range(3))
    newsroom.settle()
    seen = {one: reactions.seen_of(anna.reaction(one).reaction) for one in ids}
    anna.do(lambda work: reactions.decide_many(work, ids, Verb.APPROVE, seen=seen))
    newsroom.settle()
    bram.decide(ids[1], Verb.SPAM)
    newsroom.settle()
    undone = anna.do(lambda work: undo_latest(work, "reaction"))
    newsroom.settle()
    assert undone.kept == (ids[1],)
    assert str(undone.why) == "Somebody changed this since; it is not taken back."
    assert {anna.reaction(one).state for one in (ids[0], ids[2])} == {QueueState.PENDING}
    assert bram.reaction(ids[1]).reaction.status == "spam"


@pytest.mark.parametrize(("steps", "before"), [
    ((Action.SUBMIT,), Status.DRAFT), ((Action.SUBMIT, Action.RETURN), Status.DESK), ((Action.APPROVE,), Status.DESK),
    ((Action.APPROVE, Action.UNAPPROVE), Status.APPROVED)])
def test_a_status_move_is_taken_back_at_the_server_too(newsroom: Newsroom, steps: tuple[Action, ...],
                                                       before: Status) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    for step in steps:
        anna.step(article_id, step, note="Nog eens.")
        newsroom.settle()
    anna.undo("article")
    newsroom.settle()
    assert [desk.view(article_id).wanted for desk in (anna, bram)] == [before, before]


def test_a_text_changed_since_is_not_approved_by_an_undo(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.UNAPPROVE, note="Nog eens.")
    newsroom.settle()
    anna.type(article_id, lead="Iets heel anders.")
    with pytest.raises(UserError, match="read and approve it anew"):
        anna.undo("article")
    assert anna.view(article_id).wanted == Status.DESK


def planned_for(desk: Desk, article_id: str, newsroom: Newsroom) -> float | None:
    """Minutes until the article goes live."""
    moment = desk.view(article_id).article.publish
    return None if moment is None else (moment.utc - newsroom.clock.now()).total_seconds() / 60


def test_a_schedule_that_was_sent_is_taken_off(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.SCHEDULE, minutes=60)
    newsroom.settle()
    assert bram.view(article_id).wanted == Status.SCHEDULED
    anna.undo("article")
    newsroom.settle()
    assert bram.view(article_id).wanted == Status.APPROVED
    newsroom.pass_time(minutes=61)
    assert newsroom.public_text(article_id) == ""


def test_a_later_time_that_was_sent_goes_back_to_the_earlier_one(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.SCHEDULE, minutes=60)
    newsroom.settle()
    anna.step(article_id, Action.SCHEDULE, minutes=240)
    newsroom.settle()
    assert planned_for(bram, article_id, newsroom) == 240
    anna.undo("article")
    newsroom.settle()
    assert planned_for(bram, article_id, newsroom) == 60
    newsroom.pass_time(minutes=61)
    assert newsroom.public_text(article_id)


def test_what_was_taken_off_the_schedule_is_planned_again_while_its_time_has_not_passed(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.step(article_id, Action.APPROVE)
    anna.step(article_id, Action.SCHEDULE, minutes=60)
    newsroom.settle()
    anna.step(article_id, Action.UNSCHEDULE)
    newsroom.settle()
    assert bram.view(article_id).wanted == Status.APPROVED
    anna.undo("article")
    newsroom.settle()
    assert planned_for(bram, article_id, newsroom) == 60
    anna.step(article_id, Action.UNSCHEDULE)
    newsroom.settle()
    newsroom.pass_time(minutes=90)
    with pytest.raises(UserError, match="former time has passed"):
        anna.undo("article")


def test_an_update_that_went_out_says_what_to_do_instead(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.publish(article_id)
    newsroom.settle()
    anna.type(article_id, lead="Nieuw.")
    anna.publish(article_id)
    newsroom.settle()
    with pytest.raises(EditorError, match="cannot be taken back") as refused:
        anna.undo("article")
    assert "Restore the earlier text" in str(refused.value.fix)


def test_a_line_moved_and_sent_goes_back_to_its_time(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    line = anna.plan("Brug open", minutes=30)
    newsroom.settle()
    before = bram.line(line).entry.start
    later = ticker_patch(TickerEntry("", start=moment_of(newsroom.clock.now().replace(hour=20), "Europe/Amsterdam")))
    anna.change_line(line, start=later["start"])
    newsroom.settle()
    assert bram.line(line).entry.start != before
    anna.undo("ticker")
    newsroom.settle()
    assert bram.line(line).entry.start == before


def under_way(desk: Desk) -> OutboxRow:
    """The one request of this desk, sealed."""
    (lane,) = desk.do(lambda work: pushing.ready_lanes(work, force=True))
    row = desk.do(lambda work: pushing.seal_next(work, lane, force=True))
    assert row is not None
    return row


def parked(newsroom: Newsroom) -> tuple[Desk, str, str]:
    """A text that the server refused: the desk, the article, the request."""
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, headline="Te lang")
    row = under_way(anna)
    anna.do(lambda work: pushing.park(work, row.op_id, "limit"))
    return anna, article_id, row.op_id


def test_a_request_given_up_comes_back_with_its_text(newsroom: Newsroom) -> None:
    anna, article_id, op_id = parked(newsroom)
    anna.do(lambda work: settling.give_up(work, op_id))
    assert anna.view(article_id).article.headline == "Raad stemt"
    assert not anna.cards(article_id)
    anna.undo()
    assert anna.view(article_id).article.headline == "Te lang"
    assert anna.card(article_id).kind == "rejected"
    assert anna.lane(article_id, OpState.PARKED)
    anna.do(lambda work: pushing.retry_parked(work, op_id))
    newsroom.settle()
    assert newsroom.desk("bram").sync().state == "ok"
    assert not anna.lane(article_id, OpState.PARKED)


def test_what_may_have_arrived_is_not_given_up(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, headline="Onderweg")
    row = under_way(anna)
    with pytest.raises(UserError, match="cannot be discarded"):
        anna.do(lambda work: settling.give_up(work, row.op_id))


def test_a_line_that_came_too_late_is_asked_about_again(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    line = anna.plan("Te laat", minutes=5)
    newsroom.pass_time(minutes=50)
    newsroom.settle()
    card = anna.card(line)
    assert card.kind == "late"
    anna.do(lambda work: settling.settle(work, card.id, "theirs"))
    assert not anna.cards(line)
    anna.undo()
    assert anna.card(line).kind == "late"
    assert anna.line(line).entry.intent == "planned"


def test_a_dropped_publication_waits_for_its_answer_again(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.step(article_id, Action.APPROVE)
    newsroom.settle()
    anna.step(article_id, Action.PUBLISH)
    newsroom.pass_time(minutes=90)
    anna.sync()
    card = anna.card(article_id)
    assert card.kind == "still_true"
    settle(anna, article_id, "theirs")
    assert anna.view(article_id).wanted == Status.APPROVED
    anna.undo()
    assert anna.card(article_id).kind == "still_true"
    newsroom.settle()
    assert newsroom.public_text(article_id) == ""  # undoing asks again, it never publishes
    settle(anna, article_id, "mine")
    newsroom.settle()
    assert newsroom.public_text(article_id)


def test_what_was_let_go_with_its_deletion_is_asked_about_again(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    bram.cut()
    bram.type(article_id, body=MINE_BODY)
    anna.delete(article_id)
    anna.sync()
    bram.reconnect()
    bram.sync()
    card = bram.card(article_id)
    assert card.kind == "deleted"
    settle(bram, article_id, "theirs")
    assert bram.view(article_id).deleted
    bram.undo()
    assert bram.card(article_id).kind == "deleted"
    assert bram.view(article_id).article.body == MINE_BODY
    settle(bram, article_id, "mine")
    newsroom.settle()
    assert not anna.view(article_id).deleted
    assert anna.view(article_id).article.body == MINE_BODY


def test_a_settled_dispute_is_taken_back_with_the_decision_in_it(newsroom: Newsroom) -> None:
    anna, bram = (newsroom.desk(name, "moderator", "journalist", "editor") for name in ("anna", "bram"))
    article_id = newsroom.shared(anna, bram)
    anna.publish(article_id)
    newsroom.settle()
    reaction_id = newsroom.react(article_id, "Mooi stuk.")
    newsroom.settle()
    anna.decide(reaction_id, Verb.APPROVE)
    bram.decide(reaction_id, Verb.REJECT, reason="OFFTOPIC")
    newsroom.settle()
    card = anna.card(reaction_id)
    assert card.kind == "dispute"
    anna.do(lambda work: settling.settle(work, card.id, "both"))
    assert not anna.cards(reaction_id)
    undone = anna.do(undo_latest)
    assert undone.operation == "settle"
    assert anna.card(reaction_id).kind == "dispute"
    newsroom.settle()
    assert anna.reaction(reaction_id).state is QueueState.CONFLICT


def test_what_can_never_be_taken_back_is_said_once_and_then_the_step_before_it_is(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    older, newer = newsroom.shared(anna, bram), newsroom.shared(anna, bram)
    anna.do(lambda work: articles.edit(work, older, {"kicker": "Eerste"}))
    anna.do(lambda work: articles.edit(work, newer, {"kicker": "Tweede"}))
    newsroom.settle()
    bram.do(lambda work: articles.edit(work, newer, {"kicker": "Van Bram"}))
    newsroom.settle()
    with pytest.raises(UserError, match="Somebody changed this since"):
        anna.undo("article")
    assert anna.view(newer).article.kicker == "Van Bram"
    assert anna.view(older).article.kicker == "Eerste"
    anna.undo("article")
    assert anna.view(newer).article.kicker == "Van Bram"
    assert anna.view(older).article.kicker == ""
