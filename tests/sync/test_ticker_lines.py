"""Lines of the ticker: withdrawn wins, late asks, half a headline stays at home, and nobody overwrites unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from editor.base.errors import EditorError
from editor.desk import lanes, ticker
from editor.desk.ports import Standing, UnitOfWork
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import moment_document
from editor.domain.moments import moment_of
from editor.domain.ticker import Intent, Phase, Priority, phase
from tests.sync.faults import Fault
from tests.sync.newsroom import Desk, Newsroom


def start_in(newsroom: Newsroom, minutes: int) -> object:
    return moment_document(moment_of(newsroom.clock.now() + timedelta(minutes=minutes), "Europe/Amsterdam"))


def pair(newsroom: Newsroom) -> tuple[Desk, Desk]:
    return newsroom.desk("anna"), newsroom.desk("bram")


def test_undo_does_not_write_over_a_colleagues_later_headline(newsroom: Newsroom) -> None:
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=30)
    newsroom.settle()
    anna.change_line(entry_id, headline="Brug gaat vroeg open")
    newsroom.settle()
    bram.change_line(entry_id, headline="Brug blijft dicht")
    newsroom.settle()
    with pytest.raises(EditorError, match="Somebody"):
        anna.undo("ticker")
    newsroom.settle()
    assert anna.line(entry_id).entry.headline == "Brug blijft dicht"


def test_emptying_the_ticker_is_undone_in_one_go_and_stays_so(newsroom: Newsroom) -> None:
    anna, bram = pair(newsroom)
    ids = [anna.plan(f"Regel {number}", minutes=-number) for number in range(3)]
    newsroom.settle()
    assert len(newsroom.public_ticker()) == 3
    live = anna.do(lambda work: ticker.withdraw_entries(work, ticker.live_entries(work, work.now())))
    assert live is None
    newsroom.settle()
    assert newsroom.public_ticker() == []
    newsroom.pass_time(minutes=40)  # past the latest time: an undo is not late
    anna.undo("ticker")
    newsroom.settle()
    assert len(newsroom.public_ticker()) == 3
    assert [bram.line(one).entry.intent for one in ids] == [Intent.PLANNED] * 3
    anna.undo("ticker")  # takes back the last line that was planned, not a part of the undo
    newsroom.settle()
    assert sorted(bram.line(one).entry.intent for one in ids) == [Intent.PLANNED, Intent.PLANNED, Intent.WITHDRAWN]


def test_undoing_a_withdrawal_leaves_what_a_colleague_did_with_the_line_since(newsroom: Newsroom) -> None:
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=30)
    newsroom.settle()
    anna.withdraw_line(entry_id)
    newsroom.settle()
    bram.change_line(entry_id, intent="draft")
    newsroom.settle()
    with pytest.raises(EditorError, match="Somebody"):
        anna.undo("ticker")


def test_a_refused_line_goes_out_once_it_is_mended(newsroom: Newsroom) -> None:
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=30)
    newsroom.settle()
    with pytest.raises(EditorError):
        anna.change_line(entry_id, note="x" * 30_000)

    def past_the_check(work: UnitOfWork) -> Outcome[None]:
        entity, _ = ticker.held_entry(work, entry_id)
        lanes.write(work, replace(entity, doc={**entity.doc, "note": "x" * 30_000}), Facet.TEXT)
        return Outcome(None, work.changes())

    anna.do(past_the_check)
    anna.sync()
    assert anna.standing(entry_id) is Standing.PARKED
    anna.change_line(entry_id, note="Kort.")
    newsroom.settle()
    assert bram.line(entry_id).entry.note == "Kort."
    assert anna.cards() == []


def test_a_headline_being_typed_stays_at_home(newsroom: Newsroom) -> None:
    anna, _ = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=0)
    newsroom.settle()
    anna.do(lambda work: ticker.stage_headline(work, entry_id, "Brug gaat o"))
    anna.reopen()
    newsroom.settle()
    assert newsroom.public_ticker() == ["Brug gaat open"]
    assert anna.line(entry_id).staged == "Brug gaat o"
    anna.do(lambda work: ticker.stage_headline(work, entry_id, "Brug blijft dicht"))
    anna.do(lambda work: ticker.apply_staged(work, entry_id))
    newsroom.settle()
    assert newsroom.public_ticker() == ["Brug blijft dicht"]
    assert anna.line(entry_id).staged is None


@pytest.mark.parametrize(("choice", "headline"), [("mine", "Brug gaat laat open"), ("theirs", "Brug blijft dicht")])
def test_a_headline_being_typed_does_not_write_over_a_colleagues(newsroom: Newsroom, choice: str, headline: str) -> None:
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=30)
    newsroom.settle()
    anna.do(lambda work: ticker.stage_headline(work, entry_id, "Brug gaat laat open"))
    bram.change_line(entry_id, headline="Brug blijft dicht")
    newsroom.settle()
    with pytest.raises(EditorError):
        anna.do(lambda work: ticker.apply_staged(work, entry_id))
    anna.settle(anna.card(entry_id), choice)
    newsroom.settle()
    for desk in (anna, bram):
        assert desk.line(entry_id).entry.headline == headline
    assert anna.line(entry_id).staged is None


def test_a_headline_given_back_as_it_was_leaves_nothing_behind(newsroom: Newsroom) -> None:
    anna, _ = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=30)
    anna.do(lambda work: ticker.stage_headline(work, entry_id, "Brug gaat open"))
    anna.do(lambda work: ticker.apply_staged(work, entry_id))
    assert anna.line(entry_id).staged is None


def test_the_answer_to_lateness_goes_along_once(newsroom: Newsroom) -> None:
    anna, _ = pair(newsroom)
    anna.sync()
    start = moment_of(newsroom.clock.now() - timedelta(hours=2), "Europe/Amsterdam")
    from editor.domain.ticker import TickerEntry

    entry = TickerEntry("", headline="Brug ging open", start=start, intent=Intent.PLANNED)
    entry_id = anna.do(lambda work: ticker.add_entry(work, entry, on_late="as_planned"))
    runner = anna.runner()
    anna.network.coming.append(Fault.LOST_ANSWER)
    runner.once()
    runner._fetcher.fetch("content")  # our own request comes back by the feed before its answer does
    anna.sync()
    kept = anna.door.read_now(lambda reader: reader.entity("ticker", entry_id))
    assert kept is not None
    assert kept.on_late is None
    assert newsroom.public_ticker() == ["Brug ging open"]


def test_nobody_writes_when_press_got_a_line(newsroom: Newsroom) -> None:
    anna, _ = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=30)
    with pytest.raises(EditorError):
        anna.change_line(entry_id, accepted_at="2026-11-24T11:00:00.000Z")


@pytest.mark.parametrize("first_fault", [Fault.LOST_REQUEST, Fault.LOST_ANSWER, Fault.PORTAL])
def test_a_line_is_taken_off_past_a_headline_whose_answer_never_came(newsroom: Newsroom, first_fault: Fault) -> None:
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=0)
    newsroom.settle()
    anna.change_line(entry_id, headline="Brug gaat laat open")
    anna.network.coming.append(first_fault)
    anna.sync()
    anna.withdraw_line(entry_id)
    anna.network.sent.clear()
    anna.sync()
    assert b"withdrawn" in anna.network.sent[0].body
    assert newsroom.public_ticker() == []
    newsroom.settle()
    for desk in (anna, bram):
        assert desk.line(entry_id).entry.headline == "Brug gaat laat open"
        assert desk.line(entry_id).entry.intent is Intent.WITHDRAWN
        assert desk.cards() == []
        assert desk.standing(entry_id) is Standing.CLEAN


@pytest.mark.parametrize(("choice", "headline"), [("mine", "Brug gaat laat open"), ("theirs", "Brug blijft dicht")])
def test_an_old_answer_does_not_make_a_newer_state_unknown(newsroom: Newsroom, choice: str, headline: str) -> None:
    """The headline's request acted, its answer was lost, a colleague wrote on, and then the line was taken off."""
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=0)
    newsroom.settle()
    anna.change_line(entry_id, headline="Brug gaat laat open")
    runner = anna.runner()
    anna.network.coming.append(Fault.LOST_ANSWER)
    runner._push(force=True)
    bram.sync()
    bram.change_line(entry_id, headline="Brug blijft dicht")
    bram.sync()
    anna.withdraw_line(entry_id)
    newsroom.settle()
    anna.settle(anna.card(entry_id), choice)
    newsroom.settle()
    assert {desk.line(entry_id).entry.headline for desk in (anna, bram)} == {headline}
    assert anna.line(entry_id).standing is Standing.CLEAN


