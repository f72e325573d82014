"""When a server wants to remove suspiciously much, nothing goes until a person has said so (sync design B.5).

A run is what one fetching brings, page after page. Its deletions wait for its end, in the transaction of each page, and
are then judged as one. Everything else of the run is taken in meanwhile, and its cursor goes on.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from editor.base.wire import canonical
from editor.desk import histories, lanes
from editor.desk.ports import ConflictRow, UnitOfWork
from editor.sync.backend import RemoteDoc

GUARD_COUNT = 20  # more than this of a kind asks first
GUARD_SHARE = 0.05  # and more than this share of what stands here
GUARD_FLOOR = 5  # but so many are everyday work in a small newsroom
PROVED = ("retention", "erasure")  # tombstones that the guard does not count
GUARDED_KINDS = ("article", "ticker", "newsroom", "person", "list", "media")
REMOVAL = "removal"  # the kind of the card
RUN = "removals"  # in the profile's facts: the deletions of the run under way
NAMED = 12  # things that the card names


def waits(work: UnitOfWork, row: RemoteDoc) -> bool:
    """Whether this row removes something that stands here and that nobody here has deleted."""
    if row.doc is not None or row.why in PROVED or row.kind not in GUARDED_KINDS:
        return False
    entity = work.entities.get(row.kind, row.entity_id)
    return entity is not None and not entity.deleted and _is_newer(work, row)


def gather(work: UnitOfWork, rows: Sequence[RemoteDoc]) -> None:
    """Let these wait for the end of the run."""
    if rows:
        work.profile.put(RUN, _written((*_read(work.profile.get(RUN)), *rows)))


def end_of_run(work: UnitOfWork) -> Sequence[RemoteDoc]:
    """The deletions of the run that may be carried out now; what is too much goes into a card instead."""
    rows = [row for row in _read(work.profile.get(RUN)) if waits(work, row)]
    if work.profile.get(RUN):
        work.profile.put(RUN, "")
    if not any(n > _most(work, kind, n) for kind, n in Counter(row.kind for row in rows).items()):
        return rows
    for card in work.conflicts.open():
        if card.kind == REMOVAL:
            rows = [*held(card), *rows]
            lanes.close_card(work, card, "more")
    _ask(work, {(row.kind, row.entity_id): row for row in rows}.values())
    return ()


def held(card: ConflictRow) -> list[RemoteDoc]:
    """What a card about removals is about."""
    return _read(card.base)


def _most(work: UnitOfWork, kind: str, wanted: int) -> int:
    if wanted <= GUARD_FLOOR:
        return GUARD_FLOOR  # what stands here need not be counted
    return max(GUARD_FLOOR, min(GUARD_COUNT, int(GUARD_SHARE * len(work.entities.all(kind)))))


def _ask(work: UnitOfWork, rows: Iterable[RemoteDoc]) -> None:
    found = list(rows)
    names = [name for row in found[:NAMED] if (name := _name(work, row))]
    bound = work.profile.connection()
    lanes.raise_card(work, bound.newsroom_id if bound else "", "newsroom", REMOVAL, str(len(found)), base=_written(found),
                     theirs=" · ".join(names) + (" …" if len(found) > NAMED else ""), blocking=False)


def _name(work: UnitOfWork, row: RemoteDoc) -> str:
    entity = work.entities.get(row.kind, row.entity_id)
    return str(entity.doc.get("headline") or entity.doc.get("name") or "") if entity is not None else ""


def _is_newer(work: UnitOfWork, row: RemoteDoc) -> bool:
    state = work.syncs.get(row.entity_id)
    return state is None or histories.is_newer(state, row)


def _written(rows: Iterable[RemoteDoc]) -> str:
    return canonical([[row.kind, row.entity_id, row.rev, row.actor or "", row.why] for row in rows]).decode()


def _read(text: str | None) -> list[RemoteDoc]:
    return [RemoteDoc(entity_id, kind, rev, None, actor=actor, why="".join(why))
            for kind, entity_id, rev, actor, *why in json.loads(text or "[]")]
