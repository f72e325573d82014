"""Scrolling by pixels in a widget that scrolls by lines.

The viewport is `SPARE` pixels taller than what is seen and is slid up under the editor's edge by part of the top line;
past a whole line the scroll bar moves one step. Its size never changes, so nothing is laid out again.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QScrollBar

SPARE = 88  # design pixels: the top margin and the tallest line (a title) fit in it
TOP = 22  # design pixels above the first line


class Sliding:
    """How far the top line is slid out of sight, and the margins that make it so. Owned by the writing surface."""

    def __init__(self, bar: QScrollBar, top_line: Callable[[], float], place: Callable[[int, int], None]) -> None:
        """`top_line` is the height of the first visible line; `place` sets the viewport's top and bottom margin."""
        self._bar = bar
        self._top_line = top_line
        self._place = place
        self._slid = 0.0
        self._is_stepping = False
        self._top, self.spare = TOP, SPARE
        bar.valueChanged.connect(self._on_bar)

    def scale_to(self, scale: float) -> None:
        """Take the lengths at a text scale."""
        self._top, self.spare = round(TOP * scale), round(SPARE * scale)
        self.settle()

    def by(self, pixels: float) -> None:
        """Scroll down (positive) or up by pixels; stops at both ends."""
        if self._bar.maximum() == 0:
            return
        self._slid += pixels
        self._is_stepping = True
        try:
            self._step()
        finally:
            self._is_stepping = False
        self.settle()

    def settle(self) -> None:
        """Put the viewport where the present slide wants it."""
        margin = self._base() - round(self._slid)
        self._place(margin, self._top - self.spare - margin)

    @property
    def top(self) -> int:
        """Pixels above the first line at the beginning of a text."""
        return self._top

    def _step(self) -> None:
        """Turn whole lines of the slide into steps of the bar. At the very top the margin slides away first."""
        while self._slid < 0 and self._bar.value() > 0:
            self._bar.setValue(self._bar.value() - 1)
            self._slid += self._top_line() + self._base()
        while self._slid >= (height := self._top_line() + self._base()) and self._bar.value() < self._bar.maximum():
            self._slid -= height
            self._bar.setValue(self._bar.value() + 1)
        at_end = self._bar.value() == self._bar.maximum()
        self._slid = 0.0 if at_end or self._slid < 0 else self._slid

    def _base(self) -> int:
        return self._top if self._bar.value() == 0 else 0

    def _on_bar(self) -> None:
        if not self._is_stepping:
            self._slid = 0.0
            self.settle()
