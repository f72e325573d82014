"""Where the conformance cases take place: a server, its people with their adapters, and what a test may do behind it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from editor.base.clock import FixedClock
from editor.base.ids import new_id, new_key
from editor.base.wire import Document
from editor.domain.article import content_hash
from editor.domain.documents import SCHEMA_V, article_value
from editor.sync.backend import Caps, Op, PublishingBackend, PushResult, RemoteDoc
from editor.sync.outbox import seal

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
TEXT = {"headline": "De brug gaat open", "lead": "Vanaf maandag.", "body": "De raad stemt. De brug wacht."}
NOTHING = Caps(0)
EVERYBODY = ("journalist", "editor", "moderator", "senior", "admin")


class Place(Protocol):
    """One server that is tried."""

    name: str
    clock: FixedClock
    caps: Caps  # what its adapter claims after a greeting

    def device(self, *roles: str, url: str = "") -> Device:
        """Somebody new with these roles, with an adapter of his own; `url`: by way of that address."""
        ...

    def adapter(self, token: str, url: str = "") -> PublishingBackend:
        """An adapter with this token."""
        ...

    @property
    def url(self) -> str:
        """Its address."""
        ...

    def revoke(self, device: Device) -> None:
        """End the device's token."""
        ...

    def react(self, article_id: str, text: str) -> str:
        """A reader's reaction to a public article; its identity."""
        ...

    def reply(self, status: int, code: str, value: Mapping[str, Any]) -> tuple[int, dict[str, str], Any]:
        """An answer as this server would word it, for one that lies: status, headers, JSON."""
        ...

    def cursor_of_another(self) -> str:
        """A cursor of another server of this sort."""
        ...

    def cursor_ahead(self) -> str:
        """A cursor that is ahead of the content feed."""
        ...

    def begin(self) -> None:
        """Before each case. What earlier ones left may stay or go."""
        ...

    def count(self, entity_id: str) -> int:
        """How many things there bear this identity and hold a text."""
        ...


@dataclass
class Device:
    """A person at a workstation, as the adapter sees him."""

    backend: PublishingBackend
    token: str
    name: str
    id: str = ""
    cursor: str | None = None

    def __post_init__(self) -> None:
        self.seen: dict[str, RemoteDoc] = {}

    def op(self, entity_id: str, verb: str, *, kind: str = "article", base: str | None = None,
           patch: Mapping[str, Any] | None = None, cmd: Mapping[str, Any] | None = None, op_id: str = "") -> Op:
        """A sealed request."""
        key = op_id or new_key()
        sealed = seal(op_id=key, entity_id=entity_id, kind=kind, verb=verb, base_rev=base, patch=patch, command=cmd)
        return Op(key, entity_id, kind, verb, base, SCHEMA_V, sealed.body, sealed.body_hash, self.id)

    def push(self, entity_id: str, verb: str, **options: Any) -> PushResult:
        """Send one."""
        return self.backend.push(self.op(entity_id, verb, **options))

    def write(self, entity_id: str = "", base: str | None = None, *, kind: str = "article", op_id: str = "",
              **patch: Any) -> PushResult:
        """Make or change something."""
        return self.push(entity_id or new_id(), "upsert", kind=kind, base=base, patch=patch, op_id=op_id)

    def make(self, **patch: Any) -> tuple[str, str]:
        """A new article; its identity and revision."""
        made = new_id()
        return made, self.write(made, **{**TEXT, **patch}).rev

    def step(self, entity_id: str, action: str, *, op_id: str = "", **cmd: Any) -> PushResult:
        """One step, on the text as it stands there unless another hash is given."""
        given = {"action": action, "from": None, "content_hash": self.hash_of(entity_id), "revokes": [], **cmd}
        if isinstance(given.get("note"), str):
            given["note"] = {"text": given["note"], "type": ""}
        return self.push(entity_id, "transition", cmd=given, op_id=op_id)

    def publish(self, **patch: Any) -> str:
        """A public article."""
        made, _ = self.make(**patch)
        self.step(made, "approve")
        self.step(made, "publish")
        return made

    def decide(self, reaction_id: str, action: str, *, op_id: str = "", **cmd: Any) -> PushResult:
        """One decision on a reaction as it stands there."""
        doc = self.doc(reaction_id, "reactions")
        return self.push(reaction_id, "moderate", kind="reaction", op_id=op_id, cmd={
            "decision_id": new_id(), "action": action, "reason": None, "note": "", "until": None,
            "text_hash": doc["text_hash"], "seen_n": doc["log_n"], **cmd})

    def catch_up(self, stream: str = "content", *, limit: int = 200) -> list[RemoteDoc]:
        """Everything new since the last time."""
        told: list[RemoteDoc] = []
        cursor = self.cursor if stream == "content" else None
        while True:
            page = self.backend.changes(stream, cursor, limit=limit)
            told += page.changes
            cursor = page.next
            if not page.more:
                break
        if stream == "content":
            self.cursor = cursor
        self.seen |= {row.entity_id: row for row in told}
        return told

    def row(self, entity_id: str, stream: str = "content") -> RemoteDoc:
        """The thing as the server has it now."""
        self.catch_up(stream)
        return self.seen[entity_id]

    def doc(self, entity_id: str, stream: str = "content") -> Document:
        """Its document."""
        doc = self.row(entity_id, stream).doc
        assert doc is not None
        return doc

    def hash_of(self, article_id: str) -> str:
        """The hash of its text; none for what is not there."""
        self.catch_up()
        row = self.seen.get(article_id)
        return content_hash(article_value(article_id, row.doc)) if row is not None and row.doc is not None else ""


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Do all of these at once; what each returned or raised."""
    found: list[Any] = [None] * len(acts)
    start = threading.Barrier(len(acts))

    def run(number: int) -> None:
        start.wait(10)
        try:
            found[number] = acts[number]()
        except Exception as error:  # the case judges it
            found[number] = error
    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found


@dataclass(frozen=True, slots=True)
class Case:
    """One thing that every adapter is tried by. Without `needs` its server cannot give the strong form: then `weak` is
    what must hold, because of `weak_why`."""

    name: str
    why: str
    strong: Callable[[Place], None]
    needs: Caps = NOTHING
    weak: Callable[[Place], None] | None = None
    weak_why: str = ""

    def run(self, place: Place) -> None:
        """Try it in the form that the adapter's capabilities decide."""
        if self.weak is None or place.caps & self.needs == self.needs:
            self.strong(place)
        else:
            self.weak(place)


def case(strong: Callable[[Place], None], needs: Caps = NOTHING, weak: Callable[[Place], None] | None = None) -> Case:
    """A case of one or two functions; their docstrings are the reasons."""
    assert strong.__doc__
    assert (weak is None) == (needs == NOTHING)
    return Case(strong.__name__, strong.__doc__, strong, needs, weak, (weak.__doc__ or "") if weak else "")
