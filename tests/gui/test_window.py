"""The window's frame: desks, rail, palette, keys, notices, facts."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from editor.base.messages import Message
from editor.ui.actions import ACTIONS, Keymap, Scope, shown_key
from editor.ui.shell.facts import Connection, DeskFacts, Fact
from editor.ui.shell.palette import Found
from editor.ui.shell.places import FRAME
from editor.ui.shell.window import DeskPlace, MainWindow
from editor.ui.widgets.banner import Notice, Way


class PlainMemory:
    def __init__(self) -> None:
        self.kept: dict[str, str] = {}

    def recall(self, name: str) -> str:
        return self.kept.get(name, "")

    def keep(self, name: str, value: str) -> None:
        self.kept[name] = value


class SomeDesk(QWidget):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.field = QLineEdit(self)
        self.field.setAccessibleName(name)
        self.done: list[str] = []
        QVBoxLayout(self).addWidget(self.field)

    def commands(self):
        return {"article.new": lambda: self.done.append("new")}

    def arrive(self) -> None:
        self.field.setFocus()

    def settle(self) -> None:
        self.done.append("settled")


@pytest.fixture
def memory():
    return PlainMemory()


@pytest.fixture
def window(qtbot, look, words, memory):
    def found(typed, tell):
        tell([Found("a1", "Rabat en Rotterdam tekenen", lambda: memory.keep("opened", "a1"), "artikel")] if "rab" in typed else [])

    desks = [
        DeskPlace("articles", Message("shell", "Articles"), "pen", "go.articles", lambda: SomeDesk("artikelen"),
                  (Scope.ARTICLES, Scope.TEXT)),
        DeskPlace("ticker", Message("shell", "Ticker"), "ticker", "go.ticker", lambda: SomeDesk("ticker"), (Scope.TICKER,)),
        DeskPlace("settings", Message("application", "Settings"), "gear", "go.settings", lambda: SomeDesk("instellen"), low=True),
    ]
    window = MainWindow(look, words, Keymap(), desks, memory=memory, providers=[found])
    qtbot.addWidget(window)
    window.open_last_desk()
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


def test_no_key_means_two_things():
    assert Keymap().clashes() == ()
    assert Keymap({"article.new": "Ctrl+K"}).clashes() == (("Ctrl+K", "window.palette", "article.new"),)
    assert len({action.id for action in ACTIONS}) == len(ACTIONS)
    assert shown_key("Ctrl+Return") == "Ctrl ⏎"


def test_keys_open_the_desks_and_the_one_left_hands_over_its_text(qtbot, window):
    first = window.desk("articles")
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.current == "ticker"
    assert first.done == ["settled"]
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "settings"


def test_a_changed_key_works_and_the_old_one_does_not(qtbot, look, words, memory):
    desks = [DeskPlace("a", Message("shell", "Articles"), "pen", "go.articles", QWidget),
             DeskPlace("b", Message("shell", "Ticker"), "ticker", "go.ticker", QWidget)]
    window = MainWindow(look, words, Keymap({"go.ticker": "Ctrl+T"}), desks, memory=memory)
    qtbot.addWidget(window)
    window.open_last_desk()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert window.current == "a"
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert window.current == "b"


def test_the_desk_that_was_open_is_opened_again(window, memory):
    window.open_desk("ticker")
    assert memory.recall("desk") == "ticker"


def test_closing_hands_over_the_text_and_keeps_the_place(window, memory):
    desk = window.desk("articles")
    window.close()
    assert desk.done == ["settled"]
    assert memory.recall("window")


def typed(qtbot, window, letters: str):
    qtbot.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    palette = window._over.palette
    qtbot.keyClicks(palette.field, letters)
    return palette


def test_the_palette_does_what_the_open_desk_offers_and_gives_the_keyboard_back(qtbot, window):
    desk = window.desk("articles")
    qtbot.waitUntil(desk.field.hasFocus)
    palette = typed(qtbot, window, "nieart")
    assert palette.list.model.card(0).words == "Nieuw artikel"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert desk.done == ["new"]
    assert not palette.isVisible()
    assert desk.field.hasFocus()


def test_the_palette_finds_articles_through_a_provider(qtbot, window, memory):
    palette = typed(qtbot, window, "rabat")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert memory.recall("opened") == "a1"


def test_letters_that_fit_nothing_say_so_and_escape_closes(qtbot, window):
    palette = typed(qtbot, window, "qqqzzz")
    assert palette.list.state.words == "Niets past bij deze letters"
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


def test_the_keys_sheet_names_the_open_desks_keys(qtbot, window):
    qtbot.keyClick(window, Qt.Key.Key_F1)
    sheet = window._over.keys
    said = sheet._table.accessibleName()
    assert "Nieuw artikel: Ctrl N" in said
    assert "Alles doorzoeken: Ctrl K" in said
    assert "Volgende reactie" not in said
    qtbot.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_a_question_mark_typed_in_a_field_is_a_question_mark(qtbot, window):
    desk = window.desk("articles")
    qtbot.waitUntil(desk.field.hasFocus)
    qtbot.keyClicks(desk.field, "wie?")
    assert desk.field.text() == "wie?"
    assert not window._over.keys.isVisible()


def test_a_notice_comes_above_the_desk_without_taking_the_keyboard(qtbot, window):
    desk, done = window.desk("articles"), []
    qtbot.waitUntil(desk.field.hasFocus)
    window.show_notice(Notice("conflict", "Twee versies van één zin", ways=[Way("Bekijk", lambda: done.append(1))]))
    window.show_notice(Notice("conflict", "Twee versies van twee zinnen"))
    assert [banner.notice.words for banner in window._banners.values()] == ["Twee versies van twee zinnen"]
    assert desk.field.hasFocus()
    window.drop_notice("conflict")
    assert not window._banners


def test_the_facts_of_a_desk_that_is_not_open_are_not_shown(window):
    window.show_facts("ticker", DeskFacts([Fact("3 regels staan klaar")]))
    assert "3 regels" not in window.status.words
    window.open_desk("ticker")
    window.show_facts("ticker", DeskFacts([Fact("3 regels staan klaar")]))
    window.show_connection(Connection("online"))
    assert window.status.words == "3 regels staan klaar · online"


def test_a_badge_is_read_out(window):
    window.show_badge("ticker", 3, Message("shell", "sent {time}", {"time": "x"}), urgent=True)
    assert window.rail._buttons["ticker"].accessibleName() == "Ticker, verzonden x"


def test_every_control_has_a_name(window):
    nameless = [
        type(part).__name__ for part in window.findChildren(QWidget)
        if part.isVisibleTo(window) and part.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not (part.accessibleName() or part.property("text"))
    ]
    assert nameless == []


def test_the_window_leaves_room_for_the_desktops_own_edges(window):
    place = window.screen().availableGeometry()
    assert window.height() <= place.height() - FRAME


def test_the_palette_is_as_high_as_what_it_found(qtbot, window):
    window.open_palette()
    high = window._over.palette.height()
    qtbot.keyClicks(window._over.palette.field, "rab")
    qtbot.waitUntil(lambda: window._over.palette.list.model.rowCount() == 1)
    assert window._over.palette.height() < high / 2
