"""What lists and panels paint: flat, ready-made values, read on the db-readers and never written back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from editor.desk.ports import (
    Attempt,
    ConflictRow,
    Connection,
    Entity,
    FeedRow,
    OutboxRow,
    RevisionRow,
    Standing,
    SyncState,
    UndoRow,
)
from editor.domain.article import Article
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor
from editor.domain.reaction import Decision, QueueState, Reaction
from editor.domain.ticker import TickerEntry


@dataclass(frozen=True, slots=True)
class ArticleItem:
    """One card of the library. `wanted` is the status with waiting steps, `effective` what press acknowledged;
    `waiting` says that they differ because something has not been sent."""

    id: str
    headline: str
    wanted: str
    effective: str
    waiting: bool
    standing: Standing
    saved_at: datetime
    changed_by: str
    section: str
    publish_at: datetime | None
    live_at: datetime | None
    live_differs: bool
    version: int
    excerpt: str = ""
    cursor: tuple[int, int] = (0, 0)  # (saved_at in ms, rid): where the next page begins
    sent_at: datetime | None = None  # when the server last took something of it from here
    corrected_at: datetime | None = None  # when its last correction was released


@dataclass(frozen=True, slots=True)
class ArticleFilter:
    """What the library shows: full-text words, statuses, section; newest saved first."""

    words: str = ""
    statuses: tuple[str, ...] = ()
    section: str = ""
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An open article: its value, its counter, and how it stands."""

    article: Article
    version: int
    wanted: str
    standing: Standing
    saved_at: datetime
    sent_at: datetime | None
    deleted: bool
    conflicts: tuple[ConflictRow, ...]
    waiting: tuple[OutboxRow, ...]
    live: Article | None  # the text that is public now, where it is known here


@dataclass(frozen=True, slots=True)
class TickerItem:
    """One entry with how it stands."""

    entry: TickerEntry
    version: int
    standing: Standing
    staged: str | None
    waiting: bool
    conflicts: tuple[ConflictRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ReactionItem:
    """One card of the queue."""

    id: str
    article_id: str
    article_headline: str
    number: int
    author: str
    text: str
    created_at: datetime
    state: QueueState
    reports: int
    waiting: bool  # a decision of ours has not been sent


@dataclass(frozen=True, slots=True)
class ReactionView:
    """An open reaction with its article and its log."""

    reaction: Reaction
    state: QueueState
    waiting: Decision | None
    decisions: tuple[Decision, ...]
    article_headline: str
    article_lead: str
    article_live_at: datetime | None
    reactions_mode: str
    parent: Reaction | None
    author_approved: int
    author_rejected: int
    conflicts: tuple[ConflictRow, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of rail and queue list."""

    queue: dict[str, int] = field(default_factory=dict)  # by QueueState value
    articles: int = 0
    conflicts: int = 0
    unsent: int = 0  # pending and sealed requests, and dirty objects
    parked: int = 0


class Reader(Protocol):
    """Questions to the database, asked on a db-reader thread, each in one snapshot."""

    def articles(self, wanted: ArticleFilter, *, after: tuple[int, int] | None = None,
                 limit: int = 200) -> Sequence[ArticleItem]:
        """Cards, newest saved first; `after` is (saved_at in ms, rid) of the last one: keyset, never offset."""
        ...

    def article(self, article_id: str) -> ArticleView | None: ...
    def article_texts(self, article_id: str) -> Sequence[RevisionRow]: ...
    def ticker_day(self, day: date) -> Sequence[TickerItem]:
        """Entries that start on that day of the newsroom's zone, or carry over into it, by start; and those without
        a start."""
        ...

    def ticker_entries(self) -> Sequence[TickerEntry]:
        """Every entry that may still be public: for `public_list`."""
        ...

    def ticker_item(self, entry_id: str) -> TickerItem | None: ...
    def queue(self, state: str, *, article_id: str = "", words: str = "", limit: int | None = None) -> Sequence[str]:
        """Ids of a queue in its order (oldest first; reported and escalated before). The caller freezes them."""
        ...

    def reaction_items(self, ids: Sequence[str]) -> Sequence[ReactionItem]:
        """The cards of these ids, in this order."""
        ...

    def reaction(self, reaction_id: str) -> ReactionView | None: ...
    def conversation(self, article_id: str) -> Sequence[ReactionItem]: ...
    def counts(self) -> Counts: ...
    def conflicts(self) -> Sequence[ConflictRow]: ...
    def conflict(self, conflict_id: str) -> ConflictRow | None: ...
    def outbox(self, *, done: bool = False) -> Sequence[OutboxRow]: ...
    def attempts(self, op_id: str | None = None) -> Sequence[Attempt]: ...
    def newsroom(self) -> Newsroom: ...
    def actor(self) -> Actor: ...
    def connection(self) -> Connection | None: ...
    def sync_state(self, entity_id: str) -> SyncState | None: ...
    def feed(self, stream: str) -> FeedRow: ...
    def entity(self, kind: str, entity_id: str) -> Entity | None: ...
    def undo_latest(self, *kinds: str) -> UndoRow | None: ...
    def broken_link(self) -> str | None:
        """The id of the first decision whose link in the log's chain does not hold, None when all do (M-02)."""
        ...

    def search(self, words: str, limit: int = 20) -> Sequence[tuple[str, str, str]]:
        """(kind, id, title) of articles, entries and reactions that hold the words: for the palette."""
        ...

    def find(self, kind: str, tail: str) -> Sequence[str]:
        """Ids of `kind` (article, ticker, reaction, conflict) that are `tail` or end in it."""
        ...
