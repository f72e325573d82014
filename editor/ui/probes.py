"""What the bench measures in windows, one probe a child process: `python -m editor.ui.probes NAME [NUMBER …]`.

Each prints one JSON object on standard output and ends. Floors are bare Qt; a probe and its floor take the same way
from key press to paint.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QMainWindow, QPlainTextEdit, QWidget

from editor.base.clock import SystemClock

SENTENCE = "De wethouder wacht het besluit van de raad af en wil daarna **snel** beginnen met de bouw aan de kade. "
PAUSE_MS = 15


class Typist(QObject):
    """Presses a key, waits until it is painted, and again; then says how long each took (ms)."""

    def __init__(self, window: QWidget, painted: QWidget, keys: int, done: Callable[[list[float]], None], *,
                 press: Callable[[int], None]) -> None:
        super().__init__()
        self._painted, self._left, self._done, self._press = painted, keys, done, press
        self._clock = SystemClock()
        self._begun = 0.0
        self._taken: list[float] = []
        self._window = window
        painted.installEventFilter(self)

    def start(self) -> None:
        """Press the first key."""
        QTimer.singleShot(PAUSE_MS, self._next)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The paint of the key under way: its time is taken once it is through."""
        if event.type() == QEvent.Type.Paint and self._begun:
            QTimer.singleShot(0, self._was_painted)
        return super().eventFilter(watched, event)

    def _next(self) -> None:
        if self._left == 0:
            self._done(self._taken)
            return
        self._left -= 1
        self._begun = self._clock.monotonic()
        self._press(self._left)

    def _was_painted(self) -> None:
        if self._begun:
            self._taken.append((self._clock.monotonic() - self._begun) * 1000)
            self._begun = 0.0
            QTimer.singleShot(PAUSE_MS, self._next)


def tell(found: object) -> None:
    """Print the answer and end."""
    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    QCoreApplication.quit()


def long_text(size: int) -> str:
    """An article of about `size` characters with paragraphs and subheads."""
    paragraphs, length = [], 0
    while length < size:
        number = len(paragraphs)
        text = f"## Tussenkop {number}" if number % 6 == 5 else SENTENCE * 4
        paragraphs.append(text)
        length += len(text) + 2
    return "\n\n".join(paragraphs)[:size]


def type_in(editor: QPlainTextEdit, keys: int) -> None:
    """Type `keys` letters at the start, in the middle and at the end of an open editor, and tell each."""
    found: dict[str, list[float]] = {}
    places = ["start", "middle", "end"]
    window = QMainWindow()
    window.setCentralWidget(editor)
    window.resize(1280, 900)
    window.show()
    editor.setFocus()
    kept: list[Typist] = []

    def press(number: int) -> None:
        letter = "etaonrisdhl "[number % 12]
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(editor, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    def go(place: int) -> None:
        if place == len(places):
            tell(found)
            return
        cursor = editor.textCursor()
        length = editor.document().characterCount() - 1
        cursor.setPosition(length * place // 2, QTextCursor.MoveMode.MoveAnchor)
        editor.setTextCursor(cursor)
        editor.ensureCursorVisible()

        def done(taken: list[float]) -> None:
            found[places[place]] = taken
            go(place + 1)
        kept.append(Typist(window, editor.viewport(), keys, done, press=press))
        kept[-1].start()
    QTimer.singleShot(500, lambda: go(0))
    window.setProperty("kept", True)
    QApplication.exec()


def probe_typing_bare(size: int, keys: int) -> None:
    """The floor of typing: an editor with no highlighter at all."""
    editor = QPlainTextEdit()
    editor.setPlainText(long_text(size))
    type_in(editor, keys)


def probe_typing(size: int, keys: int) -> None:
    """Typing on the writing surface."""
    from editor.ui.articles.surface import WritingSurface
    from editor.ui.theme.fonts import load_fonts
    from editor.ui.theme.look import Look
    from editor.ui.theme.tokens import load_theme

    load_fonts()
    editor = WritingSurface(Look(load_theme("light")))
    editor.load(long_text(size))
    type_in(editor, keys)


def probe_start_bare() -> None:
    """The floor of a start: a bare window, painted."""
    window = QMainWindow()
    window.setCentralWidget(QPlainTextEdit())
    window.resize(1280, 900)
    when_painted(window, lambda: tell({"painted": True}))
    window.show()
    QApplication.exec()


class _FirstPaint(QObject):
    def __init__(self, widget: QWidget, then: Callable[[], None]) -> None:
        super().__init__(widget)
        self._then: Callable[[], None] | None = then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first paint."""
        if event.type() == QEvent.Type.Paint and self._then is not None:
            QTimer.singleShot(0, self._then)
            self._then = None
        return super().eventFilter(watched, event)


def when_painted(widget: QWidget, then: Callable[[], None]) -> None:
    """Call `then` once, after `widget` was painted first."""
    _FirstPaint(widget, then)


PROBES: dict[str, Callable[..., None]] = {
    "typing": probe_typing, "typing-bare": probe_typing_bare, "start-bare": probe_start_bare,
}


def main(words: list[str]) -> None:
    """Run one probe."""
    QApplication.setStyle("Fusion")
    application = QApplication(["redactie"])
    PROBES[words[0]](*(int(word) for word in words[1:]))
    del application


if __name__ == "__main__":
    main(sys.argv[1:])
