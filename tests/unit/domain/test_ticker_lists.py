"""The public list and its rules (domain-rules C6): windows, order, pins, room, lateness, free moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.base.errors import UserError
from editor.domain.moments import Moment, moment_from_wall, moment_of
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Role
from editor.domain.refusal import Refused
from editor.domain.ticker import (
    Intent,
    Phase,
    Pin,
    Priority,
    TickerEntry,
    end_of,
    phase,
    priority_at,
    public_list,
    ranked,
)
from editor.domain.ticker_rules import OnLate, accept, check_right, check_shape, next_free

ZONE = "Europe/Amsterdam"
NOON = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)  # twelve o'clock on the wall
NEWSROOM = Newsroom("n")
EDITOR = Actor("e", "Els", frozenset({Role.EDITOR}))
WRITER = Actor("w", "Wim", frozenset({Role.JOURNALIST}))
MINUTE = timedelta(minutes=1)


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def moment(minutes: float) -> Moment:
    return moment_of(at(minutes), ZONE)


def entry(identity: str, start: float, *, accepted: float | None = None, **more: object) -> TickerEntry:
    """A planned line that press got `accepted` minutes after noon (long before its start if not said)."""
    got = at(start - 600 if accepted is None else accepted)
    made = TickerEntry(identity, headline=f"Regel {identity}", start=moment(start), intent=Intent.PLANNED,
                       accepted_at=got, accepted_start=at(start))
    return replace(made, **more)  # type: ignore[arg-type]


def ids(entries: list[TickerEntry], minutes: float) -> list[str]:
    return [line.id for line in public_list(entries, NEWSROOM, at(minutes))]


# ------------------------------------------------------------------------------------------------------------- T-01
def test_a_line_is_there_at_its_start_and_gone_at_its_end() -> None:
    line = entry("a", 0, end=moment(10))
    assert [ids([line], m) for m in (-0.001, 0, 9.999, 10)] == [[], ["a"], ["a"], []]


@pytest.mark.parametrize(("priority", "hours"), [(Priority.NORMAL, 12), (Priority.IMPORTANT, 24),
                                                 (Priority.BREAKING, 24)])
def test_a_line_without_an_end_lasts_as_long_as_its_weight(priority: Priority, hours: int) -> None:
    line = entry("a", 0, priority=priority)
    assert end_of(line, NEWSROOM.ticker) == at(hours * 60)
    assert ids([line], hours * 60 - 1) == ["a"]
    assert ids([line], hours * 60) == []


def test_breaking_decays_after_six_hours_always() -> None:
    line = entry("a", 0, priority=Priority.BREAKING, end=moment(20 * 60))
    assert priority_at(line, NEWSROOM.ticker, at(359)) is Priority.BREAKING
    assert priority_at(line, NEWSROOM.ticker, at(360)) is Priority.IMPORTANT


@pytest.mark.parametrize("end", [-5, 0, 0.5])
def test_an_end_comes_at_least_a_minute_after_the_start(end: float) -> None:
    with pytest.raises(Refused):
        check_shape(entry("a", 0, end=moment(end)), NEWSROOM)
    check_shape(entry("a", 0, end=moment(1)), NEWSROOM)


# ------------------------------------------------------------------------------------------------------------- T-03
def test_pins_come_first_then_breaking_then_the_rest_each_newest_first() -> None:
    lines = [entry("old", 0), entry("new", 20), entry("breaking", 5, priority=Priority.BREAKING),
             entry("weighty", 0, priority=Priority.IMPORTANT),
             entry("second", 1, pin=Pin(2, at(600))), entry("first", 2, pin=Pin(1, at(600)))]
    assert ids(lines, 30) == ["first", "second", "breaking", "new", "weighty", "old"]


def test_a_line_that_came_over_two_minutes_late_tells_its_real_minute() -> None:
    lines = [entry("in time", 0, accepted=2), entry("late", 0, accepted=3),
             entry("as planned", 0, accepted=3, as_planned=True)]
    shown = {line.id: line.time for line in public_list(lines, NEWSROOM, at(10))}
    assert shown == {"in time": "12:00", "late": "12:03", "as planned": "12:00"}


# ------------------------------------------------------------------------------------------------------------- T-04
def test_the_list_has_room_for_ten_and_names_who_drops_off() -> None:
    lines = [entry(f"{n:02}", n) for n in range(12)]
    kept, dropped = ranked(lines, NEWSROOM, at(60))
    assert [e.id for e in dropped] == ["01", "00"]
    assert len(kept) == 10


def test_a_weighty_line_is_not_pushed_off_by_ordinary_ones_within_its_hold() -> None:
    lines = [entry("weighty", 0, priority=Priority.IMPORTANT), *(entry(f"{n:02}", n + 1) for n in range(10))]
    assert "weighty" in ids(lines, 89)
    assert "00" not in ids(lines, 89)
    assert "weighty" not in ids(lines, 90)


def test_when_nothing_but_held_lines_is_left_the_oldest_hold_loses() -> None:
    lines = [entry(f"{n:02}", n, priority=Priority.IMPORTANT) for n in range(11)]
    assert "00" not in ids(lines, 30)
    assert len(ids(lines, 30)) == 10


# ------------------------------------------------------------------------------------------------------------- T-05
def test_a_pin_outside_its_window_is_ignored() -> None:
    pinned = entry("pinned", 0, pin=Pin(1, at(30)))
    other = entry("other", 10)
    assert ids([pinned, other], 29) == ["pinned", "other"]
    assert ids([pinned, other], 30) == ["other", "pinned"]


def test_of_two_lines_for_one_place_the_newer_has_it_and_the_other_says_it_has_none() -> None:
    lines = [entry("old", 0, pin=Pin(1, at(90))), entry("new", 5, pin=Pin(1, at(90))), entry("plain", 10)]
    shown = public_list(lines, NEWSROOM, at(20))
    assert [(line.id, line.pinned) for line in shown] == [("new", True), ("plain", False), ("old", False)]


@pytest.mark.parametrize("slot", [0, 4])
def test_there_are_three_places_to_pin_to(slot: int) -> None:
    with pytest.raises(Refused):
        check_shape(entry("a", 0, pin=Pin(slot, at(60))), NEWSROOM)


# ------------------------------------------------------------------------------------------------------------- T-07
def test_the_next_free_moment_keeps_its_distance_to_every_start() -> None:
    lines = [entry("a", 0), entry("b", 6)]
    # Four minutes from both: 12:00 and 12:06 leave nothing between them.
    assert next_free(at(0), lines, NEWSROOM, at(-30)) == at(10)
    assert next_free(at(-4), lines, NEWSROOM, at(-30)) == at(-4)
    assert next_free(at(0), lines, NEWSROOM, at(-30), but="a") == at(0)
    assert next_free(at(0), lines, NEWSROOM, at(-30), priority=Priority.BREAKING) == at(0)


def test_the_next_free_moment_skips_the_quiet_hours_unless_it_is_breaking() -> None:
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # half past eleven in the evening
    assert next_free(late, [], NEWSROOM, NOON) == datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
    assert next_free(late, [], NEWSROOM, NOON, priority=Priority.BREAKING) == late


# ------------------------------------------------------------------------------------------------------ T-14 and T-15
@pytest.mark.parametrize(("wall", "fold", "utc"), [
    ("2026-10-25T02:30", 0, "2026-10-25T00:30"), ("2026-10-25T02:30", 1, "2026-10-25T01:30"),
    ("2026-10-25T02:00", 0, "2026-10-25T00:00"), ("2026-10-25T02:00", 1, "2026-10-25T01:00"),
    ("2026-10-25T03:00", None, "2026-10-25T02:00"), ("2026-10-25T01:59", None, "2026-10-24T23:59"),
    ("2027-03-28T01:59", None, "2027-03-28T00:59"), ("2027-03-28T03:00", None, "2027-03-28T01:00"),
    ("2027-10-31T02:59", 0, "2027-10-31T00:59"), ("2027-10-31T02:59", 1, "2027-10-31T01:59")])
def test_a_wall_time_is_the_instant_it_means(wall: str, fold: int | None, utc: str) -> None:
    made = moment_from_wall(wall, ZONE, fold)
    assert made.utc == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert (made.wall, made.fold) == (wall, fold)
    assert moment_of(made.utc, ZONE) == made


@pytest.mark.parametrize("wall", ["2026-03-29T02:30", "2027-03-28T02:00", "2027-03-28T02:59"])
def test_a_time_that_the_clock_skips_is_refused_and_never_shifted(wall: str) -> None:
    with pytest.raises(UserError) as refusal:
        moment_from_wall(wall, ZONE)
    assert refusal.value.kind == "dst_gap"


@pytest.mark.parametrize("wall", ["2026-10-25T02:30", "2027-10-31T02:00", "2027-10-31T02:59"])
def test_a_time_that_comes_twice_asks_which(wall: str) -> None:
    with pytest.raises(UserError) as refusal:
        moment_from_wall(wall, ZONE)
    assert refusal.value.kind == "dst_fold"


def test_the_two_hours_of_one_night_stand_in_the_order_in_which_they_come() -> None:
    base = entry("a", 0, end=None, priority=Priority.IMPORTANT)
    lines = [replace(base, id=f"fold {fold}", start=moment_from_wall("2026-10-25T02:30", ZONE, fold),
                     accepted_at=datetime(2026, 10, 24, tzinfo=UTC)) for fold in (0, 1)]
    shown = public_list(lines, NEWSROOM, datetime(2026, 10, 25, 3, 0, tzinfo=UTC))
    assert [(line.id, line.time) for line in shown] == [("fold 1", "02:30"), ("fold 0", "02:30")]


# ---------------------------------------------------------------------------------------------------- press's stamps
@pytest.mark.parametrize(("priority", "minutes"), [(Priority.NORMAL, 15), (Priority.IMPORTANT, 30),
                                                   (Priority.BREAKING, 10)])
def test_lateness_has_a_limit_for_each_weight(priority: Priority, minutes: int) -> None:
    line = replace(entry("a", -minutes, priority=priority), accepted_at=None)
    assert accept(None, line, newsroom=NEWSROOM, actor=EDITOR, now=NOON).accepted_at == NOON
    with pytest.raises(Refused) as refusal:
        accept(None, line, newsroom=NEWSROOM, actor=EDITOR, now=NOON + timedelta(seconds=1))
    assert refusal.value.code == "late"
    assert phase(line, NEWSROOM, NOON + MINUTE) is Phase.MISSED
    for answer in OnLate:
        taken = accept(None, line, newsroom=NEWSROOM, actor=EDITOR, now=at(90), on_late=answer)
        assert taken.as_planned is (answer is OnLate.AS_PLANNED)


def test_a_line_whose_end_has_passed_is_taken_as_planned_and_never_shown() -> None:
    line = replace(entry("a", -300, end=moment(-200)), accepted_at=None)
    taken = accept(None, line, newsroom=NEWSROOM, actor=EDITOR, now=NOON, on_late="as_planned")
    assert phase(taken, NEWSROOM, NOON) is Phase.EXPIRED
    assert ids([taken], 0) == []


def test_undoing_a_withdrawal_is_not_late() -> None:
    before = entry("a", -120)
    gone = accept(before, replace(before, intent=Intent.WITHDRAWN), newsroom=NEWSROOM, actor=EDITOR, now=NOON)
    back = accept(gone, replace(gone, intent=Intent.PLANNED), newsroom=NEWSROOM, actor=EDITOR, now=at(5))
    assert back.accepted_at == before.accepted_at
    assert ids([back], 5) == ["a"]


def test_moving_a_public_line_back_an_hour_is_not_late_and_planning_an_old_one_is() -> None:
    before = entry("a", -5)
    moved = accept(before, replace(before, start=moment(-65)), newsroom=NEWSROOM, actor=EDITOR, now=NOON)
    assert moved.accepted_at == before.accepted_at
    ahead = entry("a", 30)
    with pytest.raises(Refused):
        accept(ahead, replace(ahead, start=moment(-65)), newsroom=NEWSROOM, actor=EDITOR, now=NOON)


@pytest.mark.parametrize("special", [{"priority": Priority.BREAKING}, {"pin": Pin(1, at(60))}])
def test_whoever_may_not_make_a_line_breaking_may_not_touch_one_that_is(special: dict[str, object]) -> None:
    plain = entry("a", 0)
    loud = replace(plain, **special)  # type: ignore[arg-type]
    check_right(None, plain, WRITER)
    for before, after in ((None, loud), (plain, loud), (loud, plain), (loud, replace(loud, intent=Intent.WITHDRAWN))):
        with pytest.raises(Refused):
            check_right(before, after, WRITER)
        check_right(before, after, EDITOR)


@pytest.mark.parametrize("headline", ["", "   ", "Half een zin…", "Half een zin..."])
def test_half_a_headline_is_not_planned(headline: str) -> None:
    with pytest.raises(Refused):
        check_shape(entry("a", 0, headline=headline), NEWSROOM)


def test_an_embargo_is_never_started_before() -> None:
    with pytest.raises(Refused):
        check_shape(entry("a", 0, embargo_at=moment(1)), NEWSROOM)
    assert ids([entry("a", 0, embargo_at=moment(5))], 4) == []


# ------------------------------------------------------------------------------------------------------- properties
minutes = st.integers(-900, 900)
lines = st.builds(
    lambda number, start, late, priority, ttl, slot, until, intent: replace(
        entry(f"{number:04}", start, accepted=start + late, priority=priority, ttl_min=ttl), intent=intent,
        pin=Pin(slot, at(until)) if slot else None),
    st.integers(0, 9999), minutes, st.integers(-60, 60), st.sampled_from(Priority),
    st.one_of(st.none(), st.integers(1, 600)), st.integers(0, 4), minutes,
    st.sampled_from([Intent.PLANNED] * 4 + [Intent.DRAFT, Intent.WITHDRAWN]))


@given(entries=st.lists(lines, max_size=30, unique_by=lambda e: e.id), t=minutes, shuffle=st.randoms())
def test_the_same_entries_at_the_same_time_are_the_same_list(entries: list[TickerEntry], t: int,
                                                             shuffle: object) -> None:
    shown = public_list(entries, NEWSROOM, at(t))
    mixed = list(entries)
    shuffle.shuffle(mixed)  # type: ignore[attr-defined]
    assert public_list(mixed, NEWSROOM, at(t)) == shown
    assert len(shown) <= NEWSROOM.ticker.max_visible
    by_id = {e.id: e for e in entries}
    for line in shown:
        one = by_id[line.id]
        end = end_of(one, NEWSROOM.ticker)
        assert one.intent is Intent.PLANNED
        assert one.start is not None
        assert one.start.utc <= at(t)
        assert end is None or at(t) < end
    assert sum(line.pinned for line in shown) <= NEWSROOM.ticker.max_pins


@given(entries=st.lists(lines, max_size=20, unique_by=lambda e: e.id), t=minutes)
def test_the_list_and_what_it_pushed_off_are_everything_that_is_public(entries: list[TickerEntry], t: int) -> None:
    kept, dropped = ranked(entries, NEWSROOM, at(t))
    public = {e.id for e in entries if phase(e, NEWSROOM, at(t)) in (Phase.LIVE, Phase.NOT_SHOWN)}
    assert {e.id for e in (*kept, *dropped)} <= public
    assert not ({e.id for e in kept} & {e.id for e in dropped})
    assert not dropped or len(kept) == NEWSROOM.ticker.max_visible


@given(wish=minutes, starts=st.lists(minutes, max_size=12))
def test_a_free_moment_is_free_and_the_first(wish: int, starts: list[int]) -> None:
    entries = [entry(f"{n}", start) for n, start in enumerate(starts)]
    t = at(-2000)
    found = next_free(at(wish), entries, NEWSROOM, t)
    gap = timedelta(minutes=NEWSROOM.ticker.min_gap)
    assert found >= at(wish)
    assert all(abs(found - at(start)) >= gap for start in starts)
    assert next_free(found, entries, NEWSROOM, t) == found
