"""Cases: the whole of what is there: the first sync, the proof of equality, and one thing by itself."""

from __future__ import annotations

import pytest

from editor.base.ids import new_id
from editor.domain.reconcile import bucket_of
from editor.sync.backend import Caps, Listed, Malformed, RemoteDoc
from tests.conformance.place import TEXT, Case, Device, Place, case


def _snapshot(device: Device, limit: int = 200) -> list[RemoteDoc]:
    rows: list[RemoteDoc] = []
    token = None
    while True:
        page = device.backend.snapshot("content", token, limit=limit)
        rows += page.changes
        if not page.more:
            device.cursor = page.tail
            return rows
        token = page.next


def _not_offered(place: Place) -> None:
    """A call that the server cannot serve says so, and is no empty newsroom: the engine asks only what is claimed."""
    backend = place.device("editor").backend
    for ask in (lambda: backend.snapshot("content", None), lambda: backend.digests("content"),
                lambda: backend.bucket("content", [0])):
        with pytest.raises(Malformed):
            ask()


def the_first_sync_has_everything_that_stands(place: Place) -> None:
    """And nothing that was deleted."""
    device = place.device("editor")
    kept, _ = device.make()
    gone, rev = device.make()
    device.push(gone, "delete", base=rev)
    found = {row.entity_id: row for row in _snapshot(device)}
    assert kept in found
    assert gone not in found
    assert all(row.doc is not None for row in found.values())


def the_first_sync_in_small_pages_is_the_same(place: Place) -> None:
    """Resumed after each page."""
    device = place.device("editor")
    for _ in range(3):
        device.make()
    whole, small = ([row.rev for row in _snapshot(device, limit=limit)] for limit in (100, 1))
    assert sorted(whole) == sorted(small)


def what_changes_during_the_first_sync_is_told_after_it(place: Place) -> None:
    """From the place that its first page pinned."""
    device, other = place.device("editor"), place.device("editor")
    made, rev = other.make()
    page = device.backend.snapshot("content", None, limit=1)
    later = other.write(made, rev, lead="Tussendoor.").rev
    while page.more:
        page = device.backend.snapshot("content", page.next)
    device.cursor = page.tail
    assert [row.rev for row in device.catch_up()] == [later]


def digests_are_equal_until_something_changes(place: Place) -> None:
    """In one bucket only."""
    device = place.device("editor")
    made, rev = device.make()
    before = device.backend.digests("content").digests
    assert device.backend.digests("content").digests == before
    device.write(made, rev, lead="Anders.")
    after = device.backend.digests("content").digests
    assert {number for number in after if after[number] != before.get(number)} == {bucket_of(made)}


def a_bucket_lists_what_stands_and_what_is_deleted(place: Place) -> None:
    """Only that proves a deletion."""
    device = place.device("editor")
    kept, rev = device.make()
    gone, old = device.make()
    last = device.push(gone, "delete", base=old).rev
    listed = device.backend.bucket("content", sorted({bucket_of(kept), bucket_of(gone)}))
    assert Listed(kept, "article", rev, False) in listed
    assert Listed(gone, "article", last, True) in listed


def one_thing_is_fetched_as_it_stands(place: Place) -> None:
    """Without reading the feed."""
    device = place.device("editor")
    made, rev = device.make()
    found = device.backend.fetch(made)
    assert found is not None
    assert (found.entity_id, found.kind, found.rev) == (made, "article", rev)
    assert found.doc is not None
    assert found.doc["body"] == TEXT["body"]


def nothing_is_fetched_where_nothing_is(place: Place) -> None:
    """None, and no error."""
    assert place.device("editor").backend.fetch(new_id()) is None


def what_was_deleted_is_fetched_as_a_tombstone(place: Place) -> None:
    """It is not the same as never there."""
    device = place.device("editor")
    made, rev = device.make()
    gone = device.push(made, "delete", base=rev)
    found = device.backend.fetch(made)
    assert found is not None
    assert (found.doc, found.rev) == (None, gone.rev)


CASES: tuple[Case, ...] = (
    case(the_first_sync_has_everything_that_stands, Caps.SNAPSHOT, _not_offered),
    case(the_first_sync_in_small_pages_is_the_same, Caps.SNAPSHOT, _not_offered),
    case(what_changes_during_the_first_sync_is_told_after_it, Caps.SNAPSHOT, _not_offered),
    case(digests_are_equal_until_something_changes, Caps.DIGESTS, _not_offered),
    case(a_bucket_lists_what_stands_and_what_is_deleted, Caps.DIGESTS, _not_offered),
    case(one_thing_is_fetched_as_it_stands),
    case(nothing_is_fetched_where_nothing_is),
    case(what_was_deleted_is_fetched_as_a_tombstone),
)
