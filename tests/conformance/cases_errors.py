"""Cases: what is no answer, or a bad one, becomes one of the adapter's own errors, and nothing of it is used."""

from __future__ import annotations

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from editor.base.ids import new_id
from editor.sync.backend import (
    AdapterError,
    AuthNeeded,
    Caps,
    CursorExpired,
    EpochChanged,
    Malformed,
    NoAnswer,
    SlowDown,
    UpgradeNeeded,
)
from tests.conformance.liar import Liar, answer
from tests.conformance.place import TEXT, Case, Device, Place

HTML = {"Content-Type": "text/html"}
PORTAL = b"<html><body>Welkom op het netwerk, log in</body></html>"


@dataclass(frozen=True, slots=True)
class Lie:
    """One answer, and the error that it must become for a greeting, a push and a page of the feed."""

    name: str
    why: str
    raw: Callable[[Place], bytes | None]
    error: type[AdapterError]
    also: Callable[[AdapterError], bool] = lambda error: True  # what more must be so
    weak_error: type[AdapterError] | None = None  # where the other server has no such word
    weak_why: str = ""


def _own(status: int, code: str = "", headers: Mapping[str, str] | None = None, value: Any = None,
         **bent: Any) -> Callable[[Place], bytes]:
    """An answer in the server's own form."""
    def made(place: Place) -> bytes:
        told, own, content = place.reply(status, code, value or {})
        return answer(told, {**own, **(headers or {})}, content, **bent)
    return made


def _plain(status: int, headers: Mapping[str, str], body: bytes, **bent: Any) -> Callable[[Place], bytes]:
    return lambda place: answer(status, headers, body, **bent)


def _asks(low: float, high: float) -> Callable[[AdapterError], bool]:
    return lambda error: isinstance(error, SlowDown) and low <= error.retry_after <= high


def _status(number: int) -> Callable[[AdapterError], bool]:
    return lambda error: getattr(error, "status", None) == number


LIES: tuple[Lie, ...] = (
    Lie("a_portals_page", "A hotel's log-in page answers with status 200.", _plain(200, HTML, PORTAL), NoAnswer),
    Lie("a_login_that_a_proxy_words_like_us", "The right words under another media type are not the server's.",
        _own(401, "rest_not_logged_in", HTML), NoAnswer),
    Lie("a_refusal_that_a_proxy_words_like_us", "Nor does a proxy park a lane.", _own(400, "bad_message", HTML), NoAnswer),
    Lie("a_page_of_a_proxy_that_forbids", "A 403 that is not the server's says nothing of anybody's rights.",
        _plain(403, HTML, PORTAL), NoAnswer),
    Lie("a_page_of_a_proxy_that_wants_a_login", "Only the server itself can end a token.", _plain(401, HTML, PORTAL),
        NoAnswer),
    Lie("a_page_that_is_not_found", "The wrong machine answers at this address.", _plain(404, HTML, PORTAL), NoAnswer),
    Lie("a_gateway_without_a_server", "502 of a proxy.", _plain(502, HTML, b"Bad Gateway"), NoAnswer, _status(502)),
    Lie("a_gateway_that_waited", "504 of a proxy.", _plain(504, HTML, b"Gateway Timeout"), NoAnswer, _status(504)),
    Lie("a_server_that_stumbles", "500: laid aside after many tries, so its number counts.", _own(500, "fault"), NoAnswer,
        _status(500)),
    Lie("a_server_that_is_busy", "503 with a time is a request for patience.",
        _own(503, "busy", {"Retry-After": "7"}), SlowDown, _asks(7, 7)),
    Lie("a_server_that_is_away", "503 without a time is no answer.", _own(503, "busy"), NoAnswer),
    Lie("too_many_requests", "429 with seconds.", _own(429, "slow", {"Retry-After": "12"}), SlowDown, _asks(12, 12)),
    Lie("too_many_requests_without_a_time", "429 alone.", _own(429, "slow"), SlowDown, _asks(1, 3600)),
    Lie("too_many_requests_for_a_year", "An absurd time must not stop sync for a year.",
        _own(429, "slow", {"Retry-After": "31536000"}), SlowDown, _asks(1, 3600)),
    Lie("too_many_requests_until_yesterday", "A negative time must not make us hammer.",
        _own(429, "slow", {"Retry-After": "-5"}), SlowDown, _asks(1, 3600)),
    Lie("too_many_requests_until_a_date", "A date by the server's own clock.",
        _own(429, "slow", {"Retry-After": "Tue, 24 Nov 2026 11:00:20 GMT"}), SlowDown, _asks(1, 3600)),
    Lie("too_many_requests_for_no_number", "Words, or no number at all.", _own(429, "slow", {"Retry-After": "nan"}),
        SlowDown, _asks(1, 3600)),
    Lie("a_login_that_is_wanted", "401 in the server's own form.", _own(401, "rest_not_logged_in"), AuthNeeded),
    Lie("what_may_not_be_done", "403 in the server's own form: roles change, it is tried again.",
        _own(403, "rest_cannot_edit"), Malformed, _status(403)),
    Lie("a_request_that_is_wrong", "400 is our own fault and parks the lane.", _own(400, "bad_message"), Malformed,
        _status(400)),
    Lie("a_request_that_is_too_large", "413.", _own(413, "too_large"), Malformed, _status(413)),
    Lie("a_request_of_the_wrong_type", "415.", _own(415, "media_type"), Malformed, _status(415)),
    Lie("a_request_that_cannot_be_read", "422.", _own(422, "schema"), Malformed, _status(422)),
    Lie("a_request_that_took_too_long", "408 is no refusal.", _own(408, "timeout"), NoAnswer, weak_error=Malformed,
        weak_why="The site never says it; a server before it does, with a page that is no answer."),
    Lie("a_program_that_is_too_old", "426: editing goes on, sync stops.", _own(426, "schema"), UpgradeNeeded,
        weak_error=Malformed, weak_why="The site has no versions of our protocol."),
    Lie("another_history", "409: no deletion is believed.", _own(409, "epoch_changed"), EpochChanged,
        weak_error=Malformed, weak_why="The site has no histories."),
    Lie("a_feed_that_no_longer_reaches_back", "410: read anew.", _own(410, "cursor_expired"), CursorExpired,
        weak_error=Malformed, weak_why="The cursor is the adapter's own there."),
    Lie("half_an_answer", "Cut in the middle of its JSON, its length honest.", _own(200, value={"x": "y" * 50}, cut=9),
        NoAnswer),
    Lie("an_answer_shorter_than_it_claims", "The connection ended before its end.", _own(200, length=5000), NoAnswer),
    Lie("an_empty_answer", "200 and nothing.", lambda place: answer(200, place.reply(200, "", {})[1], b""), NoAnswer),
    Lie("no_content", "204 where an answer was due.", _plain(204, {}, b""), NoAnswer),
    Lie("a_word_for_an_answer", "JSON, but no object.", lambda place: answer(200, place.reply(200, "", {})[1], "ja"),
        NoAnswer),
    Lie("a_number_that_is_none", "NaN is no JSON.", lambda place: answer(200, place.reply(200, "", {})[1], b'{"a": NaN}'),
        NoAnswer),
    Lie("a_depth_without_end", "A thousand brackets.",
        lambda place: answer(200, place.reply(200, "", {})[1], b'{"a":' + b"[" * 5000 + b"]" * 5000 + b"}"), NoAnswer),
    Lie("an_answer_of_other_fields", "Nothing of what was asked.", _own(200, value={"weather": "rain"}), NoAnswer),
    Lie("an_answer_to_somebody_else", "Another op_id is echoed.",
        _own(200, value={"results": [{"op_id": "x", "status": "applied", "rev": "1-a", "fields": {}}]}), NoAnswer),
    Lie("two_answers_to_one_request", "Which one counts, nobody knows.",
        _own(200, value={"results": [{"status": "applied"}, {"status": "applied"}]}), NoAnswer),
    Lie("a_line_that_hangs_up", "Not a byte comes back.", lambda place: None, NoAnswer),
    Lie("noise", "Bytes that are no HTTP.", lambda place: b"\x00\x01\x02 SSH-2.0\r\n\r\n", NoAnswer),
)


