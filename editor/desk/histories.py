"""Another history at the server (a restored back-up): everything is read again, nothing is believed deleted, and what
the server lost is given back to it (sync design B.5, B.6)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from editor.base.wire import Document
from editor.desk import lanes
from editor.desk.ports import Entity, FeedRow, Standpoint, SyncState, UnitOfWork
from editor.domain.changes import Facet
from editor.domain.documents import STREAM_OF
from editor.domain.ticker import Intent
from editor.sync.backend import ABSENT, RemoteDoc
from editor.sync.machine import rev_number
from editor.sync.merge_rules import empty_document, shared_document, writable

STREAMS = ("content", "reactions")
BEGAN = "began:"  # in the profile's facts: the stream's head when the server's present history began
REREAD = "reread:"  # in the profile's facts, with the epoch: the stream is being read anew
SNAPSHOT = "snapshot:"  # in the profile's facts: where the first reading of the stream stands
TOMBSTONE = "tombstone"  # in `adapter_state`: the base's revision is a deletion
UNSHOWN = "unshown"  # in `adapter_state`: a deletion that was concluded; what the server shows again was there all along
WAS_TOMBSTONE = "was_tombstone"  # the same, in a history that the server may not know
ANOMALIES = "anomalies:"  # in the profile's facts: how often the stream told what cannot be, since it was compared
LOST = "lost"  # in `adapter_state`: what the server deleted is older than what stands here
UNSEEN = "0-"  # a revision that counts as older than every one of the new history
GIVEN_BACK = ("article", "ticker", "list")


def restart_feeds(work: UnitOfWork, epoch: str, began: Mapping[str, str]) -> None:
    """Another history: every stream is read or compared anew. What the server says then counts as newer than what we
    hold. `began`: the heads at which it began, as far as the server says so."""
    for stream in STREAMS:
        work.profile.put(BEGAN + stream, began.get(stream, ""))
        work.feeds.put(FeedRow(stream, epoch))
        work.profile.put(REREAD + stream, epoch)
        work.profile.put(SNAPSHOT + stream, "")
    for point in work.syncs.standpoints():
        state = work.syncs.get(point.entity_id)
        if state is not None:
            work.syncs.put(marked(state))


def marked(state: SyncState) -> SyncState:
    """The same, as coming from a history that the server may not know."""
    was_gone = any(name in (state.adapter_state or {}) for name in (TOMBSTONE, WAS_TOMBSTONE))
    return replace(state, base_rev=UNSEEN + plain(state.base_rev or ""), stash_doc=None, stash_rev=None,
                   stash_gone=False, adapter_state={WAS_TOMBSTONE: True} if was_gone else None)


def unmark(work: UnitOfWork, stream: str) -> None:
    """Everything of the stream was compared: what still bears the mark is the same there."""
    for point in work.syncs.standpoints():
        state = work.syncs.get(point.entity_id) if point.base_rev.startswith(UNSEEN) else None
        if state is None or STREAM_OF.get(state.kind) != stream or state.stash_rev is not None:
            continue
        rev = plain(point.base_rev)
        was_gone = WAS_TOMBSTONE in (state.adapter_state or {})
        work.syncs.put(replace(state, base_rev=rev, adapter_state={TOMBSTONE: rev} if was_gone else None))


def plain(rev: str) -> str:
    """The revision without the mark."""
    return rev.removeprefix(UNSEEN)


def is_tombstone(point: Standpoint) -> bool:
    """Whether the server had deleted it when we last heard."""
    return any(name in (point.adapter_state or {}) for name in (TOMBSTONE, WAS_TOMBSTONE))


def common_base(work: UnitOfWork, entity: Entity, row: RemoteDoc, theirs: Document) -> Document | None:
    """What our work and the server's `theirs` both come from. When the server stands at an earlier number than it did,
    it lost what followed: that is ours to keep, not its to take back; and where somebody has written in its new history,
    that is his to keep as well."""
    state = lanes.sync_of(work, entity)
    if LOST in (state.adapter_state or {}):
        return theirs
    if state.base_rev is None or not state.base_rev.startswith(UNSEEN):
        return state.base_doc
    if not is_ahead(state, row.rev):
        return state.base_doc
    began = work.profile.get(BEGAN + STREAM_OF.get(row.kind, ""))
    written_since = bool(began) and row.seq is not None and row.seq > int(began or 0)
    return shared_document(entity.kind, entity.doc, theirs) if written_since else theirs


def is_ahead(state: SyncState, rev: str) -> bool:
    """Whether the server stands at an earlier number than it did: it lost what followed."""
    base = state.base_rev or ""
    return base.startswith(UNSEEN) and rev_number(plain(base)) > rev_number(rev)


def is_newer(state: SyncState, row: RemoteDoc) -> bool:
    """Whether the server's state is newer than what we hold. Of something that it only did not show, absence comes after
    whatever it showed, and what it shows again after that."""
    known = state.adapter_state or {}
    if row.why == ABSENT:
        return TOMBSTONE not in known
    return (UNSHOWN in known and row.doc is not None) or rev_number(row.rev) > rev_number(state.base_rev)


def is_another(state: SyncState, rev: str) -> bool:
    """Whether the server names two states by one number."""
    base = state.base_rev or ""
    return not base.startswith(UNSEEN) and base != rev and rev_number(base) == rev_number(rev)


def is_overtaken(state: SyncState, rev: str) -> bool:
    """Whether what we hold may be unknown to a server that has gone on in another history."""
    return (state.base_rev or "").startswith(UNSEEN) and state.base_rev != UNSEEN + rev


def notice_anomaly(work: UnitOfWork, stream: str) -> None:
    """The stream told something that cannot be: a page that does not rise, two states under one number."""
    work.profile.put(ANOMALIES + stream, str(anomalies(work, stream) + 1))


def anomalies(work: UnitOfWork, stream: str) -> int:
    """How often that happened since the stream was compared."""
    return int(work.profile.get(ANOMALIES + stream) or 0)


def forget_anomalies(work: UnitOfWork, stream: str) -> None:
    """The stream was compared."""
    if anomalies(work, stream):
        work.profile.put(ANOMALIES + stream, "0")


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
                give_back(work, entity, state)
                lost += 1
    unmark(work, stream)
    return lost


def give_back(work: UnitOfWork, entity: Entity, state: SyncState) -> None:
    """The server does not know it: it is sent there as something new."""
    work.syncs.put(replace(state, base_doc=None, base_rev=None, adapter_state=None))
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
