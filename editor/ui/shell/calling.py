"""Calls a person who looks elsewhere: a notification of the desktop where there is one, else the window asks for a look.

Only for what needs a person, never for what goes well (ui.md), and never while the program is in front. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

from editor.ui.shell.one_window import bring_forward


class Caller(QObject):
    """Calls on behalf of one window. `wanted` is asked each time: the person may have turned it off."""

    def __init__(self, window: QWidget, wanted: Callable[[], bool]) -> None:
        super().__init__(window)
        self._window, self._wanted = window, wanted
        self._tray: QSystemTrayIcon | None = None

    def call(self, words: str) -> None:
        """Tell `words` to whoever does not see the window."""
        state = QApplication.applicationState()
        if state == Qt.ApplicationState.ApplicationActive or not self._wanted():
            return
        if not (QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages()):
            QApplication.alert(self._window)
            return
        if self._tray is None:
            self._tray = QSystemTrayIcon(self._window.windowIcon(), self)
            self._tray.setToolTip(QApplication.applicationName())
            self._tray.messageClicked.connect(self._on_clicked)
            self._tray.activated.connect(self._on_clicked)
            application = QApplication.instance()
            assert isinstance(application, QApplication)
            application.applicationStateChanged.connect(self._on_state)
        self._tray.show()  # a message needs its icon; it goes again once somebody looks
        self._tray.showMessage(QApplication.applicationName(), words, self._window.windowIcon())

    def _on_clicked(self) -> None:
        bring_forward(self._window)

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive and self._tray is not None:
            self._tray.hide()
