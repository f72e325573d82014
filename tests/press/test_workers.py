"""Several server processes on one PostgreSQL database: one feed without gaps, and news at once (sync D.2)."""

from __future__ import annotations

import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import psycopg
import pytest

from editor.base.clock import SystemClock
from editor.base.errors import UserError
from editor.press import service
from editor.press.opened import Press
from tests.press.processes import desk_at, process
from tests.press.running import Desk, Reader, Running

WRITERS, EACH = 8, 20
pytestmark = pytest.mark.skipif(os.name == "nt", reason="no PostgreSQL of the tests' own on Windows")


def _plain(url: str) -> str:
    return url.replace("postgresql+psycopg", "postgresql")


def _children(pid: int) -> list[int]:
    """The server processes that a press has started (spawned helpers excluded)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        words = stat.read_text().rpartition(")")[2].split()
        line = stat.with_name("cmdline").read_bytes()
        if int(words[1]) == pid and b"spawn_main" in line:
            found.append(int(stat.parent.name))
    return sorted(found)


@pytest.mark.timeout(180)
def test_four_processes_and_eight_writers_make_a_dense_feed_beside_an_idle_transaction(postgres_database: str):
    service.create_newsroom(postgres_database, name="De Proefkrant")
    tokens = [service.add_user(postgres_database, name=f"Desk {n}", roles=["journalist"]).token for n in range(WRITERS)]
    with process(postgres_database, '{"workers": 4}') as (press, url), \
            psycopg.connect(_plain(postgres_database)) as idle:
        idle.execute("CREATE TABLE elsewhere (n integer)")  # a writing transaction that somebody forgot
        assert len(_children(press.pid)) == 4
        desks = [desk_at(url, token) for token in tokens]
        reader = desk_at(url, tokens[0])
        first, stop = reader.changes(), threading.Event()
        seen: list[int] = []
        held: dict[str, str] = {}

        def tail() -> None:
            cursor = first["next"]
            while True:
                last = stop.is_set()  # asked before the page: what was written by then is in it
                page = reader.changes(cursor=cursor)
                seen.extend(row["seq"] for row in page["changes"])
                held.update((row["entity_id"], row["rev"]) for row in page["changes"])
                cursor = page["next"]
                if last and not page["more"]:
                    return

        def write(n: int) -> list[dict[str, Any]]:
            made = []
            for turn in range(EACH):
                with httpx2.Client(base_url=url, headers=desks[n].http.headers, timeout=30) as http:  # any process
                    desks[n].http.close()
                    desks[n].http = http
                    made.append(desks[n].write(headline=f"{n}-{turn}"))
            return made

        tailing = threading.Thread(target=tail, name="tail")
        tailing.start()
        with ThreadPoolExecutor(WRITERS) as pool:
            made = [row for rows in pool.map(write, range(WRITERS)) for row in rows]
        stop.set()
        tailing.join()
        start = int(first["head"])
        assert sorted(row["seq"] for row in made) == list(range(start + 1, start + WRITERS * EACH + 1))
        assert sorted(seen) == seen == list(range(start + 1, start + WRITERS * EACH + 1))
        assert held == {row["id"]: row["rev"] for row in made}
        idle.rollback()
        reader.http.close()


@pytest.mark.timeout(120)
def test_a_press_ends_with_its_processes_and_replaces_one_that_dies(postgres_database: str):
    service.create_newsroom(postgres_database, name="De Proefkrant")
    token = service.add_user(postgres_database, name="Samira", roles=["editor"]).token
    with process(postgres_database, '{"workers": 2}') as (press, url):
        before = _children(press.pid)
        os.kill(before[0], signal.SIGKILL)
        while len(now := _children(press.pid)) < 2 or before[0] in now:
            assert press.poll() is None
        made = _try(url, token)
        assert made["status"] == "applied"
        press.terminate()
        out, err = press.communicate(timeout=60)
        assert (press.returncode, out.strip(), err) == (0, "ended", "")
        assert not any(Path(f"/proc/{pid}").exists() for pid in now)


@pytest.mark.timeout(120)
def test_the_processes_go_when_the_one_that_started_them_is_killed(postgres_database: str):
    service.create_newsroom(postgres_database, name="De Proefkrant")
    with process(postgres_database, '{"workers": 2}') as (press, url):
        children = _children(press.pid)
        press.kill()
        press.wait()
        until = SystemClock().monotonic() + 30
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            if SystemClock().monotonic() > until:
                for pid in children:
                    os.kill(pid, signal.SIGKILL)
                pytest.fail("the processes outlived the one that started them")
        with pytest.raises(httpx2.ConnectError):
            httpx2.get(url)


def _try(url: str, token: str) -> dict[str, object]:
    """A write, sent again when the process that had it was killed."""
    while True:
        desk = desk_at(url, token)
        try:
            return desk.write(headline="Erna")
        except httpx2.TransportError:
            pass
        finally:
            desk.http.close()


def test_who_waits_at_another_process_is_told_at_once(postgres_database: str):
    here = Running(postgres_database)
    there = second(here)
    try:
        writer, waiting = here.desk("Samira", "journalist"), here.desk("Tom", "journalist")
        elsewhere = Desk(there, waiting.token, waiting.actor_id)
        now = elsewhere.http.get("/v1/sync/heads").json()["heads"]
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(elsewhere.http.get, "/v1/sync/heads", params={"wait": 19, "seen_content": now["content"]})
            while not there.press.hub.waiting:
                assert not answer.done()
            made = writer.write(headline="Nieuws")
            # Without the hint it would be 19 seconds, and then `moved` would be false: the poll comes every 20.
            assert answer.result(timeout=30).json()["heads"] == {"content": str(made["seq"])}
            assert answer.result().json()["moved"] is True
        elsewhere.http.close()
    finally:
        there.stop()
        here.stop()


@pytest.mark.timeout(90)
def test_hints_come_back_after_the_database_ended_their_connection(postgres_database: str):
    here = Running(postgres_database)
    there = second(here)
    try:
        writer, heard = here.desk("Samira", "journalist"), there.press.hub.heads
        with psycopg.connect(_plain(postgres_database), autocommit=True) as admin:
            ended = admin.execute("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity "
                                  "WHERE query LIKE 'SET synchronous_commit%' OR query LIKE 'SELECT pg_notify%'").fetchone()
            assert ended is not None
            assert ended[0] >= 2
        head = 0
        while heard().get("content", 0) < head or not head:  # each write hints anew, until both listen again
            head = writer.write(headline="Nieuws")["seq"]
    finally:
        there.stop()
        here.stop()


def second(first: Running) -> Running:
    """One more press on the same database."""
    other = object.__new__(Running)
    other.database_url, other.clock, other.media, other._desks = first.database_url, first.clock, first.media, []
    other.start()
    press: Press = other.press
    assert press.house.epoch == first.press.house.epoch
    return other


def test_a_number_of_processes_that_cannot_be_is_refused_in_one_sentence(sqlite_url: str):
    for count, words in ((2, "SQLite database has one process"), (0, "at least one process")):
        with pytest.raises(UserError, match=re.escape(words)):
            service.serve(sqlite_url, workers=count)


def test_a_source_has_one_share_of_reactions_at_all_processes_together(postgres_database: str):
    here = Running(postgres_database)
    there = second(here)
    try:
        here.desk("Samira", "editor").published()
        path = here.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(here.url, "")
        readers = [Reader(here.url), Reader(there.url)]
        sent = [readers[n % 2].react(path, text=f"Reactie {n}").status_code for n in range(7)]
        assert sent == [303] * 5 + [429] * 2
        here.fixed.advance(timedelta(minutes=1))
        assert readers[0].react(path, text="Later").status_code == 303
        for reader in readers:
            reader.close()
    finally:
        there.stop()
        here.stop()
