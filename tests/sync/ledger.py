"""What people did in a random history, as an onlooker would note it.

Every sentence holds a word of its own (a token), so that it can be found again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from editor.domain.article import Action

TOKEN = re.compile(r"w\d{4}")


def tokens(value: Any) -> set[str]:
    """Every token in a text, a document, a card."""
    return set(TOKEN.findall(str(value)))


@dataclass
class Ledger:
    """What people did, as an onlooker would note it."""

    written: dict[str, set[str]] = field(default_factory=dict)  # article -> tokens typed there
    let_go: set[str] = field(default_factory=set)  # tokens that somebody took away who saw them
    sentences: set[str] = field(default_factory=set)
    approved: set[tuple[str, str]] = field(default_factory=set)  # (article, content hash) by whoever may
    released: set[tuple[str, str]] = field(default_factory=set)
    steps: dict[str, list[tuple[str, Action]]] = field(default_factory=dict)  # article -> (desk, action) in order
    unclear: set[str] = field(default_factory=set)  # articles with an undone step: no last word is claimed
    headlines: dict[str, set[str]] = field(default_factory=dict)  # line -> headlines that were meant to travel
    taken_off: set[str] = field(default_factory=set)  # lines that somebody withdrew and nobody planned again
    reactions: list[str] = field(default_factory=list)
    count: int = 0

    def token(self) -> str:
        """A word that was never used before."""
        self.count += 1
        return f"w{self.count:04}"

    def sentence(self, name: str) -> str:
        """A sentence of `name` that was never written before."""
        made = f"Zin {self.token()} van {name}."
        self.sentences.add(made)
        return made
