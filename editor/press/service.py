"""Press as the top ring uses it: open it, make it a newsroom, manage its people, make its application, serve it.

Every function takes a database's address and plain values, and raises `UserError` or `Unavailable` with one sentence.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import Receive, Scope, Send

from editor.base import sqlite
from editor.base.clock import Clock, SystemClock
from editor.base.errors import UserError
from editor.base.ids import new_id
from editor.base.messages import Message
from editor.domain.documents import newsroom_document, newsroom_value
from editor.domain.moments import zone_info
from editor.domain.newsroom import Newsroom
from editor.press import keeping, people, readers
from editor.press.answering import Answering
from editor.press.api import Api
from editor.press.database import Database, parse_url
from editor.press.health import Counting, Counts, Health
from editor.press.house import House, found_house, has_newsroom, no_offset, read_house
from editor.press.hub import Hub
from editor.press.keeping import Kept
from editor.press.ledger import Change, write
from editor.press.media import MediaStore
from editor.press.notices import Notices
from editor.press.opened import Press
from editor.press.people import BY_PRESS, NewToken, User
from editor.press.readers import Posted
from editor.press.retention import TICK_S, Keeper
from editor.press.schema import FeedHeadRow, NewsroomRow
from editor.press.server import PressServer, bind
from editor.press.workers import Workers


def open_press(database_url: str, *, clock: Clock | None = None, clock_offset: timedelta | None = None,
               exclusive: bool = True, create: bool = False, media: Path | None = None) -> Press:
    """Open a press; with `create` an empty database becomes a newsroom with our defaults. The caller closes it.

    Pictures are kept in the folder `media`, beside a SQLite database in its own; with PostgreSQL and none named, none
    are taken.

    A sample lives by its own clock. `exclusive` is for servers: a second one of the same SQLite database is refused.
    """
    database = Database(database_url, exclusive=exclusive, create=create)
    try:
        with database.write() as session:
            house = _house(session, clock or SystemClock(), create=create, clock_offset=clock_offset)
    except BaseException:
        database.close()
        raise
    offset = house.clock_offset if clock_offset is None else clock_offset
    folder = media_folder(database_url, media)
    return Press(database, house, clock or SystemClock(offset), Hub(), MediaStore(folder) if folder else None)


def create_newsroom(database_url: str, *, name: str, language: str = "nl", zone: str = "Europe/Amsterdam",
                    url: str = "", settings: Mapping[str, Any] | None = None, sample: bool = False,
                    clock_offset: timedelta = timedelta(), clock: Clock | None = None) -> str:
    """Make the installation's newsroom in an empty database; its id. `settings`: further fields of its document."""
    zone_info(zone)
    newsroom = newsroom_value("", {"name": name, "language": language, "zone": zone, "url": url, **(settings or {})})
    database = Database(database_url, exclusive=True, create=True)
    try:
        with database.write() as session:
            if read_house(session) is not None:
                raise has_newsroom()
            moment = clock or SystemClock(clock_offset)
            house = _found(session, moment, newsroom, sample=sample, clock_offset=clock_offset)
            return house.newsroom_id
    finally:
        database.close()


def add_user(database_url: str, *, name: str, roles: Iterable[str] = (), device: str = "",
             expires_at: datetime | None = None) -> NewToken:
    """A new person, or one more device's token of a known one. The token is told this once."""
    with administering(database_url, create=True) as press:
        return people.add(press, name, roles, device=device, expires_at=expires_at)


def list_users(database_url: str) -> list[User]:
    """Everybody, by name."""
    with administering(database_url) as press:
        return people.listed(press)


def revoke_user(database_url: str, *, name: str, device: str | None = None) -> User:
    """End one device's token, or all of a person's."""
    with administering(database_url) as press:
        return people.revoke(press, name, device=device)


def post_reaction(database_url: str, article_id: str, *, name: str, text: str, email: str = "", parent_id: str = "",
                  at: datetime | None = None) -> Posted:
    """Post a reader's reaction beside a server that may be running (the sample's own). Raises `Refused`."""
    with administering(database_url) as press:
        return readers.post_reaction(press, article_id, name=name, text=text, email=email, parent_id=parent_id, at=at)


def move(database_url: str, target_url: str, *, media: Path | None = None, target_media: Path | None = None) -> Kept:
    """Bring a press that is not running to another, empty database; see `keeping`."""
    source, target = (MediaStore(folder) if folder else None for folder in (
        media_folder(database_url, media), media_folder(target_url, target_media or media)))
    pictures = (source, target) if source is not None and target is not None else None
    return keeping.move(database_url, target_url, pictures=pictures)


def back_up(database_url: str, file: Path, *, media: Path | None = None, clock: Clock | None = None) -> Kept:
    """Keep a whole copy of a press in one file, also of one that runs."""
    folder = media_folder(database_url, media)
    return keeping.back_up(database_url, file, media=MediaStore(folder) if folder else None,
                           clock=clock or SystemClock())


def restore(file: Path, database_url: str, *, media: Path | None = None) -> Kept:
    """Bring a kept copy into an empty database, as a new history."""
    folder = media_folder(database_url, media)
    return keeping.restore(file, database_url, media=MediaStore(folder) if folder else None)


def shown_url(database_url: str) -> str:
    """A database's address without its password; a path as it is."""
    return parse_url(database_url).render_as_string() if "://" in database_url else database_url