def test_a_withdrawal_passes_an_open_card_of_the_same_line(newsroom: Newsroom) -> None:
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=0)
    newsroom.settle()
    anna.change_line(entry_id, headline="Brug gaat laat open")
    bram.change_line(entry_id, headline="Brug blijft dicht")
    anna.sync()
    bram.sync()
    assert bram.standing(entry_id) is Standing.CONFLICT
    bram.withdraw_line(entry_id)
    bram.sync()
    assert newsroom.public_ticker() == []
    assert len(bram.cards(entry_id)) == 1


def test_a_breaking_lines_start_and_headline_never_join_by_themselves(newsroom: Newsroom) -> None:
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=30, priority=Priority.BREAKING)
    newsroom.settle()
    anna.change_line(entry_id, start=start_in(newsroom, 45))
    bram.change_line(entry_id, headline="Brug ingestort")
    anna.sync()
    bram.sync()
    assert bram.standing(entry_id) is Standing.CONFLICT
    assert {card.field for card in bram.cards(entry_id)} == {"headline", "start"}


def test_a_late_line_can_be_let_go_or_moved(newsroom: Newsroom) -> None:
    anna, bram = pair(newsroom)
    anna.sync()
    anna.cut()
    gone, moved = anna.plan("Eerste", minutes=5), anna.plan("Tweede", minutes=5)
    newsroom.pass_time(minutes=60)
    anna.reconnect().sync()
    newsroom_rules = anna.door.read_now(lambda reader: reader.newsroom())
    assert phase(anna.line(gone).entry, newsroom_rules, newsroom.clock.now()) is Phase.MISSED
    anna.settle(anna.card(gone), "theirs")
    anna.change_line(moved, start=start_in(newsroom, 10))
    newsroom.settle()
    assert anna.cards() == []
    assert bram.line(gone).entry.intent is Intent.WITHDRAWN
    assert bram.line(moved).entry.accepted_at is not None


