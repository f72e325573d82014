"""What the operations of the desks need of the world: the unit of work, its stores, and the values they hold.

A unit of work is one transaction on the db-writer thread. Entering one on the GUI thread raises.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from editor.base.wire import Document
from editor.domain.changes import ChangeSet, Facet
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor
from editor.domain.reaction import Decision, Reaction


class Standing(StrEnum):
    """How an object stands towards the server."""

    CLEAN = "clean"
    DIRTY = "dirty"
    CONFLICT = "conflict"
    PARKED = "parked"
    GONE = "gone"


class OpState(StrEnum):
    """The state of an outbox row; `sealed` with attempts > 0 means: outcome unknown (one that never left counts none)."""

    PENDING = "pending"
    SEALED = "sealed"
    ACKED = "acked"
    CONFLICT = "conflict"
    PARKED = "parked"
    SUPERSEDED = "superseded"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class Entity:
    """A row of article, ticker, newsroom, person or list: the working document with press's acknowledged read-only
    fields in it. `wanted` is an article's status with the waiting steps applied; `staged` a ticker entry's unsent
    headline; `on_late` travels once with a ticker entry's next upsert."""

    kind: str
    id: str
    doc: Document
    version: int = 0
    wanted: str = ""
    deleted: bool = False
    saved_at: datetime | None = None
    staged: str | None = None
    on_late: str | None = None


@dataclass(frozen=True, slots=True)
class SyncState:
    """The last server state that this desk has acknowledged (`base`), and a newer one that had to wait (`stash`)."""

    entity_id: str
    kind: str
    base_doc: Document | None = None
    base_rev: str | None = None
    stash_doc: Document | None = None
    stash_rev: str | None = None
    stash_gone: bool = False
    standing: Standing = Standing.DIRTY
    dirty_since: datetime | None = None
    adapter_state: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Standpoint:
    """Which revision of the server an object here comes from, without any document."""

    entity_id: str
    kind: str
    base_rev: str
    adapter_state: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One command, or one sealed request. `command` is the wire's `cmd`; `snapshot` the document a step was given
    for; body, base_rev, sealed_version are frozen at sealing."""

    op_id: str
    entity_id: str
    kind: str
    verb: str
    state: OpState
    actor_id: str
    created_at: datetime
    seq: int = 0  # given by the store
    command: Mapping[str, Any] = field(default_factory=dict)
    snapshot: Document | None = None
    schema_v: int = 1
    base_rev: str | None = None
    patch: Mapping[str, Any] | None = None
    body: bytes | None = None
    body_hash: str | None = None
    sealed_version: int | None = None
    attempts: int = 0
    next_try_at: datetime | None = None
    take_back: bool = False
    last_error: str | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to send a request, without texts and secrets."""

    op_id: str
    started_at: datetime
    ended_at: datetime
    result: str
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """Something that a person must settle. `kind`: text, field, soft, refused, late, fallen, deleted, still_true,
    dispute, note, rejected, unreadable, removal. `blocking` ones forbid publishing. `base`, `mine`, `theirs` are documents or texts."""

    id: str
    entity_id: str
    entity_kind: str
    kind: str
    field: str
    raised_at: datetime
    base: Any = None
    mine: Any = None
    theirs: Any = None
    blocking: bool = True
    regions: Sequence[Mapping[str, Any]] = ()
    theirs_actor: str = ""
    theirs_rev: str = ""
    code: str = ""
    op_id: str = ""
    state: str = "open"
    resolution: str = ""
    resolved_by: str = ""


@dataclass(frozen=True, slots=True)
class RevisionRow:
    """A kept earlier state of an object."""

    entity_id: str
    at: datetime
    why: str
    doc: Document
    hash: str
    name: str = ""
    id: int = 0


@dataclass(frozen=True, slots=True)
class FeedRow:
    """How far one stream has been read."""

    stream: str
    epoch: str = ""
    cursor: str | None = None
    rows_done: int = 0
    head_seen: str = ""


@dataclass(frozen=True, slots=True)
class Connection:
    """The one server this profile is bound to. `state`: ok, needs_login, upgrade, epoch."""

    id: str
    adapter: str
    url: str
    account: str
    newsroom_id: str
    epoch: str
    state: str
    sample: bool = False


@dataclass(frozen=True, slots=True)
class UndoRow:
    """What the one Undo action can take back: `operation` names it, `data` is what its inverse needs."""

    operation: str
    entity_kind: str
    entity_id: str
    at: datetime
    actor_id: str
    data: Mapping[str, Any]
    id: int = 0
    done: bool = False


class EntityStore(Protocol):
    """Articles, ticker entries, newsroom, people, lists. Writing keeps typed columns and the search index in step."""

    def get(self, kind: str, entity_id: str) -> Entity | None: ...
    def put(self, entity: Entity) -> Entity:
        """Write the row with `version` + 1 (1 for a new one); `saved_at` is the caller's, now where there was none.
        Returns it as written."""
        ...

    def all(self, kind: str, *, deleted: bool = False) -> Sequence[Entity]: ...
    def find(self, kind: str, tail: str) -> Sequence[str]:
        """Ids that are `tail` or end in it."""
        ...


class SyncStore(Protocol):
    """One row an object that a server knows or shall know."""

    def get(self, entity_id: str) -> SyncState | None: ...
    def put(self, state: SyncState) -> None: ...
    def with_standing(self, *standings: Standing) -> Sequence[SyncState]: ...
    def standpoints(self) -> Sequence[Standpoint]:
        """Everything that has a revision of the server."""
        ...

    def forget(self, entity_id: str) -> None: ...


