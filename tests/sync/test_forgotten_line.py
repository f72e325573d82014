"""A ticker line that the server had and, put back to an earlier state, has no more."""

from editor.ui.widgets.conflict_words import words_of
from tests.sync.newsroom import Newsroom
from tests.sync.test_epochs_and_logins import back_up, bring_back


def test_a_line_that_the_server_forgot_asks_with_a_sentence_of_its_own(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    anna.sync()
    back_up(newsroom)
    line = anna.plan("Na de reservekopie gepland", minutes=90)
    anna.sync()
    assert anna.line(line).entry.accepted_at is not None
    bring_back(newsroom)
    newsroom.settle()
    card = anna.card(line)
    assert (card.kind, card.code) == ("late", "forgotten")
    assert "no longer has this line" in str(words_of(card).sentence)
    anna.settle(card, "mine")
    newsroom.settle()
    assert anna.line(line).entry.accepted_at is not None
    assert anna.cards() == []
