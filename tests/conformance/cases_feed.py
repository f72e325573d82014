"""Cases: the feed and the texts of earlier revisions."""

from __future__ import annotations

import pytest

from editor.base.ids import new_id
from editor.sync.backend import AdapterError, Caps, CursorExpired, EpochChanged, Malformed
from tests.conformance.place import EVERYBODY, TEXT, Case, Device, Place, case, together


def _tail(place: Place) -> Device:
    """Somebody who has read everything."""
    device = place.device("editor")
    device.catch_up()
    return device


def the_feed_from_its_start_has_everything(place: Place) -> None:
    """The first sync is the same query."""
    device = place.device("editor")
    made = [device.make()[0] for _ in range(3)]
    anew = Device(device.backend, device.token, device.name)
    assert set(made) <= {row.entity_id for row in anew.catch_up()}


def a_cursor_brings_only_what_is_new(place: Place) -> None:
    """Nothing is told twice."""
    device = _tail(place)
    made, _ = device.make()
    assert [row.entity_id for row in device.catch_up()] == [made]


def at_the_end_there_is_nothing(place: Place) -> None:
    """An empty page has a cursor all the same."""
    device = _tail(place)
    assert device.catch_up() == []
    made, _ = device.make()
    assert [row.entity_id for row in device.catch_up()] == [made]


def the_same_cursor_tells_the_same(place: Place) -> None:
    """A page that was lost before its transaction is fetched again."""
    device = _tail(place)
    device.make()
    first, again = (device.backend.changes("content", device.cursor) for _ in range(2))
    assert first.changes == again.changes


def rows_rise(place: Place) -> None:
    """The engine refuses a page that does not."""
    device = place.device("editor")
    for _ in range(4):
        device.make()
    numbers = [row.seq for row in device.catch_up()]
    assert None not in numbers
    assert numbers == sorted(set(numbers), key=lambda n: n or 0)


def the_head_is_the_last_number_at_the_end(place: Place) -> None:
    """What one has seen is told by it."""
    device = _tail(place)
    device.make()
    page = device.backend.changes("content", device.cursor)
    assert not page.more
    assert page.head == str(page.changes[-1].seq)


def new_things_stand_without_gaps(place: Place) -> None:
    """Dense numbers are a free check that nothing was missed (sync D.2)."""
    device = _tail(place)
    for _ in range(5):
        device.make()
    numbers = [row.seq or 0 for row in device.catch_up()]
    assert numbers == list(range(numbers[0], numbers[0] + 5))


def new_things_come_all(place: Place) -> None:
    """There are no numbers of the server's own: every sweep is compared with the one before, so nothing is missed."""
    device = _tail(place)
    made = {device.make()[0] for _ in range(5)}
    assert {row.entity_id for row in device.catch_up()} == made


def a_page_holds_no_more_than_asked(place: Place) -> None:
    """And says that more follow."""
    device = _tail(place)
    for _ in range(3):
        device.make()
    page = device.backend.changes("content", device.cursor, limit=2)
    assert (len(page.changes), page.more) == (2, True)


def pages_together_are_everything_once(place: Place) -> None:
    """Whatever their size."""
    device = _tail(place)
    made = {device.make()[0] for _ in range(5)}
    told = [row.entity_id for row in device.catch_up(limit=1)]
    assert (len(told), set(told)) == (5, made)


def what_changes_between_two_pages_is_told(place: Place) -> None:
    """A thing that moves up is seen there."""
    device = _tail(place)
    made = [device.make() for _ in range(3)]
    page = device.backend.changes("content", device.cursor, limit=2)
    first, rev = next(pair for pair in made if pair[0] == page.changes[0].entity_id)
    device.write(first, rev, lead="Tussendoor.")
    device.cursor = page.next
    rows = {row.entity_id: row for row in device.catch_up()}
    there = rows[first].doc
    assert there is not None
    assert there["lead"] == "Tussendoor."
    assert set(rows) == {first, made[2][0]}


def a_thing_changed_twice_is_told_once_as_it_is(place: Place) -> None:
    """The feed needs no log."""
    device = _tail(place)
    made, rev = device.make()
    device.write(made, device.write(made, rev, lead="Een.").rev, lead="Twee.")
    (row,) = device.catch_up()
    assert row.doc is not None
    assert row.doc["lead"] == "Twee."


def a_row_knows_its_author(place: Place) -> None:
    """So that its author knows it again: an acknowledgement that came another way."""
    device = _tail(place)
    op = device.op(new_id(), "upsert", patch=TEXT)
    device.backend.push(op)
    (row,) = device.catch_up()
    assert (row.op_id, row.actor) == (op.op_id, device.id)
    assert row.replica


