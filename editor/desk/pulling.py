"""Taking in what the server says: merges (T5), pages of a feed (T6), deletions (sync design B.3, B.5, B.8).

A foreign state never becomes base under work that was not merged with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from editor.base.wire import BadWire, Document
from editor.desk import histories, lanes, removals, unreadable
from editor.desk.histories import TOMBSTONE
from editor.desk.ports import Entity, FeedRow, OpState, OutboxRow, RevisionRow, Standing, SyncState, UnitOfWork
from editor.domain.article import Action, content_hash
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import article_value, reaction_value
from editor.domain.people import Right
from editor.domain.publication import ahead
from editor.sync.backend import ABSENT, ChangePage, EpochChanged, RemoteDoc
from editor.sync.machine import rev_number
from editor.sync.merge_rules import empty_document, is_dirty, merge_documents, writable

ENTITY_KINDS = removals.GUARDED_KINDS
WRITTEN_HERE = "written_here"  # in `adapter_state`: the base's revision is our own writing


def apply_page(work: UnitOfWork, stream: str, page: ChangePage) -> Outcome[int]:
    """All rows of a page and its cursor, in one transaction (T6). Returns how many rows told something new. Deletions
    wait for the last page of the run, in case they are suspiciously many."""
    work.read_ahead((row.kind, row.entity_id) for row in page.changes if row.kind in (*ENTITY_KINDS, "reaction"))
    feed = work.feeds.get(stream)
    anew = histories.is_read_anew(work, stream, page.epoch)
    told = take_rows(work, page.changes, anew=anew, is_last=not page.more)
    if anew and not page.more:
        told += histories.read_anew(work, stream)
    work.feeds.put(FeedRow(stream, page.epoch, page.next, feed.rows_done + len(page.changes), page.head))
    return Outcome(told, work.changes())


def check_page(page: ChangePage, epoch: str) -> None:
    """Refuse a page before the database is touched: its rows must rise in `seq`. What one of them holds is judged when
    it is taken in: a broken thing stops no page. Raises `BadWire`, or `EpochChanged` for a page of another history."""
    if epoch and page.epoch != epoch:
        raise EpochChanged
    last = -1
    for row in page.changes:
        if row.seq is None or row.seq <= last:
            raise BadWire("a feed that does not rise")
        last = row.seq


def take_rows(work: UnitOfWork, rows: Sequence[RemoteDoc], *, anew: bool, is_last: bool) -> int:
    """Take rows of a feed in; with the last ones of a run its deletions too, unless they are suspiciously many."""
    gone = [row for row in rows if removals.waits(work, row)]
    waiting = {row.entity_id for row in gone}
    told = sum(_apply_row(work, row, anew=anew) for row in rows if row.entity_id not in waiting)
    removals.gather(work, gone)
    if is_last:
        told += sum(_apply_row(work, row, anew=anew) for row in removals.end_of_run(work))
    return told


def _apply_row(work: UnitOfWork, row: RemoteDoc, *, anew: bool) -> bool:
    if row.kind not in (*ENTITY_KINDS, "reaction"):
        unreadable.set_aside_kind(work, row)
        return False
    if not unreadable.can_read(row):
        unreadable.set_aside(work, row)
        return False
    unreadable.read_at_last(work, row.entity_id)
    if row.why in removals.PROVED:
        work.conflicts.erase(row.entity_id)  # of what never stood here too: a version that could not be read was kept
    if row.kind == "reaction":
        return take_reaction(work, row, anew=anew)
    out = [r for r in work.outbox.lane(row.entity_id, OpState.SEALED, OpState.PARKED) if lanes.is_out(r)]
    sealed = [r for r in out if r.state is OpState.SEALED]
    own = next((r for r in out if r.op_id == row.op_id), None) if row.op_id else None
    if own is not None:
        lanes.close_rejected(work, own, "arrived")
    if own is not None and own.verb != "transition":
        _acknowledged_by_feed(work, own, row)
        return True
    if own is not None:
        work.outbox.put(replace(own, state=OpState.ACKED))
        lanes.revoke(work, own)
        keep_public(work, own, row)
        sealed = [r for r in sealed if r.op_id != own.op_id]
    return take_state(work, row, wait=any(r.verb != "transition" for r in sealed))


def _acknowledged_by_feed(work: UnitOfWork, op: OutboxRow, row: RemoteDoc) -> None:
    """The feed brought our own request back before its answer did: that is an acknowledgement (T4)."""
    work.outbox.put(replace(op, state=OpState.ACKED))
    entity = work.entities.get(row.kind, row.entity_id)
    if entity is None:
        return
    if row.doc is None:
        mark_gone(work, entity, row.rev)
    elif op.verb == "upsert":
        state = lanes.sync_of(work, entity)
        work.syncs.put(replace(state, base_doc=row.doc, base_rev=row.rev, dirty_since=None,
                               adapter_state={WRITTEN_HERE: row.rev}))
        tell_off_schedule(work, entity, row.doc)
        adopt_read_only(work, answered(entity, op), row.doc)
    else:
        take_state(work, row)
    apply_stash(work, row.kind, row.entity_id)


def answered(entity: Entity, op: OutboxRow) -> Entity:
    """The row after its request was acknowledged: the answer about lateness has gone along, once."""
    spent = op.command.get("on_late") and entity.on_late == op.command["on_late"]
    return replace(entity, on_late=None) if spent else entity


def tell_off_schedule(work: UnitOfWork, entity: Entity, fields: Mapping[str, Any], *, planner: str = "") -> None:
    """An embargo moved past a planned time takes the article off the schedule: whoever moved it is told (model 3), and
    when a colleague did, whoever planned it (`planner`)."""
    if entity.kind != "article" or "live" not in fields:
        return
    before = ahead(article_value(entity.id, entity.doc).live, work.now())
    after = article_value(entity.id, {**entity.doc, **fields})
    if before is None or ahead(after.live, work.now()) is not None or after.embargo_at is None:
        return
    if after.embargo_at.utc > before.release_at and planner in ("", before.actor):
        lanes.raise_card(work, entity.id, entity.kind, "note", "off_schedule", blocking=False)


def mark_gone(work: UnitOfWork, entity: Entity, rev: str, why: str = "") -> None:
    """The server has a tombstone of that revision; what we knew before it stays as the base of unsent text."""
    state = lanes.sync_of(work, entity)
    if why == ABSENT:
        work.syncs.put(replace(state, adapter_state={TOMBSTONE: state.base_rev, histories.UNSHOWN: True}))
    elif rev_number(rev) > rev_number(state.base_rev):
        lost = {histories.LOST: True} if histories.is_ahead(state, rev) else {}
        work.syncs.put(replace(state, base_rev=rev, adapter_state={TOMBSTONE: rev, **lost}))


def take_state(work: UnitOfWork, row: RemoteDoc, *, wait: bool = False, ask: bool = False) -> bool:
    """Take a server state in. With `wait` (a request of ours is under way) a newer one goes to the stash; an erasure
    waits for nothing. `ask`: a deletion is put before a person even where no text is unsent (a step of his met it)."""
    entity = work.entities.get(row.kind, row.entity_id)
    if entity is None:
        return _take_new(work, row)
    state = lanes.sync_of(work, entity)
    # That it is gone may be known from an answer, which does not say why: what is erased goes all the same.
    erased = row.doc is None and row.why in removals.PROVED and row.rev == state.base_rev and state.base_doc != {}
    if not histories.is_newer(state, row) and not erased:
        if histories.is_another(state, row.rev):
            histories.notice_anomaly(work, "content")
        return False
    if wait and row.why not in removals.PROVED:
        if rev_number(row.rev) > rev_number(state.stash_rev):
            work.syncs.put(replace(state, stash_doc=row.doc, stash_rev=row.rev, stash_gone=row.doc is None))
        return True
    if row.doc is None:
        _take_deletion(work, entity, state, row, ask=ask)
    else:
        _take_document(work, entity, state, row, row.doc)
    return True


def keep_public(work: UnitOfWork, row: OutboxRow, doc: RemoteDoc) -> None:
    """After a release the frozen text is known here: keep it, so that *live, differs* can be shown offline."""
    if row.command.get("action") not in (Action.PUBLISH.value, Action.CORRECT.value, Action.SCHEDULE.value):
        return
    if doc.doc is None or not doc.doc.get("live"):
        return
    article = article_value(row.entity_id, doc.doc)
    frozen = article.live[-1]
    if content_hash(article) == frozen.content_hash:
        work.revisions.add(RevisionRow(row.entity_id, work.now(), f"live:{frozen.rev}", doc.doc, frozen.content_hash))


def apply_stash(work: UnitOfWork, kind: str, entity_id: str) -> None:
    """The request is settled: what had to wait is taken in now, if it is newer."""
    entity = work.entities.get(kind, entity_id)
    state = work.syncs.get(entity_id)
    if entity is None or state is None or state.stash_rev is None:
        return
    if work.outbox.lane(entity_id, OpState.SEALED):
        return
    waited = RemoteDoc(entity_id, kind, state.stash_rev, None if state.stash_gone else state.stash_doc)
    work.syncs.put(replace(state, stash_doc=None, stash_rev=None, stash_gone=False))
    take_state(work, waited)


def adopt_read_only(work: UnitOfWork, entity: Entity, fields: Mapping[str, Any]) -> Entity:
    """Write press's own fields into the row; the working text stays what it is."""
    mine = writable(entity.kind, entity.doc)
    own = {name: value for name, value in fields.items() if name not in mine}
    return lanes.take_in(work, replace(entity, doc={**entity.doc, **own}), Facet.SYNC | Facet.STATUS | Facet.TIME)


