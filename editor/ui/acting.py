"""What the window does with any desk's things from outside: shows one at its desk, undoes the latest. GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from editor.ui.frame import Frame
from editor.ui.parts import Opened
from editor.ui.theme.tokens import Tone

if TYPE_CHECKING:  # the window is painted before these are loaded
    from editor.base.errors import EditorError
    from editor.desk.read_models import TickerItem
    from editor.desk.undo import Undone
    from editor.ui.wording import Wording

DESK_OF = {"article": "articles", "ticker": "ticker", "reaction": "reactions", "conflict": "sync", "request": "sync"}
UNDONE_AT = {"articles": ("article",), "sync": ()}  # () is everything; the other desks undo by themselves


class Acting:
    """Acts at the window and the profile of the moment: both may be other ones at the next call."""

    def __init__(self, frame: Callable[[], Frame], wording: Callable[[], Wording], opened: Callable[[], Opened | None],
                 zone: Callable[[], str]) -> None:
        self._frame, self._wording, self._opened, self._zone = frame, wording, opened, zone

    def open_item(self, kind: str, item_id: str) -> None:
        """Show a thing at its desk."""
        name = DESK_OF.get(kind)
        if name is not None:
            self._frame().window.open_desk(name)
            if not self._frame().call_desk(name, "open_item", item_id) and kind == "ticker":
                self._open_line(item_id)

    def tell_brought_back(self) -> None:
        """Text that an earlier run could not save is back in its article: say so once."""
        opened, wording = self._opened(), self._wording()
        if opened is not None and opened.brought_back:
            headlines = ", ".join(f"‘{one}’" for one in opened.brought_back)
            self._frame().notify("brought_back", wording.tr(
                "application", "Text that could not be saved before is back in {headlines}. The state before it is "
                "among the versions.", headlines=headlines), Tone.NEUTRAL)
        if opened is not None and opened.still_kept:
            headlines = ", ".join(f"‘{one}’" for one in opened.still_kept)
            self._frame().notify("still_kept", wording.tr(
                "application", "Typed text for {headlines} still cannot be saved. It stands in the profile's folder swap "
                "and is tried again at each start.", headlines=headlines), Tone.READY)

    def undo(self, desk: str) -> None:
        """Undo at a desk that does not undo by itself: a text field has its own, and was asked first."""
        from editor.desk.undo import undo_latest

        kinds, opened = UNDONE_AT[desk], self._opened()
        if self._frame().call_desk(desk, "undo") or opened is None:
            return
        opened.door.change(lambda work: undo_latest(work, *kinds), self._on_undone, self.refuse)

    def refuse(self, error: EditorError) -> None:
        """Say above the desk why something was not done."""
        self._frame().notify("refused", self._wording().explain(error), Tone.READY)

    def _open_line(self, entry_id: str) -> None:
        """A ticker line is opened on its day; one without a start stands at every day."""
        if (opened := self._opened()) is not None:
            opened.door.read(lambda reader: reader.ticker_item(entry_id), self._go_to_line, self.refuse)

    def _go_to_line(self, item: TickerItem | None) -> None:
        from zoneinfo import ZoneInfo

        opened = self._opened()
        if item is not None and opened is not None:
            start = item.entry.start
            day = start.utc if start is not None else opened.clock.now()
            self._frame().call_desk("ticker", "go_to", day.astimezone(ZoneInfo(self._zone())).date(), item.entry.id)

    def _on_undone(self, undone: Undone) -> None:
        tr = self._wording().tr
        said = tr("application", "Undone.")
        if undone.why is not None:
            said = tr("application", "{n} taken back; {kept} had to stay: {why}", n=len(undone.ids), kept=len(undone.kept),
                      why=undone.why)
        self._frame().notify("undo", said, Tone.NEUTRAL if undone.why is None else Tone.READY)
