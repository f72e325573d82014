"""The same newsroom on one thread and in memory, so that a history takes a fraction of its time.

The engine, the profiles' databases and press's application are the real ones. What is left out are threads (the door
runs each operation where it is called, press's endpoints run on the caller's), a disk, and the making of the same
newsroom again for every history. A simulated newsroom calls from one thread: the order of its events is that of calls.
"""

from __future__ import annotations

import contextlib
import functools
import gc
import json
import os
import random
import shutil
import tempfile
import uuid  # noqa: TID251 - the identities of base/ids, from a seed
from collections.abc import Callable, Coroutine, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import anyio.to_thread
import httpx2
from httpx2 import _urlparse, _urls

from editor.base import ids
from editor.desk.ports import UnitOfWork
from editor.desk.read_models import Reader
from editor.domain.changes import Outcome
from editor.runtime.bus import Bus
from editor.runtime.workers import Database, Door
from tests.sync.bridge import Bridge, carry
from tests.sync.faults import Killed
from tests.sync.newsroom import START, Newsroom

T = TypeVar("T")
MEMORY = Path("/dev/shm")  # a folder that lives in memory, where the system has one
TOKENS = "tokens.json"


@contextlib.contextmanager
def swapped(where: object, **made: object) -> Iterator[None]:
    """Meanwhile these stand in place of what has their names there."""
    before = {name: getattr(where, name) for name in made}
    for name, value in made.items():
        setattr(where, name, value)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(where, name, value)


class InlineDoor(Door):
    """A door whose writer and readers are the caller. With `lives` 0 the process dies at the next transaction: in it,
    so that it never was, or right after it."""

    def __init__(self, database: Database, bus: Bus, deliver: Callable[[Callable[[], None]], None],
                 on_bug: Callable[[BaseException], None]) -> None:
        super().__init__(database, bus, deliver, on_bug)
        self.lives: int | None = None
        self.dies_inside = False

    def change_now(self, operation: Callable[[UnitOfWork], Outcome[T]], *, initiator: object = None) -> T:
        """`change`, here and now."""
        if self.lives is None:
            return self._commit(operation, initiator)
        self.lives -= 1
        if self.lives >= 0:
            return self._commit(operation, initiator)
        self.lives = None
        self._commit(_dying(operation) if self.dies_inside else operation, initiator)
        raise Killed

    def read_now(self, query: Callable[[Reader], T]) -> T:
        """`read`, here and now."""
        return self._ask(query)


def _dying(operation: Callable[[UnitOfWork], Outcome[T]]) -> Callable[[UnitOfWork], Outcome[T]]:
    def die(work: UnitOfWork) -> Outcome[T]:
        operation(work)
        raise Killed
    return die


class QuickBridge(Bridge):
    """Carries each request into the application without an event loop: nothing in it may wait."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request, one answer."""
        with swapped(anyio.to_thread, run_sync=_run_here):
            return super().handle_request(request)

    def carry(self, request: httpx2.Request) -> httpx2.Response:
        """What the application answers."""
        assert self.app is not None
        return _finished(carry(self.app, request, request.read()))


def _finished(coroutine: Coroutine[Any, Any, T]) -> T:
    """What a coroutine that waits for nothing returns."""
    try:
        coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    coroutine.close()
    raise AssertionError("an endpoint waited for something; nothing else runs here that it could wait for")


async def _run_here(function: Callable[..., T], *args: Any, **_: Any) -> T:
    return function(*args)


class InlineDesks(Newsroom):
    """A newsroom whose desks have no threads."""

    def new_door(self, database: Database, on_bug: Callable[[BaseException], None]) -> Door:
        """The way to a profile, on the caller's thread."""
        return InlineDoor(database, Bus(lambda call: call()), lambda call: call(), on_bug)


class QuickNewsroom(InlineDesks):
    """Press and its desks on the caller's thread. `like`: a prepared one, which is copied."""

    def __init__(self, folder: Path, *, like: Path | None = None) -> None:
        self._like = like
        self._tokens: dict[str, str] = {}
        super().__init__(folder)

    def found(self) -> None:
        """Copy the prepared one, or make a newsroom."""
        if self._like is None:
            super().found()
            return
        shutil.copytree(self._like, self.folder, dirs_exist_ok=True)
        self._tokens = json.loads((self.folder / TOKENS).read_text("utf-8"))

    def token(self, name: str, roles: tuple[str, ...]) -> str:
        """The token of a person who is known, or a new one's."""
        if name not in self._tokens:
            self._tokens[name] = super().token(name, roles)
        return self._tokens[name]

    def new_bridge(self) -> Bridge:
        """The way to press without threads."""
        return QuickBridge(None)

    def keep_tokens(self) -> None:
        """Write the tokens down for those who are made like this one."""
        (self.folder / TOKENS).write_text(json.dumps(self._tokens), "utf-8")


def prepare(folder: Path, crew: Mapping[str, tuple[str, ...]]) -> Callable[[Path], Newsroom]:
    """Make a newsroom with these people in `folder`; how others like it are made."""
    with chance(-1):
        newsroom = QuickNewsroom(folder)
        for name, roles in crew.items():
            newsroom.desk(name, *roles)
        newsroom.keep_tokens()
        newsroom.close()
    return functools.partial(QuickNewsroom, like=folder)


@contextlib.contextmanager
def quickly(crew: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Path, Callable[[Path], Newsroom]]]:
    """A folder in memory where there is one, taken away at the end, and how a newsroom is made there quickly."""
    where = MEMORY if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="redactie-history-", dir=where) as name, _quick_urls():
        folder = Path(name)
        made = prepare(folder / "prepared", crew)
        yield folder, made


@contextlib.contextmanager
def _quick_urls() -> Iterator[None]:
    """Read each address once: a client reads its own few again for every request, three times over."""
    remembering = functools.lru_cache(maxsize=4096)(_urlparse.urlparse)
    with swapped(_urls, urlparse=remembering):
        yield


@contextlib.contextmanager
def rarely_tidied() -> Iterator[None]:
    """Look for garbage rarely: most of what a history makes goes by itself."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()


@contextlib.contextmanager
def chance(seed: int) -> Iterator[None]:
    """Identities and keys from a seed: the same history has the same ones, and sorts by them the same way."""
    dice, count = random.Random(f"identities {seed}"), iter(range(1 << 40))
    start = int(START.timestamp() * 1000)
    machine = SimpleNamespace(urandom=dice.randbytes)
    clock = SimpleNamespace(time_ns=lambda: (start + next(count)) * 1_000_000)
    keys = SimpleNamespace(UUID=uuid.UUID, uuid4=lambda: uuid.UUID(int=dice.getrandbits(128), version=4))
    with swapped(ids, os=machine, time=clock, uuid=keys):
        yield
