"""Two versions of one thing: both are kept until a person chooses, and the choice does what it says."""

from __future__ import annotations

from typing import Any

import pytest

from editor.base.errors import EditorError
from editor.desk import conflicts, lanes
from editor.desk.ports import Entity, Standing
from editor.desk.read_models import ArticleFilter
from editor.domain.article import Action
from editor.domain.changes import Facet, Outcome
from editor.domain.documents import article_document
from tests.sync.faults import Fault
from tests.sync.newsroom import TWO_SENTENCES, Desk, Newsroom


def thursday(day: str) -> str:
    return TWO_SENTENCES.replace("donderdag", day)


def test_mine_is_chosen_after_the_colleague_wrote_on_in_another_place(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, body=thursday("vrijdag"))
    bram.type(article_id, body=thursday("maandag"))
    anna.sync()
    bram.sync()
    anna.type(article_id, body=thursday("vrijdag").replace("de bouw", "de sloop"))
    anna.sync()
    bram.sync()
    bram.settle(bram.card(article_id), "mine")
    newsroom.settle()
    wanted = thursday("maandag").replace("de bouw", "de sloop")
    assert [desk.view(article_id).article.body for desk in (anna, bram)] == [wanted, wanted]


def test_mine_is_chosen_after_the_colleague_changed_that_sentence_again(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, body=thursday("vrijdag"))
    bram.type(article_id, body=thursday("maandag"))
    anna.sync()
    bram.sync()
    anna.type(article_id, body=thursday("zaterdag"))
    anna.sync()
    bram.sync()
    bram.settle(bram.card(article_id), "mine")
    assert "maandag" in bram.view(article_id).article.body
    card = bram.card(article_id)  # what the choice wrote over had not been on the card
    assert "zaterdag" in str(card.theirs)


