"""When the network lies or one request never gets through: everything else goes on."""

from __future__ import annotations

import threading

import pytest

from editor.desk.ports import OpState, Standing
from editor.desk.read_models import ArticleFilter
from editor.runtime.sync_runner import SyncRunner
from editor.sync.backend import NoAnswer, Op, PushResult
from tests.sync.faults import Fault
from tests.sync.newsroom import Newsroom


def test_a_request_that_never_gets_through_stops_neither_the_others_nor_the_news(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    poison = anna.write(headline="Blijft hangen", body="Tekst.")
    others = [anna.write(headline=f"Stuk {number}", body="Tekst.") for number in range(3)]
    theirs = bram.write(headline="Van Bram", body="Tekst.")
    bram.sync()
    real = anna.network.push

    def push(op: Op) -> PushResult:
        if op.entity_id == poison:
            raise NoAnswer("server error 500", maybe_sent=True)
        return real(op)

    anna.network.push = push  # type: ignore[method-assign]
    report = anna.sync()
    assert report.state == "ok"
    bram.sync()
    for one in others:
        assert bram.view(one).article.body == "Tekst."
    assert anna.view(theirs).article.body == "Tekst."
    assert [row.state for row in anna.lane(poison)] == [OpState.SEALED]


def test_a_dead_network_is_tried_once_and_not_for_every_article(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    for number in range(5):
        anna.write(headline=f"Stuk {number}")
    tries = 0

    def push(op: Op) -> PushResult:
        nonlocal tries
        tries += 1
        raise NoAnswer("time out", maybe_sent=True)

    anna.network.push = push  # type: ignore[method-assign]
    anna.sync()
    assert tries <= 4  # two a round


def test_a_hotels_page_is_no_answer(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Van Anna.")
    anna.network.coming.append(Fault.PORTAL)
    anna.sync()
    newsroom.settle()
    assert bram.view(article_id).article.lead == "Van Anna."
    assert anna.standing(article_id) is Standing.CLEAN


@pytest.mark.parametrize("fault", list(Fault)[:6])
def test_an_article_is_made_once_whatever_the_network_does(newsroom: Newsroom, fault: Fault) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = anna.write(headline="Eenmalig", body="Tekst.")
    anna.network.coming.extend([fault] * 3)
    newsroom.settle()
    anna.network.coming.clear()
    newsroom.settle()
    assert bram.view(article_id).article.body == "Tekst."
    assert len(bram.door.read_now(lambda reader: reader.articles(_everything()))) == 1
    assert anna.standing(article_id) is Standing.CLEAN


def _everything() -> ArticleFilter:
    return ArticleFilter()


def test_a_fault_of_our_own_does_not_end_the_engine_for_the_day(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    anna.sync()
    article_id = anna.write(headline="Toch verzonden", body="Tekst.")
    real, failed, arrived = anna.network.push, threading.Event(), threading.Event()

    def push(op: Op) -> PushResult:
        if not failed.is_set():
            failed.set()
            raise ZeroDivisionError("a fault of ours")
        answer = real(op)
        arrived.set()
        return answer

    anna.network.push = push  # type: ignore[method-assign]
    runner = SyncRunner(anna.door, anna.network, newsroom.clock, chance=lambda: 0.0)
    runner.start()
    try:
        runner.wake(force=True)
        assert failed.wait(20)
        for _ in range(100):
            if arrived.wait(0.2):
                break
            runner.wake(force=True)
        assert arrived.is_set()
    finally:
        runner.stop()
    assert anna.lane(article_id)


def test_the_whole_day_over_real_sockets(http_newsroom: Newsroom) -> None:
    newsroom = http_newsroom
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.publish(article_id)
    anna.sync()
    newsroom.stop()
    bram.type(article_id, lead="Terwijl press weg was.")
    assert bram.sync().state == "offline"
    newsroom.start()
    newsroom.settle()
    assert anna.view(article_id).article.lead == "Terwijl press weg was."
    assert "Kort." in newsroom.public_text(article_id)


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.PORTAL])
def test_what_had_no_answer_goes_again_byte_for_byte(newsroom: Newsroom, fault: Fault) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, lead="Van Anna.")
    anna.network.coming.append(fault)
    anna.runner()._push(force=True)
    (sealed,) = anna.lane(article_id, OpState.SEALED)
    anna.type(article_id, lead="Verder getypt.")
    anna.reopen()
    anna.network.sent.clear()
    anna.sync()
    assert anna.network.sent[0].body == sealed.body
    assert len(anna.network.sent) == 2
