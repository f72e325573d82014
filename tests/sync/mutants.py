"""Each protection of sync taken out, one at a time: the histories must notice every one.

A mutant is a context in which one real function does the wrong thing; production code knows nothing of it. `seed` is a
history that notices it. Names and reasons follow sync design E.2 and what model.md calls *shown*.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.wire import Document
from editor.desk import answers, articles, connecting, histories, lanes, pulling, pushing, ticker
from editor.desk.ports import Entity, FeedRow, OpState, OutboxRow, SyncState, UnitOfWork
from editor.domain import moderation, workflow
from editor.domain.article import Action, Approval, Article, content_hash
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import article_document
from editor.domain.publication import Publication, PublicationKind
from editor.press import ledger, push, verbs
from editor.press.ledger import Entity as There
from editor.press.schema import OpRow
from editor.press.verbs import Case, Gone
from editor.runtime import sync_runner
from editor.runtime.fetching import Fetcher
from editor.sync import merge_rules
from editor.sync.backend import ChangePage, PushResult, RemoteDoc
from editor.sync.merge_rules import Merge, is_dirty, writable
from editor.sync.outbox import seal
from tests.sync.quick import swapped


@dataclass(frozen=True, slots=True)
class Mutant:
    """One protection and how it is taken out."""

    name: str
    put_in: Callable[[], AbstractContextManager[Any]]
    seed: int = 0


def instead(where: object, name: str, made: Callable[[Any], Any]) -> Callable[[], AbstractContextManager[Any]]:
    """What stands there under that name is replaced by what `made` makes of it."""
    @contextlib.contextmanager
    def put_in() -> Iterator[None]:
        with swapped(where, **{name: made(getattr(where, name))}):
            yield
    return put_in


def _both(*contexts: Callable[[], AbstractContextManager[Any]]) -> Callable[[], AbstractContextManager[Any]]:
    @contextlib.contextmanager
    def put_in() -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            for context in contexts:
                stack.enter_context(context())
            yield
    return put_in


# ------------------------------------------------------------------------------------------------------------ the server
def _any_base(real: Any) -> Any:
    def check(case: Case, before: There) -> None:
        if before.deleted and case.op.verb == "upsert":
            raise Gone
    return check


def _claims_anew(real: Any) -> Any:
    def claim(session: Session, row: dict[str, Any]) -> bool:
        session.execute(sa.delete(OpRow).where(OpRow.op_id == row["op_id"], OpRow.result.is_not(None)))
        return ledger.claim_op(session, row)
    return claim


def _release_keeping_ahead(real: Any) -> Any:
    def release(*given: Any) -> Any:
        with swapped(workflow, _cancel_ahead=lambda article, now: article):
            return real(*given)
    return release


def _release_unapproved(real: Any) -> Any:
    def release(article: Article, *given: Any) -> Any:
        approval = Approval("", content_hash(article), "", datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
        return real(replace(article, approved=approval), *given)
    return release


def _release_before_embargo(real: Any) -> Any:
    def release(article: Article, *given: Any) -> Any:
        taken = real(replace(article, embargo_at=None, approved=_approved_as(article)), *given)
        return replace(taken, article=replace(taken.article, embargo_at=article.embargo_at, approved=article.approved))
    return release


def _approved_as(article: Article) -> Approval | None:
    if article.approved is None or article.approved.content_hash != content_hash(article):
        return article.approved
    return replace(article.approved, content_hash=content_hash(replace(article, embargo_at=None)))


# ------------------------------------------------------------------------------------------------------ taking things in
def _mine_wins(real: Any) -> Any:
    def merge(kind: str, base: Document | None, mine: Document, theirs: Document, **_: Any) -> Merge:
        return Merge(writable(kind, mine))
    return merge


def _stash_nothing(real: Any) -> Any:
    def take(work: UnitOfWork, row: RemoteDoc, *, wait: bool = False, ask: bool = False) -> bool:
        return True if wait else bool(real(work, row, ask=ask))
    return take


def _cursor_first(real: Any) -> Any:
    def change(self: Fetcher, operation: Any) -> Any:
        if isinstance(operation, partial) and operation.func is pulling.apply_page:
            real(self, partial(_cursor_alone, **operation.keywords))
        return real(self, operation)
    return change


def _cursor_alone(work: UnitOfWork, *, stream: str, page: ChangePage) -> Outcome[None]:
    feed = work.feeds.get(stream)
    work.feeds.put(FeedRow(stream, page.epoch, page.next, feed.rows_done, page.head))
    return Outcome(None, work.changes())


def _typing_overwritten(real: Any) -> Any:
    def acknowledged(work: UnitOfWork, entity: Entity, row: OutboxRow, result: PushResult) -> None:
        real(work, entity, row, result)
        base = lanes.sync_of(work, entity).base_doc
        if base is not None:
            lanes.take_in(work, replace(lanes.held(work, entity.kind, entity.id), doc=base), Facet.ALL)
    return acknowledged


def _work_becomes_base(real: Any) -> Any:
    def acknowledged(work: UnitOfWork, entity: Entity, row: OutboxRow, result: PushResult) -> None:
        real(work, entity, row, result)
        now = lanes.held(work, entity.kind, entity.id)
        work.syncs.put(replace(lanes.sync_of(work, now), base_doc=now.doc))
        lanes.refresh(work, entity.kind, entity.id)
    return acknowledged


def _answer_becomes_base(real: Any) -> Any:
    def take(work: UnitOfWork, doc: RemoteDoc) -> None:
        entity, state = work.entities.get(doc.kind, doc.entity_id), work.syncs.get(doc.entity_id)
        if entity is None or state is None or doc.doc is None or not is_dirty(doc.kind, entity.doc, state.base_doc):
            real(work, doc)
            return
        work.syncs.put(replace(state, base_doc=doc.doc, base_rev=doc.rev))
        pulling.adopt_read_only(work, entity, doc.doc)
    return take


def _deletion_wins(real: Any) -> Any:
    def take(work: UnitOfWork, entity: Entity, state: SyncState, row: RemoteDoc, *, ask: bool) -> None:
        clean = replace(state, base_doc=entity.doc)
        real(work, entity, clean, row, ask=False)
    return take


def _keeps_erased(real: Any) -> Any:
    def erase(work: UnitOfWork, entity: Entity, rev: str) -> None:
        pulling.mark_gone(work, entity, rev)
        lanes.take_in(work, replace(entity, deleted=True), Facet.ALL)
    return erase


def _absence_is_deletion(real: Any) -> Any:
    def give_back(work: UnitOfWork, entity: Entity, state: SyncState) -> None:
        lanes.take_in(work, replace(entity, deleted=True), Facet.ALL)
    return give_back


def _withdrawn_is_a_field(real: Any) -> Any:
    def rules(doc: dict[str, Any], collisions: list[Any], *_: Any) -> Any:
        doc["end"], doc["ttl_min"] = doc.pop("end|ttl_min")
        return doc, collisions
    return rules


# ----------------------------------------------------------------------------------------------------------- sending
def _another_key(real: Any) -> Any:
    def seal_next(work: UnitOfWork, lane: pushing.Lane, *, force: bool) -> Any:
        for row in work.outbox.lane(lane.entity_id, OpState.SEALED):
            if row.attempts:
                work.outbox.put(replace(row, state=OpState.SUPERSEDED))
                if row.verb != "upsert":
                    lanes.queue_command(work, row.entity_id, row.kind, row.verb, row.command, snapshot=row.snapshot,
                                        take_back=row.take_back)
        return real(work, lane, force=force)
    return seal_next


def _sealed_anew(real: Any) -> Any:
    def seal_next(work: UnitOfWork, lane: pushing.Lane, *, force: bool) -> Any:
        row, entity = real(work, lane, force=force), work.entities.get(lane.kind, lane.entity_id)
        if row is None or not row.attempts or row.verb != "upsert" or row.take_back or entity is None:
            return row
        patch = merge_rules.difference(entity.kind, lanes.sync_of(work, entity).base_doc, entity.doc)
        sealed = seal(op_id=row.op_id, entity_id=row.entity_id, kind=row.kind, verb=row.verb, base_rev=row.base_rev,
                      patch=patch)
        row = replace(row, patch=dict(patch), body=sealed.body, body_hash=sealed.body_hash)
        work.outbox.put(row)
        return row
    return seal_next


def _todays_text(real: Any) -> Any:
    def seal_first(work: UnitOfWork, entity: Any, state: Any, row: OutboxRow, *, force: bool) -> Any:
        if row.snapshot is not None and entity is not None:
            row = replace(row, snapshot=writable(entity.kind, entity.doc))
        return real(work, entity, state, row, force=force)
    return seal_first


def _silence_is_a_no(real: Any) -> Any:
    def note(work: UnitOfWork, op_id: str, why: str, **given: Any) -> Any:
        told = real(work, op_id, why, **given)
        row = work.outbox.get(op_id)
        if row is not None and row.state is OpState.SEALED:
            work.outbox.put(replace(row, state=OpState.SUPERSEDED))
            lanes.refresh(work, row.kind, row.entity_id)
        return told
    return note


# ---------------------------------------------------------------------------------------------------------- what people do
def _no_merge_at_autosave(real: Any) -> Any:
    def save(work: UnitOfWork, article_id: str, *, version: int, started_from: Document, fields: Any) -> Any:
        present = lanes.held(work, "article", article_id).version
        return real(work, article_id, version=present, started_from=started_from, fields=fields)
    return save


def _without_revokes(real: Any) -> Any:
    return lambda entity, step: {name: value for name, value in real(entity, step).items() if name != "revokes"}


def _waits_its_turn(real: Any) -> Any:
    def queue(*given: Any, **named: Any) -> Any:
        return real(*given, **{**named, "take_back": False})
    return queue


def _keeps_steps(real: Any) -> Any:
    def take_back(work: UnitOfWork, entity: Entity, step: Any) -> Any:
        with swapped(lanes, drop=_nothing):
            return real(work, entity, step)
    return take_back


def _half_a_headline_travels(real: Any) -> Any:
    def stage(work: UnitOfWork, entry_id: str, text: str | None) -> Outcome[None]:
        real(work, entry_id, text)
        entity = lanes.held(work, "ticker", entry_id)
        if text is not None:
            lanes.write(work, replace(entity, doc={**entity.doc, "headline": text}), Facet.ALL)
        return Outcome(None, work.changes())
    return stage


def _public_at_once(real: Any) -> Any:
    def take_step(work: UnitOfWork, article_id: str, step: Any) -> Any:
        told = real(work, article_id, step)
        if step.action is Action.PUBLISH:
            entity, article = lanes.held_article(work, article_id)
            made = Publication("1-0", step.content_hash, work.now(), PublicationKind.FIRST, "")
            doc = {**entity.doc, "live": article_document(replace(article, live=(*article.live, made)))["live"]}
            lanes.write(work, replace(entity, doc=doc), Facet.ALL)
        return told
    return take_step


def _nothing(*_: Any, **__: Any) -> None:
    """What a check does that is not there."""


UNCHECKED_RELEASE = instead(articles, "_check_release", lambda real: _nothing)
STASH = (instead(pulling, "take_state", _stash_nothing), instead(answers, "take_state", _stash_nothing))

MUTANTS: tuple[Mutant, ...] = (
    Mutant("no compare-and-set", instead(verbs, "_check_base", _any_base)),
    Mutant("last writer wins", instead(pulling, "merge_documents", _mine_wins)),
    Mutant("the server forgets its requests", instead(push, "claim_op", _claims_anew)),
    Mutant("newer state thrown away while a request is under way", _both(*STASH)),
    Mutant("an acknowledgement overwrites newer typing", instead(answers, "_acknowledged", _typing_overwritten)),
    Mutant("the working text becomes base", instead(answers, "_acknowledged", _work_becomes_base)),
    Mutant("the cursor is saved before the rows", instead(Fetcher, "_change", _cursor_first), seed=2),
    Mutant("a new key at every retry", instead(pushing, "_seal", _another_key), seed=1),
    Mutant("a sealed request is built anew", instead(pushing, "_seal", _sealed_anew)),
    Mutant("no answer counts as a refusal", instead(pushing, "note_no_answer", _silence_is_a_no)),
    Mutant("one failing lane stops all", instead(sync_runner, "SILENCES", lambda real: 1)),
    Mutant("a step's answer becomes base under unmerged work", instead(answers, "_take_answer", _answer_becomes_base), seed=2),
    Mutant("autosave without merging", instead(articles, "save_draft", _no_merge_at_autosave)),
    Mutant("today's text is sent for a step", instead(pushing, "_seal_first", _todays_text)),
    Mutant("snapshots are not merged with what comes in", instead(pulling, "_merge_snapshots", lambda real: _nothing)),
    Mutant("two publications ahead", instead(workflow, "_release", _release_keeping_ahead)),
    Mutant("a take-back names nothing", instead(articles, "step_command", _without_revokes)),
    Mutant("the server ignores what a take-back names", instead(push, "_revoke", lambda real: lambda *_: [])),
    Mutant("a take-back waits its turn", instead(lanes, "queue_command", _waits_its_turn)),
    Mutant("a take-back leaves earlier steps waiting", instead(articles, "_take_back", _keeps_steps)),
    Mutant("half a headline travels", instead(ticker, "stage_headline", _half_a_headline_travels), seed=1),
    Mutant("public before the server says so", instead(articles, "take_step", _public_at_once)),
    Mutant("unapproved text is released", _both(UNCHECKED_RELEASE, instead(workflow, "_release", _release_unapproved))),
    Mutant("released before its embargo", _both(UNCHECKED_RELEASE, instead(workflow, "_release", _release_before_embargo)), seed=1),
    Mutant("a moved embargo lets the plan stand", instead(verbs, "after_upsert", lambda real: lambda article, now: article)),
    Mutant("a blind decision counts as informed", instead(moderation, "is_informed", lambda real: lambda *_: True), seed=1),
    Mutant("absent after a back-up counts as deleted", instead(histories, "give_back", _absence_is_deletion), seed=2),
    Mutant("another's log-in will do", instead(connecting, "_check_same", lambda real: _nothing), seed=2),
)

# No history of the first dozen misses these: the long form alone looks for them.
RARE: tuple[Mutant, ...] = (
    Mutant("a withdrawn line can lose", instead(merge_rules, "_ticker_rules", _withdrawn_is_a_field)),
    Mutant("a deletion wins over unsent words", instead(pulling, "_take_deletion", _deletion_wins)),
    Mutant("what was erased stays at home", instead(pulling, "erase", _keeps_erased)),
)
