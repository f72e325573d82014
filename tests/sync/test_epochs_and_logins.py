"""Another history, another person, other rights: nothing is believed too much, nothing goes under another's name."""

from __future__ import annotations

import shutil

from editor.base import sqlite
from editor.base.ids import new_key
from editor.desk import articles, connecting
from editor.desk.ports import UnitOfWork
from editor.domain.article import Action, Article, Status
from editor.domain.changes import Outcome
from editor.domain.people import Actor, roles_of
from editor.domain.reaction import QueueState, Verb
from editor.press import people
from editor.runtime.sync_runner import SyncRunner
from tests.sync.newsroom import TWO_SENTENCES, Desk, Newsroom


def back_up(newsroom: Newsroom) -> None:
    """Put a copy of press's database aside."""
    newsroom.stop()
    shutil.copy(newsroom.folder / "press.db", newsroom.folder / "press.copy")
    newsroom.start()


def bring_back(newsroom: Newsroom) -> None:
    """Restore the copy, as another history."""
    newsroom.stop()
    for path in newsroom.folder.glob("press.db*"):
        path.unlink()
    shutil.copy(newsroom.folder / "press.copy", newsroom.folder / "press.db")
    connection = sqlite.connect(newsroom.folder / "press.db", "writer")
    connection.execute("UPDATE meta SET value = ? WHERE name = 'epoch'", (new_key(),))
    connection.commit()
    connection.close()
    newsroom.start()


def session(desk: Desk) -> SyncRunner:
    """One session of the window: its engine lives on."""
    runner = desk.runner()
    runner.once()
    desk.sync = runner.once  # type: ignore[method-assign]
    return runner


