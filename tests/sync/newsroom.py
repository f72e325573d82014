"""A whole newsroom for tests: a real press on a real database, and desks with real profiles.

Only time is made up: everybody shares one clock that moves when a test says so. With `http` requests go over real
sockets to a real server, without it through a bridge in this process (twenty times quicker).
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from editor.backends.press import PressBackend
from editor.backends.public_site import PublicSite
from editor.base.clock import FixedClock
from editor.base.errors import UserError
from editor.desk import articles, connecting, reactions, settling, ticker, undo
from editor.desk.ports import ConflictRow, OpState, OutboxRow, Standing, UnitOfWork
from editor.desk.read_models import ArticleView, ReactionView, TickerItem
from editor.domain.article import Action, Article, content_hash
from editor.domain.changes import Outcome
from editor.domain.documents import article_document, article_patch
from editor.domain.moments import moment_of
from editor.domain.publication import Note, PublicationKind
from editor.domain.reaction import Verb
from editor.domain.ticker import Intent, TickerEntry
from editor.domain.workflow import Step
from editor.press import people, readers, service
from editor.press.server import PressServer
from editor.runtime.bus import Bus
from editor.runtime.sync_runner import Report, SyncRunner
from editor.runtime.workers import Database, Door
from editor.store.profile import open_profile
from tests.sync.bridge import Bridge
from tests.sync.faults import BadNetwork

T = TypeVar("T")
START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TWO_SENTENCES = "De raad stemt donderdag. De wethouder wacht af.\n\nDaarna begint de bouw."
IN_PROCESS = "http://127.0.0.1:8790"  # nothing is opened there: the bridge carries it


class Desk:
    """One person's workstation, without a window."""

    def __init__(self, newsroom: Newsroom, name: str, token: str) -> None:
        self._newsroom = newsroom
        self._token = token
        self.name = name
        self.folder = newsroom.folder / name
        self.network = newsroom.network(token, f"replica-{name}")
        self._open()
        info = self.network.hello()
        self.do(lambda work: connecting.bind(work, info, adapter="press", url=newsroom.url))

    def _open(self) -> None:
        self.profile = open_profile(self.folder, clock=self._newsroom.clock, check=False)
        self.bugs: list[BaseException] = []
        self.door = self._newsroom.new_door(self.profile.store, self.bugs.append)

    def do(self, operation: Callable[[UnitOfWork], Outcome[T]]) -> T:
        """One operation, durably."""
        return self.door.change_now(operation)

    def runner(self) -> SyncRunner:
        """The engine of one session."""
        return SyncRunner(self.door, self.network, self._newsroom.clock, chance=lambda: 0.0)

    def sync(self) -> Report:
        """Push and pull until nothing moves."""
        return self.runner().once()

    def cut(self) -> Desk:
        """From now on its network is dead."""
        self.network.cut = True
        return self

    def reconnect(self) -> Desk:
        """The network is back."""
        self.network.cut = False
        return self

    def reopen(self) -> None:
        """Close the profile and open it again."""
        self.door.close()
        self.profile.close()
        self._open()

    def crash(self) -> None:
        """Die as by kill -9 and start again: from what the files held at that moment, and nothing that closing does."""
        with left_as_they_are(self.folder, "redactie.db", "redactie.db-wal", "lock"):
            self.door.close()
            self.profile.close()
        self._open()

    def close(self) -> None:
        """Take the workstation down."""
        self.door.close()
        self.profile.close()
        self.network.close()

    # ------------------------------------------------------------------------------------------------------- articles
    def write(self, **fields: Any) -> str:
        """A new article."""
        return self.do(lambda work: articles.new_article(work, Article("", **fields)))

    def view(self, article_id: str) -> ArticleView:
        """The article as it stands here."""
        view = self.door.read_now(lambda reader: reader.article(article_id))
        assert view is not None
        return view

    def type(self, article_id: str, **fields: Any) -> articles.Saved:
        """Autosave some fields from the present state."""
        view = self.view(article_id)
        return self.save(article_id, view.version, article_document(view.article), fields)

    def save(self, article_id: str, version: int, started_from: Mapping[str, Any],
             fields: Mapping[str, Any]) -> articles.Saved:
        """Autosave from an older state."""
        return self.do(lambda work: articles.save_draft(work, article_id, version=version, started_from=started_from,
                                                        fields={**article_patch_of(started_from), **fields}))

    def step(self, article_id: str, action: Action, *, note: str = "", minutes: int | None = None,
             kind: PublicationKind | None = None) -> None:
        """Take a step on the text as it stands here."""
        article = self.view(article_id).article
        at = None
        if minutes is not None:
            at = moment_of(self._newsroom.clock.now() + timedelta(minutes=minutes), "Europe/Amsterdam")
        if action in (Action.PUBLISH, Action.SCHEDULE) and article.live and kind is None:
            kind = PublicationKind.UPDATE
        step = Step(action, content_hash=content_hash(article) if action.needs_hash else None, publish_at=at,
                    note=Note(note) if note else None, kind=kind)
        self.do(lambda work: articles.take_step(work, article_id, step))

    def publish(self, article_id: str) -> None:
        """Approve and publish what stands here."""
        self.step(article_id, Action.APPROVE)
        self.step(article_id, Action.PUBLISH)

    def cards(self, entity_id: str | None = None) -> list[ConflictRow]:
        """Open cards."""
        rows = self.door.read_now(lambda reader: reader.conflicts())
        return [row for row in rows if entity_id is None or row.entity_id == entity_id]

    def standing(self, entity_id: str) -> Standing:
        """How an object stands towards the server."""
        state = self.door.read_now(lambda reader: reader.sync_state(entity_id))
        assert state is not None
        return state.standing

    def card(self, entity_id: str) -> ConflictRow:
        """The one open card about it."""
        (card,) = self.cards(entity_id)
        return card

    def settle(self, card: ConflictRow, choice: str, text: str | None = None) -> None:
        """Settle a card."""
        self.do(lambda work: settling.settle(work, card.id, choice, text=text))

    def undo(self, *kinds: str) -> None:
        """The one Undo."""
        self.do(lambda work: undo.undo_latest(work, *kinds))

    def delete(self, article_id: str) -> None:
        """Put an article in the bin."""
        self.do(lambda work: articles.delete(work, article_id))

    def restore(self, article_id: str) -> None:
        """Take it out again."""
        self.do(lambda work: articles.restore(work, article_id))

    def lane(self, entity_id: str, *states: OpState) -> list[OutboxRow]:
        """Its rows of the outbox."""
        rows = self.door.read_now(lambda reader: reader.outbox(done=True))
        return [row for row in rows if row.entity_id == entity_id and (not states or row.state in states)]

    # --------------------------------------------------------------------------------------------------------- ticker
    def plan(self, headline: str, *, minutes: int, **fields: Any) -> str:
        """Plan a line that starts that many minutes from now."""
        start = moment_of(self._newsroom.clock.now() + timedelta(minutes=minutes), "Europe/Amsterdam")
        entry = TickerEntry("", headline=headline, start=start, intent=Intent.PLANNED, **fields)
        return self.do(lambda work: ticker.add_entry(work, entry))

    def line(self, entry_id: str) -> TickerItem:
        """The line as it stands here."""
        item = self.door.read_now(lambda reader: reader.ticker_item(entry_id))
        assert item is not None
        return item

    def change_line(self, entry_id: str, **changes: Any) -> None:
        """Change fields of a line."""
        self.do(lambda work: ticker.change_entry(work, entry_id, changes))

    def withdraw_line(self, *entry_ids: str) -> None:
        """Take lines off."""
        self.do(lambda work: ticker.withdraw_entries(work, entry_ids))

    # ------------------------------------------------------------------------------------------------------ reactions
    def reaction(self, reaction_id: str) -> ReactionView:
        """The reaction as it stands here."""
        view = self.door.read_now(lambda reader: reader.reaction(reaction_id))
        assert view is not None
        return view

    def decide(self, reaction_id: str, action: Verb, *, reason: str | None = None, note: str = "") -> None:
        """Decide on what stands here."""
        seen = reactions.seen_of(self.reaction(reaction_id).reaction)
        self.do(lambda work: reactions.decide(work, reaction_id, action, seen=seen, reason=reason, note=note))


