"""A real profile with a morning's articles in it, for the tests and the pictures of the articles desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from editor.base.clock import FixedClock
from editor.base.ids import new_id
from editor.desk import articles, connecting, lanes
from editor.desk.ports import Entity, UnitOfWork
from editor.desk.pulling import take_state
from editor.desk.read_models import ArticleView
from editor.domain.article import Approval, Article, Status, content_hash
from editor.domain.changes import Outcome
from editor.domain.documents import article_document, newsroom_document, ticker_document
from editor.domain.moments import moment_from_wall
from editor.domain.newsroom import FieldLimits, Newsroom
from editor.domain.publication import Note, Publication, PublicationKind
from editor.domain.ticker import Intent, TickerEntry
from editor.runtime.bus import Bus
from editor.runtime.workers import Door
from editor.store.profile import open_profile
from editor.sync.backend import RemoteDoc, ServerInfo
from editor.ui.bridge import Bridge

ZONE = "Europe/Amsterdam"
NOW = datetime(2026, 11, 24, 13, 2, 11, tzinfo=UTC)  # 14:02:11 on the wall
LEAD = ("Volgend voorjaar moeten de eerste bewoners van de Oosterkade hun sleutel krijgen. De wethouder trekt daarvoor "
        "negen miljoen euro uit, maar de aannemers houden een slag om de arm.")
BODY = """Aan de Oosterkade staat voorlopig vooral zand. Toch verwacht wethouder Bouchra Idrissi dat de eerste tachtig woningen voor Pasen klaar zijn, zei ze **donderdag** tegen de raad.

## Een jaar eerder dan gedacht

De versnelling is een gevolg van de nieuwe regels voor fabriekswoningen. Die mogen sinds september zonder aparte vergunning worden geplaatst, mits de fundering is gekeurd.

> „We bouwen niet sneller, we wachten korter.”

