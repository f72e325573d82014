"""A server that went back: what it lost is given back to it, once, and only what differs is fetched."""

from __future__ import annotations

from dataclasses import replace

import pytest

from editor.base.wire import parse
from editor.desk import pulling, reconciling
from editor.desk.ports import Standing, UnitOfWork
from editor.desk.read_models import ArticleFilter
from editor.domain.changes import Outcome
from editor.runtime import fetching
from editor.runtime.sync_runner import SyncRunner
from editor.sync.backend import ChangePage, Digests, RemoteDoc, ServerInfo
from tests.sync.faults import Killed
from tests.sync.newsroom import TWO_SENTENCES, Desk, Newsroom
from tests.sync.server_side import PressSide
from tests.sync.test_epochs_and_logins import back_up, bring_back
from tests.sync.test_unreadable import break_at


def titles(desk: Desk) -> list[str]:
    """Everything in the library, by headline."""
    return sorted(item.headline for item in desk.door.read_now(lambda reader: reader.articles(ArticleFilter())))


def is_equal_to_the_server(desk: Desk) -> bool:
    """Whether the digests of here and there are the same."""
    here = desk.do(lambda work: reconciling.standpoints(work, "content"))
    return not reconciling.differing(here, desk.network.digests("content"))


def bring_back_silently(newsroom: Newsroom) -> None:
    """Restore the copy by hand, so that the server does not know that it went back."""
    newsroom.stop()
    for path in newsroom.folder.glob("press.db*"):
        path.unlink()
    (newsroom.folder / "press.copy").rename(newsroom.folder / "press.db")
    newsroom.start()


def filled(newsroom: Newsroom, *names: str) -> tuple[list[Desk], list[str]]:
    """Desks with thirty articles that all of them hold."""
    desks = [newsroom.desk(name) for name in names]
    ids = [desks[0].write(headline=f"Stuk {number:02}", body="Tekst.") for number in range(30)]
    newsroom.settle()
    return desks, ids


def test_only_what_differs_is_fetched_and_everything_lost_is_there_again_once(newsroom: Newsroom) -> None:
    (anna, bram), ids = filled(newsroom, "anna", "bram")
    back_up(newsroom)
    new = anna.write(headline="Na de reservekopie", body="Nieuw.")
    anna.type(ids[3], lead="Ook erna.")
    newsroom.settle()
    bring_back(newsroom)
    newsroom.settle()
    assert anna.network.fetched == [ids[3]]
    assert set(bram.network.fetched) <= {ids[3], new}
    cara = newsroom.desk("cara")
    newsroom.settle()
    for desk in (anna, bram, cara):
        assert len(titles(desk)) == len(set(titles(desk))) == 31
        assert desk.view(new).article.body == "Nieuw."
        assert desk.view(ids[3]).article.lead == "Ook erna."
        assert desk.cards() == []
        assert is_equal_to_the_server(desk)


def test_a_server_that_went_back_without_saying_so_loses_nothing_either(newsroom: Newsroom) -> None:
    (anna, bram), ids = filled(newsroom, "anna", "bram")
    back_up(newsroom)
    new = anna.write(headline="Na de reservekopie", body="Nieuw.")
    anna.type(ids[3], lead="Ook erna.")
    newsroom.settle()
    bring_back_silently(newsroom)
    bram.type(ids[3], kicker="Erna getypt.")
    newsroom.settle()
    for desk in (anna, bram):
        assert desk.view(new).article.body == "Nieuw."
        assert (desk.view(ids[3]).article.lead, desk.view(ids[3]).article.kicker) == ("Ook erna.", "Erna getypt.")
        assert desk.standing(ids[3]) is Standing.CLEAN
        assert is_equal_to_the_server(desk)
        assert desk.sync().state == "ok"


def test_with_very_much_of_it_the_whole_stream_is_read(newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reconciling, "MOST_FETCHED", 3)
    (anna, bram), ids = filled(newsroom, "anna", "bram")
    back_up(newsroom)
    for one in ids[:8]:
        anna.type(one, lead="Na de reservekopie.")
    newsroom.settle()
    bring_back(newsroom)
    newsroom.settle()
    assert anna.network.fetched == []
    for desk in (anna, bram):
        assert desk.view(ids[5]).article.lead == "Na de reservekopie."
        assert is_equal_to_the_server(desk)
        assert desk.cards() == []


