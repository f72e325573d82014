"""What the articles desk shows of one open article, read on a db-reader thread. No Qt in here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from editor.desk.ports import RevisionRow
from editor.desk.read_models import ArticleView, Reader
from editor.domain.article import Article, Status, content_hash
from editor.domain.moments import zone_info
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor
from editor.domain.publication import Publication, PublicationKind, ahead, shown
from editor.domain.reaction import QueueState
from editor.domain.ticker import public_list
from editor.ui.widgets.conflict_values import ids_in

SLOT_LINES = 3  # of the ticker, above the page's preview


@dataclass(frozen=True, slots=True)
class Screen:
    """An open article with all that stands around it. `lines` are (HH:MM, headline) of the public ticker; `people`
    are names by id, of those who stand on a card."""

    view: ArticleView
    newsroom: Newsroom
    actor: Actor
    lines: tuple[tuple[str, str], ...]
    reactions: int
    people: Mapping[str, str]
    now: datetime
    hash: str  # of the working text; worked out here, since a long one takes its time
    titles: Mapping[str, str] = field(default_factory=dict)  # of the things that it and its cards name by their ids

    @property
    def article(self) -> Article:
        """The working text."""
        return self.view.article

    @property
    def wanted(self) -> Status:
        """The status with the steps that wait."""
        return Status(self.view.wanted)

    @property
    def on_page(self) -> Publication | None:
        """The publication that readers see, None while there is none."""
        out = shown(self.article.live, self.now)
        return None if out is None or out.kind is PublicationKind.WITHDRAWAL else out

    @property
    def withdrawn_at(self) -> datetime | None:
        """Since when readers find it withdrawn, None when they do not."""
        out = shown(self.article.live, self.now)
        return out.release_at if out is not None and out.kind is PublicationKind.WITHDRAWAL else None

    @property
    def planned_at(self) -> datetime | None:
        """When what stands ready on the server goes out, None for nothing."""
        out = ahead(self.article.live, self.now)
        return None if out is None else out.release_at

    @property
    def differs(self) -> bool:
        """Whether readers see another text than the working one."""
        out = self.on_page
        return out is not None and out.content_hash != self.hash

    def waits(self, *actions: str) -> bool:
        """Whether one of these steps is still to be sent."""
        return any(row.verb == "transition" and row.command.get("action") in actions for row in self.view.waiting)

    @property
    def is_approved(self) -> bool:
        """Whether exactly this text was approved, on the server or by a step that waits."""
        asked = [row.command.get("content_hash") for row in self.view.waiting
                 if row.verb == "transition" and row.command.get("action") == "approve"]
        if asked:
            return asked[-1] == self.hash
        return self.article.approved is not None and self.article.approved.content_hash == self.hash


def read_screen(reader: Reader, article_id: str, now: datetime) -> Screen | None:
    """Everything that the desk paints of one article, None when there is no such article."""
    view = reader.article(article_id)
    if view is None:
        return None
    newsroom = reader.newsroom()
    lines = tuple((line.time, line.headline) for line in public_list(reader.ticker_entries(), newsroom, now)[:SLOT_LINES])
    reactions = sum(1 for item in reader.conversation(article_id) if item.state is QueueState.APPROVED)
    people = {}
    for person_id in {card.theirs_actor for card in view.conflicts if card.theirs_actor}:
        person = reader.entity("person", person_id)
        people[person_id] = str(person.doc.get("name", "")) if person is not None else ""
    named = {one for article in (view.article, view.live) if article is not None for one in article.related}
    named = named.union(*(ids_in(card.field, card.base, card.mine, card.theirs) for card in view.conflicts))
    return Screen(view, newsroom, reader.actor(), lines, reactions, people, now, content_hash(view.article),
                  _titles(reader, named))


def _titles(reader: Reader, ids: Iterable[str]) -> dict[str, str]:
    """The headlines of articles, by their ids."""
    found = ((one, reader.entity("article", one)) for one in sorted(ids))
    return {one: str(entity.doc.get("headline", "")) for one, entity in found if entity is not None}


@dataclass(frozen=True, slots=True)
class Versions:
    """The kept texts of an article, newest first, and its present one; `titles` as a `Screen` has them."""

    article_id: str
    rows: Sequence[RevisionRow]
    now: datetime
    titles: Mapping[str, str] = field(default_factory=dict)


def read_versions(reader: Reader, article_id: str, now: datetime) -> Versions:
    """The kept texts of an article."""
    rows = reader.article_texts(article_id)
    named = set[str]().union(*(ids_in("related", row.doc.get("related")) for row in rows))
    return Versions(article_id, rows, now, _titles(reader, named))


def zone_of(screen: Screen | None) -> str:
    """The newsroom's zone, the house's own before it is known."""
    return screen.newsroom.zone if screen is not None else Newsroom().zone


def today_in(zone: str, now: datetime) -> datetime:
    """`now` on the wall of a zone."""
    return now.astimezone(zone_info(zone))
