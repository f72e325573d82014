"""What each verb does to a document. The rules are `domain`'s; here they are applied to what press holds.

A function takes a `Case` and returns an `Effect`, or raises `Refused` (nothing changes) or `Gone`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.base.wire import BadWire
from editor.domain.article import Action, Article, content_hash, effective_status
from editor.domain.documents import (
    EMPTY_ENTRY,
    WRITABLE,
    article_document,
    article_value,
    check_patch,
    decision_value,
    newsroom_document,
    newsroom_value,
    reaction_document,
    reaction_value,
    ticker_document,
    ticker_value,
)
from editor.domain.moderation import Ruling, rule_on
from editor.domain.moments import zone_info
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Right
from editor.domain.reaction import Decision
from editor.domain.refusal import Refused, forbidden
from editor.domain.ticker import Intent
from editor.domain.ticker_rules import accept, check_right
from editor.domain.workflow import after_upsert, settle, take_step
from editor.press.commands import PushOp, read_step
from editor.press.ledger import Change, Entity
from editor.press.media import is_sha256
from editor.press.media_uses import is_needed
from editor.press.reaction_log import read_log


class Gone(Exception):
    """The thing is a tombstone, or was never here."""


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that a verb is decided by. `now` is press's clock, read after the entity was locked."""

    session: Session
    newsroom_id: str
    op: PushOp
    actor: Actor
    before: Entity | None
    newsroom: Newsroom
    now: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """What is to be written, and what is to be answered. No `change`: it was so already."""

    change: Change | None
    code: str = ""
    status: str = "applied"
    message: str = ""
    keep: tuple[str, ...] = ()  # revisions that thinning must leave
    logged: tuple[Decision, Ruling] | None = None
    released: Mapping[str, Any] | None = None  # the frozen document that a step put into `live`
    also: Mapping[str, Any] = field(default_factory=dict)  # further words of the answer


def upsert(case: Case) -> Effect:
    """Change or make a document's writable fields, if its base is the present one."""
    op, before = case.op, case.before
    check_patch(op.kind, op.patch)
    _check_write(case)
    if before is None and op.base_rev is not None:
        raise Gone
    if before is not None:
        _check_base(case, before)
    doc = dict(before.doc) if before else {}
    for name, value in op.patch.items():
        doc[name] = value
    return Effect(Change(op.entity_id, op.kind, _WRITERS[op.kind](case, doc), "upsert",
                         detail={"fields": sorted(op.patch)}))


def _check_write(case: Case) -> None:
    needed = {"article": Right.WRITE, "media": Right.WRITE, "newsroom": Right.MANAGE, "list": Right.MANAGE}
    right = needed.get(case.op.kind)
    if right is not None and not case.actor.may(right):
        raise forbidden()


def _check_base(case: Case, before: Entity) -> None:
    if before.deleted and case.op.verb == "upsert":
        raise Gone
    if before.kind != case.op.kind:
        raise Refused("type", Message("refusal", "This identity belongs to something else."))
    if before.rev != case.op.base_rev:
        raise Refused("stale_base", Message("refusal", "It was changed in between."))


def _write_article(case: Case, doc: dict[str, Any]) -> dict[str, Any]:
    op, before, now = case.op, case.before, case.now
    after = settle(article_value(op.entity_id, doc), now)
    if before is None:
        after = replace(after, created_by=case.actor.id, created_at=now, changed_by=case.actor.id, changed_at=now)
    elif content_hash(article_value(op.entity_id, before.doc)) != content_hash(after):
        after = replace(after, changed_by=case.actor.id, changed_at=now)
    return doc | article_document(after_upsert(after, now))


def _write_ticker(case: Case, doc: dict[str, Any]) -> dict[str, Any]:
    op, now = case.op, case.now
    before = ticker_value(op.entity_id, case.before.doc) if case.before else None
    entry = ticker_value(op.entity_id, doc)
    on_late = op.cmd.get("on_late")
    entry = accept(before, entry, newsroom=case.newsroom, actor=case.actor, now=now,
                   on_late=on_late if isinstance(on_late, str) else None)
    planned_now = entry.intent is Intent.PLANNED and (before is None or before.intent is not Intent.PLANNED)
    entry = replace(entry, changed_by=case.actor.id, changed_at=now,
                    created_by=before.created_by if before else case.actor.id,
                    approved_by=case.actor.id if planned_now else entry.approved_by)
    return doc | ticker_document(entry)


def _write_newsroom(case: Case, doc: dict[str, Any]) -> dict[str, Any]:
    if case.op.entity_id != case.newsroom_id:
        raise Refused("type", Message("refusal", "There is one newsroom here, and this is not its identity."))
    doc = {name: value for name, value in doc.items() if value is not None}
    try:
        for name, default in newsroom_document(Newsroom()).items():
            if type(doc.get(name, default)) is not type(default):
                raise Refused("type", _cannot_hold(name))
        after = newsroom_value(case.newsroom_id, doc)
        zone_info(after.zone)
    except (BadWire, UserError) as error:
        raise Refused("type", _cannot_hold("newsroom")) from error
    return doc | newsroom_document(after)


def _write_list(case: Case, doc: dict[str, Any]) -> dict[str, Any]:
    doc["items"] = doc.get("items") or {}
    if not isinstance(doc["items"], dict):
        raise Refused("type", _cannot_hold("items"))
    return doc


