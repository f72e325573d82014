"""The articles desk as a writer meets it, over a real profile: what is typed is kept, what others write comes in."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from editor.desk import articles
from editor.desk.read_models import ArticleFilter
from editor.domain.changes import Outcome
from editor.store.profile import open_profile
from editor.ui.actions import Keymap
from editor.ui.articles.desk import ArticlesDesk
from editor.ui.articles.panel import VERSIONS
from editor.ui.theme.look import Look
from editor.ui.wording import Wording
from tests.gui.articles_home import OPEN, ArticlesHome, opened
from tests.gui.conftest import Alarms

SETTLED, AT_LATEST = 400, 800
Show = Callable[..., ArticlesDesk]


@pytest.fixture
def home(qapp, tmp_path):
    with opened(tmp_path) as home:
        home.bind()
        yield home


@pytest.fixture
def morning(home):
    home.fill()
    return home


@pytest.fixture
def show(qtbot, look: Look, alarms: Alarms):
    shown: list[ArticlesDesk] = []

    def make(home: ArticlesHome, article_id: str = "", language: str = "nl") -> ArticlesDesk:
        desk = ArticlesDesk(home.door, Wording(language), look, Keymap(), home.clock, alarms)
        shown.append(desk)
        qtbot.addWidget(desk)
        desk.resize(1368, 872)
        desk.show()
        qtbot.waitUntil(lambda: desk.panel.library.cards.is_filled or not home.ids)
        if article_id:
            desk.open_item(article_id)
            qtbot.waitUntil(lambda: desk.shown is not None and desk.shown.article.id == article_id)
        return desk

    yield make
    for desk in shown:
        desk.close_desk()


def titles(desk: ArticlesDesk) -> list[str]:
    model = desk.panel.library.cards.model
    return [model.card(row).headline for row in range(model.rowCount())]


def write(desk: ArticlesDesk, text: str) -> None:
    QTest.keyClicks(desk.panel.surface, text)


def go_to_end(desk: ArticlesDesk) -> None:
    cursor = desk.panel.surface.textCursor()
    cursor.movePosition(QTextCursor.MoveOperation.End)
    desk.panel.surface.setTextCursor(cursor)


def change_elsewhere(home: ArticlesHome, article_id: str, **fields: object) -> None:
    """A colleague's change, as sync writes it into the row."""
    home.door.change_now(lambda work: articles.edit(work, article_id, fields))


# ------------------------------------------------------------------------------------------------------- writing


def test_what_is_typed_is_on_disk_once_it_rests(qtbot, morning, show, alarms):
    desk = show(morning, morning.ids[OPEN])
    go_to_end(desk)
    write(desk, " Einde.")
    alarms.advance(SETTLED)
    qtbot.waitUntil(lambda: morning.view(morning.ids[OPEN]).article.body.endswith("Einde."))


