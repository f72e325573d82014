"""The bundled backend as this desk sees it: press's sync API over HTTP.

Only JSON under our own media type, with the echoed op_id, is an answer; a portal's page is none, whatever its status.
Every call streams under a monotonic deadline and a size limit: the HTTP library has no total time-out of its own.
"""

from __future__ import annotations

import contextlib
import math
import re
import socket
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, TypedDict

import httpx2

from editor.base.clock import Clock
from editor.base.wire import MEDIA_TYPE, BadWire, Document, parse, parse_time
from editor.domain.documents import article_value, ticker_value
from editor.sync.backend import (
    AuthNeeded,
    Caps,
    ChangePage,
    CursorExpired,
    EpochChanged,
    Malformed,
    NoAnswer,
    Op,
    Outcome,
    PushResult,
    RemoteDoc,
    ServerInfo,
    SlowDown,
    UpgradeNeeded,
)

CONNECT_S, READ_S, TOTAL_S = 5.0, 30.0, 90.0
MAX_ANSWER = 64 * 1024 * 1024  # bytes
LONGEST_WAIT_S = 3600.0
ORDINARY_WAIT_S = 30.0
_CODE = re.compile(r"[a-z][a-z_]{0,39}")
# A request that fails with one of these never left: its outcome is known.
BEFORE_ITS_FIRST_BYTE = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, httpx2.ProxyError,
                         httpx2.UnsupportedProtocol, httpx2.InvalidURL)
