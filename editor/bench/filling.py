"""Profiles with much in them, made in great transactions for the measurements."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from editor.base.ids import new_id
from editor.desk import articles
from editor.desk.ports import UnitOfWork
from editor.domain.article import Article
from editor.domain.changes import Outcome
from editor.domain.reaction import Reaction, text_hash
from editor.station import Workstation, open_workstation

WORDS = ("De wethouder wacht het besluit van de raad af en wil daarna snel beginnen met de bouw van de eerste woningen. "
         "Bewoners vragen om een veilige oversteek en om meer groen tussen de huizen aan de kade. ")
AT_ONCE = 5000


@contextmanager
def fresh_station() -> Iterator[Workstation]:
    """A new profile, open; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="redactie-") as folder:
        station = open_workstation(Path(folder) / "profile", changing=True)
        try:
            yield station
        finally:
            station.close()


@contextmanager
def filled_profile(fill: Callable[[Workstation], None]) -> Iterator[Path]:
    """The folder of a profile that `fill` filled, closed; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="redactie-") as name:
        folder = Path(name) / "profile"
        station = open_workstation(folder, changing=True)
        try:
            fill(station)
        finally:
            station.close()
        yield folder


def fill_queue(station: Workstation, count: int) -> None:
    """Give a profile that many reactions that wait."""
    begun = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    article_id = new_id()
    for first in range(0, count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count))

        def fill(work: UnitOfWork, numbers: range = numbers) -> Outcome[None]:
            for number in numbers:
                text = f"Reactie {number}: {WORDS[number % 90:][:110]}"
                at = begun + timedelta(seconds=number)
                made = Reaction(new_id(), article_id, number, f"Lezer {number % 977}", text,
                                text_hash(text, "", "", article_id), at)
                work.reactions.put(made, "1-0")
            return Outcome(None, work.changes())
        station.door.change_now(fill)


def fill_articles(station: Workstation, count: int) -> None:
    """Give a profile that many articles of its own."""
    for first in range(0, count, AT_ONCE):
        numbers = range(first, min(first + AT_ONCE, count))

        def fill(work: UnitOfWork, numbers: range = numbers) -> Outcome[None]:
            for number in numbers:
                articles.new_article(work, Article("", headline=f"Artikel {number} over de Oosterkade", body=WORDS * 8))
            return Outcome(None, work.changes())
        station.door.change_now(fill)
