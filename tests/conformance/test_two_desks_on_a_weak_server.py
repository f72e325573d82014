"""Two workstations over a server without guarantees: nothing is lost, nothing doubled, nobody silently overwritten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from editor.desk import pulling
from editor.desk.ports import OpState, Standing
from editor.domain.article import Action, Status
from editor.domain.reaction import Verb
from tests.conformance.lossy import LossyWire
from tests.conformance.weak_marker import named
from tests.conformance.weak_newsroom import WeakNewsroom
from tests.sync.faults import Fault, Killed
from tests.sync.newsroom import TWO_SENTENCES

FRIDAY = TWO_SENTENCES.replace("donderdag", "vrijdag")
MONDAY = TWO_SENTENCES.replace("donderdag", "maandag")
SLOOP = TWO_SENTENCES.replace("de bouw", "de sloop")
FRIDAY_SLOOP = FRIDAY.replace("de bouw", "de sloop")
MOST_EXCHANGES = 9  # of a greeting and one push
THE_WRITE = 3  # after the greeting, the look, and the revisions


@pytest.fixture
def weak(tmp_path: Path) -> Iterator[WeakNewsroom]:
    """A site and its desks."""
    made = WeakNewsroom(tmp_path / "newsroom")
    yield made
    made.close()


def test_different_sentences_become_one_text_with_both(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.type(article_id, body=FRIDAY)
    bram.type(article_id, body=SLOOP)
    weak.settle()
    assert weak.converged(article_id, anna, bram) == FRIDAY_SLOOP
    assert anna.cards() == bram.cards() == []


def test_the_same_sentence_keeps_both_texts_in_a_card(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.type(article_id, body=FRIDAY)
    bram.type(article_id, body=MONDAY)
    anna.sync()
    bram.sync()
    card = bram.card(article_id)
    assert ("maandag" in str(card.mine), "vrijdag" in str(card.theirs)) == (True, True)
    assert bram.standing(article_id) is Standing.CONFLICT
    bram.settle(card, "both")
    both = weak.converged(article_id, anna, bram)
    assert ("maandag" in both, "vrijdag" in both) == (True, True)


@pytest.mark.parametrize(("what", "exchange"), [*(("answer", n) for n in range(MOST_EXCHANGES)), ("request", 2),
                                                ("request", 5)])
def test_a_create_that_is_cut_off_anywhere_makes_one_article(weak: WeakNewsroom, what: str, exchange: int) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    wire = LossyWire(weak.url)
    try:
        weak.through(anna, wire.url)
        anna.sync()
        article_id = anna.write(headline="Raad stemt", body=TWO_SENTENCES)
        wire.lose(what, exchange)
        anna.sync()
        wire.heal()
        assert weak.converged(article_id, anna, bram) == TWO_SENTENCES
        assert len(weak.posts(article_id)) == 1
        assert anna.standing(article_id) is Standing.CLEAN
    finally:
        wire.close()


@pytest.mark.parametrize(("what", "exchange"), [*(("answer", n) for n in range(1, 7)), ("request", THE_WRITE)])
def test_an_update_that_is_cut_off_anywhere_meets_a_colleagues_text(weak: WeakNewsroom, what: str, exchange: int) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    wire = LossyWire(weak.url)
    try:
        weak.through(anna, wire.url)
        anna.type(article_id, body=FRIDAY)
        wire.lose(what, exchange)
        anna.sync()
        wire.heal()
        bram.type(article_id, body=SLOOP)
        bram.sync()
        assert weak.converged(article_id, anna, bram) == FRIDAY_SLOOP
        assert anna.cards() == bram.cards() == []
    finally:
        wire.close()


@pytest.mark.parametrize("fault", [Fault.LOST_ANSWER, Fault.LOST_REQUEST, Fault.DUPLICATE, Fault.KILL_BEFORE,
                                   Fault.KILL_AFTER, Fault.KILL_LATE])
@pytest.mark.parametrize("step", ["create", "update", "publish"])
def test_a_workstation_that_dies_or_is_not_answered_sends_the_same_again(weak: WeakNewsroom, fault: Fault,
                                                                         step: str) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = anna.write(headline="Raad stemt", lead="Kort.", body=TWO_SENTENCES)
    if step != "create":
        weak.settle()
    if step == "update":
        anna.type(article_id, body=FRIDAY)
    elif step == "publish":
        anna.publish(article_id)
    anna.network.coming.append(fault)
    try:
        anna.sync()
    except Killed:
        anna.reopen()
    text = weak.converged(article_id, anna, bram)
    assert text == (FRIDAY if step == "update" else TWO_SENTENCES)
    assert len(bram.view(article_id).article.live) == (1 if step == "publish" else 0)
    assert anna.lane(article_id, OpState.SEALED, OpState.PENDING) == []


def test_two_who_write_at_the_same_moment_lose_nothing(weak: WeakNewsroom) -> None:
    """Between Anna's look and her write Bram's text arrives: she covers it, sees that she did, and puts it back."""
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.type(article_id, body=FRIDAY)
    bram.type(article_id, body=SLOOP)
    weak.site.between(rf"POST .*/posts/{weak.post(article_id).id}", bram.sync)
    anna.sync()
    assert weak.converged(article_id, anna, bram) == FRIDAY_SLOOP


def test_two_who_write_the_same_sentence_at_the_same_moment_get_a_card(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.type(article_id, body=FRIDAY)
    bram.type(article_id, body=MONDAY)
    weak.site.between(rf"POST .*/posts/{weak.post(article_id).id}", bram.sync)
    anna.sync()
    weak.settle()
    card = anna.card(article_id)
    assert ("vrijdag" in str(card.mine), "maandag" in str(card.theirs)) == (True, True)


@pytest.mark.parametrize("exchange", range(THE_WRITE, MOST_EXCHANGES))
def test_a_covered_text_is_put_back_however_often_the_line_breaks(weak: WeakNewsroom, exchange: int) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    wire = LossyWire(weak.url)
    try:
        weak.through(anna, wire.url)
        anna.type(article_id, body=FRIDAY)
        bram.type(article_id, body=SLOOP)
        weak.site.between(rf"POST .*/posts/{weak.post(article_id).id}", bram.sync)
        wire.lose("answer", exchange)
        anna.sync()
        wire.heal()
        assert weak.converged(article_id, anna, bram) == FRIDAY_SLOOP
    finally:
        wire.close()
        weak.site.forget()


def test_what_is_put_in_the_bin_there_goes_to_the_bin_here(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    weak.site.bin(weak.post(article_id).id)
    weak.settle()
    assert (anna.view(article_id).deleted, bram.view(article_id).deleted) == (True, True)


def test_what_is_deleted_there_for_good_goes_to_the_bin_after_two_sweeps(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    weak.settle()
    weak.site.purge(weak.post(article_id).id)
    anna.sync()
    assert not anna.view(article_id).deleted  # one sweep proves nothing
    weak.settle()
    assert (anna.view(article_id).deleted, bram.view(article_id).deleted) == (True, True)


@pytest.mark.parametrize("how", ["bin", "purge"])
def test_unsent_text_survives_a_deletion_there(weak: WeakNewsroom, how: str) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.type(article_id, body=FRIDAY)
    post = weak.post(article_id).id
    weak.site.bin(post) if how == "bin" else weak.site.purge(post)
    weak.settle(anna, bram)
    card = anna.card(article_id)
    assert card.kind == "deleted"
    assert anna.view(article_id).article.body == FRIDAY
    anna.settle(card, "mine")
    weak.settle()
    assert weak.converged(article_id, anna, bram) == FRIDAY


def test_a_login_that_ended_looks_like_no_deletion(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    weak.site.revoke(anna._token)
    for _ in range(3):
        assert anna.sync().state == "needs_login"
    assert not anna.view(article_id).deleted
    assert bram.sync().state == "ok"


def test_a_page_that_was_read_before_a_write_does_not_undo_it(weak: WeakNewsroom) -> None:
    """Out of order: the feed's page was made before the write, and is told after it."""
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    cursor = anna.door.read_now(lambda reader: reader.feed("content")).cursor
    bram.type(article_id, body=SLOOP)
    bram.sync()
    old = anna.network.changes("content", cursor)
    weak.settle()
    anna.type(article_id, body=FRIDAY_SLOOP)
    anna.sync()
    anna.do(lambda work: pulling.apply_page(work, "content", old))
    assert anna.view(article_id).article.body == FRIDAY_SLOOP
    assert weak.converged(article_id, anna, bram) == FRIDAY_SLOOP


