"""A site that does not show a thing has not said that it deleted it: what it shows again was there all along."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from editor.desk.ports import Standing
from tests.conformance.weak_newsroom import WeakNewsroom
from tests.sync.newsroom import TWO_SENTENCES

FRIDAY = TWO_SENTENCES.replace("donderdag", "vrijdag")


@pytest.fixture
def weak(tmp_path: Path) -> Iterator[WeakNewsroom]:
    """A site and its desks."""
    made = WeakNewsroom(tmp_path / "newsroom", sockets=False)
    yield made
    made.close()


def test_what_was_away_while_our_text_came_goes_on_once_somebody_says_so(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.type(article_id, body=FRIDAY)
    with weak.site.without(weak.post(article_id).id):
        anna.sync()
    card = anna.card(article_id)
    assert card.kind == "deleted"
    anna.settle(card, "mine")
    assert weak.converged(article_id, anna, bram) == FRIDAY
    assert anna.standing(article_id) is Standing.CLEAN
    assert len(weak.posts(article_id)) == 1


def test_what_was_away_for_two_sweeps_comes_out_of_the_bin_when_it_is_shown_again(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    weak.settle()
    with weak.site.without(weak.post(article_id).id):
        anna.sync()
        anna.sync()
        assert anna.view(article_id).deleted
    anna.sync()
    assert not anna.view(article_id).deleted
    anna.type(article_id, body=FRIDAY)
    assert weak.converged(article_id, anna, bram) == FRIDAY


def test_what_was_deleted_for_good_is_made_anew_once_somebody_says_so(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    weak.settle()
    weak.site.purge(weak.post(article_id).id)
    weak.settle()
    assert anna.view(article_id).deleted
    anna.restore(article_id)
    weak.settle()
    assert weak.converged(article_id, anna, bram) == TWO_SENTENCES
    assert not bram.view(article_id).deleted