def test_comparing_that_was_killed_begins_again_and_doubles_nothing(newsroom: Newsroom,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "BATCH", 1)
    (anna, bram), ids = filled(newsroom, "anna", "bram")
    back_up(newsroom)
    new = anna.write(headline="Na de reservekopie", body="Nieuw.")
    for one in ids[:4]:
        anna.type(one, lead="Erna.")
    newsroom.settle()
    bring_back(newsroom)
    real, left = anna.network.fetch, 2

    def fetch(entity_id: str) -> RemoteDoc | None:
        nonlocal left
        left -= 1
        if left < 0:
            raise Killed
        return real(entity_id)

    anna.network.fetch = fetch  # type: ignore[method-assign]
    with pytest.raises(Killed):
        anna.sync()
    anna.reopen()
    anna.network.fetch = real  # type: ignore[method-assign]
    newsroom.settle()
    for desk in (anna, bram):
        assert [desk.view(one).article.lead for one in ids[:4]] == ["Erna."] * 4
        assert desk.view(new).article.body == "Nieuw."
        assert len(titles(desk)) == 31
        assert is_equal_to_the_server(desk)


def test_a_deletion_that_the_server_goes_back_to_is_asked_about(newsroom: Newsroom) -> None:
    (anna, bram), ids = filled(newsroom, "anna", "bram")
    anna.delete(ids[0])
    newsroom.settle()
    back_up(newsroom)
    anna.restore(ids[0])
    newsroom.settle()
    bram.type(ids[0], lead="Teruggehaald en verder geschreven.")
    newsroom.settle()
    bring_back(newsroom)
    bram.sync()
    card = bram.card(ids[0])
    assert card.kind == "deleted"
    assert not bram.view(ids[0]).deleted
    bram.settle(card, "mine")
    newsroom.settle(bram)
    anna.sync()
    assert bram.view(ids[0]).article.lead == "Teruggehaald en verder geschreven."


def test_very_many_deletions_in_another_history_wait_for_a_person(newsroom: Newsroom) -> None:
    (anna, bram), ids = filled(newsroom, "anna", "bram")
    bram.cut()
    for one in ids[:10]:
        anna.delete(one)
    anna.sync()
    back_up(newsroom)
    bring_back(newsroom)
    bram.reconnect().sync()
    assert sum(bram.view(one).deleted for one in ids) == 0
    assert [card.kind for card in bram.cards()] == ["removal"]


def test_what_slipped_through_is_found_within_a_day(newsroom: Newsroom) -> None:
    (anna, bram), ids = filled(newsroom, "anna", "bram")
    anna.type(ids[7], lead="Overgeslagen.")
    new = anna.write(headline="Ook overgeslagen", body="Tekst.")
    anna.sync()
    feed = anna.door.read_now(lambda reader: reader.feed("content"))

    def skip(work: UnitOfWork) -> Outcome[None]:
        work.feeds.put(feed)
        return Outcome(None, work.changes())

    bram.do(skip)
    bram.sync()
    assert bram.view(ids[7]).article.lead == ""
    newsroom.pass_time(hours=25)
    bram.sync()
    assert bram.view(ids[7]).article.lead == "Overgeslagen."
    assert bram.view(new).article.body == "Tekst."
    assert sorted(bram.network.fetched) == sorted([ids[7], new])
    bram.network.fetched.clear()
    bram.sync()
    assert bram.network.fetched == []


def test_an_answer_of_another_history_settles_nothing(newsroom: Newsroom) -> None:
    (anna, bram), ids = filled(newsroom, "anna", "bram")
    runner = anna.runner()
    runner.once()
    back_up(newsroom)
    anna.type(ids[0], lead="Een.")
    runner.once()
    bring_back(newsroom)
    anna.type(ids[0], lead="Twee.")
    newsroom.pass_time(seconds=40)
    runner._round(force=True)  # greeted before: the first thing it does is to send
    assert parse(anna.network.sent[-1].body)["ops"][0]["patch"]["lead"] == "Twee."
    newsroom.settle()
    for desk in (anna, bram):
        assert desk.view(ids[0]).article.lead == "Twee."
        assert desk.cards() == []


def test_a_server_with_another_history_each_time_is_left_in_peace(newsroom: Newsroom) -> None:
    (anna,), ids = filled(newsroom, "anna")
    real, greeted = anna.network.hello, 0

    def hello() -> ServerInfo:
        nonlocal greeted
        greeted += 1
        return replace(real(), epoch=f"history {greeted}")

    anna.network.hello = hello  # type: ignore[method-assign]
    runner = SyncRunner(anna.door, anna.network, newsroom.clock, chance=lambda: 0.9)
    for _ in range(60):
        if newsroom.clock.monotonic() >= runner._not_before:
            runner._round(force=False)
        newsroom.pass_time(seconds=1)
    assert runner.facts.state == "offline"
    assert greeted < 10
    anna.network.hello = real  # type: ignore[method-assign]
    newsroom.pass_time(minutes=6)
    assert anna.sync().state == "ok"
    assert len(titles(anna)) == len(ids)
    assert anna.cards() == []
    assert is_equal_to_the_server(anna)


