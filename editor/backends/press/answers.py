"""What a press says, read with suspicion: every answer is checked whole before any of it is used.

Whatever is not exactly an answer of ours is none: a portal's page, half a body, another type in a field, another
request's result. Documents are the one thing that passes as it came: a broken one stops no page, `desk.unreadable`
judges it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import Any

from editor.base.ids import is_id
from editor.base.wire import MEDIA_TYPE, BadWire, canonical, parse, parse_time
from editor.domain.documents import article_value, ticker_value
from editor.domain.reconcile import BUCKETS, DIGEST, bucket_of
from editor.sync.backend import (
    AuthNeeded,
    ChangePage,
    CursorExpired,
    Digests,
    EpochChanged,
    Listed,
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

Answer = Mapping[str, Any]
MAX_ANSWER = 64 * 1024 * 1024  # bytes
LONGEST_WAIT_S = 3600.0
ORDINARY_WAIT_S = 30.0
LONGEST_TEXT = 4_096  # characters of what is not a document
HIGHEST = 2**53
_CODE = re.compile(r"[a-z][a-z_]{0,39}")
_REV = re.compile(r"[0-9]{1,12}-[0-9a-z]{1,64}")
_WRONG = (KeyError, TypeError, ValueError, IndexError, AttributeError, OverflowError, RecursionError, BadWire)


def judge(status: int, headers: Mapping[str, str], raw: bytes, *, maybe_sent: bool) -> dict[str, Any]:
    """Our own answer, or the error that this one is (sync design B.11)."""
    ours = headers.get("content-type", "").replace(" ", "") == MEDIA_TYPE
    if not ours and status >= 500:
        raise NoAnswer(f"server error {status}", maybe_sent=maybe_sent, status=status)
    if not ours:
        raise NoAnswer(f"not our server's answer ({status})", maybe_sent=maybe_sent)
    try:
        answer = parse(raw, max_bytes=MAX_ANSWER)
    except _WRONG as error:
        raise NoAnswer("half an answer", maybe_sent=maybe_sent) from error
    if not isinstance(answer, dict):
        raise NoAnswer("an answer that is none", maybe_sent=maybe_sent)
    if status == 200:
        return answer
    raise _refusal(status, headers, code_of(answer.get("code")), maybe_sent=maybe_sent)


def _refusal(status: int, headers: Mapping[str, str], code: str, *, maybe_sent: bool) -> Exception:
    if status == 401:
        return AuthNeeded(code)
    if status == 426:
        return UpgradeNeeded(code)
    if status == 409 and code == "epoch_changed":
        return EpochChanged(code)
    if status == 410:
        return CursorExpired(code)
    if status == 429 or (status == 503 and "retry-after" in headers):
        return SlowDown(patience(headers))
    if 400 <= status < 500 and status != 408:
        return Malformed(f"{status} {code}", status)
    if status >= 500:
        return NoAnswer(f"server error {status}", maybe_sent=maybe_sent, status=status)
    return NoAnswer(f"not our server's answer ({status})", maybe_sent=maybe_sent)


def patience(headers: Mapping[str, str]) -> float:
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


# ---------------------------------------------------------------------------------------------------- whole answers
def read_hello(answer: Answer) -> ServerInfo:
    """What the server says of itself and of whoever asks."""
    with _whole("an answer that is no hello"):
        user = answer["user"]
        return ServerInfo(
            epoch=_name(answer["epoch"]), newsroom_id=_id(answer["newsroom_id"]), user_id=_id(user["id"]),
            user_name=_text(user["name"]), roles=_texts(answer["roles"]), rights=_texts(answer["rights"]),
            heads=read_heads(answer), capabilities=_texts(answer["capabilities"]),
            max_body=_number(answer["limits"]["body"]), sample=_flag(answer.get("sample", False)),
            server_time=parse_time(answer["server_time"]),
            began={_text(stream): _head(head) for stream, head in (answer.get("began") or {}).items()})


def read_heads(answer: Answer) -> dict[str, str]:
    """The heads of the streams."""
    with _whole("heads that are none"):
        return {_text(stream): _head(head) for stream, head in answer["heads"].items()}


def read_push(op: Op, answer: Answer) -> PushResult:
    """What became of one request. It counts only when it names this very request."""
    with _whole("an answer that is none", maybe_sent=True):
        (result,) = answer["results"]
        if result["op_id"] != op.op_id or result.get("entity_id", op.entity_id) != op.entity_id:
            raise NoAnswer("an answer to another request", maybe_sent=True)
        return _push_result(op, result, answer)


def read_page(answer: Answer, place: str | None, *, is_snapshot: bool = False) -> ChangePage:
    """A page of a feed or of a first sync, asked for at `place`."""
    with _whole("a page that is none"):
        rows = tuple(_each(answer["changes"], _change))
        page = ChangePage(_name(answer["epoch"]), rows, _name(answer["next"]), _flag(answer["more"]),
                          _head(answer["head"]), parse_time(answer["server_time"]),
                          _name(answer["tail_cursor"]) if is_snapshot else "",
                          _number(answer["total"]) if is_snapshot else 0)
        if page.more and (not rows or page.next == place):
            raise BadWire("a page that leads nowhere")
        if rows and (rows[-1].seq or 0) > int(page.head):
            raise BadWire("a page that is ahead of its feed")
        if is_snapshot and any(row.doc is None for row in rows):
            raise BadWire("a snapshot of what is gone")
        return page


def read_digests(answer: Answer) -> Digests:
    """The digests of all buckets."""
    with _whole("digests that are none"):
        found = {int(number): _text(digest) for number, digest in answer["digests"].items()}
        if set(found) != set(range(BUCKETS)) or any(len(digest) != DIGEST for digest in found.values()):
            raise BadWire("not all buckets")
        return Digests(_name(answer["epoch"]), found, _name(answer["cursor"]), _head(answer["head"]))


def read_bucket(answer: Answer, numbers: Sequence[int]) -> tuple[Listed, ...]:
    """Everything in these buckets."""
    with _whole("a bucket that is none"):
        rows = tuple(Listed(_id(row["entity_id"]), _name(row["kind"]), _rev(row["rev"]), _flag(row["deleted"]))
                     for row in _each(answer["entities"], lambda row: row))
        if any(bucket_of(row.entity_id) not in numbers for row in rows):
            raise BadWire("something of another bucket")
        if len({row.entity_id for row in rows}) != len(rows):
            raise BadWire("something twice")
        return rows


def read_one(answer: Answer, entity_id: str) -> RemoteDoc:
    """One thing as it is there."""
    with _whole("a thing that is none"):
        row = _change(answer)
        if row.entity_id != entity_id:
            raise BadWire("another thing")
        return row


# --------------------------------------------------------------------------------------------------------- their parts
def _push_result(op: Op, result: Answer, answer: Answer) -> PushResult:
    outcome = Outcome(result["status"])
    deleted, doc = _flag(result.get("deleted") or False), result.get("doc")
    rev = _rev(result["rev"]) if result.get("rev") else ""
    if doc is not None and not isinstance(doc, dict):
        raise BadWire("an answer with half a document")
    if (outcome in (Outcome.APPLIED, Outcome.DUPLICATE) or doc is not None) and not rev:
        raise BadWire("a state without a revision")
    fields = result.get("fields") or {}
    _check_fields(op, fields)
    remote = RemoteDoc(op.entity_id, op.kind, rev, None if deleted else doc) if doc is not None or deleted else None
    return PushResult(outcome, rev, fields, remote, code_of(result.get("code")), _text(result.get("message") or ""),
                      parse_time(answer["server_time"]), _name(answer["epoch"]))


def _check_fields(op: Op, fields: Mapping[str, Any]) -> None:
    """What press adds to what was sent must be of its kind: it becomes part of the document here."""
    if not isinstance(fields, dict):
        raise BadWire("an answer without fields")
    canonical(fields)
    if op.kind == "article":
        article_value(op.entity_id, fields)
    elif op.kind == "ticker":
        ticker_value(op.entity_id, fields)


def _change(row: Mapping[str, Any]) -> RemoteDoc:
    deleted, doc = _flag(row["deleted"]), row["doc"]
    if not deleted and not isinstance(doc, dict):
        raise BadWire("a change without its document")
    return RemoteDoc(_id(row["entity_id"]), _name(row["kind"]), _rev(row["rev"]), None if deleted else doc,
                     _number(row["seq"]), _maybe(row.get("op_id")), _maybe(row.get("actor")),
                     _maybe(row.get("replica")), _maybe(row.get("why")) or "")


def code_of(value: Any) -> str:
    """A code is a word of the protocol. Whatever else stands there is not ours and goes into no log."""
    return value if isinstance(value, str) and _CODE.fullmatch(value) else ""


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_TEXT:
        raise BadWire("a text that is none")
    value.encode()  # half a character can be kept nowhere
    return value


def _name(value: Any) -> str:
    if not _text(value):
        raise BadWire("nothing where something must stand")
    return str(value)


def _maybe(value: Any) -> str | None:
    return None if value is None else _text(value)


def _texts(values: Any) -> tuple[str, ...]:
    return tuple(_each(values, _text))


def _each(values: Any, read: Callable[[Any], Any]) -> Iterator[Any]:
    if not isinstance(values, list):
        raise BadWire("a list that is none")
    return (read(value) for value in values)


def _id(value: Any) -> str:
    if not is_id(value):
        raise BadWire("an identity that is none")
    return str(value)


def _rev(value: Any) -> str:
    if not _REV.fullmatch(_text(value)):
        raise BadWire("a revision that is none")
    return str(value)


def _head(value: Any) -> str:
    if not (_text(value).isascii() and value.isdecimal() and int(value) < HIGHEST):
        raise BadWire("a head that is none")
    return str(value)


def _number(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < HIGHEST:
        raise BadWire("a number that is none")
    return value


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadWire("neither yes nor no")
    return value


@contextmanager
def _whole(what: str, *, maybe_sent: bool = False) -> Iterator[None]:
    """Nothing of an answer that is wrong anywhere is used."""
    try:
        yield
    except _WRONG as error:
        raise NoAnswer(what, maybe_sent=maybe_sent) from error
