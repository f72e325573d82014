"""A desk's keys as data: which key does which act, and in what words. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from editor.base.messages import Message

MODIFIERS = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
SIGNS = "?/[]."


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One act of a desk. `keys` are portable key texts, the first one is shown; `everywhere` also acts in fields."""

    act: str
    keys: tuple[str, ...]
    words: Message
    everywhere: bool = False


class KeyTable:
    """Finds the act of a key press. A sign is found by what it types, wherever the layout keeps it."""

    def __init__(self, rows: Sequence[KeyRow]) -> None:
        self.rows = tuple(rows)
        self._by_key: dict[int, KeyRow] = {}
        self._by_sign: dict[str, KeyRow] = {}
        for row in rows:
            for key in row.keys:
                if key in SIGNS:
                    self._by_sign[key] = row
                else:
                    self._by_key[QKeySequence(key)[0].toCombined()] = row

    def act_of(self, event: QKeyEvent, *, in_field: bool = False) -> str:
        """The act of the pressed key, empty for none. In a text field only what is meant `everywhere` (M-06)."""
        row = None
        if not event.modifiers() & MODIFIERS:
            row = self._by_sign.get(event.text())
        if row is None:
            modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            key = Qt.Key.Key_Return if event.key() == Qt.Key.Key_Enter else Qt.Key(event.key())
            row = self._by_key.get(int(modifiers.value) | int(key.value))
        return "" if row is None or (in_field and not row.everywhere) else row.act

    def key_of(self, act: str) -> str:
        """The key that is shown for an act."""
        return next((row.keys[0] for row in self.rows if row.act == act), "")
