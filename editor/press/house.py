"""The newsroom of this installation: its ids, its keys, its mark as a sample. Made once, read at the start."""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.errors import UserError
from editor.base.ids import new_key
from editor.base.messages import Message
from editor.press.schema import MetaRow

MOVED = "moved_to"
BEGAN = "began"


@dataclass(frozen=True, slots=True)
class House:
    """What every request is answered with. The keys never leave this process."""

    newsroom_id: str
    epoch: str  # another one means another history: a restored back-up, or another server
    cursor_key: bytes
    pseudonym_key: bytes  # of readers' e-mail and source (L-07)
    form_key: bytes
    sample: bool
    clock_offset: timedelta
    began: Mapping[str, int]  # the streams' heads when this history began; empty for the first


def mac(key: bytes, *parts: str) -> str:
    """HMAC-SHA256 over the parts, hex; no two lists of parts give the same bytes."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def found_house(session: Session, newsroom_id: str, *, sample: bool, clock_offset: timedelta) -> House:
    """Write down a new installation's facts. Raises `UserError` for an offset outside a sample (model 11)."""
    if clock_offset and not sample:
        raise no_offset()
    values = {
        "epoch": new_key(), "cursor_key": secrets.token_hex(32), "pseudonym_key": secrets.token_hex(32),
        "form_key": secrets.token_hex(32), "sample": "1" if sample else "0",
        "clock_offset_ms": str(clock_offset // timedelta(milliseconds=1)),
    }
    session.add_all(MetaRow(newsroom_id=newsroom_id, name=name, value=value) for name, value in values.items())
    session.flush()
    return _house(newsroom_id, values)


def read_house(session: Session) -> House | None:
    """The installation's facts, None in an empty database. Raises `UserError` when the newsroom has moved away."""
    rows = session.scalars(sa.select(MetaRow)).all()
    if not rows:
        return None
    for row in rows:
        if row.name == MOVED:
            raise UserError("moved", Message("press", "This newsroom has moved to {where}.", {"where": row.value}),
                            safe=Message("press", "Nothing was changed."))
    return _house(rows[0].newsroom_id, {row.name: row.value for row in rows})


def _house(newsroom_id: str, values: dict[str, str]) -> House:
    return House(newsroom_id, values["epoch"], bytes.fromhex(values["cursor_key"]),
                 bytes.fromhex(values["pseudonym_key"]), bytes.fromhex(values["form_key"]), values["sample"] == "1",
                 timedelta(milliseconds=int(values["clock_offset_ms"])), json.loads(values.get(BEGAN, "{}")))


def begin_history(session: Session, newsroom_id: str, heads: Mapping[str, int]) -> None:
    """From here on it is another history, whose cursors nobody else can make."""
    for name, value in (("epoch", new_key()), ("cursor_key", secrets.token_hex(32)), (BEGAN, json.dumps(dict(heads)))):
        session.merge(MetaRow(newsroom_id=newsroom_id, name=name, value=value))


def mark_moved(session: Session, newsroom_id: str, where: str) -> None:
    """Write down where the newsroom went: two servers with one history would tear it apart."""
    session.merge(MetaRow(newsroom_id=newsroom_id, name=MOVED, value=where))


def has_newsroom() -> UserError:
    """The database is not empty."""
    return UserError("has_newsroom", Message("press", "This database has a newsroom already."),
                     safe=Message("press", "Nothing was changed."))


def no_offset() -> UserError:
    """A newsroom that is no sample lives by the real time."""
    return UserError("no_sample", Message("press", "Only a sample newsroom has a clock of its own."),
                     safe=Message("press", "Nothing was changed."))