def _take_new(work: UnitOfWork, row: RemoteDoc) -> bool:
    if row.doc is None:
        return False
    work.syncs.put(SyncState(row.entity_id, row.kind, row.doc, row.rev, standing=Standing.CLEAN))
    lanes.take_in(work, Entity(row.kind, row.entity_id, row.doc), Facet.ALL)
    return True


def _take_document(work: UnitOfWork, entity: Entity, state: SyncState, row: RemoteDoc, theirs: Document) -> None:
    """Clean is replaced, dirty is merged; the snapshots of waiting steps are merged too (T5)."""
    base = histories.common_base(work, entity, row, theirs)
    dirty = is_dirty(entity.kind, entity.doc, base)
    doc: Document = theirs
    if dirty or histories.is_overtaken(state, row.rev):
        lanes.keep_revision(work, entity, "merge")
    for card in work.conflicts.open(entity.id):
        if card.kind == "deleted":
            lanes.close_card(work, card, "put back")  # by somebody else: there is nothing left to ask
    if base is theirs:
        histories.ask_before_air(work, entity, theirs)
    if dirty:
        merge = merge_documents(entity.kind, base, entity.doc, theirs)
        doc = {**theirs, **merge.doc}
        lanes.raise_collisions(work, entity, merge.collisions, theirs_actor=row.actor or "", theirs_rev=row.rev)
    tell_off_schedule(work, entity, theirs, planner=work.profile.actor().id)
    _merge_snapshots(work, entity, base, theirs)
    if entity.deleted and TOMBSTONE not in (state.adapter_state or {}):
        _undelete(work, entity, row)
    on_late = entity.on_late if all(doc.get(f) == entity.doc.get(f) for f in ("start", "intent")) else None
    _ask_about_staged(work, entity, doc, row)
    waits = {name: at for name, at in (state.adapter_state or {}).items() if name == lanes.NEXT_TRY}
    work.syncs.put(replace(state, base_doc=theirs, base_rev=row.rev, adapter_state=waits or None))
    lanes.take_in(work, replace(entity, doc=doc, deleted=False, on_late=on_late), Facet.ALL)


