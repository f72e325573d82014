"""What the Sync desk shows, read in one snapshot on a db-reader thread. No Qt in here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from editor.base.messages import Message
from editor.desk import lanes
from editor.desk.ports import Attempt, ConflictRow, Connection, OpState, OutboxRow
from editor.desk.read_models import Reader
from editor.desk.stalls import STALLED
from editor.desk.unreadable import UNREADABLE
from editor.domain.newsroom import reason
from editor.domain.people import Actor, Right
from editor.sync.outbox import lane_order
from editor.ui.widgets.conflict_values import ids_in
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
    waits_for_choice: bool = False  # another thing about it must be settled first
    turn: int = 0  # which one it is of those that go by themselves; 0: it does not

    @property
    def is_stuck(self) -> bool:
        """Whether it waits for a person."""
        return self.row.state in (OpState.PARKED, OpState.CONFLICT) or self.waits_for_choice

    @property
    def loses(self) -> Message:
        """What giving it up means."""
        if lanes.is_stalled(self.row):
            return Message("sync_desk", "Discard it? The server may have it already; what it has then stands.")
        if self.row.state is OpState.CONFLICT:
            return Message("sync_desk", "Discard it? It was refused already: only this notice goes.")
        if self.row.verb == "upsert":
            return Message("sync_desk", "Discard it? What the server has stands again; this text goes to the versions.")
        if self.row.verb == "transition":
            return Message("sync_desk", "Discard it? The step “{step}” is not taken; the text stays.", {"step": self.what})
        return _LOSES.get(self.row.verb, Message("sync_desk", "Discard it? The server never hears of it."))

    @property
    def may_discard(self) -> bool:
        """Whether it can be given up: what the server may already have cannot, unless newer words take its place."""
        return self.row.state is not OpState.SEALED and not (self.row.verb == "transition" and lanes.is_stalled(self.row))

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
        detail = reason_of_code(self.attempt.excerpt) or _why_no_answer(self.attempt) or _code(self.attempt.excerpt)
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
    sections: Sequence[str] = ()  # the newsroom's


def read_view(reader: Reader, now: datetime) -> SyncView:
    """The desk at `now`."""
    titles = _Titles(reader)
    rows = reader.outbox()
    known = {row.op_id: row for row in (*reader.outbox(done=True), *rows)}
    waiting = sum(row.state in (OpState.PENDING, OpState.SEALED) for row in rows)
    cards, newsroom = reader.conflicts(), reader.newsroom()
    return SyncView(
        outbox=_in_turn([_item(row, titles, now, _held_by(row, rows, cards)) for row in rows]),
        cards=tuple(CardItem(row, titles.of(row.entity_kind, row.entity_id), titles.person(row.theirs_actor))
                    for row in sorted(cards, key=lambda card: not card.blocking)),
        attempts=tuple(_attempt(attempt, known.get(attempt.op_id), titles) for attempt in reader.attempts()),
        texts=max(0, reader.counts().unsent - waiting), connection=reader.connection(), actor=reader.actor(),
        zone=newsroom.zone, sections=newsroom.sections, titles={one: titles.of("article", one) for one in _named(cards)})


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
    return set[str]().union(*(ids_in(row.field, row.base, row.mine, row.theirs) for row in cards))


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


def _item(row: OutboxRow, titles: _Titles, now: datetime, held: Message | None) -> OutboxItem:
    state, why = _state(row, now)
    if held is not None:
        state, why = Message("sync_desk", "waits for your choice"), held
    return OutboxItem(row, titles.of(row.kind, row.entity_id), what_of(row), kind_name(row.kind), state, why,
                      held is not None)


def _held_by(row: OutboxRow, rows: Sequence[OutboxRow], cards: Sequence[ConflictRow]) -> Message | None:
    """What of the same thing holds it back. Take-backs, decisions and what is under way pass everything (sync B.4)."""
    if row.state is not OpState.PENDING or row.take_back or row.verb == "moderate":
        return None
    if any(card.blocking and card.entity_id == row.entity_id for card in cards):
        return Message("sync_desk", "Two versions of this wait for a choice; it leaves after that.")
    if any(one.entity_id == row.entity_id and one.state is OpState.PARKED for one in rows):
        return Message("sync_desk", "Something else of this is stuck; it leaves after that.")
    return None


def _in_turn(items: list[OutboxItem]) -> tuple[OutboxItem, ...]:
    """What waits for a person first; then what goes by itself, in the order in which it does (S-02)."""
    stuck = sorted((item for item in items if item.is_stuck), key=lambda item: item.row.seq)
    going = sorted((item for item in items if not item.is_stuck), key=_place)
    return (*stuck, *(replace(item, turn=turn) for turn, item in enumerate(going, start=1)))


def _place(item: OutboxItem) -> tuple[int, bool, tuple[int, int], datetime]:
    row = item.row
    why = reason(row.command.get("reason"))
    order = lane_order(row.verb, str(row.command.get("action", "")), take_back=row.take_back,
                       urgent=why is not None and why.ground.overrules)
    return order[0], row.attempts > 0, order, row.created_at


def kind_name(kind: str) -> Message:
    """What kind of thing it is."""
    return _KINDS.get(kind, _KINDS["thing"])


def _state(row: OutboxRow, now: datetime) -> tuple[Message, Message | None]:
    said = _said(row.last_error)
    if lanes.is_stalled(row):
        return Message("sync_desk", "laid aside"), reason_of_code(STALLED)
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
        return Message("sync_desk", "under way"), Message("sync_desk", "It is being sent now.")
    if row.next_try_at is not None and row.next_try_at > now:
        return Message("sync_desk", "can still be stopped"), Message(
            "sync_desk", "It leaves after a few seconds in which it can be undone.")
    return Message("sync_desk", "waiting"), Message("sync_desk", "It goes by itself when it is its turn.")


def _said(error: str | None) -> Message | None:
    if not error:
        return None
    if error == UNREADABLE:
        return Message("sync_desk", "The server has a version of this that cannot be read here; it waits for the next one.")
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


def _code(excerpt: str) -> str:
    """A code of the protocol may be shown as it is; whatever else a server says stays out of the log of attempts."""
    return excerpt if _CODE.fullmatch(excerpt) else ""


_CODE = re.compile(r"(\d{3} ?)?[a-z][a-z_]{0,39}|\d{3}")
_LOSES = {
    "delete": Message("sync_desk", "Discard it? Nothing is deleted at the server then."),
    "restore": Message("sync_desk", "Discard it? It stays deleted at the server."),
    "moderate": Message("sync_desk", "Discard it? The reaction stays at the server as it is."),
    "upload": Message("sync_desk", "Discard it? The picture stays on this computer."),
}
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
