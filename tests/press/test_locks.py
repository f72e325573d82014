"""Many writers at once: what waits for what, and what a desk is told when it cannot be had (sync D.1)."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import httpx2
import psycopg
import pytest

from editor.base.ids import new_id, new_key
from tests.press.running import Desk, Running
from tests.press.test_media import png, send

on_postgresql = pytest.mark.skipif(os.name == "nt", reason="no PostgreSQL of the tests' own on Windows")
WRITERS, TURNS = 4, 6


@pytest.fixture
def server(postgres_database: str, tmp_path: Any) -> Iterator[Running]:
    """A press on PostgreSQL with a folder for pictures."""
    running = Running(postgres_database, media=tmp_path / "pictures")
    yield running
    running.stop()


@contextmanager
def beside(running: Running) -> Iterator[psycopg.Connection]:
    """A session of somebody else's on the same database."""
    url = running.database_url.replace("postgresql+psycopg", "postgresql")
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def waiting(watching: psycopg.Connection, count: int) -> None:
    """Return once `count` sessions wait for a lock."""
    for _ in range(100_000):
        row = watching.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                               "AND datname = current_database()").fetchone()
        if row is not None and row[0] >= count:
            return
    raise AssertionError("nobody waits")


def test_an_op_that_can_never_be_written_does_not_pass_for_a_busy_server(
        either: Running, caplog: pytest.LogCaptureFixture):
    desk, spoilt = either.desk("Samira", "editor"), new_id()
    with either.press.database.write() as session:
        session.connection().exec_driver_sql(
            f"CREATE TRIGGER spoil BEFORE INSERT ON entity WHEN NEW.id = '{spoilt}' BEGIN SELECT RAISE(ABORT, 'no'); END"
            if either.press.database.is_sqlite else f"ALTER TABLE entity ADD CHECK (id <> '{spoilt}')")
    with caplog.at_level(logging.CRITICAL):
        answer = desk.send(desk.op(spoilt, "article", "upsert", patch={"headline": "Nooit"}))
    assert (answer.status_code, answer.json()["code"], answer.headers.get("retry-after")) == (500, "fault", None)
    assert desk.write(headline="Wel")["status"] == "applied"


@on_postgresql
def test_a_server_that_cannot_get_a_lock_asks_to_come_back_and_the_op_acts_once(server: Running):
    desk = server.desk("Samira", "editor")
    op = desk.op(new_id(), "article", "upsert", patch={"headline": "Straks"})
    with beside(server) as other, other.transaction():
        other.execute("SELECT * FROM feed_head FOR UPDATE")
        answer = desk.send(op)
        assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "busy", "2")
    assert desk.send(op).json()["results"][0]["status"] == "applied"


@on_postgresql
def test_two_that_make_one_thing_at_the_same_moment_are_told_who_was_first(server: Running):
    desks, made = [server.desk("Samira", "editor"), server.desk("Tom", "editor")], new_id()
    with beside(server) as watching, beside(server) as other, ThreadPoolExecutor(2) as pool:
        with other.transaction():
            other.execute("SELECT * FROM feed_head FOR UPDATE")
            told = [pool.submit(desk.push, made, "article", "upsert", patch={"headline": "Brug"}) for desk in desks]
            waiting(watching, 2)
        found = sorted((answer["status"], answer["code"]) for answer in (one.result() for one in told))
    assert found == [("applied", ""), ("conflict", "stale_base")]


@on_postgresql
def test_a_picture_that_is_deleted_while_its_text_goes_out_stays(server: Running):
    editor, writer = server.desk("Samira", "editor"), server.desk("Tom", "journalist")
    picture = send(editor, png(10))
    article = editor.write(headline="Brug", lead="L", body=f"![Brug](media:{picture})")["id"]
    editor.step(article, "approve")
    rev = editor.entity(picture)["rev"]
    with beside(server) as watching, beside(server) as other, ThreadPoolExecutor(2) as pool:
        with other.transaction():  # the release has its pictures, and waits for its number
            other.execute("SELECT * FROM feed_head FOR UPDATE")
            out = pool.submit(editor.step, article, "publish")
            waiting(watching, 1)
            gone = pool.submit(writer.push, picture, "media", "delete", base=rev)
            waiting(watching, 2)
        assert out.result()["status"] == "applied"
        assert (gone.result()["status"], gone.result()["code"]) == ("conflict", "status")


@on_postgresql
def test_writers_over_crossing_things_never_wait_for_each_other_in_a_ring(server: Running):
    editors = [server.desk(f"Desk {n}", "editor", "moderator") for n in range(WRITERS)]
    things = [editors[0].published(headline=f"Stuk {n}") for n in range(2)]
    pictures = [send(editors[0], png(n)) for n in (10, 20)]
    paths = [line.split("<link>")[1].split("</link>")[0].replace(server.url, "")
             for line in server.page("/rss.xml").text.split("<item>")[1:]]

    def edit(n: int) -> list[int]:
        """Each goes to and fro over the two, the odd ones the other way; every op in one request of its own."""
        codes = []
        order = (0, 1) if n % 2 else (1, 0)
        with httpx2.Client(base_url=server.url, headers=editors[n].http.headers, timeout=30) as http:
            desk = editors[n]
            desk.http.close()
            desk.http = http
            for turn in range(TURNS):
                for k in order:
                    codes.append(_change(desk, things[k], pictures, turn))
                    codes.append(_touch(desk, pictures[k], turn))
                    reader = server.reader()
                    codes.append(reader.react(paths[k], text=f"Reactie {n} {turn} {k}").status_code)
                    reader.close()
        return codes

    with beside(server) as watching:
        with ThreadPoolExecutor(WRITERS) as pool:
            codes = [code for codes in pool.map(edit, range(WRITERS)) for code in codes]
        row = watching.execute("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()").fetchone()
    assert row == (0,)
    assert set(codes) <= {200, 303, 429}  # nobody was sent away because of a lock


def _change(desk: Desk, article: str, pictures: list[str], turn: int) -> int:
    """Write, approve and release, with both pictures in it; whoever comes too late is refused, which is an answer."""
    rev = desk.entity(article)["rev"]
    body = "\n\n".join(f"![x](media:{picture})" for picture in (pictures if turn % 2 else reversed(pictures)))
    answer = desk.send(desk.op(article, "article", "upsert", base=rev, patch={"body": f"{body}\n\n{turn} {new_key()}"}))
    for action, cmd in (("approve", {}), ("publish", {"kind": "minor"})):
        desk.step(article, action, **cmd)
    return answer.status_code


def _touch(desk: Desk, picture: str, turn: int) -> int:
    found = desk.entity(picture)
    return desk.send(desk.op(picture, "media", "upsert", base=found["rev"], patch={"credit": str(turn)})).status_code
