"""Filling the sample newsroom for its window: the page, more articles in every status, and reactions that wait."""

from __future__ import annotations

import tomllib
from datetime import date, timedelta
from functools import partial
from typing import Any

from editor.base.errors import UserError
from editor.base.ids import tail
from editor.base.messages import Message
from editor.base.paths import resources
from editor.desk import articles, importing, ticker
from editor.desk.ports import UnitOfWork
from editor.desk.ticker import PlannedLine
from editor.domain.article import Action, Article, Byline, Status, content_hash
from editor.domain.changes import Outcome
from editor.domain.moments import moment_of
from editor.domain.publication import Note, PublicationKind
from editor.domain.workflow import Step
from editor.exchange.base import Page
from editor.exchange.page_text import read_reactions
from editor.press import service
from editor.press.readers import post_reaction
from editor.station import Workstation

STEPS_TO = {
    "draft": (), "desk": (Action.SUBMIT,), "approved": (Action.SUBMIT, Action.APPROVE),
    "scheduled": (Action.SUBMIT, Action.APPROVE, Action.SCHEDULE),
    "published": (Action.SUBMIT, Action.APPROVE, Action.PUBLISH),
}
AHEAD = timedelta(hours=5)  # what is planned goes out this long after the sample's hour
LINES_AHEAD = (  # minutes after the sample's hour, headline: two too close, then a gap
    (14, "Raad begint aan debat over de Oosterkade"),
    (17, "Havenbedrijf en vakbond praten vanavond verder"),
    (89, "Kamer stemt over langer geld voor kleine bibliotheken"),
    (109, "Nieuwe spoorlijn naar Tanger een jaar later klaar"),
)


def furnish(station: Workstation, page: Page, day: date, press_url: str) -> None:
    """Bring the page in, publish it, write the other articles, and let a dozen readers react."""
    made = station.door.change_now(lambda work: importing.import_page(work, page, day))
    for text in sorted((resources() / "sample" / "articles").glob("*.md")):
        _write(station, text.read_text(encoding="utf-8"))
    if made.article_id is not None:
        _take(station, made.article_id, STEPS_TO["published"])
    _plan(station)
    runner = station.runner()
    assert runner is not None  # it was bound a moment ago
    try:
        runner.once()
        if made.article_id is not None:
            _react(press_url, made.article_id)
        runner.once()
    finally:
        runner.stop()


def _plan(station: Workstation) -> None:
    zone = station.door.read_now(lambda reader: reader.newsroom()).zone
    now = station.clock.now().replace(second=0)
    lines = tuple(PlannedLine(text, moment_of(now + timedelta(minutes=minutes), zone)) for minutes, text in LINES_AHEAD)
    station.door.change_now(lambda work: ticker.add_lines(work, lines))


def _write(station: Workstation, text: str) -> None:
    """One article of the sample: TOML between `+++` lines, then its text."""
    _, head, body = text.split("+++", 2)
    fields: dict[str, Any] = tomllib.loads(head)
    article = Article(
        "", headline=fields.get("headline", ""), headline_short=fields.get("headline_short", ""),
        kicker=fields.get("kicker", ""), lead=fields.get("lead", ""), section=fields.get("section", ""),
        bylines=tuple(Byline(name) for name in _names(fields.get("byline", ()))),
        tags=tuple(fields.get("tags", ())), body=body.strip("\n"))
    made = station.door.change_now(lambda work: articles.new_article(work, article))
    _take(station, made, STEPS_TO[fields.get("status", "draft")])
    correction = fields.get("correction")
    if correction:
        _take(station, made, (Action.CORRECT,), Note(str(correction)))


def _names(given: str | list[str] | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)


def _take(station: Workstation, article_id: str, actions: tuple[Action, ...], note: Note | None = None) -> None:
    zone = station.door.read_now(lambda reader: reader.newsroom()).zone
    for action in actions:
        view = station.door.read_now(lambda reader: reader.article(article_id))
        if view is None:
            raise UserError("not_found", Message("desk", "There is no {kind} {id}.", {"kind": "article", "id": tail(article_id)}))
        seen = content_hash(view.article) if action.needs_hash else None
        at = moment_of(station.clock.now().replace(second=0) + AHEAD, zone) if action is Action.SCHEDULE else None
        kind = PublicationKind.UPDATE if action is Action.PUBLISH and view.article.live else None
        step = Step(action, content_hash=seen, publish_at=at, note=note, kind=kind)
        station.door.change_now(partial(_step, article_id=article_id, step=step))


def _step(work: UnitOfWork, *, article_id: str, step: Step) -> Outcome[Status]:
    return articles.take_step(work, article_id, step)


def _react(press_url: str, article_id: str) -> None:
    reactions = read_reactions((resources() / "sample" / "reactions.txt").read_bytes())
    with service.administering(press_url) as press:
        for reaction in reactions:
            post_reaction(press, article_id, name=reaction.author, text=reaction.text)