def _ask_about_staged(work: UnitOfWork, entity: Entity, doc: Document, row: RemoteDoc) -> None:
    """A headline is being typed over here while a colleague's has come: both stand until somebody chooses (T-27)."""
    before, now = entity.doc.get("headline"), doc.get("headline")
    if entity.staged is not None and before != now and entity.staged not in (before, now):
        lanes.raise_card(work, entity.id, entity.kind, "field", "headline", base=before, mine=entity.staged, theirs=now,
                         theirs_actor=row.actor or "", theirs_rev=row.rev)


def _undelete(work: UnitOfWork, entity: Entity, row: RemoteDoc) -> None:
    """Somebody went on writing what was put in the bin here: the edit wins, whoever deleted it is told (B.8)."""
    for waiting in work.outbox.lane(entity.id, OpState.PENDING):
        if waiting.verb == "delete":
            lanes.drop(work, waiting, why="edited meanwhile")
    lanes.raise_card(work, entity.id, entity.kind, "note", "edited_after_delete", blocking=False,
                     theirs_actor=row.actor or "", theirs_rev=row.rev)


def _merge_snapshots(work: UnitOfWork, entity: Entity, base: Document | None, theirs: Document) -> None:
    """A step keeps the text it was given for: a foreign state that leaves that text alone joins it, any other makes
    the step and all later ones fall, with one card; nothing of the snapshot is sent then (model 3)."""
    steps = [r for r in work.outbox.lane(entity.id, OpState.PENDING)
             if r.verb == "transition" and not r.take_back and r.snapshot is not None]
    for number, step in enumerate(steps):
        assert step.snapshot is not None
        merge = merge_documents(entity.kind, base, step.snapshot, theirs)
        given_for = step.command.get("content_hash")
        if given_for is not None and content_hash(article_value(entity.id, merge.doc)) != given_for:
            _fall(work, entity, steps[number:], theirs)
            return
        work.outbox.put(replace(step, snapshot=merge.doc))


def _fall(work: UnitOfWork, entity: Entity, steps: list[OutboxRow], theirs: Document) -> None:
    for step in steps:
        lanes.drop(work, step, why="fallen")
    first = steps[0]
    lanes.raise_card(work, entity.id, entity.kind, "fallen", str(first.command["action"]), mine=first.snapshot,
                     theirs=writable(entity.kind, theirs), blocking=False, op_id=first.op_id)


