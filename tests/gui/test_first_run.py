"""The first start and the about window: what is offered, what is told, what is greyed and why."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit

from editor.ui.settings.about import AboutWindow
from editor.ui.sync.first_run import Check, FirstRunPage, Found
from editor.ui.widgets.buttons import Button
from editor.ui.wording import Wording


@pytest.fixture
def page(qtbot, look):
    page = FirstRunPage(look, Wording("nl"))
    qtbot.addWidget(page)
    page.resize(1280, 800)
    page.show()
    page.told = []  # type: ignore[attr-defined]
    page.sample_chosen.connect(lambda: page.told.append("sample"))  # type: ignore[attr-defined]
    page.later_chosen.connect(lambda: page.told.append("later"))  # type: ignore[attr-defined]
    page.connect_asked.connect(lambda url, token: page.told.append((url, token)))  # type: ignore[attr-defined]
    return page


def words(widget) -> str:
    return " ".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize(("key", "told"), [("1", ["sample"]), ("4", ["later"]), ("2", [])])
def test_a_key_chooses_a_way_to_begin(page, key, told):
    page.first_focus()
    QTest.keyClicks(page, key)
    assert page.told == told


def test_wordpress_is_greyed_with_the_reason(page):
    assert not page.wordpress.isEnabled()
    assert "Nog niet in deze versie." in page.wordpress.accessibleDescription()


def test_a_server_is_asked_for_with_address_and_token(page, qtbot):
    QTest.keyClicks(page, "3")
    assert page.address.isVisible()
    QTest.keyClicks(page.address, " https://redactie.example ")
    QTest.keyClicks(page.token, "geheim-123")
    QTest.keyClick(page.token, Qt.Key.Key_Return)
    assert page.told == [("https://redactie.example", "geheim-123")]
    assert not page.address.isEnabled()


def test_digits_in_the_token_choose_nothing(page):
    QTest.keyClicks(page, "3")
    QTest.keyClicks(page.token, "1234")
    assert page.told == []
    assert page.token.text() == "1234"


def test_a_missing_token_is_said_and_nothing_is_asked(page):
    QTest.keyClicks(page, "3")
    QTest.keyClicks(page.address, "https://redactie.example")
    QTest.keyClick(page.address, Qt.Key.Key_Return)
    assert page.told == []
    assert "Vul het adres en de sleutel in." in words(page)


def test_checks_are_shown_line_by_line_and_a_failure_can_be_tried_again(page, qtbot):
    QTest.keyClicks(page, "3")
    page.address.setText("https://redactie.example")
    page.token.setText("oud")
    page.show_checks([Check("De server antwoordt", Found.GOOD), Check("De sleutel wordt nagekeken", Found.RUNNING)])
    assert not page.later.isEnabled()
    page.show_checks([Check("De server antwoordt", Found.GOOD), Check("De sleutel is onbekend", Found.BAD)])
    page.say_failed("De server kent deze sleutel niet.")
    qtbot.waitUntil(lambda: "De sleutel is onbekend" in words(page))
    assert "nagekeken" not in words(page)
    assert "De server kent deze sleutel niet." in words(page)
    page.token.setText("nieuw")
    QTest.keyClick(page.token, Qt.Key.Key_Return)
    assert page.told == [("https://redactie.example", "nieuw")]


def test_the_token_is_hidden_until_it_is_asked_for(page):
    QTest.keyClicks(page, "3")
    assert page.token.echoMode() == QLineEdit.EchoMode.Password


def test_about_names_version_folder_and_licences_and_opens_the_logs(qtbot, look, tmp_path):
    opened: list[Path] = []
    window = AboutWindow(look, Wording("nl"), version="9.9", profile=tmp_path, log_folder=tmp_path / "log",
                         open_folder=opened.append)
    qtbot.addWidget(window)
    window.show()
    assert "9.9" in words(window)
    assert str(tmp_path) in words(window)
    licences = window.findChild(QPlainTextEdit).toPlainText()  # type: ignore[union-attr]
    assert all(name in licences for name in ("MIT", "LGPL", "OFL", "OpenTaal"))
    next(one for one in window.findChildren(Button) if one.accessibleName() == "Logmap openen").click()
    assert opened == [tmp_path / "log"]
    assert not window.isModal()
