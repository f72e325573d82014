"""The reactions' desk: what a moderator's keys do, on a real profile."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from editor.base.errors import Unavailable
from editor.base.messages import Message
from editor.domain.newsroom import REASONS
from editor.domain.people import Role
from editor.domain.reaction import QueueState
from editor.ui.actions import Keymap, Scope
from editor.ui.reactions.card_painter import CardPainter
from editor.ui.reactions.card_table import CardTable
from editor.ui.reactions.desk import ReactionsDesk
from editor.ui.reactions.frozen_queue import FrozenQueue
from editor.ui.reactions.reading import Queue
from editor.ui.widgets.instants import Instants
from editor.ui.wording import Wording
from tests.gui.reactions_home import READERS, ReactionsHome, opened

Key = Qt.Key


@pytest.fixture
def home(tmp_path):
    with opened(tmp_path / "profile") as made:
        made.fill()
        yield made


@pytest.fixture
def desk_of(qtbot, look, alarms):
    made: list[ReactionsDesk] = []

    def make(home: ReactionsHome, language: str = "nl") -> ReactionsDesk:
        desk = ReactionsDesk(home.door, Wording(language), look, Keymap(), home.clock, alarms)
        qtbot.addWidget(desk)
        desk.resize(1368, 872)
        with qtbot.waitExposed(desk):
            desk.show()
        desk.activateWindow()
        desk.arrive()
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.close_desk()


@pytest.fixture
def desk(desk_of, home, qtbot):
    made = desk_of(home)
    settle(qtbot, made, home)
    return made


def settle(qtbot, desk: ReactionsDesk, home: ReactionsHome) -> None:
    """Until the open card is painted and its neighbours are at hand, and past the guard against stray keys."""
    def ready() -> bool:
        near = range(desk.table.row, min(desk.table.row + 3, len(desk.model)))
        return desk.view is not None and desk.panel.painted_id == desk.current_id and all(
            desk.known_view(desk.model.id_at(row)) or row == desk.table.row for row in near)
    qtbot.waitUntil(ready)
    home.clock.advance(timedelta(seconds=1))


def focused(desk: ReactionsDesk) -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    assert desk.isAncestorOf(found)
    return found


def press(desk: ReactionsDesk, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
    held = Qt.KeyboardModifier.NoModifier
    for one in modifiers:
        held |= one
    QTest.keyClick(focused(desk), key, held)


def becomes(qtbot, home: ReactionsHome, author: str, state: str) -> None:
    qtbot.waitUntil(lambda: home.state(home.ids[author]) == state)


def author_shown(desk: ReactionsDesk) -> str:
    return desk.view.reaction.author_name if desk.view is not None else ""


def test_one_key_approves_and_the_next_card_is_painted_before_anything_is_written(desk, home, qtbot):
    press(desk, Key.Key_A)
    assert desk.model.card(0).done
    assert desk.panel.painted_id == desk.current_id == desk.model.id_at(1)
    becomes(qtbot, home, "Fatima B.", "approved")


@pytest.mark.parametrize(("key", "state"), [(Key.Key_1, "rejected"), (Key.Key_9, "rejected"), (Key.Key_S, "spam"),
                                            (Key.Key_H, "deferred")])
def test_each_key_decides_what_it_says(desk, home, qtbot, key, state):
    press(desk, key)
    becomes(qtbot, home, "Fatima B.", state)


def test_a_reason_that_needs_words_asks_for_them_and_enter_decides(desk, home, qtbot):
    press(desk, Key.Key_0)
    assert desk.question.isVisible()
    assert home.state(home.ids["Fatima B."]) == "pending"
    QTest.keyClicks(focused(desk), "Noemt een adres")
    press(desk, Key.Key_Return)
    becomes(qtbot, home, "Fatima B.", "rejected")
    view = home.door.read_now(lambda reader: reader.reaction(home.ids["Fatima B."]))
    assert (view.decisions[-1].reason, view.decisions[-1].note) == ("OVERIG", "Noemt een adres")
    assert "gewijzigd" not in desk._notice.text()  # the one Enter decided once


def test_violence_is_escalated_with_its_checklist(desk, home, qtbot):
    press(desk, Key.Key_4)
    press(desk, Key.Key_Return)
    becomes(qtbot, home, "Fatima B.", "escalated")
    view = home.door.read_now(lambda reader: reader.reaction(home.ids["Fatima B."]))
    assert "Politie" in view.decisions[-1].note


def test_an_escalation_without_words_is_asked_again(desk, home, qtbot):
    press(desk, Key.Key_E)
    press(desk, Key.Key_Return)
    assert desk.question.isVisible()
    QTest.keyClicks(focused(desk), "Klopt dit?")
    press(desk, Key.Key_Return)
    becomes(qtbot, home, "Fatima B.", "escalated")


def test_letters_in_a_field_decide_nothing(desk, home, qtbot):
    press(desk, Key.Key_Slash)
    assert isinstance(focused(desk), QLineEdit)
    QTest.keyClicks(focused(desk), "as1")
    assert desk.search.text() == "as1"
    assert all(home.state(one) == "pending" for one in home.ids.values())


def test_undo_brings_the_card_back_on_screen(desk, home, qtbot):
    press(desk, Key.Key_A)
    becomes(qtbot, home, "Fatima B.", "approved")
    settle(qtbot, desk, home)
    press(desk, Key.Key_Z)
    becomes(qtbot, home, "Fatima B.", "pending")
    qtbot.waitUntil(lambda: author_shown(desk) == "Fatima B." and not desk.model.card(0).done)


def test_a_refused_decision_comes_back_with_its_sentence(desk, home, qtbot):
    edited = home.ids["Fatima B."]
    # Sync writes another text while the old one is still on screen: nobody told the desk yet.
    home.door.bus.publish = lambda *_: None
    home.receive("Fatima B.", "Een heel andere tekst.")
    press(desk, Key.Key_A)
    qtbot.waitUntil(lambda: desk.current_id == edited and "gewijzigd" in notice(desk))
    assert home.state(edited) == "pending"
    qtbot.waitUntil(lambda: desk.panel.text.text() == "Een heel andere tekst.")


def notice(desk: ReactionsDesk) -> str:
    return " ".join(label.text() for label in desk.findChildren(QLabel) if label.property("kind") == "error")


def test_a_key_right_after_the_card_changed_by_itself_is_ignored(desk, home, qtbot):
    home.receive("Fatima B.", "Bewerkt door de lezer.")
    qtbot.waitUntil(lambda: desk.panel.text.text() == "Bewerkt door de lezer.")
    press(desk, Key.Key_A)
    assert not desk.model.card(0).done
    home.clock.advance(timedelta(milliseconds=119))
    press(desk, Key.Key_A)
    assert not desk.model.card(0).done
    home.clock.advance(timedelta(milliseconds=1))
    press(desk, Key.Key_A)
    assert desk.model.card(0).done
    becomes(qtbot, home, "Fatima B.", "approved")


def test_the_order_stays_and_new_ones_wait_behind_f5(desk, home, qtbot, alarms):
    before = [desk.model.id_at(row) for row in range(len(desk.model))]
    new = home.receive("Nieuw", "Eerder geschreven, later gekomen.", 5)
    qtbot.waitUntil(lambda: _rung(alarms) and desk.news.isVisible())
    assert desk.news.text() == "1 nieuwe reactie · F5"
    assert [desk.model.id_at(row) for row in range(len(desk.model))] == before
    press(desk, Key.Key_F5)
    assert [desk.model.id_at(row) for row in range(len(desk.model))] == [*before, new]
    assert desk.news.isHidden()


def _rung(alarms) -> bool:
    alarms.advance(1500)
    return True


def test_bulk_is_one_decision_and_one_undo(desk, home, qtbot):
    press(desk, Key.Key_X)
    press(desk, Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    press(desk, Key.Key_S, Qt.KeyboardModifier.ShiftModifier)
    assert desk.question.words == "2 reacties als spam merken?"
    press(desk, Key.Key_A)  # while it asks, letters are no decisions
    press(desk, Key.Key_Return)
    first, second = (desk.model.id_at(row) for row in (0, 1))
    qtbot.waitUntil(lambda: {home.state(first), home.state(second)} == {"spam"})
    settle(qtbot, desk, home)
    press(desk, Key.Key_Z)
    qtbot.waitUntil(lambda: {home.state(first), home.state(second)} == {"pending"})


def test_the_selected_are_rejected_for_one_reason(desk, home, qtbot):
    press(desk, Key.Key_X)
    press(desk, Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    press(desk, Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    press(desk, Key.Key_1)
    assert desk.question.words.endswith("2 reacties afwijzen?")
    press(desk, Key.Key_Return)
    ids = [desk.model.id_at(row) for row in (0, 1)]
    qtbot.waitUntil(lambda: {home.state(one) for one in ids} == {"rejected"})


def test_a_reason_that_needs_words_asks_for_them_once_for_all(desk, home, qtbot):
    press(desk, Key.Key_X)
    press(desk, Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    press(desk, Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    press(desk, Key.Key_0)
    press(desk, Key.Key_Return)  # without a word nothing is decided
    QTest.keyClicks(focused(desk), "Zelfde tekst")
    press(desk, Key.Key_Return)
    ids = [desk.model.id_at(row) for row in (0, 1)]
    qtbot.waitUntil(lambda: {home.state(one) for one in ids} == {"rejected"})


def test_who_leaves_the_strip_for_the_selected_rejects_the_open_card_alone_afterwards(desk, home, qtbot):
    press(desk, Key.Key_X)
    first = desk.current_id
    press(desk, Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, desk, home)
    second = desk.current_id
    press(desk, Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    press(desk, Key.Key_Escape)
    desk.bar.reason_given.emit(REASONS[0].code)
    qtbot.waitUntil(lambda: home.state(second) == "rejected")
    assert home.state(first) == "pending"


def test_who_goes_to_another_card_after_the_strip_rejects_that_card_alone(desk, home, qtbot):
    press(desk, Key.Key_X)
    press(desk, Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
    settle(qtbot, desk, home)
    selected = [desk.model.id_at(row) for row in (0, 1)]
    press(desk, Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    desk.table.go(2)  # by the mouse, with the strip still open
    settle(qtbot, desk, home)
    other = desk.current_id
    desk.bar.reason_given.emit(REASONS[0].code)
    qtbot.waitUntil(lambda: home.state(other) == "rejected")
    assert [home.state(one) for one in selected] == ["pending", "pending"]


def test_every_key_of_the_sheet_does_something_here(desk):
    assert {action.id for action in Keymap().actions(Scope.REACTIONS)} == set(desk.commands())


def test_more_than_25_asks_for_the_number(desk_of, home, qtbot):
    for n in range(20):
        home.receive(f"Lezer {n}", f"Reactie {n}")
    desk = desk_of(home)
    settle(qtbot, desk, home)
    for _ in range(25):
        press(desk, Key.Key_J, Qt.KeyboardModifier.ShiftModifier)
        settle(qtbot, desk, home)
    press(desk, Key.Key_X)
    press(desk, Key.Key_X)
    assert len(desk.model.selected) == 26
    press(desk, Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(focused(desk), "25")
    press(desk, Key.Key_Return)
    assert all(not desk.model.card(row).done for row in range(26))
    press(desk, Key.Key_A, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(focused(desk), "26")
    press(desk, Key.Key_Return)
    ids = [desk.model.id_at(row) for row in range(26)]
    qtbot.waitUntil(lambda: all(home.state(one) == "approved" for one in ids), timeout=15000)


def test_the_strip_has_every_reason_and_its_letters_are_reasons(desk, home, qtbot):
    press(desk, Key.Key_D)
    press(desk, Key.Key_K)  # vulnerable person, not "previous"
    becomes(qtbot, home, "Fatima B.", "rejected")
    view = home.door.read_now(lambda reader: reader.reaction(home.ids["Fatima B."]))
    assert view.decisions[-1].reason == "KWETSBAAR"
    settle(qtbot, desk, home)
    press(desk, Key.Key_D)
    press(desk, Key.Key_Escape)
    assert not desk.bar.reasons.is_strip
    assert desk.table.hasFocus()


def test_a_conflict_is_settled_with_one_key(desk_of, home, qtbot):
    disputed = home.dispute("Boze buur", "De wethouder heeft hier zelf belang bij.")
    desk = desk_of(home)
    desk.open_queue(Queue.CONFLICT)
    qtbot.waitUntil(lambda: desk.current_id == disputed)
    settle(qtbot, desk, home)
    qtbot.waitUntil(lambda: "deze tekst" in desk.panel.dispute.words[0])  # once it is known who looks
    saw, now, decided = desk.panel.dispute.words
    assert "deze tekst" in saw
    assert "Joris" in now
    assert "Belediging" in now
    assert "goedgekeurd" in decided
    press(desk, Key.Key_3)
    qtbot.waitUntil(lambda: home.state(disputed) == "pending")


def test_a_moderator_cannot_settle_an_escalation(desk_of, home, qtbot):
    one = home.escalate("Sjors", "Die aannemer is een oplichter.")
    desk = desk_of(home)
    desk.open_queue(Queue.ESCALATED)
    qtbot.waitUntil(lambda: desk.current_id == one)
    settle(qtbot, desk, home)
    press(desk, Key.Key_A)
    qtbot.waitUntil(lambda: "rol" in notice(desk))
    assert home.state(one) == "escalated"


def test_a_senior_can(tmp_path, desk_of, qtbot):
    with opened(tmp_path / "senior") as home:
        home.fill(Role.MODERATOR, Role.SENIOR)
        one = home.escalate("Sjors", "Die aannemer is een oplichter.")
        desk = desk_of(home)
        desk.open_queue(Queue.ESCALATED)
        qtbot.waitUntil(lambda: desk.current_id == one)
        settle(qtbot, desk, home)
        press(desk, Key.Key_A)
        qtbot.waitUntil(lambda: home.state(one) == "approved")
        desk.close_desk()


def test_queues_go_by_key_and_an_empty_one_says_its_next_step(desk, home, qtbot):
    press(desk, Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    assert desk.queue is Queue.LATER
    qtbot.waitUntil(lambda: "uitgesteld" in desk._state.words)
    press(desk, Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(desk.model) == len(READERS))


def test_search_shows_what_holds_the_words(desk, home, qtbot, alarms):
    desk.search.setText("staal")
    alarms.advance(500)
    qtbot.waitUntil(lambda: len(desk.model) == 1)
    assert desk.model.id_at(0) == home.ids["Lasser1971"]


def test_a_list_that_cannot_be_read_offers_to_try_again(desk, home, qtbot):
    desk._on_failed(Unavailable("busy", Message("store", "The window's thread was about to write to the database.")))
    button = next(b for b in desk._state.findChildren(QAbstractButton) if b.isVisible())
    button.click()
    settle(qtbot, desk, home)
    assert len(desk.model) == len(READERS)


def test_one_card_at_a_time(desk, home, qtbot):
    press(desk, Key.Key_Return)
    assert desk.queues.isHidden()
    assert desk.table.isHidden() or not desk.table.isVisible()
    press(desk, Key.Key_A)
    becomes(qtbot, home, "Fatima B.", "approved")


@pytest.mark.parametrize("key", [Key.Key_Escape, Key.Key_Return])
def test_one_card_mode_is_left_as_it_was_entered(desk, key):
    press(desk, Key.Key_Return)
    press(desk, key)
    assert desk.table.isVisible()
    assert focused(desk) is desk.table


def test_an_empty_queue_is_said_also_in_one_card_mode(desk, home, qtbot):
    press(desk, Key.Key_Return)
    press(desk, Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(desk._state.isVisible)
    assert desk.queues.isVisible()


def test_arrow_down_leaves_the_search_for_the_cards(desk, home, qtbot):
    for key in (Key.Key_Down, Key.Key_Escape):
        press(desk, Key.Key_Slash)
        assert focused(desk) is desk.search
        press(desk, key)
        assert focused(desk) is desk.table


@pytest.mark.parametrize("language", ["nl", "en"])
def test_everything_that_takes_the_keyboard_has_a_name(desk_of, home, qtbot, language):
    desk = desk_of(home, language)
    settle(qtbot, desk, home)
    for widget in desk.findChildren(QAbstractButton) + desk.findChildren(QLineEdit):
        if widget.isVisible():
            assert widget.accessibleName(), widget
    assert desk.table.accessibleName()
    assert desk.table.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole)


def test_a_million_ids_are_scrolled_with_few_cards_in_memory(qtbot, look):
    asked: list[int] = []
    model = FrozenQueue(lambda card: card.id, lambda ids: asked.append(len(ids)))
    table = CardTable(look, model, CardPainter(look, Wording("nl"), Instants(Wording("nl"), "Europe/Amsterdam")))
    qtbot.addWidget(table)
    table.resize(500, 700)
    with qtbot.waitExposed(table):
        table.show()
    model.start(range_of_ids(1_000_000), (QueueState.PENDING,))
    table.go(999_999)
    table.grab()
    assert model.id_at(999_999) == f"{999_999:036}"
    assert table.rowAt(table.rowViewportPosition(999_999)) == 999_999
    assert sum(asked) <= 6 * 200


class range_of_ids(Sequence[str]):  # noqa: N801 - stands for a list
    """Ids that are made when asked for."""

    def __init__(self, n: int) -> None:
        self._n = n

    def __len__(self) -> int:
        return self._n

    def __getitem__(self, at: Any) -> Any:
        return f"{at:036}"


def test_a_full_stop_repeats_the_last_decision(desk, home, qtbot):
    press(desk, Key.Key_S)
    becomes(qtbot, home, "Fatima B.", "spam")
    settle(qtbot, desk, home)
    second = desk.current_id
    press(desk, Key.Key_Period)
    qtbot.waitUntil(lambda: home.state(second) == "spam")


def test_at_the_largest_text_every_decision_stays_in_sight(desk_of, home, qtbot, look):
    look.use(look.theme, 1.5)
    desk = desk_of(home)
    settle(qtbot, desk, home)
    desk.resize(1280 - look.px(72), 700)
    qtbot.waitUntil(lambda: desk.width() == 1280 - look.px(72))
    qtbot.waitUntil(lambda: desk.panel.painted_id == desk.current_id)
    for button in desk.bar.findChildren(QAbstractButton):
        if button.isVisible():
            right = button.mapTo(desk, button.rect().bottomRight())
            assert desk.rect().contains(right), button.accessibleName()
    shown = desk.panel.text.visibleRegion().boundingRect().height()
    assert shown >= look.px(27), "the text that is decided on is in sight"
