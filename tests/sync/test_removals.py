"""A server that wants to remove suspiciously much removes nothing until a person has said so."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from editor.desk.ports import Standing
from editor.sync.backend import ChangePage
from editor.ui.widgets.conflict_words import words_of
from editor.ui.wording import Wording
from tests.sync.newsroom import Desk, Newsroom


def many(newsroom: Newsroom, count: int) -> tuple[Desk, Desk, list[str]]:
    """Anna, who is about to delete, Bram, and so many articles."""
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    ids = [anna.write(headline=f"Stuk {number}", body="Tekst.") for number in range(count)]
    newsroom.settle()
    return anna, bram, ids


def delete(desk: Desk, ids: list[str]) -> None:
    """All of them, at the server too."""
    for one in ids:
        desk.delete(one)
    desk.sync()


def gone(desk: Desk, ids: list[str]) -> int:
    """How many of them are gone there."""
    return sum(desk.view(one).deleted for one in ids)


def in_small_pages(desk: Desk, size: int) -> None:
    """The server tells everything in pages of that size."""
    real = desk.network.changes

    def changes(stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        return real(stream, cursor, limit=size)

    desk.network.changes = changes  # type: ignore[method-assign]


def test_a_handful_of_deletions_asks_nobody(newsroom: Newsroom) -> None:
    anna, bram, ids = many(newsroom, 8)
    delete(anna, ids[:5])
    bram.sync()
    assert gone(bram, ids) == 5
    assert bram.cards() == []


@pytest.mark.parametrize("size", [200, 2])
def test_more_than_the_share_waits_whatever_the_pages_and_everything_else_goes_on(newsroom: Newsroom, size: int) -> None:
    anna, bram, ids = many(newsroom, 8)
    in_small_pages(bram, size)
    delete(anna, ids[:6])
    anna.type(ids[7], lead="Gewoon verder.")
    anna.sync()
    assert bram.sync().state == "attention"
    assert gone(bram, ids) == 0
    assert bram.view(ids[7]).article.lead == "Gewoon verder."
    (card,) = bram.cards()
    said = words_of(card)
    assert Wording("nl").say(said.head) == "6 stukken verwijderen?"
    assert "Stuk 0 · Stuk 1" in Wording("nl").say(said.sentence)
    assert [answer.choice for answer in said.answers] == ["mine", "theirs"]
    assert not card.blocking
    bram.type(ids[7], kicker="Bram typt door.")
    newsroom.settle()
    assert anna.view(ids[7]).article.kicker == "Bram typt door."
    assert gone(bram, ids) == 0


def test_whoever_agrees_removes_them(newsroom: Newsroom) -> None:
    anna, bram, ids = many(newsroom, 8)
    delete(anna, ids[:6])
    bram.sync()
    (card,) = bram.cards()
    bram.settle(card, "theirs")
    assert gone(bram, ids) == 6
    newsroom.settle()
    assert gone(anna, ids) == gone(bram, ids) == 6
    assert bram.cards() == []


def test_whoever_does_not_agree_puts_everything_back_at_the_server(newsroom: Newsroom) -> None:
    anna, bram, ids = many(newsroom, 8)
    delete(anna, ids[:6])
    bram.sync()
    (card,) = bram.cards()
    bram.settle(card, "mine")
    newsroom.settle()
    assert gone(anna, ids) == gone(bram, ids) == 0
    assert [bram.standing(one) for one in ids] == [Standing.CLEAN] * 8
    assert bram.cards() == []


def test_what_came_back_meanwhile_is_in_no_answer(newsroom: Newsroom) -> None:
    anna, bram, ids = many(newsroom, 8)
    delete(anna, ids[:6])
    bram.sync()
    anna.restore(ids[0])
    anna.sync()
    bram.sync()
    (card,) = bram.cards()
    bram.settle(card, "theirs")
    newsroom.settle()
    assert gone(anna, ids) == gone(bram, ids) == 5


def test_text_typed_into_what_is_held_back_asks_for_itself(newsroom: Newsroom) -> None:
    anna, bram, ids = many(newsroom, 8)
    delete(anna, ids[:6])
    bram.sync()
    bram.type(ids[0], lead="Hier werk ik aan.")
    bram.sync()
    assert sorted(card.kind for card in bram.cards()) == ["deleted", "removal"]
    (removal,) = (card for card in bram.cards() if card.kind == "removal")
    bram.settle(removal, "theirs")
    assert gone(bram, ids) == 5
    bram.settle(bram.card(ids[0]), "mine")
    newsroom.settle()
    assert anna.view(ids[0]).article.lead == "Hier werk ik aan."


def test_the_deletions_of_a_run_that_was_cut_off_are_judged_with_the_rest(newsroom: Newsroom) -> None:
    anna, bram, ids = many(newsroom, 8)
    in_small_pages(bram, 2)
    delete(anna, ids[:6])
    real, pages = bram.network.changes, 0

    class Died(Exception):
        pass

    def changes(stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        nonlocal pages
        pages += 1
        if pages == 3:
            raise Died
        return real(stream, cursor)

    bram.network.changes = changes  # type: ignore[method-assign]
    with pytest.raises(Died):
        bram.sync()
    bram.reopen()
    assert gone(bram, ids) == 0
    bram.sync()
    assert gone(bram, ids) == 0
    (card,) = bram.cards()
    assert card.field == "6"


def test_more_of_the_same_joins_the_question(newsroom: Newsroom) -> None:
    anna, bram, ids = many(newsroom, 14)
    delete(anna, ids[:6])
    bram.sync()
    delete(anna, ids[6:12])
    bram.sync()
    (card,) = bram.cards()
    assert card.field == "12"
    bram.settle(card, "theirs")
    assert gone(bram, ids) == 12


def test_what_one_deleted_oneself_is_not_asked_back(newsroom: Newsroom) -> None:
    anna, _, ids = many(newsroom, 8)
    delete(anna, ids)
    newsroom.settle(anna)
    assert gone(anna, ids) == 8
    assert anna.cards() == []


def test_what_must_go_by_law_is_not_counted(newsroom: Newsroom) -> None:
    anna, bram, ids = many(newsroom, 8)
    real = bram.network.changes

    def changes(stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        page = real(stream, cursor, limit=limit)
        return replace(page, changes=tuple(replace(row, why="erasure") if row.doc is None else row
                                           for row in page.changes))

    bram.network.changes = changes  # type: ignore[method-assign]
    delete(anna, ids)
    bram.sync()
    assert gone(bram, ids) == 8
    assert bram.cards() == []


def test_the_share_is_of_what_stands_here(newsroom: Newsroom) -> None:
    anna, bram, ids = many(newsroom, 160)
    for before, after in pairwise((0, 8, 17)):
        delete(anna, ids[before:after])
        bram.sync()
    assert gone(bram, ids) == 8  # eight of 160 are the share, nine of 152 are more
    assert bram.cards()[0].field == "9"
