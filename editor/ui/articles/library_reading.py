"""Keeps the library in step with the database: read when asked, when told of a change, and on as one scrolls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from editor.base.clock import Clock
from editor.base.errors import EditorError
from editor.desk.read_models import ArticleFilter, ArticleItem, Reader
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor
from editor.runtime.workers import Door, Slot
from editor.ui.articles.cards import ArticleCard, card_of
from editor.ui.articles.library import Library
from editor.ui.widgets.alarm import AlarmMaker
from editor.ui.widgets.instants import Instants
from editor.ui.wording import Wording

PAGE, SOON_MS, OWN_MS = 100, 150, 900


class _Answer(NamedTuple):
    items: Sequence[ArticleItem]
    total: int
    newsroom: Newsroom
    me: Actor


def _read(reader: Reader, wanted: ArticleFilter, limit: int) -> _Answer:
    return _Answer(reader.articles(wanted, limit=limit), reader.counts().articles, reader.newsroom(), reader.actor())


class LibraryReading(QObject):
    """One library's reading. `begun` once, with the newest article's id (or ""). GUI thread; owned by the desk."""

    begun = Signal(str)

    def __init__(self, library: Library, door: Door, wording: Wording, clock: Clock, make_alarm: AlarmMaker,
                 open_id: Callable[[], str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._library, self._door, self._wording, self._clock, self._open_id = library, door, wording, clock, open_id
        self._slot, self._page_slot = Slot(), Slot()
        self._items: list[ArticleItem] = []
        self._has_more = self._has_begun = False
        self._me = Actor("")
        self.newsroom = Newsroom()
        self._alarm = make_alarm(self, self.read)
        library.wanted.connect(lambda _: self.read())
        library.near_end.connect(self._read_more)

    @property
    def ids(self) -> list[str]:
        """The articles shown, from the top."""
        return [item.id for item in self._items]

    def read(self) -> None:
        """Read the cards again, as many as are shown."""
        self._alarm.stop()
        wanted, limit = self._library.filter, max(PAGE, len(self._items))
        self._door.read(lambda reader: _read(reader, wanted, limit), lambda found: self._show(found, limit),
                        self._on_failed, slot=self._slot)

    def soon(self, *, own: bool) -> None:
        """Something changed: read again in a moment; after our own autosaves less often."""
        if not self._alarm.is_set():
            self._alarm.start(OWN_MS if own else SOON_MS)

    def stop(self) -> None:
        """Read no more."""
        self._alarm.stop()
        self._slot.generation += 1
        self._page_slot.generation += 1

    def _show(self, found: _Answer, limit: int) -> None:
        self._items, self._has_more = list(found.items), len(found.items) == limit
        self._page_slot.generation += 1
        self.newsroom, self._me = found.newsroom, found.me
        self._library.show_total(found.total)
        self._library.show_sections(found.newsroom.sections)
        self._library.fill(self._cards(found.items))
        self._library.show_open(self._open_id())
        if not self._has_begun:
            self._has_begun = True
            self.begun.emit(found.items[0].id if found.items else "")

    def _read_more(self) -> None:
        if not self._has_more:
            return
        self._has_more = False
        wanted, after = self._library.filter, self._items[-1].cursor

        def add(items: Sequence[ArticleItem]) -> None:
            self._items += items
            self._has_more = len(items) == PAGE
            self._library.add(self._cards(items))
        self._door.read(lambda reader: reader.articles(wanted, after=after, limit=PAGE), add, self._on_failed, slot=self._page_slot)

    def _cards(self, items: Sequence[ArticleItem]) -> list[ArticleCard]:
        instants, now = Instants(self._wording, self.newsroom.zone), self._clock.now()
        return [card_of(item, self._wording, instants, now, self._me) for item in items]

    def _on_failed(self, error: EditorError) -> None:
        self._library.say_failed(self._wording.say(error.message))
