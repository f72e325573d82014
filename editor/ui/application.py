"""The window's program: Qt first, the window with grey lines next, the profile in the background, then the desks.

Order: application, fonts, look → window with its holders → first paint → `open_profile` → desks, attention, first-run
page. Down: what is typed is handed over, desks and attention leave, the profile is closed, the bridge last. It never
asks. Nothing heavy is imported before the first paint: each desk's module loads when its desk is made.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from editor.base.errors import EditorError
from editor.base.messages import Message
from editor.ui.acting import Acting
from editor.ui.bridge import Bridge
from editor.ui.desk_making import DESKS, DeskTools, load_desk, make_desk
from editor.ui.first_paint import FirstPaint
from editor.ui.frame import Frame
from editor.ui.parts import Opened, Parts
from editor.ui.preferences import Preferences
from editor.ui.shell.facts import DeskFacts
from editor.ui.theme.fonts import load_fonts
from editor.ui.theme.look import MADE_WITH, STYLE, Look, theme_named
from editor.ui.wording import Wording

if TYPE_CHECKING:  # the window is painted before these are loaded
    from editor.domain.changes import ChangeSet
    from editor.domain.newsroom import Newsroom
    from editor.domain.people import Actor
    from editor.runtime.doctor import Finding
    from editor.runtime.sync_runner import SyncFacts
    from editor.ui.attention import Attention
    from editor.ui.beginning import Beginning
    from editor.ui.settings.window import Keeping

T = TypeVar("T")
BEGUN = "begun"  # the setting that says that somebody began here
SYNC_MS = 400  # the first desk has its list by then
REST_MS = 2000
TURN_S = 0.0005


def run(parts: Parts) -> int:
    """Show the window and work until it is closed. The GUI thread's whole life; returns the exit code."""
    application = make_application()
    program = Program(application, parts)
    program.start()
    code = application.exec()
    program.stop()
    return code


def make_application() -> QApplication:
    """The application object, with its names and the house's fonts. Raises `Bug` when a font is missing."""
    # Python's own 5 ms are waited out at every call from Qt while another thread counts, renders or imports: ten in one
    # turn of the event loop, and the window stands still.
    sys.setswitchinterval(TURN_S)
    QApplication.setApplicationName("Redactie")
    QApplication.setDesktopFileName("redactie")
    application = QApplication.instance()
    if not isinstance(application, QApplication):
        application = QApplication([*sys.argv[:1], "-style", STYLE])
        application.setProperty(MADE_WITH, STYLE)
    load_fonts()
    return application


def keep_what_is_loaded() -> None:
    """What is loaded now stays to the end, so the collector need not look at it again: each look at a hundred thousand
    objects would hold the window up for a tenth of a second."""
    gc.freeze()
    gc.enable()


