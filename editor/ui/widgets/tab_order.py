"""The order in which Tab goes through the parts of a pane: as they are read, whatever order they were made in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def order_tabs(parts: Sequence[QWidget]) -> None:
    """Let Tab go from part to part; within each its own order stays. All parts stand in one window. GUI thread."""
    chain = tuple(_chain(parts[0])) if parts else ()
    stops = [one for part in parts for one in chain if one is part or part.isAncestorOf(one)]
    for before, after in pairwise(stops):
        QWidget.setTabOrder(before, after)


def _chain(start: QWidget) -> Iterator[QWidget]:
    one: QWidget | None = start
    while one is not None:
        if one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            yield one
        one = one.nextInFocusChain()
        if one is start:
            return
