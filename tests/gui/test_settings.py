"""The settings window: everything from the table, kept at once, and honest about what may not be changed."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit

from editor.base.settings import SETTINGS, Scope
from editor.ui.settings.controls import ChoiceBox
from editor.ui.settings.rows import SettingRow
from editor.ui.settings.window import Keeping, SettingsWindow
from editor.ui.wording import Wording

LOCKED = "Alleen een beheerder kan dit wijzigen."


@pytest.fixture
def stored() -> dict[str, str]:
    return {}


@pytest.fixture
def show(qtbot, look, stored):
    def make(language: str = "nl", locked: str = "") -> SettingsWindow:
        window = SettingsWindow(look, Wording(language), Keeping(stored.get, stored.__setitem__, locked))
        qtbot.addWidget(window)
        window.show()
        window.told = []  # type: ignore[attr-defined]
        window.changed.connect(lambda key, value: window.told.append((key, value)))  # type: ignore[attr-defined]
        return window

    return make


def row(window: SettingsWindow, key: str) -> SettingRow:
    return next(one for one in window.findChildren(SettingRow) if one.item.key == key)


def choice(window: SettingsWindow, key: str) -> ChoiceBox:
    control = row(window, key).control
    assert isinstance(control, ChoiceBox)
    return control


def shown(window: SettingsWindow) -> set[str]:
    return {one.item.key for one in window.findChildren(SettingRow) if one.isVisible()}


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_setting_of_the_table_has_a_row_with_a_name_and_help(show, language):
    window = show(language)
    rows = window.findChildren(SettingRow)
    assert {one.item.key for one in rows} == {item.key for item in SETTINGS}
    assert all(one.control.accessibleName() for one in rows)
    assert all(one.control.accessibleDescription() for one in rows)


def test_a_choice_is_kept_and_told_at_once(show, stored):
    window = show()
    control = choice(window, "language")
    assert control.currentText() == "Nederlands"
    control.setFocus()
    QTest.keyClick(control, Qt.Key.Key_Down)
    control.activated.emit(control.currentIndex())
    assert stored == {"language": "en"}
    assert window.told == [("language", "en")]


def test_stored_values_are_shown_and_a_bad_one_falls_back_to_the_default(show, stored):
    stored.update(theme="dark", text_size="enormous")
    window = show()
    assert choice(window, "theme").currentText() == "Donker"
    assert choice(window, "text_size").currentText() == "Normaal"


def test_a_switch_says_in_words_how_it_stands(show, stored):
    window = show()
    window.show_setting("four_eyes")
    control = row(window, "four_eyes").control
    assert isinstance(control, QCheckBox)
    assert control.text() == "Uit"
    QTest.keyClick(control, Qt.Key.Key_Space)
    assert control.text() == "Aan"
    assert stored["four_eyes"] == "true"


def test_a_number_out_of_its_range_is_refused_in_words_and_not_kept(show, stored):
    window = show()
    window.show_setting("max_visible")
    one = row(window, "max_visible")
    assert isinstance(one.control, QLineEdit)
    one.control.selectAll()
    QTest.keyClicks(one.control, "99")
    QTest.keyClick(one.control, Qt.Key.Key_Return)
    assert stored == {}
    assert any("kan niet 99 zijn" in label.text() for label in one.findChildren(QLabel) if label.isVisible())
    QTest.keyClick(one.control, Qt.Key.Key_Up)
    assert stored == {"max_visible": "40"}


def test_the_newsrooms_own_settings_are_greyed_with_the_reason(show):
    window = show(locked=LOCKED)
    for one in window.findChildren(SettingRow):
        newsroom = one.item.scope is Scope.NEWSROOM
        assert one.control.isEnabled() is not newsroom, one.item.key
        assert any(label.text() == LOCKED for label in one.findChildren(QLabel)) is newsroom


def test_searching_looks_through_all_groups(show):
    window = show()
    assert shown(window) == {"language", "theme", "text_size"}
    window.search.setText("seconden")
    assert shown(window) == {"grace_s"}
    window.search.setText("hoog contrast")
    assert shown(window) == {"theme"}
    window.search.setText("bestaat niet")
    assert shown(window) == set()
    assert any("Geen instelling" in label.text() for label in window.findChildren(QLabel) if label.isVisible())
    window.search.clear()
    assert shown(window) == {"language", "theme", "text_size"}


def test_scrolling_over_a_choice_does_not_change_it(show, stored):
    window = show()
    control = choice(window, "theme")
    place = QPointF(control.rect().center())
    wheel = QWheelEvent(place, control.mapToGlobal(place), QPoint(0, -120), QPoint(0, -120), Qt.MouseButton.NoButton,
                        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(control, wheel)
    assert control.currentText() == "Zoals het systeem"
    assert stored == {}


def test_it_is_never_in_the_way(show):
    assert not show().isModal()


def test_a_key_leads_to_the_search_field(show, qtbot):
    window = show()
    qtbot.waitUntil(window.isActiveWindow)
    window.show_setting("theme")
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.search.hasFocus)
