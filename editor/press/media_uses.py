"""Which pictures a text shows, and which of them readers may have: those of what is public at this moment, no others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.orm import Session

from editor.domain.documents import article_value
from editor.domain.publication import shown
from editor.press.ledger import read_entity
from editor.press.media import TYPES, MediaStore, is_sha256
from editor.press.schema import EntityRow, MediaUseRow
from editor.press.verbs import is_shown

_NAMED = re.compile(r"media:([0-9a-f-]{36})")


def media_of(doc: Mapping[str, Any]) -> set[str]:
    """The identities of the pictures in an article's document."""
    lead = doc.get("lead_image")
    found = {str(lead["media_id"])} if isinstance(lead, dict) and lead.get("media_id") else set()
    return found | set(_NAMED.findall(str(doc.get("body") or "")))


def note_uses(session: Session, newsroom_id: str, entity_id: str, rev: str, released: Mapping[str, Any]) -> None:
    """Remember what a release shows."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite_dialect.insert
    for media_id in sorted(media_of(released)):
        session.execute(insert(MediaUseRow).values(newsroom_id=newsroom_id, media_id=media_id, entity_id=entity_id,
                                                   rev=rev).on_conflict_do_nothing())


def is_public(session: Session, newsroom_id: str, sha256: str, t: datetime) -> bool:
    """Whether a text that is public at `t` shows this picture."""
    uses = session.execute(sa.select(MediaUseRow.entity_id, MediaUseRow.rev).join(
        EntityRow, sa.and_(EntityRow.newsroom_id == MediaUseRow.newsroom_id, EntityRow.id == MediaUseRow.media_id)).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.kind == "media", EntityRow.state == sha256,
        EntityRow.deleted == 0).order_by(MediaUseRow.entity_id)).all()
    return any(_shows(session, newsroom_id, use.entity_id, use.rev, t) for use in uses)


def checksums(session: Session, newsroom_id: str, media_ids: Iterable[str]) -> dict[str, str]:
    """The checksum of each of these pictures that has one."""
    rows = session.execute(sa.select(EntityRow.id, EntityRow.state).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.kind == "media", EntityRow.id.in_(list(media_ids)),
        EntityRow.deleted == 0))
    return {row.id: row.state for row in rows if is_sha256(row.state)}


def addresses(session: Session, newsroom_id: str, doc: Mapping[str, Any], store: MediaStore | None,
              under: str = "/media") -> dict[str, str]:
    """Where each picture of a document is to be had, for those whose bytes are here."""
    if store is None:
        return {}
    found = {}
    for media_id, sha256 in checksums(session, newsroom_id, media_of(doc)).items():
        mime = store.mime(sha256)
        if mime is not None:
            found[media_id] = f"{under}/{sha256}.{TYPES[mime]}"
    return found


def _shows(session: Session, newsroom_id: str, entity_id: str, rev: str, t: datetime) -> bool:
    entity = read_entity(session, newsroom_id, entity_id)
    if entity is None or entity.deleted or entity.kind != "article":
        return False
    article = article_value(entity.id, entity.doc)
    out = shown(article.live, t)
    return out is not None and out.rev == rev and is_shown(article, t)
