"""Steps at the articles desk, over a real profile: who may take them, what is asked first, and what can be stopped."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.desk.ports import OpState, UnitOfWork
from editor.domain.article import Approval, Article, Status, content_hash
from editor.domain.changes import Outcome
from editor.domain.newsroom import Newsroom
from editor.domain.publication import Publication, PublicationKind
from editor.ui.actions import Keymap
from editor.ui.articles.desk import ArticlesDesk
from editor.ui.theme.look import Look
from editor.ui.wording import Wording
from tests.gui.articles_home import NOW, ArticlesHome, opened
from tests.gui.conftest import Alarms

Show = Callable[..., ArticlesDesk]
SITE = Article("", headline="Brug dicht", body="De brug is dicht tot vrijdag.")
LIVE = (Publication("1-a", content_hash(SITE), NOW - timedelta(days=2, hours=1), PublicationKind.FIRST, "u1"),)


@pytest.fixture
def home(qapp, tmp_path):
    with opened(tmp_path, now=NOW) as home:
        yield home


@pytest.fixture
def show(qtbot, look: Look, alarms: Alarms):
    shown: list[ArticlesDesk] = []

    def make(home: ArticlesHome, article_id: str) -> ArticlesDesk:
        desk = ArticlesDesk(home.door, Wording("nl"), look, Keymap(), home.clock, alarms)
        shown.append(desk)
        qtbot.addWidget(desk)
        desk.resize(1368, 872)
        desk.show()
        desk.activateWindow()
        desk.open_item(article_id)
        qtbot.waitUntil(lambda: desk.shown is not None)
        return desk

    yield make
    for desk in shown:
        desk.close_desk()


@pytest.fixture
def step(qtbot, alarms: Alarms):
    """Press the step's key, and wait until the desk shows another status or asks something."""
    def press(desk: ArticlesDesk, status: str = "") -> None:
        alarms.advance(800)  # a calm moment after the step before
        desk.commands()["article.step"]()

        def done() -> bool:
            alarms.advance(150)
            return desk.shown is not None and (desk.shown.view.wanted == status if status else desk.panel.strip.isVisible())
        qtbot.waitUntil(done)

    return press


def test_an_article_goes_from_draft_to_published_with_one_key(qtbot, home, show, step, alarms):
    home.bind()
    article_id = home.write("Brug dicht", body="De brug is dicht.")
    desk = show(home, article_id)
    assert desk.panel.steps.step.words == "Klaar voor eindredactie"
    step(desk, "desk")
    assert desk.panel.steps.step.words == "Goedkeuren"
    step(desk, "approved")
    assert desk.panel.steps.step.words == "Publiceren"
    step(desk)
    assert "krijgt een eigen pagina" in desk.panel.strip.words
    QTest.keyClick(desk.panel.strip, Qt.Key.Key_Return)

    def wanted() -> bool:
        alarms.advance(150)
        return desk.shown is not None and desk.shown.view.wanted == "published"
    qtbot.waitUntil(wanted)

    def said() -> bool:
        alarms.advance(1000)
        card = desk.panel.library.cards.model.card(0)
        return bool((card.mark.word, card.state) == ("Goedgekeurd", "publicatie wacht op verzending"))
    qtbot.waitUntil(said)
    assert "seconden" in desk.panel.strip.words


def test_publishing_can_be_stopped_within_its_grace(qtbot, home, show, step, alarms):
    home.bind()
    article_id = home.write("Brug dicht", body="De brug is dicht.")
    desk = show(home, article_id)
    for status in ("desk", "approved"):
        step(desk, status)
    step(desk)
    QTest.keyClick(desk.panel.strip, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: home.view(article_id).wanted == "published")
    qtbot.waitUntil(lambda: "seconden" in desk.panel.strip.words)
    home.clock.advance(timedelta(seconds=3))
    alarms.advance(1000)
    assert "7 seconden" in desk.panel.strip.words
    desk.panel.surface.setFocus()
    QTest.keyClicks(desk.panel.surface, "s")  # a letter is a letter
    QTest.keyClick(desk.panel.surface, Qt.Key.Key_Backspace)
    QTest.keyClick(desk.panel.surface, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: home.view(article_id).wanted == "approved")
    assert not desk.panel.strip.isVisible()


