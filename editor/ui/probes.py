"""What the bench measures in windows: floors of bare Qt, and the program's own parts, measured in the same way.

The floors are child programs of their own: `python -m editor.ui.probes NAME [NUMBER …]`. The program's parts need an
open profile, so `editor.bench.parts` runs those. Each child prints one JSON object and ends. Times are milliseconds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QCoreApplication, QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QPlainTextEdit,
    QTableView,
    QWidget,
)

from editor.base.clock import Clock, SystemClock
from editor.ui.instruments import BEAT_MS, SENTENCE, Heartbeat, Keys, Painted, Timed, long_text, window_of

if TYPE_CHECKING:  # what a start does not load itself, its probe must not load either
    from editor.runtime.workers import Door
    from editor.ui.application import Program
    from editor.ui.articles.desk import ArticlesDesk
    from editor.ui.bridge import Bridge
    from editor.ui.parts import Parts
    from editor.ui.reactions.desk import ReactionsDesk

KEY_MS = 33  # thirty keys a second: a fast typist holding nothing back
DECISION_MS = 180  # five decisions a second are more than a person makes, and the desk refuses what was not seen
CALM_MS = 1200
LATEST_MS = 240_000
PLACES = ("start", "middle", "end")


def tell(found: Mapping[str, object]) -> None:
    """Print the answer and end."""
    import json

    sys.stdout.write(json.dumps(found) + "\n")
    sys.stdout.flush()
    QCoreApplication.quit()


# ------------------------------------------------------------------------------------------------------------ typing
class Typing:
    """Opens a text with `open_text` and types at its start, in its middle and at its end; tells all of it."""

    def __init__(self, editor: QPlainTextEdit, keys: int, open_text: Callable[[], None],
                 is_open: Callable[[], bool]) -> None:
        self._editor, self._count, self._open_text, self._is_open = editor, keys, open_text, is_open
        self._keys = Keys(editor)
        self._beat = Heartbeat()
        self._found: dict[str, Any] = {}
        self._timed: Timed | None = None

    def start(self) -> None:
        """Let the window come to rest first."""
        QTimer.singleShot(CALM_MS, self._open)

    def _open(self) -> None:
        self._beat.take()
        self._timed = Timed(lambda _: self._open_text(), self._is_open, 1, 0, self._opened)
        self._timed.start()

    def _opened(self, taken: list[float]) -> None:
        self._found["open"] = taken[0]
        QTimer.singleShot(CALM_MS, self._calm)

    def _calm(self) -> None:
        self._found["open_gap"] = self._beat.take()
        self._editor.setFocus()
        self._type(0)

    def _type(self, place: int) -> None:
        if place == len(PLACES):
            tell(self._found)
            return
        cursor = self._editor.textCursor()
        cursor.setPosition((self._editor.document().characterCount() - 1) * place // 2, QTextCursor.MoveMode.MoveAnchor)
        self._editor.setTextCursor(cursor)
        self._editor.ensureCursorVisible()

        def begin() -> None:
            self._beat.take()
            self._timed = Timed(self._keys.press, self._keys.is_painted, self._count, KEY_MS, done)
            self._timed.start()

        def done(taken: list[float]) -> None:
            self._found[PLACES[place]] = taken
            self._found[f"{PLACES[place]}_cpu"] = self._timed.cpu if self._timed is not None else []
            self._found[f"{PLACES[place]}_gap"] = self._beat.take()
            self._type(place + 1)
        QTimer.singleShot(CALM_MS // 2, begin)


def probe_typing_bare(size: int, keys: int) -> None:
    """The floor of typing: an editor with no highlighter at all."""
    editor, text = QPlainTextEdit(), long_text(size)
    _type_alone(editor, keys, lambda: editor.setPlainText(text))


def probe_typing_surface(size: int, keys: int) -> None:
    """Typing on the writing surface, nothing around it."""
    from editor.ui.articles.surface import WritingSurface
    from editor.ui.theme.fonts import load_fonts
    from editor.ui.theme.look import Look
    from editor.ui.theme.tokens import load_theme

    load_fonts()
    editor, text = WritingSurface(Look(load_theme("light"))), long_text(size)
    _type_alone(editor, keys, lambda: editor.load(text))


def _type_alone(editor: QPlainTextEdit, keys: int, open_text: Callable[[], None]) -> None:
    window = window_of(editor)
    typing = Typing(editor, keys, open_text, lambda: editor.document().characterCount() > 1)
    typing.start()
    QApplication.exec()
    window.close()


def type_in_articles(desk: ArticlesDesk, article_id: str, keys: int) -> None:
    """Typing in the whole desk, with preview and autosave."""
    surface = desk.panel.surface
    window = window_of(desk)
    typing = Typing(surface, keys, lambda: desk.open_item(article_id),
                    lambda: desk.article.id == article_id and surface.document().characterCount() > 1)
    typing.start()
    QApplication.exec()
    desk.close_desk()
    window.close()


# ---------------------------------------------------------------------------------------------------------- deciding
def decide_on_cards(desk: ReactionsDesk, decisions: int) -> None:
    """Key after key in the pending queue, each until the next card is painted, and until it is durable."""
    from PySide6.QtTest import QTest

    window, clock, beat = window_of(desk), SystemClock(), Heartbeat()
    pressed: list[float] = []
    durable: list[float] = []
    before = ""
    desk.deciding.written.connect(lambda _: durable.append((clock.monotonic() - pressed[len(durable)]) * 1000))
    kept: list[Timed] = []

    def press(_: int) -> None:
        nonlocal before
        before = desk.current_id
        pressed.append(clock.monotonic())
        QTest.keyClick(desk.table, Qt.Key.Key_A)

    def is_painted() -> bool:
        return desk.current_id != before and desk.panel.painted_id == desk.current_id

    def done(taken: list[float]) -> None:
        found = {"painted": taken, "cpu": kept[0].cpu, "durable": durable, "gap": beat.take()}
        QTimer.singleShot(DECISION_MS, lambda: tell(found))

    def begin() -> None:
        if not desk.panel.painted_id:
            QTimer.singleShot(BEAT_MS, begin)
            return
        desk.arrive()
        beat.take()
        kept.append(Timed(press, is_painted, decisions, DECISION_MS, done))
        QTimer.singleShot(CALM_MS, kept[0].start)
    begin()
    QApplication.exec()
    desk.close_desk()
    window.close()


class _Rows(QAbstractTableModel):
    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count

    def rowCount(self, _parent: object = None) -> int:
        return self._count

    def columnCount(self, _parent: object = None) -> int:
        return 1

    def data(self, index: Any, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return f"Lezer {index.row()}" if role == Qt.ItemDataRole.DisplayRole else None


def probe_decision_bare(count: int, decisions: int) -> None:
    """The floor of deciding: a bare table goes to the next row, a bare label shows its text."""
    whole, table, label = QWidget(), QTableView(), QLabel()
    rows = _Rows(count)
    table.setModel(rows)
    label.setWordWrap(True)
    box = QHBoxLayout(whole)
    box.addWidget(table)
    box.addWidget(label)
    window = window_of(whole)
    painted: list[int] = []

    def press(_: int) -> None:
        painted.clear()
        row = table.currentIndex().row() + 1
        table.setCurrentIndex(rows.index(row, 0))
        label.setText(f"{row} {SENTENCE}")
        Painted(label, lambda: painted.append(row))
    timed = Timed(press, lambda: bool(painted), decisions, KEY_MS, lambda taken: tell({"painted": taken}))
    QTimer.singleShot(CALM_MS, timed.start)
    QApplication.exec()
    window.close()


# ------------------------------------------------------------------------------------------------------------- start
def probe_start_bare() -> None:
    """The floor of a start: a bare window, painted."""
    editor, clock = QPlainTextEdit(), SystemClock()
    window = QMainWindow()
    window.setCentralWidget(editor)
    window.resize(1280, 900)
    Painted(window, lambda: tell({"painted": clock.monotonic()}))
    window.show()
    QApplication.exec()


def probe_idle_bare(seconds: int) -> None:
    """The floor of doing nothing: a bare window."""
    from time import process_time

    from editor.base.memory import resident

    window = window_of(QPlainTextEdit())
    begun: list[float] = []

    def end() -> None:
        tell({"share": (process_time() - begun[0]) / seconds * 100, "resident": resident()})

    def begin() -> None:
        begun.append(process_time())
        QTimer.singleShot(seconds * 1000, end)
    QTimer.singleShot(CALM_MS, begin)
    QApplication.exec()
    window.close()


class _Filled(QObject):
    """Hears of the first paint of the articles' list with something in it."""

    def __init__(self, program: Program, then: Callable[[], None]) -> None:
        super().__init__()
        self._program, self._then = program, then

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            desk: Any = self._program.frame.desk("articles")
            if desk is not None and desk.panel.library.cards.is_filled and desk.panel.library.cards.isAncestorOf(watched):
                QCoreApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
                QTimer.singleShot(0, self._then)
        return False


