"""How each single field stands on the wire: one reader and one writer a field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from editor.base.wire import BadWire, format_time, parse_time
from editor.domain.article import REACTION_MODES, Approval, Byline, LeadImage, Status
from editor.domain.moments import Moment
from editor.domain.publication import Note, Publication, PublicationKind
from editor.domain.ticker import AsRun, Intent, Pin, Priority

SHORT = 2_000
LIMITS = {"body": 1_500_000, "lead": 20_000, "note": 20_000}  # characters


@dataclass(frozen=True, slots=True)
class Codec:
    """`read` makes a value of JSON or raises `BadWire`; `write` the JSON of a value."""

    read: Callable[[Any], Any]
    write: Callable[[Any], Any]


def text(value: Any) -> str:
    """A string, as it stands."""
    if not isinstance(value, str):
        raise BadWire("a text that is none")
    return value


def whole(value: Any) -> int:
    """A whole number."""
    if not isinstance(value, int) or isinstance(value, bool):
        raise BadWire("a number that is none")
    return value


def truth(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise BadWire("a yes or no that is neither")
    return value


def mode(value: Any) -> str:
    """A mode of reactions."""
    if value not in REACTION_MODES:
        raise BadWire("an unknown mode")
    return str(value)


def texts(value: Any) -> tuple[str, ...]:
    """A list of strings."""
    if not isinstance(value, list):
        raise BadWire("a list that is none")
    return tuple(text(item) for item in value)


def read_time(value: Any) -> datetime | None:
    """An instant, or nothing."""
    return None if value is None else parse_time(value)


def write_time(value: datetime | None) -> str | None:
    """An instant on the wire."""
    return None if value is None else format_time(value)


def read_moment(value: Any) -> Moment | None:
    """A moment `{utc, wall, zone, fold}`, or nothing."""
    if value is None:
        return None
    try:
        fold = value["fold"]
        if fold not in (None, 0, 1):
            raise BadWire("a fold that is none")
        return Moment(parse_time(value["utc"]), text(value["wall"]), text(value["zone"]), fold)
    except (KeyError, TypeError) as error:
        raise BadWire("a moment that is none") from error


def write_moment(value: Moment | None) -> dict[str, Any] | None:
    """A moment on the wire."""
    if value is None:
        return None
    return {"utc": format_time(value.utc), "wall": value.wall, "zone": value.zone, "fold": value.fold}


def _object(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def read(value: Any) -> Any:
        if value is None:
            return None
        try:
            return make(value)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise BadWire("an object that is none") from error
    return read


def _list(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    one = _object(make)

    def read(value: Any) -> Any:
        if not isinstance(value, list) or any(item is None for item in value):
            raise BadWire("a list that is none")
        return tuple(one(item) for item in value)
    return read


def _note(value: Any) -> Note | None:
    return None if value is None else Note(text(value["text"]), text(value.get("type", "")))


def write_note(note: Note | None) -> dict[str, str] | None:
    """A note on the wire."""
    return None if note is None else {"text": note.text, "type": note.type}


def read_note(value: Any) -> Note | None:
    """A note `{type, text}`, or nothing."""
    found: Note | None = _object(_note)(value)
    return found


def _publication(value: Any) -> Publication:
    return Publication(text(value["rev"]), text(value["content_hash"]), parse_time(value["release_at"]),
                       PublicationKind(value["kind"]), text(value["actor"]), _note(value.get("note")),
                       read_time(value.get("cancelled_at")))


def _write_publication(p: Publication) -> dict[str, Any]:
    return {"rev": p.rev, "content_hash": p.content_hash, "release_at": format_time(p.release_at),
            "kind": p.kind.value, "actor": p.actor, "note": write_note(p.note),
            "cancelled_at": write_time(p.cancelled_at)}


_TEXT = Codec(text, lambda value: value)
_TEXTS = Codec(texts, list)
_TIME = Codec(read_time, write_time)
_MOMENT = Codec(read_moment, write_moment)
_NUMBER = Codec(lambda v: None if v is None else whole(v), lambda v: v)

ARTICLE: dict[str, Codec] = {
    **dict.fromkeys(("type", "language", "headline", "headline_short", "headline_search", "headline_social", "kicker",
                     "lead", "body", "section", "slug", "stage", "note", "created_by", "changed_by"), _TEXT),
    "bylines": Codec(
        _list(lambda v: Byline(text(v["name"]), text(v.get("person_id", "")), text(v.get("role", "")))),
        lambda v: [{"name": b.name, "person_id": b.person_id, "role": b.role} for b in v]),
    "tags": _TEXTS,
    "related": _TEXTS,
    "lead_image": Codec(
        _object(lambda v: LeadImage(text(v["media_id"]), text(v.get("alt", "")), text(v.get("caption", "")),
                                    text(v.get("credit", "")))),
        lambda v: None if v is None else {"media_id": v.media_id, "alt": v.alt, "caption": v.caption,
                                          "credit": v.credit}),
    "embargo_at": _MOMENT, "deadline_at": _MOMENT, "publish": _MOMENT,
    "reactions_mode": Codec(mode, lambda v: v),
    "status": Codec(_object(Status), lambda v: v.value),
    "approved": Codec(
        _object(lambda v: Approval(text(v["rev"]), text(v["content_hash"]), text(v["by"]), parse_time(v["at"]))),
        lambda v: None if v is None else {"rev": v.rev, "content_hash": v.content_hash, "by": v.by,
                                          "at": format_time(v.at)}),
    "live": Codec(_list(_publication), lambda v: [_write_publication(p) for p in v]),
    "created_at": _TIME, "changed_at": _TIME,
}

TICKER: dict[str, Codec] = {
    **dict.fromkeys(("headline", "article_id", "url", "source", "note", "prefix", "series", "approved_by",
                     "created_by", "changed_by"), _TEXT),
    "priority": Codec(lambda v: _object(Priority)(whole(v)), int),
    "pin": Codec(_object(lambda v: Pin(whole(v["slot"]), parse_time(v["until"]))),
                 lambda v: None if v is None else {"slot": v.slot, "until": format_time(v.until)}),
    "start": _MOMENT, "end": _MOMENT, "embargo_at": _MOMENT, "ttl_min": _NUMBER,
    "intent": Codec(_object(Intent), lambda v: v.value),
    "accepted_at": _TIME, "accepted_start": _TIME, "changed_at": _TIME,
    "as_planned": Codec(truth, lambda v: v),
    "as_run": Codec(
        _object(lambda v: AsRun(read_time(v["first_seen"]), read_time(v["last_seen"]), text(v["shown_hhmm"]))),
        lambda v: None if v is None else {"first_seen": write_time(v.first_seen), "last_seen": write_time(v.last_seen),
                                          "shown_hhmm": v.shown_hhmm}),
}
