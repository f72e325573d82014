"""What travels and what is hashed: canonical JSON, times, and limits on what others send."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from editor.base.errors import UserError
from editor.base.messages import Message

MEDIA_TYPE = "application/vnd.newsroom.sync+json;v=1"
MAX_BYTES = 2 * 1024 * 1024
MAX_DEPTH = 32

Document = Mapping[str, Any]


class BadWire(UserError):
    """What was sent is no message of ours; nothing of it was used."""

    def __init__(self, why: str) -> None:
        super().__init__("bad_message", Message("wire", "The message cannot be used: {why}.", {"why": why}))


def canonical(value: object) -> bytes:
    """Bytes that are equal exactly when the values are: sorted keys, no spaces, no floats (model: documents)."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(value: object) -> str:
    """sha256 of the canonical form, 64 hex characters."""
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_bytes(raw: bytes) -> str:
    """sha256 of `raw`, 64 hex characters."""
    return hashlib.sha256(raw).hexdigest()


def parse(raw: bytes | str, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> Any:
    """The JSON value of `raw`. Raises `BadWire` for what is too large, too deep, twice-keyed, or no JSON."""
    if len(raw) > max_bytes:
        raise BadWire(f"larger than {max_bytes} bytes")
    try:
        value = json.loads(raw, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise BadWire("not JSON") from error
    if _depth(value) > max_depth:
        raise BadWire(f"nested deeper than {max_depth}")
    return value


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _depth(value: Any) -> int:
    deepest, layer = 0, [value]
    while layer:
        deepest += 1
        if deepest > MAX_DEPTH + 1:
            break
        following: list[Any] = []
        for item in layer:
            if isinstance(item, Mapping):
                following.extend(item.values())
            elif isinstance(item, Sequence) and not isinstance(item, str):
                following.extend(item)
        layer = following
    return deepest


def format_time(instant: datetime) -> str:
    """RFC 3339 in UTC with milliseconds and Z."""
    instant = instant.astimezone(UTC)
    return f"{instant:%Y-%m-%dT%H:%M:%S}.{instant.microsecond // 1000:03d}Z"


def parse_time(text: object) -> datetime:
    """The instant of `format_time`'s form. Raises `BadWire`."""
    if not isinstance(text, str) or not text.endswith("Z"):
        raise BadWire("a time that is not UTC")
    try:
        instant = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadWire("a time that is none") from error
    return instant.astimezone(UTC)


def to_ms(instant: datetime) -> int:
    """Milliseconds since 1970, as databases keep it."""
    return round(instant.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The instant of `to_ms`."""
    return datetime.fromtimestamp(ms // 1000, UTC).replace(microsecond=ms % 1000 * 1000)
