"""What a site without our rules cannot decide is decided on this side, by the same functions of `domain` that press uses,
and by the site's own clock. The statuses that it has are the nearest ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from editor.base.messages import Message
from editor.base.wire import BadWire, Document
from editor.domain import field_codecs as codec
from editor.domain.article import Action, Status, content_hash, effective_status
from editor.domain.documents import (
    WRITABLE,
    article_document,
    article_value,
    check_patch,
    ticker_document,
    ticker_value,
)
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Right
from editor.domain.publication import PublicationKind
from editor.domain.refusal import Refused, forbidden
from editor.domain.ticker import Intent
from editor.domain.ticker_rules import accept
from editor.domain.workflow import Step, settle, take_step
from editor.domain.workflow import after_upsert as after_embargo
from editor.sync.backend import Op
from tests.conformance.weak_marker import State

ON_SITE = {Status.DRAFT: "draft", Status.DESK: "pending", Status.APPROVED: "pending", Status.SCHEDULED: "future",
           Status.PUBLISHED: "publish", Status.CORRECTED: "publish", Status.WITHDRAWN: "private"}


def check(kind: str, request: Mapping[str, Any]) -> None:
    """Refuse what no field can hold, and the kinds that such a site has no place for. Raises `Refused`."""
    if kind not in ("article", "ticker"):
        raise Refused("unknown_kind", Message("refusal", "Nobody writes a {kind}.", {"kind": kind}))
    check_patch(kind, request.get("patch") or {})


def status_on_site(kind: str, doc: Document) -> str:
    """The site's status for a document."""
    if kind == "ticker":
        return "publish" if doc.get("intent") == Intent.PLANNED.value else "draft"
    return ON_SITE[Status(doc.get("status") or "draft")]


def step_and_text(base: State | None, head: State, covered: Sequence[State]) -> Document | None:
    """The document with both where a step (`head`) covered nothing but text since `base`; None where that is not so."""
    if base is None or any(state.marker.doc is None for state in (base, head, *covered)):
        return None
    if head.marker.kind != "article" or not _same(base, head, WRITABLE["article"]):
        return None
    if not all(_same(base, state, ("approved", "live")) for state in covered):
        return None
    taken = {name: (head.marker.doc or {}).get(name) for name in ("status", "publish", "approved", "live")}
    return {**(covered[-1].marker.doc or {}), **taken}


def _same(one: State, other: State, names: Iterable[str]) -> bool:
    return all((one.marker.doc or {}).get(name) == (other.marker.doc or {}).get(name) for name in names)


def after_upsert(op: Op, request: Mapping[str, Any], before: Document | None, actor: Actor, now: datetime) -> Document:
    """The document after the patch, with the stamps that press would set. Raises `Refused`."""
    doc = {**(before or {}), **(request.get("patch") or {})}
    if op.kind == "ticker":
        return _ticker(op, request, before, doc, actor, now)
    if not actor.may(Right.WRITE):
        raise forbidden()
    after = settle(article_value(op.entity_id, doc), now)
    if before is None:
        after = replace(after, created_by=actor.id, created_at=now, changed_by=actor.id, changed_at=now)
    elif content_hash(article_value(op.entity_id, before)) != content_hash(after):
        after = replace(after, changed_by=actor.id, changed_at=now)
    return {**doc, **article_document(after_embargo(after, now))}


def _ticker(op: Op, request: Mapping[str, Any], before: Document | None, doc: Document, actor: Actor,
            now: datetime) -> Document:
    known = ticker_value(op.entity_id, before) if before is not None else None
    on_late = (request.get("cmd") or {}).get("on_late")
    entry = accept(known, ticker_value(op.entity_id, doc), newsroom=Newsroom(), actor=actor, now=now, on_late=on_late)
    entry = replace(entry, changed_by=actor.id, changed_at=now, created_by=known.created_by if known else actor.id)
    return {**doc, **ticker_document(entry)}


def after_step(op: Op, request: Mapping[str, Any], head: State, actor: Actor, now: datetime) -> Document | None:
    """The document after the step, None when it was so already. Raises `Refused`."""
    if op.kind != "article" or head.marker.kind != "article" or head.marker.doc is None:
        raise _no_step()
    taken = take_step(article_value(op.entity_id, head.marker.doc), _step(request.get("cmd") or {}), rev=head.rev,
                      actor=actor, newsroom=Newsroom(), now=now)
    return None if taken.already else {**head.marker.doc, **article_document(taken.article)}


def _step(cmd: Mapping[str, Any]) -> Step:
    try:
        seen, kind = cmd.get("from"), cmd.get("kind")
        return Step(Action(str(cmd.get("action"))), Status(seen) if seen else None, cmd.get("content_hash"),
                    codec.read_moment(cmd.get("publish_at")), PublicationKind(kind) if kind else None,
                    codec.read_note(cmd.get("note")), cmd.get("on_late"))
    except (BadWire, ValueError, TypeError) as error:
        raise _no_step() from error


def _no_step() -> Refused:
    return Refused("no_such_step", Message("refusal", "There is no such step."))


def check_removable(op: Op, doc: Document, actor: Actor, now: datetime) -> None:
    """What readers see, or will see, is not deleted. Raises `Refused`."""
    if op.kind == "article":
        article = article_value(op.entity_id, doc)
        if not actor.may(Right.OTHERS) and not article.is_own(actor.id):
            raise forbidden()
        status = effective_status(article, now)
        if status.is_public or status is Status.SCHEDULED:
            raise Refused("status", Message("refusal", "The article is in another status now: {status}.",
                                            {"status": status.value}))