def test_what_was_written_since_the_servers_back_up_is_there_again(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    old = newsroom.shared(anna, bram)
    back_up(newsroom)
    new = anna.write(headline="Na de reservekopie", body="Nieuw stuk.")
    anna.type(old, lead="Na de reservekopie geschreven.")
    newsroom.settle()
    bring_back(newsroom)
    newsroom.settle()
    for desk in (anna, bram):
        assert desk.view(new).article.body == "Nieuw stuk."
        assert desk.view(old).article.lead == "Na de reservekopie geschreven."
        assert desk.cards() == []
    cara = newsroom.desk("cara")
    newsroom.settle()
    assert cara.view(new).article.body == "Nieuw stuk."
    assert cara.view(old).article.lead == "Na de reservekopie geschreven."


def test_an_open_window_notices_the_other_history_by_itself(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    old = newsroom.shared(anna)
    session(anna)
    back_up(newsroom)
    anna.type(old, lead="Erna.")
    anna.sync()
    bring_back(newsroom)
    anna.sync()
    newsroom.settle()
    bram = newsroom.desk("bram")
    newsroom.settle()
    assert bram.view(old).article.lead == "Erna."
    assert anna.sync().state == "ok"


def test_what_was_public_before_the_back_up_came_back_is_not_public_by_a_text_alone(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    back_up(newsroom)
    anna.publish(article_id)
    newsroom.settle()
    bring_back(newsroom)
    newsroom.settle()
    assert newsroom.public_text(article_id) == ""
    assert anna.view(article_id).wanted == Status.DRAFT


def test_a_line_that_the_server_lost_asks_before_it_goes_on_air_again(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    newsroom.settle()
    back_up(newsroom)
    entry_id = anna.plan("Brug gaat open", minutes=0)
    newsroom.settle()
    assert newsroom.public_ticker() == ["Brug gaat open"]
    bring_back(newsroom)
    newsroom.settle()
    assert newsroom.public_ticker() == []
    assert [card.kind for card in bram.cards(entry_id)] == ["late"]
    anna.settle(anna.card(entry_id), "both")
    newsroom.settle()
    assert newsroom.public_ticker() == ["Brug gaat open"]


def test_a_reaction_is_again_what_the_restored_server_says(newsroom: Newsroom) -> None:
    els, anna = newsroom.desk("els"), newsroom.desk("anna", "moderator")
    article_id = newsroom.shared(els)
    els.publish(article_id)
    els.sync()
    reaction_id = newsroom.react(article_id, "Een mooie reactie op dit stuk.")
    anna.sync()
    back_up(newsroom)
    anna.decide(reaction_id, Verb.APPROVE)
    anna.sync()
    bring_back(newsroom)
    anna.sync()
    assert anna.reaction(reaction_id).state is QueueState.PENDING
    anna.decide(reaction_id, Verb.REJECT, reason="OFFTOPIC")
    anna.sync()
    assert anna.reaction(reaction_id).state is QueueState.REJECTED


def test_a_new_log_in_at_the_restored_server_reads_everything_again(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    newsroom.shared(anna)
    back_up(newsroom)
    bring_back(newsroom)
    info = anna.network.hello()
    anna.do(lambda work: connecting.bind(work, info, adapter="press", url=newsroom.url))
    assert anna.sync().state == "ok"


def test_nothing_is_sent_under_another_persons_log_in(newsroom: Newsroom) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    anna.type(article_id, lead="Van Anna.")
    anna.network = newsroom.network(bram._token, "replica-anna")
    report = anna.sync()
    assert report.pushed == 0
    assert report.state == "attention"
    newsroom.settle(bram)
    assert bram.view(article_id).article.lead == "Kort."


def test_nothing_is_sent_to_another_newsroom_at_the_same_address(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    other = Newsroom(newsroom.folder / "other")
    namesake = other.desk("anna")
    try:
        anna.type(article_id, lead="Voor de eigen redactie.")
        anna.network = other.network(namesake._token, "replica-anna")
        assert anna.sync().pushed == 0
        namesake.sync()
        assert namesake.door.read_now(lambda reader: reader.entity("article", article_id)) is None
    finally:
        other.close()


def test_a_moderator_who_is_none_any_more_goes_on_writing(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna", "journalist", "moderator")
    session(anna)
    people.add(newsroom.press, "anna", ["journalist"], device="telefoon")
    article_id = anna.write(headline="Nog steeds", body="Tekst.")
    anna.sync()
    newsroom.pass_time(minutes=1)
    assert anna.sync().state == "ok"
    cara = newsroom.desk("cara")
    cara.sync()
    assert cara.view(article_id).article.body == "Tekst."


def test_whoever_becomes_a_moderator_sees_reactions_without_starting_anew(newsroom: Newsroom) -> None:
    els, anna = newsroom.desk("els"), newsroom.desk("anna", "journalist")
    article_id = newsroom.shared(els)
    els.publish(article_id)
    els.sync()
    reaction_id = newsroom.react(article_id, "Een mooie reactie op dit stuk.")
    session(anna)
    people.add(newsroom.press, "anna", ["journalist", "moderator"], device="telefoon")
    newsroom.pass_time(minutes=6)
    anna.sync()
    anna.sync()
    assert anna.reaction(reaction_id).state is QueueState.PENDING


def test_work_done_before_the_first_log_in_is_the_persons_own(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna", "journalist")
    token = people.add(newsroom.press, "bram", ["journalist"], device="bram").token
    bram = Desk.__new__(Desk)
    bram._newsroom, bram._token, bram.name = newsroom, token, "bram"
    bram.folder = newsroom.folder / "bram"
    bram.network = newsroom.network(token, "replica-bram")
    bram._open()
    newsroom._desks.append(bram)
    article_id = bram.do(lambda work: articles.new_article(work, Article("", headline="Eerst", body=TWO_SENTENCES)))
    bram.step(article_id, Action.SUBMIT)
    other_id = bram.do(lambda work: articles.new_article(work, Article("", headline="Tweede", body="Tekst.")))
    info = bram.network.hello()
    bram.do(lambda work: connecting.bind(work, info, adapter="press", url=newsroom.url))
    bram.step(other_id, Action.SUBMIT)
    newsroom.settle()
    for one in (article_id, other_id):
        assert anna.view(one).wanted == Status.DESK
        assert anna.view(one).article.created_by == info.user_id


def test_another_person_cannot_take_a_profile_over(newsroom: Newsroom) -> None:
    import pytest

    from editor.base.errors import UserError

    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    info = bram.network.hello()
    with pytest.raises(UserError, match="another person"):
        anna.do(lambda work: connecting.bind(work, info, adapter="press", url=newsroom.url))


def test_a_request_of_another_actor_stays_where_it_is(newsroom: Newsroom) -> None:
    anna = newsroom.desk("anna")
    article_id = newsroom.shared(anna)
    anna.cut().step(article_id, Action.SUBMIT)

    def become(work: UnitOfWork) -> Outcome[None]:
        work.profile.set_actor(Actor(new_key(), "Iemand anders", roles_of(["editor"])))
        return Outcome(None, work.changes())

    anna.do(become)
    anna.reconnect()
    assert anna.sync().pushed == 0
