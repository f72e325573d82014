"""Reactions, the log of decisions, and the queues."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from editor.base import sqlite
from editor.base.clock import FixedClock
from editor.base.errors import Bug
from editor.base.ids import new_id, new_key
from editor.desk.ports import Entity, OpState, OutboxRow
from editor.domain.reaction import (
    Decision,
    Deferral,
    Dispute,
    Escalation,
    QueueState,
    Reaction,
    ReactionStatus,
    Verb,
)
from editor.store.profile import Profile
from editor.store.unit_of_work import DatabaseWork, Store
from tests.store.conftest import NOON


def reaction(one: str, n: int = 1, **given: Any) -> Reaction:
    plain = Reaction(one, "a1", n, "Joke", f"Reactie nummer {n}", "h", NOON + timedelta(minutes=n), author_key="k1")
    return replace(plain, **given)


def decide(work: DatabaseWork, one: str, action: Verb, *, state: OpState = OpState.PENDING,
           until: datetime | None = None) -> OutboxRow:
    decision = Decision(new_id(), one, action, "anna", work.now(), "h", until=until)
    work.reactions.append(decision)
    return work.outbox.add(OutboxRow(new_key(), one, "reaction", "moderate", state, "anna", work.now(),
                                     command={"decision_id": decision.id, "action": action.value}))


def queue(store: Store, state: str, **asked: Any) -> Sequence[str]:
    with store.read() as reader:
        return list(reader.queue(state, **asked))


def test_a_reaction_comes_back_with_all_its_facts(store: Store) -> None:
    last = Decision("d1", "r1", Verb.REJECT, "bas", NOON, "h", 2, "OFFTOPIC", "niet hier", actor_name="Bas")
    whole = reaction("r1", 3, parent_id="r0", edited_at=NOON, status=ReactionStatus.TRASH, reports=2, decision=last,
                     escalation=Escalation("bas", NOON, "kijk"), deferral=Deferral("bas", NOON), log_n=4,
                     dispute=Dispute("anna", "bas", "C2", NOON, True))
    with store.write() as work:
        work.reactions.put(whole, "7-abc")
        assert work.reactions.get("r1") == whole
        assert work.reactions.rev("r1") == "7-abc"
    with store.write() as work:
        assert work.reactions.get("r1") == whole
        assert work.reactions.rev("r1") == "7-abc"
        assert work.reactions.rev("r2") is None
        work.reactions.put(replace(whole, reports=3), "8-abc")
        assert work.reactions.find("1") == ["r1"]
    with store.write() as work:
        assert work.reactions.rev("r1") == "8-abc"
        work.reactions.remove("r1")
        assert work.reactions.get("r1") is None
    assert queue(store, "conflict") == []


def test_a_queue_is_oldest_first_with_the_escalated_and_reported_before(store: Store) -> None:
    with store.write() as work:
        work.reactions.put(reaction("late", 9), "1")
        work.reactions.put(reaction("early", 2), "1")
        work.reactions.put(reaction("reported", 8, reports=3), "1")
        work.reactions.put(reaction("gone", 1, status=ReactionStatus.GONE), "1")
        work.reactions.put(reaction("up", 7, escalation=Escalation("bas", NOON)), "1")
        work.reactions.put(reaction("public", 4, status=ReactionStatus.APPROVED, reports=1), "1")
    assert queue(store, "pending") == ["reported", "early", "late"]
    assert queue(store, "escalated") == ["up"]
    assert queue(store, "reported") == ["public"]
    assert queue(store, "pending", limit=2) == ["reported", "early"]
    with store.read() as reader:
        assert {state: n for state, n in reader.counts().queue.items() if n} == {
            "pending": 3, "gone": 1, "escalated": 1, "reported": 1}


def test_a_queue_can_be_of_one_article_and_of_words(store: Store) -> None:
    with store.write() as work:
        work.reactions.put(reaction("r1", 1, text="De brug is dicht"), "1")
        work.reactions.put(reaction("r2", 2, text="Café vol", article_id="a2"), "1")
        work.reactions.put(reaction("r3", 3, author_name="Brugman"), "1")
    assert queue(store, "pending", article_id="a2") == ["r2"]
    assert queue(store, "pending", words="brug") == ["r1", "r3"]
    assert queue(store, "pending", words="cafe") == ["r2"]
    assert queue(store, "pending", words="brug dicht", article_id="a1") == ["r1"]
    assert queue(store, "pending", words='"') == ["r1", "r2", "r3"]


def test_what_was_put_off_comes_back_by_itself(store: Store, clock: FixedClock) -> None:
    with store.write() as work:
        for n in (1, 2, 3):
            work.reactions.put(reaction(f"r{n}", n), "1")
        work.reactions.put(reaction("theirs", 4, deferral=Deferral("bas", NOON + timedelta(minutes=30))), "1")
        decide(work, "r2", Verb.DEFER, until=NOON + timedelta(hours=1))
    assert queue(store, "pending") == ["r1", "r3"]
    assert queue(store, "deferred") == ["r2", "theirs"]
    clock.advance(timedelta(minutes=30))
    assert queue(store, "pending") == ["r1", "r3", "theirs"]
    clock.advance(timedelta(minutes=30))
    assert queue(store, "pending") == ["r1", "r2", "r3", "theirs"]
    assert queue(store, "pending", limit=2) == ["r1", "r2"]
    assert queue(store, "deferred") == []
    with store.read() as reader:
        assert (reader.counts().queue["pending"], reader.counts().queue["deferred"]) == (4, 0)
        assert [item.state for item in reader.reaction_items(["r2"])] == [QueueState.PENDING]


@pytest.mark.parametrize("state", [OpState.PENDING, OpState.SEALED])
def test_a_waiting_decision_is_what_its_moderator_sees(store: Store, state: OpState) -> None:
    with store.write() as work:
        work.entities.put(Entity("article", "a1", {"headline": "Brug dicht"}))
        work.reactions.put(reaction("r1"), "1")
        decide(work, "r1", Verb.APPROVE, state=state)
    assert queue(store, "approved") == ["r1"]
    with store.read() as reader:
        item, = reader.reaction_items(["r1"])
        assert (item.state, item.waiting, item.article_headline) == (QueueState.APPROVED, True, "Brug dicht")


@pytest.mark.parametrize("state", [OpState.CONFLICT, OpState.PARKED, OpState.SUPERSEDED, OpState.DISCARDED])
def test_a_decision_that_waits_no_more_leaves_the_servers_state(store: Store, state: OpState) -> None:
    with store.write() as work:
        work.reactions.put(reaction("r1"), "1")
        row = decide(work, "r1", Verb.APPROVE)
    with store.write() as work:
        work.outbox.put(replace(row, state=state))
    assert queue(store, "approved") == []
    with store.read() as reader:
        item, = reader.reaction_items(["r1"])
        assert (item.state, item.waiting) == (QueueState.PENDING, False)


def test_the_newest_waiting_decision_counts(store: Store) -> None:
    with store.write() as work:
        work.reactions.put(reaction("r1"), "1")
        decide(work, "r1", Verb.APPROVE, state=OpState.SEALED)
        decide(work, "r1", Verb.SPAM)
    assert queue(store, "spam") == ["r1"]


def test_a_page_from_the_server_keeps_a_waiting_decision_on_top(store: Store) -> None:
    with store.write() as work:
        work.reactions.put(reaction("r1"), "1")
        decide(work, "r1", Verb.APPROVE)
    with store.write() as work:
        for n in range(1, 5):
            work.reactions.put(reaction(f"r{n}", n, reports=1), "2")
    assert queue(store, "approved") == ["r1"]
    assert queue(store, "pending") == ["r2", "r3", "r4"]


def test_cards_come_in_the_order_asked_for(store: Store) -> None:
    with store.write() as work:
        for n in range(1, 4):
            work.reactions.put(reaction(f"r{n}", n), "1")
    with store.read() as reader:
        assert [i.id for i in reader.reaction_items(["r3", "nobody", "r1"])] == ["r3", "r1"]
        assert [i.number for i in reader.conversation("a1")] == [1, 2, 3]


def test_a_view_tells_of_the_article_the_author_and_the_log(store: Store) -> None:
    with store.write() as work:
        work.entities.put(Entity("article", "a1", {"headline": "Brug dicht", "lead": "Tot acht uur.",
                                                   "reactions_mode": "open"}))
        work.reactions.put(reaction("r0", 1, status=ReactionStatus.APPROVED), "1")
        work.reactions.put(reaction("r2", 2, status=ReactionStatus.SPAM), "1")
        theirs = Decision("d0", "r1", Verb.REQUEUE, "bas", NOON - timedelta(hours=1), "h")
        work.reactions.put(reaction("r1", 3, parent_id="r0", decision=theirs), "1")
        decide(work, "r1", Verb.APPROVE)
    with store.read() as reader:
        view = reader.reaction("r1")
        assert view is not None
        assert (view.article_headline, view.article_lead, view.reactions_mode) == ("Brug dicht", "Tot acht uur.", "open")
        assert (view.author_approved, view.author_rejected) == (2, 1)
        assert view.parent is not None
        assert view.parent.id == "r0"
        assert view.state is QueueState.APPROVED
        assert view.waiting is not None
        assert [d.action for d in view.decisions] == [Verb.REQUEUE, Verb.APPROVE]
        assert reader.reaction("nobody") is None
        assert reader.find("reaction", "1") == ["r1"]


def test_the_log_holds_and_tells_what_was_tampered_with(profile: Profile) -> None:
    with profile.store.write() as work:
        work.reactions.put(reaction("r1"), "1")
        for action in (Verb.APPROVE, Verb.REQUEUE, Verb.SPAM):
            decide(work, "r1", action)
    with profile.store.write() as work:
        decide(work, "r1", Verb.APPROVE)
        assert work.reactions.verify_log() is None
        log = work.reactions.decisions("r1")
        assert [d.action for d in log] == [Verb.APPROVE, Verb.REQUEUE, Verb.SPAM, Verb.APPROVE]
        assert work.reactions.decision(log[1].id) == log[1]
    tamper(profile, "UPDATE decision SET note='anders' WHERE rid=2")
    with profile.store.write() as work:
        assert work.reactions.verify_log() == log[1].id


def test_a_log_that_was_cut_short_is_noticed(profile: Profile) -> None:
    with profile.store.write() as work:
        first, second = (Decision(new_id(), "r1", Verb.APPROVE, "anna", NOON, "h") for _ in range(2))
        work.reactions.append(first)
        work.reactions.append(second)
    tamper(profile, "DELETE FROM decision WHERE rid=2")
    with profile.store.write() as work:
        assert work.reactions.verify_log() == first.id


def tamper(profile: Profile, statement: str) -> None:
    connection = sqlite.connect(profile.store.path, "writer")
    connection.execute("DROP TRIGGER decision_no_update")
    connection.execute("DROP TRIGGER decision_no_delete")
    connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("statement", ["UPDATE decision SET note='x'", "DELETE FROM decision"])
def test_decisions_are_never_changed(store: Store, statement: str) -> None:
    with store.write() as work:
        work.reactions.append(Decision(new_id(), "r1", Verb.APPROVE, "anna", NOON, "h"))
    with pytest.raises(Bug, match="never changed"), store.write() as work:
        work._connection.exec_driver_sql(statement)


def test_a_queue_of_two_hundred_thousand_opens_whole_and_from_its_index_alone(store: Store) -> None:
    total = 200_000
    ids = [new_id() for _ in range(total)]
    with store.write() as work:
        work._connection.exec_driver_sql(
            "INSERT INTO reaction(id,rev,article_id,parent_id,number,status,reports,log_n,created_at,queue_state,"
            "queue_rank,waiting,author_name,author_key,text_hash,text) "
            "VALUES(?,'1','a1','',?,'hold',0,0,?,'pending',2,0,'Joke','k','h','Mooi')",
            [(one, n, 1_000_000 - n) for n, one in enumerate(ids)])
    with store.read() as reader:
        found = reader.queue("pending")
        assert len(found) == total
        assert found[0] == ids[-1]
        assert found[-1] == ids[0]
        assert found[10:12] == [ids[-11], ids[-12]]
        assert list(found) == ids[::-1]
        assert ids[77] in found
        with pytest.raises(IndexError):
            found[total]
        assert reader.counts().queue["pending"] == total
    with store.write() as work:
        plan = str(work._connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM reaction WHERE queue_state='pending' "
            "ORDER BY queue_rank, created_at, id").all())
    assert re.search("USING COVERING INDEX reaction_queue", plan)
    assert "TEMP B-TREE" not in plan
