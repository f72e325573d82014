"""A newsroom whose desks work over the weak server: real profiles, the real engine, the weak adapter over real sockets."""

from __future__ import annotations

from collections import deque
from datetime import timedelta
from pathlib import Path

from editor.base.clock import FixedClock
from editor.sync.backend import PublishingBackend
from tests.conformance.weak_backend import WeakBackend
from tests.conformance.weak_bridge import Late, Mishap, SiteBridge, carry_out_late
from tests.conformance.weak_marker import Marker, read_marker
from tests.conformance.weak_server import Post, WeakServer
from tests.sync.faults import BadNetwork
from tests.sync.newsroom import START, Desk, Newsroom


class WeakNetwork(BadNetwork):
    """One desk's way to the site; `exchanges` befall the single requests of its pushes."""

    def __init__(self, inner: PublishingBackend, transport: SiteBridge | None) -> None:
        super().__init__(inner)
        self.exchanges: deque[Mishap] = transport.coming if transport is not None else deque()


class WeakNewsroom(Newsroom):
    """The site and everybody who works with it."""

    network_of = WeakNetwork

    def __init__(self, folder: Path, *, sockets: bool = True) -> None:
        self.folder = folder
        self.late: list[Late] = []  # writes that the site has yet to carry out
        self._sockets = sockets
        folder.mkdir(parents=True, exist_ok=True)
        self.clock = FixedClock(START)
        self.bridge = None
        self._desks: list[Desk] = []
        self.start()

    def start(self) -> None:
        """Put the site up."""
        self.site = WeakServer(self.clock, sockets=self._sockets)
        self.url = self.site.url

    def stop(self) -> None:
        """Take it down."""
        self.site.close()

    def network(self, token: str, replica: str) -> BadNetwork:
        """A way to the site for one device."""
        transport = None if self._sockets else SiteBridge(self.site, self.late)
        backend: PublishingBackend = WeakBackend(self.url, token, transport=transport)
        return self.network_of(backend, transport)

    def desk(self, name: str, *roles: str) -> Desk:
        """A person with a workstation."""
        desk = Desk(self, name, self.site.add_user(name, *(roles or ("journalist", "editor"))))
        self._desks.append(desk)
        return desk

    def pass_time(self, **span: float) -> None:
        """Let time pass for everybody; what the site carries out late it does on its way."""
        end = self.clock.now() + timedelta(**span)
        while self.late and (due := min(late.due for late in self.late)) <= end:
            self.clock.advance(max(due - self.clock.now(), timedelta()))
            carry_out_late(self.late, due)
        self.clock.advance(end - self.clock.now())

    def through(self, desk: Desk, url: str) -> None:
        """From now on this desk's way leads by that address."""
        desk.network.close()
        desk.network = BadNetwork(WeakBackend(url, desk._token))

    def posts(self, article_id: str) -> list[tuple[Post, Marker]]:
        """Every post that bears this identity and holds a text."""
        found = [(post, read_marker(post.content)) for post in list(self.site.posts.values())]
        return [(post, marker) for post, marker in found
                if marker is not None and marker.uuid == article_id and marker.doc is not None]

    def post(self, article_id: str) -> Post:
        """The one post of an article."""
        ((post, _),) = self.posts(article_id)
        return post

    def body(self, article_id: str) -> str:
        """The text that stands there."""
        ((_, marker),) = self.posts(article_id)
        assert marker.doc is not None
        return str(marker.doc["body"])

    def converged(self, article_id: str, *desks: Desk) -> str:
        """Everybody synced until nothing moves: the text that all have. Two sweeps believe a deletion."""
        for _ in range(3):
            self.pass_time(minutes=5)
            self.settle(*desks, rounds=1)
        texts = {desk.view(article_id).article.body for desk in desks} | {self.body(article_id)}
        assert len(texts) == 1, texts
        return texts.pop()
