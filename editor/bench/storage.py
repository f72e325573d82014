"""Figures of the database: a durable commit, opening a great queue, and the first sync of a newsroom."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from editor.backends.press import PressBackend
from editor.base import sqlite
from editor.base.clock import SystemClock
from editor.base.ids import new_id
from editor.bench.measuring import Figure, median, p95, time_each
from editor.desk import articles, connecting, pulling, reactions
from editor.desk.read_models import Reader, ReactionView
from editor.domain.article import Article
from editor.domain.changes import Outcome
from editor.domain.documents import article_document, article_patch
from editor.domain.reaction import Reaction, Verb, text_hash
from editor.press import service
from editor.press.ledger import Change, Origin, write
from editor.runtime.sync_runner import SyncRunner
from editor.station import Workstation, open_workstation
from editor.sync.backend import RemoteDoc

WORDS = ("De wethouder wacht het besluit van de raad af en wil daarna snel beginnen met de bouw van de eerste woningen. "
         "Bewoners vragen om een veilige oversteek en om meer groen tussen de huizen aan de kade. ")


@contextmanager
def _station() -> Iterator[Workstation]:
    with tempfile.TemporaryDirectory(prefix="redactie-") as folder:
        station = open_workstation(Path(folder) / "profile", changing=True)
        try:
            yield station
        finally:
            station.close()


def commit(*, n: int = 200, size: int = 10_000) -> list[Figure]:
    """An autosave and a decision, durable, beside one raw row in a transaction of its own with the same pragmas."""
    with _station() as station, tempfile.TemporaryDirectory(prefix="redactie-") as folder:
        raw = sqlite.connect(Path(folder) / "raw.db", "writer")
        raw.execute("CREATE TABLE t(id INTEGER PRIMARY KEY, body TEXT)")
        body = (WORDS * (size // len(WORDS) + 1))[:size]

        def floor(number: int) -> None:
            raw.execute("BEGIN IMMEDIATE")
            raw.execute("INSERT OR REPLACE INTO t VALUES(1, ?)", (f"{number}{body}",))
            raw.execute("COMMIT")

        article_id = station.door.change_now(lambda work: articles.new_article(work, Article("", body=body)))
        state = {"version": 1, "article": Article(article_id, body=body)}

        def save(number: int) -> None:
            known: Article = state["article"]  # type: ignore[assignment]
            version: int = state["version"]  # type: ignore[assignment]
            fields = {**article_patch(known), "body": f"{number}{body}"}
            saved = station.door.change_now(lambda work: articles.save_draft(
                work, article_id, version=version, started_from=article_document(known), fields=fields))
            state.update(version=saved.version, article=saved.article)

        floors = time_each(floor, n)
        saves = time_each(save, n)
        floors += time_each(floor, n)
        fill_queue(station, 200)
        queue = station.door.read_now(lambda reader: reader.queue("pending"))
        seen = {one: station.door.read_now(partial(_reaction, one)) for one in queue}

        def decide(number: int) -> None:
            view = seen[queue[number]]
            assert view is not None
            station.door.change_now(lambda work: reactions.decide(
                work, queue[number], Verb.APPROVE, seen=reactions.seen_of(view.reaction)))

        decisions = time_each(decide, min(n, len(queue)))
        raw.close()
        return [Figure("autosave of 10 kB, p95", p95(saves), p95(floors), "ms", 6.0, n),
                Figure("decision, durable, p95", p95(decisions), p95(floors), "ms", 6.0, len(decisions))]


def _reaction(reaction_id: str, reader: Reader) -> ReactionView | None:
    return reader.reaction(reaction_id)


def fill_queue(station: Workstation, count: int) -> None:
    """Give a profile that many reactions that wait, in great transactions."""
    begun = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    article_id = new_id()
    for first in range(0, count, 5000):
        numbers = range(first, min(first + 5000, count))

        def fill(work: object, numbers: range = numbers) -> Outcome[None]:
            for number in numbers:
                text = f"Reactie {number}: {WORDS[number % 90:][:110]}"
                at = begun + timedelta(seconds=number)
                made = Reaction(new_id(), article_id, number, f"Lezer {number % 977}", text,
                                text_hash(text, "", "", article_id), at)
                work.reactions.put(made, "1-0")  # type: ignore[attr-defined]
            return Outcome(None, work.changes())  # type: ignore[attr-defined]
        station.door.change_now(fill)


def queue(*, count: int = 1_000_000) -> list[Figure]:
    """Opening the queue: its ids in order and the first two hundred cards, beside the bare covering-index scan."""
    with _station() as station:
        fill_queue(station, count)
        raw = sqlite.connect(station.profile.store.path, "reader")
        floors = time_each(lambda _: raw.execute("SELECT id FROM reaction ORDER BY rid LIMIT ?", (count,)).fetchall(),
                           3)

        def open_queue(_: int) -> None:
            ids = station.door.read_now(lambda reader: reader.queue("pending"))
            station.door.read_now(lambda reader: reader.reaction_items(ids[:200]))

        opened = time_each(open_queue, 5)
        counted = time_each(lambda _: station.door.read_now(lambda reader: reader.counts()), 20)
        raw.close()
        return [Figure(f"opening a queue of {count:,}", median(opened), median(floors), "ms", 2.0, 5,
                       note="goal 250 ms"),
                Figure(f"counts over {count:,}", median(counted), median(floors), "ms", 0.1, 20)]


def first_sync(*, count: int = 10_000) -> list[Figure]:
    """A new desk reads a newsroom: whole feed over real HTTP, beside applying the same pages alone."""
    clock = SystemClock()
    with tempfile.TemporaryDirectory(prefix="redactie-") as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'press.db'}"
        service.create_newsroom(url, name="Proef")
        token = service.add_user(url, name="Proef", roles=("editor",)).token
        _fill_press(url, count)
        with _serving(url) as address:
            backend = PressBackend(address, token, "bench", clock)
            station = open_workstation(folder / "reader", changing=True)
            try:
                info = backend.hello()
                station.door.change_now(lambda work: connecting.bind(work, info, adapter="press", url=address))
                begun = clock.monotonic()
                pulled = SyncRunner(station.door, backend, clock).once().pulled
                taken = (clock.monotonic() - begun) * 1000
            finally:
                station.close()
                backend.close()
        floor = _apply_alone(folder, count)
        return [Figure(f"first sync of {pulled:,}", taken, floor, "ms", 3.0, 1,
                       note=f"{pulled / taken * 1000:.0f} objects a second")]


def _fill_press(url: str, count: int) -> None:
    """Put that many articles into press, each as one of its own writes."""
    now = SystemClock().now()
    with service.administering(url) as press:
        for first in range(0, count, 500):
            with press.database.write() as session:
                for number in range(first, min(first + 500, count)):
                    doc = article_document(Article("", headline=f"Artikel {number}", body=WORDS * 4))
                    write(session, press.house.newsroom_id, None, Change(new_id(), "article", doc, "upsert"), Origin(),
                          now)


def _apply_alone(folder: Path, count: int) -> float:
    clock = SystemClock()
    station = open_workstation(folder / "floor", changing=True)
    try:
        begun = clock.monotonic()
        for first in range(0, count, 200):
            rows = [RemoteDoc(new_id(), "article", "1-0", article_document(Article("", headline=f"Artikel {n}",
                                                                                   body=WORDS * 4)))
                    for n in range(first, min(first + 200, count))]

            def apply(work: object, rows: list[RemoteDoc] = rows) -> Outcome[None]:
                for row in rows:
                    pulling.take_state(work, row)  # type: ignore[arg-type]
                return Outcome(None, work.changes())  # type: ignore[attr-defined]
            station.door.change_now(apply)
        return (clock.monotonic() - begun) * 1000
    finally:
        station.close()


@contextmanager
def _serving(url: str) -> Iterator[str]:
    from editor.press.server import PressServer

    press = service.open_press(url)
    ready = threading.Event()
    server = PressServer(service.app_of(press), hub=press.hub, host="127.0.0.1", port=0,
                         on_ready=lambda address: ready.set())
    thread = threading.Thread(target=server.run, name="press")
    thread.start()
    ready.wait(20)
    try:
        yield server.url
    finally:
        server.stop()
        thread.join(20)


