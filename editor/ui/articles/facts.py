"""What the articles desk says at the bottom of the window: three times of the open article, and how long it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from editor.text.counting import count_words, without_marks


@dataclass(frozen=True, slots=True)
class ArticleFacts:
    """All empty while no article is open. `stuck` says in words why it will not go out; `minutes` to read it."""

    saved_at: datetime | None = None
    sent_at: datetime | None = None
    live_at: datetime | None = None
    live_differs: bool = False
    stuck: str = ""
    words: int = 0
    minutes: int = 0
    planned_at: datetime | None = None
    withdrawn_at: datetime | None = None


class Counting:
    """Counts a text's words by paragraph and remembers them: a key costs one paragraph. Used on the cpu thread alone."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def words(self, text: str) -> int:
        """The words of a Markdown text, without its marks."""
        parts = text.split("\n\n")
        self._known = {part: self._known[part] if part in self._known else count_words(without_marks(part)) for part in parts}
        return sum(self._known[part] for part in parts)
