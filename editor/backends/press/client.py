"""The bundled backend as this desk sees it: press's sync API over HTTP.

Only JSON under our own media type, with the echoed op_id, is an answer; a portal's page is none, whatever its status.
Every call streams under a monotonic deadline and a size limit: the HTTP library has no total time-out of its own.
"""

from __future__ import annotations

import contextlib
import socket
from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

import httpx2

from editor.backends.press.answers import (
    MAX_ANSWER,
    judge,
    read_bucket,
    read_digests,
    read_heads,
    read_hello,
    read_one,
    read_page,
    read_push,
)
from editor.base.clock import Clock
from editor.base.wire import MEDIA_TYPE, Document
from editor.sync.backend import (
    Caps,
    ChangePage,
    Digests,
    Listed,
    Malformed,
    NoAnswer,
    Op,
    PushResult,
    RemoteDoc,
    ServerInfo,
)

CONNECT_S, READ_S, TOTAL_S = 5.0, 30.0, 90.0
# A request that fails with one of these never left: its outcome is known.
BEFORE_ITS_FIRST_BYTE = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError,
                         httpx2.UnsupportedProtocol, httpx2.InvalidURL)
_CAPABILITIES = {
    "cas": Caps.CAS, "idempotency": Caps.IDEMPOTENCY, "digests": Caps.DIGESTS, "snapshot": Caps.SNAPSHOT,
    "revisions": Caps.REVISIONS,
}
_ALWAYS = (Caps.CAS | Caps.IDEMPOTENCY | Caps.CLIENT_IDS | Caps.CHANGE_FEED | Caps.TOMBSTONES | Caps.ATOMIC_FIELDS
           | Caps.REVISIONS | Caps.PUSH_NOTICE | Caps.EXACT_SCHEDULE | Caps.MODERATION_LOG | Caps.REACTION_MODIFIED)


