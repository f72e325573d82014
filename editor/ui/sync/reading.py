"""What the Sync desk shows, read in one snapshot on a db-reader thread. No Qt in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from editor.base.messages import Message
from editor.desk.ports import Attempt, ConflictRow, Connection, OpState, OutboxRow
from editor.desk.read_models import Reader
from editor.domain.people import Actor, Right
from editor.ui.widgets.conflict_words import reason_of_code, step_name

TITLE = 90  # characters of a reaction that stand for its title


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One row of the outbox. `state` is the word of its pill, `why` the reason (None: nothing is wrong)."""

    row: OutboxRow
    title: str
    what: Message
    kind: Message
    state: Message
    why: Message | None

    @property
    def is_stuck(self) -> bool:
        """Whether it waits for a person."""
        return self.row.state in (OpState.PARKED, OpState.CONFLICT)

    @property
    def may_discard(self) -> bool:
        """Whether it can be given up: a sealed one cannot, the server may already have it."""
        return self.row.state is not OpState.SEALED

    @property
    def why_kept(self) -> Message:
        """Why a sealed one cannot be given up."""
        if self.row.last_error and not self.row.attempts:
            return Message("sync_desk", "It is about to leave as it is: it cannot be discarded now.")
        return Message("sync_desk", "It has been sent and may have arrived: it cannot be discarded now.")


@dataclass(frozen=True, slots=True)
class CardItem:
    """One open card with the thing's title and the colleague's name."""

    row: ConflictRow
    title: str
    who: str


@dataclass(frozen=True, slots=True)
class AttemptItem:
    """One try to send, and what it was about."""

    attempt: Attempt
    title: str
    what: Message

    @property
    def told(self) -> Message:
        """What came of it, with the reason where there is one."""
        result: Message | str = RESULTS.get(self.attempt.result, self.attempt.result)
        detail = reason_of_code(self.attempt.excerpt) or _why_no_answer(self.attempt) or self.attempt.excerpt
        if not detail:
            return Message("sync_desk", "{words}", {"words": result})
        return Message("sync_desk", "{result}: {detail}", {"result": result, "detail": detail})


@dataclass(frozen=True, slots=True)
class SyncView:
    """Everything that the desk paints. `texts` counts things whose newer text has no request of its own yet."""

    outbox: tuple[OutboxItem, ...] = ()
    cards: tuple[CardItem, ...] = ()
    attempts: tuple[AttemptItem, ...] = ()
    texts: int = 0
    connection: Connection | None = None
    actor: Actor | None = None
    zone: str = "Europe/Amsterdam"
    titles: Mapping[str, str] = field(default_factory=dict)  # of things that a card names by their ids


def read_view(reader: Reader, now: datetime) -> SyncView:
    """The desk at `now`."""
    titles = _Titles(reader)
    rows = reader.outbox()
    known = {row.op_id: row for row in (*reader.outbox(done=True), *rows)}
    waiting = sum(row.state in (OpState.PENDING, OpState.SEALED) for row in rows)
    cards = reader.conflicts()
    return SyncView(
        outbox=tuple(sorted((_item(row, titles, now) for row in rows), key=_urgency)),
        cards=tuple(CardItem(row, titles.of(row.entity_kind, row.entity_id), titles.person(row.theirs_actor))
                    for row in sorted(cards, key=lambda card: not card.blocking)),
        attempts=tuple(_attempt(attempt, known.get(attempt.op_id), titles) for attempt in reader.attempts()),
        texts=max(0, reader.counts().unsent - waiting), connection=reader.connection(), actor=reader.actor(),
        zone=reader.newsroom().zone, titles={one: titles.of("article", one) for one in _named(cards)})


def what_of(row: OutboxRow) -> Message:
    """What a request does, as people say it."""
    if row.verb == "transition":
        return step_name(str(row.command.get("action", "")))
    return step_name(row.verb)


def rights_of(actor: Actor) -> tuple[Message, ...]:
    """What the person may do, in the table's order."""
    return tuple(_RIGHTS[right] for right in Right if right in actor.rights)


def _named(cards: Sequence[ConflictRow]) -> set[str]:
    """Ids of articles that cards name as the value of a field."""
    found: set[str] = set()
    for row in cards:
        if row.field in ("article_id", "related"):
            for value in (row.base, row.mine, row.theirs):
                found.update(map(str, value if isinstance(value, list) else [value] if value else ()))
    return found