def _try(place: Place, lie: Lie) -> None:
    expected = lie.error
    if lie.weak_error is not None and not place.caps & Caps.IDEMPOTENCY:
        expected = lie.weak_error
    with Liar(lie.raw(place)) as liar:
        backend = place.adapter("iemand:geheim", liar.url)
        device = Device(backend, "", "", new_id())
        for ask in (backend.hello, lambda: backend.changes("content", None), lambda: device.write(**TEXT)):
            with pytest.raises(AdapterError) as told:
                ask()
            assert type(told.value) is expected, repr(told.value)
            assert expected is not lie.error or lie.also(told.value), repr(told.value)
        assert liar.asked >= 3


def _told(lie: Lie) -> Callable[[Place], None]:
    return lambda place: _try(place, lie)


def _redirected(place: Place) -> None:
    with Liar(answer(200, HTML, PORTAL)) as other, Liar(answer(302, {**HTML, "Location": other.url}, b"")) as liar:
        device = Device(place.adapter("iemand:geheim", liar.url), "", "", new_id())
        for ask in (device.backend.hello, lambda: device.write(**TEXT)):
            with pytest.raises(NoAnswer):
                ask()
        assert other.asked == 0


def _never_sent(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    device = Device(place.adapter("iemand:geheim", f"http://127.0.0.1:{port}"), "", "", new_id())
    with pytest.raises(NoAnswer) as told:
        device.write(**TEXT)
    assert not told.value.maybe_sent


def _perhaps_sent(place: Place) -> None:
    with Liar(None) as liar:
        backend = place.adapter("iemand:geheim", liar.url)
        with pytest.raises(NoAnswer) as told:
            Device(backend, "", "", new_id()).write(**TEXT)
        assert told.value.maybe_sent


def _only_looked(place: Place) -> None:
    with Liar(None) as liar:
        backend = place.adapter("iemand:geheim", liar.url)
        with pytest.raises(NoAnswer) as told:
            Device(backend, "", "", new_id()).write(**TEXT)
        assert not told.value.maybe_sent


CASES: tuple[Case, ...] = (
    *(Case(lie.name, lie.why, _told(lie), weak_why=lie.weak_why) for lie in LIES),
    Case("a_way_to_another_place", "A redirect is followed nowhere: token and text would go along.", _redirected),
    Case("a_connection_that_is_refused_sent_nothing", "The outcome is known: no attempt is counted.", _never_sent),
    Case("a_request_that_left_may_have_arrived", "Its outcome is unknown, and said to be.", _perhaps_sent, Caps.IDEMPOTENCY,
         _only_looked, "The first exchange of such a push only looks: nothing was written yet, and that is known."),
)
