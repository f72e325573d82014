"""The store: one writing connection, a few reading ones, and what a transaction gives to the desk's operations.

Owned by `app`; writes run on the db-writer thread, reads on the db-readers. Closing takes the readers first, the
writer last: then the writer's connection alone ever checkpoints.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from editor.base.clock import Clock
from editor.base.errors import Bug
from editor.base.messages import Message
from editor.base.wire import to_ms
from editor.desk import ports, read_models
from editor.domain.changes import Change, ChangeSet, Facet
from editor.store import mapping
from editor.store.cards import ConflictRows, RevisionRows, UndoRows
from editor.store.engine import reader_engine, writer_engine
from editor.store.entities import EntityRows
from editor.store.failures import explained, opened_to_read, profile_in_use
from editor.store.mark import COMMITS, Mark
from editor.store.outbox import OutboxRows, SyncRows
from editor.store.prepared import insertion
from editor.store.profile_rows import FeedRows, ProfileRows, SettingRows
from editor.store.queries import DatabaseReader
from editor.store.reactions import ReactionRows
from editor.store.schema import AuditRow
from editor.store.swap import SwapFolder

KEEP_SETTLED = timedelta(days=30)
KEEP_TEXTS = timedelta(days=1)  # of settled requests: as long as a decision can be undone


class DatabaseWork:
    """One transaction (`desk.ports.UnitOfWork`); it lives as long as `Store.write()`'s block."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        stale: set[str] = set()
        self._connection = connection
        self._now = now
        self._changes: dict[tuple[str, str], Facet] = {}
        self._written = self._total()
        self._reactions = ReactionRows(connection, now, stale)
        dumps = mapping.Dumps()
        self._entities = EntityRows(connection, now, dumps)
        self._syncs = SyncRows(connection, dumps)
        self._cards = ConflictRows(connection)
        self.entities: ports.EntityStore = self._entities
        self.syncs: ports.SyncStore = self._syncs
        self.requests = OutboxRows(connection, now, stale)
        self.outbox: ports.OutboxStore = self.requests
        self.reactions: ports.ReactionStore = self._reactions
        self.conflicts: ports.ConflictStore = self._cards
        self.revisions: ports.RevisionStore = RevisionRows(connection)
        self.feeds: ports.FeedStore = FeedRows(connection)
        self.undos: ports.UndoStore = UndoRows(connection)
        self.profile: ports.ProfileStore = ProfileRows(connection)
        self.settings: ports.SettingStore = SettingRows(connection)

    def now(self) -> datetime:
        """The instant of this unit of work; the same at each call."""
        return self._now

    def changed(self, kind: str, entity_id: str, facets: Facet) -> None:
        """Note a change for the bus; facets of one thing are gathered."""
        before = self._changes.get((kind, entity_id))
        self._changes[kind, entity_id] = facets if before is None else before | facets

    def changes(self) -> ChangeSet:
        """Everything noted so far, in the order in which it was first noted."""
        return ChangeSet(tuple(Change(kind, one, facets) for (kind, one), facets in self._changes.items()))

    def read_ahead(self, things: Iterable[tuple[str, str]]) -> None:
        """Hold what is known of these kinds and ids: one question of a sort, instead of one of a thing."""
        by_kind: dict[str, list[str]] = {}
        for kind, one in things:
            by_kind.setdefault(kind, []).append(one)
        self._cards.read_ahead([one for ids in by_kind.values() for one in ids])
        self._reactions.read_ahead(by_kind.pop("reaction", ()))
        for kind, ids in by_kind.items():
            self._entities.read_ahead(kind, ids)
            self._syncs.read_ahead(ids)
            self.requests.read_ahead(ids)

    def audit(self, what: str, kind: str, entity_id: str, details: Mapping[str, Any]) -> None:
        """One row of who did what; no texts."""
        insertion(AuditRow).run(self._connection, {
            "at": to_ms(self._now), "actor_id": self.profile.actor().id, "what": what, "kind": kind,
            "entity_id": entity_id, "details": mapping.dump(dict(details))})

    def finish(self) -> int | None:
        """What must be written before the commit; called by the store alone. Returns which transaction it is, None for
        one that wrote nothing."""
        self._entities.finish()
        self._syncs.finish()
        self._reactions.finish()
        if self._total() == self._written:
            return None
        number = int(self.profile.get(COMMITS) or 0) + 1
        self.profile.put(COMMITS, str(number))
        return number

    def _total(self) -> int:
        driver: Any = self._connection.connection.driver_connection
        return int(driver.total_changes)


class Store:
    """The open database of one profile. `writable` is False when it was opened to read, mostly
    because another process (`holder`) has the profile."""

    def __init__(self, path: Path, *, clock: Clock, writable: bool = True, holder: str = "") -> None:
        self._path = path
        self._clock = clock
        self._writable = writable
        self._holder = holder
        self._writer = writer_engine(path)  # connects when first written to
        self._readers = reader_engine(path)
        self._turn = threading.Lock()
        self._owner: int | None = None
        self._forbidden: set[int] = set()
        self._mark = Mark(path.parent)
        self.swap = SwapFolder(path.parent)

    @property
    def path(self) -> Path:
        """The database file."""
        return self._path

    def forbid_thread(self, ident: int) -> None:
        """From now on entering `write` on that thread (the GUI's) raises `Bug`."""
        self._forbidden.add(ident)

    @contextmanager
    def write(self) -> Iterator[DatabaseWork]:
        """One transaction: committed durably on leaving without an error, rolled back with one.

        Waits while another thread writes. Raises `Bug` on the forbidden thread and inside another `write` of the same
        thread, `UserError` (`profile_in_use`, `disk_full`, `read_only`, `damaged_database`, …) as the sentence says.
        """
        self._check_may_write()
        with self._turn, explained(self._path):
            self._owner = threading.get_ident()
            try:
                with self._writer.begin() as connection:
                    work = DatabaseWork(connection, self._clock.now())
                    yield work
                    number = work.finish()
                if number is not None:
                    self._mark.put(number)
            finally:
                self._owner = None

    @contextmanager
    def read(self) -> Iterator[read_models.Reader]:
        """Questions in one snapshot, on any thread but the GUI's; changes made meanwhile are not seen."""
        with explained(self._path), self._readers.begin() as connection:
            yield DatabaseReader(connection, self._clock.now())

    def tidy(self) -> int:
        """Take the texts out of requests settled a day ago, and take out those of thirty days ago; how many went. Call it
        on the db-writer, once a day."""
        with self.write() as work:
            work.requests.forget_texts(work.now() - KEEP_TEXTS)
            return work.requests.tidy(work.now() - KEEP_SETTLED)

    def close(self) -> None:
        """Readers first, then the writer."""
        self._readers.dispose()
        with self._turn:
            self._writer.dispose()
            self._mark.close()

    def _check_may_write(self) -> None:
        me = threading.get_ident()
        if me in self._forbidden:
            raise Bug("wrong_thread", Message("store", "The window's thread was about to write to the database."))
        if me == self._owner:
            raise Bug("nested_work", Message("store", "A unit of work was entered inside another."))
        if not self._writable:
            raise profile_in_use(self._holder) if self._holder else opened_to_read()
