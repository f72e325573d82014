"""One object's lane: its working document, its waiting commands, and how the two are kept true to each other.

Every operation that changes an object goes through here, so that row, standing and wanted status never disagree.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from editor.base.errors import UserError
from editor.base.ids import new_id, new_key
from editor.base.messages import Message
from editor.base.wire import Document
from editor.desk.ports import (
    ConflictRow,
    Entity,
    OpState,
    OutboxRow,
    RevisionRow,
    Standing,
    SyncState,
    UnitOfWork,
)
from editor.domain.article import Action, Article, Status, content_hash, status_by, wanted_status
from editor.domain.changes import Facet
from editor.domain.documents import article_value, status_of
from editor.domain.field_codecs import ARTICLE
from editor.domain.publication import Publication
from editor.sync.machine import Event, next_state
from editor.sync.merge_rules import Collision, is_dirty
from editor.text.merging import Side

WAITING = (OpState.PENDING, OpState.SEALED)
NEXT_TRY = "next_try_at"  # in `adapter_state`, seconds since 1970: a thing in conflict waits until then
STUMBLED = "server error"  # how `last_error` and an attempt begin when the server answered 5xx


def held(work: UnitOfWork, kind: str, entity_id: str) -> Entity:
    """The row, or one plain sentence that there is none."""
    entity = work.entities.get(kind, entity_id)
    if entity is None:
        raise UserError("not_found", Message("desk", "There is no {kind} {id}.",
                                             {"kind": kind, "id": entity_id[-8:]}))
    return entity


def came_between() -> UserError:
    """An undo that would take back what somebody else did since."""
    return UserError("came_between", Message("desk", "Somebody changed this since; it is not taken back."))


def held_article(work: UnitOfWork, article_id: str) -> tuple[Entity, Article]:
    """An article's row and its value."""
    entity = held(work, "article", article_id)
    return entity, article_value(article_id, entity.doc)


def sync_of(work: UnitOfWork, entity: Entity) -> SyncState:
    """How the object stands towards the server; a new object has no base."""
    return work.syncs.get(entity.id) or SyncState(entity.id, entity.kind)


def write(work: UnitOfWork, entity: Entity, facets: Facet) -> Entity:
    """Write a row that a person changed here: it counts as saved now."""
    return take_in(work, replace(entity, saved_at=work.now()), facets)


def take_in(work: UnitOfWork, entity: Entity, facets: Facet) -> Entity:
    """Write a row that sync changed, and bring its standing and wanted status up to date. When it was saved here does
    not move: the library's order goes by that."""
    written = work.entities.put(replace(entity, wanted=wanted_of(work, entity)))
    restand(work, written)
    work.changed(entity.kind, entity.id, facets)
    return written


def refresh(work: UnitOfWork, kind: str, entity_id: str, facets: Facet = Facet.SYNC, *, by_hand: bool = False) -> None:
    """After a change of the lane alone: write the wanted status if it moved, and the standing. `by_hand`: a person here
    took a step, and the row counts as saved now."""
    entity = work.entities.get(kind, entity_id) if kind != "reaction" else None
    if entity is None:
        work.changed(kind, entity_id, facets)
        return
    wanted = wanted_of(work, entity)
    if wanted != entity.wanted:
        saved_at = work.now() if by_hand else entity.saved_at
        entity = work.entities.put(replace(entity, wanted=wanted, saved_at=saved_at))
        facets |= Facet.STATUS
    restand(work, entity)
    work.changed(kind, entity_id, facets)


def restand(work: UnitOfWork, entity: Entity) -> SyncState:
    """Derive the standing: an open blocking card, a parked upsert or stalled request, unsent text, or clean."""
    state = sync_of(work, entity)
    dirty = (not entity.deleted and entity.doc is not state.base_doc
             and is_dirty(entity.kind, entity.doc, state.base_doc))
    if any(card.blocking for card in work.conflicts.open(entity.id)):
        standing = Standing.CONFLICT
    elif any(row.verb == "upsert" or is_stalled(row) for row in work.outbox.lane(entity.id, OpState.PARKED)):
        standing = Standing.PARKED
    elif entity.deleted:
        standing = Standing.GONE
    else:
        standing = Standing.DIRTY if dirty else Standing.CLEAN
    since = (state.dirty_since or work.now()) if dirty else None
    if (state.standing, state.dirty_since) != (standing, since) or work.syncs.get(entity.id) is None:
        state = replace(state, standing=standing, dirty_since=since)
        work.syncs.put(state)
    return state


def wanted_of(work: UnitOfWork, entity: Entity) -> str:
    """The status at home at this moment: what press acknowledged, with the lane's waiting steps applied in order.
    The stored one may be older than a planned time that has come."""
    if entity.kind != "article":
        return ""
    acknowledged = acknowledged_status(entity, work.now())
    steps = [Action(row.command["action"]) for row in work.outbox.lane(entity.id, *WAITING) if row.verb == "transition"]
    return wanted_status(acknowledged, steps).value


def acknowledged_status(entity: Entity, t: datetime) -> Status:
    """The effective status by what press has acknowledged."""
    return status_by(status_of(entity.doc), live_of(entity.doc), t)


def live_of(doc: Document) -> tuple[Publication, ...]:
    """An article's publications, without reading the rest of its document. Raises `BadWire`."""
    found: tuple[Publication, ...] = ARTICLE["live"].read(doc.get("live") or [])
    return found


