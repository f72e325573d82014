"""A workstation without a window at a press behind a bad network: real profile, real engine, real sockets.

Its time-outs are those of the program divided by `SCALE`, as are the proxy's delays: the engine meets every one of them.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from editor.backends.press import PressBackend, client
from editor.base.clock import SystemClock
from editor.desk import articles, ticker
from editor.desk.read_models import ArticleFilter, Reader
from editor.domain.article import Action, Article, content_hash
from editor.domain.documents import article_document, article_patch
from editor.domain.moments import moment_of
from editor.domain.ticker import Intent, TickerEntry
from editor.domain.workflow import Step
from editor.runtime import sync_runner
from editor.runtime.sync_runner import SyncFacts, SyncRunner
from editor.station import Workstation, bind_press
from editor.store.profile import open_profile
from tests.chaos.proxy import Proxy

SCALE = 60.0
PATIENCE_S = 120.0
LOOK_S = 0.05


def scale_patience(patch: pytest.MonkeyPatch) -> None:
    """Every time-out of the engine, true to scale. Connecting keeps a second: a busy machine is no bad network."""
    patch.setattr(client, "READ_S", client.READ_S / SCALE)
    patch.setattr(client, "TOTAL_S", client.TOTAL_S / SCALE)
    patch.setattr(client, "CONNECT_S", 1.0)
    patch.setattr(sync_runner, "POLL_S", sync_runner.POLL_S / SCALE)
    patch.setattr(sync_runner, "TICK_S", 0.1)
    patch.setattr(sync_runner, "NOTICE_S", 1.0)  # whole seconds: press is asked for no less


class Seat:
    """One person's workstation; its engine runs."""

    def __init__(self, folder: Path, url: str, token: str, proxy: Proxy, dice: random.Random) -> None:
        self.proxy = proxy
        self.bugs: list[BaseException] = []
        self._dice = dice
        self._moved = threading.Event()
        self.station = Workstation(open_profile(folder), on_bug=self.bugs.append)
        assert bind_press(self.station, url, token)
        backend = PressBackend(proxy.url, token, self.station.replica_id, SystemClock())
        self.runner = SyncRunner(self.station.door, backend, SystemClock(), told=self._told,
                                 chance=lambda: dice.random() / SCALE, on_bug=self.bugs.append)
        self.station.door.bus.subscribe(lambda changes, initiator: self._moved.set())
        self.runner.start()

    def _told(self, facts: SyncFacts) -> None:
        self._moved.set()

    def close(self) -> None:
        """End the engine, then the profile."""
        self.runner.stop()
        self.station.close()

    # ------------------------------------------------------------------------------------------------------- working
    def new_article(self, token: str) -> str:
        """Write one."""
        return self.station.door.change_now(
            lambda work: articles.new_article(work, Article("", headline=f"Stuk {token}", body=f"Zin {token}.\n\n")))

    def type(self, article_id: str, token: str) -> None:
        """Add a sentence that holds `token`."""
        view = self.station.door.read_now(lambda reader: reader.article(article_id))
        assert view is not None
        fields = {**article_patch(view.article), "body": f"{view.article.body}Zin {token}.\n\n"}
        self.station.door.change_now(lambda work: articles.save_draft(
            work, article_id, version=view.version, started_from=article_document(view.article), fields=fields))

    def plan(self, token: str) -> None:
        """A ticker line for now."""
        start = moment_of(self.station.clock.now(), "Europe/Amsterdam")
        entry = TickerEntry("", headline=f"Regel {token}", start=start, intent=Intent.PLANNED)
        self.station.door.change_now(lambda work: ticker.add_entry(work, entry, on_late="as_planned"))

    def publish(self, token: str) -> None:
        """A new article, approved and published."""
        article_id = self.new_article(token)
        view = self.station.door.read_now(lambda reader: reader.article(article_id))
        assert view is not None
        seen = content_hash(view.article)
        for action in (Action.APPROVE, Action.PUBLISH):
            self.station.door.change_now(partial(articles.take_step, article_id=article_id,
                                                 step=Step(action, content_hash=seen)))

    # ------------------------------------------------------------------------------------------------------- waiting
    def until(self, what: Callable[[], bool], why: str) -> None:
        """Wait until something holds, looked at whenever something moved; urges the engine on."""
        clock = SystemClock()
        deadline = clock.monotonic() + PATIENCE_S
        while not what():
            assert clock.monotonic() < deadline, f"{why}: {self.runner.facts}"
            if self._moved.wait(LOOK_S):
                self._moved.clear()
            else:
                self.runner.wake(force=True)

    def is_clean(self) -> bool:
        """Nothing waits, and the last round went well."""
        counts = self.station.door.read_now(lambda reader: reader.counts())
        return self.runner.facts.state == "ok" and (counts.unsent, counts.conflicts, counts.parked) == (0, 0, 0)

    def documents(self) -> dict[str, Mapping[str, Any]]:
        """Every article and line as it stands here."""
        return self.station.door.read_now(documents_of)


def documents_of(reader: Reader) -> dict[str, Mapping[str, Any]]:
    """Every article and line of a profile."""
    found = {}
    ids = [("article", item.id) for item in reader.articles(ArticleFilter(), limit=100_000)]
    ids += [("ticker", entry.id) for entry in reader.ticker_entries()]
    for kind, one in ids:
        entity = reader.entity(kind, one)
        assert entity is not None
        found[one] = entity.doc
    return found


def on_press(url: str, token: str, stream: str = "content") -> dict[str, Mapping[str, Any]]:
    """What a stream of press has, read over a good network; the feed must rise and hold each thing once."""
    backend = PressBackend(url, token, "onlooker", SystemClock())
    documents: dict[str, Mapping[str, Any]] = {}
    try:
        cursor, more, last = None, True, 0
        while more:
            page = backend.changes(stream, cursor)
            for row in page.changes:
                assert row.seq is not None
                assert row.seq > last
                last = row.seq
                if row.kind in ("article", "ticker", "reaction") and row.doc is not None:
                    assert row.entity_id not in documents
                    documents[row.entity_id] = row.doc
            cursor, more = page.next, page.more
    finally:
        backend.close()
    return documents
