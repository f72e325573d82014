"""The person's and the newsroom's settings as the window works with them: read at once, kept without waiting.

Also the window's memory of where things stood. GUI thread; one a program.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from editor.base.settings import SETTINGS, Kind, Scope, Setting, setting, value_of

if TYPE_CHECKING:  # the window is painted before these are loaded
    from editor.domain.newsroom import Newsroom

MEMORY = "window."
SCALES: Mapping[str, float] = {"normal": 1.0, "large": 1.2, "largest": 1.5}


class Preferences:
    """Values by key. What was written since the start is remembered here: the reader only knows the start."""

    def __init__(self, read: Callable[[str], str | None], write: Callable[[str, str], None]) -> None:
        self._read, self._write = read, write
        self._written: dict[str, str] = {}
        self._newsroom: dict[str, str] = {}
        self.change_newsroom: Callable[[str, Any], None] | None = None  # given once a profile is open

    def read(self, key: str) -> str | None:
        """The stored value, None for one that was never changed."""
        if key in self._newsroom:
            return self._newsroom[key]
        return self._written[key] if key in self._written else self._read(key)

    def write(self, key: str, value: str) -> None:
        """Keep a value: here, or in the newsroom's document."""
        item = next((one for one in SETTINGS if one.key == key), None)
        if item is not None and item.scope is Scope.NEWSROOM:
            if self.change_newsroom is not None:
                self._newsroom[key] = value
                self.change_newsroom(item.field, typed(item, value))
            return
        self._written[key] = value
        self._write(key, value)

    def value(self, key: str) -> str:
        """What holds: the stored value where it is a good one, else the default."""
        stored = self.read(key)
        return value_of(setting(key), {} if stored is None else {key: stored})

    @property
    def scale(self) -> float:
        """The scale of all text."""
        return SCALES[self.value("text_size")]

    def keys(self) -> Mapping[str, str]:
        """The keys that this person changed, by action."""
        try:
            found = json.loads(self.read("keys") or "{}")
        except ValueError:
            return {}
        return {str(name): str(key) for name, key in found.items()} if isinstance(found, dict) else {}

    def heard(self, newsroom: Newsroom) -> None:
        """The newsroom's document as it is now."""
        self._newsroom = {item.key: told(newsroom, item) for item in SETTINGS if item.scope is Scope.NEWSROOM}

    # ---------------------------------------------------------------------------------------- the window's memory
    def recall(self, name: str) -> str:
        """What was kept under a name, or ""."""
        return self.read(MEMORY + name) or ""

    def keep(self, name: str, value: str) -> None:
        """Keep it. Never waits for the disk."""
        self.write(MEMORY + name, value)


def told(newsroom: Newsroom, item: Setting) -> str:
    """The newsroom's value of a setting as text."""
    value: Any = newsroom
    for part in item.field.split("."):
        value = getattr(value, part)
    return ("true" if value else "false") if item.kind is Kind.SWITCH else str(value)


def typed(item: Setting, value: str) -> Any:
    """A setting's text as the newsroom's document holds it."""
    return {Kind.SWITCH: lambda: value == "true", Kind.NUMBER: lambda: int(value)}.get(item.kind, lambda: value)()
