"""Documents on the wire (schema_v 1) to values and back, or a refusal. Used by both sides of the wire.

A document is one flat JSON object; `patch` holds whole top-level fields: absent means unchanged, null means emptied.
Fields that a program does not know are left where they are: they never become part of a value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from typing import Any

from editor.base.messages import Message
from editor.base.wire import BadWire, Document, format_time, parse_time
from editor.domain import article as articles
from editor.domain import field_codecs as codec
from editor.domain import ticker as tickers
from editor.domain.article import Article, Status
from editor.domain.moments import Moment
from editor.domain.newsroom import FieldLimits, FollowLink, Newsroom, TickerRules
from editor.domain.reaction import (
    Decision,
    Deferral,
    Dispute,
    Escalation,
    Reaction,
    ReactionStatus,
    Verb,
)
from editor.domain.refusal import Refused
from editor.domain.ticker import TickerEntry

SCHEMA_V = 1
KINDS = ("article", "ticker", "reaction", "media", "newsroom", "person", "list")
STREAM_OF = {kind: "reactions" if kind == "reaction" else "content" for kind in KINDS}
EMPTY_ARTICLE = Article("")
EMPTY_ENTRY = TickerEntry("")


def article_patch(article: Article) -> dict[str, Any]:
    """Every field that an upsert may carry."""
    return {name: codec.ARTICLE[name].write(getattr(article, name)) for name in articles.WRITABLE}


def article_document(article: Article) -> dict[str, Any]:
    """The whole document: what an upsert may carry, and press's own fields."""
    return {name: codec.ARTICLE[name].write(getattr(article, name)) for name in codec.ARTICLE}


def article_value(identity: str, document: Document) -> Article:
    """The article of a document. Raises `BadWire` for one that is none."""
    return Article(identity, **_read(codec.ARTICLE, document, EMPTY_ARTICLE))


def ticker_patch(entry: TickerEntry) -> dict[str, Any]:
    """Every field that an upsert may carry."""
    return {name: codec.TICKER[name].write(getattr(entry, name)) for name in TICKER_WRITABLE}


def ticker_document(entry: TickerEntry) -> dict[str, Any]:
    """The whole document of an entry."""
    return {name: codec.TICKER[name].write(getattr(entry, name)) for name in codec.TICKER}


def ticker_value(identity: str, document: Document) -> TickerEntry:
    """The entry of a document. Raises `BadWire`."""
    return TickerEntry(identity, **_read(codec.TICKER, document, EMPTY_ENTRY))


TICKER_WRITABLE = tuple(f.name for f in fields(TickerEntry) if f.name not in (*tickers.READ_ONLY, "id"))
WRITABLE: dict[str, tuple[str, ...]] = {
    "article": articles.WRITABLE,
    "ticker": TICKER_WRITABLE,
    "media": ("alt", "caption", "credit", "rights", "sha256", "size", "mime", "width", "height"),
    "newsroom": ("name", "url", "zone", "language", "follow", "sections", "limits", "ticker", "grace_s", "later_min",
                 "undo_hours", "ask_again_min", "schedule_late_min", "four_eyes", "reactions_mode", "checklist"),
    "list": ("items",),
}


def check_patch(kind: str, patch: Mapping[str, Any]) -> None:
    """Refuse a patch that writes what only press may (`read_only`), or what no field can hold (`type`, `limit`)."""
    writable = WRITABLE.get(kind)
    if writable is None:
        raise Refused("unknown_kind", Message("refusal", "Nobody writes a {kind}.", {"kind": kind}))
    codecs = {"article": codec.ARTICLE, "ticker": codec.TICKER}.get(kind)
    for name, value in patch.items():
        if name not in writable:
            raise Refused("read_only", Message("refusal", "The field {field} is not yours to write.", {"field": name}))
        if codecs is None or value is None:
            continue
        try:
            codecs[name].read(value)
        except BadWire as error:
            raise Refused("type", Message("refusal", "The field {field} cannot hold that.", {"field": name})) from error
        if isinstance(value, str) and len(value) > codec.LIMITS.get(name, codec.SHORT):
            raise Refused("limit", Message("refusal", "The field {field} is too long.", {"field": name}))


def _read(codecs: Mapping[str, codec.Codec], document: Document, empty: object) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, field_codec in codecs.items():
        if name in document:
            value = document[name]
            found[name] = getattr(empty, name) if value is None else field_codec.read(value)
    return found


def reaction_document(reaction: Reaction) -> dict[str, Any]:
    """The whole document of a reaction; no raw address of its author is ever in it."""
    esc, put_off, dispute = reaction.escalation, reaction.deferral, reaction.dispute
    return {
        "article_id": reaction.article_id, "parent_id": reaction.parent_id, "number": reaction.number,
        "author_name": reaction.author_name, "author_key": reaction.author_key, "text": reaction.text,
        "text_hash": reaction.text_hash, "created_at": format_time(reaction.created_at),
        "edited_at": codec.write_time(reaction.edited_at), "status": reaction.status.value,
        "reports": reaction.reports, "log_n": reaction.log_n,
        "decision": decision_document(reaction.decision) if reaction.decision else None,
        "escalation": {"by": esc.by, "at": format_time(esc.at), "note": esc.note} if esc else None,
        "deferral": {"by": put_off.by, "until": format_time(put_off.until)} if put_off else None,
        "dispute": {"a": dispute.a, "b": dispute.b, "case": dispute.case, "at": format_time(dispute.at),
                    "escalated": dispute.escalated} if dispute else None,
    }


