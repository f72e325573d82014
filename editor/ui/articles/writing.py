"""The person's typing, brought to the open article; and what came in from elsewhere, brought to the screen.

A key only sets alarms; the fields are read when they settle, when the focus leaves, and before anything else happens
with the article. GUI thread; owned by the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, Signal

from editor.domain.people import Right
from editor.ui.articles.head import HeadFields
from editor.ui.articles.open_article import Failed, OpenArticle, Then
from editor.ui.articles.properties import Properties
from editor.ui.articles.reading import Screen
from editor.ui.articles.settling import Settling
from editor.ui.articles.surface import WritingSurface
from editor.ui.widgets.alarm import AlarmMaker


class Place(NamedTuple):
    """Where the writer was in a text: cursor (code point) and scroll bar."""

    cursor: int
    scroll: int


class Writing(QObject):
    """Head fields, text and properties of one article at a time."""

    changed = Signal()  # something that is written settled

    def __init__(self, head: HeadFields, surface: WritingSurface, properties: Properties, make_alarm: AlarmMaker,
                 parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._head, self._surface, self._properties = head, surface, properties
        self._open: OpenArticle | None = None
        self._places: dict[str, Place] = {}
        self._edited: set[str] = set()
        self._body = ""  # the text as it was shown or told last: reading a long one from the screen takes its time
        self._settling = Settling(make_alarm, self)
        self._settling.settled.connect(self._put_head)
        head.edited.connect(self._on_edited)
        surface.text_settled.connect(self._put_body)
        properties.edited.connect(self._put)
        for field in (surface, *head.fields.values()):
            field.installEventFilter(self)

    @property
    def is_typing(self) -> bool:
        """Whether the screen holds something that was not put to be saved yet."""
        return self._surface.is_unsettled or self._settling.is_waiting or self._properties.is_waiting

    def bind(self, opened: OpenArticle) -> None:
        """Write into that."""
        self._open = opened
        opened.came_in.connect(self._enter)

    def show(self, screen: Screen) -> None:
        """Put an article on the screen, the cursor where it was left."""
        article = screen.article
        limits = screen.newsroom.limits
        for name, limit in (("kicker", limits.kicker), ("headline", limits.headline), ("lead", limits.lead)):
            self._head.fields[name].limit = limit
        self._settling.drop()
        self._edited.clear()
        self._head.load({"kicker": article.kicker, "headline": article.headline, "lead": article.lead})
        place = self._places.get(article.id, Place(0, 0))
        self._body = article.body
        self._surface.load(article.body, cursor=place.cursor)
        if place.scroll:
            self._surface.verticalScrollBar().setValue(place.scroll)
        self._properties.load(screen)
        may_write = screen.actor.may(Right.WRITE)
        self._surface.setReadOnly(not may_write)
        for field in self._head.fields.values():
            field.setReadOnly(not may_write)
        self._properties.setEnabled(may_write)

    def remember_place(self) -> None:
        """Keep where the writer is in the open text."""
        if self._open is not None and self._open.id:
            self._places[self._open.id] = Place(self._surface.cursor_point(), self._surface.verticalScrollBar().value())

    def expect_place(self, article_id: str, cursor: int) -> None:
        """Put the cursor there when that article is opened next: it stood there when the window was closed."""
        self._places.setdefault(article_id, Place(cursor, 0))

    def settle(self) -> None:
        """Put everything typed to be saved, now."""
        self._surface.settle_now()
        self._settling.now()
        self._properties.settle_now()

    def flush(self, then: Then, failed: Failed | None = None) -> None:
        """Call `then` once everything typed is on disk."""
        self.settle()
        if self._open is not None:
            self._open.when_saved(then, failed)
        else:
            then()

    def texts(self) -> Mapping[str, str]:
        """What stands on the screen, by field."""
        return {**self._head.texts(), "body": self._surface.text() if self._surface.is_unsettled else self._body}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut:
            self.settle()
        return super().eventFilter(watched, event)

    def _on_edited(self, name: str) -> None:
        self._edited.add(name)
        self._settling.touch()

    def _put_body(self, text: str) -> None:
        self._body = text
        self._put({"body": text})

    def _put_head(self) -> None:
        texts = self._head.texts()
        self._put({name: texts[name] for name in sorted(self._edited)})
        self._edited.clear()

    def _put(self, fields: Mapping[str, Any]) -> None:
        if self._open is not None and self._open.id:
            self._open.put(fields)
            self.changed.emit()

    def _enter(self, fields: Mapping[str, Any]) -> None:
        """What was merged or changed elsewhere: one undo step a field, cursor and place kept."""
        if "body" in fields:
            self._body = fields["body"]
            if self._body != self._surface.text():
                self._surface.merge_from_outside(self._body)
        self._head.merge_from_outside({name: text for name, text in fields.items() if name in self._head.fields})
        self.changed.emit()
