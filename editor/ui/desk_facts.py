"""What a desk says of itself, turned into the status bar's facts: desks know no shell."""

from __future__ import annotations

from datetime import datetime

from editor.ui.articles.facts import ArticleFacts
from editor.ui.shell.facts import DeskFacts, Fact, Size, Standing, size_fact, standing_facts
from editor.ui.widgets.instants import Instants
from editor.ui.wording import Wording


def facts_of(told: object, wording: Wording, zone: str, now: datetime) -> DeskFacts:
    """A sentence, or an article's three times and its size; nothing for anything else."""
    if isinstance(told, str) and told:
        return DeskFacts(left=(Fact(told),))
    if not isinstance(told, ArticleFacts) or told.saved_at is None:
        return DeskFacts()
    standing = Standing(told.saved_at, told.sent_at, told.live_at, told.live_differs, told.stuck,
                        told.planned_at, told.withdrawn_at)
    return DeskFacts(left=standing_facts(standing, wording, Instants(wording, zone), now),
                     right=(size_fact(Size(told.words, told.minutes), wording),))
