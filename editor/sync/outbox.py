"""What a lane sends next, and the immutable bytes of a request (sync design B.4; model 3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from editor.base.wire import canonical, digest
from editor.domain.documents import SCHEMA_V


@dataclass(frozen=True, slots=True)
class Sealed:
    """The bytes that travel, and the hash that tells a copy from another request under the same key."""

    body: bytes
    body_hash: str


def seal(*, op_id: str, entity_id: str, kind: str, verb: str, base_rev: str | None,
         patch: Mapping[str, Any] | None = None, command: Mapping[str, Any] | None = None) -> Sealed:
    """The one request of an operation, frozen."""
    op: dict[str, Any] = {"op_id": op_id, "entity_id": entity_id, "kind": kind, "verb": verb, "base_rev": base_rev,
                          "schema_v": SCHEMA_V}
    if patch is not None:
        op["patch"] = dict(patch)
    if command:
        op["cmd"] = dict(command)
    body_hash = digest(op)
    return Sealed(canonical({"ops": [{**op, "body_hash": body_hash}]}), body_hash)


ORDER_TAKE_BACK, ORDER_STEP, ORDER_DECISION, ORDER_TEXT = range(4)

# Sending order of decisions (S-02): take-downs first, of what may be criminal before all, approvals last.
_DECISION_ORDER = {"escalate": 1, "reject": 2, "spam": 3, "requeue": 3, "defer": 4, "deescalate": 4, "restore": 5,
                   "approve": 5}


def lane_order(verb: str, action: str, *, take_back: bool, urgent: bool = False) -> tuple[int, int]:
    """Where a lane stands in a round: take-backs, steps people wait for, decisions, then texts."""
    if take_back:
        return ORDER_TAKE_BACK, 0
    if verb == "transition":
        return ORDER_STEP, 0
    if verb == "moderate":
        return ORDER_DECISION, 0 if urgent else _DECISION_ORDER.get(action, 4)
    return ORDER_TEXT, 0
