"""Nothing that anybody sends makes press fail: it answers as it is written down, or refuses (sync D).

The walk goes over the server's own table of routes, so that a new endpoint is walked over from its first day.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import quote

import httpx2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.routing import Route

from editor.base.ids import new_id, new_key
from editor.base.wire import MAX_BYTES, MEDIA_TYPE, digest
from editor.domain.article import Action
from editor.domain.documents import KINDS, WRITABLE
from editor.domain.reaction import Verb
from editor.press import people
from editor.press.service import app_of
from tests.press.running import NOON, Desk, Running, moment

OPEN = {"/healthz", "/readyz"}  # of what is the desks' and the watchers' own, this is anybody's
ANYWHERE = "/v1/{rest:path}"


def table(running: Running) -> list[tuple[str, str]]:
    """Every (method, path) that the server answers at."""
    app: Starlette = app_of(running.press)
    return sorted((method, route.path) for route in app.routes if isinstance(route, Route)
                  for method in route.methods or {"GET"})


def ours(answer: httpx2.Response) -> tuple[int, str]:
    """Status and code of an answer that is ours by its form."""
    assert answer.headers["content-type"] == MEDIA_TYPE, (answer.status_code, answer.text)
    told = answer.json()
    assert {"server_time", "epoch"} <= set(told)
    return answer.status_code, told["code"]


def _filled(path: str, value: str) -> str:
    for name in ("{id}", "{rev}", "{op_id}", "{token}", "{sha256}", "{name}", "{rest:path}"):
        path = path.replace(name, value)
    assert "{" not in path, path
    return path


def test_a_stranger_and_whoever_lost_his_token_learn_nothing_anywhere(press: Running):
    desk = press.desk("Samira", "editor", "moderator", "admin", device="kwijt")
    late = press.desk("Tom", "admin", expires_at=NOON + timedelta(minutes=1))
    article = desk.write(headline="Geheim")["id"]
    people.revoke(press.press, "Samira", device="kwijt")
    press.fixed.advance(timedelta(minutes=1))
    strangers = {"token_missing": "", "token_unknown": "Bearer rd_onbekend", "token_revoked": f"Bearer {desk.token}",
                 "token_expired": f"Bearer {late.token}"}
    closed = [(method, path) for method, path in table(press)
              if path.startswith(("/v1/", "/metrics")) and path != ANYWHERE]
    assert len(closed) >= 20
    for method, path in closed:
        for code, header in strangers.items():
            answer = httpx2.request(method, press.url + _filled(path, article), headers={
                "Authorization": header, "X-Replica-Id": "x", "Content-Type": MEDIA_TYPE}, content=b"{}")
            if method == "HEAD":
                assert answer.status_code == 401, path
                continue
            assert ours(answer) == (401, code), (method, path)
            assert answer.headers["www-authenticate"] == "Bearer"
            assert "Geheim" not in answer.text
    for path in OPEN:
        assert press.page(path).status_code == 200


def test_a_moderator_cannot_do_what_an_editor_may_nor_a_journalist_what_a_moderator_may(either: Running):
    samira, noor = either.desk("Samira", "editor"), either.desk("Noor", "moderator")
    tom = either.desk("Tom", "journalist")
    article = samira.write(headline="Brug", lead="x", body="y")["id"]
    for action in ("submit", "approve"):
        told = noor.step(article, action)
        assert (told["status"], told["code"]) == ("rejected", "forbidden")
    samira.step(article, "approve")
    for action, note in (("publish", None), ("schedule", None), ("unapprove", "x")):
        told = noor.step(article, action, note=note, at="13:00" if action == "schedule" else None)
        assert (told["status"], told["code"]) == ("rejected", "forbidden"), action
    assert noor.write(headline="Nee")["code"] == "forbidden"
    assert noor.line("Nee", "13:00")["code"] == "forbidden"
    assert tom.line("Breaking", "13:00", priority=2)["code"] == "forbidden"
    assert tom.step(article, "publish")["code"] == "forbidden"
    assert tom.push(either.newsroom_id, "newsroom", "upsert", base=samira.entity(either.newsroom_id)["rev"],
                    patch={"name": "Van mij"})["code"] == "forbidden"
    reaction = tom.push(new_id(), "reaction", "moderate", cmd={"decision_id": new_id(), "action": "approve"})
    assert reaction["code"] == "forbidden"
    for path in ("/v1/sync/changes", "/v1/sync/snapshot", "/v1/sync/digests"):
        assert ours(tom.http.get(path, params={"stream": "reactions"})) == (403, "forbidden")
    assert samira.doc(article)["status"] == "approved"


def test_bodies_without_end_are_cut_off(press: Running):
    desk = press.desk("Samira", "editor")

    def endless() -> Iterator[bytes]:
        for _ in range(MAX_BYTES // 65_536 + 2):
            yield b" " * 65_536

    for content in (b" " * (MAX_BYTES + 1), endless()):
        answer = desk.http.post("/v1/sync/push", content=content, headers={"Content-Type": MEDIA_TYPE})
        assert ours(answer) == (413, "too_large")
    # A stranger's is not even read.
    answer = httpx2.post(press.url + "/v1/sync/push", content=b" " * (MAX_BYTES + 1), headers={"Content-Type": MEDIA_TYPE})
    assert ours(answer) == (401, "token_missing")


@pytest.mark.parametrize("body", [
    b"[" * 100_000, b"[" * 40 + b"]" * 40, b'{"ops":' * 500 + b"1" + b"}" * 500, b"", b"\xff\xfe", b"nul", b"[]", b"1",
    b'{"ops":[]}', b'{"ops":[1]}', b'{"ops":{}}', b'{"ops":[{}],"ops":[{}]}', b'{"ops":[NaN]}', b'{"ops":[{},{}]}',
    b'{"ops":[' + b"9" * 10_000 + b"]}"])
def test_what_is_no_message_is_refused_in_one_way(press: Running, body: bytes):
    desk = press.desk("Samira", "editor")
    for path in ("/v1/sync/push", f"/v1/entities/{new_id()}/restore", "/v1/media"):
        answer = desk.http.post(path, content=body, headers={"Content-Type": MEDIA_TYPE})
        assert ours(answer) == (400, "bad_message")


def test_an_address_that_no_route_takes_is_answered_like_any_other(press: Running):
    assert ours(press.page("/v1/%0Ax")) == (404, "not_yet")
    assert ours(httpx2.post(press.url + "/v1/sync/hello")) == (404, "not_yet")
    refused = httpx2.request("TRACE", press.url + "/v1/sync/hello")
    assert ours(refused) == (405, "method")
    assert "GET" in refused.headers["allow"]
    assert press.page("/%0Ax").status_code == 404


def test_another_media_type_is_refused(press: Running):
    desk = press.desk("Samira", "editor")
    for kind in ("text/plain", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded", ""):
        answer = desk.http.post("/v1/sync/push", content=b"{}", headers={"Content-Type": kind})
        assert ours(answer) == (415, "media_type")


@pytest.mark.parametrize("path", ["/v1/entities/{}", "/v1/sync/ops/{}", "/v1/entities/{}/revisions", "/artikel/{}",
                                  "/voorbeeld/{}", "/media/{}", "/v1/media/{}"])
def test_an_address_of_odd_characters_is_only_not_found(either: Running, path: str):
    desk = either.desk("Samira", "editor")
    for odd in ("%00", "%ff", "a%00-00000000", "%ed%a0%80", "x" * 5000, "..%2f..", "%27%20OR%201=1", "a-%00%00%00%00%00%00%00%00"):
        assert desk.http.get(path.format(odd)).status_code == 404, odd


def test_half_characters_and_nulls_in_a_message_are_refused_and_not_tried_again(either: Running):
    desk = either.desk("Samira", "editor")
    raw = json.dumps({"ops": [{**desk.op(new_id(), "article", "upsert", patch={"headline": "x"}), "patch": {
        "headline": "\ud800"}}]})
    answer = desk.http.post("/v1/sync/push", content=raw.encode(), headers={"Content-Type": MEDIA_TYPE})
    assert ours(answer) == (400, "bad_message")
    answer = desk.http.post("/v1/sync/push", content=raw.replace('"\\ud800"', "1e999").encode(),
                            headers={"Content-Type": MEDIA_TYPE})
    assert ours(answer) == (400, "bad_message")
    for name in ("kind", "verb"):
        op = {**desk.op(new_id(), "article", "upsert", patch={"headline": "x"}), name: "a\x00b"}
        del op["body_hash"]
        answer = desk.send({**op, "body_hash": digest(op)})
        assert answer.status_code in (200, 400), answer.text
        assert answer.status_code == 400 or answer.json()["results"][0]["status"] == "rejected"
    assert desk.write(headline="nul \x00 in de tekst")["status"] == "applied"


# ------------------------------------------------------------------------------------------------------- the walk

WORDS = st.one_of(st.text(max_size=12), st.sampled_from([
    "", "0", "-1", "1e9", "999999999999", "²", "\x00", "\ud800", "../..", "content", "reactions", "a" * 300, "'; --",
    "2026-11-24T11:00:00.000Z", "draft", "null"]))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-10**30, 10**30) | st.floats(allow_nan=False, allow_infinity=False) | WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=6)
MOMENTS = st.sampled_from([moment("13:00"), moment("09:00"), {"utc": "9999-12-31T23:59:59.999Z", "wall": "9999-12-31T23:59",
                           "zone": "Europe/Amsterdam", "fold": 0}, {"utc": "0001-01-01T00:00:00.000Z", "wall":
                           "0001-01-01T00:00", "zone": "UTC", "fold": None}, {"utc": "x", "wall": "", "zone": "", "fold": 9}])
FIELDS = sorted({name for names in WRITABLE.values() for name in names} | {"status", "live", "approved", "text", "x"})
PATCH = st.none() | JSON | st.dictionaries(st.sampled_from(FIELDS), JSON | MOMENTS, max_size=4)
ACTIONS = [*(str(action) for action in Action), *(str(action) for action in Verb), "x"]
CMD = st.none() | JSON | st.fixed_dictionaries({}, optional={
    "action": st.sampled_from(ACTIONS), "from": WORDS, "content_hash": WORDS, "publish_at": JSON | MOMENTS, "kind":
    st.sampled_from(["minor", "update", "x", 1]), "note": JSON, "on_late": WORDS | JSON, "revokes": JSON,
    "decision_id": st.builds(new_id) | JSON, "reason": WORDS | JSON, "until": WORDS | JSON, "text_hash": WORDS,
    "seen_n": st.integers(-2, 2) | JSON})
QUERY = st.dictionaries(st.sampled_from(["stream", "cursor", "token", "limit", "days", "buckets", "wait_", "seen_content",
                                         "before", "reactie", "antwoord", "pagina"]), WORDS, max_size=3)


class Walk:
    """A press with one of everything, and what a request can point at."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.desk = running.desk("Samira", "editor", "moderator", "senior", "admin")
        article = self.desk.published(headline="Brug")
        line = self.desk.line("Brug", "13:00")["id"]
        path = running.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(running.url, "")
        reader = running.reader()
        assert reader.react(path).status_code == 303
        reader.close()
        reaction = self.desk.changes("reactions")["changes"][0]["entity_id"]
        self.things = [article, line, reaction, running.newsroom_id, self.desk.actor_id, new_id()]
        self.names = [*self.things, path.rpartition("/")[2], self.desk.changes()["next"],
                      self.desk.http.get("/v1/sync/snapshot", params={"limit": 1}).json()["next"]]
        self.routes = table(running)

    def base(self, entity_id: str, *, right: bool) -> str | None:
        answer = self.desk.http.get(f"/v1/entities/{entity_id}")
        return answer.json()["rev"] if right and answer.status_code == 200 else None


