"""The sample newsroom: its page, its clock, its press, its workstations (model 11).

The sample has its own clock: it stands five minutes after the page's latest ticker time on its day and runs at real
speed, so that it shows the same at every hour. Its press is a child process.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from editor.backends.press import token_name
from editor.base.clock import SystemClock
from editor.base.errors import Bug, UserError
from editor.base.messages import Message
from editor.base.paths import profiles, resources
from editor.cli.page import read_file
from editor.cli.press import sqlite_url
from editor.domain.moments import moment_from_wall, zone_info
from editor.exchange.base import Page
from editor.station import Workstation, bind_press, open_workstation
from editor.store.lock import Held, ProfileLock
from editor.store.profile import open_profile

ZONE = "Europe/Amsterdam"
AFTER_LATEST = timedelta(minutes=5)
NAME = "De Oosterkade"
ALL_ROLES = ("journalist", "editor", "moderator", "senior", "admin")


@dataclass(frozen=True, slots=True)
class Sample:
    """What a sample is made of: its page, its day, and how far its clock is from the machine's."""

    page: Page
    day: date
    offset: timedelta


def sample_page() -> Path:
    """The page that the project ships."""
    return resources() / "sample" / "page.txt"


def read_sample(page: Path | None, day: date | None) -> Sample:
    """Read the page and set the clock: five minutes after its latest ticker time on `day` (default today)."""
    reading = read_file(str(page or sample_page()))
    now = SystemClock().now()
    on = day or now.astimezone(zone_info(ZONE)).date()
    latest = max(((line.hour, line.minute) for line in reading.ticker if line.day_offset == 0), default=(12, 0))
    wall = datetime(on.year, on.month, on.day, *latest)  # noqa: DTZ001 - a wall time, zoned next
    return Sample(reading, on, moment_from_wall(wall, ZONE, 0).utc + AFTER_LATEST - now)


class PressProcess:
    """The sample's press: a child process on loopback that can be killed and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[str] | None = None
        self._port = 0
        self.url = ""

    @property
    def database_url(self) -> str:
        """Its database."""
        return sqlite_url(self._folder / "press.db")

    def found(self, sample: Sample) -> None:
        """Make its newsroom, once."""
        from editor.press import service

        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        follow = [{"label": sample.page.follow, "url": ""}] if sample.page.follow else []
        service.create_newsroom(self.database_url, name=NAME, zone=ZONE, sample=True, clock_offset=sample.offset,
                                settings={"follow": follow, "sections": ["Stad", "Economie", "Onderwijs", "Sport"]})

    def add_user(self, name: str, roles: tuple[str, ...]) -> str:
        """A person with a device; the token."""
        from editor.press import service

        return service.add_user(self.database_url, name=name, roles=roles).token

    @property
    def port(self) -> int:
        """Where it listens; the workstation knows it by this."""
        return self._port

    def start(self, port: int = 0) -> None:
        """Start it and wait until it answers, at `port` or where it was before. Raises `Bug` when it does not."""
        self._port = port or self._port
        command = [sys.executable, "-m", "editor", "press", "serve", "--json", "--with-parent", "--port", str(self._port),
                   "--database-url", self.database_url]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own program
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise Bug("no_press", Message("demo", "The sample's press did not start."))
        self.url = str(json.loads(line)["url"])
        self._port = int(self.url.rsplit(":", 1)[1])

    def kill(self) -> None:
        """Kill -9, as a power cut would."""
        if self._process is not None:
            self._process.kill()
            self._end()

    def stop(self) -> None:
        """Ask it to stop, and wait."""
        if self._process is not None:
            self._process.terminate()
            self._end()

    def _end(self) -> None:
        assert self._process is not None
        self._process.wait(timeout=20)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process = None


def make_station(folder: Path, sample: Sample, press: PressProcess, token: str) -> Workstation:
    """A workstation of the sample newsroom, bound to its press."""
    open_profile(folder, sample=True, clock_offset=sample.offset).close()
    station = open_workstation(folder, changing=True)
    if bind_press(station, press.url, token) is None:
        station.close()
        raise Bug("no_press", Message("demo", "The sample's press did not start."))
    return station


def ready_sample(*, page: Path | None = None, day: date | None = None,
                 fresh: bool = False) -> tuple[Path, Callable[[], None]]:
    """The lasting sample profile with its press running, made when it is not there; the call ends the press.

    Where another window has it already, that one's press runs and nothing is started. Where something else took the
    port that press had, it takes another and the profile follows.
    """
    folder = profiles() / "sample"
    if _is_held(folder):
        return folder, lambda: None
    if fresh and folder.exists():
        _move_aside(folder)
    press = PressProcess(folder / "press")
    if (folder / "ready").exists():
        known = _port_of(folder)
        press.start(known if _is_free(known) else 0)
        if press.port != known:
            _follow(folder, press)
    else:
        if folder.exists():
            _move_aside(folder)  # it was never finished
        furnish_sample(folder, press, read_sample(page, day))
        (folder / "ready").write_text(str(press.port), encoding="ascii")
    return folder, press.stop


def _is_held(folder: Path) -> bool:
    if not folder.exists():
        return False
    try:
        lock = ProfileLock.take(folder, SystemClock().now())
    except Held:
        return True
    if lock.was_unclean:
        lock.abandon()  # whoever opens it next still learns that it was not closed
    else:
        lock.release()
    return False


def _is_free(port: int) -> bool:
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _follow(folder: Path, press: PressProcess) -> None:
    """Bind the profile to its press at the new address. Killed before the end, the next start does it again: until
    then no port is known."""
    (folder / "ready").write_text("moving", encoding="ascii")
    station = open_workstation(folder, changing=True)
    try:
        known = station.door.read_now(lambda reader: reader.connection())
        token = station.secrets.get(token_name(known.url)) if known is not None else None
        if token is None or bind_press(station, press.url, token) is None:
            raise Bug("no_press", Message("demo", "The sample's press did not start."))
    finally:
        station.close()
    (folder / "ready").write_text(str(press.port), encoding="ascii")


def _port_of(folder: Path) -> int:
    try:
        return int((folder / "ready").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def _move_aside(folder: Path) -> None:
    stamp = f"{SystemClock().now():%Y%m%d-%H%M%S}"
    try:
        folder.rename(folder.with_name(f"{folder.name}-{stamp}"))
    except OSError as error:
        raise UserError("profile_in_use", Message("demo", "The old sample cannot be moved aside: {why}.",
                                                  {"why": error.strerror or "?"})) from error


def furnish_sample(folder: Path, press: PressProcess, sample: Sample) -> None:
    """Make the lasting sample: its page, some more articles, and a dozen reactions that wait for a moderator."""
    from editor.demo.furnishing import furnish

    press.found(sample)
    press.start()
    token = press.add_user("Redactie", ALL_ROLES)
    station = make_station(folder, sample, press, token)
    try:
        furnish(station, sample.page, sample.day, press.database_url)
    finally:
        station.close()
