"""Finding out what differs between here and the server without reading everything: digests of buckets (sync design B.5).

After a restored back-up, and once a day, the two sides compare what they hold. What differs is fetched, what the server
lost is given back to it, and only what it lists as deleted counts as deleted.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from editor import __version__
from editor.base.wire import format_time, parse_time
from editor.desk import histories, lanes, pulling
from editor.desk.ports import FeedRow, Standpoint, UnitOfWork
from editor.domain.changes import Outcome
from editor.domain.documents import STREAM_OF
from editor.domain.reconcile import bucket_of, digests_of
from editor.sync.backend import Digests, Listed, RemoteDoc
from editor.sync.machine import rev_number

EVERY = timedelta(days=1)
MOST_ANOMALIES = 3  # then it is compared at once
AT_ONCE = 16  # buckets in one question
MOST_FETCHED = 400  # one by one; with more the whole stream is read again
COMPARED = "compared:"  # in the profile's facts: when the stream was compared last
READ_BY = "read_by:"  # in the profile's facts: the program that compared it


@dataclass(frozen=True, slots=True)
class Plan:
    """What must be done to be equal again. `fetched` are read one by one, `gone` are deleted there, `lost` are things
    of ours that the server does not know."""

    fetched: tuple[str, ...]
    gone: tuple[Listed, ...]
    lost: tuple[str, ...]


def is_due(work: UnitOfWork, stream: str) -> Outcome[bool]:
    """Whether the stream must be compared now: another history that has not been read yet, a day has passed, the server
    told what cannot be too often, or this program reads what an older one had to set aside."""
    due = stream == "content" and _is_due(work, stream)
    return Outcome(due, work.changes())


def _is_due(work: UnitOfWork, stream: str) -> bool:
    feed = work.feeds.get(stream)
    if histories.is_read_anew(work, stream, feed.epoch):
        return feed.cursor is None
    last = work.profile.get(COMPARED + stream)
    if last is None:
        _note_compared(work, stream)
    if last is None or feed.cursor is None:
        return False
    return (not timedelta() <= work.now() - parse_time(last) < EVERY or work.profile.get(READ_BY + stream) != __version__
            or histories.anomalies(work, stream) >= MOST_ANOMALIES)


def _note_compared(work: UnitOfWork, stream: str) -> None:
    work.profile.put(COMPARED + stream, format_time(work.now()))
    work.profile.put(READ_BY + stream, __version__)
    histories.forget_anomalies(work, stream)


def notice_anomaly(work: UnitOfWork, stream: str) -> Outcome[None]:
    """The server told something that cannot be."""
    histories.notice_anomaly(work, stream)
    return Outcome(None, work.changes())


def standpoints(work: UnitOfWork, stream: str) -> Outcome[tuple[Standpoint, ...]]:
    """What stands here of the stream, with the revisions that the server gave, marks taken off."""
    found = (point for point in work.syncs.standpoints() if STREAM_OF.get(point.kind) == stream)
    return Outcome(tuple(replace(p, base_rev=histories.plain(p.base_rev)) for p in found), work.changes())


def differing(here: Iterable[Standpoint], there: Digests) -> list[int]:
    """The buckets that do not hold the same."""
    mine = digests_of((point.entity_id, point.base_rev) for point in here if not histories.is_tombstone(point))
    return [number for number, digest in sorted(there.digests.items()) if digest != mine[number]]


def plan(here: Iterable[Standpoint], buckets: Sequence[int], there: Sequence[Listed]) -> Plan:
    """What the differing buckets ask for. What is absent from them is lost; what is deleted there is listed."""
    mine = {point.entity_id: point for point in here if bucket_of(point.entity_id) in buckets}
    known = {row.entity_id for row in there}
    fetched, gone = [], []
    for row in there:
        point = mine.get(row.entity_id)
        alive = point is not None and not histories.is_tombstone(point)
        if row.deleted and alive:
            gone.append(row)
        elif not row.deleted and (point is None or not alive or point.base_rev != row.rev):
            fetched.append(row.entity_id)
    lost = [point.entity_id for point in mine.values()
            if point.entity_id not in known and not histories.is_tombstone(point)]
    return Plan(tuple(fetched), tuple(gone), tuple(lost))


def take(work: UnitOfWork, rows: Sequence[RemoteDoc]) -> Outcome[int]:
    """Take in what was fetched. What is no newer than ours, in the same history, means that the server went back."""
    for row in rows:
        _mark_if_behind(work, row.entity_id, row.rev)
    return Outcome(pulling.take_rows(work, rows, anew=False, is_last=False), work.changes())


def finish(work: UnitOfWork, stream: str, done: Plan, at: Digests, *, move: bool) -> Outcome[int]:
    """The last step: deletions that are proved, what was lost, and the place from which the feed goes on (`move`)."""
    for row in done.gone:
        _mark_if_behind(work, row.entity_id, row.rev)
    gone = [RemoteDoc(row.entity_id, row.kind, row.rev, None) for row in done.gone]
    told = pulling.take_rows(work, gone, anew=False, is_last=True)
    told += sum(_give_back(work, entity_id) for entity_id in done.lost)
    histories.unmark(work, stream)
    _note_compared(work, stream)
    if move:
        work.profile.put(histories.REREAD + stream, "")
        feed = work.feeds.get(stream)
        work.feeds.put(FeedRow(stream, at.epoch, at.cursor, feed.rows_done, at.head))
    return Outcome(told, work.changes())


def _mark_if_behind(work: UnitOfWork, entity_id: str, rev: str) -> None:
    state = work.syncs.get(entity_id)
    if state is not None and state.base_rev is not None and rev_number(rev) <= rev_number(state.base_rev):
        work.syncs.put(histories.marked(state))


def _give_back(work: UnitOfWork, entity_id: str) -> bool:
    state = work.syncs.get(entity_id)
    entity = work.entities.get(state.kind, entity_id) if state is not None else None
    if state is None or entity is None or entity.kind not in histories.GIVEN_BACK:
        return False
    if entity.deleted:
        work.syncs.put(replace(state, base_doc=None, base_rev=None, adapter_state=None))
        lanes.refresh(work, entity.kind, entity_id)
        return False
    histories.give_back(work, entity, state)
    return True
