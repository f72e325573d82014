"""Parts of the child programs that read a newsroom: what they say of it line by line, and what they measure meanwhile."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from editor.backends.press import PressBackend
from editor.base.clock import SystemClock
from editor.base.memory import peak
from editor.desk import articles
from editor.domain.article import Article
from editor.domain.documents import article_document
from editor.station import open_workstation
from editor.sync.backend import ChangePage

if TYPE_CHECKING:
    from editor.runtime.sync_runner import SyncFacts
    from editor.runtime.workers import Deliver, Door
    from editor.ui.parts import OnBug, Opened, Parts

SAVE_S = 0.25  # between two saves of a thread that saves without pause
SAVED = "Een alinea van een artikel dat onder het lezen geschreven wordt. " * 30


class AloudBackend(PressBackend):
    """Says how many things each page of a first reading brought, before any of them is taken in."""

    def snapshot(self, stream: str, token: str | None, *, days: int = 0, limit: int = 200) -> ChangePage:
        page = super().snapshot(stream, token, days=days, limit=limit)
        say(came=len(page.changes))
        return page


def say(**found: object) -> None:
    """One line for the parent, written at once; any thread."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()


def say_facts(facts: SyncFacts) -> None:
    """How far it is, durably."""
    say(done=facts.rows_done, total=facts.rows_total, at=SystemClock().monotonic(), state=facts.state)


def read_aloud(folder: Path) -> None:
    """Read to the end."""
    station = open_workstation(folder, changing=True, backends=AloudBackend)
    try:
        runner = station.runner(say_facts)
        assert runner is not None  # the profile is bound
        say(begun=SystemClock().monotonic())
        say(pulled=runner.once().pulled, at=SystemClock().monotonic(), peak=peak())
    finally:
        station.close()


class Saving:
    """Saves an article again and again, as a person's typing does, and times each from its call to its commit."""

    def __init__(self) -> None:
        self._taken: list[float] = []
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, door: Door) -> None:
        """Begin with a new article."""
        self._thread = threading.Thread(target=self._save, args=(door,), name="bench-saving")
        self._thread.start()

    def take(self) -> list[float]:
        """Milliseconds of each save since this was asked last."""
        found, self._taken = self._taken, []
        return found

    def stop(self) -> None:
        """Save no longer; before the profile closes."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()

    def _save(self, door: Door) -> None:
        clock, number = SystemClock(), 0
        article_id = door.change_now(lambda work: articles.new_article(work, Article("", headline="Onder het lezen")))
        known, version = Article(article_id, headline="Onder het lezen"), 1
        while not self._stop.wait(SAVE_S):
            number += 1
            begun = clock.monotonic()
            saved = door.change_now(partial(articles.save_draft, article_id=article_id, version=version,
                                            started_from=article_document(known), fields={"body": f"{number} {SAVED}"}))
            self._taken.append((clock.monotonic() - begun) * 1000)
            known, version = saved.article, saved.version


def aloud(parts: Parts, saving: Saving) -> Parts:
    """The window's parts, whose profile says how its first reading stands and is saved into all the while."""
    def open_profile(deliver: Deliver, on_bug: OnBug) -> Opened:
        opened = parts.open_profile(deliver, on_bug)
        opened.subscribe_facts(say_facts)
        saving.start(opened.door)
        return replace(opened, close=partial(_close, saving, opened.close))
    return replace(parts, open_profile=open_profile)


def _close(saving: Saving, close: Callable[[], None]) -> None:
    saving.stop()
    close()