def test_typing_without_a_pause_is_saved_all_the_same(qtbot, morning, show, alarms):
    desk = show(morning, morning.ids[OPEN])
    go_to_end(desk)
    for _ in range(8):
        write(desk, "x")
        alarms.advance(AT_LATEST // 8)
    qtbot.waitUntil(lambda: morning.view(morning.ids[OPEN]).article.body.endswith("xxxxxxxx"))


def test_the_head_is_saved_as_the_text_is(qtbot, morning, show, alarms):
    desk = show(morning, morning.ids[OPEN])
    field = desk.panel.head.fields["kicker"]
    field.setFocus()
    QTest.keyClicks(field, "Nieuw: ")
    alarms.advance(SETTLED)
    qtbot.waitUntil(lambda: morning.view(morning.ids[OPEN]).article.kicker.startswith("Nieuw: "))


def test_properties_are_saved_as_the_text_is(qtbot, morning, show, alarms):
    desk = show(morning, morning.ids[OPEN])
    tags = desk.properties.lines["tags"]
    QTest.keyClicks(tags, "wonen, haven")
    alarms.advance(SETTLED)
    qtbot.waitUntil(lambda: morning.view(morning.ids[OPEN]).article.tags == ("wonen", "haven"))


def test_no_section_has_words_and_is_saved_as_none(qtbot, home, show, alarms):
    home.bind()
    article_id = home.write("Zonder rubriek", section="Stad")
    section = show(home, article_id).properties.section
    assert (section.currentText(), section.itemText(0)) == ("Stad", "Geen rubriek")
    section.setCurrentIndex(0)
    section.activated.emit(0)
    alarms.advance(1000)
    qtbot.waitUntil(lambda: home.view(article_id).article.section == "")


def test_at_the_largest_text_a_small_window_leaves_35_letters_to_the_line(qtbot, home, show, look):
    home.bind()
    look.use(look.theme, 1.5)
    desk = show(home, home.write("Smal"))
    desk.resize(1280, 800)
    qtbot.waitUntil(lambda: desk.panel.surface.viewport().width() >= 35 * look.px(16) / 2)


def test_leaving_the_text_saves_it_at_once(qtbot, morning, show):
    desk = show(morning, morning.ids[OPEN])
    desk.activateWindow()
    desk.panel.surface.setFocus()
    go_to_end(desk)
    write(desk, " Weg.")
    desk.panel.library.search.setFocus()
    qtbot.waitUntil(lambda: morning.view(morning.ids[OPEN]).article.body.endswith("Weg."))


def test_another_article_opens_after_the_first_is_saved_and_the_cursor_comes_back(qtbot, morning, show):
    desk = show(morning, morning.ids[OPEN])
    surface = desk.panel.surface
    surface.place_cursor(40)
    write(desk, "ZO")
    other = morning.ids["Dadeloogst begint twee weken eerder dan normaal"]
    desk.open_item(other)
    qtbot.waitUntil(lambda: desk.shown.article.id == other)
    assert "ZO" in morning.view(morning.ids[OPEN]).article.body
    desk.open_item(morning.ids[OPEN])
    qtbot.waitUntil(lambda: desk.shown.article.id == morning.ids[OPEN])
    assert surface.cursor_point() == 42


def test_closing_hands_over_even_what_waited_behind_a_save(morning, show):
    desk = show(morning, morning.ids[OPEN])
    go_to_end(desk)
    write(desk, " eerst")
    desk.writing.settle()  # under way, its answer is not yet here
    write(desk, " laatst")
    desk.close_desk()
    morning.door.change_now(lambda work: Outcome(None, work.changes()))  # whatever was handed over stands before this
    assert morning.view(morning.ids[OPEN]).article.body.endswith(" eerst laatst")


CHILD = """
import sys
from pathlib import Path
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from editor.ui.actions import Keymap
from editor.ui.articles.desk import ArticlesDesk
from editor.ui.theme.fonts import load_fonts
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import load_theme
from editor.ui.wording import Wording
from tests.gui.articles_home import opened
app = QApplication([])
load_fonts()
with opened(Path(sys.argv[1])) as home:
    made = home.write("Brug dicht")
    desk = ArticlesDesk(home.door, Wording("nl"), Look(load_theme("light")), Keymap(), home.clock)
    desk.show()
    def typed(article_id):
        QTest.keyClicks(desk.panel.surface, "De brug over de Lek blijft dicht.")
        print("typed", flush=True)
    desk.opened.connect(typed)
    app.exec()
"""


def test_a_kill_after_the_save_loses_nothing(qtbot, tmp_path):
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=os.getcwd(),
                             env={**os.environ, "PYTHONPATH": os.getcwd()})
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == "typed\n"

        def found() -> bool:
            with open_profile(tmp_path, mode="read") as profile, profile.store.read() as reader:
                return [item.headline for item in reader.articles(ArticleFilter("Lek"))] == ["Brug dicht"]
        qtbot.waitUntil(found)
        child.send_signal(signal.SIGKILL)
        child.wait()
        assert found()
    finally:
        child.kill()
        child.communicate()


