"""Press as a place, over real sockets, on the database that its address names."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from editor.backends.press import PressBackend
from editor.base.clock import FixedClock
from editor.base.ids import new_id
from editor.base.wire import MEDIA_TYPE, format_time
from editor.press import people, readers
from editor.press.feed import make_cursor
from editor.press.schema import EntityRow
from editor.sync.backend import PublishingBackend
from tests.conformance.place import NOON, Device
from tests.press.running import Running


class PressPlace:
    """A running press. `folder` is for a second one, whose cursors are another history's."""

    def __init__(self, name: str, database_url: str, folder: Path) -> None:
        self.name = name
        self.clock = FixedClock(NOON)
        self._running = Running(database_url, clock=self.clock)
        self._folder = folder
        self._numbers = itertools.count(1)
        self._open: list[PublishingBackend] = []
        self._other = ""
        self._known: dict[tuple[str, ...], list[Device]] = {}
        self._free: dict[tuple[str, ...], list[Device]] = {}
        first = self.device("journalist")
        self.caps = first.backend.caps

    @property
    def url(self) -> str:
        """Its address."""
        return self._running.url

    def adapter(self, token: str, url: str = "") -> PublishingBackend:
        """The real one."""
        made = PressBackend(url or self.url, token, new_id(), self.clock)
        self._open.append(made)
        return made

    def device(self, *roles: str, url: str = "") -> Device:
        """Somebody whom this case has not met; people of earlier cases come again, having read on."""
        if not url and self._free.get(roles):
            return self._free[roles].pop()
        name = f"Persoon {next(self._numbers)}"
        made = people.add(self._running.press, name, roles, device="bureau")
        device = Device(self.adapter(made.token, url), made.token, name, made.user.id)
        if not url:
            device.backend.hello()
            self._known.setdefault(roles, []).append(device)
        return device

    def revoke(self, device: Device) -> None:
        """End the token."""
        people.revoke(self._running.press, device.name)
        for known in self._known.values():
            known[:] = [one for one in known if one is not device]

    def react(self, article_id: str, text: str) -> str:
        """A reader's reaction."""
        return readers.post_reaction(self._running.press, article_id, name="Lezer", text=text).reaction_id

    def reply(self, status: int, code: str, value: Mapping[str, Any]) -> tuple[int, dict[str, str], Any]:
        """In press's own form."""
        told = {"code": code, "server_time": format_time(self.clock.now()), "epoch": "e", **value}
        return status, {"Content-Type": MEDIA_TYPE}, told

    def cursor_of_another(self) -> str:
        """A second press, made once."""
        if not self._other:
            other = Running(f"sqlite:///{self._folder / 'other.db'}", clock=self.clock)
            try:
                self._other = other.desk("Ander", "journalist").changes()["next"]
            finally:
                other.stop()
        return self._other

    def cursor_ahead(self) -> str:
        """Signed by press itself, for a number that it has not reached: a database that lost its last commits."""
        return make_cursor(self._running.press.house, "content", 10**9)

    def begin(self) -> None:
        """What earlier cases left stays, and their people come again."""
        self._free = {roles: list(reversed(known)) for roles, known in self._known.items()}

    def count(self, entity_id: str) -> int:
        """Rows of that identity."""
        with self._running.press.database.read() as session:
            return session.scalar(sa.select(sa.func.count()).select_from(EntityRow).where(EntityRow.id == entity_id)) or 0

    def close(self) -> None:
        """Take it down."""
        for backend in self._open:
            backend.close()
        self._running.stop()
