"""Press, opened: its database, its newsroom's facts, its clock, and who waits for news."""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.clock import Clock
from editor.domain.documents import newsroom_value
from editor.domain.newsroom import Newsroom
from editor.press import statements
from editor.press.database import Database
from editor.press.house import House
from editor.press.hub import Hub
from editor.press.media import MediaStore
from editor.press.schema import FeedHeadRow


@dataclass(frozen=True, slots=True)
class Press:
    """What every endpoint is given. Made by `service`, closed by whoever made it."""

    database: Database
    house: House
    clock: Clock
    hub: Hub
    media: MediaStore | None = None  # where pictures are kept; without one none are taken


def read_newsroom(session: Session, newsroom_id: str) -> Newsroom:
    """The newsroom's document as a value."""
    doc = session.connection().execute(statements.READ_DOC, {"of_newsroom": newsroom_id, "of_id": newsroom_id}).scalar_one()
    return _newsroom_of(newsroom_id, doc)


@functools.lru_cache(maxsize=4)
def _newsroom_of(newsroom_id: str, doc: str) -> Newsroom:
    """It is read in every transaction and changes once a month."""
    return newsroom_value(newsroom_id, json.loads(doc))


def read_heads(session: Session, newsroom_id: str) -> dict[str, int]:
    """The head of every stream."""
    rows = session.scalars(sa.select(FeedHeadRow).where(FeedHeadRow.newsroom_id == newsroom_id)).all()
    return {row.stream: row.head for row in rows}