# ------------------------------------------------------------------------------------------- what others write


def test_a_save_that_meets_a_colleagues_text_keeps_both(qtbot, morning, show, alarms):
    article_id = morning.ids[OPEN]
    desk = show(morning, article_id)
    go_to_end(desk)
    write(desk, " Mijn zin.")
    theirs = morning.view(article_id).article.body.replace("vooral zand", "vooral zand en slib")
    change_elsewhere(morning, article_id, body=theirs)
    alarms.advance(SETTLED)
    qtbot.waitUntil(lambda: "zand en slib" in desk.panel.surface.text())
    text = desk.panel.surface.text()
    assert text.endswith(" Mijn zin.")
    assert morning.view(article_id).article.body == text


def test_what_is_typed_during_a_merging_save_is_kept_too(qtbot, morning, show, alarms):
    article_id = morning.ids[OPEN]
    desk = show(morning, article_id)
    go_to_end(desk)
    write(desk, " Een.")
    theirs = morning.view(article_id).article.body.replace("vooral zand", "vooral zand en slib")
    change_elsewhere(morning, article_id, body=theirs)
    desk.writing.settle()
    write(desk, " Twee.")  # before the answer is here
    alarms.advance(SETTLED)
    qtbot.waitUntil(lambda: "zand en slib" in desk.panel.surface.text())
    alarms.advance(AT_LATEST)
    qtbot.waitUntil(lambda: morning.view(article_id).article.body == desk.panel.surface.text())
    assert desk.panel.surface.text().endswith(" Een. Twee.")


def test_a_colleagues_change_comes_in_as_one_undo_step_with_the_cursor_kept(qtbot, morning, show, alarms):
    article_id = morning.ids[OPEN]
    desk = show(morning, article_id)
    surface = desk.panel.surface
    before = surface.text()
    at = before.index("fabriekswoningen")
    surface.place_cursor(at)
    change_elsewhere(morning, article_id, body=before.replace("vooral zand", "vooral zand en slib").replace("de kade", "de wal"))

    def came_in() -> bool:
        alarms.advance(200)
        return "slib" in surface.text()
    qtbot.waitUntil(came_in)
    assert surface.text()[surface.cursor_point():].startswith("fabriekswoningen")
    surface.undo()
    assert surface.text() == before


def test_a_colleagues_headline_comes_in(qtbot, morning, show, alarms):
    article_id = morning.ids[OPEN]
    desk = show(morning, article_id)
    change_elsewhere(morning, article_id, headline="Gemeente bouwt sneller")

    def came_in() -> bool:
        alarms.advance(200)
        return desk.panel.head.texts()["headline"] == "Gemeente bouwt sneller" and "Gemeente bouwt sneller" in titles(desk)
    qtbot.waitUntil(came_in)


def test_two_versions_are_settled_above_the_text(qtbot, morning, show, alarms):
    article_id = morning.ids["Nieuwe spoorlijn naar Tanger een jaar later klaar"]
    desk = show(morning, article_id)
    assert desk.panel.conflicts.isVisible()
    write(desk, "Nog iets. ")  # nothing stands in the way of writing
    desk.panel.conflicts.open_cards()
    card = desk.panel.conflicts._cards[next(iter(desk.panel.conflicts._cards))]
    QTest.keyClick(card, Qt.Key.Key_2)
    QTest.keyClick(card, Qt.Key.Key_Return)

    def settled() -> bool:
        alarms.advance(200)
        return not desk.panel.conflicts.isVisible() and "op zijn vroegst" in desk.panel.surface.text()
    qtbot.waitUntil(settled)
    assert desk.panel.surface.text().startswith("Nog iets. ")
    assert not morning.view(article_id).conflicts


# ------------------------------------------------------------------------------------------------------ library


