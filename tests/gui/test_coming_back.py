"""What comes back: the article and the cursor at the next start, the colours at another theme, the page in a browser."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from editor.domain.article import Status
from editor.domain.publication import Publication, PublicationKind
from editor.ui.actions import Keymap
from editor.ui.articles.browsing import Browsing
from editor.ui.articles.desk import ArticlesDesk
from editor.ui.articles.facts import ArticleFacts
from editor.ui.desk_facts import facts_of
from editor.ui.theme.fonts import Type
from editor.ui.theme.tokens import load_theme
from editor.ui.widgets.head_field import HeadField
from tests.gui.articles_home import NOW, ZONE, opened
from tests.gui.test_application import Root, root, start  # noqa: F401 - fixtures


def articles_desk(program):
    return program.frame._holders["articles"].made()


def test_the_cursor_is_where_it_was_left_and_one_can_type_on(start, root: Root, qtbot):  # noqa: F811 - fixtures
    root.settings["window.desk"] = "articles"
    first = start()
    qtbot.waitUntil(lambda: first.opened is not None)
    assert root.home is not None
    root.home.write_articles()
    desk = articles_desk(first)
    desk.open_item(root.home.articles[1])
    qtbot.waitUntil(lambda: desk.shown is not None)
    QTest.keyClicks(desk.panel.surface, "Een zin en nog een")
    desk.panel.surface.place_cursor(7)
    first.frame.window.close()
    first.stop()

    again = start()
    qtbot.waitUntil(lambda: again.opened is not None)
    surface = articles_desk(again).panel.surface
    qtbot.waitUntil(lambda: surface.text() == "Een zin en nog een")
    qtbot.waitUntil(surface.hasFocus)
    assert surface.cursor_point() == 7


def test_a_window_that_has_gone_is_asked_nothing_at_another_theme(start, root: Root, qtbot):  # noqa: F811 - fixtures
    root.settings["window.desk"] = "reactions"
    program = start()
    qtbot.waitUntil(lambda: program.opened is not None)
    program.change_setting("text_size", "large")
    qtbot.waitUntil(lambda: program.frame._holders["reactions"].desk is not None)
    with qtbot.captureExceptions() as raised:
        QApplication.sendPostedEvents(None, 52)  # the old window is deleted
        program.change_setting("theme", "dark")
    assert not raised


def grounds(widget: QWidget) -> set[str]:
    """The colours in the field's empty right edge."""
    image: QImage = widget.grab().toImage()
    return {QColor(image.pixel(image.width() - 4, y)).name() for y in range(2, image.height() - 2)}


def test_a_head_takes_the_ground_of_another_theme(qtbot, look):
    field = HeadField(look, "Kop", kind=Type.HEADLINE)
    qtbot.addWidget(field)
    field.resize(400, 60)
    field.load("Kop")
    field.show()
    assert grounds(field) == {look.colour("surface").name()}
    look.use(load_theme("dark"), 1.0)
    qtbot.waitUntil(lambda: grounds(field) == {look.colour("surface").name()})


@pytest.fixture
def home(qapp, tmp_path: Path):
    with opened(tmp_path / "articles") as made:
        made.bind()
        yield made


OUT = Publication("1-abc", "h", NOW - timedelta(days=9), PublicationKind.FIRST, "u1")


def test_the_public_page_of_a_live_article_is_opened(qtbot, home):
    live = home.arrive("Haven blijft open", status=Status.PUBLISHED, live=(OUT,))
    looked: list[Any] = []
    refused: list[Any] = []
    browsing = Browsing(home.door, home.clock, lambda url: looked.append(url.toString()))
    browsing.open(live, refused.append)
    qtbot.waitUntil(lambda: bool(looked or refused))
    assert not refused, refused
    assert looked[0] == f"https://redactie.example/artikel/artikel-{live[-8:]}"
    assert not refused


def test_what_readers_do_not_see_has_no_page(qtbot, home):
    gone = replace(OUT, kind=PublicationKind.WITHDRAWAL)
    looked: list[Any] = []
    refused: list[Any] = []
    browsing = Browsing(home.door, home.clock, looked.append)
    for one in (home.write("Nog een concept"), home.arrive("Ingetrokken", status=Status.WITHDRAWN, live=(OUT, gone))):
        browsing.open(one, refused.append)
    qtbot.waitUntil(lambda: [error.kind for error in refused] == ["not_public", "not_public"])
    assert not looked


def test_withdrawn_and_planned_are_facts_of_their_own(words):
    def said(**more: object) -> str:
        told = ArticleFacts(saved_at=NOW, sent_at=NOW, **more)  # type: ignore[arg-type]
        return " · ".join(fact.words for fact in facts_of(told, words, ZONE, NOW).left)
    assert "nog niet live" in said()
    assert "ingetrokken 14:02" in said(withdrawn_at=NOW)
    assert "nog niet live" not in said(withdrawn_at=NOW)
    assert "ingepland 14:02" in said(planned_at=NOW)
    assert said(live_at=NOW, planned_at=NOW).endswith("live 14:02 · ingepland 14:02")


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # a pop-up, without a screen
def test_the_menu_of_steps_ends_where_its_button_ends(qtbot, home, look, words):
    one = home.write("Nog een concept")
    desk = ArticlesDesk(home.door, words, look, Keymap(), home.clock)
    qtbot.addWidget(desk)
    desk.resize(760, 700)
    desk.show()
    desk.open_item(one)
    qtbot.waitUntil(lambda: desk.shown is not None and desk.panel.steps.more.isVisible())
    QTest.keyClick(desk, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    more = desk.panel.steps.more
    assert abs(menu.geometry().right() - more.mapToGlobal(more.rect().topRight()).x()) <= 2
    assert menu.activeAction() is menu.actions()[0]
    menu.close()
    desk.close_desk()
