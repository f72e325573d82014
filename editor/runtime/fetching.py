"""Fetching for the sync runner, on net-sync: the feed's pages, the first reading, comparing after another history.

Every page is checked whole, then taken in by one transaction. It holds nothing that a crash could lose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from editor.desk import connecting, first_reading, pulling, reconciling
from editor.desk.first_reading import Place
from editor.domain.changes import Outcome
from editor.runtime.workers import Door
from editor.sync.backend import (
    Caps,
    ChangePage,
    CursorExpired,
    EpochChanged,
    Listed,
    Malformed,
    PublishingBackend,
)

T = TypeVar("T")
BATCH = 50  # things that are taken in by one transaction when they are fetched one by one


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the first reading is, in rows; `total` is 0 when none is under way."""

    done: int = 0
    total: int = 0


class Fetcher:
    """Brings one profile up to its server. `goes_on` is asked between pages; `between` may send what was typed
    meanwhile; `told` hears how far a first reading is."""

    def __init__(self, door: Door, backend: PublishingBackend, initiator: object, *, goes_on: Callable[[], bool],
                 between: Callable[[], None], told: Callable[[Progress], None]) -> None:
        self._door = door
        self._backend = backend
        self._initiator = initiator
        self._goes_on = goes_on
        self._between = between
        self._told = told
        self.heads: dict[str, str] = {}

    def fetch(self, stream: str) -> int:
        """Everything new of a stream. Returns how many rows told something new."""
        told = 0
        if self._backend.caps & Caps.SNAPSHOT:
            told += self._first_reading(stream)
            if not self._goes_on():
                return told
        due = bool(self._backend.caps & Caps.DIGESTS) and self._change(partial(reconciling.is_due, stream=stream))
        if due and self._door.read_now(lambda reader: reader.feed(stream)).cursor is None:
            told += self._compare(stream)
            due = False
        told += self._tail(stream)
        return told + (self._compare(stream) if due and self._goes_on() else 0)

    # ---------------------------------------------------------------------------------------------------- the feed
    def _tail(self, stream: str) -> int:
        told = 0
        while self._goes_on():
            feed = self._door.read_now(lambda reader: reader.feed(stream))
            try:
                page = self._backend.changes(stream, feed.cursor)
            except (CursorExpired, Malformed) as error:
                if feed.cursor is None or (isinstance(error, Malformed) and error.status != 400):
                    raise
                self._change(partial(connecting.reread, stream=stream))
                raise EpochChanged from error  # it went back without saying so: what it lost is looked for
            pulling.check_page(page, feed.epoch)
            told += self._change(partial(pulling.apply_page, stream=stream, page=page))
            self.heads[stream] = page.head
            if not page.more:
                break
        return told

    # ------------------------------------------------------------------------------------------- the first reading
    def _first_reading(self, stream: str) -> int:
        told = 0
        while self._goes_on():
            place = self._change(partial(first_reading.place, stream=stream))
            if place is None:
                break
            page = self._snapshot(stream, place)
            if page is None:
                continue
            told += self._change(partial(first_reading.apply_page, stream=stream, page=page, before=place))
            self.heads[stream] = page.head
            if not page.more:
                self._told(Progress())
                break
            self._told(Progress(place.done + len(page.changes), page.total))
            self._between()
        return told

    def _snapshot(self, stream: str, place: Place) -> ChangePage | None:
        epoch = self._door.read_now(lambda reader: reader.feed(stream)).epoch
        days = first_reading.REACTION_DAYS if stream == "reactions" else 0
        try:
            page = self._backend.snapshot(stream, place.token, days=days)
        except (CursorExpired, EpochChanged, Malformed) as error:
            if place.token is None or (isinstance(error, Malformed) and error.status != 400):
                raise
            self._change(partial(first_reading.begin_anew, stream=stream))
            if isinstance(error, EpochChanged):
                raise
            return None
        pulling.check_page(page, epoch)
        return page

    # --------------------------------------------------------------------------------------------------- comparing
    def _compare(self, stream: str) -> int:
        """Find what differs by digests and fetch that alone. With very much of it the whole stream is read instead."""
        feed = self._door.read_now(lambda reader: reader.feed(stream))
        there = self._backend.digests(stream)
        if feed.epoch and there.epoch != feed.epoch:
            raise EpochChanged
        here = self._change(partial(reconciling.standpoints, stream=stream))
        buckets = reconciling.differing(here, there)
        listed: list[Listed] = []
        for start in range(0, len(buckets), reconciling.AT_ONCE):
            listed += self._backend.bucket(stream, buckets[start:start + reconciling.AT_ONCE])
        plan = reconciling.plan(here, buckets, listed)
        if len(plan.fetched) > reconciling.MOST_FETCHED:
            if feed.cursor is not None:
                self._change(partial(connecting.reread, stream=stream))
            return 0
        told = 0
        for start in range(0, len(plan.fetched), BATCH):
            told += self._fetch_these(plan.fetched[start:start + BATCH])
            if not self._goes_on():
                return told
        return told + self._change(partial(reconciling.finish, stream=stream, done=plan, at=there,
                                           move=feed.cursor is None))

    def _fetch_these(self, ids: Sequence[str]) -> int:
        rows = [row for one in ids if (row := self._backend.fetch(one)) is not None]
        return self._change(partial(reconciling.take, rows=rows))

    def _change(self, operation: Callable[..., Outcome[T]]) -> T:
        return self._door.change_now(operation, initiator=self._initiator)
