"""Hints between processes: they come whatever else the process has open, and whatever else is said (sync D.2)."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import Callable, Iterator

import psycopg
import pytest

from editor.press import service
from editor.press.database import Database
from editor.press.hub import Hub
from editor.press.notices import CHANNEL, Notices

pytestmark = pytest.mark.skipif(os.name == "nt", reason="no PostgreSQL of the tests' own on Windows")
SELECTABLE = 1024  # files that select() can tell of


class Process:
    """One server process's part in the hints."""

    def __init__(self, database_url: str, newsroom_id: str) -> None:
        self.newsroom_id, self.database, self.hub = newsroom_id, Database(database_url), Hub()
        self.notices = Notices(self.database, self.hub, newsroom_id)
        self.notices.start()

    def close(self) -> None:
        self.notices.close()
        self.database.close()


@pytest.fixture
def start(postgres_database: str) -> Iterator[Callable[[], Process]]:
    """Starts one more process on the same newsroom."""
    newsroom_id = service.create_newsroom(postgres_database, name="De Proefkrant")
    with contextlib.ExitStack() as stack:
        def make() -> Process:
            made = Process(postgres_database, newsroom_id)
            stack.callback(made.close)
            return made
        yield make


def heard(process: Process, head: int, say: Callable[[], object]) -> bool:
    """Whether the head comes to be known there, while it is said again and again."""
    for _ in range(400_000):
        if process.hub.heads().get("content") == head:
            return True
        say()
    return False


@contextlib.contextmanager
def many_open_files() -> Iterator[None]:
    """More than select() can tell of."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * SELECTABLE), hard))
    files = [os.open(os.devnull, os.O_RDONLY) for _ in range(SELECTABLE)]
    try:
        yield
    finally:
        for file in files:
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_process_with_many_open_files_tells_and_hears(start: Callable[[], Process], postgres_database: str):
    with many_open_files():
        one, other = start(), start()
    with psycopg.connect(postgres_database.replace("postgresql+psycopg", "postgresql"), autocommit=True) as watching:
        one.hub.moved("content", 7)
        assert heard(other, 7, lambda: watching.execute("SELECT 1"))


def test_a_hint_that_makes_no_sense_does_not_end_the_hearing(
        start: Callable[[], Process], postgres_database: str, caplog: pytest.LogCaptureFixture):
    process = start()
    url = postgres_database.replace("postgresql+psycopg", "postgresql")
    with caplog.at_level(logging.CRITICAL), psycopg.connect(url, autocommit=True) as other:
        def say(head: str) -> None:
            other.execute("SELECT pg_notify(%s, %s)", (CHANNEL, f"{process.newsroom_id} content {head}"))

        say("9" * 5_000)  # more digits than Python reads
        assert heard(process, 8, lambda: say("8"))
