"""What the ticker's commands need of their desk: its parts, the open line, and a few things that it does. No Qt of its
own; the desk is one, a test may be another.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Protocol

from editor.base.errors import EditorError
from editor.desk.read_models import TickerItem
from editor.ui.ticker.acts import TickerActs
from editor.ui.ticker.block_panel import BlockPanel
from editor.ui.ticker.day_bar import DayBar
from editor.ui.ticker.entry_panel import EntryPanel
from editor.ui.ticker.quick_line import QuickLine
from editor.ui.ticker.reading import DayView
from editor.ui.ticker.timeline import Timeline
from editor.ui.widgets.in_place_question import InPlaceQuestion


class TickerHost(Protocol):
    """The desk as its commands see it."""

    acts: TickerActs
    bar: DayBar
    block: BlockPanel
    day: date
    panel: EntryPanel
    question: InPlaceQuestion
    quick: QuickLine
    timeline: Timeline
    view: DayView | None

    @property
    def item(self) -> TickerItem | None:
        """The open line."""
        ...

    def now(self) -> datetime:
        """The present instant."""
        ...

    def go_to(self, day: date, entry_id: str = "") -> None:
        """Show another day."""
        ...

    def go_to_now(self) -> None:
        """Show today with the red line in view."""
        ...

    def refuse(self, error: EditorError) -> None:
        """Say why something was not done."""
        ...

    def flush(self) -> None:
        """Keep what is being typed, now."""
        ...

    def undo(self) -> None:
        """Take back the last thing done on the ticker."""
        ...
