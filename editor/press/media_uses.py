"""Which pictures a text shows, and which of them readers may have: those of what is public at this moment, no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.orm import Session

from editor.domain.article import Article
from editor.domain.documents import article_value
from editor.domain.publication import ahead, shown
from editor.press.ledger import read_entity
from editor.press.media import TYPES, MediaStore, is_sha256
from editor.press.public import is_shown
from editor.press.schema import EntityRow, MediaUseRow

_NAMED = re.compile(r"media:([0-9a-f-]{36})")


def media_of(doc: Mapping[str, Any]) -> set[str]:
    """The identities of the pictures in an article's document."""
    lead = doc.get("lead_image")
    found = {str(lead["media_id"])} if isinstance(lead, dict) and lead.get("media_id") else set()
    return found | set(_NAMED.findall(str(doc.get("body") or "")))


def note_uses(session: Session, newsroom_id: str, entity_id: str, rev: str, released: Mapping[str, Any]) -> None:
    """Remember what a release shows, by its bytes: whatever becomes of a picture, readers see what was approved.

    The pictures stay locked for others' writes until the end of the transaction, so that none is deleted beside it.
    """
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite_dialect.insert
    named = media_of(released)
    found = _checksums(session, _present(newsroom_id, named).with_for_update(read=True))
    for media_id in sorted(named):
        session.execute(insert(MediaUseRow).values(
            newsroom_id=newsroom_id, media_id=media_id, entity_id=entity_id, rev=rev, sha256=found.get(media_id, ""),
        ).on_conflict_do_nothing())


def is_public(session: Session, newsroom_id: str, sha256: str, t: datetime) -> bool:
    """Whether a text that is public at `t` shows this picture."""
    uses = _uses(session, newsroom_id, MediaUseRow.sha256 == sha256)
    return any(use.rev == _shown_rev(article, t) for use, article in uses)


def is_needed(session: Session, newsroom_id: str, media_id: str, t: datetime) -> bool:
    """Whether readers see this picture at `t`, or will: a publication ahead has it."""
    for use, article in _uses(session, newsroom_id, MediaUseRow.media_id == media_id):
        coming = ahead(article.live, t)
        if use.rev == _shown_rev(article, t) or (coming is not None and use.rev == coming.rev):
            return True
    return False


def working_pictures(session: Session, newsroom_id: str, doc: Mapping[str, Any]) -> dict[str, str]:
    """The checksum of each picture in a working text, for a preview."""
    return _checksums(session, _present(newsroom_id, media_of(doc)))


def released_pictures(session: Session, newsroom_id: str, entity_id: str, rev: str) -> dict[str, str]:
    """The checksum of each picture in a released text, as it was then."""
    return _checksums(session, sa.select(MediaUseRow.media_id, MediaUseRow.sha256).where(
        MediaUseRow.newsroom_id == newsroom_id, MediaUseRow.entity_id == entity_id, MediaUseRow.rev == rev))


def addresses(pictures: Mapping[str, str], store: MediaStore | None, under: str = "/media") -> dict[str, str]:
    """Where each of these pictures, by identity and checksum, is to be had, for those whose bytes are here."""
    if store is None:
        return {}
    found = {}
    for media_id, sha256 in pictures.items():
        mime = store.mime(sha256)
        if mime is not None:
            found[media_id] = f"{under}/{sha256}.{TYPES[mime]}"
    return found


def _present(newsroom_id: str, media_ids: Iterable[str]) -> sa.Select[str, str]:
    return sa.select(EntityRow.id, EntityRow.state).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.kind == "media", EntityRow.id.in_(sorted(media_ids)),
        EntityRow.deleted == 0).order_by(EntityRow.id)


def _checksums(session: Session, wanted: sa.Select[str, str]) -> dict[str, str]:
    return {media_id: sha256 for media_id, sha256 in session.execute(wanted) if is_sha256(sha256)}


def _uses(session: Session, newsroom_id: str, wanted: sa.ColumnElement[bool]) -> Iterator[tuple[MediaUseRow, Article]]:
    """The releases that were meant, each with its article as it is now."""
    for use in session.scalars(sa.select(MediaUseRow).where(MediaUseRow.newsroom_id == newsroom_id, wanted)
                               .order_by(MediaUseRow.entity_id)).all():
        entity = read_entity(session, newsroom_id, use.entity_id)
        if entity is not None and not entity.deleted and entity.kind == "article":
            yield use, article_value(entity.id, entity.doc)


def _shown_rev(article: Article, t: datetime) -> str | None:
    out = shown(article.live, t)
    return out.rev if out is not None and is_shown(article, t) else None
