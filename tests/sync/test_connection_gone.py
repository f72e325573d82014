"""The server is gone: the status says so at once, and what never left is not called unknown."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Mapping

import httpx2
import pytest

from editor.backends.press import PressBackend, token_name
from editor.base.clock import FixedClock
from editor.base.messages import Message
from editor.desk.ports import OpState
from editor.runtime.sync_runner import SyncFacts, SyncRunner
from editor.station import Workstation
from editor.sync.backend import NoAnswer
from editor.ui.sync.facts_words import why_words
from editor.ui.sync.reading import read_view
from editor.ui.wording import Wording
from tests.sync.newsroom import START, Desk, Newsroom

PATIENCE_S = 20  # how long a test waits for what comes at once when it comes


def said_of_the_outbox(desk: Desk) -> list[str]:
    view = desk.door.read_now(lambda reader: read_view(reader, desk.profile.clock.now()))
    return [item.state.source for item in view.outbox]


def test_what_met_a_refused_connection_is_not_sent_rather_than_unknown(http_newsroom: Newsroom) -> None:
    anna = http_newsroom.desk("anna")
    article_id = http_newsroom.shared(anna)
    runner = anna.runner()
    runner.once()
    http_newsroom.stop()
    anna.type(article_id, lead="Press is gestopt.")
    assert runner.once().state == "offline"
    assert said_of_the_outbox(anna) == ["not sent"]
    (row,) = anna.lane(article_id, OpState.SEALED)
    assert row.attempts == 0
    http_newsroom.start()
    assert anna.sync().state == "ok"
    assert said_of_the_outbox(anna) == []


def test_what_may_have_arrived_stays_unknown_when_the_next_try_is_refused(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, lead="Onderweg.")
    runner = anna.runner()

    def lose(op: object) -> None:
        raise NoAnswer("ReadError", maybe_sent=True)

    real = anna.network.push
    anna.network.push = lose  # type: ignore[assignment, method-assign]
    runner._push(force=True)
    assert said_of_the_outbox(anna) == ["outcome unknown"]
    anna.network.push = real  # type: ignore[method-assign]
    anna.cut()
    with pytest.raises(NoAnswer):
        runner._push(force=True)
    assert said_of_the_outbox(anna) == ["outcome unknown"]


def test_a_broken_wait_for_news_turns_the_status_at_once(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    online, gone, offline = threading.Event(), threading.Event(), threading.Event()

    def told(facts: SyncFacts) -> None:
        if facts.state == "ok":
            online.set()
        if facts.state == "offline" and gone.is_set():
            offline.set()

    def wait(timeout_s: float, seen: Mapping[str, str]) -> Mapping[str, str]:
        assert gone.wait(PATIENCE_S)
        raise NoAnswer("ReadError", maybe_sent=False)

    anna.network.wait = wait  # type: ignore[method-assign]
    # The newsroom's clock stands still: no timer of ours ever asks by itself.
    runner = SyncRunner(anna.door, anna.network, newsroom.clock, told=told, chance=lambda: 0.0)
    runner.start()
    try:
        assert online.wait(PATIENCE_S)
        anna.cut()
        gone.set()
        assert offline.wait(PATIENCE_S)
    finally:
        gone.set()
        runner.stop()


def test_a_request_that_broke_asks_whether_the_network_is_there(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    runner = anna.runner()
    runner.once()

    def push_and_die(op: object) -> None:
        anna.cut()
        raise NoAnswer("ReadError", maybe_sent=True)

    anna.network.push = push_and_die  # type: ignore[assignment, method-assign]
    anna.type(article_id, lead="Press sterft hieronder.")
    newsroom.pass_time(seconds=6)
    runner._round(force=False)
    assert runner.facts.state == "offline"


def test_a_fault_of_ours_in_sync_is_told_and_never_dies_silently(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    bugs: list[BaseException] = []
    station = Workstation(anna.profile, on_bug=bugs.append, backends=lambda *_: anna.network)
    try:
        station.secrets.put(token_name(newsroom.url), "t")
        runner = station.runner()
        assert runner is not None

        def hello() -> None:
            raise ZeroDivisionError("a fault of ours")

        anna.network.hello = hello  # type: ignore[assignment, method-assign]
        runner._round_whatever_comes(force=True)
        assert [type(bug) for bug in bugs] == [ZeroDivisionError]
        assert runner.facts.state == "attention"
        assert Wording("nl").say(why_words(runner.facts) or Message("", "")).startswith("Bij het verzenden en ophalen")
    finally:
        station.door.close()


def test_who_waits_for_news_outlives_a_fault_of_ours(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    bugs: list[BaseException] = []
    again = threading.Event()

    def wait(timeout_s: float, seen: Mapping[str, str]) -> Mapping[str, str]:
        if not bugs:
            raise ZeroDivisionError("a fault of ours")
        again.set()
        raise NoAnswer("ReadError", maybe_sent=False)

    anna.network.wait = wait  # type: ignore[method-assign]
    runner = SyncRunner(anna.door, anna.network, newsroom.clock, chance=lambda: 0.0, on_bug=bugs.append)
    runner.start()
    try:
        assert again.wait(PATIENCE_S)
        assert [type(bug) for bug in bugs] == [ZeroDivisionError]
    finally:
        runner.stop()


@pytest.mark.parametrize(("error", "maybe_sent"), [
    (httpx2.ConnectError("refused"), False), (httpx2.ConnectTimeout("no handshake"), False),
    (httpx2.PoolTimeout("no free connection"), False), (httpx2.ProxyError("the proxy refuses"), False),
    (httpx2.WriteError("broken pipe"), True), (httpx2.ReadError("reset"), True), (httpx2.ReadTimeout("silence"), True),
    (httpx2.RemoteProtocolError("half an answer"), True),
])
def test_only_a_connection_that_broke_after_bytes_went_is_unknown(error: Exception, *, maybe_sent: bool) -> None:
    class Broken(httpx2.BaseTransport):
        def handle_request(self, request: httpx2.Request) -> httpx2.Response:
            raise error

    backend = PressBackend("http://127.0.0.1:1", "t", "r", FixedClock(START), transport=Broken())
    with pytest.raises(NoAnswer) as caught:
        backend._call("POST", "/v1/sync/push", content=b"{}", maybe_sent=True)
    assert caught.value.maybe_sent is maybe_sent
    backend.close()


def test_no_certificates_are_read_for_an_address_without_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", lambda *args, **kwargs: read.append(args))
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", lambda *args, **kwargs: read.append(args))
    PressBackend("http://127.0.0.1:1", "t", "r", FixedClock(START)).close()
    assert not read
    PressBackend("https://redactie.example", "t", "r", FixedClock(START)).close()
    assert read