def test_the_library_searches_as_one_types(qtbot, morning, show, alarms):
    desk = show(morning)
    assert titles(desk)[0] == OPEN
    QTest.keyClicks(desk.panel.library.search, "lek")
    alarms.advance(200)
    qtbot.waitUntil(lambda: titles(desk) == ["Waterschap waarschuwt voor hoge stand in de Lek"])
    desk.panel.library.search.clear()
    QTest.keyClicks(desk.panel.library.search, "xyzzy")
    alarms.advance(200)
    qtbot.waitUntil(lambda: not desk.panel.library.cards.is_filled)
    assert "Niets gevonden" in desk.panel.library.cards.state.words


def test_a_card_says_planned_and_live_only_when_the_server_does(qtbot, morning, show):
    desk = show(morning)
    cards = {card.headline: card for card in (desk.panel.library.cards.model.card(row) for row in range(8))}
    said = {headline: (card.mark.word, card.when, card.state) for headline, card in cards.items()}
    assert said[OPEN] == ("Concept", "11:20 · Samira", "lokaal, nog niet verzonden")
    assert said["Havenbedrijf en vakbond praten verder over rooster"] == ("Klaar", "10:58 · Tom", "staat op de server")
    assert said["Waterschap waarschuwt voor hoge stand in de Lek"] == ("Ingepland", "vandaag 18:00", "staat klaar op server")
    assert said["Rabat en Rotterdam tekenen voor vaste vrachtlijn"] == ("Live", "09:41", "gelijk aan de site")
    assert said["Leraren vinden lesrooster nog steeds te vol"] == ("Live", "gisteren 16:12", "gecorrigeerd gisteren 17:03")
    assert said["Nieuwe spoorlijn naar Tanger een jaar later klaar"][::2] == ("Conflict", "twee versies van één zin")


def test_the_keyboard_walks_through_the_cards_and_enter_opens(qtbot, morning, show):
    desk = show(morning, morning.ids[OPEN])
    cards = desk.panel.library.cards.view
    cards.setFocus()
    QTest.keyClick(cards, Qt.Key.Key_J)
    QTest.keyClick(cards, Qt.Key.Key_Down)
    assert desk.shown.article.headline == OPEN  # only walked
    QTest.keyClick(cards, Qt.Key.Key_K)
    QTest.keyClick(cards, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: desk.shown.article.headline == "Havenbedrijf en vakbond praten verder over rooster")


def test_a_new_article_begins_with_its_headline(qtbot, home, show, alarms):
    desk = show(home)
    desk.activateWindow()
    qtbot.waitUntil(lambda: "Nog geen artikelen" in desk.panel.library.cards.state.words)
    for _ in range(3):  # a key held down begins one article
        desk.commands()["article.new"]()
    qtbot.waitUntil(lambda: desk.panel.is_open)
    field = desk.panel.head.fields["headline"]
    QTest.keyClicks(field, "Brug dicht")
    alarms.advance(SETTLED)

    def listed() -> bool:
        alarms.advance(1000)
        return titles(desk) == ["Brug dicht"]
    qtbot.waitUntil(listed)


def test_the_library_reads_on_where_it_is_scrolled(qtbot, home, show):
    for number in range(130):
        home.write(f"Artikel {number}")
    desk = show(home)
    assert len(titles(desk)) == 100
    bar = desk.panel.library.cards.view.verticalScrollBar()
    bar.setValue(bar.maximum())
    qtbot.waitUntil(lambda: len(titles(desk)) == 130)
    assert titles(desk)[-1] == "Artikel 0"


# ------------------------------------------------------------------------------------------------ finding, versions


def test_the_preview_of_a_long_article_begins_at_once_and_goes_on_after_a_rest(qtbot, home, show, alarms):
    home.bind()
    text = "\n\n".join(f"Alinea {number} gaat over de kade en over de wethouder." for number in range(400))
    desk = show(home, home.write("Lang verhaal", body=text))
    page = desk.panel.preview.browser
    qtbot.waitUntil(lambda: "Alinea 10 " in page.toPlainText())
    assert "Alinea 399 " not in page.toPlainText()
    alarms.advance(1000)
    qtbot.waitUntil(lambda: "Alinea 399 " in page.toPlainText())


