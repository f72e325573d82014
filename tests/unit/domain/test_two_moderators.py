"""Two moderators who did not know of each other: what readers see never depends on who syncs first (S-07)."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.domain.moderation import LogRow, rule_on
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Role
from editor.domain.reaction import Decision, QueueState, Reaction, ReactionStatus, Verb, queue_state
from editor.domain.refusal import Refused

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NEWSROOM = Newsroom("n")
PAIRS = list(itertools.combinations(Verb, 2))
REASONS = {"house": "OFFTOPIC", "criminal": "DISCRIMINATIE", "privacy": "PRIVACY", "spam": "SPAM"}


def reaction() -> Reaction:
    return Reaction("r", "a", 1, "Lezer", "Een mening.", "hash", NOW - timedelta(hours=1))


def moderator(name: str, *roles: Role) -> Actor:
    return Actor(name, name, frozenset(roles or (Role.MODERATOR,)))


def decision(actor: Actor, action: Verb, seen_n: int, ground: str = "house") -> Decision:
    return Decision(f"{actor.id}-{action.value}-{seen_n}", "r", action, actor.id, NOW, "hash", seen_n,
                    REASONS[ground] if action in (Verb.REJECT, Verb.SPAM) else None, note="Omdat.",
                    until=NOW + timedelta(hours=1))


class Press:
    """A reaction and its log."""

    def __init__(self, start: Reaction | None = None) -> None:
        self.now = start or reaction()
        self.log: list[LogRow] = []

    def takes(self, made: Decision, actor: Actor) -> str:
        """Rule on a decision; the result, or `refused`."""
        try:
            ruling = rule_on(self.now, self.log, made, actor, NEWSROOM, NOW)
        except Refused:
            return "refused"
        self.log.append(LogRow(made, ruling.result, ruling.case))
        self.now = replace(ruling.reaction, log_n=len(self.log))
        return ruling.result

    @property
    def is_public(self) -> bool:
        return self.now.status is ReactionStatus.APPROVED


def meet(order: list[tuple[Actor, Verb, str]], start: list[tuple[Actor, Verb, str]]) -> Press:
    """All of `start` seen by everybody, then those of `order` without knowing of each other."""
    press = Press()
    for actor, action, ground in start:
        press.takes(decision(actor, action, len(press.log), ground), actor)
    seen = len(press.log)
    for actor, action, ground in order:
        press.takes(decision(actor, action, seen, ground), actor)
    return press


@pytest.mark.parametrize("grounds", list(itertools.product(REASONS, REASONS)))
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair[0]}-{pair[1]}")
def test_the_order_of_two_decisions_decides_nothing_for_readers(pair: tuple[Verb, Verb],
                                                               grounds: tuple[str, str]) -> None:
    anna, bram = moderator("anna"), moderator("bram")
    first, second = (anna, pair[0], grounds[0]), (bram, pair[1], grounds[1])
    one, other = meet([first, second], []), meet([second, first], [])
    assert one.is_public == other.is_public
    if any(verb.is_negative for verb in pair):
        assert not one.is_public


def test_there_are_twenty_eight_pairs() -> None:
    assert len(PAIRS) == 28


@pytest.mark.parametrize("verb", [Verb.APPROVE, Verb.RESTORE])
def test_two_approvals_are_one_that_is_visible(verb: Verb) -> None:
    anna, bram = moderator("anna"), moderator("bram")
    assert meet([(anna, Verb.APPROVE, "house"), (bram, verb, "house")], []).is_public


@pytest.mark.parametrize("negative", [Verb.REJECT, Verb.SPAM, Verb.ESCALATE, Verb.REQUEUE])
@pytest.mark.parametrize("order", [0, 1])
def test_approval_against_a_house_rule_is_a_conflict_with_both_in_it(negative: Verb, order: int) -> None:
    anna, bram = moderator("anna"), moderator("bram")
    two = [(anna, Verb.APPROVE, "house"), (bram, negative, "house")]
    press = meet(two[::-1] if order else two, [])
    assert queue_state(press.now, NOW) is QueueState.CONFLICT
    assert press.now.dispute is not None
    assert {press.now.dispute.a, press.now.dispute.b} == {"anna", "bram"}


@pytest.mark.parametrize("ground", ["criminal", "privacy"])
@pytest.mark.parametrize("order", [0, 1])
def test_what_may_be_criminal_stays_off_without_a_dispute(ground: str, order: int) -> None:
    anna, bram = moderator("anna"), moderator("bram")
    two = [(anna, Verb.APPROVE, "house"), (bram, Verb.REJECT, ground)]
    press = meet(two[::-1] if order else two, [])
    assert press.now.dispute is None
    assert queue_state(press.now, NOW) is QueueState.REJECTED


verbs = st.sampled_from(list(Verb))
grounds = st.sampled_from(list(REASONS))
people = st.sampled_from(["cees", "dora"])


@given(start=st.lists(st.tuples(people, verbs, grounds), max_size=3), a=verbs, b=verbs, ga=grounds, gb=grounds)
def test_from_any_beginning_two_blind_decisions_show_the_same_in_either_order(
        start: list[tuple[str, Verb, str]], a: Verb, b: Verb, ga: str, gb: str) -> None:
    before = [(moderator(name, Role.SENIOR), verb, ground) for name, verb, ground in start]
    anna, bram = moderator("anna", Role.SENIOR), moderator("bram", Role.SENIOR)
    one = meet([(anna, a, ga), (bram, b, gb)], before)
    other = meet([(bram, b, gb), (anna, a, ga)], before)
    took = [row.decision.action for row in one.log[-2:]]
    if a.is_positive and b.is_positive and took == [a, b]:
        assert one.is_public == other.is_public
    if any(row.decision.action.is_negative for row in one.log[len(before):]) and len(one.log) == len(before) + 2:
        assert not one.is_public


@given(decisions=st.lists(st.tuples(st.sampled_from(["anna", "bram", "cees"]), verbs, grounds, st.integers(0, 6)),
                          max_size=8))
def test_a_dispute_hides_until_somebody_who_knows_everything_ends_it(
        decisions: list[tuple[str, Verb, str, int]]) -> None:
    press = Press()
    for name, verb, ground, seen in decisions:
        actor = moderator(name)
        disputed = press.now.dispute
        made = decision(actor, verb, min(seen, len(press.log)), ground)
        informed = all(row.decision.actor_id == name for row in press.log[made.seen_n:])
        result = press.takes(made, actor)
        assert not (press.now.dispute is not None and press.is_public)
        if disputed is not None and press.now.dispute is None:
            assert informed
            assert name in (disputed.a, disputed.b)
        if result == "refused":
            assert press.now.log_n == len(press.log)


def test_whoever_saw_more_than_there_is_knows_nothing_of_what_is_there() -> None:
    """After a server's back-up came back its log is shorter than what people saw of it."""
    anna, bram = moderator("anna"), moderator("bram")
    press = Press()
    press.takes(decision(bram, Verb.REJECT, 0), bram)
    assert press.takes(decision(anna, Verb.APPROVE, 5), anna) == "disputed"
    assert not press.is_public


