"""What guards the reaction form: a signed token in cookie and form, a trap for machines, a bucket for each source."""

from __future__ import annotations

import hmac
import secrets
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

from editor.base.clock import Clock
from editor.base.wire import to_ms
from editor.press.house import House, mac
from editor.press.readers import PER_MINUTE

COOKIE = "redactie_form"
GOOD_FOR = timedelta(hours=12)
MAX_SOURCES = 10_000


def new_form_token(house: House, now: datetime) -> str:
    """A token that nobody else can make: chance, its time, and our signature over both."""
    body = f"{secrets.token_urlsafe(18)}.{to_ms(now)}"
    return f"{body}.{mac(house.form_key, 'form', body)}"


def is_good(house: House, token: str, now: datetime) -> bool:
    """Whether the token is ours and no older than half a day."""
    body, _, signature = token.rpartition(".")
    made = body.rpartition(".")[2]
    if not hmac.compare_digest(signature.encode(), mac(house.form_key, "form", body).encode()):
        return False
    return made.isdecimal() and 0 <= to_ms(now) - int(made) <= GOOD_FOR // timedelta(milliseconds=1)


def same(cookie: str, field: str) -> bool:
    """Whether both halves of the double submit are one token."""
    return bool(cookie) and hmac.compare_digest(cookie.encode(), field.encode())


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class RateLimit:
    """A token bucket for each source: five at once, five a minute, attempts included. Any thread; this process's own.

    What was taken in is counted for all processes by `readers`.
    """

    def __init__(self, clock: Clock, per_minute: int = PER_MINUTE) -> None:
        self._clock = clock
        self._size = float(per_minute)
        self._guard = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def take(self, source: str) -> bool:
        """One more from this source, if it may."""
        now = self._clock.monotonic()
        with self._guard:
            if len(self._buckets) >= MAX_SOURCES:
                self._forget_full(now)
            bucket = self._buckets.setdefault(source, _Bucket(self._size, now))
            bucket.tokens = min(self._size, bucket.tokens + (now - bucket.at) * self._size / 60)
            bucket.at = now
            if bucket.tokens < 1:
                return False
            bucket.tokens -= 1
            return True

    def _forget_full(self, now: float) -> None:
        self._buckets = {source: bucket for source, bucket in self._buckets.items() if now - bucket.at < 60}
        while len(self._buckets) >= MAX_SOURCES:
            del self._buckets[next(iter(self._buckets))]