def _send(desk: Desk, method: str, path: str, query: dict[str, str], body: bytes, kind: str, offset: str) -> httpx2.Response:
    words = "&".join(f"{name}={quote(value.encode('utf-8', 'surrogatepass'))}" for name, value in query.items())
    headers = {"Content-Type": kind, "Upload-Offset": offset}
    return desk.http.request(method, f"{path}?{words}", content=body, headers=headers)


def _well(walk: Walk, answer: httpx2.Response, path: str) -> None:
    assert answer.status_code < 500, (answer.status_code, answer.text)
    if path.startswith("/v1/") and answer.status_code != 204 and answer.request.method != "HEAD":
        assert answer.headers["content-type"] in (MEDIA_TYPE, "image/png"), answer.text


@pytest.fixture
def walk(either: Running) -> Walk:
    logging.getLogger("httpx2").setLevel(logging.WARNING)
    return Walk(either)


ROOM = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
                max_examples=4 * settings().max_examples)


@ROOM
@given(data=st.data())
@pytest.mark.timeout(300)
def test_no_address_can_be_asked_for_anything_that_makes_press_fail(walk: Walk, data: st.DataObject):
    method, pattern = data.draw(st.sampled_from(walk.routes))
    path = pattern
    for name in ("{id}", "{rev}", "{op_id}", "{token}", "{sha256}", "{name}", "{rest:path}"):
        if name in path:
            chosen = data.draw(st.sampled_from(walk.names) | WORDS)
            path = path.replace(name, quote(chosen.encode("utf-8", "surrogatepass"), safe=""))
    body = data.draw(st.binary(max_size=40) | JSON.map(lambda value: json.dumps(value).encode()))
    kind = data.draw(st.sampled_from([MEDIA_TYPE, "application/json", "application/offset+octet-stream",
                                      "application/x-www-form-urlencoded", "x"]))
    query = data.draw(QUERY)
    query = {**query, "cursor": data.draw(st.sampled_from(walk.names))} if data.draw(st.booleans()) else query
    offset = data.draw(st.sampled_from(["", "0", "-1", "99999999999999", "x"]))
    _well(walk, _send(walk.desk, method, path, query, body, kind, offset), path)


