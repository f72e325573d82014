"""The first reading: it goes on where it was, one can work meanwhile, and it can be stopped."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from editor.desk.read_models import ArticleFilter
from editor.domain.changes import ChangeSet
from editor.domain.reaction import QueueState
from editor.runtime.fetching import BATCH
from editor.runtime.sync_runner import SyncFacts, SyncRunner
from editor.sync.backend import ChangePage, CursorExpired, NoAnswer
from editor.ui.sync.facts_words import why_words
from editor.ui.wording import Wording
from tests.sync.faults import Killed
from tests.sync.newsroom import Desk, Newsroom

SIZE = 5


def filled(newsroom: Newsroom, count: int = 23) -> tuple[Desk, list[str]]:
    """Anna with so many articles at the server."""
    anna = newsroom.desk("anna")
    ids = [anna.write(headline=f"Stuk {number:02}", body="Tekst.") for number in range(count)]
    anna.sync()
    return anna, ids


def newcomer(newsroom: Newsroom, before: Callable[[int], None] = lambda page: None,
             *roles: str) -> tuple[Desk, list[str | None]]:
    """A desk that reads in small pages; what it asked for, and what happens before each page."""
    bram = newsroom.desk("bram", *roles)
    real, asked = bram.network.snapshot, []  # type: ignore[var-annotated]

    def snapshot(stream: str, token: str | None, *, days: int = 0, limit: int = 200) -> ChangePage:
        before(len(asked))
        page = real(stream, token, days=days, limit=SIZE)
        asked.append(token)
        return page

    bram.network.snapshot = snapshot  # type: ignore[method-assign]
    return bram, asked


def titles(desk: Desk) -> list[str]:
    """Everything in the library."""
    return sorted(item.headline for item in desk.door.read_now(lambda reader: reader.articles(ArticleFilter())))


def told(desk: Desk, newsroom: Newsroom) -> tuple[SyncRunner, list[SyncFacts]]:
    """An engine, and what it tells."""
    heard: list[SyncFacts] = []
    return SyncRunner(desk.door, desk.network, newsroom.clock, told=heard.append, chance=lambda: 0.0), heard


def test_a_killed_first_reading_goes_on_with_the_page_after_the_last(newsroom: Newsroom) -> None:
    anna, _ = filled(newsroom)

    def before(page: int) -> None:
        if page == 2 and not asked_again:
            raise Killed

    asked_again: list[bool] = []
    bram, asked = newcomer(newsroom, before)
    with pytest.raises(Killed):
        bram.sync()
    assert len(titles(bram)) >= SIZE
    first = list(asked)
    bram.reopen()
    asked_again.append(True)
    bram.sync()
    assert titles(bram) == titles(anna)
    assert len(asked) == len(set(asked))  # no page was asked for twice
    assert asked[:len(first)] == first


def test_how_far_it_is_is_told(newsroom: Newsroom) -> None:
    filled(newsroom)
    bram, asked = newcomer(newsroom)
    runner, heard = told(bram, newsroom)
    runner._round(force=False)
    steps = [(facts.rows_done, facts.rows_total) for facts in heard if facts.state == "busy"]
    assert [done for done, _ in steps] == [SIZE * number for number in range(1, len(asked))]
    assert len({total for _, total in steps}) == 1
    assert steps[-1][0] < steps[-1][1]
    said = why_words(next(facts for facts in heard if facts.rows_done == SIZE))
    assert said is not None
    assert Wording("nl").say(said).startswith(f"Ophalen wat er is: 5 van {steps[0][1]}.")
    assert (runner.facts.state, runner.facts.rows_total) == ("ok", 0)


def test_one_can_write_and_send_while_it_runs(newsroom: Newsroom) -> None:
    anna, _ = filled(newsroom)
    bram: Desk | None = None
    written: list[str] = []

    def before(page: int) -> None:
        if page == 2:
            assert bram is not None
            written.append(bram.write(headline="Meteen aan het werk", body="Tekst."))
            newsroom.pass_time(seconds=40)
            runner.wake()
        if page == 4:
            anna.sync()
            assert anna.view(written[0]).article.body == "Tekst."
            written.append("seen")

    bram, _ = newcomer(newsroom, before)
    runner, _ = told(bram, newsroom)
    runner._round(force=False)
    assert written[1:] == ["seen"]
    newsroom.settle()
    assert titles(bram) == titles(anna)


def test_it_can_be_stopped_and_goes_on_where_it_was(newsroom: Newsroom) -> None:
    anna, ids = filled(newsroom)

    def before(page: int) -> None:
        if page == 1:
            runner.pause_reading()

    bram, asked = newcomer(newsroom, before)
    runner, _ = told(bram, newsroom)
    runner._round(force=False)
    assert len(asked) == 2
    assert (runner.facts.state, runner.facts.rows_done) == ("ok", 2 * SIZE)
    assert runner.facts.is_paused
    assert str(why_words(runner.facts)).startswith("Fetching was stopped at 10 of ")
    newsroom.pass_time(minutes=5)
    mine = bram.write(headline="Toch verzonden", body="Tekst.")
    newsroom.pass_time(minutes=1)
    runner._round(force=False)
    assert len(asked) == 2
    anna.sync()
    assert anna.view(mine).article.body == "Tekst."
    runner.wake(force=True)
    runner._round(force=True)
    newsroom.settle()
    assert titles(bram) == titles(anna)
    assert len(titles(bram)) == len(ids) + 1
    assert len(asked) == len(set(asked))


def test_what_changes_meanwhile_is_told_by_the_feed(newsroom: Newsroom) -> None:
    anna, ids = filled(newsroom)

    def before(page: int) -> None:
        if page == 3:
            anna.type(ids[0], lead="Onder het lezen veranderd.")
            anna.delete(ids[1])
            anna.write(headline="Onder het lezen gemaakt", body="Tekst.")
            anna.sync()

    bram, _ = newcomer(newsroom, before)
    bram.sync()
    assert titles(bram) == titles(anna)
    assert bram.view(ids[0]).article.lead == "Onder het lezen veranderd."


@pytest.mark.parametrize("fault", [CursorExpired(), NoAnswer("time-out", maybe_sent=False)])
def test_a_page_that_did_not_come_costs_nothing(newsroom: Newsroom, fault: Exception) -> None:
    anna, _ = filled(newsroom)
    faults = [fault]

    def before(page: int) -> None:
        if page == 2 and faults:
            raise faults.pop()

    bram, _ = newcomer(newsroom, before)
    bram.sync()
    bram.sync()
    assert titles(bram) == titles(anna)
    assert not faults


def test_old_reactions_that_are_settled_are_not_read_first(newsroom: Newsroom) -> None:
    els = newsroom.desk("els", "journalist", "editor", "moderator")
    article_id = newsroom.shared(els)
    els.publish(article_id)
    els.sync()
    waiting = newsroom.react(article_id, "Een reactie die nog wacht op iemand.")
    newsroom.pass_time(days=40)
    young = newsroom.react(article_id, "Een reactie van vandaag op dit stuk.")
    mod = newsroom.desk("mod", "journalist", "moderator")
    mod.sync()
    for one in (waiting, young):
        assert mod.reaction(one).state is QueueState.PENDING


def test_the_newest_work_comes_with_the_first_page(newsroom: Newsroom) -> None:
    filled(newsroom)
    seen: list[list[str]] = []
    bram, _ = newcomer(newsroom, lambda page: seen.append(titles(bram)) if page == 1 else None)
    bram.sync()
    assert seen[0][-1] == "Stuk 22"
    assert "Stuk 00" not in seen[0]


def test_one_can_moderate_before_the_articles_are_all_there(newsroom: Newsroom) -> None:
    els = newsroom.desk("els", "journalist", "editor", "moderator")
    article_id = newsroom.shared(els)
    els.publish(article_id)
    els.sync()
    waiting = newsroom.react(article_id, "Een reactie die op iemand wacht.")
    filled(newsroom)
    seen: list[tuple[int, QueueState]] = []

    def before(page: int) -> None:
        if page == 2:
            seen.append((len(titles(mod)), mod.reaction(waiting).state))

    mod, _ = newcomer(newsroom, before, "journalist", "moderator")
    mod.sync()
    assert seen[0][0] < 23
    assert seen[0][1] is QueueState.PENDING
    assert len(titles(mod)) == 24


def test_how_far_it_is_counts_all_streams_together(newsroom: Newsroom) -> None:
    els = newsroom.desk("els", "journalist", "editor", "moderator")
    article_id = newsroom.shared(els)
    els.publish(article_id)
    els.sync()
    for number in range(12):
        newsroom.react(article_id, f"Reactie nummer {number} op dit stuk.")
    filled(newsroom)
    mod, _ = newcomer(newsroom, lambda page: None, "journalist", "moderator")
    runner, heard = told(mod, newsroom)
    runner._round(force=False)
    steps = [(facts.rows_done, facts.rows_total) for facts in heard if facts.state == "busy"]
    assert [done for done, _ in steps] == sorted(done for done, _ in steps)
    assert {total for _, total in steps[1:]} == {steps[-1][1]}
    assert steps[-1][1] > 35
    assert (runner.facts.state, runner.facts.rows_total) == ("ok", 0)


def moderated(newsroom: Newsroom, before: Callable[[int], None]) -> tuple[Desk, str, Desk]:
    """A desk for which articles end on the second page and reactions go on, beside a colleague's."""
    els = newsroom.desk("els", "journalist", "editor", "moderator")
    article_id = newsroom.shared(els)
    els.publish(article_id)
    els.sync()
    for number in range(4 * SIZE):
        newsroom.react(article_id, f"Reactie nummer {number} op dit stuk.")
    mod, _ = newcomer(newsroom, before, "journalist", "moderator")
    return els, article_id, mod