class Program:
    """One window and at most one open profile. Made on the GUI thread, lives as long as the application works."""

    def __init__(self, application: QApplication, parts: Parts) -> None:
        self._application, self._parts = application, parts
        self.preferences = Preferences(parts.settings_read, parts.settings_write)
        self.bridge = Bridge()
        self.look = Look(theme_named(self.preferences.value("theme"), application), scale=self.preferences.scale)
        self.look.dress(application)
        application.styleHints().colorSchemeChanged.connect(self._on_system_theme)
        self.wording = Wording(self.preferences.value("language"))
        self.opened: Opened | None = None
        self._attention: Attention | None = None
        self._beginning: Beginning | None = None
        self._may_manage = False
        self._zone = "Europe/Amsterdam"
        self._facts: SyncFacts | None = None
        self._leaves: list[Callable[[], None]] = []
        self._is_stopped = False
        self.acting = Acting(lambda: self.frame, lambda: self.wording, lambda: self.opened, lambda: self._zone)
        self.frame = self._make_frame()

    # --------------------------------------------------------------------------------------------------- start, stop
    def start(self) -> None:
        """Show the window; once it is painted, open the profile."""
        self.frame.show()
        self._first_paint = FirstPaint(self.frame.window, self.open_profile)

    def open_profile(self) -> None:
        """Open the profile in the background and fill the desks."""
        self.frame.wait()
        first = self.frame.window.current

        def open_it() -> Opened:
            opened = self._parts.open_profile(self.bridge.deliver, self._parts.crash)
            load_desk(first)
            return opened
        self._in_background(open_it, self._use, self._on_not_opened)

    def stop(self) -> None:
        """Hand over what was typed, let everything go, close the profile."""
        if self._is_stopped:
            return
        self._is_stopped = True
        self._let_go()
        if self.opened is not None:
            self.opened.close()
        self.bridge.close()

    def _make_frame(self) -> Frame:
        return Frame(self.look, self.wording, self.preferences, self._parts, commands={
            "sync.now": self.sync_now, "sync.reading": self.turn_reading, "window.larger": partial(self._step_size, 1),
            "window.smaller": partial(self._step_size, -1), "window.usual": partial(self._step_size, 0),
        }, door=lambda: self.opened.door if self.opened is not None else None, open_item=self.acting.open_item,
            undo=self.acting.undo, keeping=self._keeping, changed=self._on_setting, facts_of=self._facts_of)

    # ------------------------------------------------------------------------------------------------ profile in, out
    def _use(self, opened: Opened) -> None:
        """A profile is open: every desk gets its door."""
        self._let_go()
        before, self.opened, self._facts = self.opened, opened, None
        if before is not None:
            self._in_background(before.close, lambda _: None, lambda _: None)
        self.preferences.change_newsroom = self._change_newsroom
        self._leaves = [opened.door.bus.subscribe(self._on_changes), opened.subscribe_facts(self._on_facts)]
        self._read_people()
        self._fill()
        self.acting.tell_brought_back()
        if opened.is_new and self.preferences.read(BEGUN) is None:
            self._begin()
        QTimer.singleShot(SYNC_MS, self.bridge, partial(self._start_sync, opened))
        QTimer.singleShot(REST_MS, self.bridge, self._load_rest)

    def _start_sync(self, opened: Opened) -> None:
        if not self._is_stopped:
            self._in_background(opened.start_sync, lambda _: None, self.acting.refuse)

    def _load_rest(self) -> None:
        """The other desks' modules, while nobody waits for them."""
        if not self._is_stopped:
            for plan in DESKS:
                self._parts.background(partial(load_desk, plan.name))
            self._parts.background(keep_what_is_loaded)

    def _fill(self) -> None:
        from editor.ui.attention import Attention

        opened = self.opened
        if opened is None or self._is_stopped:
            return
        tools = DeskTools(opened.door, self.wording, self.look, self.frame.keymap, opened.clock, self.sync_now,
                          self.acting.open_item, lambda: self._facts, self.preferences,
                          lambda: self._begin(server_only=True), partial(self._check_up, opened), self.turn_reading)
        self._attention = Attention(
            opened.door, self.frame.window, self.wording, opened.clock, show_sync=self._show_sync,
            log_in=lambda: self._begin(server_only=True), turn_reading=self.turn_reading, may_call=lambda: self.preferences.value("notify") == "true")
        self.frame.fill(lambda name: make_desk(name, tools))
        if self._facts is not None:
            self._show_facts(self._facts)

    def _let_go(self) -> None:
        """Desks and everything that listens leave the profile; what was typed is handed over first."""
        for leave in self._leaves:
            leave()
        self._leaves = []
        self.frame.empty()
        if self._attention is not None:
            self._attention.close()
            self._attention = None

    def _on_not_opened(self, error: EditorError) -> None:
        gc.enable()
        self.frame.say_failed(self.wording.explain(error), self.open_profile)

    def _read_people(self) -> None:
        opened = self.opened
        if opened is not None:
            opened.door.read(lambda reader: (reader.actor(), reader.newsroom()), self._heard_people, lambda _: None)

    def _heard_people(self, told: tuple[Actor, Newsroom]) -> None:
        from editor.domain.people import Right

        actor, newsroom = told
        self._may_manage, self._zone = actor.may(Right.MANAGE), newsroom.zone
        self.preferences.heard(newsroom)

    def _on_changes(self, changes: ChangeSet, _initiator: object) -> None:
        if changes.of("newsroom") or changes.of("connection"):
            self._read_people()

    # --------------------------------------------------------------------------------------------------------- sync
    def sync_now(self) -> None:
        """Send and fetch now."""
        if self.opened is not None:
            self.opened.sync_now()

    def turn_reading(self) -> None:
        """Stop a first reading, or go on with one that was stopped."""
        if self.opened is not None:
            (self.opened.sync_now if self._facts is not None and self._facts.is_paused else self.opened.pause_reading)()

    def _on_facts(self, facts: SyncFacts) -> None:
        """Told on sync's thread."""
        self.bridge.deliver(partial(self._show_facts, facts))

    def _show_facts(self, facts: SyncFacts) -> None:
        self._facts = facts
        if self._attention is not None:
            self._attention.set_facts(facts)
        self.frame.call_desk("sync", "set_facts", facts)

    def _check_up(self, opened: Opened, told: Callable[[Finding], None], ended: Callable[[], None]) -> Callable[[], None]:
        """Examine the connection of `opened`; what is found is told on the GUI thread."""
        if opened.check_up is None:
            ended()
            return lambda: None
        deliver = self.bridge.deliver
        return opened.check_up(lambda finding: deliver(partial(told, finding)), lambda: deliver(ended))

    def _show_sync(self, part: str) -> None:
        self.frame.window.open_desk("sync")
        self.frame.call_desk("sync", "show_part_named", part)

    # ------------------------------------------------------------------------------------------------- the first start
    def _begin(self, *, server_only: bool = False) -> None:
        from editor.ui.beginning import Beginning

        use_sample = self._use_sample if self._parts.open_sample is not None else None
        self._beginning = Beginning(self.frame.window, self.look, self.wording, begun=self._on_begun,
                                    use_sample=use_sample, connect=self._connect)
        self._beginning.show(server_only=server_only)

    def _on_begun(self) -> None:
        self._beginning = None
        self.preferences.write(BEGUN, "1")
        self._read_people()
        self.frame.arrive()

    def _use_sample(self, failed: Callable[[EditorError], None]) -> None:
        open_sample = self._parts.open_sample
        if open_sample is not None:
            self._in_background(partial(open_sample, self.bridge.deliver, self._parts.crash), self._on_sample, failed)

    def _on_sample(self, opened: Opened) -> None:
        if self._beginning is not None:
            self._beginning.leave()
        self._beginning = None
        self._use(opened)

    def _connect(self, address: str, token: str, then: Callable[[], None], failed: Callable[[EditorError], None]) -> None:
        if self.opened is not None:
            self._in_background(partial(self.opened.connect, address, token), lambda _: then(), failed)

    # ------------------------------------------------------------------------------------------------------ settings
    def _keeping(self) -> Keeping:
        from editor.ui.settings.window import Keeping

        tr = self.wording.tr
        if self.opened is None:
            locked = tr("application", "This can be changed once the profile is open.")
        elif not self._may_manage:
            locked = tr("application", "Only an administrator of the newsroom can change this.")
        else:
            locked = ""
        return Keeping(self.preferences.read, self.preferences.write, locked)

    def _change_newsroom(self, field: str, value: object) -> None:
        from editor.desk.newsroom import change_newsroom

        if self.opened is not None:
            self.opened.door.change(lambda work: change_newsroom(work, {field: value}),
                                    failed=self._on_newsroom_refused)

    def _on_newsroom_refused(self, error: EditorError) -> None:
        self.acting.refuse(error)
        self._read_people()

    def change_setting(self, key: str, value: str) -> None:
        """Keep a setting and let it hold at once."""
        self.preferences.write(key, value)
        self._on_setting(key, value)

    def _on_setting(self, key: str, _value: str) -> None:
        if key in ("theme", "text_size"):
            self.look.use(theme_named(self.preferences.value("theme"), self._application), self.preferences.scale)
        if key in ("language", "text_size", "writing_font", "snap"):
            self._rebuild(key)

    def _rebuild(self, key: str) -> None:
        """The same window again, in other words or at another size: where one was stays."""
        self.wording = Wording(self.preferences.value("language"))
        old = self.frame
        was_settings = old.is_settings_open
        self._let_go()
        old.leave()
        self.frame = self._make_frame()
        self.frame.show()
        self._fill()
        old.drop()
        if was_settings:
            self.frame.open_settings(key)

    def _step_size(self, step: int) -> None:
        sizes = ("normal", "large", "largest")
        now = sizes.index(self.preferences.value("text_size"))
        size = sizes[max(0, min(len(sizes) - 1, now + step))] if step else sizes[0]
        if size != sizes[now]:
            self.change_setting("text_size", size)

    def _on_system_theme(self) -> None:
        if self.preferences.value("theme") == "system":
            self.look.use(theme_named("system", self._application), self.preferences.scale)

    # ------------------------------------------------------------------------------------------------------- helpers
    def _facts_of(self, told: object) -> DeskFacts:
        from editor.ui.desk_facts import facts_of

        opened = self.opened
        return DeskFacts() if opened is None else facts_of(told, self.wording, self._zone, opened.clock.now())

    def _in_background(self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[EditorError], None]) -> None:
        def do() -> None:
            try:
                result = work()
            except EditorError as error:
                self.bridge.deliver(partial(failed, error))
            except Exception as error:
                self._parts.crash(error)
                self.bridge.deliver(partial(failed, _bug(error)))
            else:
                self.bridge.deliver(partial(then, result))
        self._parts.background(do)


def _bug(error: Exception) -> EditorError:
    return EditorError("bug", Message("application", "Something went wrong in the program ({kind}).",
                                      {"kind": type(error).__name__}),
                       safe=Message("application", "What you wrote is kept."))