def test_what_has_left_is_not_stopped(qtbot, home, show, step):
    home.bind()
    article_id = home.write("Brug dicht", body="De brug is dicht.")
    desk = show(home, article_id)
    for status in ("desk", "approved"):
        step(desk, status)
    step(desk)
    QTest.keyClick(desk.panel.strip, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "seconden" in desk.panel.strip.words)

    def send(work: UnitOfWork) -> Outcome[None]:
        row = work.outbox.lane(article_id, OpState.PENDING)[-1]
        work.outbox.put(replace(row, state=OpState.SEALED, body=b"{}", body_hash="h"))
        return Outcome(None, work.changes())
    home.door.change_now(send)
    QTest.keyClick(desk.panel.strip, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: "al verzonden" in desk.panel.steps.words)
    assert home.view(article_id).wanted == "published"


def test_the_countdown_goes_away_when_the_step_has_left(qtbot, home, show, step, alarms):
    home.bind()
    desk = show(home, home.write("Brug dicht", body="De brug is dicht."))
    for status in ("desk", "approved"):
        step(desk, status)
    step(desk)
    QTest.keyClick(desk.panel.strip, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "seconden" in desk.panel.strip.words)
    home.clock.advance(timedelta(seconds=10))
    alarms.advance(1000)
    assert not desk.panel.strip.isVisible()


def test_an_approval_is_for_what_is_on_screen_even_if_it_was_typed_just_now(qtbot, home, show, step):
    home.bind()
    article_id = home.write("Brug dicht", body="De brug is dicht.")
    desk = show(home, article_id)
    step(desk, "desk")
    desk.panel.surface.setFocus()
    QTest.keyClicks(desk.panel.surface, "Toch? ")
    step(desk, "approved")
    view = home.view(article_id)
    assert view.article.body == "Toch? De brug is dicht."
    assert view.waiting[-1].command["content_hash"] == content_hash(view.article)


def test_text_that_changes_while_the_strip_asks_is_not_published(qtbot, home, show, step, alarms):
    home.bind()
    article_id = home.write("Brug dicht", body="De brug is dicht.")
    desk = show(home, article_id)
    for status in ("desk", "approved"):
        step(desk, status)
    step(desk)
    QTest.keyClicks(desk.panel.surface, "Nee: ")
    QTest.keyClick(desk.panel.strip, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "niet meer dezelfde" in desk.panel.steps.words)
    assert home.view(article_id).wanted == "approved"
    step_words = desk.panel.steps.step

    def again() -> bool:
        alarms.advance(150)
        return bool(step_words.words == "Opnieuw goedkeuren")
    qtbot.waitUntil(again)


def test_a_change_to_a_live_article_shows_what_changes_on_the_site(qtbot, home, show, step, alarms):
    home.bind()
    fields = {"body": SITE.body, "status": Status.PUBLISHED, "live": LIVE, "approved": Approval("1-a", content_hash(SITE), "u1", NOW)}
    desk = show(home, home.arrive("Brug dicht", **fields))
    assert desk.panel.steps.words == "Lezers zien deze tekst."
    text = desk.panel.surface.text()
    desk.panel.surface.place_cursor(text.index("vrijdag"))
    QTest.keyClicks(desk.panel.surface, "uiterlijk ")
    alarms.advance(400)

    def differs() -> bool:
        alarms.advance(150)
        return bool(desk.panel.steps.step.words == "Wijziging goedkeuren")
    qtbot.waitUntil(differs)
    alarms.advance(800)
    desk.commands()["article.step"]()

    def approved() -> bool:
        alarms.advance(150)
        return bool(desk.panel.steps.step.words == "Wijziging publiceren")
    qtbot.waitUntil(approved)
    step(desk)
    assert "tot uiterlijk vrijdag" in desk.panel.strip.words
    assert "Klein herstel" in [button.words for button in desk.panel.strip._buttons]
    QTest.keyClick(desk.panel.strip, Qt.Key.Key_M)
    qtbot.waitUntil(lambda: home.view(desk.shown.article.id).waiting[-1].command.get("kind") == "minor")