def queue_command(work: UnitOfWork, entity_id: str, kind: str, verb: str, command: Mapping[str, Any], *,
                  snapshot: Document | None = None, grace_s: float = 0, take_back: bool = False) -> OutboxRow:
    """Add a command to the lane in this transaction (T1). Nothing of it is sent before its grace is over."""
    now = work.now()
    row = OutboxRow(op_id=new_key(), entity_id=entity_id, kind=kind, verb=verb, state=OpState.PENDING,
                    actor_id=work.profile.actor().id, created_at=now, command=dict(command), snapshot=snapshot,
                    next_try_at=now + timedelta(seconds=grace_s), take_back=take_back)
    return work.outbox.add(row)


def is_stalled(row: OutboxRow) -> bool:
    """Whether it was laid aside because the server stumbled over it: then its outcome is unknown."""
    return row.state is OpState.PARKED and (row.last_error or "").startswith(STUMBLED)


def is_out(row: OutboxRow) -> bool:
    """Whether the server may already have it."""
    return row.state is OpState.SEALED or is_stalled(row)


def drop(work: UnitOfWork, row: OutboxRow, state: OpState = OpState.SUPERSEDED, why: str = "") -> None:
    """Take a waiting row out of its lane."""
    work.outbox.put(replace(row, state=state, last_error=why or row.last_error))


def revoke(work: UnitOfWork, take_back: OutboxRow) -> None:
    """The server has acknowledged a take-back: what it named can never act any more, or has acted before it. It is
    not sent again: its refusal would make fall what was decided after the take-back."""
    for op_id in take_back.command.get("revokes", ()):
        row = work.outbox.get(str(op_id))
        if row is not None and is_out(row):
            close_rejected(work, row, "revoked")
            drop(work, row, OpState(next_state(row.state.value, Event.REVOKED)), "revoked")


def unpark(work: UnitOfWork, entity_id: str) -> None:
    """A parked request was about another text: with the new one the lane tries again."""
    for row in work.outbox.lane(entity_id, OpState.PARKED):
        if row.verb == "upsert":
            drop(work, row)
            close_rejected(work, row, "edited")


def close_rejected(work: UnitOfWork, row: OutboxRow, resolution: str) -> None:
    """Close the card about this very request."""
    for card in work.conflicts.open(row.entity_id):
        if card.kind == "rejected" and card.op_id == row.op_id:
            close_card(work, card, resolution)


def keep_revision(work: UnitOfWork, entity: Entity, why: str, name: str = "") -> int:
    """Keep the row's present document as an earlier state."""
    digest = content_hash(article_value(entity.id, entity.doc)) if entity.kind == "article" else ""
    return work.revisions.add(RevisionRow(entity.id, work.now(), why, entity.doc, digest, name))


def raise_card(work: UnitOfWork, entity_id: str, entity_kind: str, kind: str, field: str = "", *, base: Any = None,
               mine: Any = None, theirs: Any = None, blocking: bool = True, regions: tuple[Mapping[str, Any], ...] = (),
               theirs_actor: str = "", theirs_rev: str = "", code: str = "", op_id: str = "") -> ConflictRow:
    """Put something before a person. A newer card about the same field takes the older one's place only if both say
    the same; otherwise both stand, so that no text is hidden by a later one."""
    for card in work.conflicts.open(entity_id):
        if (card.kind, card.field, card.mine, card.theirs) == (kind, field, mine, theirs):
            return card
    card = ConflictRow(id=new_id(), entity_id=entity_id, entity_kind=entity_kind, kind=kind, field=field,
                       raised_at=work.now(), base=base, mine=mine, theirs=theirs, blocking=blocking, regions=regions,
                       theirs_actor=theirs_actor, theirs_rev=theirs_rev, code=code, op_id=op_id)
    work.conflicts.add(card)
    work.changed(entity_kind, entity_id, Facet.CONFLICT)
    return card


def raise_collisions(work: UnitOfWork, entity: Entity, collisions: tuple[Collision, ...], *, theirs_actor: str = "",
                     theirs_rev: str = "", stands: Side = Side.THEIRS) -> None:
    """One card for each field that did not merge; `stands` says whose words are on screen meanwhile."""
    for clash in collisions:
        regions: tuple[dict[str, Any], ...] = tuple(
            {"base": r.base, "mine": r.mine, "theirs": r.theirs} for r in clash.regions)
        if regions:
            # The two whole texts share what merged; merged anew from them that would stand twice.
            regions = ({**regions[0], "both": clash.both}, *regions[1:])
        kind = "text" if regions else "field" if clash.blocking else "soft"
        raise_card(work, entity.id, entity.kind, kind, clash.field, base=clash.base, mine=clash.mine,
                   theirs=clash.theirs, blocking=clash.blocking, regions=regions, theirs_actor=theirs_actor,
                   theirs_rev=theirs_rev, code=stands.value)


def close_card(work: UnitOfWork, card: ConflictRow, resolution: str) -> None:
    """Close a card; who settled it and how stays on record."""
    work.conflicts.put(replace(card, state="closed", resolution=resolution, resolved_by=work.profile.actor().id))
    work.changed(card.entity_kind, card.entity_id, Facet.CONFLICT)