@pytest.mark.parametrize(("action", "roles", "allowed"), [
    (Verb.APPROVE, (Role.MODERATOR,), False), (Verb.APPROVE, (Role.SENIOR,), True),
    (Verb.REJECT, (Role.SENIOR,), True), (Verb.DEESCALATE, (Role.MODERATOR,), False)])
def test_an_escalation_is_a_seniors(action: Verb, roles: tuple[Role, ...], *, allowed: bool) -> None:
    press = Press()
    press.takes(decision(moderator("anna"), Verb.ESCALATE, 0), moderator("anna"))
    cees = moderator("cees", *roles)
    assert (press.takes(decision(cees, action, 1), cees) == "applied") is allowed


def test_an_approval_against_an_escalation_disputes_with_the_escalator() -> None:
    """Even where the approval's own person had refused it before."""
    anna, bram = moderator("anna"), moderator("bram")
    press = Press()
    press.takes(decision(bram, Verb.REJECT, 0), bram)
    press.takes(decision(anna, Verb.ESCALATE, 0), anna)
    assert press.takes(decision(bram, Verb.APPROVE, 0), bram) == "disputed"
    assert press.now.dispute is not None
    assert (press.now.dispute.a, press.now.dispute.b, press.now.dispute.escalated) == ("anna", "bram", True)
    assert press.takes(decision(anna, Verb.REJECT, 3), anna) == "applied"
    assert press.now.dispute is None


def test_the_escalator_may_take_it_back_himself() -> None:
    anna = moderator("anna")
    press = Press()
    press.takes(decision(anna, Verb.ESCALATE, 0), anna)
    assert press.takes(decision(anna, Verb.DEESCALATE, 1), anna) == "applied"
    assert queue_state(press.now, NOW) is QueueState.PENDING


@pytest.mark.parametrize("bad", ["no reason", "no note", "too late", "no right", "gone"])
def test_what_is_no_decision_is_refused_and_never_bent(bad: str) -> None:
    anna = moderator("anna", *((Role.JOURNALIST,) if bad == "no right" else ()))
    start = replace(reaction(), status=ReactionStatus.GONE) if bad == "gone" else reaction()
    made = {"no reason": replace(decision(anna, Verb.REJECT, 0), reason=None),
            "no note": replace(decision(anna, Verb.ESCALATE, 0), note=" "),
            "too late": replace(decision(anna, Verb.DEFER, 0), until=NOW + timedelta(hours=25)),
            }.get(bad, decision(anna, Verb.APPROVE, 0))
    press = Press(start)
    assert press.takes(made, anna) == "refused"
    assert press.now == start


def test_a_changed_text_goes_back_to_the_queue_whatever_was_decided_but_spam() -> None:
    anna = moderator("anna")
    for action, state in ((Verb.APPROVE, QueueState.PENDING), (Verb.REJECT, QueueState.PENDING),
                          (Verb.SPAM, QueueState.SPAM)):
        press = Press()
        press.takes(replace(decision(anna, action, 0), text_hash="older"), anna)
        assert queue_state(press.now, NOW) is state
