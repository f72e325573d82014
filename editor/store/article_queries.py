"""Questions about articles: the library's cards and one open article."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Label, Select, and_, case, column, exists, func, or_, select, text

from editor.base.wire import from_ms, to_ms
from editor.desk.ports import Entity, OpState, Standing
from editor.desk.read_models import ArticleFilter, ArticleItem, ArticleView
from editor.domain.article import Article, Status, content_hash, status_by
from editor.domain.documents import article_value
from editor.domain.field_codecs import ARTICLE
from editor.domain.publication import Publication, PublicationKind, first_released, released, shown
from editor.store import mapping
from editor.store.cards import ConflictRows, RevisionRows
from editor.store.entities import EntityRows
from editor.store.outbox import WAITING, OutboxRows, SyncRows, outbox
from editor.store.schema import ArticleRow, PersonRow, SyncStateRow, table

UNSENT = (Standing.DIRTY, Standing.CONFLICT, Standing.PARKED)


def match_of(words: str) -> str:
    """The full-text question for what a person typed: every word, each as a beginning. Empty when there is none."""
    return " AND ".join(f'"{word}"*' for word in re.findall(r"\w+", words))


def matching(name: str, words: str) -> Select[Any] | None:
    """Row numbers of `name` that hold the words, None where nothing was asked."""
    question = match_of(words)
    if not question:
        return None
    found = text(f"SELECT rowid FROM {name}_fts WHERE {name}_fts MATCH :question")  # noqa: S608 (our own names)
    return select(found.bindparams(question=question).columns(column("rowid")).subquery().c.rowid)


def is_waiting(entity_id: ColumnElement[str], *verbs: str) -> ColumnElement[bool]:
    """Whether the lane of an object has rows that were not answered, of these verbs or of any."""
    ops = outbox()
    waits = and_(ops.c.entity_id == entity_id, ops.c.state.in_([state.value for state in WAITING]))
    return exists().where(and_(waits, ops.c.verb.in_(verbs)) if verbs else waits)


def publications(raw: str) -> tuple[Publication, ...]:
    """The publications of a stored list."""
    found: tuple[Publication, ...] = ARTICLE["live"].read(mapping.load(raw))
    return found


def live_at(live: Sequence[Publication], now: datetime) -> datetime | None:
    """Since when readers see the article, None while they do not."""
    on_page = shown(live, now)
    if on_page is None or on_page.kind is PublicationKind.WITHDRAWAL:
        return None
    first = first_released(live, now)
    return first.release_at if first else None


def corrected_at(live: Sequence[Publication], now: datetime) -> datetime | None:
    """When the last correction that readers see was released."""
    corrections = [one.release_at for one in released(live, now) if one.kind is PublicationKind.CORRECTION]
    return corrections[-1] if corrections else None


@cache
def _steps() -> Label[bool]:
    return is_waiting(table(ArticleRow).c.id, "transition", "delete", "restore").label("steps")


@cache
def _sent() -> Label[Any]:
    ops = outbox()
    took = and_(ops.c.entity_id == table(ArticleRow).c.id, ops.c.state == OpState.ACKED.value)
    return select(func.max(ops.c.settled_at)).where(took).scalar_subquery().label("sent_at")


@cache
def _cards() -> Select[Any]:
    rows, people, syncs = table(ArticleRow), table(PersonRow), table(SyncStateRow)
    named = ("rid", "id", "version", "wanted", "saved_at", "title", "status", "section", "changed_by", "publish_at",
             "content_hash", "excerpt", "live")
    return (select(*(rows.c[name] for name in named), people.c.title.label("changed_by_name"),
                   syncs.c.standing, _steps(), is_waiting(rows.c.id).label("waits"), _sent())
            .outerjoin(syncs, syncs.c.entity_id == rows.c.id).outerjoin(people, people.c.id == rows.c.changed_by))


class ArticleQueries:
    """Asks in one snapshot; `now` decides what is public."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def items(self, wanted: ArticleFilter, after: tuple[int, int] | None, limit: int) -> Sequence[ArticleItem]:
        """Cards, newest saved first, by keyset."""
        rows = table(ArticleRow)
        statement = _cards().where(rows.c.deleted == int(wanted.deleted))
        if after is not None:
            saved_at, rid = after
            statement = statement.where(or_(rows.c.saved_at < saved_at,
                                            and_(rows.c.saved_at == saved_at, rows.c.rid < rid)))
        if wanted.section:
            statement = statement.where(rows.c.section == wanted.section)
        if wanted.statuses:
            statement = statement.where(self._status().in_(wanted.statuses))
        found = matching("article", wanted.words)
        if found is not None:
            statement = statement.where(rows.c.rid.in_(found))
        statement = statement.order_by(rows.c.saved_at.desc(), rows.c.rid.desc()).limit(limit)
        return [self._item(row) for row in self._connection.execute(statement).mappings()]

    def _status(self) -> ColumnElement[str]:
        """The status on a card: the wanted one while a step waits, else the effective one."""
        rows = table(ArticleRow)
        turned = and_(rows.c.turn_at.is_not(None), rows.c.turn_at <= to_ms(self._now))
        return case((_steps().element, rows.c.wanted), (turned, rows.c.turn_status), else_=rows.c.shown_status)

    def _item(self, row: mapping.Row) -> ArticleItem:
        live = publications(row["live"])
        effective = status_by(Status(row["status"]), live, self._now)
        standing = Standing(row["standing"]) if row["standing"] else Standing.DIRTY
        on_page = shown(live, self._now)
        public = on_page is not None and on_page.kind is not PublicationKind.WITHDRAWAL
        return ArticleItem(
            id=row["id"], headline=row["title"], wanted=row["wanted"] if row["steps"] else effective.value,
            effective=effective.value, waiting=bool(row["waits"]) or standing in UNSENT, standing=standing,
            saved_at=from_ms(row["saved_at"]), changed_by=row["changed_by_name"] or row["changed_by"],
            section=row["section"], publish_at=mapping.instant(row["publish_at"]), live_at=live_at(live, self._now),
            live_differs=public and on_page is not None and on_page.content_hash != row["content_hash"],
            version=row["version"], excerpt=row["excerpt"], cursor=(row["saved_at"], row["rid"]),
            sent_at=mapping.instant(row["sent_at"]), corrected_at=corrected_at(live, self._now))

    def view(self, article_id: str) -> ArticleView | None:
        """One article with how it stands, deleted or not."""
        entity = EntityRows(self._connection, self._now).get("article", article_id)
        if entity is None or entity.saved_at is None:
            return None
        article = article_value(article_id, entity.doc)
        state = SyncRows(self._connection).get(article_id)
        ops = OutboxRows(self._connection, self._now, set())
        waiting = ops.lane(article_id, *WAITING)
        steps = any(row.verb in ("transition", "delete", "restore") for row in waiting)
        effective = status_by(article.status, article.live, self._now)
        return ArticleView(
            article=article, version=entity.version, wanted=entity.wanted if steps else effective.value,
            standing=state.standing if state else Standing.DIRTY, saved_at=entity.saved_at,
            sent_at=ops.sent_at(article_id), deleted=entity.deleted,
            conflicts=tuple(ConflictRows(self._connection).open(article_id)), waiting=tuple(waiting),
            live=self._public_text(entity, article, state.base_doc if state else None))

    def _public_text(self, entity: Entity, article: Article, base: Any) -> Article | None:
        """The text that readers see now: the working one, the server's last, or a kept one; None where it is not
        known here."""
        on_page = shown(article.live, self._now)
        if on_page is None or on_page.kind is PublicationKind.WITHDRAWAL:
            return None
        if content_hash(article) == on_page.content_hash:
            return article
        known = article_value(entity.id, base) if base is not None else None
        if known is not None and content_hash(known) == on_page.content_hash:
            return known
        kept = RevisionRows(self._connection).with_hash(entity.id, on_page.content_hash)
        return article_value(entity.id, kept.doc) if kept else None
