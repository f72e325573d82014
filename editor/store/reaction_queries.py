"""Questions about readers' reactions: a queue in its order, its cards, one reaction, a conversation, the counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, overload

from sqlalchemy import ColumnElement, Connection, Select, func, literal_column, select, union_all

from editor.base.wire import from_ms, to_ms
from editor.desk.read_models import ReactionItem, ReactionView
from editor.domain.documents import article_value
from editor.domain.reaction import QueueState, state_with
from editor.store.article_queries import live_at, matching
from editor.store.cards import ConflictRows
from editor.store.entities import EntityRows
from editor.store.reactions import ReactionRows
from editor.store.schema import ArticleRow, ReactionRow, TallyRow, table

AT_ONCE = 500  # ids in one question for cards
ID_LENGTH = 36


class PackedIds(Sequence[str]):
    """Ids of 36 characters in one string: a million of them open in a third of the time that a list takes."""

    __slots__ = ("_packed",)

    def __init__(self, packed: str) -> None:
        self._packed = packed

    def __len__(self) -> int:
        return (len(self._packed) + 1) // (ID_LENGTH + 1)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return [self[i] for i in range(*place.indices(len(self)))]
        at = place + len(self) if place < 0 else place
        if not 0 <= at < len(self):
            raise IndexError(place)
        return self._packed[at * (ID_LENGTH + 1): at * (ID_LENGTH + 1) + ID_LENGTH]

    def __iter__(self) -> Iterator[str]:
        return iter(self._packed.split(" ") if self._packed else ())

    def __eq__(self, other: object) -> bool:
        if isinstance(other, PackedIds):
            return self._packed == other._packed
        return list(self) == list(other) if isinstance(other, Sequence) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._packed)


def unpack(packed: str | None) -> Sequence[str]:
    """The ids of a joined answer."""
    if not packed:
        return []
    step = ID_LENGTH + 1
    even = len(packed) % step == ID_LENGTH and packed.count(" ") == len(packed) // step
    if even and packed[ID_LENGTH::step] == " " * (len(packed) // step):
        return PackedIds(packed)
    return packed.split(" ")


class ReactionQueries:
    """Asks in one snapshot; `now` decides which deferrals have run out."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now

    def queue(self, state: str, *, article_id: str, words: str, limit: int | None) -> Sequence[str]:
        """Ids of a queue, escalated and reported before the rest, each oldest first. What was put off and is due
        again stands among the pending."""
        rows = table(ReactionRow)
        due = rows.c.until_at <= to_ms(self._now)
        # The partial index on `until_at` is found only by a literal.
        put_off = rows.c.queue_state == literal_column(f"'{QueueState.DEFERRED.value}'")
        parts = [self._part(rows.c.queue_state == state, article_id, words)]
        if state == QueueState.DEFERRED.value:
            parts = [self._part(put_off & ~due, article_id, words)]
        if state == QueueState.PENDING.value and self._connection.execute(
                select(func.count()).select_from(rows).where(put_off, due)).scalar_one():
            parts.append(self._part(put_off & due, article_id, words))
        return self._ids(parts, limit)

    def _part(self, where: ColumnElement[bool], article_id: str, words: str) -> Select[Any]:
        rows = table(ReactionRow)
        statement = select(rows.c.queue_rank, rows.c.created_at, rows.c.id).where(where)
        if article_id:
            statement = statement.where(rows.c.article_id == article_id)
        found = matching("reaction", words)
        return statement if found is None else statement.where(rows.c.rid.in_(found))

    def _ids(self, parts: list[Select[Any]], limit: int | None) -> Sequence[str]:
        if len(parts) == 1:
            one = parts[0].selected_columns
            # The id alone: what a million rows carry along only to be sorted by costs a tenth.
            ordered: Any = parts[0].with_only_columns(one.id).order_by(one.queue_rank, one.created_at, one.id)
        else:
            ordered = union_all(*parts).order_by("queue_rank", "created_at", "id")
        if limit is not None:
            ordered = ordered.limit(limit)
        # One joined string instead of a row an id: a third of the time for a million.
        joined = select(func.group_concat(ordered.subquery().c.id, " "))
        return unpack(self._connection.execute(joined).scalar_one_or_none())

    def items(self, ids: Sequence[str]) -> Sequence[ReactionItem]:
        """The cards of these ids, in this order; what is gone from the database is left out."""
        found: dict[str, ReactionItem] = {}
        for start in range(0, len(ids), AT_ONCE):
            part = _items().where(table(ReactionRow).c.id.in_(list(ids[start:start + AT_ONCE])))
            found.update((item.id, item) for item in self._items(part))
        return [found[one] for one in ids if one in found]

    def conversation(self, article_id: str) -> Sequence[ReactionItem]:
        """Every reaction on an article by number."""
        rows = table(ReactionRow)
        return self._items(_items().where(rows.c.article_id == article_id).order_by(rows.c.number, rows.c.rid))

    def _items(self, statement: Select[Any]) -> list[ReactionItem]:
        return [ReactionItem(
            id=row["id"], article_id=row["article_id"], article_headline=row["headline"] or "", number=row["number"],
            author=row["author_name"], text=row["text"], created_at=from_ms(row["created_at"]),
            state=self._state(row["queue_state"], row["until_at"]), reports=row["reports"],
            waiting=bool(row["waiting"])) for row in self._connection.execute(statement).mappings()]

    def _state(self, stored: str, until_at: int | None) -> QueueState:
        state = QueueState(stored)
        due = until_at is not None and until_at <= to_ms(self._now)
        return QueueState.PENDING if state is QueueState.DEFERRED and due else state

    def view(self, reaction_id: str) -> ReactionView | None:
        """One reaction with its article, its author's record and its log."""
        rows = ReactionRows(self._connection, self._now, set())
        reaction = rows.get(reaction_id)
        if reaction is None:
            return None
        waiting = rows.waiting(reaction_id)
        log = {decision.id: decision for decision in rows.decisions(reaction_id)}
        if reaction.decision is not None:
            log.setdefault(reaction.decision.id, reaction.decision)
        entity = EntityRows(self._connection, self._now).get("article", reaction.article_id)
        article = article_value(reaction.article_id, entity.doc if entity else {})
        approved, rejected = self._record(reaction.author_key)
        return ReactionView(
            reaction=reaction, state=state_with(reaction, waiting, self._now), waiting=waiting,
            decisions=tuple(sorted(log.values(), key=lambda decision: decision.at)),
            article_headline=article.headline, article_lead=article.lead,
            article_live_at=live_at(article.live, self._now), reactions_mode=article.reactions_mode,
            parent=rows.get(reaction.parent_id) if reaction.parent_id else None, author_approved=approved,
            author_rejected=rejected, conflicts=tuple(ConflictRows(self._connection).open(reaction_id)))

    def _record(self, author_key: str) -> tuple[int, int]:
        """How many reactions of this author were approved, and how many rejected or spam."""
        if not author_key:
            return 0, 0
        rows = table(ReactionRow)
        counted = self._connection.execute(
            select(rows.c.queue_state, func.count()).where(rows.c.author_key == author_key)
            .group_by(rows.c.queue_state)).all()
        by_state: dict[str, int] = {row[0]: row[1] for row in counted}
        return by_state.get("approved", 0), by_state.get("rejected", 0) + by_state.get("spam", 0)

    def counts(self) -> dict[str, int]:
        """How many stand in each queue; deferrals that have run out count as pending."""
        found = {state.value: 0 for state in QueueState}
        found.update({row.queue_state: row.n for row in self._connection.execute(
            select(TallyRow.queue_state, TallyRow.n)).all()})
        rows = table(ReactionRow)
        due = self._connection.execute(select(func.count()).select_from(rows).where(
            rows.c.queue_state == literal_column("'deferred'"), rows.c.until_at <= to_ms(self._now))).scalar_one()
        found["deferred"] -= due
        found["pending"] += due
        return found


def _items() -> Select[Any]:
    rows, articles = table(ReactionRow), table(ArticleRow)
    named = ("id", "article_id", "number", "author_name", "text", "created_at", "queue_state", "until_at", "reports",
             "waiting")
    return (select(*(rows.c[name] for name in named), articles.c.title.label("headline"))
            .outerjoin(articles, articles.c.id == rows.c.article_id))
