"""Typed text that the database could not take: how it waits, and how it comes back (model 9)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from editor.base.wire import Document
from editor.desk import articles, lanes
from editor.desk.ports import UnitOfWork
from editor.domain.changes import Outcome

BROUGHT_BACK = "brought_back"  # in the profile: headlines, as JSON
ANOTHER = -1  # the version of no row: what is saved with it always merges


@dataclass(frozen=True, slots=True)
class SwapText:
    """Typed text that the database did not take: what `articles.save_draft` was to be given (model 9).

    `sitting` names one person's stay at one open article: within it a later text holds all of an earlier one.
    """

    article_id: str
    sitting: str
    version: int
    started_from: Document
    fields: Document
    kept_at: datetime


class SwapFiles(Protocol):
    """Where typed text waits while the database cannot be written."""

    def keep(self, text: SwapText) -> None:
        """On a disk when this returns. Raises `EditorError` when no disk takes it."""
        ...

    def forget(self, text: SwapText) -> None:
        """The database took what is kept of this text's sitting, or a person let it go."""
        ...

    def kept(self) -> tuple[SwapText, ...]:
        """What this run keeps, oldest first; answers from memory."""
        ...

    def left(self) -> tuple[SwapText, ...]:
        """Everything kept, by earlier runs as well, oldest first. A file that cannot be read is stepped over and stays."""
        ...


def bring_back(work: UnitOfWork, text: SwapText) -> Outcome[str]:
    """Save what was typed while the database could not be written: it merges as autosave does, and the state before it
    is kept. Its person is told at the next window (`brought_back`). Returns the headline as it now stands."""
    lanes.keep_revision(work, lanes.held(work, "article", text.article_id), "typed")
    saved = articles.save_draft(work, text.article_id, version=ANOTHER, started_from=text.started_from, fields=text.fields)
    headline = saved.value.article.headline
    work.profile.put(BROUGHT_BACK, json.dumps([*brought_back(work.profile.get(BROUGHT_BACK)), headline]))
    work.audit("bring_back", "article", text.article_id, {"fields": sorted(text.fields)})
    return Outcome(headline, work.changes())


def brought_back(kept: str | None) -> list[str]:
    """The headlines in the profile's note of what `bring_back` did."""
    return [str(one) for one in json.loads(kept)] if kept else []


def told_brought_back(work: UnitOfWork) -> Outcome[None]:
    """Its person has been told."""
    work.profile.put(BROUGHT_BACK, "")
    return Outcome(None, work.changes())