@ROOM
@given(data=st.data())
@pytest.mark.timeout(300)
def test_no_op_can_carry_anything_that_makes_press_fail(walk: Walk, data: st.DataObject):
    entity_id = data.draw(st.sampled_from(walk.things))
    op = {"op_id": new_key(), "entity_id": entity_id, "kind": data.draw(st.sampled_from([*KINDS, "x", "\x00"]) | WORDS),
          "verb": data.draw(st.sampled_from(["upsert", "delete", "restore", "transition", "moderate", "upload", "\x00"])),
          "base_rev": walk.base(entity_id, right=data.draw(st.booleans())), "schema_v": 1, "patch": data.draw(PATCH),
          "cmd": data.draw(CMD)}
    try:
        op["body_hash"] = digest(op)
    except UnicodeError:
        op["body_hash"] = "0" * 64
    answer = walk.desk.http.post("/v1/sync/push", content=json.dumps({"ops": [op]}).encode(),
                                 headers={"Content-Type": MEDIA_TYPE})
    _well(walk, answer, "/v1/sync/push")
    # Whatever was taken in can be read again, by desks and by readers.
    for path in (f"/v1/entities/{entity_id}", "/", "/ticker.json", "/rss.xml"):
        assert walk.desk.http.get(path).status_code in (200, 404), path
