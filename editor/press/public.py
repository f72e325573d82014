"""What readers see at a time *t*: evaluated at every read by the domain's functions. Nothing fires, nothing is stored."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.ids import TAIL, tail
from editor.domain.article import Article, effective_status
from editor.domain.documents import article_value, reaction_value, ticker_value
from editor.domain.newsroom import Newsroom
from editor.domain.publication import PublicationKind, first_released, released, shown, updated_at
from editor.domain.reaction import Reaction, ReactionStatus
from editor.domain.ticker import Intent, PublicLine, public_list
from editor.press.schema import EntityRow, RevisionRow, SlugRow
from editor.press.slugs import slug_of

PER_PAGE = 50  # reactions
_SLUG, _TAIL = re.compile("[a-z0-9-]+"), re.compile(f"[0-9a-f]{{{TAIL}}}")  # anything else is no address of ours


@dataclass(frozen=True, slots=True)
class Correction:
    """A correction's note: it stays on the page."""

    at: datetime
    text: str
    type: str


@dataclass(frozen=True, slots=True)
class PublicArticle:
    """An article as it is public: the frozen text of the publication that is shown."""

    id: str
    rev: str  # whose text it is
    path: str
    text: Article
    first_at: datetime
    updated_at: datetime | None
    corrections: tuple[Correction, ...]
    reactions_mode: str  # of the present document: it works at once

    @property
    def takes_reactions(self) -> bool:
        """Whether readers may react."""
        return self.reactions_mode != "closed"


@dataclass(frozen=True, slots=True)
class TickerLink:
    """A line of the ticker and where it leads, if anywhere."""

    line: PublicLine
    href: str


@dataclass(frozen=True, slots=True)
class Found:
    """What stands at an address: an article, the address it has now, or that it was withdrawn."""

    article: PublicArticle | None = None
    moved_to: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Thread:
    """A reaction with its answers. `orphan`: it answers what is no longer there."""

    reaction: Reaction
    answers: tuple[Reaction, ...] = ()
    orphan: bool = False


def find_article(session: Session, newsroom_id: str, name: str, t: datetime) -> Found | None:
    """What stands at `/artikel/<name>` at `t`, None for nothing."""
    slug, _, last = name.rpartition("-")
    if not _SLUG.fullmatch(slug) or not _TAIL.fullmatch(last):
        return None
    rows = session.scalars(sa.select(EntityRow).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.kind == "article", EntityRow.tail == last,
        EntityRow.deleted == 0)).all()
    known = [row for row in rows if _has_slug(session, newsroom_id, slug, row.id)]
    for row in known or rows:
        article = article_value(row.id, json.loads(row.doc))
        public = article_at(session, newsroom_id, article, t)
        if public is None:
            if released(article.live, t):
                return Found(withdrawn=True)
            continue
        return Found(public) if public.path == f"/artikel/{name}" else Found(moved_to=public.path)
    return None


def article_at(session: Session, newsroom_id: str, article: Article, t: datetime) -> PublicArticle | None:
    """The article as it is public at `t`, None when it is not."""
    out, first = shown(article.live, t), first_released(article.live, t)
    if out is None or first is None or not is_shown(article, t):
        return None
    document = _frozen(session, newsroom_id, article.id, out.rev)
    opening = document if first.rev == out.rev else _frozen(session, newsroom_id, article.id, first.rev)
    notes = tuple(Correction(p.release_at, p.note.text, p.note.type) for p in released(article.live, t)
                  if p.kind is PublicationKind.CORRECTION and p.note is not None)
    return PublicArticle(
        article.id, out.rev, f"/artikel/{slug_of(document, opening)}-{tail(article.id)}", article_value(article.id, document),
        first.release_at, updated_at(article.live, t), notes, article.reactions_mode)


def is_shown(article: Article, t: datetime) -> bool:
    """Whether readers see something of it at `t`."""
    return shown(article.live, t) is not None and effective_status(article, t).is_public


def latest(session: Session, newsroom_id: str, t: datetime, count: int) -> list[PublicArticle]:
    """The newest public articles at `t`, by the time they first went out."""
    found: list[PublicArticle] = []
    for row in _released_rows(session, newsroom_id, t):
        public = article_at(session, newsroom_id, article_value(row.id, json.loads(row.doc)), t)
        if public is not None:
            found.append(public)
        if len(found) == count:
            break
    return found


