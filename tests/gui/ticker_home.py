"""A real profile with a ticker's day in it, as the server acknowledged it, for the tests of the ticker's desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from editor.base.clock import FixedClock
from editor.base.ids import new_id
from editor.desk import ticker
from editor.desk.ports import Entity, UnitOfWork
from editor.desk.pulling import take_state
from editor.domain.article import Article, Status
from editor.domain.changes import Outcome
from editor.domain.documents import article_document, ticker_document
from editor.domain.moments import moment_from_wall
from editor.domain.publication import Publication, PublicationKind
from editor.domain.ticker import Intent, Priority, TickerEntry
from editor.runtime.bus import Bus
from editor.runtime.workers import Door
from editor.store.profile import open_profile
from editor.sync.backend import RemoteDoc
from editor.ui.bridge import Bridge

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 24, 11, 41, 10, tzinfo=UTC)  # 12:41 on the wall
LINES = (
    ("12:55", "Gemeente wil vaart achter de deur bij nieuwe wijk"), ("12:58", "Havenbedrijf en vakbond praten vanavond verder"),
    ("12:01", "Waterschap waarschuwt voor hoge stand in de Lek"), ("14:10", "Kamer stemt over langer geld voor kleine bibliotheken"),
    ("11:46", "Havenbedrijf en vakbond praten verder"), ("11:19", "Leraren vinden lesrooster nog steeds te vol"),
    ("10:39", "Veerpont bij Lekdam vaart weer na reparatie"), ("10:11", "Ziekenhuis opent polikliniek in het postkantoor"),
    ("09:41", "Rabat en Rotterdam tekenen voor vaste vrachtlijn"), ("09:14", "Museum krijgt tekeningen na zestig jaar terug"),
    ("09:02", "Vrachtwagen verliest kratten op de A27"), ("08:52", "Bakkers in Lekdam bakken weer op de dijk"),
    ("08:43", "Dadeloogst begint twee weken eerder dan normaal"),
)


class TickerHome:
    """The open profile, its door, its clock, and the day's lines by their time."""

    def __init__(self, door: Door, clock: FixedClock) -> None:
        self.door = door
        self.clock = clock
        self.ids: dict[str, str] = {}
        self._rev = 0

    def fill(self) -> None:
        """The day of the design: lines live and planned, one that is ready, an article that goes public first."""
        article_id = new_id()

        def make(work: UnitOfWork) -> Outcome[None]:
            self._take(work, "article", article_id, article_document(Article(
                article_id, headline=LINES[0][1], lead="Volgend voorjaar moeten de eerste bewoners hun sleutel krijgen.",
                status=Status.SCHEDULED, live=(Publication("1-abc", "h", NOW + timedelta(minutes=9),
                                                           PublicationKind.FIRST, "u1"),))))
            for clock, headline in LINES:
                self.acknowledged(work, clock, headline, article_id=article_id if clock == "12:55" else "")
            return Outcome(None, work.changes())
        self.door.change_now(make)
        self.ids["14:30"] = self.made("14:30", "Nieuwe spoorlijn naar Tanger een jaar later klaar", intent=Intent.READY)

    def acknowledged(self, work: UnitOfWork, clock: str, headline: str, **more: Any) -> None:
        """A line that press accepted an hour before its start."""
        start = moment_from_wall(f"2026-11-24T{clock}", ZONE)
        entry = replace(TickerEntry(new_id(), headline=headline, start=start, intent=Intent.PLANNED,
                                    accepted_at=min(NOW, start.utc) - timedelta(hours=1), accepted_start=start.utc),
                        **more)
        self._take(work, "ticker", entry.id, ticker_document(entry))
        self.ids[clock] = entry.id

    def made(self, clock: str, headline: str, *, intent: Intent = Intent.PLANNED, day: str = "2026-11-24",
             priority: Priority = Priority.NORMAL) -> str:
        """A line made on this computer, not sent yet."""
        entry = TickerEntry("", headline=headline, start=moment_from_wall(f"{day}T{clock}", ZONE), intent=intent,
                            priority=priority)
        return self.door.change_now(lambda work: ticker.add_entry(work, entry))

    def entity(self, entry_id: str) -> Entity:
        """The row as it stands."""
        found = self.door.read_now(lambda reader: reader.entity("ticker", entry_id))
        assert found is not None
        return found

    def wall(self, entry_id: str) -> str:
        """The line's start on the wall."""
        return str(self.entity(entry_id).doc["start"]["wall"])

    def _take(self, work: UnitOfWork, kind: str, entity_id: str, doc: dict[str, object]) -> None:
        self._rev += 1
        take_state(work, RemoteDoc(entity_id, kind, f"{self._rev}-0123456789ab", doc, seq=self._rev))


@contextmanager
def opened(folder: Path, *, now: datetime = NOW) -> Iterator[TickerHome]:
    """Open a profile in `folder`; close it, and the way to the GUI thread, at the end."""
    clock, bridge = FixedClock(now), Bridge()
    profile = open_profile(folder, clock=clock)
    faults: list[BaseException] = []
    door = Door(profile.store, Bus(bridge.deliver), bridge.deliver, faults.append)
    try:
        yield TickerHome(door, clock)
    finally:
        door.close()
        bridge.close()
        profile.close()
    assert not faults, faults