def test_finding_counts_and_walks(qtbot, morning, show):
    desk = show(morning, morning.ids[OPEN])
    desk.commands()["article.find"]()
    finder = desk.panel.finder
    QTest.keyClicks(finder.line, "de kade")
    QTest.keyClick(finder.line, Qt.Key.Key_Return)
    assert finder.count.text() == "1 van 1"
    assert desk.panel.surface.textCursor().selectedText() == "de kade"
    QTest.keyClick(finder.line, Qt.Key.Key_Escape)
    assert not finder.isVisible()


def test_a_version_comes_back_whole_or_one_field(qtbot, morning, show, alarms):
    article_id = morning.ids[OPEN]
    desk = show(morning, article_id)
    old = morning.view(article_id).article
    morning.door.change_now(lambda work: articles.name_version(work, article_id, "naar de jurist"))
    change_elsewhere(morning, article_id, headline="Anders", body="Andere tekst.")

    def shows(text: str) -> bool:
        alarms.advance(200)
        return bool(desk.panel.surface.text() == text)
    qtbot.waitUntil(lambda: shows("Andere tekst."))
    desk.panel.tabs.choose(VERSIONS)
    model = desk.versions.list.model
    qtbot.waitUntil(lambda: any(model.card(row).name == "naar de jurist" for row in range(model.rowCount())))
    named = next(model.card(row) for row in range(model.rowCount()) if model.card(row).name == "naar de jurist")
    desk.versions.list.choose(named.id)
    qtbot.waitUntil(lambda: "Andere tekst." in desk.versions.browser.toPlainText())
    desk.versions.restore_wanted.emit(int(named.id), ("headline",))
    qtbot.waitUntil(lambda: morning.view(article_id).article.headline == OPEN)
    assert morning.view(article_id).article.body == "Andere tekst."
    desk.versions.restore.click()
    qtbot.waitUntil(lambda: morning.view(article_id).article.body == old.body)
    qtbot.waitUntil(lambda: shows(old.body))


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_control_has_a_name(qtbot, morning, show, language):
    desk = show(morning, morning.ids["Nieuwe spoorlijn naar Tanger een jaar later klaar"], language)
    desk.panel.finder.open()
    nameless = [type(part).__name__ for part in desk.findChildren(QWidget)
                if part.focusPolicy() != Qt.FocusPolicy.NoFocus and not (part.accessibleName() or part.property("text"))
                and not part.objectName().startswith("qt_") and part.isVisibleTo(desk)]
    assert nameless == []


def test_the_keys_of_the_table_work_while_one_writes(qtbot, morning, show, alarms):
    desk = show(morning, morning.ids[OPEN])
    desk.activateWindow()
    qtbot.waitUntil(desk.isActiveWindow)
    surface = desk.panel.surface
    surface.setFocus()
    QTest.keyClick(surface, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert desk.panel.finder.isVisible()
    QTest.keyClick(desk.panel.finder.line, Qt.Key.Key_Escape)
    assert surface.hasFocus()
    QTest.keyClick(surface, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert desk.properties.isVisible()
    surface.place_cursor(1)
    QTest.keyClick(surface, Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert surface.text().startswith("**Aan**")
    QTest.keyClick(surface, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: morning.view(morning.ids[OPEN]).wanted == "desk")
    QTest.keyClick(surface, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: desk.shown.article.headline == "Havenbedrijf en vakbond praten verder over rooster")


def test_a_full_screen_shows_the_text_alone(qtbot, morning, show):
    desk = show(morning, morning.ids[OPEN])
    window = QWidget()
    qtbot.addWidget(window)
    QVBoxLayout(window).addWidget(desk)
    window.showFullScreen()
    qtbot.waitUntil(lambda: not desk.panel.library.isVisible())
    assert desk.panel.surface.isVisible()
    assert not desk.panel.tabs.isVisible()
    window.showNormal()
    qtbot.waitUntil(desk.panel.library.isVisible)
    desk.setParent(None)
