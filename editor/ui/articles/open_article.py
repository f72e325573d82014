"""The open article between screen and disk: what is typed is saved, what others changed comes in.

One save is under way at a time; what is typed meanwhile waits for the next one. GUI thread; owned by the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QObject, Signal

from editor.base.clock import Clock
from editor.base.errors import EditorError
from editor.base.ids import new_id
from editor.base.wire import Document
from editor.desk import articles
from editor.desk.articles import Saved
from editor.desk.ports import UnitOfWork
from editor.desk.read_models import ArticleView
from editor.desk.swap import SwapText
from editor.domain.article import Article
from editor.domain.changes import Outcome
from editor.domain.documents import article_patch
from editor.runtime.workers import Door
from editor.ui.widgets.alarm import AlarmMaker, QtAlarm

AGAIN_MS = 4000  # after a save that failed

Then = Callable[[], None]
Failed = Callable[[EditorError], None]


class OpenArticle(QObject):
    """What is known of the open row, and what of the screen is not on disk yet (autosave, model 9).

    `_base` is the document as the screen had it, apart from what waits; `_version` the row it was read from. When the
    row has moved on, the save merges; the answer comes onto the screen only while nothing is being typed, otherwise
    the next save merges it again.
    """

    saved = Signal()
    came_in = Signal(object)  # Mapping[str, Any]: fields, in wire form, that changed elsewhere
    failed = Signal(object)  # EditorError
    missed = Signal()  # something changed elsewhere while it could not come in: read again

    def __init__(self, door: Door, is_typing: Callable[[], bool], clock: Clock, *, initiator: object, make_alarm: AlarmMaker = QtAlarm,
                 parent: QObject | None = None) -> None:
        """`is_typing` says whether the screen holds something that was not put here yet."""
        super().__init__(parent)
        self._door = door
        self._is_typing = is_typing
        self._clock = clock
        self._initiator = initiator
        self._id = self._sitting = ""
        self._version = 0
        self._base: Document = {}
        self._article = Article("")
        self._wanted: dict[str, Any] = {}
        self._sent: list[Mapping[str, Any]] = []  # under way, in order
        self._has_missed = False
        self._after: list[tuple[Then, Failed | None]] = []
        self._again = make_alarm(self, self._send)

    @property
    def id(self) -> str:
        """The open article's id, "" while none is open."""
        return self._id

    @property
    def article(self) -> Article:
        """The article as it stands on disk, as far as is known here."""
        return self._article

    @property
    def is_saved(self) -> bool:
        """Whether everything that was put here is on disk."""
        return not self._sent and not self._wanted

    def open(self, view: ArticleView) -> None:
        """Hold another article. What was open must be saved (`when_saved`)."""
        self._id = view.article.id
        self._version, self._article = view.version, view.article
        self._base = article_patch(view.article)
        self._wanted, self._has_missed = {}, False
        self._sitting = new_id()

    def close(self) -> None:
        """Hold nothing."""
        self._id = ""
        self._wanted, self._sent, self._after, self._has_missed = {}, [], [], False
        self._again.stop()

    def put(self, fields: Mapping[str, Any]) -> None:
        """Save these fields (wire form), now or after the save that is under way."""
        if self._id:
            self._wanted.update(fields)
            self._send()

    def when_saved(self, then: Then, failed: Failed | None = None) -> None:
        """Call `then` once everything put here is on disk; `failed` when it cannot be written."""
        if self.is_saved:
            then()
        else:
            self._after.append((then, failed))
            self._send()

    def hand_over(self) -> None:
        """Give everything to the writer now, behind what is under way: the window may close at any moment."""
        self._send(behind=True)

    def take(self, view: ArticleView) -> None:
        """The row was read again. Its text comes in, unless something is being typed: then the next save merges it."""
        if view.article.id != self._id:
            return
        if not self.is_saved or self._is_typing():
            self._has_missed = self._has_missed or view.version > self._version
        elif view.version >= self._version:
            self._accept(view.article, view.version, self._base)

    # ------------------------------------------------------------------------------------------------ private

    def _send(self, *, behind: bool = False) -> None:
        if not self._id or (self._sent and not behind):
            return
        # Behind another save the version is an old one: this save merges with what that one wrote.
        base = {name: value for part in (self._base, *self._sent) for name, value in part.items()}
        fields = {name: value for name, value in self._wanted.items() if value != base.get(name)}
        self._wanted = {}
        if not fields:
            if not self._sent:
                self._tell_quiet()
            return
        self._again.stop()
        self._sent.append(fields)
        article_id, version = self._id, self._version

        def save(work: UnitOfWork) -> Outcome[Saved]:
            return articles.save_draft(work, article_id, version=version, started_from=base, fields=fields)

        # Everything under way, from what is known to be on disk: the saves before this one may fail as well.
        typed = {name: value for part in self._sent for name, value in part.items()}
        text = SwapText(article_id, self._sitting, version, self._base, typed, self._clock.now())

        def save_whole(work: UnitOfWork) -> Outcome[Saved]:
            return articles.save_draft(work, article_id, version=version, started_from=text.started_from, fields=typed)
        self._door.save(save, text, self._on_saved, self._on_failed, whole=save_whole, initiator=self._initiator)

    def _on_saved(self, saved: Saved) -> None:
        if not self._id:
            return
        shown = {**self._base, **self._sent.pop(0)}
        if saved.merged and (self._sent or self._wanted or self._is_typing()):
            # Typed on meanwhile. The version stays the old one, so the next save merges with what the row holds now.
            self._base, self._article, self._has_missed = shown, saved.article, True
        else:
            self._accept(saved.article, saved.version, shown)
        self.saved.emit()
        self._send()

    def _accept(self, article: Article, version: int, shown: Document) -> None:
        """Hold that state of the row; where it differs from what the screen shows, it comes in."""
        self._article, self._version, self._base = article, version, article_patch(article)
        self._has_missed = False
        differing = {name: value for name, value in self._base.items() if value != shown.get(name)}
        if differing:
            self.came_in.emit(differing)

    def _on_failed(self, error: EditorError) -> None:
        if not self._id:
            return
        self._wanted = {**self._sent.pop(0), **self._wanted}
        waiting, self._after = self._after, []
        self._again.start(AGAIN_MS)
        self.failed.emit(error)
        for _, failed in waiting:
            if failed is not None:
                failed(error)

    def _tell_quiet(self) -> None:
        waiting, self._after = self._after, []
        if self._has_missed:
            self._has_missed = False
            self.missed.emit()
        for then, _ in waiting:
            then()
