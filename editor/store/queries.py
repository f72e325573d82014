"""The reader: every question that lists and panels ask, in one snapshot (`desk.read_models.Reader`).

SQL sorts, filters and counts, and pages by keyset; a new list is a method here and a query in the file of its area.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

from sqlalchemy import Connection as Database
from sqlalchemy import distinct, func, select, union

from editor.desk.ports import (
    Attempt,
    ConflictRow,
    Connection,
    Entity,
    FeedRow,
    OpState,
    OutboxRow,
    RevisionRow,
    SyncState,
    UndoRow,
)
from editor.desk.read_models import (
    ArticleFilter,
    ArticleItem,
    ArticleView,
    Counts,
    ReactionItem,
    ReactionView,
    TickerItem,
)
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor
from editor.domain.ticker import TickerEntry
from editor.store.article_queries import ArticleQueries, matching
from editor.store.cards import ConflictRows, RevisionRows, UndoRows
from editor.store.entities import EntityRows
from editor.store.outbox import OutboxRows, SyncRows, outbox
from editor.store.profile_rows import FeedRows, ProfileRows, SettingRows
from editor.store.reaction_queries import ReactionQueries
from editor.store.reactions import ReactionRows
from editor.store.schema import ArticleRow, ConflictRowRow, ReactionRow, SyncStateRow, TickerRow, table
from editor.store.ticker_queries import TickerQueries

OPEN_STATES = (OpState.PENDING, OpState.SEALED, OpState.CONFLICT, OpState.PARKED)
DONE_SHOWN = 500
TITLE = 80  # characters of a reaction that stand for its title


class DatabaseReader:
    """Lives as long as `Store.read()`'s block."""

    def __init__(self, database: Database, now: datetime) -> None:
        self._database = database
        self._now = now
        self._profile = ProfileRows(database)
        self._outbox = OutboxRows(database, now, set())
        self._articles = ArticleQueries(database, now)
        self._reactions = ReactionQueries(database, now)

    @cached_property
    def _ticker(self) -> TickerQueries:
        return TickerQueries(self._database, self._now, self._profile.newsroom())

    def now(self) -> datetime:
        """The instant that these answers are for."""
        return self._now

    def broken_link(self) -> str | None:
        """The first decision whose link in the chain does not hold, None when all do (M-02)."""
        return ReactionRows(self._database, self._now, set()).verify_log()

    def articles(self, wanted: ArticleFilter, *, after: tuple[int, int] | None = None,
                 limit: int = 200) -> Sequence[ArticleItem]:
        """Cards, newest saved first; `after` is (saved_at in ms, rid) of the last one: keyset, never offset."""
        return self._articles.items(wanted, after, limit)

    def article(self, article_id: str) -> ArticleView | None:
        """One article with how it stands."""
        return self._articles.view(article_id)

    def article_texts(self, article_id: str) -> Sequence[RevisionRow]:
        """The kept states of an article, newest first."""
        return RevisionRows(self._database).of(article_id)

    def ticker_day(self, day: date) -> Sequence[TickerItem]:
        """Entries that start on that day of the newsroom's zone, or carry over into it, by start; and those without
        a start."""
        return self._ticker.day(day)

    def ticker_entries(self) -> Sequence[TickerEntry]:
        """Every entry that may still be public: for `public_list`."""
        return self._ticker.entries()

    def ticker_item(self, entry_id: str) -> TickerItem | None:
        """One entry."""
        return self._ticker.item(entry_id)

    def queue(self, state: str, *, article_id: str = "", words: str = "", limit: int | None = None) -> Sequence[str]:
        """Ids of a queue in its order (oldest first; reported and escalated before). The caller freezes them."""
        return self._reactions.queue(state, article_id=article_id, words=words, limit=limit)

    def reaction_items(self, ids: Sequence[str]) -> Sequence[ReactionItem]:
        """The cards of these ids, in this order."""
        return self._reactions.items(ids)

    def reaction(self, reaction_id: str) -> ReactionView | None:
        """One reaction with its article and its log."""
        return self._reactions.view(reaction_id)

    def conversation(self, article_id: str) -> Sequence[ReactionItem]:
        """Every reaction on an article by number."""
        return self._reactions.conversation(article_id)

    def counts(self) -> Counts:
        """The numbers of rail and queue list."""
        rows, cards = table(ArticleRow), table(ConflictRowRow)
        count = self._database.execute
        return Counts(
            queue=self._reactions.counts(),
            articles=count(select(func.count()).select_from(rows).where(rows.c.deleted == 0)).scalar_one(),
            conflicts=count(select(func.count()).select_from(cards).where(cards.c.state == "open")).scalar_one(),
            unsent=self._unsent(), parked=self._parked())

    def _unsent(self) -> int:
        """Requests that wait or are under way, and objects whose newer text is not among them."""
        ops, syncs = outbox(), table(SyncStateRow)
        waiting = ops.c.state.in_(["pending", "sealed"])
        requests = self._database.execute(select(func.count()).select_from(ops).where(waiting)).scalar_one()
        texts = select(ops.c.entity_id).where(waiting, ops.c.verb == "upsert")
        dirty = self._database.execute(select(func.count()).select_from(syncs).where(
            syncs.c.standing == "dirty", syncs.c.entity_id.not_in(texts))).scalar_one()
        return int(requests + dirty)

    def _parked(self) -> int:
        ops, syncs = outbox(), table(SyncStateRow)
        parked = union(select(syncs.c.entity_id).where(syncs.c.standing == "parked"),
                       select(ops.c.entity_id).where(ops.c.state == "parked")).subquery()
        return self._database.execute(select(func.count(distinct(parked.c.entity_id)))).scalar_one()

    def conflicts(self) -> Sequence[ConflictRow]:
        """Open cards, oldest first."""
        return ConflictRows(self._database).open()

    def conflict(self, conflict_id: str) -> ConflictRow | None:
        """One card, open or closed."""
        return ConflictRows(self._database).get(conflict_id)

    def outbox(self, *, done: bool = False) -> Sequence[OutboxRow]:
        """What waits, is under way or needs a person; with `done` the newest 500 in any state."""
        return self._outbox.newest(DONE_SHOWN) if done else self._outbox.in_states(*OPEN_STATES)

    def attempts(self, op_id: str | None = None) -> Sequence[Attempt]:
        """Tries to send, newest first."""
        return self._outbox.attempts(op_id)

    def newsroom(self) -> Newsroom:
        """The newsroom's document as a value."""
        return self._profile.newsroom()

    def actor(self) -> Actor:
        """Whoever works here."""
        return self._profile.actor()

    def connection(self) -> Connection | None:
        """The server."""
        return self._profile.connection()

    def sync_state(self, entity_id: str) -> SyncState | None:
        """How an object stands towards the server."""
        return SyncRows(self._database).get(entity_id)

    def feed(self, stream: str) -> FeedRow:
        """How far a stream has been read."""
        return FeedRows(self._database).get(stream)

    def entity(self, kind: str, entity_id: str) -> Entity | None:
        """One entity, deleted or not."""
        return EntityRows(self._database, self._now).get(kind, entity_id)

    def undo_latest(self, *kinds: str) -> UndoRow | None:
        """The newest record not yet undone."""
        return UndoRows(self._database).latest(*kinds)

    def settings(self) -> dict[str, object]:
        """Every setting of this machine or person that was ever changed."""
        return SettingRows(self._database).all()

    def search(self, words: str, limit: int = 20) -> Sequence[tuple[str, str, str]]:
        """(kind, id, title) of articles, entries and reactions that hold the words, newest first: for the palette."""
        found: list[tuple[str, str, str]] = []
        articles, entries, reactions = table(ArticleRow), table(TickerRow), table(ReactionRow)
        for kind, rows, title in (("article", articles, articles.c.title), ("ticker", entries, entries.c.title),
                                  ("reaction", reactions, func.substr(reactions.c.text, 1, TITLE))):
            matches = matching(kind, words)
            if matches is None:
                return []
            statement = select(rows.c.id, title).where(rows.c.rid.in_(matches)).order_by(rows.c.rid.desc())
            if kind != "reaction":
                statement = statement.where(rows.c.deleted == 0)
            found.extend((kind, one, said) for one, said in self._database.execute(statement.limit(limit)))
        return found[:limit]

    def find(self, kind: str, tail: str) -> Sequence[str]:
        """Ids of `kind` (article, ticker, reaction, conflict) that are `tail` or end in it."""
        if kind == "reaction":
            return ReactionRows(self._database, self._now, set()).find(tail)
        if kind == "conflict":
            return ConflictRows(self._database).find(tail)
        return EntityRows(self._database, self._now).find(kind, tail)
