"""What opens over the window: the palette and the sheet of keys, each loaded and made when it is first opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QWidget

from editor.ui.actions import SCOPE_TITLES, Keymap, Scope, shown_key
from editor.ui.theme.look import Look
from editor.ui.wording import Wording

if TYPE_CHECKING:  # the window is painted before these are loaded
    from editor.ui.shell.keys_sheet import KeysSheet
    from editor.ui.shell.palette import Palette, Provider
    from editor.ui.widgets.floating import Floating

F = TypeVar("F", bound="Floating")


class Over:
    """The floating cards of one window, over `ground`. GUI thread."""

    def __init__(self, look: Look, wording: Wording, ground: QWidget, providers: Sequence[Provider],
                 closed: Callable[[], None]) -> None:
        """`closed` is called when one of them closes."""
        self._look, self._wording, self._ground = look, wording, ground
        self._providers, self._closed = providers, closed
        self._cards: list[Floating] = []

    @cached_property
    def palette(self) -> Palette:
        """The command palette."""
        from editor.ui.shell.palette import Palette

        return self._kept(Palette(self._look, self._wording, self._providers, self._ground))

    @cached_property
    def keys(self) -> KeysSheet:
        """The sheet of keys."""
        from editor.ui.shell.keys_sheet import KeysSheet

        return self._kept(KeysSheet(self._look, self._wording.tr("shell", "Keys"), self._ground))

    def open_keys(self, keymap: Keymap, scopes: Iterable[Scope]) -> None:
        """Show the keys of these scopes."""
        from editor.ui.shell.keys_sheet import KeyGroup

        say = self._wording.say
        self.keys.open([
            KeyGroup(say(SCOPE_TITLES[scope]),
                     [(say(action.title), [shown_key(key) for key in keymap.keys(action.id)])
                      for action in keymap.actions(scope) if keymap.keys(action.id)])
            for scope in scopes])

    def close(self) -> None:
        """Close what is open."""
        for card in self._cards:
            card.close_card()

    def _kept(self, card: F) -> F:
        card.closed.connect(self._closed)
        self._cards.append(card)
        return card
