"""The change feed: dense, in order, and only for those whose it is."""

from __future__ import annotations

import base64
import json
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx2
import pytest

from editor.base.ids import new_id
from editor.base.wire import MEDIA_TYPE
from editor.press import people
from editor.press.feed import make_cursor
from tests.press.running import NOON, Desk, Running


def test_eight_desks_writing_at_once_make_a_feed_without_gaps(either: Running):
    desks = [either.desk(f"Desk {n}", "journalist") for n in range(8)]
    start, stop = int(desks[0].changes()["head"]), threading.Event()
    seen: list[int] = []

    def tail() -> None:
        reader, cursor = either.desk("Lezer", "journalist"), None
        while True:
            last = stop.is_set()  # asked before the page: what was written by then is in it
            page = reader.changes(cursor=cursor)
            seen.extend(row["seq"] for row in page["changes"])
            cursor = page["next"]
            if last and not page["more"]:
                return

    def write(desk: int) -> list[int]:
        return [desks[desk].write(headline=f"{desk}-{n}")["seq"] for n in range(12)]

    tailing = threading.Thread(target=tail)
    tailing.start()
    with ThreadPoolExecutor(8) as pool:
        numbers = sorted(seq for made in pool.map(write, range(8)) for seq in made)
    stop.set()
    tailing.join()
    assert len(numbers) == 96
    assert len(set(numbers)) == 96
    assert sorted(seen) == seen
    assert set(numbers) <= set(seen)
    head = int(desks[0].changes()["head"])
    assert set(range(start + 1, head + 1)) - set(numbers) <= set(seen)  # the reader's own person row between them


def test_two_desks_on_one_article_lose_nothing(either: Running):
    desks = [either.desk(f"Desk {n}", "journalist") for n in range(4)]
    article = desks[0].write(note="")["id"]

    def add(number: int) -> int:
        desk, tries = desks[number], 0
        for n in range(5):
            while True:
                tries += 1
                now = desk.entity(article)
                text = f"{now['doc']['note']} {number}.{n}"
                if desk.write(article, base=now["rev"], note=text)["status"] == "applied":
                    break
        return tries

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    words = desks[0].doc(article)["note"].split()
    assert sorted(words) == sorted(f"{number}.{n}" for number in range(4) for n in range(5))
    assert desks[0].entity(article)["rev"].startswith("21-")


def test_twins_of_one_request_act_once(either: Running):
    desk = either.desk("Samira", "journalist")
    op = desk.op(new_id(), "article", "upsert", patch={"headline": "Eén"})

    def send(_: int) -> str:
        with httpx2.Client(base_url=either.url, headers=desk.http.headers, timeout=30) as http:
            answer = http.post("/v1/sync/push", content=json.dumps({"ops": [op]}), headers={"Content-Type": MEDIA_TYPE})
            return str(answer.json()["results"][0]["status"])

    with ThreadPoolExecutor(6) as pool:
        statuses = sorted(pool.map(send, range(6)))
    assert statuses == ["applied"] + ["duplicate"] * 5


def test_a_feed_is_read_page_by_page_and_ends_at_the_head(press: Running):
    desk = press.desk("Samira", "editor")
    made = [desk.write(headline=str(n))["id"] for n in range(7)]
    seen, cursor, pages = [], None, 0
    while True:
        page = desk.changes(cursor=cursor, limit=3)
        seen += [row["entity_id"] for row in page["changes"]]
        cursor, pages = page["next"], pages + 1
        if not page["more"]:
            break
    assert seen[2:] == made  # the newsroom and the person stand before them
    assert pages == 3
    assert desk.changes(cursor=cursor)["changes"] == []
    row = desk.changes()["changes"][-1]
    assert (row["actor"], row["replica"]) == (desk.actor_id, desk.http.headers["x-replica-id"])


def test_what_changed_twice_is_told_once_as_it_is(press: Running):
    desk = press.desk("Samira", "journalist")
    made = desk.write(headline="Eerst")
    cursor = desk.changes()["next"]
    last = desk.write(made["id"], base=made["rev"], headline="Later")
    rows = desk.changes(cursor=cursor)["changes"]
    assert [(row["entity_id"], row["rev"], row["doc"]["headline"]) for row in rows] == [(made["id"], last["rev"], "Later")]