def _take_deletion(work: UnitOfWork, entity: Entity, state: SyncState, row: RemoteDoc, *, ask: bool) -> None:
    """Clean copies go to the bin; unsent work keeps its text and asks (B.8: an edit wins over a deletion)."""
    if row.why in removals.PROVED:
        erase(work, entity, row.rev)
        return
    dirty = state.base_doc is not None and is_dirty(entity.kind, entity.doc, state.base_doc)
    waiting = [r for r in work.outbox.lane(entity.id, OpState.PENDING) if r.verb == "transition"]
    for step in work.outbox.lane(entity.id, OpState.PENDING):
        lanes.drop(work, step, why="gone")
    mine = (state.adapter_state or {}).get(WRITTEN_HERE)
    ahead_of_it = histories.is_ahead(state, row.rev)
    mark_gone(work, entity, row.rev, row.why)
    if (dirty or waiting or ask or ahead_of_it) and not entity.deleted:
        ask_about_deletion(work, entity, row)
        lanes.refresh(work, entity.kind, entity.id, Facet.ALL)
        return
    if mine is not None and mine == state.base_rev and not entity.deleted:
        lanes.raise_card(work, entity.id, entity.kind, "note", "deleted_after_edit", blocking=False,
                         theirs_actor=row.actor or "", theirs_rev=row.rev)
    lanes.take_in(work, replace(entity, deleted=True), Facet.ALL | Facet.GONE)


def ask_about_deletion(work: UnitOfWork, entity: Entity, row: RemoteDoc) -> None:
    """Keep the text that stands here and ask: put it back, or let it go."""
    lanes.keep_revision(work, entity, "merge")
    lanes.raise_card(work, entity.id, entity.kind, "deleted", mine=writable(entity.kind, entity.doc),
                     theirs_actor=row.actor or "", theirs_rev=row.rev)


def is_erased(state: SyncState | None) -> bool:
    """Whether it was erased, not only deleted."""
    return state is not None and state.base_doc == {} and TOMBSTONE in (state.adapter_state or {})


def erase(work: UnitOfWork, entity: Entity, rev: str | None) -> None:
    """Retention or erasure: text, versions, cards and waiting requests go, whatever was unsent (model 5)."""
    work.revisions.remove(entity.id)
    for waiting in work.outbox.lane(entity.id, OpState.PENDING, OpState.PARKED, OpState.CONFLICT):
        lanes.drop(work, waiting, why="erased")
    for card in work.conflicts.open(entity.id):
        lanes.close_card(work, card, "erased")
    work.outbox.erase(entity.id)
    work.undos.erase(entity.id)
    work.syncs.put(SyncState(entity.id, entity.kind, {}, rev, adapter_state={TOMBSTONE: rev}))
    kept = {name: value for name, value in entity.doc.items() if name not in writable(entity.kind, entity.doc)}
    doc = {**empty_document(entity.kind), **kept}
    lanes.take_in(work, replace(entity, doc=doc, deleted=True, staged=None), Facet.ALL | Facet.GONE)


def drop_reaction(work: UnitOfWork, reaction_id: str) -> None:
    """It is gone; our decisions stay in the log (C9)."""
    for card in work.conflicts.open(reaction_id):
        lanes.close_card(work, card, "gone")
    work.reactions.remove(reaction_id)
    work.changed("reaction", reaction_id, Facet.GONE)


def take_reaction(work: UnitOfWork, row: RemoteDoc, *, anew: bool = False) -> bool:
    """A reaction's row at home is the server's state; decisions stand beside it (model 5). `anew`: the feed of another
    history is being read, whose numbers do not compare with ours."""
    known = work.reactions.rev(row.entity_id)
    if row.rev == known or (not anew and rev_number(row.rev) <= rev_number(known)):
        return False
    if row.doc is None:
        drop_reaction(work, row.entity_id)
        return True
    reaction = reaction_value(row.entity_id, row.doc)
    work.reactions.put(reaction, row.rev)
    work.reactions.refresh(row.entity_id)
    work.changed("reaction", row.entity_id, Facet.ALL)
    cards = [card for card in work.conflicts.open(row.entity_id) if card.kind == "dispute"]
    if reaction.dispute is None:
        for card in cards:
            lanes.close_card(work, card, "settled")
    elif not cards and work.profile.actor().may(Right.MODERATE):
        lanes.raise_card(work, row.entity_id, "reaction", "dispute", reaction.dispute.case,
                         mine=None, theirs=row.doc.get("decision"), theirs_actor=reaction.dispute.a)
    return True

