"""A person who looks elsewhere is called for what needs him, once, and only if he wants it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QSystemTrayIcon

from editor.ui.shell.calling import Caller

AWAY, HERE = Qt.ApplicationState.ApplicationInactive, Qt.ApplicationState.ApplicationActive


class Desktop:
    """What the system was asked to show, and where the person looks."""

    def __init__(self) -> None:
        self.state = AWAY
        self.has_tray = True
        self.messages: list[str] = []
        self.alerts = 0

    def alert(self, *_: object) -> None:
        self.alerts += 1


@pytest.fixture
def desktop(monkeypatch):
    desktop = Desktop()
    monkeypatch.setattr(QApplication, "applicationState", lambda: desktop.state)
    monkeypatch.setattr(QApplication, "alert", desktop.alert)
    monkeypatch.setattr(QSystemTrayIcon, "isSystemTrayAvailable", lambda: desktop.has_tray)
    monkeypatch.setattr(QSystemTrayIcon, "supportsMessages", lambda: desktop.has_tray)
    monkeypatch.setattr(QSystemTrayIcon, "show", lambda icon: None)
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda icon, title, words, *_: desktop.messages.append(words))
    return desktop


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    return made


def test_where_there_is_a_tray_the_sentence_is_shown(desktop, window):
    Caller(window, lambda: True).call("Eén conflict wacht op een keuze.")
    assert (desktop.messages, desktop.alerts) == (["Eén conflict wacht op een keuze."], 0)


def test_where_there_is_none_the_window_asks_for_a_look(desktop, window):
    desktop.has_tray = False
    Caller(window, lambda: True).call("Eén conflict wacht op een keuze.")
    assert (desktop.messages, desktop.alerts) == ([], 1)


def test_who_looks_at_the_window_is_not_called(desktop, window):
    desktop.state = HERE
    Caller(window, lambda: True).call("Eén conflict wacht op een keuze.")
    assert (desktop.messages, desktop.alerts) == ([], 0)


def test_who_turned_it_off_is_not_called(desktop, window):
    Caller(window, lambda: False).call("Eén conflict wacht op een keuze.")
    assert (desktop.messages, desktop.alerts) == ([], 0)
