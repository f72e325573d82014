"""The adapter protocol: what a publishing backend must be able to do, and the values that cross it.

Calls are blocking and run on `net-sync`, one at a time; `wait` runs on `net-notice`. An adapter holds no durable
state: it reads arguments, talks to its server and returns values, or raises an `AdapterError`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, Flag, auto
from typing import Any, Protocol

from editor.base.wire import Document


class Caps(Flag):
    """What the server guarantees. A missing flag switches on a documented substitute on this side."""

    CAS = auto()  # a write is refused unless base_rev is current
    IDEMPOTENCY = auto()  # the same op_id acts once, its answer is replayed; without it an unknown outcome is waited out
    CLIENT_IDS = auto()  # our id is the object's identity
    CHANGE_FEED = auto()  # a cursor without gaps
    TOMBSTONES = auto()  # deletions are in the feed
    ATOMIC_FIELDS = auto()
    REVISIONS = auto()
    PUSH_NOTICE = auto()  # long-poll
    EXACT_SCHEDULE = auto()  # publishes by its own clock
    MODERATION_LOG = auto()  # decisions appended, blind ones told by seen_n
    REACTION_MODIFIED = auto()
    RESUMABLE_UPLOAD = auto()
    DIGESTS = auto()
    SNAPSHOT = auto()
    UNKNOWN_OP_LOOKUP = auto()


class Outcome(Enum):
    """What became of a request."""

    APPLIED = "applied"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    GONE = "gone"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Op:
    """One request, sealed before its first byte is sent and never changed after. `body` is the exact bytes. `base_rev`
    is the revision that we last knew of the object: what a step's is compared with stands in its body, but it tells a
    server without tombstones something deleted from something that was never there."""

    op_id: str
    entity_id: str
    kind: str
    verb: str
    base_rev: str | None
    schema_v: int
    body: bytes
    body_hash: str
    actor_id: str


ABSENT = "absent"  # the server does not say that it was deleted, it does not show it any more; its `rev` is the last known


@dataclass(frozen=True, slots=True)
class RemoteDoc:
    """A state of one object as the server has it; `doc` is None for a tombstone. `op_id` in a feed says that this state
    is what became of that request, whoever wrote meanwhile: a server without compare-and-set never tells it. `why` of a
    tombstone: `retention`, `erasure`, or `ABSENT`."""

    entity_id: str
    kind: str
    rev: str
    doc: Document | None
    seq: int | None = None
    op_id: str | None = None
    actor: str | None = None
    replica: str | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class PushResult:
    """The server's answer to one request. `fields` are press's read-only fields after an upsert, delete or restore;
    `doc` is the whole state in every other answer."""

    outcome: Outcome
    rev: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    doc: RemoteDoc | None = None
    code: str = ""
    message: str = ""
    server_time: datetime | None = None
    epoch: str = ""  # of the history in which this became of it


@dataclass(frozen=True, slots=True)
class ChangePage:
    """A gap-free page of a feed, rising in `seq`."""

    epoch: str
    changes: Sequence[RemoteDoc]
    next: str
    more: bool
    head: str
    server_time: datetime | None = None
    tail: str = ""  # of a snapshot: the cursor from which what changed meanwhile is told
    total: int = 0  # of a snapshot: how many rows there are in all


@dataclass(frozen=True, slots=True)
class Digests:
    """What the server holds of a stream, by bucket (`domain.reconcile`), and the cursor at which that is so."""

    epoch: str
    digests: Mapping[int, str]
    cursor: str
    head: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One thing in a bucket; what is deleted is listed too, and only that proves a deletion."""

    entity_id: str
    kind: str
    rev: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What the server says of itself and of whoever asks."""

    epoch: str
    newsroom_id: str
    user_id: str
    user_name: str
    roles: tuple[str, ...]
    rights: tuple[str, ...]
    heads: Mapping[str, str]
    capabilities: tuple[str, ...]
    max_body: int
    sample: bool
    server_time: datetime
    began: Mapping[str, str] = field(default_factory=dict)  # by stream: its head when this history began, after a restoring


class AdapterError(Exception):
    """Why a call gave no usable answer. Nothing of a failed call is ever used."""


class NoAnswer(AdapterError):
    """Outcome unknown, or never sent. An HTML page of a portal is no answer either. `status` is that of a server that
    stumbled (5xx), 0 when none said so."""

    def __init__(self, why: str, *, maybe_sent: bool, retry_after: float | None = None, status: int = 0) -> None:
        super().__init__(why)
        self.maybe_sent = maybe_sent
        self.retry_after = retry_after
        self.status = status


class SlowDown(AdapterError):
    """The server asks for patience (seconds)."""

    def __init__(self, retry_after: float) -> None:
        super().__init__("slow down")
        self.retry_after = retry_after


class AuthNeeded(AdapterError):
    """The token is no longer good. Nothing is counted, nothing is discarded."""


class CursorExpired(AdapterError):
    """The feed no longer reaches back that far."""


class EpochChanged(AdapterError):
    """Another history: a restored back-up, or another server. No deletion is believed."""


class UpgradeNeeded(AdapterError):
    """This program is too old for the server; editing goes on, sync stops."""


class Malformed(AdapterError):
    """The server calls our own request wrong: our bug, the lane is parked."""

    def __init__(self, why: str, status: int) -> None:
        super().__init__(why)
        self.status = status


class PublishingBackend(Protocol):
    """One server. One call has at most one effect per op_id, or raises `NoAnswer(maybe_sent=True)`; it never retries
    by itself, validates before it returns, and raises nothing but `AdapterError`."""

    @property
    def caps(self) -> Caps:
        """What the server guarantees."""
        ...

    def hello(self) -> ServerInfo:
        """Version, epoch, limits, time, user and rights; also the log-in probe."""
        ...

    def push(self, op: Op) -> PushResult:
        """Carry out one sealed request."""
        ...

    def changes(self, stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        """The next page of a feed."""
        ...

    def snapshot(self, stream: str, token: str | None, *, days: int = 0, limit: int = 200) -> ChangePage:
        """A page of the first sync: everything that is there; `next` is the following page's token. With `days` of the
        reactions only the queue and what is younger."""
        ...

    def digests(self, stream: str) -> Digests:
        """The digests of all buckets."""
        ...

    def bucket(self, stream: str, numbers: Sequence[int]) -> Sequence[Listed]:
        """Everything in these buckets, sixteen at most."""
        ...

    def fetch(self, entity_id: str) -> RemoteDoc | None:
        """One thing as it is there, None where there is none."""
        ...

    def revision(self, entity_id: str, rev: str) -> Document:
        """The frozen document of one revision."""
        ...

    def wait(self, timeout_s: float, seen: Mapping[str, str]) -> Mapping[str, str]:
        """Block until a head moved past `seen` or time is up; the heads as they are. Loss and lies are harmless."""
        ...

    def close(self) -> None:
        """Let go of every connection. Safe to call twice, and from another thread."""
        ...