def test_what_is_missing_is_a_link_to_its_field(qtbot, home, show, alarms):
    home.bind(newsroom=Newsroom("n1", sections=("Stad",), checklist=("headline", "section")))
    article_id = home.write("Brug dicht")
    desk = show(home, article_id)
    assert desk.panel.steps.words.startswith("Nog nodig voor ‘klaar’: rubriek")
    desk.commands()["article.step"]()
    assert desk.properties.section.hasFocus()
    assert home.view(article_id).wanted == "draft"


def test_a_journalist_is_told_who_takes_the_next_step(qtbot, home, show, step):
    home.bind("journalist")
    desk = show(home, home.write("Brug dicht"))
    step(desk, "desk")
    assert not desk.panel.steps.step.isVisible()
    assert "mag goedkeuren" in desk.panel.steps.words


def test_a_time_that_is_none_is_said_in_place(qtbot, home, show, step, alarms):
    home.bind()
    article_id = home.write("Brug dicht", body="Dicht.")
    desk = show(home, article_id)
    for status in ("desk", "approved"):
        step(desk, status)
    alarms.advance(800)
    schedule = next(offer for offer in desk.steps_offered() if offer.action.value == "schedule")
    desk.steps.take(schedule)
    strip = desk.panel.strip
    for typed, said in (("straks", "is geen tijd"), ("28-03-2027 02:30", "bestaat niet"), ("31-10-2027 02:30", "twee keer")):
        strip.line.setText(typed)
        QTest.keyClick(strip.line, Qt.Key.Key_Return)
        assert said in strip.words
    assert home.view(article_id).wanted == "approved"
    strip._buttons[1].click()  # the second, winter time
    qtbot.waitUntil(lambda: home.view(article_id).wanted == "scheduled")
    assert home.view(article_id).waiting[-1].command["publish_at"]["fold"] == 1


def test_withdrawing_wants_a_reason_and_is_live_until_it_is_sent(qtbot, home, show, alarms):
    home.bind()
    article_id = home.arrive("Brug dicht", body=SITE.body, status=Status.PUBLISHED, live=LIVE)
    desk = show(home, article_id)
    withdraw = next(offer for offer in desk.steps_offered() if offer.action.value == "withdraw")
    desk.steps.take(withdraw)
    strip = desk.panel.strip
    QTest.keyClick(strip.line, Qt.Key.Key_Return)
    assert "paar woorden" in strip.words
    QTest.keyClicks(strip.line, "klopte niet")
    QTest.keyClick(strip.line, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: home.view(article_id).wanted == "withdrawn")

    def said() -> bool:
        alarms.advance(1000)
        card = desk.panel.library.cards.model.card(0)
        return bool((card.mark.word, card.state) == ("Live", "intrekking wacht op verzending"))
    qtbot.waitUntil(said)


def test_the_bin_gives_an_article_back(qtbot, home, show, alarms):
    home.bind()
    article_id = home.write("Brug dicht")
    desk = show(home, article_id)
    desk.steps.ask_bin()
    QTest.keyClick(desk.panel.strip, Qt.Key.Key_Return)

    def gone() -> bool:
        alarms.advance(1000)
        return not desk.panel.is_open and "prullenbak" in desk.panel.nothing.words
    qtbot.waitUntil(gone)
    assert home.view(article_id).deleted
    desk.panel.nothing._button.click()
    qtbot.waitUntil(lambda: desk.panel.is_open)
    assert not home.view(article_id).deleted


def test_a_moderator_reads_and_does_not_write(qtbot, home, show):
    home.bind("moderator")
    desk = show(home, home.arrive("Brug dicht", body="Dicht."))
    QTest.keyClicks(desk.panel.surface, "Nee")
    assert desk.panel.surface.text() == "Dicht."
    assert "schrijft ze niet" in desk.panel.steps.words
    assert desk.steps_offered() == ()