def reaction_value(identity: str, document: Document) -> Reaction:
    """The reaction of a document. Raises `BadWire`."""
    try:
        esc, put_off, dispute = document["escalation"], document["deferral"], document["dispute"]
        return Reaction(
            id=identity, article_id=codec.text(document["article_id"]), parent_id=codec.text(document["parent_id"]),
            number=codec.whole(document["number"]), author_name=codec.text(document["author_name"]),
            author_key=codec.text(document["author_key"]), text=codec.text(document["text"]),
            text_hash=codec.text(document["text_hash"]), created_at=parse_time(document["created_at"]),
            edited_at=codec.read_time(document["edited_at"]), status=ReactionStatus(document["status"]),
            reports=codec.whole(document["reports"]), log_n=codec.whole(document["log_n"]),
            decision=decision_value(identity, document["decision"]) if document["decision"] else None,
            escalation=Escalation(esc["by"], parse_time(esc["at"]), codec.text(esc["note"])) if esc else None,
            deferral=Deferral(put_off["by"], parse_time(put_off["until"])) if put_off else None,
            dispute=Dispute(dispute["a"], dispute["b"], dispute["case"], parse_time(dispute["at"]),
                            bool(dispute["escalated"])) if dispute else None)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadWire("a reaction that is none") from error


def decision_document(decision: Decision) -> dict[str, Any]:
    """A decision as it stands in a reaction's document."""
    return {**decision_command(decision), "actor": decision.actor_id, "actor_name": decision.actor_name,
            "at": format_time(decision.at)}


def decision_command(decision: Decision) -> dict[str, Any]:
    """A decision as the command of a `moderate` request; press adds who and when."""
    return {"decision_id": decision.id, "action": decision.action.value, "reason": decision.reason,
            "note": decision.note, "until": codec.write_time(decision.until), "text_hash": decision.text_hash,
            "seen_n": decision.seen_n}


def decision_value(reaction_id: str, document: Document, *, actor_id: str | None = None, actor_name: str = "",
                   at: datetime | None = None) -> Decision:
    """The decision of a command (with who and when given) or of a document. Raises `BadWire`."""
    try:
        return Decision(
            id=codec.text(document["decision_id"]), reaction_id=reaction_id, action=Verb(document["action"]),
            actor_id=actor_id if actor_id is not None else codec.text(document["actor"]),
            actor_name=actor_name or codec.text(document.get("actor_name", "")),
            at=at if at is not None else parse_time(document["at"]), text_hash=codec.text(document["text_hash"]),
            seen_n=codec.whole(document["seen_n"]), note=codec.text(document.get("note") or ""),
            reason=codec.text(document["reason"]) if document.get("reason") else None,
            until=codec.read_time(document.get("until")))
    except (KeyError, ValueError, TypeError) as error:
        raise BadWire("a decision that is none") from error


def newsroom_document(newsroom: Newsroom) -> dict[str, Any]:
    """The whole document of a newsroom."""
    found: dict[str, Any] = {f.name: getattr(newsroom, f.name) for f in fields(Newsroom) if f.name != "id"}
    found["follow"] = [{"label": link.label, "url": link.url} for link in newsroom.follow]
    for name in ("sections", "checklist"):
        found[name] = list(found[name])
    found["limits"] = {f.name: getattr(newsroom.limits, f.name) for f in fields(FieldLimits)}
    rules = newsroom.ticker
    found["ticker"] = {f.name: list(v) if isinstance(v := getattr(rules, f.name), tuple) else v
                       for f in fields(TickerRules)}
    return found


def newsroom_value(identity: str, document: Document) -> Newsroom:
    """The newsroom of a document; what it does not say keeps our default. Raises `BadWire`."""
    try:
        known = {f.name for f in fields(Newsroom)} - {"id", "follow", "sections", "checklist", "limits", "ticker"}
        given: dict[str, Any] = {k: v for k, v in document.items() if k in known and v is not None}
        for name in ("sections", "checklist"):
            if document.get(name) is not None:
                given[name] = tuple(codec.text(item) for item in document[name])
        if document.get("follow") is not None:
            given["follow"] = tuple(FollowLink(codec.text(x["label"]), codec.text(x["url"])) for x in document["follow"])
        limits = {k: codec.whole(v) for k, v in (document.get("limits") or {}).items() if hasattr(FieldLimits, k)}
        rules: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else codec.whole(v)
                 for k, v in (document.get("ticker") or {}).items() if k in {f.name for f in fields(TickerRules)}}
        return Newsroom(id=identity, limits=FieldLimits(**limits), ticker=TickerRules(**rules), **given)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise BadWire("a newsroom that is none") from error


def status_of(document: Document) -> Status:
    """The stored status of an article's document."""
    try:
        return Status(document["status"])
    except (KeyError, ValueError) as error:
        raise BadWire("an article without a status") from error


def moment_document(moment: Moment | None) -> dict[str, Any] | None:
    """A moment on the wire."""
    return codec.write_moment(moment)