def test_colleagues_are_heard_while_the_reactions_are_still_coming(newsroom: Newsroom) -> None:
    seen: list[str] = []

    def before(page: int) -> None:
        if page == 3:
            els.type(article_id, lead="Terwijl de reacties komen.")
            els.sync()
            newsroom.pass_time(seconds=40)
        if page == 4:
            seen.append(mod.view(article_id).article.lead)

    els, article_id, mod = moderated(newsroom, before)
    mod.sync()
    assert seen == ["Terwijl de reacties komen."]


def test_colleagues_are_heard_while_it_is_stopped(newsroom: Newsroom) -> None:
    def before(page: int) -> None:
        if page == 3:
            runner.pause_reading()

    els, article_id, mod = moderated(newsroom, before)
    runner, _ = told(mod, newsroom)
    runner._round(force=False)
    assert runner.facts.is_paused
    els.type(article_id, lead="Terwijl het stilstaat.")
    els.sync()
    newsroom.pass_time(minutes=1)
    runner._round(force=False)
    assert mod.view(article_id).article.lead == "Terwijl het stilstaat."
    assert runner.facts.is_paused
    runner.wake(force=True)
    runner._round(force=True)
    assert not runner.facts.is_paused
    assert runner.facts.rows_total == 0


def test_stopping_when_nothing_is_read_stops_nothing(newsroom: Newsroom) -> None:
    anna, _ = filled(newsroom)
    bram, _ = newcomer(newsroom)
    runner, _ = told(bram, newsroom)
    runner.pause_reading()
    runner._round(force=False)
    assert titles(bram) == titles(anna)


def test_what_is_sent_at_once_is_sent_between_two_pages(newsroom: Newsroom) -> None:
    anna, _ = filled(newsroom)
    written: list[str] = []

    def before(page: int) -> None:
        if page == 2:
            written.append(bram.write(headline="Nu meteen", body="Tekst."))
            runner.wake(force=True)
        if page == 4:
            anna.sync()
            written.append(anna.view(written[0]).article.body)

    bram, _ = newcomer(newsroom, before)
    runner, _ = told(bram, newsroom)
    runner._round(force=False)
    assert written[1:] == ["Tekst."]


def test_a_reading_killed_within_a_page_goes_on_with_that_page(newsroom: Newsroom) -> None:
    anna, _ = filled(newsroom, 3 * BATCH)
    bram = newsroom.desk("bram")
    commits: list[int] = []

    def die(changes: ChangeSet, _initiator: object) -> None:
        commits.append(len(changes.changes))
        if sum(commits) > BATCH:
            raise Killed

    bram.door.bus.subscribe(die)
    with pytest.raises(Killed):
        bram.sync()
    assert BATCH < len(titles(bram)) < 3 * BATCH
    bram.reopen()
    bram.sync()
    assert titles(bram) == titles(anna)
    assert bram.cards() == []