def test_theirs_deletes_the_sentence_that_the_colleague_deleted(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    opened = anna.view(article_id)
    bram.type(article_id, body=TWO_SENTENCES.replace("De raad stemt donderdag. ", ""))
    newsroom.settle()
    anna.save(article_id, opened.version, article_document(opened.article), {"body": thursday("vrijdag")})
    card = anna.card(article_id)
    anna.settle(card, "theirs")
    assert anna.view(article_id).article.body == TWO_SENTENCES.replace("De raad stemt donderdag. ", "")


def test_mine_keeps_the_sentence_that_the_colleague_deleted(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    opened = anna.view(article_id)
    bram.type(article_id, body=TWO_SENTENCES.replace("De raad stemt donderdag. ", ""))
    newsroom.settle()
    anna.save(article_id, opened.version, article_document(opened.article), {"body": thursday("vrijdag")})
    anna.settle(anna.card(article_id), "mine")
    newsroom.settle()
    assert anna.view(article_id).article.body == bram.view(article_id).article.body == thursday("vrijdag")


def test_both_puts_the_sentence_where_it_belongs_and_not_where_the_same_words_stand(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    body = "Ja, zei zij.\n\nDe raad stemt donderdag.\n\nEinde."
    article_id = newsroom.shared(anna, bram, body=body)
    anna.type(article_id, body=body.replace("De raad stemt donderdag.", "Ja, zei zij."))
    bram.type(article_id, body=body.replace("donderdag", "maandag"))
    anna.sync()
    bram.sync()
    bram.settle(bram.card(article_id), "both")
    text = bram.view(article_id).article.body
    assert text.split("\n\n")[0] == "Ja, zei zij."
    assert text.index("maandag") > text.rindex("Ja, zei zij.") > 0
    assert text.endswith("Einde.")


def put_list(desk: Desk, list_id: str, items: dict[str, Any]) -> None:
    def put(work: Any) -> Outcome[None]:
        entity = work.entities.get("list", list_id) or Entity("list", list_id, {})
        lanes.write(work, Entity("list", list_id, {**entity.doc, "items": items}, entity.version), Facet.ALL)
        return Outcome(None, work.changes())

    desk.do(put)


def items_of(desk: Desk, list_id: str) -> Any:
    entity = desk.door.read_now(lambda reader: reader.entity("list", list_id))
    assert entity is not None
    return entity.doc["items"]


def test_choosing_mine_for_one_word_of_a_list_keeps_what_a_colleague_added(newsroom: Newsroom) -> None:
    from editor.base.ids import new_id

    anna, bram = newsroom.desk("anna", "admin"), newsroom.desk("bram", "admin")
    list_id = new_id()
    put_list(anna, list_id, {"euro": "EUR"})
    newsroom.settle()
    put_list(anna, list_id, {"euro": "euro", "procent": "%"})
    put_list(bram, list_id, {"euro": "€"})
    anna.sync()
    bram.sync()
    bram.settle(bram.card(list_id), "mine")
    newsroom.settle()
    assert items_of(anna, list_id) == items_of(bram, list_id) == {"euro": "€", "procent": "%"}


def test_a_headline_chosen_offline_stands_until_it_is_settled_and_then_everywhere(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, headline="Raad stemt vrijdag")
    bram.type(article_id, headline="Raad stemt maandag", lead="Ook dit.")
    anna.sync()
    bram.sync()
    assert bram.standing(article_id) is Standing.CONFLICT
    newsroom.settle()
    assert anna.view(article_id).article.lead == "Kort."  # nothing of it travels before the choice
    bram.settle(bram.card(article_id), "mine")
    newsroom.settle()
    for desk in (anna, bram):
        assert desk.view(article_id).article.headline == "Raad stemt maandag"
        assert desk.view(article_id).article.lead == "Ook dit."


def test_a_foreign_text_that_came_while_ours_was_under_way_is_taken_in_afterwards(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Van Anna.")
    anna.network.coming.append(Fault.LOST_ANSWER)
    anna.sync()
    bram.sync()
    bram.type(article_id, body=thursday("vrijdag"))
    bram.sync()
    anna.type(article_id, headline="Raad stemt vrijdag")
    anna.network.coming.append(Fault.LOST_REQUEST)
    anna.sync()
    newsroom.settle()
    for desk in (anna, bram):
        article = desk.view(article_id).article
        assert (article.lead, article.headline) == ("Van Anna.", "Raad stemt vrijdag")
        assert "vrijdag" in article.body
        assert desk.cards() == []
        assert desk.standing(article_id) is Standing.CLEAN


def test_a_text_under_way_when_the_profile_dies_is_sent_once_and_as_it_was(newsroom: Newsroom) -> None:
    from tests.sync.faults import Killed

    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    for fault in (Fault.KILL_BEFORE, Fault.KILL_AFTER, Fault.KILL_LATE):
        anna.type(article_id, lead=f"Voor {fault.name}.")
        anna.network.coming.append(fault)
        with pytest.raises(Killed):
            anna.sync()
        anna.reopen()
        anna.type(article_id, note=f"Na {fault.name}.")
        newsroom.settle()
        for desk in (anna, bram):
            article = desk.view(article_id).article
            assert (article.lead, article.note) == (f"Voor {fault.name}.", f"Na {fault.name}.")
        assert anna.cards() == bram.cards() == []


def test_a_text_that_the_server_refused_is_among_the_versions_after_it_was_given_up(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, headline="x" * 3000)
    anna.sync()
    assert anna.standing(article_id) is Standing.PARKED
    anna.settle(anna.card(article_id), "theirs")
    assert anna.sync().state == "ok"
    assert anna.view(article_id).article.headline == "Raad stemt"
    kept = anna.door.read_now(lambda reader: reader.article_texts(article_id))
    assert any(row.doc["headline"] == "x" * 3000 for row in kept)


def test_a_text_that_was_refused_goes_out_once_it_is_mended(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, headline="x" * 3000)
    anna.sync()
    anna.type(article_id, headline="Raad stemt vrijdag")
    newsroom.settle()
    assert bram.view(article_id).article.headline == "Raad stemt vrijdag"
    assert anna.cards() == []


def test_an_open_card_of_an_article_does_not_hold_up_another(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    first = newsroom.shared(anna, bram)
    anna.type(first, headline="Een")
    bram.type(first, headline="Twee")
    anna.sync()
    second = bram.write(headline="Ander stuk", body="Tekst.")
    bram.step(second, Action.SUBMIT)
    bram.sync()
    anna.sync()
    assert anna.view(second).wanted == "desk"


def test_a_card_is_settled_once(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, headline="Een")
    bram.type(article_id, headline="Twee")
    anna.sync()
    bram.sync()
    card = bram.card(article_id)
    with pytest.raises(EditorError):
        bram.settle(card, "both")  # a headline holds one value
    bram.settle(card, "mine")
    with pytest.raises(EditorError):
        bram.do(lambda work: conflicts.resolve(work, card.id, "theirs"))
    assert bram.view(article_id).article.headline == "Twee"


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_headline_that_came_after_the_card_is_not_written_over_unseen(newsroom: Newsroom, choice: str) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, headline="Een")
    bram.type(article_id, headline="Twee")
    anna.sync()
    bram.sync()
    anna.type(article_id, headline="Drie")
    anna.sync()
    bram.sync()
    bram.settle(bram.card(article_id), choice)
    if choice == "theirs":
        assert bram.cards() == []
        assert bram.view(article_id).article.headline == "Drie"
        return
    assert bram.view(article_id).article.headline == "Twee"
    again = bram.card(article_id)
    assert (again.mine, again.theirs) == ("Twee", "Drie")
    bram.settle(again, "theirs")
    newsroom.settle()
    assert anna.view(article_id).article.headline == bram.view(article_id).article.headline == "Drie"


def test_what_the_feed_told_while_our_answer_was_lost_is_not_forgotten(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Van Anna.")
    anna.network.coming.append(Fault.LOST_ANSWER)
    runner = anna.runner()
    runner._push(force=True)
    bram.sync()
    bram.type(article_id, body=thursday("vrijdag"))
    bram.sync()
    runner._fetcher.fetch("content")
    anna.sync()
    assert "vrijdag" in anna.view(article_id).article.body
    assert anna.standing(article_id) is Standing.CLEAN


def library(desk: Desk) -> list[str]:
    return [item.id for item in desk.door.read_now(lambda reader: reader.articles(ArticleFilter()))]


def test_what_was_typed_last_stays_first_in_the_library_when_older_work_is_acknowledged(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    first = newsroom.shared(anna, bram)
    newsroom.pass_time(minutes=1)
    second = anna.write(headline="Later getypt")
    newsroom.pass_time(minutes=1)
    saved_at = anna.view(first).saved_at
    bram.type(first, lead="Van een collega.")
    newsroom.settle()
    assert anna.view(first).article.lead == "Van een collega."
    assert library(anna) == [second, first]
    assert anna.view(first).saved_at == saved_at
    newsroom.pass_time(minutes=1)
    anna.type(first, lead="Van mij.")
    typed_at = anna.view(first).saved_at
    newsroom.pass_time(minutes=1)
    newsroom.settle()
    assert library(anna) == [first, second]
    assert anna.view(first).saved_at == typed_at > saved_at