class OutboxStore(Protocol):
    """Commands and sealed requests, in order of `seq`."""

    def add(self, row: OutboxRow) -> OutboxRow: ...
    def put(self, row: OutboxRow) -> None:
        """Write a row back. A sealed row's body, body_hash and base_rev never change: doing so raises `Bug`."""
        ...

    def get(self, op_id: str) -> OutboxRow | None: ...
    def lane(self, entity_id: str, *states: OpState) -> Sequence[OutboxRow]: ...
    def in_states(self, *states: OpState) -> Sequence[OutboxRow]: ...
    def adopt(self, old_actor: str, new_actor: str) -> int:
        """Give the waiting rows of the actor made here to the person who logged in first; how many."""
        ...

    def erase(self, entity_id: str) -> None:
        """Empty every request about this object of its text, but one that is under way: its bytes must not change."""
        ...

    def note_attempt(self, attempt: Attempt) -> None: ...
    def attempts(self, op_id: str | None = None, *, limit: int = 100) -> Sequence[Attempt]: ...


class ReactionStore(Protocol):
    """The server's reactions with their own `rev`, and the decisions appended beside them (hash-chained, M-02)."""

    def get(self, reaction_id: str) -> Reaction | None: ...
    def rev(self, reaction_id: str) -> str | None: ...
    def put(self, reaction: Reaction, rev: str) -> None: ...
    def remove(self, reaction_id: str) -> None: ...
    def find(self, tail: str) -> Sequence[str]: ...
    def refresh(self, reaction_id: str) -> None:
        """Write the derived columns (queue state with the waiting decision, dispute) anew."""
        ...

    def append(self, decision: Decision) -> None: ...
    def decision(self, decision_id: str) -> Decision | None: ...
    def decisions(self, reaction_id: str) -> Sequence[Decision]: ...
    def verify_log(self) -> str | None:
        """The id of the first broken link, None when the chain holds."""
        ...


class ConflictStore(Protocol):
    """Cards."""

    def add(self, row: ConflictRow) -> None: ...
    def put(self, row: ConflictRow) -> None: ...
    def get(self, conflict_id: str) -> ConflictRow | None: ...
    def open(self, entity_id: str | None = None) -> Sequence[ConflictRow]: ...
    def erase(self, entity_id: str) -> None:
        """Empty every card about this object, closed ones too, of its texts."""
        ...

    def find(self, tail: str) -> Sequence[str]: ...


class RevisionStore(Protocol):
    """Earlier states, newest first."""

    def add(self, row: RevisionRow) -> int: ...
    def of(self, entity_id: str) -> Sequence[RevisionRow]: ...
    def last_at(self, entity_id: str) -> datetime | None:
        """When a state of the object was kept last."""
        ...

    def get(self, revision_id: int) -> RevisionRow | None: ...
    def remove(self, entity_id: str) -> None: ...


class FeedStore(Protocol):
    """Cursors."""

    def get(self, stream: str) -> FeedRow: ...
    def put(self, row: FeedRow) -> None: ...


class UndoStore(Protocol):
    """What can be undone, newest first."""

    def add(self, row: UndoRow) -> int: ...
    def latest(self, *kinds: str) -> UndoRow | None: ...
    def get(self, undo_id: int) -> UndoRow | None: ...
    def close(self, undo_id: int) -> None: ...
    def erase(self, entity_id: str) -> None:
        """Take out every record of an object."""
        ...


class ProfileStore(Protocol):
    """What the profile knows of itself."""

    def get(self, key: str) -> str | None: ...
    def put(self, key: str, value: str) -> None: ...
    def connection(self) -> Connection | None: ...
    def bind(self, connection: Connection) -> None: ...
    def actor(self) -> Actor:
        """Whoever works here: the person of the last log-in with the roles last heard, or the actor made here, who
        may do everything until a server says otherwise."""
        ...

    def set_actor(self, actor: Actor) -> None: ...
    def newsroom(self) -> Newsroom: ...


class SettingStore(Protocol):
    """Settings of this machine and this person."""

    def all(self) -> Mapping[str, Any]: ...
    def put(self, name: str, value: object) -> None: ...
    def forget(self, name: str) -> None: ...


class UnitOfWork(Protocol):
    """One transaction. Every store writes through it; leaving it without an error commits durably."""

    entities: EntityStore
    syncs: SyncStore
    outbox: OutboxStore
    reactions: ReactionStore
    conflicts: ConflictStore
    revisions: RevisionStore
    feeds: FeedStore
    undos: UndoStore
    profile: ProfileStore
    settings: SettingStore

    def now(self) -> datetime:
        """The instant of this unit of work; the same at each call."""
        ...

    def changed(self, kind: str, entity_id: str, facets: Facet) -> None:
        """Note a change for the bus."""
        ...

    def changes(self) -> ChangeSet:
        """Everything noted so far."""
        ...

    def read_ahead(self, things: Iterable[tuple[str, str]]) -> None:
        """These kinds and ids are about to be asked for, each one: answers what there is of them at once."""
        ...

    def audit(self, what: str, kind: str, entity_id: str, details: Mapping[str, Any]) -> None:
        """One row of who did what; no texts."""
        ...


class Secrets(Protocol):
    """Tokens by name: the person's keyring, or a 0600 file where there is none."""

    def get(self, name: str) -> str | None: ...
    def put(self, name: str, secret: str) -> None: ...
    def forget(self, name: str) -> None: ...
    def place(self) -> str:
        """Where they are kept: `keyring` or `file`."""
        ...

