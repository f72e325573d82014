"""What the weak adapter writes into a post: one block that names our thing, its whole document and the request that
wrote it. It survives every role, is found by a search, and is part of every revision.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from editor.base.wire import Document, canonical, digest
from editor.sync.backend import RemoteDoc

BLOCK = re.compile(r"<!-- wp:redactie/source (\{[^>]*\}) /-->")


@dataclass(frozen=True, slots=True)
class Marker:
    """`doc` is None in an empty shell. `over` is the revision that the writer had read, `undone` names a write that was
    taken back because it covered somebody's, `revoked` the requests that may act no more."""

    uuid: str
    kind: str
    doc: Document | None = None
    op: str = ""
    over: int = 0
    undone: str = ""
    revoked: tuple[str, ...] = ()

    def block(self) -> str:
        """The marker as a post holds it."""
        packed = base64.b64encode(canonical(self.doc)).decode() if self.doc is not None else ""
        values = {"uuid": self.uuid, "kind": self.kind, "doc": packed, "op": self.op, "over": self.over, "undone": self.undone,
                  "revoked": list(self.revoked)}
        return f"<!-- wp:redactie/source {canonical(values).decode()} /-->"


def read_marker(content: str) -> Marker | None:
    """The marker in a post's content, the last block: a text may quote one. None where there is none that we wrote."""
    found = BLOCK.findall(content)
    if not found:
        return None
    try:
        values: Mapping[str, Any] = json.loads(found[-1])
        packed = values["doc"]
        doc = json.loads(base64.b64decode(packed)) if packed else None
        return Marker(str(values["uuid"]), str(values["kind"]), doc, str(values["op"]),
                      int(values["over"]), str(values["undone"]), tuple(values["revoked"]))
    except (ValueError, KeyError, TypeError):
        return None


@dataclass(frozen=True, slots=True)
class State:
    """One state of one post: the head, or one of its revisions (`revision` is its number there, 0 for none yet)."""

    post: int
    revision: int
    marker: Marker
    status: str = ""
    author: int = 0

    @property
    def rev(self) -> str:
        """Rises with the site's own numbers of revisions; being in the bin is one more."""
        return f"{2 * self.revision + (self.status == 'trash')}-{digest(self.marker.doc)[:12]}"

    @property
    def key(self) -> str:
        """Its number there, for a sweep."""
        return str(self.post)

    @property
    def mark(self) -> str:
        """Changes exactly when it does."""
        return self.rev

    def told(self, seq: int) -> RemoteDoc:
        """Its row in a feed. Which request wrote it is not told: whether that one covered somebody is not looked at
        here, so the feed must not acknowledge it."""
        doc = None if self.status == "trash" else self.marker.doc
        return RemoteDoc(self.marker.uuid, self.marker.kind, self.rev, doc, seq)

    @property
    def is_shell(self) -> bool:
        """An empty draft: not yet a thing."""
        return self.marker.doc is None


def covered_by(history: Sequence[State]) -> list[State]:
    """Whom the last of these revisions wrote over without having read them. What was changed in the site's own editor
    names nobody, and an older revision that another person put back there is meant as it stands."""
    head = history[-1] if history else None
    if head is None or not head.marker.op:
        return []
    same = [state for state in history if state.marker.op == head.marker.op and not state.marker.undone]
    if not head.marker.undone and any(state.author != head.author for state in same):
        return []
    return [state for state in history[:-1] if state.revision > head.marker.over
            and state.marker.op != head.marker.op and not is_undone(state, history)]


def is_undone(state: State, history: Sequence[State]) -> bool:
    """Whether this write was taken back after it, because it had covered somebody's."""
    return any(later.revision > state.revision and later.marker.undone == state.marker.op != "" for later in history)


def named(url: str, what: str) -> str:
    """The identity of something that the site knows by a number only: the same on every desk."""
    raw = digest([url, what])
    return f"{raw[:8]}-{raw[8:12]}-8{raw[13:16]}-8{raw[17:20]}-{raw[20:32]}"


def revision_of(rev: str | None) -> int:
    """The site's number of the revision that `rev` names, 0 for none."""
    number = (rev or "").split("-", 1)[0]
    return int(number) // 2 if number.isdigit() else 0
