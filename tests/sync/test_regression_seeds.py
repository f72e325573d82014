"""What random histories found, as short stories, each named after what went wrong for a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from editor.desk import lanes
from editor.desk.histories import TOMBSTONE
from editor.desk.ports import UnitOfWork
from editor.domain.article import Action
from editor.domain.changes import Outcome
from tests.sync.faults import Fault
from tests.sync.newsroom import Newsroom
from tests.sync.server_side import PressSide


def test_what_was_thrown_away_again_while_its_restoring_waited_comes_back_all_the_same(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    bram.delete(article_id)
    newsroom.settle()
    bram.restore(article_id)
    bram.delete(article_id)
    bram.restore(article_id)
    newsroom.settle()
    assert not anna.view(article_id).deleted
    assert bram.cards() == []


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_step_on_what_is_gone_does_not_meet_its_tombstone_for_ever(newsroom: Newsroom, choice: str) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.delete(article_id)
    anna.sync()
    bram.type(article_id, lead="Bram weet nog van niets.")
    bram.sync()
    bram.step(article_id, Action.SUBMIT)  # the card about the deletion stands open
    bram.settle(bram.card(article_id), choice)
    report = bram.sync()
    newsroom.settle()
    assert (report.pending, bram.sync().pushed) == (0, 0)
    assert anna.view(article_id).deleted == (choice == "theirs")


def test_what_was_erased_leaves_a_desk_too_that_met_its_tombstone_by_a_step_of_its_own(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    PressSide(newsroom).erase(article_id)
    anna.step(article_id, Action.SUBMIT)
    runner = anna.runner()
    runner._greet()
    runner._push(force=True)  # its answer says that the article is gone, and not why
    newsroom.settle()
    assert anna.view(article_id).article.body == ""
    assert list(anna.door.read_now(lambda reader: reader.article_texts(article_id))) == []
    assert anna.cards() == []


def test_what_was_erased_leaves_a_desk_too_whose_request_about_it_was_under_way(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Anna typt nog.")
    runner = anna.runner()
    anna.network.coming.append(Fault.LOST_ANSWER)
    runner._greet()
    runner._push(force=True)
    PressSide(newsroom).erase(article_id)
    runner._fetcher.fetch("content")  # before the request goes again
    newsroom.settle()
    assert anna.view(article_id).article.lead == ""
    assert anna.cards() == []


def test_words_about_what_is_gone_are_asked_about_whatever_else_somebody_was_told(newsroom: Newsroom) -> None:
    """A note about something else stood open: the words met the tombstone again and again, and nobody was asked."""
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Anna typt nog.")
    bram.delete(article_id)
    bram.sync()
    rev = str(PressSide(newsroom).rows()[article_id].rev)

    def know_it_gone(work: UnitOfWork) -> Outcome[None]:
        state = work.syncs.get(article_id)
        assert state is not None
        work.syncs.put(replace(state, base_rev=rev, adapter_state={TOMBSTONE: rev}))
        lanes.raise_card(work, article_id, "article", "note", "off_schedule", blocking=False)
        return Outcome(None, work.changes())

    anna.do(know_it_gone)
    anna.sync()
    assert {card.kind for card in anna.cards(article_id)} == {"note", "deleted"}
    assert anna.sync().pushed == 0
