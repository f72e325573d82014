"""How two sides find out cheaply whether they hold the same: a digest for each of 256 buckets of identities (sync B.5).

Both sides of the wire count with these functions. What is deleted is in no digest; a bucket's list names it, so that a
deletion is proved and never concluded from absence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

BUCKETS = 256
DIGEST = 32  # hex characters


def bucket_of(identity: str) -> int:
    """The bucket of an identity, by its last two hex digits: those are chance (its first are a clock)."""
    return int(identity[-2:], 16)


def bucket_digest(held: Iterable[tuple[str, str]]) -> str:
    """The digest of a bucket's (id, rev) pairs, in whatever order they come."""
    lines = "".join(f"{identity} {rev}\n" for identity, rev in sorted(held))
    return hashlib.sha256(lines.encode()).hexdigest()[:DIGEST]


def digests_of(held: Iterable[tuple[str, str]]) -> dict[int, str]:
    """The digest of every bucket, empty ones too."""
    buckets: dict[int, list[tuple[str, str]]] = {number: [] for number in range(BUCKETS)}
    for identity, rev in held:
        buckets[bucket_of(identity)].append((identity, rev))
    return {number: bucket_digest(pairs) for number, pairs in buckets.items()}