def test_a_title_changed_in_the_sites_own_editor_comes_in_and_merges(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    post = weak.post(article_id)
    weak.site.answer("POST", f"/wp-json/wp/v2/posts/{post.id}", b'{"title": "Raad stemt morgen"}', 1)
    anna.type(article_id, body=FRIDAY)
    weak.settle()
    assert weak.converged(article_id, anna, bram) == FRIDAY
    assert [desk.view(article_id).article.headline for desk in (anna, bram)] == ["Raad stemt morgen"] * 2


def test_published_then_withdrawn_offline_ends_withdrawn_and_never_public(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.cut()
    anna.publish(article_id)
    anna.step(article_id, Action.WITHDRAW, note="Toch niet")
    anna.reconnect()
    weak.settle()
    assert bram.view(article_id).article.live == ()
    assert weak.post(article_id).status != "publish"


def test_an_approved_text_is_published_and_not_the_letter_after_it(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.cut()
    anna.publish(article_id)
    anna.type(article_id, body=TWO_SENTENCES + " En nog een zin.")
    anna.sync()
    anna.reconnect()
    weak.settle()
    view = bram.view(article_id)
    assert (view.wanted, len(view.article.live)) == (Status.PUBLISHED, 1)
    assert view.article.body.endswith("En nog een zin.")


def test_a_second_empty_shell_doubles_nothing_and_is_cleared_away(weak: WeakNewsroom) -> None:
    """PHP goes on after its client has left: the create that was thought lost arrives late."""
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    creates = [n for n, (method, target, _) in enumerate(r for r in weak.site.requests if r[0] == "POST")
               if target.endswith("/posts")]
    weak.site.deliver_late(creates[0])
    assert len(weak.site.posts) == 2
    assert weak.converged(article_id, anna, bram) == TWO_SENTENCES
    assert len(weak.posts(article_id)) == 1
    anna.type(article_id, body=FRIDAY)
    weak.settle()
    assert len(weak.site.posts) == 1


def test_a_decision_reaches_readers_and_every_moderator(weak: WeakNewsroom) -> None:
    """A comment has no stamp of change: the sweeps tell, and each desk takes in what differs from the one before."""
    anna, bram = weak.desk("anna", "editor", "journalist", "moderator"), weak.desk("bram", "moderator")
    article_id = weak.shared(anna, bram)
    anna.publish(article_id)
    weak.settle()
    comment = weak.site.comment(weak.post(article_id).id, "Lezer", "Wat een goed plan is dit eigenlijk.")
    weak.settle()
    reaction_id = named(weak.url, f"comments/{comment}")
    for verb, status in ((Verb.APPROVE, "approved"), (Verb.REJECT, "trash")):
        weak.pass_time(minutes=3)
        bram.decide(reaction_id, verb, reason="OFFTOPIC" if verb is Verb.REJECT else None)
        weak.settle()
        assert weak.site.comments[comment].status == status
        assert {desk.reaction(reaction_id).reaction.status.value for desk in (anna, bram)} == {status}


def test_many_deletions_at_once_wait_for_a_person(weak: WeakNewsroom) -> None:
    """A site that lost its table looks like a newsroom that deleted everything."""
    anna = weak.desk("anna")
    made = [anna.write(headline=f"Stuk {n}") for n in range(25)]
    weak.settle()
    for article_id in made:
        weak.site.purge(weak.post(article_id).id)
    for _ in range(4):
        weak.pass_time(minutes=5)
        anna.sync()
    assert not any(anna.view(article_id).deleted for article_id in made)
    assert anna.sync().state == "attention"


def test_nothing_is_sent_for_an_object_in_quarantine_whoever_asks(weak: WeakNewsroom) -> None:
    anna = weak.desk("anna")
    article_id = weak.shared(anna)
    wire = LossyWire(weak.url)
    try:
        weak.through(anna, wire.url)
        anna.type(article_id, body=FRIDAY)
        wire.lose("answer", THE_WRITE)
        anna.sync()
        anna.sync()  # "send now", within the two minutes
        write = next(n for n, r in enumerate(weak.site.requests) if r[0] == "POST" and b"vrijdag" in r[2])
        assert not [r for r in weak.site.requests[write:] if article_id in r[1]]
    finally:
        wire.close()


def test_a_write_that_arrives_after_a_colleagues_is_told(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    anna.type(article_id, body=FRIDAY)
    anna.sync()
    weak.settle()
    bram.type(article_id, body=FRIDAY_SLOOP)
    bram.sync()
    writes = [n for n, r in enumerate(r for r in weak.site.requests if r[0] == "POST") if b"vrijdag" in r[2]]
    weak.site.deliver_late(writes[0])
    weak.settle()
    assert "de sloop" in weak.body(article_id) or bram.cards(article_id)


def test_a_covered_text_on_which_somebody_wrote_on_is_rescued(weak: WeakNewsroom) -> None:
    """Anna covers Bram and dies; Carla, who saw Anna's text alone, writes on: there is no head left to put back."""
    anna, bram, carla = weak.desk("anna"), weak.desk("bram"), weak.desk("carla")
    article_id = weak.shared(anna, bram, carla)
    anna.type(article_id, body=FRIDAY)
    bram.type(article_id, body=SLOOP)
    weak.site.between(rf"POST .*/posts/{weak.post(article_id).id}", bram.sync)
    wire = LossyWire(weak.url)
    try:
        weak.through(anna, wire.url)
        wire.lose("answer", THE_WRITE, for_good=True)
        anna.sync()
    finally:
        wire.close()
    weak.through(anna, weak.url)
    assert "de sloop" not in weak.body(article_id)
    carla.sync()
    carla.type(article_id, lead="Van Carla.")
    carla.sync()
    weak.settle()
    assert "de sloop" in weak.converged(article_id, anna, bram, carla)


def test_a_step_on_what_was_deleted_for_good_brings_nothing_back_unasked(weak: WeakNewsroom) -> None:
    anna, bram = weak.desk("anna"), weak.desk("bram")
    article_id = weak.shared(anna, bram)
    weak.settle()
    weak.site.purge(weak.post(article_id).id)
    anna.step(article_id, Action.SUBMIT)
    weak.settle()
    assert weak.posts(article_id) == [] or anna.cards(article_id)
