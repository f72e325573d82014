"""Decisions on reactions: each is checked, counted once, taken back when asked, and never shown against a no."""

from __future__ import annotations

import pytest

from editor.base.errors import EditorError
from editor.desk import reactions
from editor.desk.ports import OpState
from editor.domain.reaction import QueueState, ReactionStatus, Verb
from tests.sync.faults import Fault
from tests.sync.newsroom import Desk, Newsroom

WORDS = "Wat een goed plan is dit eigenlijk."


@pytest.fixture
def reaction_id(newsroom: Newsroom) -> str:
    els = newsroom.desk("els")
    article_id = newsroom.shared(els)
    els.publish(article_id)
    els.sync()
    return newsroom.react(article_id, WORDS)


def moderators(newsroom: Newsroom, *names: str, roles: tuple[str, ...] = ("moderator",)) -> list[Desk]:
    desks = [newsroom.desk(name, *roles) for name in names]
    newsroom.settle(*desks)
    return desks


def is_public(newsroom: Newsroom, desk: Desk, reaction_id: str) -> bool:
    return WORDS in newsroom.public_text(desk.reaction(reaction_id).reaction.article_id)


def log_n(desk: Desk, reaction_id: str) -> int:
    return desk.reaction(reaction_id).reaction.log_n


def test_a_second_decision_is_checked_like_the_first(newsroom: Newsroom, reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    anna.decide(reaction_id, Verb.APPROVE)
    with pytest.raises(EditorError, match="reason"):
        anna.decide(reaction_id, Verb.REJECT)
    with pytest.raises(EditorError, match="note"):
        anna.decide(reaction_id, Verb.ESCALATE)
    assert anna.reaction(reaction_id).state is QueueState.APPROVED


def test_a_decision_taken_back_within_its_grace_never_reaches_the_server(newsroom: Newsroom, reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    anna.decide(reaction_id, Verb.APPROVE)
    runner = anna.runner()
    runner._round(force=False)
    assert not is_public(newsroom, anna, reaction_id)
    anna.undo("reaction")
    newsroom.pass_time(minutes=1)
    runner._round(force=False)
    assert log_n(anna, reaction_id) == 0
    assert anna.reaction(reaction_id).state is QueueState.PENDING


def test_taking_back_twice_sends_nothing_that_was_never_decided(newsroom: Newsroom, reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    anna.decide(reaction_id, Verb.APPROVE)
    anna.do(lambda work: reactions.undo_decision(work, reaction_id))
    with pytest.raises(EditorError):
        anna.do(lambda work: reactions.undo_decision(work, reaction_id))
    anna.sync()
    assert log_n(anna, reaction_id) == 0


def test_taking_back_after_sending_hides_it_again(newsroom: Newsroom, reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    anna.decide(reaction_id, Verb.APPROVE)
    anna.sync()
    assert is_public(newsroom, anna, reaction_id)
    anna.undo("reaction")
    anna.sync()
    assert not is_public(newsroom, anna, reaction_id)
    assert anna.reaction(reaction_id).state is QueueState.PENDING


def test_taking_back_ones_decision_does_not_take_back_a_colleagues(newsroom: Newsroom, reaction_id: str) -> None:
    anna, bram = moderators(newsroom, "anna", "bram", roles=("senior",))
    anna.decide(reaction_id, Verb.APPROVE)
    newsroom.settle()
    bram.decide(reaction_id, Verb.REJECT, reason="OFFTOPIC")
    newsroom.settle()
    with pytest.raises(EditorError, match="Somebody"):
        anna.undo("reaction")
    newsroom.settle()
    assert bram.reaction(reaction_id).state is QueueState.REJECTED


def test_a_changed_mind_while_the_first_decision_was_under_way_ends_with_the_second(newsroom: Newsroom,
                                                                                   reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    for fault in (Fault.LOST_REQUEST, Fault.LOST_ANSWER, Fault.PORTAL):
        anna.decide(reaction_id, Verb.APPROVE)
        anna.network.coming.append(fault)
        anna.sync()
        anna.decide(reaction_id, Verb.REJECT, reason="BELEDIGING")
        anna.sync()
        anna.sync()
        assert anna.reaction(reaction_id).state is QueueState.REJECTED
        assert not is_public(newsroom, anna, reaction_id)
        assert anna.lane(reaction_id, OpState.PENDING, OpState.SEALED) == []


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.DUPLICATE, Fault.LATECOMER])
def test_a_decision_that_arrives_more_than_once_counts_once(newsroom: Newsroom, reaction_id: str, fault: Fault) -> None:
    (anna,) = moderators(newsroom, "anna")
    anna.decide(reaction_id, Verb.APPROVE)
    anna.network.coming.append(fault)
    anna.sync()
    anna.sync()
    anna.network.deliver_old(0)
    anna.sync()
    assert log_n(anna, reaction_id) == 1


@pytest.mark.parametrize("order", [("anna", "bram"), ("bram", "anna")])
@pytest.mark.parametrize("negative", ["OFFTOPIC", "DISCRIMINATIE", "PRIVACY", "SPAM", "GEWELD"])
def test_an_offline_approval_never_shows_what_a_colleague_rejected(newsroom: Newsroom, reaction_id: str,
                                                                  order: tuple[str, str], negative: str) -> None:
    desks = dict(zip(("anna", "bram"), moderators(newsroom, "anna", "bram"), strict=True))
    desks["anna"].cut().decide(reaction_id, Verb.APPROVE)
    desks["bram"].cut().decide(reaction_id, Verb.REJECT, reason=negative)
    for name in order:
        desks[name].reconnect().sync()
    newsroom.settle()
    for desk in desks.values():
        assert desk.reaction(reaction_id).reaction.status is not ReactionStatus.APPROVED
    assert desks["anna"].reaction(reaction_id).state == desks["bram"].reaction(reaction_id).state
    assert not is_public(newsroom, desks["anna"], reaction_id)
    assert log_n(desks["anna"], reaction_id) == 2


@pytest.mark.parametrize(("choice", "state"), [("mine", QueueState.APPROVED), ("both", QueueState.PENDING)])
def test_a_dispute_ends_for_everybody_when_one_of_the_two_settles_it(newsroom: Newsroom, reaction_id: str, choice: str,
                                                                     state: QueueState) -> None:
    anna, bram = moderators(newsroom, "anna", "bram")
    anna.decide(reaction_id, Verb.APPROVE)
    bram.decide(reaction_id, Verb.REJECT, reason="OFFTOPIC")
    newsroom.settle()
    anna.settle(anna.card(reaction_id), choice)
    newsroom.settle()
    for desk in (anna, bram):
        assert desk.reaction(reaction_id).state is state
        assert desk.cards(reaction_id) == []


def test_a_decision_on_a_text_that_was_not_seen_is_refused(newsroom: Newsroom, reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    seen = reactions.Seen("another text", 0)
    with pytest.raises(EditorError, match="changed"):
        anna.do(lambda work: reactions.decide(work, reaction_id, Verb.APPROVE, seen=seen))


def test_a_group_is_decided_whole_or_not_at_all(newsroom: Newsroom, reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    seen = {reaction_id: reactions.seen_of(anna.reaction(reaction_id).reaction), "none": reactions.Seen("", 0)}
    with pytest.raises(EditorError):
        anna.do(lambda work: reactions.decide_many(work, [reaction_id, "none"], Verb.APPROVE, seen=seen))
    assert anna.reaction(reaction_id).state is QueueState.PENDING
    assert anna.door.read_now(lambda reader: reader.outbox(done=False)) == []


def test_key_four_hides_what_is_public_at_once_and_undo_shows_it_not_by_itself(newsroom: Newsroom,
                                                                              reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    anna.decide(reaction_id, Verb.APPROVE)
    anna.sync()
    anna.decide(reaction_id, Verb.REJECT, reason="GEWELD")
    anna.sync()
    assert anna.reaction(reaction_id).state is QueueState.ESCALATED
    assert not is_public(newsroom, anna, reaction_id)
    anna.undo("reaction")
    anna.sync()
    assert not is_public(newsroom, anna, reaction_id)
    assert anna.reaction(reaction_id).state is QueueState.PENDING


def test_takedowns_of_what_may_be_criminal_leave_first(newsroom: Newsroom, reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    article_id = anna.reaction(reaction_id).reaction.article_id
    second, third = newsroom.react(article_id, "Een tweede reactie hier."), newsroom.react(article_id, "Nog een derde.")
    anna.sync()
    anna.decide(reaction_id, Verb.APPROVE)
    anna.decide(second, Verb.REJECT, reason="OFFTOPIC")
    anna.decide(third, Verb.REJECT, reason="DISCRIMINATIE")
    anna.network.sent.clear()
    anna.sync()
    assert [op.entity_id for op in anna.network.sent] == [third, second, reaction_id]


def test_the_profiles_log_of_decisions_holds_together(newsroom: Newsroom, reaction_id: str) -> None:
    (anna,) = moderators(newsroom, "anna")
    anna.decide(reaction_id, Verb.APPROVE)
    anna.decide(reaction_id, Verb.SPAM)
    anna.sync()
    with anna.profile.store.write() as work:
        assert work.reactions.verify_log() is None
        assert len(work.reactions.decisions(reaction_id)) == 2
