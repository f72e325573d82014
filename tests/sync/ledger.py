"""What people did in a random history, as an onlooker would note it.

Every sentence, headline and tag holds a word of its own (a token), so that it can be found again.
"""

from __future__ import annotations

import re
from collections import Counter
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
    dropped: dict[str, set[str]] = field(default_factory=dict)  # person -> tokens that he took away, seeing them
    ever_dropped: set[str] = field(default_factory=set)  # even by somebody who has them again: a request may be under way
    sentences: set[str] = field(default_factory=set)
    approved: set[tuple[str, str]] = field(default_factory=set)  # (article, content hash) by whoever may
    released: set[tuple[str, str]] = field(default_factory=set)
    steps: dict[str, list[tuple[str, Action]]] = field(default_factory=dict)  # article -> (desk, action) in order
    unclear: set[str] = field(default_factory=set)  # articles with an undone step: no last word is claimed
    headlines: dict[str, set[str]] = field(default_factory=dict)  # line -> headlines that were meant to travel
    taken_off: set[str] = field(default_factory=set)  # lines that somebody withdrew and nobody planned again
    binned: set[tuple[str, str]] = field(default_factory=set)  # (desk, article) put in the bin or let go there
    went_back: set[str] = field(default_factory=set)  # articles that an old back-up may have set back: see acts_server
    forgotten: dict[str, set[str]] = field(default_factory=dict)  # words that the server held of what it erased
    erased: set[str] = field(default_factory=set)  # what press made forgotten, for retention or on request
    reactions: list[str] = field(default_factory=list)
    did: Counter[str] = field(default_factory=Counter)  # acts that were done, not only tried
    tried: Counter[str] = field(default_factory=Counter)  # for each invariant, how often something could have broken it
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

    @property
    def let_go(self) -> set[str]:
        """Every token that somebody took away who saw it."""
        return set[str]().union(*self.dropped.values())

    def drop(self, name: str, words: set[str]) -> None:
        """`name` saw these and took them away."""
        self.ever_dropped |= words
        self.dropped.setdefault(name, set()).update(words)

    def regain(self, name: str, words: set[str]) -> None:
        """`name` has these again after all."""
        self.dropped.setdefault(name, set()).difference_update(words)

    def note_typed(self, name: str, article_id: str, before: Any, after: Any) -> None:
        """`name`, who saw `before`, made `after` of it."""
        was, now = tokens(before), tokens(after)
        self.written.setdefault(article_id, set()).update(now - was)
        self.drop(name, was - now)

    def note_step(self, name: str, article_id: str, action: Action, digest: str, *, leads_out: bool) -> None:
        """Somebody who may took that step on the text of that hash."""
        self.steps.setdefault(article_id, []).append((name, action))
        if action is Action.APPROVE:
            self.approved.add((article_id, digest))
        if leads_out:
            self.released.add((article_id, digest))
