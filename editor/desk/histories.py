"""Another history at the server (a restored back-up): everything is read again, nothing is believed deleted, and what
the server lost is given back to it (sync design B.5, B.6)."""

from __future__ import annotations

from dataclasses import replace

from editor.base.wire import Document
from editor.desk import lanes
from editor.desk.ports import Entity, FeedRow, SyncState, UnitOfWork
from editor.domain.changes import Facet
from editor.domain.ticker import Intent
from editor.sync.machine import rev_number
from editor.sync.merge_rules import empty_document, writable

STREAMS = ("content", "reactions")
REREAD = "reread:"  # in the profile's facts, with the epoch: the stream is being read anew
UNSEEN = "0-"  # a revision that counts as older than every one of the new history
GIVEN_BACK = ("article", "ticker", "list")


def restart_feeds(work: UnitOfWork, epoch: str) -> None:
    """Read every stream of this history from its start. What the server says then counts as newer than what we hold."""
    for stream in STREAMS:
        work.feeds.put(FeedRow(stream, epoch))
        work.profile.put(REREAD + stream, epoch)
    for kind in (*GIVEN_BACK, "newsroom", "person"):
        for entity in (*work.entities.all(kind), *work.entities.all(kind, deleted=True)):
            state = work.syncs.get(entity.id)
            if state is not None and state.base_rev is not None:
                rev = UNSEEN + state.base_rev.removeprefix(UNSEEN)
                work.syncs.put(replace(state, base_rev=rev, stash_doc=None, stash_rev=None, stash_gone=False,
                                       adapter_state=None))


def common_base(state: SyncState, rev: str, theirs: Document) -> Document | None:
    """What our work and the server's `theirs` both come from. When the server stands at an earlier number than it did,
    it lost what followed: that is ours to keep, not its to take back."""
    if state.base_rev is None or not state.base_rev.startswith(UNSEEN):
        return state.base_doc
    return theirs if rev_number(state.base_rev.removeprefix(UNSEEN)) > rev_number(rev) else state.base_doc


def is_overtaken(state: SyncState, rev: str) -> bool:
    """Whether what we hold may be unknown to a server that has gone on in another history."""
    return (state.base_rev or "").startswith(UNSEEN) and state.base_rev != UNSEEN + rev


def is_read_anew(work: UnitOfWork, stream: str, epoch: str) -> bool:
    """Whether this stream is being read again because another history began."""
    return work.profile.get(REREAD + stream) == epoch


def read_anew(work: UnitOfWork, stream: str) -> int:
    """The last page of the new history has been taken in: give back what it does not know. Returns how much."""
    work.profile.put(REREAD + stream, "")
    if stream != "content":
        return 0
    lost = 0
    for kind in GIVEN_BACK:
        for entity in work.entities.all(kind):
            state = work.syncs.get(entity.id)
            if state is not None and (state.base_rev or "").startswith(UNSEEN):
                _give_back(work, entity, state)
                lost += 1
    return lost


def _give_back(work: UnitOfWork, entity: Entity, state: SyncState) -> None:
    work.syncs.put(replace(state, base_doc=None, base_rev=None))
    ask_before_air(work, entity, {})
    lanes.take_in(work, replace(entity, doc=_as_new(entity)), Facet.ALL)


def ask_before_air(work: UnitOfWork, entity: Entity, theirs: Document) -> None:
    """A planned line that the server has forgotten would go on air by being sent: somebody must want that now."""
    planned = Intent.PLANNED.value
    if entity.kind == "ticker" and entity.doc.get("intent") == planned != theirs.get("intent"):
        lanes.raise_card(work, entity.id, entity.kind, "late", "start", mine=entity.doc.get("start"), code="forgotten")


def _as_new(entity: Entity) -> Document:
    """The working text without what the server had acknowledged: status, publications and approval are gone there."""
    made = {name: entity.doc[name] for name in ("created_by", "created_at") if name in entity.doc}
    return {**empty_document(entity.kind), **made, **writable(entity.kind, entity.doc)}
