"""The window's composition root: builds what the window needs before its first paint, and the rest after it.

Before the first paint only Qt and `base.sqlite` are loaded: the settings are read straight from the database file.
After it, on a thread: profile (lock, database) → door → sync → housekeeping. Down in reverse. The docstring of
`station.Workstation` has the order below that.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from editor import __version__
from editor.base.errors import EditorError
from editor.base.paths import log_dir, profile_dir
from editor.store.settings_rows import read_settings
from editor.ui.parts import OnBug, Opened, Parts

if TYPE_CHECKING:  # the window is painted before these are loaded
    from concurrent.futures import ThreadPoolExecutor

    from editor.desk.ports import UnitOfWork
    from editor.domain.changes import Outcome
    from editor.runtime.doctor import Finding
    from editor.runtime.sync_runner import SyncFacts, SyncRunner
    from editor.runtime.workers import Deliver
    from editor.station import Workstation
    from editor.ui.shell.one_window import OneWindow

DATABASE = "redactie.db"
HOUSEKEEPING_S = 600.0
BEGUN = "begun"


def open_window(words: list[str]) -> int:
    """The program without a verb: its window on the profile named, or on the person's own. Returns the exit code."""
    named = _option(words, "--profile")
    return open_window_on(Path(named).expanduser() if named else profile_dir(), language=_option(words, "--lang"))


def open_window_on(folder: Path, *, language: str | None = None) -> int:
    """The window on one profile folder. Blocks until it is closed; returns the exit code."""
    from editor.ui import application

    if _is_raised(folder):
        return 0
    gc.disable()  # until everything is loaded (`application.Program`): a look at it all takes a tenth of a second
    root = WindowRoot(folder, language)
    try:
        return application.run(root.parts())
    finally:
        root.close()


def _is_raised(folder: Path) -> bool:
    """Whether another window has this profile and came forward. Asked only where the lock names somebody."""
    from editor.store.lock import holder

    if not holder(folder):
        return False
    from editor.ui.application import make_application
    from editor.ui.shell.one_window import raise_other

    make_application()
    return raise_other(folder)


def _option(words: list[str], name: str) -> str | None:
    for number, word in enumerate(words):
        if word == name and number + 1 < len(words):
            return words[number + 1]
        if word.startswith(name + "="):
            return word.partition("=")[2]
    return None


class WindowRoot:
    """Makes and ends what one run of the window lives on. Made on the GUI thread."""

    def __init__(self, folder: Path, language: str | None) -> None:
        self._folder = folder
        self._settings = {name: str(value) for name, value in _stored(folder).items()}
        if language is not None:
            self._settings["language"] = language
        self._unwritten: dict[str, str] = {}
        self._background: ThreadPoolExecutor | None = None
        self._opened: OpenProfile | None = None
        self._gui = threading.get_ident()
        self._one: OneWindow | None = None

    def parts(self) -> Parts:
        """What the window is given."""
        return Parts(
            profile=self._folder, log_folder=log_dir(self._folder), version=__version__,
            settings_read=self._settings.get, settings_write=self._write,
            background=self._in_background, open_profile=self._open_profile, crash=self._crash,
            open_sample=self._open_sample)

    def close(self) -> None:
        """End what is still there; the window closed the profile itself."""
        self._end()
        if self._background is not None:
            self._background.shutdown()  # a profile may have been opening all the while
        self._end()

    def _end(self, opened: OpenProfile | None = None) -> None:
        """Close an open profile, the newest one if none is named; with that one nobody is to meet this window."""
        if self._one is not None and opened in (None, self._opened) and threading.get_ident() == self._gui:
            self._one.close()  # before the lock is free: the next one listens at the same place
            self._one = None
        if opened := opened or self._opened:
            opened.close()

    def _in_background(self, call: Callable[[], None]) -> None:
        from concurrent.futures import ThreadPoolExecutor

        if self._background is None:
            self._background = ThreadPoolExecutor(1, "opening")
        self._background.submit(call)

    def _open_profile(self, deliver: Deliver, on_bug: OnBug) -> Opened:
        return self._open(self._folder, deliver, on_bug, at_end=None)

    def _open_sample(self, deliver: Deliver, on_bug: OnBug) -> Opened:
        from editor.demo.sample import ready_sample

        folder, end = ready_sample()
        return self._open(folder, deliver, on_bug, at_end=end)

    def _open(self, folder: Path, deliver: Deliver, on_bug: OnBug, *, at_end: Callable[[], None] | None) -> Opened:
        from editor.station import open_workstation

        station = open_workstation(folder, changing=True, deliver=deliver, on_bug=on_bug)
        station.profile.store.forbid_thread(self._gui)
        opened = self._opened = OpenProfile(station, at_end)
        for key, value in self._unwritten.items():
            self._put(key, value)
        self._unwritten.clear()
        self._await_second_start(folder, deliver)
        return opened.as_given(begun=BEGUN in self._settings, close=partial(self._end, opened))

    def _await_second_start(self, folder: Path, deliver: Deliver) -> None:
        """From now on a second start on this profile raises the window. Loaded here, listened to on the GUI thread."""
        from editor.ui.shell.one_window import OneWindow

        def listen() -> None:
            if self._one is not None:
                self._one.close()
            self._one = OneWindow(folder)
        deliver(listen)

    def _write(self, key: str, value: str) -> None:
        self._settings[key] = value
        if self._opened is None:
            self._unwritten[key] = value
        else:
            self._put(key, value)

    def _put(self, key: str, value: str) -> None:
        assert self._opened is not None
        self._opened.station.door.change(partial(_put_setting, key=key, value=value))

    def _crash(self, error: BaseException) -> None:
        """Write the trace down; the window says that something went wrong and that what was saved is safe."""
        import traceback

        where = log_dir(self._folder) / "crash.txt"
        try:
            where.parent.mkdir(parents=True, exist_ok=True)
            with where.open("a", encoding="utf-8") as file:
                file.write("".join(traceback.format_exception(error)) + "\n")
        except OSError:
            traceback.print_exception(error)


