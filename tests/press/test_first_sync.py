"""The first sync at one place of the feed, and finding out what differs (sync B.5, B.11, D)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from editor.domain.reconcile import bucket_of, digests_of
from editor.press.schema import FeedHeadRow
from tests.press.running import Desk, Running


def _snapshot(desk: Desk, token: str | None = None, **query: Any) -> dict[str, Any]:
    answer = desk.http.get("/v1/sync/snapshot", params={**({"token": token} if token else {}), "limit": 3, **query})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_first_sync_that_goes_on_while_others_write_ends_with_everything_once(either: Running):
    desk = either.desk("Samira", "editor")
    made = [desk.write(headline=str(n)) for n in range(9)]
    desk.push(made[8]["id"], "article", "delete", base=made[8]["rev"])
    first = _snapshot(desk)
    held = {row["entity_id"]: row["rev"] for row in first["changes"]}
    # Between the pages: one that was read and one that was not are changed, one is deleted, one is made.
    again = desk.write(made[0]["id"], base=made[0]["rev"], headline="Anders")
    later = desk.write(made[5]["id"], base=made[5]["rev"], headline="Anders")
    desk.push(made[6]["id"], "article", "delete", base=made[6]["rev"])
    new = desk.write(headline="Nieuw")
    page, pages = first, 1
    while page["more"]:
        assert page["tail_cursor"] == first["tail_cursor"]
        page, pages = _snapshot(desk, page["next"]), pages + 1
        held.update((row["entity_id"], row["rev"]) for row in page["changes"])
        assert not any(row["deleted"] for row in page["changes"])
    assert page["next"] == first["tail_cursor"]
    assert first["total"] == page["total"] == 10  # the newsroom, the person, eight articles
    assert pages > 2
    assert new["id"] not in held
    for row in desk.changes(cursor=page["next"])["changes"]:
        if row["deleted"]:
            held.pop(row["entity_id"], None)
        else:
            held[row["entity_id"]] = row["rev"]
    wanted = {row["id"]: row["rev"] for row in made[:6] + made[7:8]}
    wanted |= {again["id"]: again["rev"], later["id"]: later["rev"], new["id"]: new["rev"]}
    assert {key: rev for key, rev in held.items() if key in {row["id"] for row in made} | {new["id"]}} == wanted


def test_a_first_sync_goes_on_at_another_process_and_after_a_restart(sqlite_url: str):
    running = Running(sqlite_url)
    desk = running.desk("Samira", "editor")
    for n in range(4):
        desk.write(headline=str(n))
    first = _snapshot(desk)
    assert [row["seq"] for row in first["changes"]] == [1, 2, 6]
    running.stop()
    running.start()
    again = Desk(running, desk.token, desk.actor_id)
    assert [row["seq"] for row in _snapshot(again, first["next"])["changes"]] == [3, 4, 5]
    again.http.close()
    running.stop()


def test_the_newest_comes_first_beside_what_every_desk_needs(either: Running):
    samira = either.desk("Samira", "editor")
    made = [samira.write(headline=str(n))["id"] for n in range(12)]
    for name in ("Bram", "Noor"):
        either.desk(name, "journalist")
    samira.write(made[2], base=samira.entity(made[2])["rev"], headline="Vandaag nog veranderd")
    pages, token = [], None
    while token is None or pages[-1]["more"]:
        pages.append(_snapshot(samira, token, limit=8))
        token = pages[-1]["next"]
    kinds = [sorted(row["kind"] for row in page["changes"]) for page in pages]
    assert kinds[0] == ["article"] * 4 + ["newsroom"] + ["person"] * 3
    assert {row["entity_id"] for row in pages[0]["changes"] if row["kind"] == "article"} == {made[2], *made[9:]}
    assert all([row["seq"] for row in page["changes"]] == sorted(row["seq"] for row in page["changes"]) for page in pages)
    told = [row["entity_id"] for page in pages for row in page["changes"]]
    assert len(told) == len(set(told)) == pages[0]["total"] == 16


def test_more_people_than_a_page_holds_are_told_all_the_same(press: Running):
    desk, *_ = (press.desk(f"Desk {n}", "editor") for n in range(9))
    made = desk.write(headline="Vandaag")["id"]
    pages, token = [], None
    while token is None or pages[-1]["more"]:
        pages.append(_snapshot(desk, token, limit=4))
        token = pages[-1]["next"]
    assert {"newsroom", "article"} <= {row["kind"] for row in pages[0]["changes"]}
    assert made in {row["entity_id"] for row in pages[0]["changes"]}
    told = [row["entity_id"] for page in pages for row in page["changes"]]
    assert len(told) == len(set(told)) == 11


def test_a_token_of_an_older_press_begins_nothing(press: Running):
    from editor.press.signed import sign

    desk = press.desk("Samira", "editor")
    token = sign(press.press.house, {"v": 1, "what": "snapshot", "stream": "content", "seq": 0, "since": None,
                                     "pinned": 2, "total": 2})
    answer = desk.http.get("/v1/sync/snapshot", params={"token": token})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_message")


def test_a_token_of_another_kind_or_stream_begins_nothing(press: Running):
    noor = press.desk("Noor", "moderator")
    for n in range(3):
        press.desk(f"Desk {n}", "journalist")
    token = _snapshot(noor)["next"]
    cursor = noor.changes()["next"]
    for stream, wrong in (("content", cursor), ("reactions", token), ("content", token[:-8])):
        answer = noor.http.get("/v1/sync/snapshot", params={"stream": stream, "token": wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_message")
    answer = noor.http.get("/v1/sync/changes", params={"stream": "content", "cursor": token})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_message")
    answer = press.desk("Samira", "journalist").http.get("/v1/sync/snapshot", params={"stream": "reactions"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_of_the_reactions_a_first_sync_may_take_the_queue_and_what_is_young(press: Running):
    editor, noor = press.desk("Samira", "editor"), press.desk("Noor", "moderator")
    article = editor.published()
    path = press.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(press.url, "")
    reader = press.reader()
    for text in ("Eerste", "Tweede", "Derde"):
        assert reader.react(path, text=text).status_code == 303
    waiting, placed, _ = (row["entity_id"] for row in noor.changes("reactions")["changes"])
    assert noor.decide(placed, "approve")["status"] == "applied"
    press.fixed.advance(timedelta(days=40))
    third = noor.changes("reactions")["changes"][1]["entity_id"]
    assert noor.decide(third, "approve")["status"] == "applied"
    found = {row["entity_id"] for row in _snapshot(noor, stream="reactions", days=30)["changes"]}
    assert found == {waiting, third}
    assert len(_snapshot(noor, stream="reactions")["changes"]) == 3
    assert article
    reader.close()


def test_a_feed_that_lost_its_last_commits_says_so(either: Running):
    desk = either.desk("Samira", "editor")
    desk.write(headline="Verloren")
    cursor = desk.changes()["next"]
    with either.press.database.write() as session:
        head = session.get(FeedHeadRow, (either.newsroom_id, "content"))
        assert head is not None
        head.head -= 1
    for path, query in (("changes", {"cursor": cursor}), ("snapshot", {"token": _pinned_too_high(either, cursor)})):
        answer = desk.http.get(f"/v1/sync/{path}", params=query)
        assert (answer.status_code, answer.json()["code"]) == (410, "cursor_expired")


def _pinned_too_high(running: Running, cursor: str) -> str:
    from editor.press.signed import open_signed, sign

    seq = open_signed(running.press.house, cursor, {})["seq"]
    return sign(running.press.house, {"v": 2, "what": "snapshot", "stream": "content", "since": None,
                                      "pinned": seq, "below": seq + 1, "told": seq + 1, "total": 3})


def test_digests_are_equal_when_both_hold_the_same_and_point_at_what_differs(either: Running):
    desk = either.desk("Samira", "editor")
    made = [desk.write(headline=str(n)) for n in range(30)]
    page = desk.changes()
    held = {row["entity_id"]: row["rev"] for row in page["changes"] if not row["deleted"]}
    told = desk.http.get("/v1/sync/digests").json()
    assert len(told["digests"]) == 256
    assert {int(number): digest for number, digest in told["digests"].items()} == digests_of(held.items())
    assert (told["head"], desk.changes(cursor=told["cursor"])["changes"]) == (page["head"], [])
    desk.write(made[3]["id"], base=made[3]["rev"], headline="Anders")
    desk.push(made[4]["id"], "article", "delete", base=made[4]["rev"])
    told = desk.http.get("/v1/sync/digests").json()["digests"]
    mine = digests_of(held.items())
    differing = [number for number in range(256) if told[str(number)] != mine[number]]
    assert set(differing) == {bucket_of(made[3]["id"]), bucket_of(made[4]["id"])}
    listed = desk.http.get("/v1/sync/digests", params={"buckets": ",".join(map(str, differing))}).json()["entities"]
    found = {row["entity_id"]: row for row in listed}
    assert found[made[3]["id"]]["rev"] != made[3]["rev"]
    assert found[made[4]["id"]]["deleted"] is True
    assert {bucket_of(identity) for identity in found} == set(differing)
    now = {**held, made[3]["id"]: found[made[3]["id"]]["rev"]}
    del now[made[4]["id"]]  # a desk holds no tombstones, so they are in no digest
    assert digests_of(now.items()) == {int(number): digest for number, digest in told.items()}


def test_buckets_that_are_none_are_refused(press: Running):
    desk = press.desk("Samira", "editor")
    for wrong in ("", "256", "x", "-1", "1,,2", "²", ",".join(map(str, range(17)))):
        answer = desk.http.get("/v1/sync/digests", params={"buckets": wrong})
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_message"), wrong
    answer = desk.http.get("/v1/sync/digests", params={"stream": "reactions"})
    assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")


def test_revisions_are_read_to_their_end(either: Running):
    desk = either.desk("Samira", "editor")
    made = desk.write(headline="1")
    rev = made["rev"]
    for n in range(2, 8):
        either.fixed.advance(timedelta(minutes=6))  # thinning leaves one in five minutes
        rev = desk.write(made["id"], base=rev, headline=str(n))["rev"]
    where, found, before = f"/v1/entities/{made['id']}/revisions", [], 0
    while True:
        page = desk.http.get(where, params={"limit": 3, "before": before}).json()
        found += page["revisions"]
        if not page["more"]:
            break
        before = page["next"]
    assert [int(row["rev"].partition("-")[0]) for row in found] == [7, 6, 5, 4, 3, 2, 1]
    assert [desk.http.get(f"{where}/{row['rev']}").json()["doc"]["headline"] for row in found] == list("7654321")


def test_a_thing_is_brought_back_at_its_own_address_by_an_ordinary_op(press: Running):
    desk = press.desk("Samira", "editor")
    made, other = desk.write(headline="Terug"), desk.write(headline="Ander")
    gone = desk.push(made["id"], "article", "delete", base=made["rev"])
    op = desk.op(made["id"], "article", "restore", base=gone["rev"])
    wrong = desk.http.post(f"/v1/entities/{other['id']}/restore", json={"ops": [op]})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "bad_message")
    right = desk.http.post(f"/v1/entities/{made['id']}/restore", json={"ops": [op]})
    assert right.json()["results"][0]["status"] == "applied"
    assert desk.doc(made["id"])["headline"] == "Terug"
