"""One window a profile: a second start on it raises the first (ui.md). No network port: a local socket of this person.

The lock decides who has the profile; this is only how its window is reached. A name that a killed process left behind
leads nowhere, and is taken over by whoever holds the lock next. GUI thread.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

RAISE, RAISED = b"raise\n", b"raised\n"
PATIENCE_MS = 1000  # a window that does not answer by then is busy: the second start says who has the profile
LONGEST_PATH = 100  # bytes; the system's limit for a socket's name is 104 to 108


class OneWindow:
    """Listens, for the profile in `folder`, for a second start. Made by whoever holds the profile's lock."""

    def __init__(self, folder: Path) -> None:
        self._server = QLocalServer()
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._on_called)
        name = meeting_place(folder)
        QLocalServer.removeServer(name)  # a killed process left it: nobody else can have the lock that we have
        self._server.listen(name)  # where it cannot, a second start only says who has the profile

    def close(self) -> None:
        """Listen no longer."""
        self._server.close()

    def _on_called(self) -> None:
        while (caller := self._server.nextPendingConnection()) is not None:
            caller.readyRead.connect(lambda one=caller: self._answer(one))
            caller.disconnected.connect(caller.deleteLater)

    def _answer(self, caller: QLocalSocket) -> None:
        if not caller.canReadLine() or bytes(caller.readLine().data()) != RAISE:
            return
        for window in QApplication.topLevelWidgets():
            if isinstance(window, QMainWindow) and window.isVisible():
                bring_forward(window)
                caller.write(RAISED)
                caller.flush()
                return


def bring_forward(window: QWidget) -> None:
    """Put a window before the others, with the keyboard."""
    if window.isMinimized():
        window.showNormal()
    window.raise_()
    window.activateWindow()


def raise_other(folder: Path) -> bool:
    """Have the window that has this profile come forward; whether there is one that did. Waits a second at most."""
    socket = QLocalSocket()
    socket.connectToServer(meeting_place(folder))
    if not socket.waitForConnected(PATIENCE_MS):
        return False
    socket.write(RAISE)
    socket.flush()
    answered = socket.waitForReadyRead(PATIENCE_MS) and bytes(socket.readLine().data()) == RAISED
    socket.disconnectFromServer()
    return answered


def meeting_place(folder: Path) -> str:
    """Where the two meet: a socket in the profile's folder, which only this person can enter. Windows has names and no
    files for it; a path too long for the system becomes a short one among this person's running programs."""
    whole = folder.expanduser().resolve()
    short = f"redactie-{hashlib.sha256(str(whole).encode()).hexdigest()[:24]}"
    if sys.platform == "win32":
        return short
    place = str(whole / "window")
    if len(place.encode()) <= LONGEST_PATH:
        return place
    return str(Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / short)
