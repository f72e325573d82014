"""Fetching for the sync runner, on net-sync: the feed's pages, the first reading, comparing after another history.

Every page is checked whole, then taken in by one transaction. It holds nothing that a crash could lose.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from editor.base.wire import BadWire
from editor.desk import connecting, first_reading, pulling, reconciling
from editor.desk.first_reading import Place
from editor.desk.ports import FeedRow
from editor.desk.read_models import Reader
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
BATCH = 50  # things that are taken in by one transaction of a first reading, or when fetched one by one


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a first reading is, in rows."""

    done: int = 0
    total: int = 0
    is_over: bool = False


class Fetcher:
    """Brings one profile up to its server. `goes_on` is asked between pages, `reads_on` between those of a first
    reading as well; there `between` may send what was typed meanwhile; `told` hears how far it is, all streams
    together."""

    def __init__(self, door: Door, backend: PublishingBackend, initiator: object, *, goes_on: Callable[[], bool],
                 reads_on: Callable[[], bool], between: Callable[[], None], told: Callable[[Progress], None]) -> None:
        self._door = door
        self._backend = backend
        self._initiator = initiator
        self._goes_on = goes_on
        self._reads_on = reads_on
        self._between = between
        self._told = told
        self._read: dict[str, Progress] = {}  # of the streams of a first reading under way
        self.heads: dict[str, str] = {}

    def begin(self, streams: Sequence[str]) -> int:
        """The newest page of each stream that was never read, before any is read to its end: one can write and moderate
        after a moment. Returns how many rows told something new."""
        if not self._backend.caps & Caps.SNAPSHOT:
            return 0
        places = {stream: place for stream in streams if (place := self._unread(stream)) is not None}
        self._read = {stream: Progress(place.done, place.total) for stream, place in places.items()}
        told = 0
        for stream, place in places.items():
            if not self._reads_on():
                break
            if place.token is None:
                told += self._read_page(stream, place)
            else:
                self._tell_progress()
        return told

    def _unread(self, stream: str) -> Place | None:
        if self._door.read_now(partial(_feed, stream=stream)).cursor is not None:
            return None
        return self._change(partial(first_reading.place, stream=stream))

    def fetch(self, stream: str) -> int:
        """Everything new of a stream. Returns how many rows told something new."""
        told = 0
        if self._backend.caps & Caps.SNAPSHOT:
            found, is_over = self._first_reading(stream)
            told += found
            if not is_over:
                return told
        due = bool(self._backend.caps & Caps.DIGESTS) and self._change(partial(reconciling.is_due, stream=stream))
        if due and self._door.read_now(partial(_feed, stream=stream)).cursor is None:
            told += self._compare(stream)
            due = False
        told += self._tail(stream)
        return told + (self._compare(stream) if due and self._goes_on() else 0)

    def catch_up(self, streams: Sequence[str]) -> None:
        """What is new in those streams whose first reading is over, while that of another goes on."""
        for stream in streams:
            if self._door.read_now(partial(_feed, stream=stream)).cursor is not None:
                self._tail(stream)

    # ---------------------------------------------------------------------------------------------------- the feed
    def _tail(self, stream: str) -> int:
        told = 0
        while self._goes_on():
            feed = self._door.read_now(partial(_feed, stream=stream))
            try:
                page = self._backend.changes(stream, feed.cursor)
            except (CursorExpired, Malformed) as error:
                if feed.cursor is None or (isinstance(error, Malformed) and error.status != 400):
                    raise
                self._change(partial(connecting.reread, stream=stream))
                raise EpochChanged from error  # it went back without saying so: what it lost is looked for
            self._check(stream, page, feed.epoch)
            told += self._change(partial(pulling.apply_page, stream=stream, page=page))
            self.heads[stream] = page.head
            if not page.more:
                break
        return told

    def _check(self, stream: str, page: ChangePage, epoch: str) -> None:
        try:
            pulling.check_page(page, epoch)
        except BadWire:
            self._change(partial(reconciling.notice_anomaly, stream=stream))
            raise

    # ------------------------------------------------------------------------------------------- the first reading
    def _first_reading(self, stream: str) -> tuple[int, bool]:
        """Read on where it stands. Returns how many rows told something new, and whether nothing of it is left."""
        told = 0
        while True:
            place = self._change(partial(first_reading.place, stream=stream))
            if place is None:
                return told, True
            if not self._reads_on():
                return told, False
            told += self._read_page(stream, place)
            self._between()

    def _read_page(self, stream: str, place: Place) -> int:
        page = self._snapshot(stream, place)
        if page is None:
            return 0
        start = max(0, len(page.changes) - 1) // BATCH * BATCH
        told = sum(self._change(partial(first_reading.apply_part, rows=page.changes[n:n + BATCH]))
                   for n in range(0, start, BATCH))
        told += self._change(partial(first_reading.apply_page, stream=stream, page=page, before=place, start=start))
        self.heads[stream] = page.head
        done = place.done + len(page.changes)
        self._read[stream] = Progress(done, max(page.total, done) if page.more else done, is_over=not page.more)
        self._tell_progress()
        return told

    def _tell_progress(self) -> None:
        read = self._read.values()
        if all(one.is_over for one in read):
            self._read = {}
            self._told(Progress(is_over=True))
        else:
            self._told(Progress(sum(one.done for one in read), sum(one.total for one in read)))

    def _snapshot(self, stream: str, place: Place) -> ChangePage | None:
        epoch = self._door.read_now(partial(_feed, stream=stream)).epoch
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
        feed = self._door.read_now(partial(_feed, stream=stream))
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


def _feed(reader: Reader, *, stream: str) -> FeedRow:
    return reader.feed(stream)
