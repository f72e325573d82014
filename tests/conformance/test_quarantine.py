"""What may have arrived at a server that does not know a request again: nothing follows it until it is surely over (W5)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from editor.base.errors import UserError
from editor.desk import pushing
from editor.desk.ports import OpState
from editor.domain.article import Action
from editor.domain.reaction import Verb
from editor.sync.machine import QUARANTINE_S
from tests.conformance.weak_marker import named
from tests.conformance.weak_newsroom import WeakNewsroom
from tests.sync.faults import Fault, Killed
from tests.sync.newsroom import TWO_SENTENCES, Desk, Newsroom

FRIDAY = TWO_SENTENCES.replace("donderdag", "vrijdag")
MONDAY = TWO_SENTENCES.replace("donderdag", "maandag")


@pytest.fixture
def weak(tmp_path: Path) -> Iterator[WeakNewsroom]:
    """A site and its desks."""
    made = WeakNewsroom(tmp_path / "newsroom")
    yield made
    made.close()


def unanswered(desk: Desk, article_id: str) -> None:
    """Its text is sent, and the answer is lost."""
    desk.type(article_id, body=FRIDAY)
    desk.network.coming.append(Fault.LOST_ANSWER)
    desk.sync()


def pushes(desk: Desk) -> int:
    """How often it has sent something."""
    return len(desk.network.sent)


@pytest.mark.parametrize("then", ["text", "withdraw", "delete", "reopen"])
def test_nothing_is_sent_after_an_unknown_outcome_until_it_is_over(weak: WeakNewsroom, then: str) -> None:
    anna = weak.desk("anna")
    article_id = weak.shared(anna)
    if then == "withdraw":
        anna.publish(article_id)
        anna.sync()
    unanswered(anna, article_id)
    before = pushes(anna)
    if then == "text":
        anna.type(article_id, body=MONDAY)
    elif then == "withdraw":
        anna.step(article_id, Action.WITHDRAW, note="Toch niet.")
    elif then == "delete":
        anna.delete(article_id)
    else:
        anna.reopen()
    anna.sync()
    weak.pass_time(seconds=QUARANTINE_S - 1)
    anna.sync()
    assert pushes(anna) == before
    weak.pass_time(seconds=1)
    anna.sync()
    assert pushes(anna) > before
    assert anna.lane(article_id, OpState.SEALED, OpState.PENDING) == []


def test_other_articles_do_not_wait_for_it(weak: WeakNewsroom) -> None:
    anna = weak.desk("anna")
    article_id, other_id = weak.shared(anna), weak.shared(anna)
    unanswered(anna, article_id)
    anna.type(other_id, body=MONDAY)
    anna.sync()
    assert weak.body(other_id) == MONDAY


def test_a_decision_waits_until_the_one_before_it_is_over(weak: WeakNewsroom) -> None:
    """Else a late approval could show what was refused after it."""
    anna = weak.desk("anna", "editor", "journalist", "moderator")
    article_id = weak.shared(anna)
    anna.publish(article_id)
    weak.settle()
    comment = weak.site.comment(weak.post(article_id).id, "Lezer", "Wat een goed plan is dit eigenlijk.")
    weak.settle()
    reaction_id = named(weak.url, f"comments/{comment}")
    anna.decide(reaction_id, Verb.APPROVE)
    anna.network.coming.append(Fault.LOST_ANSWER)
    anna.sync()
    anna.decide(reaction_id, Verb.REJECT, reason="OFFTOPIC")
    before = pushes(anna)
    anna.sync()
    assert pushes(anna) == before
    weak.pass_time(seconds=QUARANTINE_S)
    weak.settle()
    assert weak.site.comments[comment].status == "trash"


def test_a_program_that_died_while_sending_waits_at_its_next_start(weak: WeakNewsroom) -> None:
    anna = weak.desk("anna")
    article_id = weak.shared(anna)
    anna.type(article_id, body=FRIDAY)
    anna.network.coming.append(Fault.KILL_AFTER)
    with pytest.raises(Killed):
        anna.sync()
    anna.reopen()
    before = pushes(anna)
    anna.sync()
    assert pushes(anna) == before
    weak.pass_time(seconds=QUARANTINE_S)
    anna.sync()
    assert pushes(anna) > before


def test_a_leaping_clock_does_not_end_it(weak: WeakNewsroom) -> None:
    anna = weak.desk("anna")
    article_id = weak.shared(anna)
    unanswered(anna, article_id)
    runner = anna.runner()
    runner._round(force=True)
    before = pushes(anna)
    weak.clock.set_wall(timedelta(hours=1))
    runner._round(force=True)
    assert pushes(anna) == before


def test_whoever_asks_to_send_it_now_is_told_why_it_waits(weak: WeakNewsroom) -> None:
    anna = weak.desk("anna")
    article_id = weak.shared(anna)
    unanswered(anna, article_id)
    (row,) = anna.lane(article_id, OpState.SEALED)
    with pytest.raises(UserError, match="not known yet"):
        anna.do(lambda work: pushing.retry_parked(work, row.op_id))


def test_a_server_that_knows_requests_again_is_asked_at_once(tmp_path: Path) -> None:
    newsroom = Newsroom(tmp_path / "press")
    try:
        anna = newsroom.desk("anna")
        article_id = newsroom.shared(anna)
        anna.type(article_id, body=FRIDAY)
        anna.network.coming.append(Fault.LOST_REQUEST)
        anna.sync()
        anna.sync()
        assert anna.lane(article_id, OpState.SEALED) == []
    finally:
        newsroom.close()


def test_an_older_text_that_a_person_put_back_at_the_site_stands(weak: WeakNewsroom) -> None:
    """A late copy looks the same but for its author: that one is undone, this is meant."""
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.type(article_id, body=FRIDAY)
    weak.settle()
    bram.type(article_id, body=MONDAY)
    weak.settle()
    post = weak.post(article_id)
    _, _, title, content = post.revisions[-2]
    weak.site.edit(post.id, title=title, content=content)
    assert weak.converged(article_id, anna, bram) == FRIDAY
