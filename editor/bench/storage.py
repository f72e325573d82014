"""Figures of the database: a durable commit, opening a great queue, and the first sync of a newsroom."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from editor.backends.press import PressBackend
from editor.base import sqlite
from editor.base.clock import SystemClock
from editor.base.ids import new_id
from editor.bench.filling import WORDS, fill_queue, fresh_station
from editor.bench.measuring import Figure, median, p95, time_each
from editor.bench.window import raw_decisions
from editor.desk import articles, connecting, pulling, reactions
from editor.desk.reactions import Seen
from editor.desk.read_models import ReactionView, Reader
from editor.domain.article import Article
from editor.domain.documents import article_document, article_patch
from editor.domain.reaction import Verb
from editor.press import service
from editor.press.ledger import Change, Origin, write
from editor.runtime.sync_runner import SyncRunner
from editor.station import Workstation, open_workstation
from editor.sync.backend import ChangePage, RemoteDoc

PAGE = 200


def commit(*, n: int = 200, size: int = 10_000) -> list[Figure]:
    """An autosave beside one raw row in a transaction of its own, a decision beside a raw row changed and one added,
    all durable with the same pragmas."""
    with fresh_station() as station, tempfile.TemporaryDirectory(prefix="redactie-") as name:
        raw = Path(name) / "raw.db"
        floors, saves = _raw_saves(raw, n, size), _saves(station, n, size)
        floors += _raw_saves(raw, n, size)
        fill_queue(station, 2 * n)
        raw_decided, decided = raw_decisions(raw, n), _decisions(station, n)
        raw_decided += raw_decisions(raw, n)
    figures = []
    for what, taken, floor in ((f"autosave of {size // 1000} kB", saves, floors),
                               ("decision, durable", decided, raw_decided)):
        figures += [Figure(f"{what}, p50", median(taken), median(floor), "ms", 3.0, n),
                    Figure(f"{what}, p95", p95(taken), p95(floor), "ms", 3.0, n)]
    return figures


def _raw_saves(path: Path, n: int, size: int) -> list[float]:
    raw = sqlite.connect(path, "writer")
    body = (WORDS * (size // len(WORDS) + 1))[:size]
    raw.execute("CREATE TABLE IF NOT EXISTS t(id INTEGER PRIMARY KEY, body TEXT)")

    def save(number: int) -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT OR REPLACE INTO t VALUES(1, ?)", (f"{number}{body}",))
        raw.execute("COMMIT")
    try:
        return time_each(save, n)
    finally:
        raw.close()


def _saves(station: Workstation, n: int, size: int) -> list[float]:
    body = (WORDS * (size // len(WORDS) + 1))[:size]
    article_id = station.door.change_now(lambda work: articles.new_article(work, Article("", body=body)))
    version, known = 1, Article(article_id, body=body)

    def save(number: int) -> None:
        nonlocal version, known
        fields = {**article_patch(known), "body": f"{number}{body}"}
        saved = station.door.change_now(lambda work: articles.save_draft(
            work, article_id, version=version, started_from=article_document(known), fields=fields))
        version, known = saved.version, saved.article
    return time_each(save, n)


def _decisions(station: Workstation, n: int) -> list[float]:
    queue = station.door.read_now(lambda reader: reader.queue("pending"))
    seen = [station.door.read_now(partial(_seen, one)) for one in queue[:n]]

    def decide(number: int) -> None:
        station.door.change_now(lambda work: reactions.decide(work, queue[number], Verb.APPROVE, seen=seen[number]))
    return time_each(decide, n)


def _seen(reaction_id: str, reader: Reader) -> Seen:
    return reactions.seen_of(_view(reaction_id, reader).reaction)


def _view(reaction_id: str, reader: Reader) -> ReactionView:
    view = reader.reaction(reaction_id)
    assert view is not None
    return view


def queue(*, count: int = 1_000_000) -> list[Figure]:
    """Opening the queue: its ids in order and the first page of cards, beside reading the same ids in the same order
    from the bare file."""
    with fresh_station() as station:
        fill_queue(station, count)
        raw = sqlite.connect(station.profile.store.path, "reader")
        floors = time_each(lambda _: raw.execute(
            "SELECT id FROM reaction WHERE queue_state = 'pending' ORDER BY queue_rank, created_at, id").fetchall(), 3)

        def open_queue(_: int) -> None:
            ids = station.door.read_now(lambda reader: reader.queue("pending"))
            station.door.read_now(lambda reader: reader.reaction_items(ids[:PAGE]))

        opened = time_each(open_queue, 5)
        counted = time_each(lambda _: station.door.read_now(lambda reader: reader.counts()), 20)
        raw.close()
    return [Figure(f"opening a queue of {count:,}", median(opened), median(floors), "ms", None, 5, limit=250),
            Figure(f"counts over {count:,}", median(counted), median(floors), "ms", None, 20, limit=50)]


def first_sync(*, count: int = 10_000) -> list[Figure]:
    """A new desk reads a newsroom over real HTTP, beside applying the same pages alone; and a page applied, beside the
    bare upsert of the same rows in a transaction."""
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
        applied = _apply(folder, count)
        raw = _raw_pages(folder)
    return [Figure(f"first sync of {pulled:,}", taken, sum(applied), "ms", 3.0, 1,
                   note=f"{pulled / taken * 1000:.0f} objects a second"),
            Figure(f"a page of {min(PAGE, count)} applied", median(applied), median(raw), "ms", 2.0, len(applied))]


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


def _apply(folder: Path, count: int) -> list[float]:
    """Milliseconds of each page, applied as sync does."""
    rows = [RemoteDoc(new_id(), "article", "1-0", article_document(Article("", headline=f"Artikel {n}", body=WORDS * 4)),
                      seq=n + 1) for n in range(count)]
    station = open_workstation(folder / "applied", changing=True)

    def apply(page: int) -> None:
        part = ChangePage("1", rows[page * PAGE:(page + 1) * PAGE], next=str(page), more=True, head="end")
        station.door.change_now(lambda work: pulling.apply_page(work, "content", part))
    try:
        return time_each(apply, -(-count // PAGE))
    finally:
        station.close()


def _raw_pages(folder: Path) -> list[float]:
    """Milliseconds of each page when the rows that `_apply` wrote are upserted as they are, into the same tables with
    the same indexes and triggers of another profile."""
    source, target = (_database(folder, name) for name in ("applied", "raw"))
    statements = []
    for name, key in (("article", "id"), ("sync_state", "entity_id")):
        found = source.execute(f"SELECT * FROM {name}")  # noqa: S608 - names of ours
        columns = [column[0] for column in found.description]
        places, changed = ", ".join("?" * len(columns)), ", ".join(f"{one} = excluded.{one}" for one in columns)
        put_in = f"INSERT INTO {name}({', '.join(columns)}) VALUES({places})"
        statements.append((f"{put_in} ON CONFLICT({key}) DO UPDATE SET {changed}", found.fetchall()))

    def put(page: int) -> None:
        target.execute("BEGIN IMMEDIATE")
        for statement, rows in statements:
            target.executemany(statement, rows[page * PAGE:(page + 1) * PAGE])
        target.execute("COMMIT")
    try:
        return time_each(put, -(-len(statements[0][1]) // PAGE))
    finally:
        source.close()
        target.close()


def _database(folder: Path, name: str) -> sqlite.Connection:
    station = open_workstation(folder / name, changing=True)
    path = station.profile.store.path
    station.close()
    return sqlite.connect(path, "writer")


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


