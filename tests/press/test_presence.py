"""Who has what open: told to the others for half a minute, whichever process they ask (sync D)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from editor.base.ids import new_id
from tests.press.running import Desk, Running
from tests.press.test_workers import second


def _open(desk: Desk) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = desk.http.get("/v1/presence").json()["present"]
    return found


def test_an_open_article_is_seen_by_the_others_until_half_a_minute_after_the_last_word(either: Running):
    anna, tom = either.desk("Anna", "journalist"), either.desk("Tom", "journalist")
    article = anna.write(headline="Open")["id"]
    assert anna.http.put(f"/v1/presence/{article}").status_code == 204
    either.fixed.advance(timedelta(seconds=20))
    assert anna.http.put(f"/v1/presence/{article}").status_code == 204
    either.fixed.advance(timedelta(seconds=29))
    (seen,) = _open(tom)
    assert (seen["entity_id"], seen["name"], seen["replica"]) == (article, "Anna", anna.http.headers["x-replica-id"])
    assert (seen["since"], seen["until"]) == ("2026-11-24T11:00:00.000Z", "2026-11-24T11:00:50.000Z")
    either.fixed.advance(timedelta(seconds=1))
    assert _open(tom) == []
    anna.http.put(f"/v1/presence/{article}")
    assert _open(tom)[0]["since"] == "2026-11-24T11:00:50.000Z"  # it had lapsed
    assert anna.http.delete(f"/v1/presence/{article}").status_code == 204
    assert _open(tom) == []


def test_it_is_seen_at_another_process(postgres_database: str):
    here = Running(postgres_database)
    there = second(here)
    try:
        anna = here.desk("Anna", "journalist")
        article = anna.write(headline="Open")["id"]
        anna.http.put(f"/v1/presence/{article}")
        elsewhere = Desk(there, anna.token, anna.actor_id)
        assert [row["entity_id"] for row in _open(elsewhere)] == [article]
        elsewhere.http.close()
    finally:
        there.stop()
        here.stop()


def test_an_open_article_hinders_nobody_and_moves_no_feed(press: Running):
    anna, tom = press.desk("Anna", "journalist"), press.desk("Tom", "journalist")
    made = anna.write(headline="Open")
    head = anna.changes()["head"]
    anna.http.put(f"/v1/presence/{made['id']}")
    assert anna.changes()["head"] == head
    assert tom.write(made["id"], base=made["rev"], headline="Toch")["status"] == "applied"


def test_whoever_may_not_read_reactions_does_not_see_them_open(press: Running):
    editor, noor = press.desk("Samira", "editor"), press.desk("Noor", "moderator")
    editor.published()
    path = press.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(press.url, "")
    reader = press.reader()
    reader.react(path)
    reaction = noor.changes("reactions")["changes"][0]["entity_id"]
    assert editor.http.put(f"/v1/presence/{reaction}").status_code == 403
    assert noor.http.put(f"/v1/presence/{reaction}").status_code == 204
    assert [row["entity_id"] for row in _open(noor)] == [reaction]
    assert _open(editor) == []
    reader.close()


def test_nothing_can_be_open_that_is_not_there(press: Running):
    desk = press.desk("Anna", "journalist")
    for wrong in (new_id(), "x", "%00", "..%2f.."):
        assert desk.http.put(f"/v1/presence/{wrong}").status_code == 404