def test_a_journalist_touches_no_breaking_line_and_the_desk_says_so_at_once(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    bram = newsroom.desk("bram", "journalist")
    entry_id = anna.plan("Brug ingestort", minutes=0, priority=Priority.BREAKING)
    newsroom.settle()
    for changes in ({"headline": "Anders"}, {"priority": 0}, {"intent": "draft"}):
        with pytest.raises(EditorError):
            bram.change_line(entry_id, **changes)
    with pytest.raises(EditorError):
        bram.withdraw_line(entry_id)


@pytest.mark.parametrize("order", [0, 1])
@pytest.mark.parametrize("theirs", [{"intent": "draft"}, {"intent": "ready", "headline": "Brug blijft dicht"}])
def test_taking_a_line_off_wins_over_putting_it_back_among_the_drafts(newsroom: Newsroom, theirs: dict[str, str],
                                                                     order: int) -> None:
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=30)
    newsroom.settle()
    anna.withdraw_line(entry_id)
    bram.change_line(entry_id, **theirs)
    newsroom.settle(*((anna, bram) if order else (bram, anna)))
    for desk in (anna, bram):
        assert desk.line(entry_id).entry.intent is Intent.WITHDRAWN
        assert desk.cards() == []


def test_taking_a_breaking_line_off_is_no_conflict_with_what_a_colleague_changed(newsroom: Newsroom) -> None:
    anna, bram = pair(newsroom)
    entry_id = anna.plan("Brug ingestort", minutes=0, priority=Priority.BREAKING)
    newsroom.settle()
    bram.change_line(entry_id, headline="Brug deels ingestort")
    bram.sync()
    anna.withdraw_line(entry_id)
    newsroom.settle()
    for desk in (anna, bram):
        assert desk.line(entry_id).entry.intent is Intent.WITHDRAWN
        assert desk.cards() == []