def a_row_acknowledges_nothing(place: Place) -> None:
    """Whether a write covered somebody's is looked at in its answer alone, so the feed must not pass for one."""
    device = _tail(place)
    device.make()
    assert [row.op_id for row in device.catch_up()] == [None]


def a_deletion_is_a_tombstone(place: Place) -> None:
    """Under the revision that the deleter was told."""
    device = place.device("editor")
    made, rev = device.make()
    device.catch_up()
    gone = device.push(made, "delete", base=rev)
    (row,) = device.catch_up()
    assert (row.entity_id, row.doc, row.rev) == (made, None, gone.rev)


def what_came_back_is_told_with_its_text(place: Place) -> None:
    """After the tombstone."""
    device = place.device("editor")
    made, rev = device.make()
    gone = device.push(made, "delete", base=rev)
    device.catch_up()
    device.push(made, "restore", base=gone.rev)
    (row,) = device.catch_up()
    assert row.doc is not None
    assert row.doc["body"] == TEXT["body"]


def nothing_is_deleted_by_being_read(place: Place) -> None:
    """Reading to the end many times brings no tombstone."""
    device = place.device("editor")
    device.make()
    assert not [row for _ in range(4) for row in device.catch_up() if row.doc is None and row.entity_id in device.seen
                and device.seen[row.entity_id].doc is not None]


def a_step_is_told(place: Place) -> None:
    """With its document."""
    device = place.device("editor")
    made, _ = device.make()
    device.catch_up()
    device.step(made, "submit")
    assert device.doc(made)["status"] == "desk"


def everybody_reads_the_same(place: Place) -> None:
    """Convergence begins here."""
    device = place.device("editor")
    made, _ = device.make()
    rows = [place.device(role).row(made) for role in ("journalist", "editor", "moderator")]
    assert len({(row.rev, str(row.doc)) for row in rows}) == 1


def a_reaction_is_no_content(place: Place) -> None:
    """Two streams, two rights."""
    device = place.device(*EVERYBODY)
    reaction = place.react(device.publish(), "Een reactie met genoeg woorden erin.")
    device.catch_up()
    assert reaction not in device.seen
    assert device.row(reaction, "reactions").kind == "reaction"


def a_stream_needs_its_right(place: Place) -> None:
    """A journalist sees no reactions that wait."""
    with pytest.raises(Malformed) as told:
        place.device("journalist").backend.changes("reactions", None)
    assert told.value.status == 403


def an_unknown_stream_is_told(place: Place) -> None:
    """Not an empty page: that would look like a newsroom without work."""
    with pytest.raises(Malformed):
        place.device(*EVERYBODY).backend.changes("weather", None)


def a_cursor_of_another_server_is_another_history(place: Place) -> None:
    """No deletion is believed then."""
    with pytest.raises(EpochChanged):
        place.device("editor").backend.changes("content", place.cursor_of_another())


def a_cursor_ahead_of_the_feed_has_expired(place: Place) -> None:
    """The server lost its last commits: everything is read anew (410)."""
    with pytest.raises(CursorExpired):
        place.device("editor").backend.changes("content", place.cursor_ahead())


def a_cursor_of_a_clock_set_back_goes_on_rising(place: Place) -> None:
    """The number in it counts here, not the server's clock: it never runs back."""
    device = place.device("editor")
    device.cursor = place.cursor_ahead()
    before = device.backend.changes("content", device.cursor).head
    device.make()
    assert all((row.seq or 0) > int(before) for row in device.catch_up())


def a_cursor_that_is_none_is_told(place: Place) -> None:
    """In one of the adapter's own errors, whatever stands there."""
    for cursor in ("x", "e30=", "../..", "0" * 5000, "é"):
        backend = place.device("editor").backend
        with pytest.raises(AdapterError):
            backend.changes("content", cursor)


def a_limit_out_of_bounds_is_bounded(place: Place) -> None:
    """Nobody is answered with a whole newsroom, nor with nothing for ever."""
    device = _tail(place)
    device.make()
    assert len(device.backend.changes("content", device.cursor, limit=100_000).changes) == 1


def writers_at_once_leave_no_gap(place: Place) -> None:
    """Commit order is number order: a plain sequence lost rows here."""
    writers = [place.device("editor") for _ in range(4)]
    device = _tail(place)
    told: list[str] = []

    def write(writer: Device) -> list[str]:
        return [writer.make()[0] for _ in range(5)]

    def read() -> list[str]:
        return [row.entity_id for _ in range(12) for row in device.catch_up()]
    *made, told = together(*(lambda writer=writer: write(writer) for writer in writers), read)
    told += [row.entity_id for row in device.catch_up()]
    assert sorted(told) == sorted(one for some in made for one in some)