class _Titles:
    """Titles of things and names of people, each asked once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._found: dict[tuple[str, str], str] = {}

    def of(self, kind: str, entity_id: str) -> str:
        key = (kind, entity_id)
        if key not in self._found:
            self._found[key] = self._reaction(entity_id) if kind == "reaction" else self._entity(kind, entity_id)
        return self._found[key]

    def person(self, actor_id: str) -> str:
        return self.of("person", actor_id) if actor_id else ""

    def _entity(self, kind: str, entity_id: str) -> str:
        entity = self._reader.entity(kind, entity_id)
        if entity is None:
            return ""
        return str(entity.doc.get("headline") or entity.doc.get("name") or "")

    def _reaction(self, reaction_id: str) -> str:
        items = self._reader.reaction_items((reaction_id,))
        return f"{items[0].author}: {items[0].text}"[:TITLE] if items else ""


def _item(row: OutboxRow, titles: _Titles, now: datetime) -> OutboxItem:
    state, why = _state(row, now)
    return OutboxItem(row, titles.of(row.kind, row.entity_id), what_of(row), kind_name(row.kind), state, why)


def kind_name(kind: str) -> Message:
    """What kind of thing it is."""
    return _KINDS.get(kind, _KINDS["thing"])


def _state(row: OutboxRow, now: datetime) -> tuple[Message, Message | None]:
    said = _said(row.last_error)
    if row.state is OpState.PARKED:
        return Message("sync_desk", "stuck"), said
    if row.state is OpState.CONFLICT:
        return Message("sync_desk", "refused"), said
    if row.state is OpState.SEALED and row.attempts:
        return Message("sync_desk", "outcome unknown"), Message(
            "sync_desk", "The server may have it already; the same request is sent again.")
    if row.state is OpState.SEALED and row.last_error:
        return Message("sync_desk", "not sent"), Message(
            "sync_desk", "The server could not be reached; it goes by itself as soon as it can.")
    if row.state is OpState.SEALED:
        return Message("sync_desk", "under way"), None
    if row.next_try_at is not None and row.next_try_at > now:
        return Message("sync_desk", "can still be stopped"), None
    return Message("sync_desk", "waiting"), None


def _said(error: str | None) -> Message | None:
    if not error:
        return None
    return reason_of_code(error) or Message("sync_desk", "The server said: {words}", {"words": error})


def _attempt(attempt: Attempt, row: OutboxRow | None, titles: _Titles) -> AttemptItem:
    if row is None:
        return AttemptItem(attempt, "", Message("sync_desk", "an earlier request"))
    return AttemptItem(attempt, titles.of(row.kind, row.entity_id), what_of(row))


def _why_no_answer(attempt: Attempt) -> Message | None:
    """What went wrong on the way, as a person may read it; the adapter's own words are for the log."""
    why = attempt.excerpt
    if attempt.result not in ("no answer", "not sent") or not why:
        return None
    if why.startswith("no connection"):
        return Message("sync_desk", "no connection to the server")
    if why.startswith("server error"):
        return Message("sync_desk", "a fault at the server ({code})", {"code": why.rpartition(" ")[2]})
    if why.startswith("not our server"):
        return Message("sync_desk", "something else answers at this address")
    if why == "too slow":
        return Message("sync_desk", "the server was too slow")
    if " answer" in why:
        return Message("sync_desk", "the answer could not be read")
    return Message("sync_desk", "the connection broke")


def _urgency(item: OutboxItem) -> tuple[int, int]:
    """What waits for a person stands first, then by its place in the lane."""
    return (0 if item.is_stuck else 1, item.row.seq)


RESULTS = {
    "applied": Message("sync_desk", "done"), "duplicate": Message("sync_desk", "was done already"),
    "conflict": Message("sync_desk", "changed by another"), "rejected": Message("sync_desk", "refused"),
    "gone": Message("sync_desk", "deleted there"), "no answer": Message("sync_desk", "no answer"),
    "not sent": Message("sync_desk", "not sent"),
}
_KINDS = {
    "article": Message("sync_desk", "Article"), "ticker": Message("sync_desk", "Ticker line"),
    "reaction": Message("sync_desk", "Reaction"), "newsroom": Message("sync_desk", "Newsroom"),
    "person": Message("sync_desk", "Person"), "list": Message("sync_desk", "List"),
    "media": Message("sync_desk", "Picture"), "thing": Message("sync_desk", "Other"),
}
_RIGHTS = {
    Right.WRITE: Message("sync_desk", "write"), Right.PLAN: Message("sync_desk", "plan"),
    Right.OTHERS: Message("sync_desk", "others’ work"), Right.APPROVE: Message("sync_desk", "approve"),
    Right.PUBLISH: Message("sync_desk", "publish"), Right.BREAKING: Message("sync_desk", "breaking news"),
    Right.MODERATE: Message("sync_desk", "moderate"), Right.SETTLE: Message("sync_desk", "settle escalations"),
    Right.MANAGE: Message("sync_desk", "manage"),
}
