"""Waiting: how long after what, what never counts, and what is laid aside before a person instead of tried for ever."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import httpx2
import pytest

from editor.backends.press import PressBackend
from editor.base.clock import FixedClock
from editor.base.errors import UserError
from editor.desk import articles, pushing
from editor.desk.ports import OpState, OutboxRow, Standing, UnitOfWork
from editor.domain.article import Action
from editor.domain.changes import Outcome
from editor.press import people
from editor.sync.backend import AuthNeeded, Malformed, NoAnswer, Op, PushResult, SlowDown
from editor.sync.machine import LONGEST_DELAY_S, retry_delay
from tests.sync.newsroom import START, TWO_SENTENCES, Desk, Newsroom


def stumble_over(desk: Desk, entity_id: str, verb: str = "upsert") -> Callable[[], None]:
    """The server answers 500 to every such request about that thing; returns how to mend it."""
    real = desk.network.push

    def push(op: Op) -> PushResult:
        if op.entity_id == entity_id and op.verb == verb:
            raise NoAnswer("server error 500", maybe_sent=True, status=500)
        return real(op)

    def mend() -> None:
        desk.network.push = real  # type: ignore[method-assign]

    desk.network.push = push  # type: ignore[method-assign]
    return mend


def try_for_an_hour(newsroom: Newsroom, desk: Desk, *, others_succeed: bool = True) -> None:
    """Nine tries over more than an hour, while other things are sent or nothing else is."""
    for number in range(9):
        if others_succeed:
            desk.write(headline=f"Ander stuk {number}")
        newsroom.pass_time(minutes=9)
        desk.runner()._round(force=False)


# ------------------------------------------------------------------------------------------------------------ back-off
def test_the_back_off_doubles_with_full_jitter_and_ends_at_five_minutes():
    assert [retry_delay(n, 1.0) for n in range(8)] == [2, 4, 8, 16, 32, 64, 128, 256]
    assert retry_delay(8, 1.0) == retry_delay(400, 1.0) == LONGEST_DELAY_S == 300
    assert retry_delay(8, 0.0) == 0
    assert retry_delay(8, 0.25) == 75


def test_send_now_and_a_network_that_came_back_begin_the_back_off_anew(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    runner = anna.cut().runner()
    runner._chance = lambda: 1.0
    waits = []
    for _ in range(6):
        runner._round(force=False)
        waits.append(runner._not_before - newsroom.clock.monotonic())
    assert waits == [4, 8, 16, 32, 64, 128]
    runner.wake(force=True)
    runner._round(force=True)
    assert runner._not_before - newsroom.clock.monotonic() == 4


def test_a_clock_that_was_set_back_makes_nobody_wait_for_a_year(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, lead="Onderweg.")
    started = newsroom.clock.now()
    runner = anna.runner()
    mend = stumble_over(anna, article_id)
    runner._round(force=True)
    (row,) = anna.lane(article_id, OpState.SEALED)
    anna.do(lambda work: pushing.note_no_answer(work, row.op_id, "time-out", started_at=started, chance=1.0,
                                                retry_after=timedelta(days=365).total_seconds()))
    mend()
    newsroom.clock._now += timedelta(minutes=2)  # somebody set the clock
    runner._round(force=False)
    newsroom.pass_time(minutes=6)
    runner._round(force=False)
    assert anna.standing(article_id) is Standing.CLEAN


@pytest.mark.parametrize(("value", "seconds"), [
    ("7", 7), ("0", 1), ("-5", 1), ("99999999", 3600), ("1e999", 30), ("nan", 30), ("", 30), ("morgen", 30),
    ("Tue, 24 Nov 2026 12:02:00 GMT", 120), ("Tue, 24 Nov 2026 11:00:00 GMT", 1), ("Tue, 24 Nov 2099 12:00:00 GMT", 3600),
])
def test_how_long_a_server_may_make_us_wait(value: str, seconds: float) -> None:
    with pytest.raises(SlowDown) as caught:
        answered(429, {"Retry-After": value, "Date": "Tue, 24 Nov 2026 12:00:00 GMT"}).hello()
    assert caught.value.retry_after == seconds


def test_a_server_that_is_away_for_a_moment_is_no_server_that_asks_for_patience() -> None:
    with pytest.raises(NoAnswer) as caught:
        answered(503, {}).hello()
    assert caught.value.status == 503
    with pytest.raises(SlowDown):
        answered(503, {"Retry-After": "9"}).hello()


def answered(status: int, headers: dict[str, str]) -> PressBackend:
    """A server that has this one answer."""
    ours = {"Content-Type": "application/vnd.newsroom.sync+json;v=1", **headers}
    transport = httpx2.MockTransport(lambda request: httpx2.Response(status, headers=ours, content=b"{}"))
    return PressBackend("http://127.0.0.1:1", "t", "r", FixedClock(START), transport=transport)


# --------------------------------------------------------------------------------------------------------------- login
def test_a_login_that_ran_out_counts_nothing_and_loses_nothing(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    runner = anna.runner()
    runner.once()
    anna.type(article_id, lead="Geschreven zonder log-in.")
    real = anna.network.push

    def push(op: Op) -> PushResult:
        raise AuthNeeded("revoked")

    anna.network.push = push  # type: ignore[method-assign]
    for _ in range(4):
        newsroom.pass_time(minutes=1)
        runner._round(force=True)
        assert runner.facts.state == "needs_login"
    (row,) = anna.lane(article_id, OpState.SEALED)
    assert (row.attempts, row.next_try_at, row.last_error) == (0, None, None)
    assert anna.door.read_now(lambda reader: reader.attempts(row.op_id)) == []
    anna.type(article_id, body="Verder geschreven.")
    anna.network.push = real  # type: ignore[method-assign]
    anna.reopen()
    assert anna.sync().state == "ok"
    assert anna.standing(article_id) is Standing.CLEAN
    assert anna.network.sent[-2].body == row.body


def test_a_token_that_was_revoked_at_the_server_pauses_and_a_new_one_goes_on(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    people.revoke(newsroom.press, "anna")
    anna.type(article_id, lead="Na de intrekking.")
    assert anna.sync().state == "needs_login"
    token = people.add(newsroom.press, "anna", ["journalist", "editor"], device="nieuw").token
    anna.network = newsroom.network(token, "replica-anna")
    assert anna.sync().state == "ok"
    assert anna.standing(article_id) is Standing.CLEAN


# -------------------------------------------------------------------------------------------------------------- poison
def test_a_request_over_which_the_server_stumbles_is_laid_aside_where_a_person_sees_it(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Hierover struikelt de server.")
    mend = stumble_over(anna, article_id)
    try_for_an_hour(newsroom, anna)
    (row,) = anna.lane(article_id, OpState.PARKED)
    assert anna.standing(article_id) is Standing.PARKED
    assert (anna.card(article_id).kind, anna.card(article_id).code) == ("rejected", "server_error")
    report = anna.sync()
    assert (report.state, report.parked) == ("attention", 1)
    mend()
    anna.settle(anna.card(article_id), "mine")
    anna.sync()
    newsroom.settle()
    assert anna.network.sent[-1].body == row.body  # not a byte of it was made anew
    assert bram.view(article_id).article.lead == "Hierover struikelt de server."
    assert anna.cards() == bram.cards() == []


def test_a_server_that_stumbles_over_everything_makes_nobody_choose(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, lead="De server is stuk.")
    mend = stumble_over(anna, article_id)
    try_for_an_hour(newsroom, anna, others_succeed=False)
    assert anna.cards() == []
    assert anna.lane(article_id, OpState.SEALED)
    mend()
    newsroom.pass_time(minutes=6)
    anna.runner()._round(force=False)
    assert anna.standing(article_id) is Standing.CLEAN


def test_what_was_laid_aside_goes_once_more_after_a_day(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, lead="Morgen weer.")
    mend = stumble_over(anna, article_id)
    try_for_an_hour(newsroom, anna)
    mend()
    newsroom.pass_time(hours=20)
    anna.runner()._round(force=False)
    assert anna.lane(article_id, OpState.PARKED)
    newsroom.pass_time(hours=5)
    anna.runner()._round(force=False)
    assert anna.standing(article_id) is Standing.CLEAN


def test_other_words_let_a_laid_aside_request_go(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Struikelblok.")
    mend = stumble_over(anna, article_id)
    try_for_an_hour(newsroom, anna)
    anna.type(article_id, lead="Andere woorden.")
    mend()
    newsroom.settle()
    assert bram.view(article_id).article.lead == "Andere woorden."
    assert anna.cards() == []


def test_a_publish_that_was_laid_aside_never_acts_after_its_undoing(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.step(article_id, Action.APPROVE)
    anna.sync()
    anna.step(article_id, Action.PUBLISH)
    mend = stumble_over(anna, article_id, "transition")
    newsroom.pass_time(seconds=30)
    try_for_an_hour(newsroom, anna)
    (row,) = anna.lane(article_id, OpState.PARKED)
    mend()
    anna.undo("article")
    newsroom.pass_time(hours=30)
    newsroom.settle()
    assert newsroom.public_text(article_id) == ""
    anna.network._inner.push(pushing.as_op(row))  # a late copy of it
    assert newsroom.public_text(article_id) == ""


def test_a_step_that_was_laid_aside_is_not_let_go_and_typing_leaves_its_card(newsroom: Newsroom) -> None:
    """A late copy of it could still go public: only an undoing or a withdrawal names it at the server."""
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.step(article_id, Action.APPROVE)
    anna.sync()
    anna.step(article_id, Action.PUBLISH)
    stumble_over(anna, article_id, "transition")
    newsroom.pass_time(seconds=30)
    try_for_an_hour(newsroom, anna)
    (row,) = anna.lane(article_id, OpState.PARKED)
    anna.type(article_id, lead="Nog een letter.")
    card = anna.card(article_id)
    with pytest.raises(UserError, match="may have arrived"):
        anna.settle(card, "theirs")
    assert anna.card(article_id) == card
    assert anna.lane(article_id, OpState.PARKED) == [row]


def test_try_now_leaves_the_card_while_something_else_is_on_its_way(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, lead="Struikelblok.")
    stumble_over(anna, article_id)
    try_for_an_hour(newsroom, anna)
    (row,) = anna.lane(article_id, OpState.PARKED)
    anna.do(lambda work: _put(work, replace(row, op_id="another", state=OpState.SEALED)))
    with pytest.raises(UserError, match="on its way"):
        anna.do(lambda work: pushing.retry_parked(work, row.op_id))
    assert anna.card(article_id).op_id == row.op_id


def _put(work: UnitOfWork, row: OutboxRow) -> Outcome[None]:
    work.outbox.add(row)
    return Outcome(None, work.changes())


def test_what_was_deleted_while_its_making_was_laid_aside_is_deleted_at_the_server_too(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = anna.write(headline="Vergissing")
    mend = stumble_over(anna, article_id)
    try_for_an_hour(newsroom, anna)
    assert anna.lane(article_id, OpState.PARKED)
    anna.do(lambda work: articles.delete(work, article_id))
    mend()
    newsroom.pass_time(hours=25)
    newsroom.settle()
    newsroom.pass_time(minutes=6)
    newsroom.settle()
    found = bram.door.read_now(lambda reader: reader.article(article_id))
    assert found is None or found.deleted
    assert anna.lane(article_id, OpState.PENDING, OpState.SEALED, OpState.PARKED) == []


def test_what_is_forbidden_is_parked_only_when_it_stays_so(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, lead="Mag dit?")
    real = anna.network.push

    def push(op: Op) -> PushResult:
        raise Malformed("403 forbidden", 403)

    anna.network.push = push  # type: ignore[method-assign]
    for _ in range(2):
        newsroom.pass_time(minutes=6)
        anna.runner()._round(force=False)
    assert anna.cards() == []
    newsroom.pass_time(minutes=6)
    anna.runner()._round(force=False)
    assert anna.standing(article_id) is Standing.PARKED
    anna.network.push = real  # type: ignore[method-assign]
    anna.settle(anna.card(article_id), "mine")
    anna.sync()
    assert anna.standing(article_id) is Standing.CLEAN


# ----------------------------------------------------------------------------------------------------------- conflicts
def test_two_desks_that_write_in_turn_do_not_chase_each_other_for_ever(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    real, tries = anna.network.push, 0

    def push(op: Op) -> PushResult:
        nonlocal tries
        tries += 1
        bram.type(article_id, body=f"{TWO_SENTENCES} Bram schrijft zin {tries}.")
        bram.sync()
        return real(op)

    anna.network.push = push  # type: ignore[method-assign]
    anna.type(article_id, lead="Van Anna.")
    runner = anna.runner()
    runner._chance = lambda: 0.5
    for _ in range(12):
        newsroom.pass_time(seconds=1)
        runner._round(force=False)
        anna.runner()._fetcher.fetch("content")
    newsroom.pass_time(seconds=6)
    for _ in range(12):
        newsroom.pass_time(seconds=1)
        runner._round(force=False)
    assert tries == 5
    anna.network.push = real  # type: ignore[method-assign]
    newsroom.pass_time(minutes=5)
    runner._round(force=False)
    assert anna.standing(article_id) is Standing.CLEAN
    bram.sync()
    assert bram.view(article_id).article.lead == "Van Anna."
    assert anna.view(article_id).article.body == bram.view(article_id).article.body