class OpenProfile:
    """An open profile with its sync and its housekeeping, as the window uses it."""

    def __init__(self, station: Workstation, at_end: Callable[[], None] | None) -> None:
        from editor.runtime.timers import Every

        self.station = station
        self._at_end = at_end
        self._listeners: list[Callable[[SyncFacts], None]] = []
        self._runner: SyncRunner | None = None
        self._is_closed = False
        self._turn = threading.Lock()  # starting sync and closing come from different threads
        self._housekeeping = Every(HOUSEKEEPING_S, self._keep_house, "housekeeping")

    def as_given(self, *, begun: bool, close: Callable[[], None]) -> Opened:
        """The values that the window gets."""
        door = self.station.door
        connected = door.read_now(lambda reader: reader.connection()) is not None
        written = door.read_now(lambda reader: reader.counts()).articles > 0
        return Opened(door=door, clock=self.station.clock, is_new=not (begun or connected or written),
                      sync_now=self._sync_now, subscribe_facts=self._subscribe, connect=self._connect,
                      close=close, start_sync=self.start_sync, check_up=self._check_up, pause_reading=self._pause_reading,
                      brought_back=self.station.brought_back(),
                      still_kept=tuple(text.fields.get("headline") or text.started_from.get("headline") or ""
                                       for text in self.station.still_kept))

    def close(self) -> None:
        """Take everything down, finishing what was asked. Safe to call twice."""
        with self._turn:
            if self._is_closed:
                return
            self._is_closed = True
        self._housekeeping.stop()
        self.station.close()
        if self._at_end is not None:
            self._at_end()

    def start_sync(self) -> None:
        """Begin to send and fetch, where a server is bound. Takes a tenth of a second: keyring and HTTP are loaded."""
        if self._is_closed:
            return
        runner = self.station.runner(self._tell)  # a locked keyring asks its person, who may take minutes
        with self._turn:
            if runner is not None and self._runner is None and not self._is_closed:
                self._runner = runner
                runner.start()

    def _sync_now(self) -> None:
        if self._runner is not None:
            self._runner.wake(force=True)

    def _pause_reading(self) -> None:
        if self._runner is not None:
            self._runner.pause_reading()

    def _connect(self, url: str, token: str) -> None:
        from editor.base.errors import Unavailable
        from editor.base.messages import Message
        from editor.station import bind_press

        if bind_press(self.station, url, token) is None:
            raise Unavailable("offline", Message("cli", "There is no Redactie server at {url}.", {"url": url}))
        if self._runner is not None:
            self._runner.stop()
            self._runner = None
        self.start_sync()

    def _check_up(self, told: Callable[[Finding], None], ended: Callable[[], None]) -> Callable[[], None]:
        from editor.runtime.doctor import Examination

        examination = Examination(self.station.patient, self.station.clock, told, ended)
        examination.start()
        return examination.stop

    def _subscribe(self, listener: Callable[[SyncFacts], None]) -> Callable[[], None]:
        self._listeners.append(listener)
        if self._runner is not None:
            listener(self._runner.facts)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def _tell(self, facts: SyncFacts) -> None:
        for listener in tuple(self._listeners):
            listener(facts)

    def _keep_house(self) -> None:
        """The hourly back-up, and settled requests of long ago. What fails here is tried again in ten minutes."""
        try:
            self.station.profile.backup_if_due()
            self.station.profile.store.tidy()
        except EditorError as error:
            from editor.runtime.sync_runner import SyncFacts

            self._tell(SyncFacts(state="attention", why=str(error), said=error.message))


def _put_setting(work: UnitOfWork, *, key: str, value: str) -> Outcome[None]:
    from editor.domain.changes import Outcome

    work.settings.put(key, value)
    return Outcome(None, work.changes())


def _stored(folder: Path) -> dict[str, object]:
    """The settings as they stand in the database file, read without the database layer; none where there is none."""
    try:
        return dict(read_settings(folder / DATABASE)) if (folder / DATABASE).exists() else {}
    except Exception:  # a damaged file is told of when the profile opens; the window opens all the same
        return {}
