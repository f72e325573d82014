"""The shared widgets: what they tell, and what the keyboard can do."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from editor.ui.shell.fuzzy import fitness
from editor.ui.shell.palette import Found, best
from editor.ui.theme.fonts import Type
from editor.ui.theme.tokens import Tone, load_theme
from editor.ui.widgets.banner import Banner, Notice, Way
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.card_list import CardDelegate, CardList, CardModel
from editor.ui.widgets.floating import Floating
from editor.ui.widgets.head_field import HeadField
from editor.ui.widgets.in_place_question import Choice, InPlaceQuestion
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.painting import Mark, wrapped
from editor.ui.widgets.pills import Chip, Pill
from editor.ui.widgets.search_field import SearchField
from editor.ui.widgets.tabs import Tabs
from editor.ui.wording import Wording


@dataclass(frozen=True, slots=True)
class Card:
    id: str
    words: str


class Delegate(CardDelegate):
    def height(self, card, width):
        return 60 if len(card.words) < 20 else 90

    def paint_card(self, painter: QPainter, card, area, *, chosen):
        painter.drawText(area, card.words)


@pytest.fixture
def cards(qtbot, look):
    made = CardList(look, Delegate(look), CardModel(lambda card: card.words, lambda card: card.id), name="Artikelen",
                    key=lambda card: card.id)
    qtbot.addWidget(made)
    made.resize(320, 600)
    made.show()
    return made


def test_a_list_says_why_it_is_empty_and_offers_the_next_step(qtbot, cards):
    done: list[int] = []
    cards.say("Nog geen artikelen", "Begin er een, of haal ze op.", "Nieuw artikel", lambda: done.append(1))
    assert not cards.is_filled
    assert cards.state.accessibleName() == "Nog geen artikelen Begin er een, of haal ze op."
    cards.state._button.click()
    assert done == [1]


def test_the_choice_stays_on_its_card_when_the_list_is_read_again(cards):
    told: list[str] = []
    cards.chosen.connect(told.append)
    cards.fill([Card("a", "een"), Card("b", "twee")])
    cards.choose("b")
    cards.fill([Card("c", "nieuw bovenaan"), Card("a", "een"), Card("b", "twee, gewijzigd")])
    assert cards.current_key() == "b"
    assert told == ["b"]


def test_rows_are_as_high_as_their_cards(cards):
    cards.fill([Card("a", "kort"), Card("b", "een kop die twee regels nodig heeft")])
    assert [cards.view.rowHeight(row) for row in (0, 1)] == [60, 90]


def test_arrows_move_and_enter_opens(qtbot, cards):
    opened: list[str] = []
    cards.opened.connect(opened.append)
    cards.fill([Card("a", "een"), Card("b", "twee")])
    cards.choose("a")
    qtbot.keyClick(cards.view, Qt.Key.Key_Down)
    qtbot.keyClick(cards.view, Qt.Key.Key_Return)
    assert opened == ["b"]


def test_the_next_page_is_asked_for_near_the_end(qtbot, cards):
    asked: list[int] = []
    cards.near_end.connect(lambda: asked.append(1))
    cards.fill([Card(str(n), "een") for n in range(100)])
    qtbot.waitUntil(lambda: cards.view.verticalScrollBar().maximum() > 0)
    cards.view.verticalScrollBar().setValue(cards.view.verticalScrollBar().maximum())
    assert asked
    cards.add([Card("x", "laatste")])
    assert cards.model.rowCount() == 101


def test_a_search_is_told_when_the_typing_rests(qtbot, look, alarms):
    field = SearchField(look, "Zoek in 12.408 artikelen…", make_alarm=alarms)
    qtbot.addWidget(field)
    told: list[str] = []
    field.rested.connect(told.append)
    qtbot.keyClicks(field, "raad")
    assert told == []
    alarms.advance(200)
    assert told == ["raad"]
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    alarms.advance(200)
    assert told == ["raad", ""]


@pytest.fixture
def headline(qtbot, look):
    field = HeadField(look, "Kop", kind=Type.HEADLINE, limit=20)
    qtbot.addWidget(field)
    field.resize(300, 40)
    field.show()
    return field


def test_a_head_counts_characters_as_people_do_and_grows(qtbot, headline):
    edited: list[int] = []
    headline.edited.connect(lambda: edited.append(headline.count))
    headline.load("Kort 🏗️")
    low = headline.height()
    assert headline.count == 6
    assert edited == []
    headline.load("Gemeente wil vaart achter de deur bij nieuwe wijk")
    assert headline.height() > low
    assert headline.is_over
    qtbot.keyClick(headline, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(headline, "!")
    assert edited == [50]


def test_enter_leaves_a_head_and_a_pasted_break_becomes_a_space(qtbot, headline):
    down: list[int] = []
    headline.left_down.connect(lambda: down.append(1))
    qtbot.keyClick(headline, Qt.Key.Key_Return)
    assert down == [1]
    data = QMimeData()
    data.setText("een\ntwee")
    headline.insertFromMimeData(data)
    assert headline.text() == "een twee"


def test_a_head_undoes_what_was_typed_but_not_what_was_loaded(qtbot, headline):
    headline.load("Kop")
    assert not headline.document().isUndoAvailable()
    qtbot.keyClicks(headline, "x")
    headline.undo()
    assert headline.text() == "Kop"


def test_a_merge_into_a_head_is_one_step(headline):
    headline.load("Kop een")
    headline.merge_from_outside("Kop twee")
    headline.undo()
    assert headline.text() == "Kop een"


def test_tabs_move_by_arrow_and_say_what_waits(qtbot, look):
    tabs = Tabs(look, ["Voorbeeld", "Eigenschappen", "Taal"], name="Rechts")
    qtbot.addWidget(tabs)
    tabs.show()
    chosen: list[int] = []
    tabs.chosen.connect(chosen.append)
    qtbot.keyClick(tabs, Qt.Key.Key_Right)
    qtbot.keyClick(tabs, Qt.Key.Key_Left)
    qtbot.keyClick(tabs, Qt.Key.Key_Left)
    assert chosen == [1, 0, 2]
    tabs.set_count(2, 3)
    assert tabs._tabs[2].accessibleName() == "Taal 3"


def test_a_button_says_its_key_and_can_be_pressed_without_a_mouse(qtbot, look):
    button = Button(look, "Klaar & weg", key="Ctrl ⏎", weight=Weight.PRIMARY)
    qtbot.addWidget(button)
    pressed: list[int] = []
    button.clicked.connect(lambda: pressed.append(1))
    button.show()
    qtbot.keyClick(button, Qt.Key.Key_Space)
    assert pressed == [1]
    assert button.accessibleName() == "Klaar & weg"
    assert button.accessibleDescription() == "Ctrl ⏎"


def test_escape_closes_a_notice_that_may_be_closed(qtbot, look):
    done: list[str] = []
    banner = Banner(look, Notice("n", "Twee versies", Tone.ERROR, [Way("Bekijk", lambda: done.append("way"))]), "Sluiten")
    qtbot.addWidget(banner)
    banner.closed.connect(done.append)
    qtbot.keyClick(banner, Qt.Key.Key_Escape)
    assert done == ["n"]


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_small_marks_are_drawn_in_every_theme(qtbot, look, name):
    look.use(load_theme(name), 1.5)
    pill, chip = Pill(look, Mark("Live", Tone.LIVE, "check")), Chip(look, "Status")
    for widget in (pill, chip):
        qtbot.addWidget(widget)
        widget.resize(widget.sizeHint())
        image = widget.grab().toImage()
        tint = look.colour("live_tint" if widget is pill else "draft_tint").name()
        assert image.pixelColor(5, image.height() // 2).name() == tint
    assert pill.accessibleName() == "Live"


def test_a_floating_card_closes_at_escape(qtbot, look):
    ground = QWidget()
    qtbot.addWidget(ground)
    ground.resize(600, 400)
    card = Floating(look, ground)
    closed: list[int] = []
    card.closed.connect(lambda: closed.append(1))
    ground.show()
    card.open_at(ground.rect().adjusted(50, 50, -50, -50))
    qtbot.keyClick(card, Qt.Key.Key_Escape)
    assert closed == [1]
    assert not card.isVisible()


def test_long_words_are_broken_and_cut(look):
    lines = wrapped(look, Type.STRONG, "Gemeente wil vaart achter de deur bij nieuwe wijk aan de rivier", 200, 2)
    assert len(lines) == 2
    assert lines[1].endswith("…")


def test_letters_fit_by_the_beginnings_of_words():
    found = [Found(words, words, lambda: None) for words in ("Naar Reacties", "Nieuw artikel", "Naar Sync")]
    assert [one.words for one in best("nie", found)] == ["Nieuw artikel"]
    assert [one.words for one in best("na", found)] == ["Naar Sync", "Naar Reacties", "Nieuw artikel"]
    assert fitness("café", "Cafe de Zwaan") > 0
    assert fitness("xyz", "Naar Sync") == 0


def test_enter_presses_the_button_that_has_the_keyboard_and_no_other(qtbot, look):
    done: list[str] = []
    question = InPlaceQuestion(look, "Terug")
    qtbot.addWidget(question)
    question.show()
    question.ask("Zeker?", [Choice("⏎", "Doe het", done.append)])
    back = next(one for one in question.findChildren(Button) if one.words == "Terug")
    back.setFocus()
    qtbot.keyClick(back, Qt.Key.Key_Return)
    assert question.isHidden()
    assert done == []


def test_one_enter_answers_a_question_once(qtbot, look):
    done: list[str] = []
    question = InPlaceQuestion(look, "Terug")
    qtbot.addWidget(question)
    question.show()
    question.ask("Waarom?", [Choice("⏎", "Doe het", done.append)], field="Reden")
    qtbot.keyClicks(question._field, "daarom")
    qtbot.keyClick(question._field, Qt.Key.Key_Return)
    assert done == ["daarom"]


def test_a_time_of_another_day_is_said_with_its_day():
    now = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
    seen = Instants(Wording("nl"), "Europe/Amsterdam", lambda: now)
    assert seen.recent(now - timedelta(hours=2)) == "12:02"
    assert seen.recent(now - timedelta(days=1)) == "gisteren 14:02"
    assert "okt" in seen.recent(now - timedelta(days=29))
    assert Instants(Wording("nl"), "Europe/Amsterdam").recent(now - timedelta(days=29)) == "14:02"