def test_another_history_is_compared_in_the_very_next_round(newsroom: Newsroom) -> None:
    (anna,), ids = filled(newsroom, "anna")
    runner = anna.runner()
    runner.once()
    back_up(newsroom)
    anna.type(ids[2], lead="Erna.")
    runner.once()
    bring_back(newsroom)
    newsroom.pass_time(seconds=40)
    runner._round(force=False)
    newsroom.pass_time(seconds=1)
    runner._round(force=False)
    assert anna.network.fetched == [ids[2]]


def count_comparings(desk: Desk) -> list[str]:
    """From now on, each stream that is compared."""
    asked: list[str] = []
    digests = desk.network.digests

    def counted(stream: str) -> Digests:
        asked.append(stream)
        return digests(stream)

    desk.network.digests = counted  # type: ignore[method-assign]
    return asked


def test_a_server_that_tells_what_cannot_be_three_times_is_compared_at_once(newsroom: Newsroom) -> None:
    (anna, bram), ids = filled(newsroom, "anna", "bram")
    compared = count_comparings(bram)
    changes = bram.network.changes

    def falling(stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        page = changes(stream, cursor, limit=limit)
        return replace(page, changes=(*page.changes, *page.changes))

    for number in range(reconciling.MOST_ANOMALIES):
        anna.type(ids[number], lead="Anders.")
        anna.sync()
        bram.network.changes = falling  # type: ignore[method-assign]
        assert bram.sync().state == "offline"
        bram.network.changes = changes  # type: ignore[method-assign]
        assert compared == []
    bram.sync()
    assert compared == ["content"]
    bram.sync()
    assert compared == ["content"]
    assert is_equal_to_the_server(bram)


def test_two_states_under_one_number_count_as_what_cannot_be(newsroom: Newsroom) -> None:
    (_, bram), ids = filled(newsroom, "anna", "bram")
    state = bram.door.read_now(lambda reader: reader.sync_state(ids[0]))
    assert state is not None
    number = str(state.base_rev).split("-")[0]
    twin = RemoteDoc(ids[0], "article", f"{number}-0123456789ab", state.base_doc)
    compared = count_comparings(bram)
    for _ in range(reconciling.MOST_ANOMALIES):
        bram.do(lambda work: Outcome(pulling.take_state(work, twin), work.changes()))
    bram.sync()
    assert compared == ["content"]


def test_a_newer_program_reads_what_an_older_one_had_to_set_aside(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    mend = break_at(bram, article_id)
    anna.type(article_id, lead="Van morgen.")
    anna.sync()
    bram.sync()
    mend()
    bram.sync()
    assert bram.card(article_id).kind == "unreadable"

    def older(work: UnitOfWork) -> Outcome[None]:
        work.profile.put(reconciling.READ_BY + "content", "0.0.9")
        return Outcome(None, work.changes())

    bram.do(older)
    bram.sync()
    assert bram.cards() == []
    assert bram.view(article_id).article.lead == "Van morgen."


def test_what_a_colleague_wrote_after_the_restoring_is_not_written_over_by_what_was_lost(newsroom: Newsroom) -> None:
    """Anna holds more of the lost history than the server reached since; Bram has written there meanwhile."""
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    server = PressSide(newsroom)
    server.keep_copy()
    for number in range(3):
        newsroom.pass_time(minutes=6)
        anna.type(article_id, body=TWO_SENTENCES.replace("donderdag", "vrijdag") + f"\n\nAnna schreef zin {number} erbij.")
        anna.sync()
    assert server.bring_back()
    bram.type(article_id, body=TWO_SENTENCES + "\n\nBram schreef hier na het terugzetten.")
    bram.sync()
    newsroom.settle()
    body = anna.view(article_id).article.body
    assert "Bram schreef hier na het terugzetten." in body
    kept = body + "".join(str(card.mine) + str(card.theirs) for desk in (anna, bram) for card in desk.cards())
    assert "vrijdag" in kept
    assert "Anna schreef zin 2 erbij." in kept


def test_two_headlines_of_two_histories_are_put_before_somebody(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    server = PressSide(newsroom)
    server.keep_copy()
    for headline in ("Raad stemt morgen", "Raad stemt overmorgen"):
        anna.type(article_id, headline=headline)
        anna.sync()
    assert server.bring_back()
    bram.type(article_id, headline="Raad stemt nooit")
    bram.sync()
    newsroom.settle()
    (card,) = anna.cards(article_id)
    assert (card.field, card.mine, card.theirs) == ("headline", "Raad stemt overmorgen", "Raad stemt nooit")
    assert bram.view(article_id).article.headline == "Raad stemt nooit"
