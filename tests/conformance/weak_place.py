"""The weak server as a place."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

from editor.base.clock import FixedClock
from editor.sync.backend import PublishingBackend
from tests.conformance.place import NOON, Device
from tests.conformance.weak_backend import WeakBackend
from tests.conformance.weak_comments import Comments
from tests.conformance.weak_http import Site
from tests.conformance.weak_marker import read_marker
from tests.conformance.weak_server import WeakServer


class WeakPlace:
    """A site with WordPress core's guarantees."""

    name = "weak"

    def __init__(self) -> None:
        self.clock = FixedClock(NOON)
        self.server = WeakServer(self.clock)
        self.caps = WeakBackend.caps
        self._numbers = itertools.count(1)
        self._open: list[PublishingBackend] = []

    @property
    def url(self) -> str:
        """Its address."""
        return self.server.url

    def adapter(self, token: str, url: str = "") -> PublishingBackend:
        """An adapter of the weak sort."""
        made = WeakBackend(url or self.url, token)
        self._open.append(made)
        return made

    def device(self, *roles: str, url: str = "") -> Device:
        """Somebody new."""
        name = f"persoon{next(self._numbers)}"
        token = self.server.add_user(name, *roles)
        device = Device(self.adapter(token, url), token, name)
        if not url:
            device.id = device.backend.hello().user_id
        return device

    def revoke(self, device: Device) -> None:
        """End the application password."""
        self.server.revoke(device.token)

    def react(self, article_id: str, text: str) -> str:
        """A reader's comment."""
        made = self.server.comment(self.post_of(article_id), "Lezer", text)
        token = self.server.add_user(f"lezer{next(self._numbers)}", "moderator")
        site = Site(self.url, token)
        try:
            return next(seen.entity_id for seen in Comments(site, self.url).sweep() if seen.key == str(made))
        finally:
            site.close()

    def post_of(self, entity_id: str) -> int:
        """The site's number of a thing."""
        return self._posts_of(entity_id)[0]

    def _posts_of(self, entity_id: str) -> list[int]:
        markers = ((post.id, read_marker(post.content)) for post in list(self.server.posts.values()))
        return [number for number, marker in markers if marker and marker.uuid == entity_id and marker.doc is not None]

    def reply(self, status: int, code: str, value: Mapping[str, Any]) -> tuple[int, dict[str, str], Any]:
        """In the site's own form."""
        return status, {"Content-Type": "application/json; charset=UTF-8"}, {"code": code, "message": code, **value}

    def cursor_of_another(self) -> str:
        """Another site's."""
        other = WeakPlace()
        try:
            return other.device("editor").backend.changes("content", None).next
        finally:
            other.close()

    def cursor_ahead(self) -> str:
        """A cursor of next year: the site's clock was set back."""
        device = self.device("editor")
        held = self.clock
        self.server.clock = FixedClock(held.now().replace(year=held.now().year + 1))
        try:
            return device.backend.changes("content", None).next
        finally:
            self.server.clock = held

    def begin(self) -> None:
        """An empty site: every sweep reads all of it."""
        self.server.posts.clear()
        self.server.comments.clear()
        self.server.requests.clear()

    def count(self, entity_id: str) -> int:
        """Posts of that identity that hold a text."""
        return len(self._posts_of(entity_id))

    def close(self) -> None:
        """Take it down."""
        for backend in self._open:
            backend.close()
        self.server.close()
