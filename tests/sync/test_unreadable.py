"""One thing at the server that cannot be read: it is kept and shown, and everything else goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from editor.desk.ports import Standing
from editor.sync.backend import ChangePage, Op, PushResult, RemoteDoc
from tests.sync.newsroom import Desk, Newsroom
from tests.sync.test_deletions import found_in

BROKEN: dict[str, Any] = {"status": "a status of tomorrow", "live": "none", "body": 7, "publish": [1], "tags": {"a": 1},
                          "approved": {"rev": 1}, "created_at": "yesterday"}


def broken(row: RemoteDoc, entity_id: str, field: str) -> RemoteDoc:
    """The row, with something in that field of that thing that cannot stand there."""
    if row.entity_id != entity_id or row.doc is None:
        return row
    return replace(row, doc={**row.doc, field: BROKEN[field]})


def break_at(desk: Desk, entity_id: str, field: str = "status") -> Callable[[], None]:
    """From now on the server tells nonsense about that thing, in its feed and in its answers; returns how to mend it."""
    changes, push = desk.network.changes, desk.network.push

    def broken_changes(stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        page = changes(stream, cursor, limit=limit)
        return replace(page, changes=tuple(broken(row, entity_id, field) for row in page.changes))

    def broken_push(op: Op) -> PushResult:
        result = push(op)
        return replace(result, doc=broken(result.doc, entity_id, field)) if result.doc is not None else result

    def mend() -> None:
        desk.network.changes, desk.network.push = changes, push  # type: ignore[method-assign]

    desk.network.changes, desk.network.push = broken_changes, broken_push  # type: ignore[method-assign]
    return mend


@pytest.mark.parametrize("field", sorted(BROKEN))
def test_what_cannot_be_read_is_kept_and_shown_and_the_feed_goes_on(newsroom: Newsroom, field: str) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    broken_id = newsroom.shared(anna, bram)
    mend = break_at(bram, broken_id, field)
    anna.type(broken_id, lead="Onleesbaar onderweg.")
    other = anna.write(headline="Gewoon stuk", body="Tekst.")
    anna.sync()
    assert bram.sync().state == "attention"
    assert bram.view(other).article.body == "Tekst."
    assert bram.view(broken_id).article.lead == "Kort."
    card = bram.card(broken_id)
    assert (card.kind, card.blocking, card.theirs[field]) == ("unreadable", False, BROKEN[field])
    assert card.theirs["lead"] == "Onleesbaar onderweg."
    again = anna.write(headline="Nog een", body="Tekst.")
    anna.sync()
    bram.sync()
    assert bram.view(again).article.body == "Tekst."
    mend()
    anna.type(broken_id, lead="Weer leesbaar.")
    newsroom.settle()
    assert bram.view(broken_id).article.lead == "Weer leesbaar."
    assert bram.cards() == []


def test_a_new_thing_that_cannot_be_read_is_there_at_its_next_version(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    newsroom.settle()
    article_id = anna.write(headline="Nieuw", body="Tekst.")
    mend = break_at(bram, article_id)
    newsroom.settle()
    assert bram.card(article_id).kind == "unreadable"
    bram.settle(bram.card(article_id), "theirs")
    mend()
    anna.type(article_id, lead="Verder.")
    newsroom.settle()
    assert bram.view(article_id).article.lead == "Verder."


def test_text_typed_into_what_cannot_be_read_waits_and_is_merged_with_its_next_version(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Van Anna.")
    anna.sync()
    mend = break_at(bram, article_id)
    bram.type(article_id, body="De raad stemt vrijdag. De wethouder wacht af.\n\nDaarna begint de bouw.")
    other = bram.write(headline="Ander stuk", body="Tekst.")
    for _ in range(3):
        bram.sync()
    assert bram.standing(article_id) is Standing.PARKED
    assert bram.card(article_id).kind == "unreadable"
    assert bram.standing(other) is Standing.CLEAN
    mend()
    anna.type(article_id, kicker="Raad")
    newsroom.settle()
    for desk in (anna, bram):
        article = desk.view(article_id).article
        assert (article.lead, article.kicker) == ("Van Anna.", "Raad")
        assert article.body.startswith("De raad stemt vrijdag.")
        assert desk.cards() == []


def test_a_kind_of_tomorrow_is_told_of_once(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    changes = anna.network.changes

    def with_tomorrow(stream: str, cursor: str | None, *, limit: int = 200) -> ChangePage:
        page = changes(stream, cursor, limit=limit)
        more = tuple(RemoteDoc(article_id[:-1] + digit, "podcast", "1-a", {"sound": digit}, seq=10_000 + number)
                     for number, digit in enumerate("123"))
        return replace(page, changes=(*page.changes, *more))

    anna.network.changes = with_tomorrow  # type: ignore[method-assign]
    anna.sync()
    anna.sync()
    assert [(card.kind, card.field) for card in anna.cards()] == [("note", "newer_version")]


def test_what_could_not_be_read_and_must_be_erased_is(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    newsroom.settle()
    article_id = anna.write(headline="Nieuw", body="Geheime zin.")
    mend = break_at(bram, article_id)
    newsroom.settle()
    assert found_in(bram, "Geheime zin.") == ["conflict"]
    mend()
    changes = bram.network.changes
    bram.network.changes = lambda stream, cursor, *, limit=200: replace(  # type: ignore[method-assign]
        page := changes(stream, cursor, limit=limit),
        changes=tuple(replace(row, why="erasure") if row.doc is None else row for row in page.changes))
    anna.delete(article_id)
    newsroom.settle()
    assert found_in(bram, "Geheime zin.") == []
    assert bram.cards() == []
