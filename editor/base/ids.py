"""Identities: made where the thing is made, never an order (order is the server's `rev` and `seq`)."""

from __future__ import annotations

import os
import time
import uuid

TAIL = 8  # what people see and type: the first characters of a UUIDv7 are a clock, the last are chance


def new_id() -> str:
    """A new UUIDv7 (RFC 9562) as 36 characters."""
    ms = time.time_ns() // 1_000_000
    value = (ms & (1 << 48) - 1) << 80 | int.from_bytes(os.urandom(10), "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return str(uuid.UUID(int=value))


def new_key() -> str:
    """A new UUIDv4: the idempotency key of one request."""
    return str(uuid.uuid4())


def tail(identity: str) -> str:
    """The last eight characters, as lists show them."""
    return identity[-TAIL:]


def is_id(text: object) -> bool:
    """Whether `text` is a whole identity in canonical form."""
    if not isinstance(text, str) or len(text) != 36:
        return False
    try:
        return str(uuid.UUID(text)) == text
    except ValueError:
        return False
