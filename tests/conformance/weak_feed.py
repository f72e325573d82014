"""A feed for a site that has none: what was there at the last sweep stands in the cursor, which the engine keeps.

A deletion needs two sweeps without the post and the site's own word each time; the bin is told at once.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol, TypeVar

from editor.base.wire import canonical, to_ms
from editor.sync.backend import ABSENT, ChangePage, CursorExpired, EpochChanged, RemoteDoc

SWEEPS = 2  # without it, before a deletion is believed


class Seen(Protocol):
    """Something that a sweep found, under a key of the site's own."""

    @property
    def key(self) -> str:
        """Its number there."""
        ...

    @property
    def mark(self) -> str:
        """Changes exactly when it does."""
        ...

    def told(self, seq: int) -> RemoteDoc:
        """The row that tells of it."""
        ...


S = TypeVar("S", bound=Seen)


def read_changes(sweep: Iterable[S], is_gone: Callable[[str], bool], now: datetime, cursor: str | None, *, epoch: str,
                 limit: int, mend: Callable[[S], S] | None = None) -> ChangePage:
    """A page of what differs from the sweep that `cursor` remembers; `mend` puts right what is about to be told. Raises
    `CursorExpired` for what is no cursor, `EpochChanged` for another site's."""
    number, known = _read(cursor, epoch)
    if cursor is None:
        number = to_ms(now)  # above whatever an earlier reading counted to
    present = {seen.key: seen for seen in sweep}
    rows: list[RemoteDoc] = []
    for key in present.keys() & known.keys():
        known[key][4] = 0  # only sweeps one after the other prove anything
    waiting = [seen for key, seen in present.items() if known.get(key, [None])[0] != seen.mark]
    for found in waiting[:limit]:
        number += 1
        seen = mend(found) if mend is not None else found
        row = seen.told(number)
        known[seen.key] = [seen.mark, row.entity_id, row.kind, row.rev, 0]
        rows.append(row)
    for key in [key for key in known if key not in present][:limit - len(rows)]:
        entry = known[key]
        entry[4] = entry[4] + 1 if is_gone(key) else 0
        if entry[4] >= SWEEPS:
            number += 1
            rows.append(RemoteDoc(entry[1], entry[2], entry[3], None, number, why=ABSENT))
            del known[key]
    following = base64.b64encode(canonical({"v": 1, "epoch": epoch, "n": number, "known": known})).decode()
    return ChangePage(epoch, tuple(rows), following, len(waiting) > limit, str(number), now)


def _read(cursor: str | None, epoch: str) -> tuple[int, dict[str, list[Any]]]:
    if cursor is None:
        return 0, {}
    try:
        held = json.loads(base64.b64decode(cursor, validate=True))
        number, known = int(held["n"]), {str(key): list(entry) for key, entry in held["known"].items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise CursorExpired("no cursor of ours") from error
    if held["epoch"] != epoch:
        raise EpochChanged("another site's cursor")
    return number, known