def _write_media(case: Case, doc: dict[str, Any]) -> dict[str, Any]:
    for name, value in doc.items():
        wanted = int if name in ("size", "width", "height") else str
        if name in WRITABLE["media"] and value is not None and type(value) is not wanted:
            raise Refused("type", _cannot_hold(name))
    if doc.get("sha256") and not is_sha256(doc["sha256"]):
        raise Refused("type", _cannot_hold("sha256"))
    before = case.before.doc.get("sha256") if case.before else None
    if before and doc.get("sha256") != before:  # what stands in an approved text stays that picture (model 3)
        raise Refused("read_only", Message("refusal", "The field {field} is not yours to write.", {"field": "sha256"}))
    return doc


def _cannot_hold(name: str) -> Message:
    return Message("refusal", "The field {field} cannot hold that.", {"field": name})


_WRITERS: Mapping[str, Callable[[Case, dict[str, Any]], dict[str, Any]]] = {
    "article": _write_article, "ticker": _write_ticker, "newsroom": _write_newsroom, "list": _write_list,
    "media": _write_media,
}


def delete(case: Case) -> Effect:
    """Make a tombstone that keeps the last content. Refused for what readers see or will see."""
    before = _removable(case)
    if before.deleted:
        return Effect(None, "already")
    _check_base(case, before)
    if before.kind == "article":
        status = effective_status(article_value(before.id, before.doc), case.now)
        if status.is_public or status.value == "scheduled":
            raise Refused("status", Message("refusal", "The article is in another status now: {status}.",
                                            {"status": status.value}))
    if before.kind == "media" and is_needed(case.session, case.newsroom_id, before.id, case.now):
        raise Refused("status", Message("refusal", "Readers see this picture, or will see it."))
    return Effect(Change(before.id, before.kind, before.doc, "delete", deleted=True))


def restore(case: Case) -> Effect:
    """Bring a tombstone back with its last content."""
    before = _removable(case)
    if not before.deleted:
        return Effect(None, "already")
    _check_base(case, before)
    return Effect(Change(before.id, before.kind, before.doc, "restore"))


def _removable(case: Case) -> Entity:
    if case.op.kind not in _WRITERS or case.op.kind == "newsroom":
        raise Refused("unknown_kind", Message("refusal", "Nobody writes a {kind}.", {"kind": case.op.kind}))
    _check_write(case)
    if case.before is None:
        raise Gone
    if case.op.kind == "article" and not case.actor.may(Right.OTHERS) and not _article(case).is_own(case.actor.id):
        raise forbidden()
    if case.op.kind == "ticker":
        entry = ticker_value(case.op.entity_id, case.before.doc)
        check_right(entry, EMPTY_ENTRY, case.actor)
    return case.before


def _article(case: Case) -> Article:
    assert case.before is not None  # a step on nothing was answered before
    return article_value(case.before.id, case.before.doc)


def transition(case: Case) -> Effect:
    """Take one step of an article (the table of `domain.article`)."""
    before = case.before
    if before is None or before.deleted:
        raise Gone
    if before.kind != "article" or case.op.kind != "article":
        raise Refused("no_such_step", Message("refusal", "There is no such step."))
    step, article = read_step(case.op.cmd), _article(case)
    taken = take_step(article, step, rev=before.rev, actor=case.actor, newsroom=case.newsroom, now=case.now)
    if taken.already:
        return Effect(None, "already")
    after = taken.article
    detail = {"action": step.action.value, "from": effective_status(article, case.now).value,
              "to": effective_status(after, case.now).value}
    keep = {p.rev for p in after.live} | ({after.approved.rev} if after.approved else set())
    releases = len(after.live) > len(article.live) and step.action is not Action.WITHDRAW
    return Effect(Change(before.id, "article", {**before.doc, **article_document(after)}, "transition", detail=detail),
                  keep=tuple(keep), released=before.doc if releases else None)


def late_by(case: Case) -> int:
    """Seconds between the time that was wanted and press's clock, for an answer of code `late`."""
    try:
        if case.op.kind == "ticker":
            before = dict(case.before.doc) if case.before else {}
            start = ticker_value(case.op.entity_id, {**before, **case.op.patch}).start
        else:
            start = read_step(case.op.cmd).publish_at
    except (BadWire, Refused):
        return 0
    return max(0, int((case.now - start.utc).total_seconds())) if start else 0


def moderate(case: Case) -> Effect:
    """Append a decision to a reaction's log and show what it makes of the reaction (domain-rules C2)."""
    op, before = case.op, case.before
    if not case.actor.may(Right.MODERATE):
        raise forbidden()
    if before is None or before.deleted:
        raise Gone
    if before.kind != "reaction":
        raise Refused("no_such_step", Message("refusal", "There is no such step."))
    try:
        decision = decision_value(before.id, op.cmd, actor_id=case.actor.id, actor_name=case.actor.name, at=case.now)
    except BadWire as error:
        raise Refused("type", _cannot_hold("cmd")) from error
    log = read_log(case.session, case.newsroom_id, before.id)
    if any(row.decision.id == decision.id for row in log):
        return Effect(None, "already")
    ruling = rule_on(reaction_value(before.id, before.doc), log, decision, case.actor, case.newsroom, case.now)
    after = replace(ruling.reaction, log_n=len(log) + 1)
    status = "conflict" if ruling.result in ("disputed", "joined", "requeued") else "applied"
    return Effect(
        Change(before.id, "reaction", {**before.doc, **reaction_document(after)}, "moderate",
               detail={"action": decision.action.value, "result": ruling.result, "case": ruling.case}),
        ruling.code, status, logged=(decision, ruling), also={"case": ruling.case})


VERBS: Mapping[str, Callable[[Case], Effect]] = {
    "upsert": upsert, "delete": delete, "restore": restore, "transition": transition, "moderate": moderate,
}
STORED_REFUSALS = ("transition", "moderate")  # a late copy of these gets the same refusal; the others roll back
