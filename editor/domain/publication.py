"""Publications: the list that only press appends to, and what of it is public at a given time (model 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PublicationKind(StrEnum):
    """Why it went out."""

    FIRST = "first"
    MINOR = "minor"
    UPDATE = "update"
    CORRECTION = "correction"
    WITHDRAWAL = "withdrawal"


@dataclass(frozen=True, slots=True)
class Note:
    """A correction's note (type and wording stay on the page), or a withdrawal's reason."""

    text: str
    type: str = ""


@dataclass(frozen=True, slots=True)
class Publication:
    """The document of revision `rev`, public from `release_at` until a later one takes its place."""

    rev: str
    content_hash: str
    release_at: datetime
    kind: PublicationKind
    actor: str
    note: Note | None = None
    cancelled_at: datetime | None = None


def released(live: Iterable[Publication], t: datetime) -> list[Publication]:
    """The uncancelled publications out at `t`, in order of release; equal times keep the list's order."""
    return sorted((p for p in live if p.cancelled_at is None and p.release_at <= t), key=lambda p: p.release_at)


def shown(live: Iterable[Publication], t: datetime) -> Publication | None:
    """The publication that decides at `t` (greatest release, then last in the list); a withdrawal shows nothing."""
    out = released(live, t)
    return out[-1] if out else None


def ahead(live: Iterable[Publication], t: datetime) -> Publication | None:
    """The one uncancelled publication that is still to come."""
    return next((p for p in live if p.cancelled_at is None and p.release_at > t), None)


def first_released(live: Iterable[Publication], t: datetime) -> Publication | None:
    """The first that ever went out: its time is the page's publication time, its headline the slug's source."""
    out = released(live, t)
    return out[0] if out else None


def updated_at(live: Iterable[Publication], t: datetime) -> datetime | None:
    """The public "updated" time at `t`: minor fixes leave it alone (A102)."""
    moved = [p for p in released(live, t) if p.kind in (PublicationKind.UPDATE, PublicationKind.CORRECTION)]
    return moved[-1].release_at if moved else None
