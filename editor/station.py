"""One open profile without a window: builds its long-lived objects in order and takes them down in reverse.

Order: profile (lock, database) → clock (the sample's own, if it is one) → bus → door; secrets and sync runner when
they are first needed. Down: sync runner → door (readers, writer) → profile. The window's own root is `app.py`, which
builds on this.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from editor.base.clock import Clock
from editor.desk import connecting
from editor.desk.ports import Secrets
from editor.desk.swap import BROUGHT_BACK, SwapText, brought_back, told_brought_back
from editor.runtime.bus import Bus
from editor.runtime.sync_runner import SyncFacts, SyncRunner
from editor.runtime.workers import Deliver, Door
from editor.store.profile import Profile, open_profile
from editor.store.profile_rows import REPLICA, SAMPLE
from editor.store.secrets import open_secrets
from editor.store.settings_rows import read_meta
from editor.sync.backend import NoAnswer, PublishingBackend, ServerInfo

if TYPE_CHECKING:
    from editor.runtime.doctor import Patient

BackendFactory = Callable[[str, str, str, Clock], PublishingBackend]


def at_once(call: Callable[[], None]) -> None:
    """Deliver on the thread that has the answer: for everything that has no window."""
    call()


def tell_crash(error: BaseException) -> None:
    """A fault of ours where nobody waits for the answer: to standard error, and on."""
    traceback.print_exception(error, file=sys.stderr)


def press_backend(url: str, token: str, replica_id: str, clock: Clock) -> PublishingBackend:
    """The adapter for the bundled backend; HTTP is loaded here and not before."""
    from editor.backends.press import PressBackend

    return PressBackend(url, token, replica_id, clock)


class Workstation:
    """One open profile: everything that a window or a command works with. `close` is the only way down."""

    def __init__(self, profile: Profile, *, deliver: Deliver = at_once,
                 on_bug: Callable[[BaseException], None] = tell_crash,
                 backends: BackendFactory = press_backend) -> None:
        self.profile = profile
        self.clock: Clock = profile.clock
        self.bus = Bus(deliver)
        self.door = Door(profile.store, self.bus, deliver, on_bug)
        self._backends = backends
        self._on_bug = on_bug
        self._runner: SyncRunner | None = None
        self.still_kept: tuple[SwapText, ...] = ()  # typed text that the database still does not take

    def runner(self, told: Callable[[SyncFacts], None] | None = None) -> SyncRunner | None:
        """The sync runner of the bound server, not started; None while the profile has none, or no token for it."""
        from editor.backends.press import token_name

        connection = self.door.read_now(lambda reader: reader.connection())
        token = self.secrets.get(token_name(connection.url)) if connection else None
        if connection is None or token is None:
            return None
        backend = self._backends(connection.url, token, self.replica_id, self.clock)
        self._runner = SyncRunner(self.door, backend, self.clock, told=told, on_bug=self._on_bug)
        return self._runner

    def brought_back(self) -> tuple[str, ...]:
        """The headlines of articles with text that came back (model 9), of which nobody was told yet; told with this."""
        headlines = brought_back(read_meta(self.profile.store.path).get(BROUGHT_BACK))
        if headlines:
            self.door.change_now(told_brought_back)
        return tuple(headlines)

    @cached_property
    def secrets(self) -> Secrets:
        """Where this profile's tokens are. Asked for late: loading a keyring takes a tenth of a second."""
        return open_secrets(self.profile.folder, sample=read_meta(self.profile.store.path).get(SAMPLE) == "1")

    @property
    def replica_id(self) -> str:
        """This profile's name towards servers; a restored back-up gets another."""
        return read_meta(self.profile.store.path)[REPLICA]

    def patient(self) -> Patient | None:
        """What the connection doctor needs to know; None while no server is bound. Asks the keyring: takes a moment."""
        from editor.backends.press import token_name
        from editor.backends.probing import Road
        from editor.runtime.doctor import Patient

        bound = self.door.read_now(lambda reader: reader.connection())
        if bound is None:
            return None
        token = self.secrets.get(token_name(bound.url))
        return Patient(bound.newsroom_id, self.door.read_now(lambda reader: reader.actor()).id, token is not None,
                       self.door.read_now(lambda reader: reader.feed("content")).cursor, partial(Road, bound.url),
                       partial(self._backends, bound.url, token or "-", self.replica_id, self.clock))

    def log_intact(self) -> bool:
        """Whether the chain of moderators' decisions holds (M-02)."""
        return self.door.read_now(lambda reader: reader.broken_link()) is None

    def close(self) -> None:
        """Take everything down, last made first."""
        if self._runner is not None:
            self._runner.stop()
        self.door.close()
        self.profile.close()


def open_workstation(folder: Path, *, changing: bool, deliver: Deliver = at_once,
                     on_bug: Callable[[BaseException], None] = tell_crash,
                     backends: BackendFactory = press_backend) -> Workstation:
    """Open a profile to change it (made if it is not there, refused while another process has it) or to read it."""
    profile = open_profile(folder, mode="write" if changing else "read")
    station = Workstation(profile, deliver=deliver, on_bug=on_bug, backends=backends)
    if changing:
        station.still_kept = station.door.bring_back_now()
    return station


def bind_press(station: Workstation, url: str, token: str,
               backends: BackendFactory = press_backend) -> ServerInfo | None:
    """Greet a press and bind the profile to it, keeping the token among the secrets; None when nobody answers.

    Raises `AuthNeeded`'s plain form as `Unavailable`, and what `connecting.bind` refuses.
    """
    from editor.backends.press import token_name
    from editor.base.errors import Unavailable
    from editor.base.messages import Message
    from editor.sync.backend import AdapterError, AuthNeeded, UpgradeNeeded

    backend = backends(url, token, station.replica_id, station.clock)
    try:
        info = backend.hello()
    except AuthNeeded as error:
        raise Unavailable("bad_token", Message("station", "The server does not know this token."),
                          safe=Message("station", "Nothing was changed."),
                          fix=Message("station", "Ask your administrator for a new one.")) from error
    except NoAnswer:
        return None
    except UpgradeNeeded as error:
        raise Unavailable("upgrade", Message("station", "The server wants a newer version of this program.")) from error
    except AdapterError as error:
        raise Unavailable("no_server", Message("station", "The server gives no usable answer."),
                          safe=Message("station", "Nothing was changed."),
                          fix=Message("station", "Look whether the address is that of a Redactie server.")) from error
    finally:
        backend.close()
    station.door.change_now(lambda work: connecting.bind(work, info, adapter="press", url=url.rstrip("/")))
    station.secrets.put(token_name(url), token)
    return info
