"""States of the server that cannot be read: kept as they came, shown, stepped over, and read again at their next version.

One broken thing must stop neither the rest of its page nor the feed (sync design B.5).
"""

from __future__ import annotations

from collections.abc import Mapping

from editor.base.wire import BadWire, Document, canonical
from editor.desk import lanes
from editor.desk.ports import UnitOfWork
from editor.domain.changes import Facet
from editor.domain.documents import article_value, newsroom_value, reaction_value, status_of, ticker_value
from editor.sync.backend import RemoteDoc

UNREADABLE = "unreadable"  # the kind of its card, and why its lane is parked


def check_document(kind: str, entity_id: str, doc: Document) -> None:
    """Whether a document is one of its kind. Raises `BadWire`."""
    if kind == "reaction":
        reaction_value(entity_id, doc)
    elif kind == "article":
        status_of(doc)
        article_value(entity_id, doc)
    elif kind == "ticker":
        ticker_value(entity_id, doc)
    elif kind == "newsroom":
        newsroom_value(entity_id, doc)
    elif kind == "person" and not isinstance(doc.get("name"), str):
        raise BadWire("a person without a name")
    elif kind == "list" and not isinstance(doc.get("items") or {}, Mapping):
        raise BadWire("a list that is none")


def can_read(row: RemoteDoc) -> bool:
    """Whether its document, if it has one, is one of its kind and can be kept."""
    try:
        if row.doc is not None:
            check_document(row.kind, row.entity_id, row.doc)
            canonical(row.doc)
    except (BadWire, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return False
    return True


def set_aside(work: UnitOfWork, row: RemoteDoc) -> None:
    """Keep it as it came, in a card that stands until its next version or until a person has seen it."""
    for card in work.conflicts.open(row.entity_id):
        if card.kind == UNREADABLE and card.theirs_rev != row.rev:
            lanes.close_card(work, card, "overtaken")
    lanes.raise_card(work, row.entity_id, row.kind, UNREADABLE, theirs=row.doc, blocking=False,
                     theirs_actor=row.actor or "", theirs_rev=row.rev)
    work.changed(row.kind, row.entity_id, Facet.CONFLICT)


def set_aside_kind(work: UnitOfWork, row: RemoteDoc) -> None:
    """A kind of a newer version: kept as it came, told once, never guessed at."""
    work.profile.put(f"unknown:{row.entity_id}", canonical({"kind": row.kind, "rev": row.rev, "doc": row.doc}).decode())
    bound = work.profile.connection()
    if bound is not None:
        lanes.raise_card(work, bound.newsroom_id, "newsroom", "note", "newer_version", blocking=False)


def read_at_last(work: UnitOfWork, entity_id: str) -> None:
    """Its next version could be read: nothing is left to tell, and its lane goes on."""
    for card in work.conflicts.open(entity_id):
        if card.kind == UNREADABLE:
            lanes.close_card(work, card, "read")
            lanes.unpark(work, entity_id)