_CAPABILITIES = {
    "cas": Caps.CAS, "idempotency": Caps.IDEMPOTENCY, "digests": Caps.DIGESTS, "snapshot": Caps.SNAPSHOT,
    "revisions": Caps.REVISIONS, "media": Caps.RESUMABLE_UPLOAD,
}
_ALWAYS = (Caps.CAS | Caps.IDEMPOTENCY | Caps.CLIENT_IDS | Caps.CHANGE_FEED | Caps.TOMBSTONES | Caps.ATOMIC_FIELDS
           | Caps.REVISIONS | Caps.PUSH_NOTICE | Caps.EXACT_SCHEDULE | Caps.MODERATION_LOG | Caps.REACTION_MODIFIED
           | Caps.UNKNOWN_OP_LOOKUP)


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
        try:
            names = tuple(str(name) for name in answer["capabilities"])
            for name in names:
                self._caps |= _CAPABILITIES.get(name, Caps(0))
            user = answer["user"]
            return ServerInfo(
                epoch=str(answer["epoch"]), newsroom_id=str(answer["newsroom_id"]), user_id=str(user["id"]),
                user_name=str(user["name"]), roles=tuple(answer["roles"]), rights=tuple(answer["rights"]),
                heads={str(k): str(v) for k, v in answer["heads"].items()}, capabilities=names,
                max_body=int(answer["limits"]["body"]), sample=bool(answer.get("sample", False)),
                server_time=parse_time(answer["server_time"]))
        except (KeyError, TypeError, ValueError, BadWire) as error:
            raise NoAnswer("an answer that is no hello", maybe_sent=False) from error

    def push(self, op: Op) -> PushResult:
        """Send one sealed request. Its answer counts only when it names this very request."""
        answer = self._call("POST", "/v1/sync/push", content=op.body, maybe_sent=True)
        try:
            result = answer["results"][0]
            if len(answer["results"]) != 1 or result["op_id"] != op.op_id:
                raise NoAnswer("an answer to another request", maybe_sent=True)
            return _push_result(op, result, answer)
        except (KeyError, TypeError, ValueError, IndexError, BadWire) as error:
            raise NoAnswer("an answer that is none", maybe_sent=True) from error

    def changes(self, stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        """The next page of a feed."""
        query: dict[str, str] = {"stream": stream, "limit": str(limit)}
        if cursor is not None:
            query["cursor"] = cursor
        answer = self._call("GET", "/v1/sync/changes", query=query)
        try:
            rows = tuple(_change(row) for row in answer["changes"])
            return ChangePage(str(answer["epoch"]), rows, str(answer["next"]), bool(answer["more"]),
                              str(answer["head"]), parse_time(answer["server_time"]))
        except (KeyError, TypeError, ValueError, BadWire) as error:
            raise NoAnswer("a page that is none", maybe_sent=False) from error

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
        heads = answer.get("heads")
        if not isinstance(heads, dict):
            raise NoAnswer("heads that are none", maybe_sent=False)
        return {str(stream): str(head) for stream, head in heads.items()}

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
        return _judge(response.status_code, response.headers, raw, maybe_sent=maybe_sent)

    def _trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Closing a client does not wake a thread that reads from it; shutting its socket does."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            found = info["return_value"].get_extra_info("socket")
            if found is not None:
                self._sockets = [known for known in self._sockets if known.fileno() >= 0] + [found]

    def _read(self, response: httpx2.Response, deadline: float, *, maybe_sent: bool) -> bytes:
        chunks, size = [], 0
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > MAX_ANSWER:
                raise NoAnswer("an answer without end", maybe_sent=maybe_sent)
            if self._clock.monotonic() > deadline:
                raise NoAnswer("too slow", maybe_sent=maybe_sent)
            chunks.append(chunk)
        return b"".join(chunks)


def _judge(status: int, headers: Mapping[str, str], raw: bytes, *, maybe_sent: bool) -> dict[str, Any]:
    """Our own answer, or the error that this one is (sync design B.11)."""
    if status == 204:
        return {}
    ours = headers.get("content-type", "").replace(" ", "") == MEDIA_TYPE
    if not ours and status >= 500:
        raise NoAnswer(f"server error {status}", maybe_sent=maybe_sent, status=status)
    if not ours:
        raise NoAnswer(f"not our server's answer ({status})", maybe_sent=maybe_sent)
    try:
        answer = parse(raw, max_bytes=MAX_ANSWER)
    except BadWire as error:
        raise NoAnswer("half an answer", maybe_sent=maybe_sent) from error
    if not isinstance(answer, dict):
        raise NoAnswer("an answer that is none", maybe_sent=maybe_sent)
    if status == 200:
        return answer
    code = _code(answer)
    if status == 401:
        raise AuthNeeded(code)
    if status == 426:
        raise UpgradeNeeded(code)
    if status == 409 and code == "epoch_changed":
        raise EpochChanged(code)
    if status == 410:
        raise CursorExpired(code)
    if status == 429 or (status == 503 and "retry-after" in headers):
        raise SlowDown(_patience(headers))
    if 400 <= status < 500 and status != 408:
        raise Malformed(f"{status} {code}", status)
    if status >= 500:
        raise NoAnswer(f"server error {status}", maybe_sent=maybe_sent, status=status)
    raise NoAnswer(f"not our server's answer ({status})", maybe_sent=maybe_sent)


def _code(answer: Mapping[str, Any]) -> str:
    """A code is a word of the protocol. Whatever else stands there is not ours and goes into no log."""
    code = answer.get("code")
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def _patience(headers: Mapping[str, str]) -> float:
    """Seconds to wait: a number, or a date by the server's own clock (B.11). Absurd or negative values are bounded: a
    lying server must not stop sync for a year, nor make us hammer it."""
    text = headers.get("retry-after", "")
    try:
        seconds = float(text)
    except ValueError:
        seconds = _until(text, headers.get("date", ""))
    return min(max(seconds, 1.0), LONGEST_WAIT_S) if math.isfinite(seconds) else ORDINARY_WAIT_S


def _until(then: str, now: str) -> float:
    try:
        return (parsedate_to_datetime(then) - parsedate_to_datetime(now)).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return ORDINARY_WAIT_S


def _push_result(op: Op, result: Mapping[str, Any], answer: Mapping[str, Any]) -> PushResult:
    outcome = Outcome(result["status"])
    doc = result.get("doc")
    rev = str(result.get("rev") or "")
    remote = None
    if doc is not None or result.get("deleted"):
        remote = RemoteDoc(op.entity_id, op.kind, rev, None if result.get("deleted") else doc)
    fields = result.get("fields") or {}
    if not isinstance(fields, dict) or (doc is not None and not isinstance(doc, dict)):
        raise BadWire("an answer without fields")
    _check_fields(op.kind, op.entity_id, fields)
    if outcome in (Outcome.APPLIED, Outcome.DUPLICATE) and not rev:
        raise BadWire("an acknowledgement without a revision")
    return PushResult(outcome, rev, fields, remote, str(result.get("code") or ""), str(result.get("message") or ""),
                      parse_time(answer["server_time"]))


def _check_fields(kind: str, entity_id: str, fields: Document) -> None:
    """What press adds to what was sent must be of its kind: it becomes part of the document here."""
    if kind == "article":
        article_value(entity_id, fields)
    elif kind == "ticker":
        ticker_value(entity_id, fields)


def _change(row: Mapping[str, Any]) -> RemoteDoc:
    deleted = bool(row["deleted"])
    doc = row["doc"]
    if not deleted and not isinstance(doc, dict):
        raise BadWire("a change without its document")
    return RemoteDoc(str(row["entity_id"]), str(row["kind"]), str(row["rev"]), None if deleted else doc,
                     int(row["seq"]), row.get("op_id"), row.get("actor"), row.get("replica"), str(row.get("why") or ""))


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

