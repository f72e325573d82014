"""Addresses of articles: `<slug>-<last 8 of the id>`. Never written into the text (that would stale its approval)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.orm import Session

from editor.domain.article import EMPTY_SLUG, SLUG_LENGTH
from editor.press.schema import SlugRow

# What decomposition does not turn into Latin letters.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ı": "i",
                          "&": " en "})


def slugify(text: str) -> str:
    """a-z, 0-9 and hyphens, at most 60 characters and cut at a word's end; `artikel` when nothing is left."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    words = re.findall(r"[a-z0-9]+", "".join(c for c in plain if not unicodedata.combining(c) and c not in "'’"))
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:SLUG_LENGTH]
        if len(longer) > SLUG_LENGTH:
            break
        slug = longer
    return slug or EMPTY_SLUG


def slug_of(shown: Mapping[str, Any], first: Mapping[str, Any]) -> str:
    """The slug of what is shown: set by hand it counts, else the first released headline gives it."""
    return slugify(str(shown.get("slug") or first.get("headline") or ""))


def note_slug(session: Session, newsroom_id: str, entity_id: str, released: Mapping[str, Any]) -> None:
    """Remember the address that a release may be found under."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite_dialect.insert
    session.execute(insert(SlugRow).values(newsroom_id=newsroom_id, slug=slug_of(released, released),
                                           entity_id=entity_id).on_conflict_do_nothing())
