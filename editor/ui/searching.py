"""What the palette finds beside actions: articles, ticker lines and reactions by their words, and settings. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from editor.base.messages import Message
from editor.base.settings import SETTINGS
from editor.ui.wording import Wording

if TYPE_CHECKING:  # the window is painted before these are loaded
    from editor.runtime.workers import Door
    from editor.ui.shell.palette import Found, Tell

LEAST, MOST = 2, 20
KINDS = {
    "article": ("pen", Message("application", "article")),
    "ticker": ("ticker", Message("application", "ticker line")),
    "reaction": ("speech", Message("application", "reaction")),
}


class Things:
    """Finds things that hold the typed words; answers when the database has."""

    def __init__(self, door: Callable[[], Door | None], wording: Wording, open_item: Callable[[str, str], None]) -> None:
        """`door` gives the open profile's door, None while there is none."""
        self._door, self._wording, self._open_item = door, wording, open_item
        self._asked = 0

    def __call__(self, typed: str, tell: Tell) -> None:
        self._asked += 1
        asked, door = self._asked, self._door()
        if door is None or len(typed) < LEAST:
            tell(())
            return
        door.read(lambda reader: tuple(reader.search(typed, MOST)),
                  lambda found: self._answer(asked, found, tell), lambda _: tell(()))

    def _answer(self, asked: int, found: Sequence[tuple[str, str, str]], tell: Tell) -> None:
        if asked == self._asked:
            tell([self._shown(*one) for one in found if one[0] in KINDS])

    def _shown(self, kind: str, item_id: str, title: str) -> Found:
        from editor.ui.shell.palette import Found

        icon, name = KINDS[kind]
        return Found(f"{kind}:{item_id}", title, lambda: self._open_item(kind, item_id),
                     detail=self._wording.say(name), icon=icon)


class SettingsFound:
    """Finds settings by their name, and what the program is."""

    def __init__(self, wording: Wording, show: Callable[[str], None], about: Callable[[], None]) -> None:
        self._wording, self._show, self._about = wording, show, about

    def __call__(self, typed: str, tell: Tell) -> None:
        from editor.ui.shell.palette import Found, best

        if not typed:
            tell(())
            return
        say, detail = self._wording.say, self._wording.tr("application", "setting")
        found = [Found(f"setting:{item.key}", say(item.label), partial(self._show, item.key), detail=detail, icon="gear")
                 for item in SETTINGS]
        about = Found("about", self._wording.tr("about", "About Redactie"), self._about, icon="help")
        tell(best(typed, [*found, about], most=5))