class PressBackend:
    """One press at `url`. Used by `net-sync`; `wait` has a connection of its own for `net-notice`."""

    def __init__(self, url: str, token: str, replica_id: str, clock: Clock, *,
                 transport: httpx2.BaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._clock = clock
        self._caps = _ALWAYS
        self._sockets: list[socket.socket] = []
        headers = {"Authorization": f"Bearer {token}", "X-Replica-Id": replica_id, "Accept": MEDIA_TYPE}
        timeout = httpx2.Timeout(READ_S, connect=CONNECT_S)
        self._client, self._waiting = (
            httpx2.Client(base_url=self._url, headers=headers, timeout=timeout, transport=transport,
                          follow_redirects=False, **_network(self._url)) for _ in range(2))

    @property
    def caps(self) -> Caps:
        """What the server guarantees; known fully after `hello`."""
        return self._caps

    def hello(self) -> ServerInfo:
        """Who we are there, what it can do, and its time."""
        answer = self._call("GET", "/v1/sync/hello")
        info = read_hello(answer)
        for name in info.capabilities:
            self._caps |= _CAPABILITIES.get(name, Caps(0))
        return info

    def push(self, op: Op) -> PushResult:
        """Send one sealed request. Its answer counts only when it names this very request."""
        return read_push(op, self._call("POST", "/v1/sync/push", content=op.body, maybe_sent=True))

    def changes(self, stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        """The next page of a feed."""
        query: dict[str, str] = {"stream": stream, "limit": str(limit)}
        if cursor is not None:
            query["cursor"] = cursor
        answer = self._call("GET", "/v1/sync/changes", query=query)
        return read_page(answer, cursor)

    def snapshot(self, stream: str, token: str | None, *, days: int = 0, limit: int = 200) -> ChangePage:
        """The next page of the first sync."""
        query: dict[str, str] = {"stream": stream, "limit": str(limit)}
        if token is not None:
            query["token"] = token
        elif days:
            query["days"] = str(days)
        return read_page(self._call("GET", "/v1/sync/snapshot", query=query), token, is_snapshot=True)

    def digests(self, stream: str) -> Digests:
        """The digests of all buckets."""
        return read_digests(self._call("GET", "/v1/sync/digests", query={"stream": stream}))

    def bucket(self, stream: str, numbers: Sequence[int]) -> Sequence[Listed]:
        """Everything in these buckets."""
        asked = ",".join(map(str, numbers))
        return read_bucket(self._call("GET", "/v1/sync/digests", query={"stream": stream, "buckets": asked}), numbers)

    def fetch(self, entity_id: str) -> RemoteDoc | None:
        """One thing as it is there."""
        try:
            answer = self._call("GET", f"/v1/entities/{entity_id}")
        except Malformed as error:
            if error.status == 404:
                return None
            raise
        return read_one(answer, entity_id)

    def revision(self, entity_id: str, rev: str) -> Document:
        """The frozen document of one revision."""
        answer = self._call("GET", f"/v1/entities/{entity_id}/revisions/{rev}")
        document = answer.get("doc")
        if not isinstance(document, dict):
            raise NoAnswer("a revision that is none", maybe_sent=False)
        return document

    def wait(self, timeout_s: float, seen: Mapping[str, str]) -> Mapping[str, str]:
        """Wait for a head to move past `seen`."""
        query = {"wait": str(int(timeout_s)), **{f"seen_{stream}": head for stream, head in seen.items()}}
        answer = self._call("GET", "/v1/sync/heads", query=query, client=self._waiting, patience=timeout_s)
        return read_heads(answer)

    def close(self) -> None:
        """Let go of both connections. A call that waits on another thread ends at once, its outcome unknown."""
        for held in self._sockets:
            with contextlib.suppress(OSError):
                held.shutdown(socket.SHUT_RDWR)
        self._client.close()
        self._waiting.close()

    def _call(self, method: str, path: str, *, content: bytes | None = None, query: Mapping[str, str] | None = None,
              maybe_sent: bool = False, client: httpx2.Client | None = None, patience: float = 0.0) -> dict[str, Any]:
        deadline = self._clock.monotonic() + TOTAL_S + patience
        headers = {"Content-Type": MEDIA_TYPE} if content is not None else {}
        http = client or self._client
        try:
            with http.stream(method, path, content=content, params=dict(query or {}), headers=headers,
                             timeout=httpx2.Timeout(READ_S + patience, connect=CONNECT_S),
                             extensions={"trace": self._trace}) as response:
                raw = self._read(response, deadline, maybe_sent=maybe_sent)
        except BEFORE_ITS_FIRST_BYTE as error:
            raise NoAnswer(f"no connection: {type(error).__name__}", maybe_sent=False) from error
        except (httpx2.HTTPError, httpx2.StreamError, RuntimeError, OSError) as error:
            raise NoAnswer(type(error).__name__, maybe_sent=maybe_sent) from error
        return judge(response.status_code, response.headers, raw, maybe_sent=maybe_sent)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Closing a client does not wake a thread that reads from it; shutting its socket does."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            found = info["return_value"].get_extra_info("socket")
            if found is not None:
                self._sockets = [known for known in self._sockets if known.fileno() >= 0] + [found]

    def _read(self, response: httpx2.Response, deadline: float, *, maybe_sent: bool) -> bytes:
        announced = response.headers.get("content-length", "")
        if announced.isdecimal() and (len(announced) > 12 or int(announced) > MAX_ANSWER):
            raise NoAnswer("an answer without end", maybe_sent=maybe_sent)
        chunks, size = [], 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > MAX_ANSWER:
                raise NoAnswer("an answer without end", maybe_sent=maybe_sent)
            if self._clock.monotonic() > deadline:
                raise NoAnswer("too slow", maybe_sent=maybe_sent)
            chunks.append(chunk)
        return b"".join(chunks)


class _Network(TypedDict):
    trust_env: bool
    verify: bool


def _network(url: str) -> _Network:
    """How this address is reached.

    A proxy of the environment is for the network, never for this machine's own press. Without TLS nothing is
    verified, and the client would read every certificate of the system to prepare for it.
    """
    try:
        address = httpx2.URL(url)
    except httpx2.InvalidURL:
        return {"trust_env": True, "verify": True}  # whoever asks is told that nobody answers there
    return {"trust_env": address.host not in ("127.0.0.1", "localhost", "::1"), "verify": address.scheme != "http"}


def token_name(url: str) -> str:
    """The name under which this server's token is kept among the secrets."""
    return f"press:{url.rstrip('/')}"

