"""A weak site's comments as reactions: no stamp of change, no log; the last status wins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from editor.base.wire import Document, digest
from editor.domain.documents import reaction_document
from editor.domain.people import Actor, Right
from editor.domain.reaction import Reaction, ReactionStatus
from editor.sync.backend import NoAnswer, Op, Outcome, PushResult, RemoteDoc
from tests.conformance.weak_http import Missing, Site
from tests.conformance.weak_marker import named

ON_SITE = {"approve": "approved", "restore": "approved", "reject": "trash", "spam": "spam", "requeue": "hold",
           "defer": "hold", "escalate": "hold", "deescalate": "hold"}


@dataclass(frozen=True, slots=True)
class SeenComment:
    """A comment as the sweep found it."""

    key: str
    entity_id: str
    doc: Document

    @property
    def mark(self) -> str:
        """All that can change of it."""
        return digest(self.doc)[:12]

    def told(self, seq: int) -> RemoteDoc:
        """Its row. A comment has no revision: where it stands in the feed counts as one."""
        return RemoteDoc(self.entity_id, "reaction", f"{seq}-{self.mark}", self.doc, seq)


class Comments:
    """The comments of one site."""

    def __init__(self, site: Site, home: str = "") -> None:
        self._site, self.home = site, home

    def sweep(self) -> Iterator[SeenComment]:
        """Every comment."""
        numbers: dict[int, int] = {}
        for row in self._site.rows("/comments", status="any"):
            try:
                post = int(row["post"])
                numbers[post] = numbers.get(post, 0) + 1
                yield SeenComment(str(row["id"]), self._named(row["id"]), self._document(row, numbers[post]))
            except (KeyError, TypeError, ValueError) as error:
                raise NoAnswer("a comment that is none", maybe_sent=False) from error

    def is_gone(self, number: str) -> bool:
        """Whether the site itself says that there is no such comment."""
        try:
            self._site.get(f"/comments/{number}")
        except Missing:
            return True
        return False

    def moderate(self, op: Op, request: Mapping[str, Any], actor: Actor) -> PushResult:
        """Set the status that a decision comes nearest to. Raises `AdapterError`."""
        if op.verb != "moderate":
            return PushResult(Outcome.REJECTED, code="unknown_kind" if op.verb == "upsert" else "no_such_step")
        if not actor.may(Right.MODERATE):
            return PushResult(Outcome.REJECTED, code="forbidden")
        found = next((seen for seen in self.sweep() if seen.entity_id == op.entity_id), None)
        if found is None:
            return PushResult(Outcome.GONE)
        cmd = request.get("cmd") or {}
        wanted = ON_SITE.get(str(cmd.get("action")))
        if wanted is None:
            return PushResult(Outcome.REJECTED, code="no_such_step")
        if cmd.get("text_hash") != found.doc["text_hash"]:
            return self._told(Outcome.CONFLICT, found, "text_changed")
        if wanted == found.doc["status"]:
            return self._told(Outcome.APPLIED, found, "already")
        self._site.write("POST", f"/comments/{found.key}", status=wanted)
        return self._told(Outcome.APPLIED, SeenComment(found.key, found.entity_id, {**found.doc, "status": wanted}), "")

    def _told(self, outcome: Outcome, seen: SeenComment, code: str) -> PushResult:
        row = seen.told(0)  # older than anything of the feed, which tells the same under a number of its own
        return PushResult(outcome, row.rev, doc=row, code=code, server_time=self._site.seen_at)

    def _named(self, number: Any) -> str:
        return named(self.home, f"comments/{number}")

    def _document(self, row: Mapping[str, Any], number: int) -> Document:
        text, name = str(row["content"]["raw"]), str(row["author_name"])
        made = datetime.fromisoformat(row["date_gmt"]).replace(tzinfo=UTC)
        status = ReactionStatus(row["status"])
        return reaction_document(Reaction(
            id=self._named(row["id"]), article_id=self.article_of(int(row["post"])), number=number, author_name=name,
            text=text, text_hash=digest([text, name, row["post"]]), created_at=made, status=status))

    def article_of(self, post: int) -> str:
        """Which article a post is; only its number is in a comment."""
        return named(self.home, f"posts/{post}")
