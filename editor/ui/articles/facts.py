"""What the articles desk says at the bottom of the window: three times of the open article, and how long it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


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
