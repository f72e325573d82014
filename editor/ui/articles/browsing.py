"""*Look at it in a browser*: the article's public page, where it has one. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QUrl

from editor.base.clock import Clock
from editor.base.errors import EditorError, UserError
from editor.base.ids import tail
from editor.base.messages import Message
from editor.desk.read_models import Reader
from editor.domain.article import EMPTY_SLUG
from editor.domain.publication import PublicationKind, shown
from editor.runtime.workers import Door


class Browsing:
    """Opens pages through `open_url`."""

    def __init__(self, door: Door, clock: Clock, open_url: Callable[[QUrl], object]) -> None:
        self._door, self._clock, self._open_url = door, clock, open_url

    def open(self, article_id: str, refuse: Callable[[EditorError], None]) -> None:
        """Open the public page; `refuse` is told when readers see none."""
        now = self._clock.now()

        def address(reader: Reader) -> str:
            view, connection = reader.article(article_id), reader.connection()
            out = shown(view.article.live, now) if view is not None else None
            if connection is None or out is None or out.kind is PublicationKind.WITHDRAWAL:
                raise UserError("not_public", Message("articles_desk", "Readers do not see this article, so it has no page yet."))
            # Whatever stands before the last hyphen, the server goes on to the page's own address.
            return f"{connection.url.rstrip('/')}/artikel/{EMPTY_SLUG}-{tail(article_id)}"

        def look(url: str) -> None:
            self._open_url(QUrl(url))
        self._door.read(address, look, refuse)
