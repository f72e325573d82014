"""The articles desk over a real profile, drawn in its states: filled, a conflict, what publishing changes, versions, empty."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint, QSize

from editor.desk import articles
from editor.domain.article import Approval, Article, Status, content_hash
from editor.domain.newsroom import Newsroom
from editor.domain.publication import Publication, PublicationKind
from editor.ui.actions import Keymap
from editor.ui.articles.desk import ArticlesDesk
from editor.ui.articles.panel import PROPERTIES, VERSIONS
from tests.gui.articles_home import BODY, LEAD, NOW, OPEN, ZONE, opened

SIZE = QSize(1368, 872)
SITE = Article("", headline="Veerpont vaart weer", kicker="Vervoer", lead=LEAD, body=BODY)
NEWSROOM = Newsroom("n1", zone=ZONE, sections=("Stad", "Regio", "Sport"), checklist=("headline", "section", "tags"))


@pytest.fixture
def home(qapp, tmp_path):
    with opened(tmp_path) as home:
        yield home


@pytest.fixture
def morning(home):
    home.bind(newsroom=NEWSROOM)
    home.fill()
    return home


@pytest.fixture
def show(qtbot, look, words):
    shown = []

    def make(home, article_id=""):
        desk = ArticlesDesk(home.door, words, look, Keymap(), home.clock)
        shown.append(desk)
        qtbot.addWidget(desk)
        desk.resize(SIZE)
        desk.show()
        if article_id:
            desk.open_item(article_id)
            qtbot.waitUntil(lambda: desk.shown is not None and desk.shown.article.id == article_id)
        return desk

    yield make
    for desk in shown:
        desk.close_desk()


def name(state, look, words):
    return f"articles-desk-{state}-{look.theme.name}-{words.language}"


def test_a_morning(qtbot, morning, show, look, words, drawn):
    desk = show(morning, morning.ids[OPEN])
    qtbot.waitUntil(lambda: "donderdag" in desk.panel.preview.browser.toPlainText())
    image = drawn(desk, name("filled", look, words), SIZE)
    cards = desk.panel.library.cards.view
    assert image.pixelColor(cards.mapTo(desk, QPoint(1, 20))).name() == look.colour("accent").name()
    assert image.pixelColor(cards.mapTo(desk, QPoint(1, 140))).name() == look.colour("bg").name()
    assert len(desk.panel.steps.words.split(", ")) == 2


def test_two_versions_of_one_passage(qtbot, morning, show, look, words, drawn):
    desk = show(morning, morning.ids["Nieuwe spoorlijn naar Tanger een jaar later klaar"])
    desk.panel.conflicts.open_cards()
    image = drawn(desk, name("conflict", look, words), SIZE)
    strip = desk.panel.conflicts.mapTo(desk, QPoint(4, 4))
    assert image.pixelColor(strip).name() == look.colour("error_tint").name()
    assert desk.panel.surface.isVisible()
    assert desk.panel.surface.height() > 300


def test_what_publishing_changes(qtbot, morning, show, look, words, drawn):
    live = (Publication("1-a", content_hash(SITE), NOW - timedelta(hours=1), PublicationKind.FIRST, "u1"),)
    changed = Article("", headline="Veerpont bij Lekdam vaart weer", kicker="Vervoer", lead=LEAD, body=BODY.replace("een derde", "de helft"))
    article_id = morning.arrive(SITE.headline, "u1", kicker=SITE.kicker, lead=LEAD, body=BODY, status=Status.PUBLISHED, live=live,
                                approved=Approval("2-a", content_hash(changed), "u1", NOW))
    morning.door.change_now(lambda work: articles.edit(work, article_id, {"headline": changed.headline, "body": changed.body}))
    desk = show(morning, article_id)
    desk.commands()["article.step"]()
    qtbot.waitUntil(desk.panel.strip.isVisible)
    assert "bij Lekdam" in desk.panel.strip.words
    image = drawn(desk, name("publish", look, words), SIZE)
    assert image.pixelColor(desk.panel.strip.mapTo(desk, QPoint(8, 8))).name() == look.colour("accent_tint").name()


def test_versions_and_properties(qtbot, morning, show, look, words, drawn):
    article_id = morning.ids[OPEN]
    morning.door.change_now(lambda work: articles.name_version(work, article_id, "naar de jurist"))
    morning.door.change_now(lambda work: articles.edit(work, article_id, {"body": BODY.replace("een derde", "de helft")}))
    desk = show(morning, article_id)
    desk.panel.tabs.choose(VERSIONS)
    qtbot.waitUntil(lambda: "de helft" in desk.versions.browser.toPlainText())
    drawn(desk, name("versions", look, words), SIZE)
    desk.panel.tabs.choose(PROPERTIES)
    drawn(desk, name("properties", look, words), SIZE)
    assert desk.properties.section.isVisible()


def test_an_empty_newsroom(qtbot, home, show, look, words, drawn):
    desk = show(home)
    head = words.tr("articles", "No articles yet")
    qtbot.waitUntil(lambda: head in desk.panel.library.cards.state.words)
    drawn(desk, name("empty", look, words), SIZE)
    assert not desk.panel.tabs.isVisible()


@pytest.mark.parametrize("look", ["light"], indirect=True)
def test_text_twice_as_large(qtbot, morning, show, look, words, drawn):
    look.use(look.theme, 2.0)
    desk = show(morning, morning.ids[OPEN])
    drawn(desk, name("large", look, words), QSize(1776, 1024))
    new = desk.panel.library._new
    assert new.geometry().right() <= desk.panel.library.width()
