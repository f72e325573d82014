"""A `PublishingBackend` for a site with WordPress core's guarantees, as sync design W1-W7 prescribes it.

A create goes through an empty shell that is found again by its marker; a write reads first, and reads the revisions
after: whoever was covered in between is put back and our write is told as a conflict. Deleting is the bin. It keeps
nothing of its own: what it must know again stands in the posts, and in the cursor that the engine keeps for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx2

from editor.base.ids import is_id
from editor.base.wire import MAX_BYTES, BadWire, Document, digest, parse
from editor.domain.article import READ_ONLY as ARTICLE_READ_ONLY
from editor.domain.people import Actor, Right, roles_of
from editor.domain.refusal import Refused
from editor.domain.ticker import READ_ONLY as TICKER_READ_ONLY
from editor.sync.backend import (
    ABSENT,
    Caps,
    ChangePage,
    Digests,
    Listed,
    Malformed,
    NoAnswer,
    Op,
    Outcome,
    PushResult,
    RemoteDoc,
    ServerInfo,
)
from tests.conformance import weak_rules
from tests.conformance.weak_comments import Comments
from tests.conformance.weak_feed import read_changes
from tests.conformance.weak_http import Missing, Site
from tests.conformance.weak_marker import Marker, State, covered_by, is_undone, named, revision_of
from tests.conformance.weak_posts import Posts

READ_ONLY: Mapping[str, tuple[str, ...]] = {"article": ARTICLE_READ_ONLY, "ticker": TICKER_READ_ONLY}
MOST_REVOKED = 20
MOST_TRIES = 5


class WeakBackend:
    """One person at one site."""

    caps = Caps.REVISIONS

    def __init__(self, url: str, token: str, *, read_s: float = 30.0, transport: httpx2.BaseTransport | None = None) -> None:
        self._home = ""  # the site's own address: the way to it may be another
        self._site = Site(url, token, read_s=read_s, transport=transport)
        self._posts = Posts(self._site)
        self._comments = Comments(self._site)
        self._me: Actor | None = None

    def hello(self) -> ServerInfo:
        """Who we are there: only this asks for a login, a mere look would be answered to a stranger too."""
        me = self._site.get("/users/me").value
        try:
            self._home = self._comments.home = str(me["link"]).partition("/author/")[0]
            roles = roles_of(me["roles"])
            self._me = Actor(self._named(f"users/{me['id']}"), str(me["name"]), roles)
        except (KeyError, TypeError) as error:
            raise NoAnswer("an answer that is no hello", maybe_sent=False) from error
        return ServerInfo(epoch=self._epoch(), newsroom_id=self._named(""), user_id=self._me.id,
                          user_name=self._me.name, roles=tuple(sorted(roles)), rights=tuple(sorted(self._me.rights)),
                          heads={"content": "0"}, capabilities=("revisions",), max_body=MAX_BYTES, sample=False,
                          server_time=self._site.seen_at)

    def push(self, op: Op) -> PushResult:
        """Carry out one request: look, write, look again."""
        actor = self._who()
        try:
            request = parse(op.body)["ops"][0]
        except (BadWire, KeyError, TypeError, IndexError) as error:
            raise Malformed("a request that is none", 400) from error
        if not is_id(op.entity_id) or not is_id(op.op_id):
            raise Malformed("an identity that is none", 400)
        if op.kind == "reaction":
            return self._comments.moderate(op, request, actor)
        try:
            return self._push(op, request)
        except Missing:
            return self._tombstone(op, op.base_rev)  # somebody deleted it for good meanwhile

    def changes(self, stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        """The feed that the site does not have: a sweep of all ids, compared with the one before."""
        actor = self._who()
        if stream not in ("content", "reactions") or (stream == "reactions" and not actor.may(Right.MODERATE)):
            raise Malformed("no stream for this person", 403)
        if stream == "reactions":
            return read_changes(self._comments.sweep(), self._comments.is_gone, self._site.seen_at, cursor,
                                epoch=self._epoch(), limit=limit)
        return read_changes(self._posts.sweep(), self._posts.is_gone, self._site.seen_at, cursor, epoch=self._epoch(),
                            limit=limit, mend=self._mended)

    def snapshot(self, stream: str, token: str | None, *, days: int = 0, limit: int = 200) -> ChangePage:
        """The site has no first sync: the feed from its start is the same."""
        raise Malformed("404 not_offered", 404)

    def digests(self, stream: str) -> Digests:
        """The site proves nothing by digests: every page of the feed is a sweep of everything."""
        raise Malformed("404 not_offered", 404)

    def bucket(self, stream: str, numbers: Sequence[int]) -> Sequence[Listed]:
        """Nor by buckets."""
        raise Malformed("404 not_offered", 404)

    def fetch(self, entity_id: str) -> RemoteDoc | None:
        """One thing as it is there."""
        self._who()  # a stranger's look would find nothing
        found = [state for state in self._posts.named(entity_id) if not state.is_shell]
        return self._mended(found[0]).told(0) if found else None

    def revision(self, entity_id: str, rev: str) -> Document:
        """The document of one revision."""
        for state in self._posts.named(entity_id):
            for old in self._posts.history(state):
                if revision_of(old.rev) == revision_of(rev) and old.marker.doc is not None:
                    return old.marker.doc
        raise Malformed("404 unknown_revision", 404)

    def wait(self, timeout_s: float, seen: Mapping[str, str]) -> Mapping[str, str]:
        """The site tells nothing by itself: nothing has moved as far as anybody knows."""
        return dict(seen)

    def close(self) -> None:
        """Let go."""
        self._site.close()

    # ---------------------------------------------------------------------------------------------------- pushing

    def _push(self, op: Op, request: Mapping[str, Any]) -> PushResult:
        found = self._posts.named(op.entity_id)
        head = next((state for state in found if not state.is_shell), found[0] if found else None)
        head = self._mended(head) if head is not None else None
        try:
            if head is None and op.verb == "upsert" and op.base_rev is None:
                weak_rules.check(op.kind, request)
                weak_rules.after_upsert(op, request, None, self._who(), self._site.seen_at)  # refused before it is made
                head = self._posts.make_shell(op.entity_id, op.kind)
            told = self._told_before(op, head) if head is not None else None
            result = told or self._carry_out(op, request, head)
        except Refused as refusal:
            return _refused(op, head, refusal)
        for spare in found:
            if head is not None and spare.is_shell and spare.post != head.post:
                self._posts.remove(spare)  # of a create that was tried twice; it was empty
        return result

    def _carry_out(self, op: Op, request: Mapping[str, Any], head: State | None) -> PushResult:
        if op.verb == "upsert":
            return self._upsert(op, request, head)
        if op.verb not in ("delete", "restore", "transition"):
            return PushResult(Outcome.REJECTED, code="no_such_step")
        if op.verb == "restore" and head is None:
            return PushResult(Outcome.GONE, server_time=self._site.seen_at)  # it is not in the bin: it is made anew
        if head is None or head.is_shell or (op.verb == "transition" and head.status == "trash"):
            return self._tombstone(op, head.rev if head is not None else op.base_rev)
        if op.verb == "transition":
            return self._step(op, request, head)
        return self._delete(op, head) if op.verb == "delete" else self._restore(op, head)

    def _told_before(self, op: Op, head: State) -> PushResult | None:
        """The answer of a request that was carried out already: its name stands in the revision it wrote."""
        if op.op_id in head.marker.revoked:
            return PushResult(Outcome.CONFLICT, head.rev, doc=_remote(head), code="status")
        history = self._posts.history(head)
        own = [state for state in history if state.marker.op == op.op_id and not state.marker.undone]
        if not own or is_undone(own[-1], history):
            return None
        if own[-1].revision == history[-1].revision:
            return self._checked(op, replace(own[-1], status=head.status), Outcome.DUPLICATE)
        return self._acknowledge(op, own[-1], head, Outcome.DUPLICATE)

    def _upsert(self, op: Op, request: Mapping[str, Any], head: State | None) -> PushResult:
        weak_rules.check(op.kind, request)
        if head is None or head.status == "trash":
            return self._tombstone(op, head.rev if head is not None else op.base_rev)
        if head.marker.kind != op.kind:
            return PushResult(Outcome.REJECTED, code="type")
        before = None if head.is_shell else head.marker.doc
        if (None if before is None else head.rev) != op.base_rev:
            return self._conflict(head) if before is not None else self._tombstone(op, op.base_rev)
        doc = weak_rules.after_upsert(op, request, before, self._who(), self._site.seen_at)
        return self._checked(op, self._posts.write(head, self._marker(op, head, doc), weak_rules.status_on_site(op.kind, doc)))

    def _step(self, op: Op, request: Mapping[str, Any], head: State) -> PushResult:
        """A step is not compared with a revision: where it crossed another step it is taken anew, on what that left."""
        for _ in range(MOST_TRIES):
            result = self._step_once(op, request, head)
            if result.code != "stale_base":
                return result
            head = self._posts.named(op.entity_id)[0]
        raise NoAnswer("others take steps all the time", maybe_sent=True)

    def _step_once(self, op: Op, request: Mapping[str, Any], head: State) -> PushResult:
        assert head.marker.doc is not None
        doc = weak_rules.after_step(op, request, head, self._who(), self._site.seen_at)
        if doc is None:
            return PushResult(Outcome.APPLIED, head.rev, doc=_remote(head), code="already",
                              server_time=self._site.seen_at)
        revoked = tuple(request["cmd"].get("revokes") or ())
        marker = self._marker(op, head, doc)
        marker = replace(marker, revoked=(*marker.revoked, *revoked)[-MOST_REVOKED:])
        return self._checked(op, self._posts.write(head, marker, weak_rules.status_on_site(op.kind, doc)))

    def _delete(self, op: Op, head: State) -> PushResult:
        if head.status == "trash":
            return PushResult(Outcome.APPLIED, head.rev, code="already", server_time=self._site.seen_at)
        assert head.marker.doc is not None
        weak_rules.check_removable(op, head.marker.doc, self._who(), self._site.seen_at)
        if head.rev != op.base_rev:
            return self._conflict(head)
        self._posts.bin(head)
        history = self._posts.history(head)
        if history[-1].revision > head.revision:  # somebody wrote between our look and the bin: the edit wins
            assert history[-1].marker.doc is not None
            back = self._posts.write(history[-1], history[-1].marker, weak_rules.status_on_site(op.kind, history[-1].marker.doc))
            return self._conflict(back)
        return PushResult(Outcome.APPLIED, replace(head, status="trash").rev, server_time=self._site.seen_at)

    def _restore(self, op: Op, head: State) -> PushResult:
        if head.status != "trash":
            return PushResult(Outcome.APPLIED, head.rev, doc=_remote(head), code="already", server_time=self._site.seen_at)
        if head.rev != op.base_rev:
            return replace(self._conflict(head), doc=replace(_remote(head), doc=None))
        assert head.marker.doc is not None
        doc = head.marker.doc
        return self._checked(op, self._posts.write(head, self._marker(op, head, doc), weak_rules.status_on_site(op.kind, doc)))

    # ---------------------------------------------------------------------------------------------------- telling

    def _checked(self, op: Op, written: State, outcome: Outcome = Outcome.APPLIED) -> PushResult:
        """W4: whom we covered is put back, so that our write is as if it had been refused."""
        history = self._posts.history(written)
        if is_undone(written, history):
            return self._conflict(history[-1])  # a reader was quicker
        until = [state for state in history if state.revision <= written.revision]
        covered = covered_by(until)
        if not covered:
            return self._acknowledge(op, written, written, outcome)
        back = self._put_back(covered, written, until)
        return self._conflict(back) if back.marker.undone else self._acknowledge(op, back, back, outcome)

    def _mended(self, head: State) -> State:
        """What a writer that died left undone, and what a copy of an old request did that arrived late, whoever finds
        it: the text that was covered stands again."""
        if head.is_shell or head.status == "trash":
            return head
        history = self._posts.history(head)
        covered = covered_by(history)
        return self._put_back(covered, head, history) if covered else head

    def _put_back(self, covered: Sequence[State], head: State, history: Sequence[State]) -> State:
        """The newest text that was covered stands again. A step that covered nothing but text stays taken; anything
        else counts as not written."""
        marker = replace(covered[-1].marker, undone=head.marker.op)
        base = next((state for state in history if state.revision == head.marker.over), None)
        doc = weak_rules.step_and_text(base, head, covered)
        if doc is not None:
            marker = replace(head.marker, doc=doc, over=head.revision)
        assert marker.doc is not None
        return self._posts.write(head, marker, weak_rules.status_on_site(marker.kind, marker.doc))

    def _acknowledge(self, op: Op, written: State, head: State, outcome: Outcome) -> PushResult:
        if op.verb == "transition":
            return PushResult(outcome, head.rev, doc=_remote(head), server_time=self._site.seen_at)
        assert written.marker.doc is not None
        fields = {name: written.marker.doc.get(name) for name in READ_ONLY.get(op.kind, ())}
        rev = replace(written, status="").rev  # as it was when it was written, whatever became of it
        return PushResult(outcome, rev, fields, server_time=self._site.seen_at)

    def _conflict(self, head: State) -> PushResult:
        return PushResult(Outcome.CONFLICT, head.rev, doc=_remote(head), code="stale_base",
                          server_time=self._site.seen_at)

    def _tombstone(self, op: Op, rev: str | None) -> PushResult:
        """It is in the bin, or it is not there at all."""
        if rev is None:
            return PushResult(Outcome.GONE, server_time=self._site.seen_at)
        why = "" if int(rev.split("-", 1)[0]) % 2 else ABSENT
        return PushResult(Outcome.GONE, rev, doc=RemoteDoc(op.entity_id, op.kind, rev, None, why=why),
                          server_time=self._site.seen_at)

    def _marker(self, op: Op, head: State, doc: Document) -> Marker:
        return replace(head.marker, doc=doc, op=op.op_id, over=head.revision, undone="")

    def _who(self) -> Actor:
        if self._me is None:
            self.hello()
        assert self._me is not None
        return self._me

    def _named(self, what: str) -> str:
        return named(self._home, what)

    def _epoch(self) -> str:
        return f"site-{digest(self._home)[:12]}"


def _remote(state: State) -> RemoteDoc:
    return RemoteDoc(state.marker.uuid, state.marker.kind, state.rev, None if state.status == "trash" else state.marker.doc)


def _refused(op: Op, head: State | None, refusal: Refused) -> PushResult:
    doc = _remote(head) if head is not None and not head.is_shell else None
    outcome = Outcome.CONFLICT if refusal.verdict == "conflict" else Outcome.REJECTED
    return PushResult(outcome, doc.rev if doc else "", doc=doc, code=refusal.code, message=str(refusal.message))


