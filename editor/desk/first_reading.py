"""The first reading of a stream: everything that is there, newest first, page by page, resumable after each (sync design
B.11).

Where it stands is committed with the rows of each page. What changes meanwhile is told by the feed, from the place that
the first page pinned.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from editor.base.wire import canonical
from editor.desk import histories, pulling
from editor.desk.ports import FeedRow, UnitOfWork
from editor.domain.changes import Outcome
from editor.sync.backend import ChangePage, RemoteDoc

REACTION_DAYS = 30  # of reactions the open queue and what is younger


@dataclass(frozen=True, slots=True)
class Place:
    """Where the first reading stands: the next page's token (None: at its beginning), rows read, rows in all."""

    token: str | None = None
    done: int = 0
    total: int = 0


def place(work: UnitOfWork, stream: str) -> Outcome[Place | None]:
    """Where the first reading stands; None once it is over, or where another history is read instead."""
    feed = work.feeds.get(stream)
    if feed.cursor is not None or histories.is_read_anew(work, stream, feed.epoch):
        return Outcome(None, work.changes())
    found = json.loads(work.profile.get(histories.SNAPSHOT + stream) or "null")
    return Outcome(Place(*found) if found else Place(), work.changes())


def apply_part(work: UnitOfWork, rows: Sequence[RemoteDoc]) -> Outcome[int]:
    """Some rows of a page before its last ones: the page's place is not moved, so after a crash they are read again,
    which changes nothing. Somebody who types waits for so many and not for a whole page."""
    return Outcome(_take(work, rows, is_last=False), work.changes())


def apply_page(work: UnitOfWork, stream: str, page: ChangePage, before: Place, *, start: int = 0) -> Outcome[int]:
    """A page's rows from `start` on and the next page's token, in one transaction; after the last page the feed's
    cursor."""
    told = _take(work, page.changes[start:], is_last=not page.more)
    done = before.done + len(page.changes)
    after = canonical([page.next, done, max(page.total, done)]).decode() if page.more else ""
    work.profile.put(histories.SNAPSHOT + stream, after)
    work.feeds.put(FeedRow(stream, page.epoch, None if page.more else page.tail, done, page.head))
    return Outcome(told, work.changes())


def _take(work: UnitOfWork, rows: Sequence[RemoteDoc], *, is_last: bool) -> int:
    known = (*pulling.ENTITY_KINDS, "reaction")
    work.read_ahead((row.kind, row.entity_id) for row in rows if row.kind in known)
    return pulling.take_rows(work, rows, anew=False, is_last=is_last)


def begin_anew(work: UnitOfWork, stream: str) -> Outcome[None]:
    """The server no longer knows the token: the first reading begins again, rows stay where they are."""
    work.profile.put(histories.SNAPSHOT + stream, "")
    return Outcome(None, work.changes())
