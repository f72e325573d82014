"""Instruments of the bench's probes: what hears of paints, what beats in the event loop, what times act after act.

Times are milliseconds. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable
from time import thread_time

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMainWindow, QPlainTextEdit, QWidget

from editor.base.clock import SystemClock

SENTENCE = "De wethouder wacht het besluit van de raad af en wil daarna **snel** beginnen met de bouw aan de kade. "
LETTERS = "etaonrisdhl "
BEAT_MS = 4


class Heartbeat(QObject):
    """The longest time that the event loop did not come round, since `take` was called last."""

    def __init__(self) -> None:
        super().__init__()
        self._clock = SystemClock()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._beat)
        self._last = self._clock.monotonic()
        self._longest = 0.0
        self._timer.start(BEAT_MS)

    def take(self) -> float:
        """The longest gap, and begin anew."""
        self._beat()
        longest, self._longest = self._longest, 0.0
        return longest

    def _beat(self) -> None:
        now = self._clock.monotonic()
        self._longest = max(self._longest, (now - self._last) * 1000 - BEAT_MS)
        self._last = now


class Painted(QObject):
    """Calls once, when a widget has been painted and the event loop has come round."""

    def __init__(self, widget: QWidget, then: Callable[[], None]) -> None:
        super().__init__(widget)
        self._then: Callable[[], None] | None = then
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._then is not None:
            QTimer.singleShot(0, self._then)
            self._then = None
            watched.removeEventFilter(self)
        return False


class Timed(QObject):
    """Does an act again and again, `pause` ms apart; each time from the act until `is_done` after a turn of the loop.

    `cpu` has what the GUI thread itself worked in those times: on a busy machine the rest was waiting for a processor.
    """

    def __init__(self, act: Callable[[int], None], is_done: Callable[[], bool], n: int, pause: int,
                 done: Callable[[list[float]], None]) -> None:
        super().__init__()
        self._act, self._is_done, self._left, self._pause, self._done = act, is_done, n, pause, done
        self._clock = SystemClock()
        self._begun = self._cpu_begun = 0.0
        self._taken: list[float] = []
        self.cpu: list[float] = []

    def start(self) -> None:
        """Begin after a pause."""
        QTimer.singleShot(self._pause, self._next)

    def _next(self) -> None:
        if self._left == 0:
            self._done(self._taken)
            return
        self._left -= 1
        self._begun, self._cpu_begun = self._clock.monotonic(), thread_time()
        self._act(self._left)
        QTimer.singleShot(0, self._look)

    def _look(self) -> None:
        if self._is_done():
            self._taken.append((self._clock.monotonic() - self._begun) * 1000)
            self.cpu.append((thread_time() - self._cpu_begun) * 1000)
            QTimer.singleShot(self._pause, self._next)
        else:
            QTimer.singleShot(0, self._look)


class Keys(QObject):
    """Types letters in an editor; a key is done once it is painted."""

    def __init__(self, editor: QPlainTextEdit) -> None:
        super().__init__(editor)
        self._editor = editor
        self._is_painted = False
        editor.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self._is_painted = True
        return False

    def press(self, number: int) -> None:
        """Press and release one letter."""
        self._is_painted = False
        letter = LETTERS[number % len(LETTERS)]
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self._editor, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))

    def is_painted(self) -> bool:
        """Whether the letter is on the screen."""
        return self._is_painted


def long_text(size: int) -> str:
    """An article of `size` characters with paragraphs and subheads."""
    paragraphs: list[str] = []
    length = 0
    while length < size:
        number = len(paragraphs)
        text = f"## Tussenkop {number}" if number % 6 == 5 else SENTENCE * 4
        paragraphs.append(text)
        length += len(text) + 2
    return "\n\n".join(paragraphs)[:size]


def window_of(widget: QWidget) -> QMainWindow:
    """The widget in a window of the usual size, shown."""
    window = QMainWindow()
    window.setCentralWidget(widget)
    window.resize(1280, 900)
    window.show()
    window.activateWindow()
    return window
