"""What a push carries, read from the wire. What is no request of ours raises `BadWire` (400); rules come later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from editor.base.ids import is_id
from editor.base.messages import Message
from editor.base.wire import BadWire, digest
from editor.domain import field_codecs as codec
from editor.domain.article import Action, Status
from editor.domain.publication import PublicationKind
from editor.domain.refusal import Refused
from editor.domain.workflow import Step

MAX_REVOKES = 100


@dataclass(frozen=True, slots=True)
class PushOp:
    """One request as it was sealed on a desk."""

    op_id: str
    entity_id: str
    kind: str
    verb: str
    base_rev: str | None
    schema_v: int
    body_hash: str
    patch: Mapping[str, Any]
    cmd: Mapping[str, Any]


def read_op(raw: Any) -> PushOp:
    """The op of a JSON object whose hash is its own. Raises `BadWire`."""
    if not isinstance(raw, dict):
        raise BadWire("an op that is no object")
    body = {name: value for name, value in raw.items() if name != "body_hash"}
    op_id, entity_id, base_rev = raw.get("op_id"), raw.get("entity_id"), raw.get("base_rev")
    if not is_id(op_id) or not is_id(entity_id):
        raise BadWire("an op without identities")
    if not (base_rev is None or isinstance(base_rev, str)):
        raise BadWire("a base_rev that is none")
    try:
        hashed = digest(body)
    except ValueError as error:  # half a character, or a number without end
        raise BadWire("a value that cannot travel") from error
    if raw.get("body_hash") != hashed:
        raise BadWire("body_hash is not the hash of the op")
    return PushOp(str(op_id), str(entity_id), codec.text(raw.get("kind")), codec.text(raw.get("verb")), base_rev,
                  codec.whole(raw.get("schema_v")), str(raw["body_hash"]), _object(raw.get("patch")),
                  _object(raw.get("cmd")))


def _object(value: Any) -> Mapping[str, Any]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise BadWire("an object that is none")
    return value


def read_step(cmd: Mapping[str, Any]) -> Step:
    """The step of a transition's command. Raises `Refused` (`no_such_step`, `type`)."""
    try:
        action = Action(str(cmd.get("action")))
    except ValueError as error:
        raise Refused("no_such_step", Message("refusal", "There is no such step.")) from error
    try:
        seen, kind = cmd.get("from"), cmd.get("kind")
        return Step(
            action=action, seen_from=Status(seen) if seen else None, content_hash=_text(cmd.get("content_hash")),
            publish_at=codec.read_moment(cmd.get("publish_at")), kind=PublicationKind(kind) if kind else None,
            note=codec.read_note(cmd.get("note")), on_late=_text(cmd.get("on_late")),
            revokes=_revokes(cmd.get("revokes")))
    except (BadWire, ValueError, TypeError) as error:
        raise Refused("type", Message("refusal", "The field {field} cannot hold that.", {"field": "cmd"})) from error


def _text(value: Any) -> str | None:
    return codec.text(value) if value else None


def _revokes(value: Any) -> tuple[str, ...]:
    found = codec.texts(value or [])
    if len(found) > MAX_REVOKES or not all(is_id(item) for item in found):
        raise BadWire("revokes that are none")
    return found