def start_program(parts: Parts) -> None:
    """The program's own start on a profile: its window painted, then its list of articles filled (`monotonic`)."""
    from editor.ui.application import Program, make_application

    application, clock = make_application(), SystemClock()
    program = Program(application, parts)
    found: dict[str, float] = {}

    def painted() -> None:
        found["painted"] = clock.monotonic()
        application.installEventFilter(filled)

    def done() -> None:
        found["filled"] = clock.monotonic()
        found["gap"] = beat.take()
        tell(found)
    filled = _Filled(program, done)
    Painted(program.frame.window, painted)
    program.start()
    beat = Heartbeat()
    QTimer.singleShot(LATEST_MS, application, lambda: QCoreApplication.exit(3))
    application.exec()
    program.stop()


def run_program(parts: Parts, begun: Callable[[Program], None], *, longest_ms: int) -> None:
    """The program's own window until something ends it; `begun` hears of it before it is shown."""
    from editor.ui.application import Program, make_application

    application = make_application()
    program = Program(application, parts)
    begun(program)
    program.start()
    QTimer.singleShot(longest_ms, application, lambda: QCoreApplication.exit(3))
    application.exec()
    program.stop()


# ------------------------------------------------------------------------------------------------------ child programs
@contextmanager
def stage() -> Iterator[tuple[Bridge, Callable[[str, Door, Clock], Any]]]:
    """An application for one desk: the way onto its thread, and what makes a desk of that name."""
    from editor.ui.actions import Keymap
    from editor.ui.application import make_application
    from editor.ui.articles.desk import ArticlesDesk
    from editor.ui.bridge import Bridge
    from editor.ui.reactions.desk import ReactionsDesk
    from editor.ui.theme.look import Look
    from editor.ui.theme.tokens import load_theme
    from editor.ui.wording import Wording

    application, bridge = make_application(), Bridge()
    look, wording = Look(load_theme("light")), Wording("nl")
    look.dress(application)
    QTimer.singleShot(LATEST_MS, application, lambda: QCoreApplication.exit(3))
    desks: dict[str, Callable[..., QWidget]] = {"articles": ArticlesDesk, "reactions": ReactionsDesk}
    yield bridge, lambda name, door, clock: desks[name](door, wording, look, Keymap(), clock)
    bridge.close()


PROBES: Mapping[str, Callable[..., None]] = {
    "typing-bare": probe_typing_bare, "typing-surface": probe_typing_surface, "start-bare": probe_start_bare,
    "decision-bare": probe_decision_bare, "idle-bare": probe_idle_bare,
}


def main(words: Sequence[str]) -> None:
    """Run one floor."""
    application = QApplication(["redactie", "-style", "fusion"])
    QTimer.singleShot(LATEST_MS, application, lambda: QCoreApplication.exit(3))
    PROBES[words[0]](*(int(word) for word in words[1:]))
    del application


if __name__ == "__main__":
    main(sys.argv[1:])