def _released_rows(session: Session, newsroom_id: str, t: datetime) -> Iterator[EntityRow]:
    step, offset = 50, 0
    while True:
        rows = session.scalars(sa.select(EntityRow).where(
            EntityRow.newsroom_id == newsroom_id, EntityRow.kind == "article", EntityRow.deleted == 0,
            EntityRow.starts_at <= t).order_by(EntityRow.starts_at.desc(), EntityRow.id.desc())
            .limit(step).offset(offset)).all()
        yield from rows
        if len(rows) < step:
            return
        offset += step


def ticker_at(session: Session, newsroom: Newsroom, t: datetime) -> list[TickerLink]:
    """The public list at `t`, each line with the address of its article where that is public, else its own."""
    longest = timedelta(hours=max(newsroom.ticker.ttl_hours))
    rows = session.scalars(sa.select(EntityRow).where(
        EntityRow.newsroom_id == newsroom.id, EntityRow.kind == "ticker", EntityRow.deleted == 0,
        EntityRow.state == Intent.PLANNED, EntityRow.starts_at <= t,
        sa.or_(EntityRow.ends_at > t, sa.and_(EntityRow.ends_at.is_(None), EntityRow.starts_at > t - longest)))).all()
    lines = public_list([ticker_value(row.id, json.loads(row.doc)) for row in rows], newsroom, t)
    return [TickerLink(line, _path_of(session, newsroom.id, line.article_id, t) or safe_url(line.url))
            for line in lines]


def _path_of(session: Session, newsroom_id: str, article_id: str, t: datetime) -> str:
    if not article_id:
        return ""
    row = session.scalars(sa.select(EntityRow).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.id == article_id, EntityRow.kind == "article",
        EntityRow.deleted == 0)).first()
    public = article_at(session, newsroom_id, article_value(row.id, json.loads(row.doc)), t) if row else None
    return public.path if public else ""


def safe_url(url: str) -> str:
    """An address that a page may link to; nothing else (no `javascript:`)."""
    return url if url.lower().startswith(("https://", "http://")) else ""


@dataclass(frozen=True, slots=True)
class Reactions:
    """One page of an article's public reactions. `count` is all of them, `names` who wrote which."""

    count: int
    page: int
    pages: int
    threads: tuple[Thread, ...]
    names: Mapping[str, str]
    by_number: Mapping[int, Reaction]


def reactions_of(session: Session, newsroom_id: str, article_id: str, page: int) -> Reactions:
    """The public reactions in order of arrival, answers under what they answer."""
    rows = session.scalars(sa.select(EntityRow).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.article_id == article_id, EntityRow.kind == "reaction",
        EntityRow.state == ReactionStatus.APPROVED, EntityRow.deleted == 0).order_by(EntityRow.number)).all()
    found = [reaction_value(row.id, json.loads(row.doc)) for row in rows]
    whole = threads(found)
    pages = max(1, -(-len(whole) // PER_PAGE))
    page = min(max(page, 1), pages)
    return Reactions(len(found), page, pages, tuple(whole[(page - 1) * PER_PAGE:page * PER_PAGE]),
                     {reaction.id: reaction.author_name for reaction in found},
                     {reaction.number: reaction for reaction in found})


def threads(reactions: list[Reaction]) -> list[Thread]:
    """Reactions as threads of one level: an answer to an answer stands under the same first reaction."""
    by_id = {reaction.id: reaction for reaction in reactions}
    under: dict[str, list[Reaction]] = {}
    for reaction in reactions:
        root = _root(reaction, by_id)
        if root is not reaction:
            under.setdefault(root.id, []).append(reaction)
    return [Thread(reaction, tuple(under.get(reaction.id, ())), orphan=bool(reaction.parent_id))
            for reaction in reactions if _root(reaction, by_id) is reaction]


def _root(reaction: Reaction, by_id: Mapping[str, Reaction]) -> Reaction:
    seen = {reaction.id}
    while (parent := by_id.get(reaction.parent_id)) is not None and parent.id not in seen:
        seen.add(parent.id)
        reaction = parent
    return reaction


def _has_slug(session: Session, newsroom_id: str, slug: str, entity_id: str) -> bool:
    return session.get(SlugRow, (newsroom_id, slug, entity_id)) is not None


def _frozen(session: Session, newsroom_id: str, entity_id: str, rev: str) -> Mapping[str, Any]:
    doc = session.scalars(sa.select(RevisionRow.doc).where(
        RevisionRow.newsroom_id == newsroom_id, RevisionRow.entity_id == entity_id, RevisionRow.rev == rev)).one()
    found: Mapping[str, Any] = json.loads(doc)
    return found