def waiting_ends_when_something_moves(place: Place) -> None:
    """News come at once."""
    device, other = place.device("editor"), place.device("editor")
    seen = dict(device.backend.hello().heads)
    heads, _ = together(lambda: device.backend.wait(20, seen), other.make)
    assert int(heads["content"]) > int(seen["content"])


def waiting_past_what_moved_is_answered_at_once(place: Place) -> None:
    """What happened before one asked counts too."""
    device = place.device("editor")
    seen = dict(device.backend.hello().heads)
    device.make()
    assert int(device.backend.wait(20, seen)["content"]) > int(seen["content"])


def waiting_for_no_time_is_a_look(place: Place) -> None:
    """The heads as they are."""
    device = place.device("editor")
    assert device.backend.wait(0, {})["content"] == device.backend.hello().heads["content"]


def waiting_promises_nothing(place: Place) -> None:
    """Such a server tells nothing by itself: the call returns at once with what was known, and the engine polls."""
    assert place.device("editor").backend.wait(20, {"content": "7"}) == {"content": "7"}


def a_revision_is_the_text_as_it_was(place: Place) -> None:
    """What was approved can be shown, whatever was written since."""
    device = place.device("editor")
    made, _ = device.make()
    rev = device.step(made, "approve").rev
    place.device("editor").write(made, rev, lead="Later.")
    assert device.backend.revision(made, rev)["lead"] == TEXT["lead"]


def the_text_of_a_publication_stays(place: Place) -> None:
    """Its revision is the frozen one."""
    device = place.device("editor")
    made = device.publish()
    live = device.doc(made)["live"][-1]
    device.write(made, device.row(made).rev, body="Anders.")
    assert device.backend.revision(made, live["rev"])["body"] == TEXT["body"]


def a_revision_that_never_was_is_told(place: Place) -> None:
    """An empty text would be shown as one."""
    device = place.device("editor")
    made, _ = device.make()
    with pytest.raises(Malformed) as told:
        device.backend.revision(made, "999999998-abcdefabcdef")
    assert told.value.status == 404


def a_revision_of_nothing_is_told(place: Place) -> None:
    """Nor of what was never there."""
    with pytest.raises(Malformed) as told:
        place.device("editor").backend.revision(new_id(), "2-abcdefabcdef")
    assert told.value.status == 404


CASES: tuple[Case, ...] = (
    *(case(one) for one in (
        the_feed_from_its_start_has_everything, a_cursor_brings_only_what_is_new, at_the_end_there_is_nothing,
        the_same_cursor_tells_the_same, rows_rise, the_head_is_the_last_number_at_the_end)),
    case(new_things_stand_without_gaps, Caps.CHANGE_FEED, new_things_come_all),
    *(case(one) for one in (
        a_page_holds_no_more_than_asked, pages_together_are_everything_once, what_changes_between_two_pages_is_told,
        a_thing_changed_twice_is_told_once_as_it_is)),
    case(a_row_knows_its_author, Caps.CAS | Caps.CHANGE_FEED, a_row_acknowledges_nothing),
    *(case(one) for one in (
        a_deletion_is_a_tombstone, what_came_back_is_told_with_its_text, nothing_is_deleted_by_being_read, a_step_is_told,
        everybody_reads_the_same, a_reaction_is_no_content, a_stream_needs_its_right, an_unknown_stream_is_told,
        a_cursor_of_another_server_is_another_history)),
    case(a_cursor_ahead_of_the_feed_has_expired, Caps.CHANGE_FEED, a_cursor_of_a_clock_set_back_goes_on_rising),
    *(case(one) for one in (
        a_cursor_that_is_none_is_told, a_limit_out_of_bounds_is_bounded, writers_at_once_leave_no_gap)),
    case(waiting_ends_when_something_moves, Caps.PUSH_NOTICE, waiting_promises_nothing),
    case(waiting_past_what_moved_is_answered_at_once, Caps.PUSH_NOTICE, waiting_promises_nothing),
    case(waiting_for_no_time_is_a_look, Caps.PUSH_NOTICE, waiting_promises_nothing),
    *(case(one) for one in (
        a_revision_is_the_text_as_it_was, the_text_of_a_publication_stays, a_revision_that_never_was_is_told,
        a_revision_of_nothing_is_told)),
)
