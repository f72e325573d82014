"""Bringing a page in: its ticker lines and its article, all or nothing (model 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from editor.desk import articles, ticker
from editor.desk.ports import UnitOfWork
from editor.domain.article import Article
from editor.domain.changes import Outcome
from editor.domain.ticker_rules import OnLate
from editor.exchange.base import Page


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import made."""

    article_id: str | None
    ticker_ids: tuple[str, ...]


def import_page(work: UnitOfWork, page: Page, day: date) -> Outcome[Imported]:
    """Make the page's entries on `day` and its article as a draft. Lines whose time has passed go in as planned.
    Reactions are never created: press alone makes them."""
    newsroom = work.profile.newsroom()
    lines = ticker.moments_for(page.ticker, day, newsroom)
    made = ticker.add_lines(work, lines, on_late=OnLate.AS_PLANNED).value if lines else ()
    article_id = None
    if page.article is not None:
        text = page.article
        fields = Article("", headline=text.headline, lead=text.lead, body=text.body, language=newsroom.language)
        article_id = articles.new_article(work, fields).value
    return Outcome(Imported(article_id, made), work.changes())