class Newsroom:
    """Press and everybody who works with it."""

    def __init__(self, folder: Path, database_url: str | None = None, *, http: bool = False) -> None:
        self.folder = folder
        self.clock = FixedClock(START)
        folder.mkdir(parents=True, exist_ok=True)
        self.database_url = database_url or f"sqlite:///{folder / 'press.db'}"
        self.found()
        self._http = http
        self._port = 0
        self.url = IN_PROCESS
        self.bridge = None if http else self.new_bridge()
        self._desks: list[Desk] = []
        self.start()

    def found(self) -> None:
        """Make the newsroom's database."""
        service.create_newsroom(self.database_url, name="Proef", clock=self.clock)

    def token(self, name: str, roles: tuple[str, ...]) -> str:
        """A person's way in."""
        return people.add(self.press, name, roles, device=name).token

    def new_bridge(self) -> Bridge:
        """The way to press inside this process."""
        return Bridge(None)

    def new_door(self, database: Database, on_bug: Callable[[BaseException], None]) -> Door:
        """The way to a profile."""
        return Door(database, Bus(lambda call: call()), lambda call: call(), on_bug)

    def start(self) -> None:
        """Start press (again, at the same address)."""
        self.press = service.open_press(self.database_url, clock=self.clock)
        if self.bridge is not None:
            self.bridge.app = service.app_of(self.press)
            return
        ready = threading.Event()
        self._server = PressServer(service.app_of(self.press), hub=self.press.hub, host="127.0.0.1", port=self._port,
                                   on_ready=lambda url: ready.set())
        self.url = self._server.url
        self._port = int(self.url.rsplit(":", 1)[1])
        self._thread = threading.Thread(target=self._server.run, name="press")
        self._thread.start()
        assert ready.wait(20)

    def stop(self) -> None:
        """Stop press."""
        if self.bridge is not None:
            self.bridge.app = None
        else:
            self._server.stop()
            self._thread.join(20)
        self.press.database.close()

    def crash(self) -> None:
        """Press dies as by kill -9 and starts again."""
        with left_as_they_are(self.folder, self.database_file.name, f"{self.database_file.name}-wal"):
            self.stop()
        self.start()

    @property
    def database_file(self) -> Path:
        """Press's database, where it is SQLite."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    def network(self, token: str, replica: str) -> BadNetwork:
        """A way to press for one device."""
        backend = PressBackend(self.url, token, replica, self.clock, transport=self.bridge)
        return BadNetwork(backend, self.bridge)

    def public_text(self, article_id: str) -> str:
        """What readers see of an article; empty when it is not public."""
        site = PublicSite(self.url, self.clock, transport=self.bridge)
        try:
            return site.article_page(site.find_article(article_id)).text
        except UserError:
            return ""
        finally:
            site.close()

    def public_ticker(self) -> list[str]:
        """The lines that readers see."""
        site = PublicSite(self.url, self.clock, transport=self.bridge)
        try:
            return [line.headline for line in site.ticker()]
        finally:
            site.close()

    def desk(self, name: str, *roles: str) -> Desk:
        """A person with a workstation."""
        desk = Desk(self, name, self.token(name, roles or ("journalist", "editor")))
        self._desks.append(desk)
        return desk

    def react(self, article_id: str, text: str, name: str = "Lezer") -> str:
        """A reader's reaction; its id."""
        return readers.post_reaction(self.press, article_id, name=name, text=text).reaction_id

    def pass_time(self, **span: float) -> None:
        """Let time pass for everybody."""
        self.clock.advance(timedelta(**span))

    def settle(self, *desks: Desk, rounds: int = 3) -> None:
        """Everybody syncs, several times."""
        for _ in range(rounds):
            for desk in desks or self._desks:
                desk.sync()

    def shared(self, *desks: Desk, **fields: str) -> str:
        """An article of two paragraphs that all these desks hold."""
        article_id = desks[0].write(**{"headline": "Raad stemt", "lead": "Kort.", "body": TWO_SENTENCES, **fields})
        self.settle(*desks)
        return article_id

    def close(self) -> None:
        """Take everything down."""
        for desk in self._desks:
            desk.close()
        self.stop()


@contextlib.contextmanager
def left_as_they_are(folder: Path, *names: str) -> Iterator[None]:
    """What these files hold now they hold afterwards, whatever closing them does: so a killed process leaves them."""
    kept = {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}
    yield
    for path in (*(folder / name for name in names), *folder.glob("*-shm")):
        path.unlink(missing_ok=True)
    for name, content in kept.items():
        (folder / name).write_bytes(content)


def article_patch_of(document: Mapping[str, Any]) -> dict[str, Any]:
    """The writable fields of a document."""
    known = article_patch(Article(""))
    return {name: document[name] for name in known}