def media_folder(database_url: str, named: Path | None) -> Path | None:
    """Where a press keeps its pictures: the folder named, else the one beside its SQLite database, else nowhere."""
    url = parse_url(database_url)
    if named is not None or url.get_backend_name() != "sqlite":
        return named
    return Path(str(url.database)).absolute().parent / "media"


@contextlib.contextmanager
def administering(database_url: str, *, create: bool = False) -> Iterator[Press]:
    """A press opened for one act of the command line, beside a server that may be running.

    With the bundled SQLite two processes may write in turns; with the machine's own we do not rely on it.
    """
    press = open_press(database_url, exclusive=not sqlite.BUNDLED, create=create)
    try:
        yield press
    finally:
        press.database.close()


def make_app(database_url: str, *, clock: Clock | None = None, clock_offset: timedelta | None = None,
             exclusive: bool = True, create: bool = False) -> Starlette:
    """The whole application over a database; it closes the database when its lifespan ends (or see `close_app`)."""
    return app_of(open_press(database_url, clock=clock, clock_offset=clock_offset, exclusive=exclusive, create=create))


def app_of(press: Press, *, tick_s: float = TICK_S) -> Starlette:
    """The application over an opened press, which it closes when its lifespan ends.

    While it lives it forgets what is due, looking at press's clock every `tick_s` seconds.
    """
    from editor.press.site import Site

    @contextlib.asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        notices = None if press.database.is_sqlite else Notices(press.database, press.hub, press.house.newsroom_id)
        if notices is not None:
            await run_in_threadpool(notices.start)
        keeping = asyncio.create_task(Keeper(press, tick_s=tick_s).run())
        yield
        keeping.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await keeping
        if notices is not None:
            notices.close()
        close_app(app)

    counts = Counts()
    app = Starlette(
        routes=[*Health(press, counts).routes(), *Api(press).routes(), *Site(press).routes()], lifespan=lifespan,
        exception_handlers={HTTPException: Answering(press).unrouted},
        middleware=[Middleware(Counting, counts=counts), Middleware(_TextGzip, minimum_size=1024)])
    app.state.press = press
    return app


class _TextGzip(GZipMiddleware):
    """Compresses what is text: a picture is as small as it gets."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and "/media/" in scope["path"]:
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


def close_app(app: Starlette) -> None:
    """Wake whoever waits and close the database. Safe to call twice."""
    press: Press = app.state.press
    press.hub.close()
    press.database.close()


def serve(database_url: str, *, host: str = "127.0.0.1", port: int = 8790, workers: int = 1,
          trusted_proxy: str | None = None, clock_offset: timedelta | None = None, media: Path | None = None,
          on_ready: Callable[[str], None] = lambda url: None) -> None:
    """Serve until SIGTERM or SIGINT, then finish what was begun. `on_ready` gets the address once it answers.

    `port` 0 takes a free one. `trusted_proxy` names whose X-Forwarded-For is believed; nobody's without it. Several
    `workers` are processes of their own on one PostgreSQL database; with SQLite there is one.
    """
    check_workers(database_url, workers)
    options: dict[str, Any] = {"database_url": database_url, "clock_offset": clock_offset,
                               "trusted_proxy": trusted_proxy, "media": media}
    if workers == 1:
        _server(host=host, port=port, on_ready=on_ready, create=True, **options).run()
        return
    open_press(database_url, clock_offset=clock_offset, create=True).database.close()  # made or brought up to date once
    bound = bind(host, port)
    try:
        Workers(_server, workers, bound, options, SystemClock()).run(on_ready)
    finally:
        bound.close()


def _server(*, database_url: str, clock_offset: timedelta | None, media: Path | None, create: bool = False,
            **options: Any) -> PressServer:
    """One server process's own; its application closes the press when it ends."""
    press = open_press(database_url, clock_offset=clock_offset, create=create, media=media)
    try:
        return PressServer(app_of(press), hub=press.hub, **options)
    except BaseException:
        press.database.close()
        raise


def check_workers(database_url: str, workers: int) -> None:
    """Raise `UserError` for a number of processes that the database cannot have."""
    if workers < 1:
        raise UserError("workers", Message("press", "A press needs at least one process."))
    if workers > 1 and parse_url(database_url).get_backend_name() == "sqlite":
        raise UserError("workers", Message("press", "A SQLite database has one process; {n} were asked for.",
                                           {"n": workers}),
                        fix=Message("press", "Leave --workers out, or use PostgreSQL."))


def _house(session: Session, clock: Clock, *, create: bool, clock_offset: timedelta | None) -> House:
    """What this installation is; founded here if it may be."""
    house = read_house(session)
    if house is None and not create:
        raise UserError("no_newsroom", Message("press", "This database has no newsroom yet."))
    if house is None:
        house = _found(session, clock, Newsroom(), sample=False, clock_offset=timedelta())
    if clock_offset and not house.sample:
        raise no_offset()
    return house


def _found(session: Session, clock: Clock, newsroom: Newsroom, *, sample: bool, clock_offset: timedelta) -> House:
    now, newsroom_id = clock.now(), new_id()
    house = found_house(session, newsroom_id, sample=sample, clock_offset=clock_offset)
    session.add(NewsroomRow(id=newsroom_id, made_at=now))
    session.add_all(FeedHeadRow(newsroom_id=newsroom_id, stream=stream, head=0) for stream in ("content", "reactions"))
    session.flush()
    write(session, newsroom_id, None, Change(newsroom_id, "newsroom", newsroom_document(newsroom), "found"),
          BY_PRESS, now)
    return house
