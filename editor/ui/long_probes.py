"""What the bench measures over minutes in the program's own window: typing while a newsroom is read, and doing nothing.

Both print JSON objects as `ui.probes` does; `editor.bench.parts` opens what they need. Times are milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from time import process_time
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer

from editor.base.clock import SystemClock
from editor.ui.instruments import BEAT_MS, Heartbeat, Keys, Painted, Timed
from editor.ui.probes import CALM_MS, LATEST_MS, run_program, tell

if TYPE_CHECKING:
    from editor.runtime.sync_runner import SyncFacts
    from editor.ui.application import Program
    from editor.ui.parts import Parts

TYPING_MS = 100  # ten keys a second: a fast typist, for minutes
AT_ONCE = 20  # keys between two looks at whether the reading is over
QUIET_KEYS = 100  # typed in the same window when nothing is read any more
LONGEST_MS = 7_200_000
REST_S = 6.0  # a start has loaded what it loads in the background by then


class _End:
    """Hears on sync's thread whether a first reading is over."""

    def __init__(self, program: Program) -> None:
        self.is_over = False
        assert program.opened is not None
        program.opened.subscribe_facts(self._hear)

    def _hear(self, facts: SyncFacts) -> None:
        self.is_over = self.is_over or (facts.state == "ok" and not facts.rows_total)


class TypingWhileReading:
    """Types in a new article for as long as the first reading takes, then some keys more in the same window."""

    def __init__(self, program: Program, told: Callable[[], Mapping[str, Any]]) -> None:
        self._program, self._told = program, told
        self._beat = Heartbeat()
        self._taken: list[float] = []
        self._cpu: list[float] = []
        self._found: dict[str, Any] = {}
        self._timed: Timed | None = None
        self._ends: _End | None = None
        self._keys: Keys | None = None

    def start(self) -> None:
        """Wait for the articles desk, then open a new article in it."""
        desk: Any = self._program.frame.desk("articles")
        if self._program.opened is None or desk is None:
            QTimer.singleShot(BEAT_MS, self.start)
            return
        self._ends = _End(self._program)
        desk.commands()["article.new"]()
        self._await_open(desk)

    def _await_open(self, desk: Any) -> None:
        if not desk.panel.surface.isVisible() or desk.shown is None:
            QTimer.singleShot(BEAT_MS, partial(self._await_open, desk))
            return
        desk.panel.surface.setFocus()
        self._keys = Keys(desk.panel.surface)
        self._beat.take()
        QTimer.singleShot(CALM_MS, self._type)

    def _type(self) -> None:
        assert self._keys is not None
        self._timed = Timed(self._keys.press, self._keys.is_painted, AT_ONCE, TYPING_MS, self._typed)
        self._timed.start()

    def _typed(self, taken: list[float]) -> None:
        assert self._timed is not None
        assert self._ends is not None
        self._taken += taken
        self._cpu += self._timed.cpu
        if not self._ends.is_over:
            self._type()
        elif "reading" not in self._found:
            self._found = {"reading": self._taken, "reading_cpu": self._cpu, "gap": self._beat.take(), **self._told()}
            self._taken, self._cpu = [], []
            self._type()
        elif len(self._taken) < QUIET_KEYS:
            self._type()
        else:
            tell({**self._found, "quiet": self._taken, "quiet_cpu": self._cpu,
                  **{f"quiet_{name}": value for name, value in self._told().items()}})


def type_while_reading(parts: Parts, told: Callable[[], Mapping[str, Any]]) -> None:
    """The program's own window on a profile that reads a newsroom; `told` adds to what is told at the reading's end, and
    once more at the end of the quiet time after it."""
    typing: list[TypingWhileReading] = []

    def begin(program: Program) -> None:
        typing.append(TypingWhileReading(program, told))
        QTimer.singleShot(0, typing[0].start)
    run_program(parts, begin, longest_ms=LONGEST_MS)


def do_nothing(parts: Parts, seconds: int, told: Callable[[], Mapping[str, Any]]) -> None:
    """The program's own window on a connected profile: what it works when nobody does anything, in ms of a second."""
    clock = SystemClock()
    begun: list[float] = []
    heard: list[str] = []

    def begin(program: Program) -> None:
        assert program.opened is not None
        program.opened.subscribe_facts(lambda facts: heard.append(facts.state))
        begun.extend((process_time(), clock.monotonic()))
        found.update(told())
        QTimer.singleShot(seconds * 1000, end)

    def end() -> None:
        worked, passed = process_time() - begun[0], clock.monotonic() - begun[1]
        tell({**found, "share": worked / passed * 100, "state": heard[-1] if heard else ""})
    found: dict[str, Any] = {}

    def rest(program: Program) -> None:
        Painted(program.frame.window, lambda: QTimer.singleShot(round(REST_S * 1000), partial(begin, program)))
    run_program(parts, rest, longest_ms=LATEST_MS)