Volgens bouwbedrijf [Van Leer](https://example.org/van-leer) is dat te rooskleurig. Er wordt door het bedrijf gewacht op de levering van het staal op de kade.

## Wie mag er wonen?

Van de tachtig woningen gaat een derde naar starters uit de stad."""
OPEN = "Gemeente wil vaart achter de deur bij nieuwe wijk"
REGIONS = ({"base": "De trein rijdt in 2027.", "mine": "De trein rijdt in het voorjaar van 2027.",
            "theirs": "De trein rijdt op zijn vroegst in 2027."},)
ROLES = ("journalist", "editor")


class ArticlesHome:
    """The open profile, its door, its clock, and the articles by their headline."""

    def __init__(self, door: Door, clock: FixedClock, folder: Path) -> None:
        self.door = door
        self.clock = clock
        self.folder = folder
        self.ids: dict[str, str] = {}
        self._rev = 0

    def bind(self, *roles: str, newsroom: Newsroom | None = None) -> None:
        """Log in as Samira; with the newsroom's document."""
        info = ServerInfo("e1", "n1", "u1", "Samira", roles or ROLES, (), {}, (), 1_000_000, sample=False, server_time=self.clock.now())

        def make(work: UnitOfWork) -> Outcome[None]:
            connecting.bind(work, info, adapter="press", url="https://redactie.example")
            wanted = newsroom or Newsroom("n1", sections=("Stad", "Regio", "Sport"), limits=FieldLimits(30, 90, 300))
            self.take(work, "newsroom", "n1", newsroom_document(wanted))
            for person, name in (("u1", "Samira"), ("u2", "Tom"), ("u3", "Noor")):
                self.take(work, "person", person, {"name": name, "roles": ["journalist"], "active": True})
            return Outcome(None, work.changes())
        self.door.change_now(make)

    def write(self, headline: str, **fields: Any) -> str:
        """An article made on this computer."""
        made = self.door.change_now(lambda work: articles.new_article(work, Article("", headline=headline, **fields)))
        self.ids[headline] = made
        return made

    def arrive(self, headline: str, by: str = "u2", *, article_id: str = "", **fields: Any) -> str:
        """An article as the server has it now."""
        article_id = article_id or self.ids.get(headline) or new_id()
        doc = article_document(Article(article_id, headline=headline, changed_by=by, created_by=by, **fields))

        def make(work: UnitOfWork) -> Outcome[None]:
            self.take(work, "article", article_id, doc)
            return Outcome(None, work.changes())
        self.door.change_now(make)
        self.ids[headline] = article_id
        return article_id

    def arrive_public(self, headline: str, at: str, *, corrected: str = "", body: str = "De tekst.") -> str:
        """An article that readers see, unchanged since."""
        article = Article("", headline=headline, body=body)
        live = [Publication("1-a", content_hash(article), moment_from_wall(at, ZONE).utc, PublicationKind.FIRST, "u2")]
        if corrected:
            live.append(Publication("2-b", content_hash(article), moment_from_wall(corrected, ZONE).utc,
                                    PublicationKind.CORRECTION, "u2", Note("Er stond een verkeerde naam.", "Correctie")))
        return self.arrive(headline, "", body=body, status=Status.PUBLISHED, live=tuple(live))

    def fill(self) -> None:
        """The morning of the design, oldest first."""
        self._at("2026-11-22T15:20")
        self.write("Dadeloogst begint twee weken eerder dan normaal")
        self._at("2026-11-23T11:02")
        self.arrive("Kleine bibliotheken krijgen toch langer geld")
        self._at("2026-11-23T17:03")
        self.arrive_public("Leraren vinden lesrooster nog steeds te vol", "2026-11-23T16:12", corrected="2026-11-23T17:03")
        self._at("2026-11-24T08:52")
        self.fill_conflict()
        self._at("2026-11-24T09:41")
        self.arrive_public("Rabat en Rotterdam tekenen voor vaste vrachtlijn", "2026-11-24T09:41")
        self._at("2026-11-24T10:40")
        planned = Article("", headline="Waterschap waarschuwt voor hoge stand in de Lek", body="De Lek stijgt.")
        at = moment_from_wall("2026-11-24T18:00", ZONE)
        self.arrive(planned.headline, body=planned.body, status=Status.SCHEDULED, publish=at,
                    approved=Approval("1-a", content_hash(planned), "u2", NOW),
                    live=(Publication("1-a", content_hash(planned), at.utc, PublicationKind.FIRST, "u2"),))
        self._at("2026-11-24T10:58")
        self.arrive("Havenbedrijf en vakbond praten verder over rooster", status=Status.DESK)
        self._at("2026-11-24T11:20")
        self.write(OPEN, kicker="Woningbouw", lead=LEAD, body=BODY)
        self._lines()
        self.clock.advance(NOW - self.clock.now())

    def fill_conflict(self) -> str:
        """An article with two versions of one sentence."""
        headline = "Nieuwe spoorlijn naar Tanger een jaar later klaar"
        whole = "De lijn is bijna af. {}\n\nTot die tijd rijden er bussen."
        article_id = self.arrive(headline, "u3", body=whole.format(REGIONS[0]["mine"]))

        def make(work: UnitOfWork) -> Outcome[None]:
            lanes.raise_card(work, article_id, "article", "text", "body", base=whole.format(REGIONS[0]["base"]), regions=REGIONS,
                             theirs_actor="u3", code="mine", mine=whole.format(REGIONS[0]["mine"]), theirs=whole.format(REGIONS[0]["theirs"]))
            lanes.refresh(work, "article", article_id)
            return Outcome(None, work.changes())
        self.door.change_now(make)
        return article_id

    def view(self, article_id: str) -> ArticleView:
        """The article as it stands on disk."""
        found = self.door.read_now(lambda reader: reader.article(article_id))
        assert found is not None
        return found

    def entity(self, article_id: str) -> Entity:
        """Its row."""
        found = self.door.read_now(lambda reader: reader.entity("article", article_id))
        assert found is not None
        return found

    def take(self, work: UnitOfWork, kind: str, entity_id: str, doc: dict[str, Any]) -> None:
        """A state from the server."""
        self._rev += 1
        take_state(work, RemoteDoc(entity_id, kind, f"{self._rev}-0123456789ab", doc, seq=self._rev))

    def _at(self, wall: str) -> None:
        self.clock.advance(moment_from_wall(wall, ZONE).utc - self.clock.now())

    def _lines(self) -> None:
        lines = (("11:46", "Havenbedrijf en vakbond praten verder"), ("11:19", "Waterschap waarschuwt voor hoge stand"),
                 ("09:41", "Rabat en Rotterdam tekenen voor vrachtlijn"))

        def make(work: UnitOfWork) -> Outcome[None]:
            for clock, headline in lines:
                start = moment_from_wall(f"2026-11-24T{clock}", ZONE)
                entry = TickerEntry(new_id(), headline=headline, start=start, intent=Intent.PLANNED,
                                    accepted_at=start.utc - timedelta(hours=1), accepted_start=start.utc)
                self.take(work, "ticker", entry.id, ticker_document(entry))
            return Outcome(None, work.changes())
        self.door.change_now(make)


@contextmanager
def opened(folder: Path, *, now: datetime = NOW - timedelta(days=3)) -> Iterator[ArticlesHome]:
    """Open a profile in `folder`; close it, and the way to the GUI thread, at the end."""
    clock, bridge = FixedClock(now), Bridge()
    profile = open_profile(folder, clock=clock)
    faults: list[BaseException] = []
    door = Door(profile.store, Bus(bridge.deliver), bridge.deliver, faults.append)
    try:
        yield ArticlesHome(door, clock, folder)
    finally:
        door.close()
        bridge.close()
        profile.close()
    assert not faults, faults
