"""Deleting while others write: an edit wins, nobody's text goes unseen, and what must be erased is."""

from __future__ import annotations

import httpx2

from editor.backends.press import PressBackend
from editor.base import sqlite
from editor.desk import articles, pulling
from editor.desk.ports import OpState, Standing
from editor.domain.article import Action
from editor.sync.backend import ChangePage, RemoteDoc
from tests.sync.faults import Fault
from tests.sync.newsroom import TWO_SENTENCES, Desk, Newsroom


def test_putting_a_deleted_article_back_keeps_the_colleagues_last_words(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    bram.cut().type(article_id, lead="Van Bram.")
    anna.type(article_id, body=TWO_SENTENCES.replace("donderdag", "vrijdag"))
    anna.sync()
    anna.delete(article_id)
    anna.sync()
    bram.reconnect().sync()
    card = bram.card(article_id)
    assert card.kind == "deleted"
    bram.settle(card, "mine")
    newsroom.settle()
    for desk in (anna, bram):
        article = desk.view(article_id).article
        assert not desk.view(article_id).deleted
        assert article.lead == "Van Bram."
        assert "vrijdag" in article.body


def test_letting_it_go_keeps_the_unsent_text_among_the_versions(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    bram.cut().type(article_id, lead="Van Bram.")
    anna.delete(article_id)
    anna.sync()
    bram.reconnect().sync()
    bram.settle(bram.card(article_id), "theirs")
    newsroom.settle()
    assert bram.view(article_id).deleted
    kept = bram.door.read_now(lambda reader: reader.article_texts(article_id))
    assert any(row.doc["lead"] == "Van Bram." for row in kept)


def test_a_step_that_met_a_deletion_is_told(newsroom: Newsroom) -> None:
    for number, pulls_first in enumerate((True, False)):
        anna, bram = newsroom.desk(f"anna{number}"), newsroom.desk(f"bram{number}")
        article_id = newsroom.shared(anna, bram)
        bram.cut().step(article_id, Action.SUBMIT)
        anna.delete(article_id)
        anna.sync()
        bram.reconnect()
        if pulls_first:
            bram.runner()._fetcher.fetch("content")
        bram.sync()
        assert bram.card(article_id).kind == "deleted"
        assert not bram.view(article_id).deleted


def test_text_typed_into_what_a_colleague_deleted_is_put_before_its_writer(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.delete(article_id)
    newsroom.settle()
    bram.type(article_id, lead="Nog aan het typen.")
    card = bram.card(article_id)
    assert card.kind == "deleted"
    bram.settle(card, "mine")
    newsroom.settle()
    assert anna.view(article_id).article.lead == "Nog aan het typen."
    assert not anna.view(article_id).deleted


def test_the_last_letters_of_whoever_deletes_it_himself_ask_nothing(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.delete(article_id)
    anna.type(article_id, lead="Laatste letter.")
    assert anna.cards() == []
    assert anna.view(article_id).deleted
    assert anna.view(article_id).article.lead == "Laatste letter."


def test_whoever_wrote_last_hears_of_the_deletion(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Mijn laatste zin.")
    newsroom.settle()
    bram.delete(article_id)
    newsroom.settle()
    assert [(card.kind, card.field) for card in anna.cards()] == [("note", "deleted_after_edit")]
    assert bram.cards() == []


def test_putting_back_from_the_bin_reaches_everybody_and_bothers_nobody(newsroom: Newsroom) -> None:
    anna, bram, cara = (newsroom.desk(name) for name in ("anna", "bram", "cara"))
    article_id = newsroom.shared(anna, bram, cara)
    bram.delete(article_id)
    newsroom.settle()
    cara.restore(article_id)
    newsroom.settle()
    for desk in (anna, bram, cara):
        assert not desk.view(article_id).deleted
    assert bram.cards() == cara.cards() == []


def test_a_deletion_undone_before_it_was_sent_never_happened(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.delete(article_id)
    anna.undo("article")
    newsroom.settle()
    assert not bram.view(article_id).deleted


def test_what_must_be_erased_leaves_no_word_behind(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    bram.do(lambda work: articles.edit(work, article_id, {"kicker": "Geheime kicker"}))
    bram.sync()
    bram.step(article_id, Action.APPROVE)
    bram.sync()
    bram.type(article_id, lead="Geheime eerste zin.")
    anna.type(article_id, lead="Andere zin.")
    anna.sync()
    bram.sync()
    bram.settle(bram.card(article_id), "mine")
    bram.type(article_id, lead="Geheime onverzonden zin.")
    secrets = ("Geheime", "Raad stemt", "donderdag", "Andere zin")
    assert all(found_in(bram, secret) for secret in secrets)
    feed = bram.door.read_now(lambda reader: reader.feed("content"))
    tombstone = RemoteDoc(article_id, "article", "99-abc", None, seq=999, why="erasure")
    page = ChangePage(feed.epoch, (tombstone,), feed.cursor or "", more=False, head="999")
    bram.do(lambda work: pulling.apply_page(work, "content", page))
    assert {secret: found_in(bram, secret) for secret in secrets} == {secret: [] for secret in secrets}
    bram.reopen()
    assert bram.cards() == []
    view = bram.view(article_id)
    assert view.deleted
    assert (view.article.lead, view.article.body) == ("", "")
    assert bram.door.read_now(lambda reader: reader.article_texts(article_id)) == []


def found_in(desk: Desk, words: str) -> list[str]:
    """The tables of the profile in which these words stand; the file's free pages are the store's affair."""
    connection = sqlite.connect(desk.folder / "redactie.db", "reader")
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
                 if "_fts" not in name]
        return [name for name in names if any(
            words in (cell.decode(errors="replace") if isinstance(cell, bytes) else str(cell))
            for row in connection.execute(f'SELECT * FROM "{name}"') for cell in row)]
    finally:
        connection.close()


def test_a_settled_request_keeps_its_text_for_a_day_and_its_outcome_for_a_month(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    bram.type(article_id, kicker="Van Bram.")
    bram.sync()
    anna.type(article_id, lead="Zin die botst met niets.")
    anna.step(article_id, Action.SUBMIT)
    anna.sync()
    anna.profile.store.tidy()
    fresh = anna.lane(article_id, OpState.SUPERSEDED, OpState.ACKED)
    assert any(row.body for row in fresh)
    assert any(row.snapshot for row in fresh)
    newsroom.pass_time(hours=25)
    anna.profile.store.tidy()
    kept = anna.lane(article_id, OpState.SUPERSEDED, OpState.ACKED)
    assert [(row.op_id, row.state, row.body_hash, row.last_error) for row in kept] == [
        (row.op_id, row.state, row.body_hash, row.last_error) for row in fresh]
    assert all((row.body, row.patch, row.snapshot) == (None, None, None) for row in kept)


def test_what_waits_keeps_its_text_however_long(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, lead="Onderweg.")
    anna.network.coming.append(Fault.LOST_REQUEST)
    anna.runner()._push(force=True)
    newsroom.pass_time(days=40)
    anna.profile.store.tidy()
    (row,) = anna.lane(article_id, OpState.SEALED)
    assert row.body
    anna.sync()
    assert anna.standing(article_id) is Standing.CLEAN


def test_the_log_of_attempts_holds_no_words_and_no_secrets(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.type(article_id, lead="Vertrouwelijke zin.")
    token = anna._token
    told = {"content-type": "application/vnd.newsroom.sync+json;v=1"}
    said = f'{{"code": "Bearer {token} Vertrouwelijke zin.", "message": "{token}"}}'.encode()
    transport = httpx2.MockTransport(lambda request: httpx2.Response(422, headers=told, content=said))
    backend = PressBackend(newsroom.url, token, "r", newsroom.clock, transport=transport)
    anna.network.push = backend.push  # type: ignore[method-assign]
    anna.runner()._push(force=True)
    assert anna.standing(article_id) is Standing.PARKED
    assert found_in(anna, token) == []
    assert "attempt" not in found_in(anna, "Vertrouwelijke")
    backend.close()


def test_a_question_about_a_deletion_goes_away_when_somebody_puts_it_back(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    bram.cut().type(article_id, lead="Van Bram.")
    anna.delete(article_id)
    anna.sync()
    bram.reconnect().sync()
    assert bram.card(article_id).kind == "deleted"
    anna.restore(article_id)
    newsroom.settle()
    for desk in (anna, bram):
        assert desk.cards() == []
        assert desk.view(article_id).article.lead == "Van Bram."
        assert not desk.view(article_id).deleted


def test_an_old_answer_that_it_was_gone_does_not_bin_what_was_put_back_since(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    bram.step(article_id, Action.SUBMIT)
    anna.delete(article_id)
    anna.sync()
    bram.network.coming.append(Fault.LOST_ANSWER)
    bram.runner()._push(force=True)
    anna.restore(article_id)
    anna.sync()
    newsroom.settle()
    assert not bram.view(article_id).deleted
    assert [(card.kind, card.field) for card in bram.cards(article_id)] == [("refused", "submit")]
