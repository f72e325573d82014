"""The weak adapter's way to its site: one request, one judged answer, in the adapter's own errors."""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from editor.base.wire import MAX_BYTES, BadWire, parse
from editor.sync.backend import AuthNeeded, Malformed, NoAnswer, SlowDown

ROOT = "/wp-json/wp/v2"
QUARANTINE_S = 120.0  # W5: a write that was cut off may still be carried out that much later
LONGEST_WAIT_S, ORDINARY_WAIT_S = 3600.0, 30.0
NEVER_LEFT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)
LOGIN = ("rest_not_logged_in", "incorrect_password", "invalid_username", "rest_forbidden_context")


class Answer:
    """A JSON answer that was no refusal."""

    def __init__(self, value: Any, headers: Mapping[str, str]) -> None:
        self.value, self._headers = value, headers

    @property
    def now(self) -> datetime:
        """The server's clock."""
        try:
            return parsedate_to_datetime(self._headers.get("date", "")).astimezone(UTC)
        except (TypeError, ValueError) as error:
            raise NoAnswer("an answer without a date", maybe_sent=True) from error

    def number(self, name: str) -> int:
        """A header that is a number."""
        text = self._headers.get(name, "")
        if not text.isdecimal():
            raise NoAnswer(f"an answer without {name}", maybe_sent=False)
        return int(text)


class Missing(Exception):
    """404 or 410 of the site itself."""


class Site:
    """One site as one person sees it."""

    def __init__(self, url: str, token: str, *, read_s: float = 30.0, transport: httpx2.BaseTransport | None = None) -> None:
        secret = base64.b64encode(token.encode()).decode()
        self._http = httpx2.Client(base_url=url, timeout=httpx2.Timeout(read_s, connect=5.0), trust_env=False, verify=False,
                                   transport=transport, follow_redirects=False, headers={"Authorization": f"Basic {secret}"})
        self.seen_at = datetime(1970, 1, 1, tzinfo=UTC)  # the site's own clock, as it last said

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()

    def get(self, path: str, **query: Any) -> Answer:
        """Look."""
        return self._call("GET", path, query={"context": "edit", **query})

    def write(self, method: str, path: str, **fields: Any) -> Answer:
        """Act. What is cut off here may be carried out any time within the quarantine."""
        return self._call(method, path, fields=fields)

    def rows(self, path: str, **query: Any) -> list[Any]:
        """Every row of a list. Raises `NoAnswer` unless as many came as the site counts: absence must prove something."""
        found: list[Any] = []
        page, pages, total = 1, 1, 0
        while page <= pages:
            answer = self.get(path, orderby="id", order="asc", per_page="100", page=str(page), **query)
            pages, total = answer.number("x-wp-totalpages"), answer.number("x-wp-total")
            found += answer.value
            page += 1
        if len(found) != total:
            raise NoAnswer("a list that is not whole", maybe_sent=False)
        return found

    def _call(self, method: str, path: str, *, query: Mapping[str, str] | None = None,
              fields: Mapping[str, Any] | None = None) -> Answer:
        maybe = fields is not None
        after = QUARANTINE_S if maybe else None
        try:
            response = self._http.request(method, ROOT + path, params=query, json=dict(fields) if fields else None)
        except NEVER_LEFT as error:
            raise NoAnswer("no connection", maybe_sent=False) from error
        except (httpx2.HTTPError, httpx2.StreamError, RuntimeError, OSError) as error:
            raise NoAnswer(type(error).__name__, maybe_sent=maybe, retry_after=after) from error
        answer = _judge(response, maybe=maybe)
        self.seen_at = answer.now
        return answer


def _judge(response: httpx2.Response, *, maybe: bool) -> Answer:
    status, headers = response.status_code, response.headers
    if status == 429 or (status == 503 and "retry-after" in headers):
        raise SlowDown(_patience(headers.get("retry-after", "")))
    if status >= 500:
        raise NoAnswer(f"server error {status}", maybe_sent=maybe, status=status)
    is_json = headers.get("content-type", "").startswith("application/json")
    try:
        value = parse(response.content if is_json else b"", max_bytes=8 * MAX_BYTES)
    except BadWire as error:
        raise NoAnswer(f"not the site's answer ({status})", maybe_sent=maybe,
                       retry_after=QUARANTINE_S if maybe else None) from error
    if status in (200, 201):
        return Answer(value, headers)
    code = str(value.get("code", "")) if isinstance(value, dict) else ""
    if status == 401 or (status == 403 and code in LOGIN):
        raise AuthNeeded(code)
    if status in (404, 410) and code in ("rest_post_invalid_id", "rest_comment_invalid_id", "rest_already_trashed"):
        raise Missing
    if 400 <= status < 500:
        raise Malformed(f"{status} {code[:40]}", status)
    raise NoAnswer(f"not the site's answer ({status})", maybe_sent=maybe)


def _patience(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        return ORDINARY_WAIT_S
    return min(max(seconds, 1.0), LONGEST_WAIT_S) if math.isfinite(seconds) else ORDINARY_WAIT_S
