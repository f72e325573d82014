"""What a history asks of the server behind the newsroom, beside what its desks do: looking at it, and its accidents.

`PressSide` is press's. Another server implements as much as it can and says so in `can`; what it cannot is neither
checked nor done.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, Protocol

import sqlalchemy as sa

from editor.domain.moderation import LogRow
from editor.press import retention, service
from editor.press.ledger import Change, Origin, lock_entity, write
from editor.press.reaction_log import first_broken_link, read_log
from editor.sync.merge_rules import empty_document, writable
from tests.sync.newsroom import Newsroom

STREAMS = ("content", "reactions")


class Ability(Enum):
    """What a server has, so that a history may do it and hold it to it."""

    NUMBERED = auto()  # every effect is a numbered write that names its request: E.3 2, 3, 5, 6, 11, 13
    STEPS = auto()  # statuses, publications, approvals
    LINES = auto()  # a ticker
    READERS = auto()  # reactions, with a log of decisions
    CRASHES = auto()  # it can be killed and started again
    BACKUPS = auto()  # an old copy of it can be brought back
    ERASURE = auto()  # it forgets by itself
    PAGES = auto()  # readers' pages that can be asked for


@dataclass(frozen=True, slots=True)
class Row:
    """The present state of one thing at the server."""

    id: str
    kind: str
    rev: str
    number: int  # its place in the feed
    stream: str
    doc: Mapping[str, Any]
    deleted: bool = False
    why: str = ""
    op_id: str | None = None
    actor: str | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """One write that the server made, in order."""

    number: int
    entity_id: str
    verb: str
    op_id: str | None
    actor: str | None


class ServerSide(Protocol):
    """The server as an onlooker sees it who stands beside it."""

    can: frozenset[Ability]

    def heads(self) -> Mapping[str, int]:
        """The last number given in each stream; something moved if and only if one of these did."""
        ...

    def changed(self, since: Mapping[str, int]) -> list[Row]:
        """What moved past these numbers, in order."""
        ...

    def effects(self, after: int) -> list[Effect]:
        """The writes after that one. Only with `NUMBERED`."""
        ...

    def rows(self) -> dict[str, Row]:
        """Everything that the server has, by id."""
        ...

    def frozen(self, entity_id: str, rev: str) -> Mapping[str, Any]:
        """The document of one revision. Only with `STEPS`."""
        ...

    def decisions(self, reaction_id: str) -> list[LogRow]:
        """A reaction's log. Only with `READERS`."""
        ...

    def epoch(self) -> str:
        """Which history it is in: numbers of another one say nothing. Only with `NUMBERED`."""
        ...

    def place(self, cursor: str) -> int:
        """The number that a desk's cursor stands at. Only with `NUMBERED`."""
        ...

    def is_whole(self) -> bool:
        """Whether nobody tampered with the log of decisions."""
        ...

    def crash(self) -> None:
        """Die and start again."""
        ...

    def keep_copy(self) -> None:
        """Make a back-up."""
        ...

    def bring_back(self) -> bool:
        """Go back to the last back-up, as another history; whether there was one."""
        ...

    def erase(self, entity_id: str) -> bool:
        """Forget a thing for good; whether it was there."""
        ...


class PressSide:
    """Press, its database open beside it."""

    can = frozenset(Ability)

    def __init__(self, newsroom: Newsroom) -> None:
        self._newsroom = newsroom
        self._copies = 0
        self._kept: Path | None = None

    def heads(self) -> Mapping[str, int]:
        """The counters of both streams."""
        return dict(self._ask("SELECT stream, head FROM feed_head"))

    def changed(self, since: Mapping[str, int]) -> list[Row]:
        """By their feed numbers."""
        return self._rows("WHERE seq > CASE stream WHEN 'content' THEN :content ELSE :reactions END ORDER BY seq",
                          **{stream: since.get(stream, 0) for stream in STREAMS})

    def effects(self, after: int) -> list[Effect]:
        """The audit's rows."""
        return [Effect(*row) for row in self._ask(
            "SELECT rid, entity_id, verb, op_id, actor FROM audit WHERE rid > :after ORDER BY rid", after=after)]

    def rows(self) -> dict[str, Row]:
        """All entities."""
        return {row.id: row for row in self._rows("")}

    def frozen(self, entity_id: str, rev: str) -> Mapping[str, Any]:
        """One revision's document."""
        ((doc,),) = self._ask("SELECT doc FROM revision WHERE entity_id = :id AND rev = :rev", id=entity_id, rev=rev)
        found: Mapping[str, Any] = json.loads(doc)
        return found

    def decisions(self, reaction_id: str) -> list[LogRow]:
        """Press's log."""
        press = self._newsroom.press
        with press.database.read() as session:
            return read_log(session, press.house.newsroom_id, reaction_id)

    def epoch(self) -> str:
        """The house's."""
        return self._newsroom.press.house.epoch

    def place(self, cursor: str) -> int:
        """What the signed cursor says."""
        text, _, _ = base64.urlsafe_b64decode(cursor).rpartition(b".")
        return int(json.loads(text)["seq"])

    def is_whole(self) -> bool:
        """The chain of the log."""
        return first_broken_link(self._newsroom.press) is None

    def crash(self) -> None:
        """Die and start again."""
        self._newsroom.crash()

    def keep_copy(self) -> None:
        """A real back-up."""
        self._copies += 1
        self._kept = self._newsroom.folder / f"copy-{self._copies}"
        service.back_up(self._newsroom.database_url, self._kept, clock=self._newsroom.clock)

    def bring_back(self) -> bool:
        """A real restoring, into a database of its own."""
        if self._kept is None:
            return False
        self._newsroom.stop()
        self._newsroom.database_url = f"sqlite:///{self._newsroom.folder / f'press-{self._copies}.db'}"
        service.restore(self._kept, self._newsroom.database_url)
        self._newsroom.start()
        self._kept = None
        return True

    def erase(self, entity_id: str) -> bool:
        """Reactions as retention does, articles on request."""
        press = self._newsroom.press
        now, newsroom_id = press.clock.now(), press.house.newsroom_id
        with press.database.read() as session:
            found = lock_entity(session, newsroom_id, entity_id)
        if found is None or found.deleted:
            return False
        if found.kind == "reaction":
            return bool(retention._erase(press, entity_id, now))
        with press.database.write() as session:
            before = lock_entity(session, newsroom_id, entity_id)
            doc = {**found.doc, **writable(found.kind, empty_document(found.kind))}
            write(session, newsroom_id, before, Change(entity_id, found.kind, doc, "erase", deleted=True, why="erasure"),
                  Origin(replica="press"), now)
        return True

    def _rows(self, which: str, **given: Any) -> list[Row]:
        found = self._ask("SELECT id, kind, rev, seq, stream, doc, deleted, why, op_id, actor FROM entity " + which, **given)
        return [Row(one, kind, rev, seq, stream, json.loads(doc), bool(deleted), why, op_id, actor)
                for one, kind, rev, seq, stream, doc, deleted, why, op_id, actor in found]

    def _ask(self, statement: str, **given: Any) -> list[Any]:
        with self._newsroom.press.database.glance() as connection:
            return [tuple(row) for row in connection.execute(sa.text(statement), given)]