def test_a_cursor_that_press_did_not_make_is_refused(press: Running):
    noor = press.desk("Noor", "moderator")
    cursor = noor.changes()["next"]
    place = json.loads(base64.urlsafe_b64decode(cursor).rpartition(b".")[0])
    forged = base64.urlsafe_b64encode(json.dumps({**place, "seq": 0}).encode() + b"." + b"0" * 64).decode()
    for wrong in (forged, cursor[:-6], "x", "AAAA", make_cursor(press.press.house, "reactions", 0)):
        answer = noor.http.get("/v1/sync/changes", params={"stream": "content", "cursor": wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_message"), wrong
    other = base64.urlsafe_b64encode(json.dumps({**place, "epoch": "een andere"}).encode() + b"." + b"0" * 64).decode()
    answer = noor.http.get("/v1/sync/changes", params={"stream": "content", "cursor": other})
    assert (answer.status_code, answer.json()["code"]) == (409, "epoch_changed")


def test_whoever_waits_is_woken_by_a_commit_and_not_before(press: Running):
    desk, waiting = press.desk("Samira", "journalist"), press.desk("Tom", "journalist")
    now = waiting.http.get("/v1/sync/heads").json()["heads"]
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(waiting.http.get, "/v1/sync/heads", params={"wait": 25, "seen_content": now["content"]})
        made = desk.write(headline="Nieuws")
        told = answer.result(timeout=15).json()
    assert told["heads"] == {"content": str(made["seq"])}
    assert told["moved"] is True
    # One who is behind is answered at once.
    assert waiting.http.get("/v1/sync/heads", params={"wait": 25, "seen_content": "0"}).json()["moved"] is True


def test_waiting_ends_when_the_server_stops(sqlite_url: str):
    running = Running(sqlite_url)
    desk = running.desk("Samira", "journalist")
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(desk.http.get, "/v1/sync/heads", params={"wait": 60})
        while not running.press.hub.waiting:
            assert not answer.done()
        running.server.stop()
        assert answer.result(timeout=15).json()["moved"] is False
    running.stop()


def test_hello_says_who_asks_and_what_may_be_asked(press: Running):
    desk = press.desk("Samira", "editor", "moderator")
    hello = desk.http.get("/v1/sync/hello").json()
    assert hello["user"] == {"id": desk.actor_id, "name": "Samira"}
    assert hello["roles"] == ["editor", "moderator"]
    assert {"publish", "moderate"} <= set(hello["rights"])
    assert (hello["api"], hello["schema"], hello["limits"]["ops"]) == ([1], [1], 1)
    assert (hello["newsroom_id"], hello["sample"]) == (press.newsroom_id, False)
    assert hello["server_time"] == "2026-11-24T11:00:00.000Z"
    assert set(hello["heads"]) == {"content", "reactions"}


@pytest.mark.parametrize("path", ["/v1/x", "/v1/sync/x", "/v1/media/x/y"])
def test_what_is_not_there_yet_says_so(press: Running, path: str):
    answer = press.page(path)
    assert (answer.status_code, answer.json()["code"], answer.headers["content-type"]) == (404, "not_yet", MEDIA_TYPE)


def test_a_token_ends_by_time_by_revocation_and_with_its_person(press: Running):
    samira = press.desk("Samira", "journalist", device="laptop")
    second = press.desk("Samira", device="thuis", expires_at=NOON + timedelta(hours=1))
    assert second.actor_id == samira.actor_id
    assert second.http.get("/v1/sync/hello").status_code == 200
    press.fixed.advance(timedelta(hours=2))
    assert _refused(second) == (401, "token_expired")
    people.revoke(press.press, "samira", device="laptop")
    assert _refused(samira) == (401, "token_revoked")
    third = press.desk("Samira", device="nieuw")
    assert third.http.get("/v1/sync/hello").status_code == 200
    people.revoke(press.press, "Samira")
    assert _refused(third) == (401, "token_revoked")
    answer = press.page("/v1/sync/hello")
    assert (answer.status_code, answer.json()["code"], answer.headers["www-authenticate"]) == (401, "token_missing", "Bearer")
    assert press.page("/v1/sync/hello", headers={"Authorization": "Bearer x"}).json()["code"] == "token_unknown"


def test_people_are_read_by_all_and_made_by_press_alone(press: Running):
    samira = press.desk("Samira", "editor")
    row = samira.doc(samira.actor_id)
    assert row == {"name": "Samira", "roles": ["editor"], "active": True}
    people.add(press.press, "Samira", ["journalist"])
    assert samira.doc(samira.actor_id)["roles"] == ["journalist"]
    assert "publish" not in samira.http.get("/v1/sync/hello").json()["rights"]


def _refused(desk: Desk) -> tuple[int, str]:
    answer = desk.http.get("/v1/sync/hello")
    return answer.status_code, answer.json()["code"]
