"""One window as the program handles it: the shell's window, a holder a desk, settings and about beside it. GUI thread.

A change of language makes a new frame; the old one goes without a word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from editor.ui.actions import Keymap
from editor.ui.desk_holder import DeskHolder, Making
from editor.ui.desk_making import DESKS
from editor.ui.parts import Parts
from editor.ui.preferences import Preferences
from editor.ui.searching import SettingsFound, Things
from editor.ui.shell.facts import DeskFacts
from editor.ui.shell.places import keep_window
from editor.ui.shell.window import DeskPlace, MainWindow
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.banner import Notice
from editor.ui.wording import Wording

if TYPE_CHECKING:  # the window is painted before these are loaded
    from editor.runtime.workers import Door
    from editor.ui.settings.about import AboutWindow
    from editor.ui.settings.window import Keeping, SettingsWindow

UNDONE_FROM_HERE = {"articles": "article.undo", "sync": "sync.undo"}  # the other desks have a command of their own


class Frame:
    """The window and what hangs on it."""

    def __init__(self, look: Look, wording: Wording, preferences: Preferences, parts: Parts, *,
                 commands: Mapping[str, Callable[[], object]], door: Callable[[], Door | None],
                 open_item: Callable[[str, str], None], undo: Callable[[str], None], keeping: Callable[[], Keeping],
                 changed: Callable[[str, str], None], facts_of: Callable[[object], DeskFacts]) -> None:
        self._look, self._wording, self._parts, self._memory = look, wording, parts, preferences
        self._keeping, self._changed, self._facts_of = keeping, changed, facts_of
        self._settings: SettingsWindow | None = None
        self._about: AboutWindow | None = None
        self._said: dict[str, DeskFacts] = {}
        self.keymap = Keymap(preferences.keys())
        moment = wording.tr("application", "One moment…")
        self._holders = {plan.name: DeskHolder(look, moment) for plan in DESKS}
        for holder in self._holders.values():
            holder.came.connect(self.arrive)
        places = [DeskPlace(plan.name, plan.title, plan.icon, plan.action, partial(self._holders.__getitem__, plan.name),
                            plan.scopes, plan.low) for plan in DESKS]
        self.window = MainWindow(look, wording, self.keymap, places, memory=preferences,
                                 commands={"go.settings": self.open_settings, **commands},
                                 providers=(Things(door, wording, open_item),
                                            SettingsFound(wording, self.open_settings, self.open_about)))
        self.window.rail.add("settings", wording.tr("application", "Settings"), "gear", self.keymap.shown("go.settings"),
                             low=True)
        self.window.rail.chosen.disconnect(self.window.open_desk)
        self.window.rail.chosen.connect(self._on_rail)
        self.window.desk_opened.connect(self._on_desk_opened)
        for name, action in UNDONE_FROM_HERE.items():
            # A text field takes the key for itself; only what it leaves comes here.
            self._holders[name].own = {action: partial(undo, name)}
            self.keymap.bind(self._holders[name], self._holders[name].own)

    # ------------------------------------------------------------------------------------------------ coming, going
    def show(self) -> None:
        """Show the window with the desk that was open last."""
        self.window.open_last_desk()
        self.window.show()

    def leave(self) -> None:
        """What is beside the window goes; where the window stood is remembered."""
        for beside in (self._settings, self._about):
            if beside is not None:
                beside.close()
                beside.deleteLater()
        self._settings = self._about = None
        self.window.settle()
        keep_window(self.window, self._memory)

    def drop(self) -> None:
        """The window goes, another stands in its place."""
        self.window.hide()
        self.window.deleteLater()

    # -------------------------------------------------------------------------------------------------------- desks
    def fill(self, make: Callable[[str], Making]) -> None:
        """Every desk may be made now; the one that is looked at is made in the turns that follow, then shown."""
        for name, holder in self._holders.items():
            holder.fill(partial(self._make, make, name))

    def empty(self) -> None:
        """Every desk hands over what was typed and leaves."""
        for holder in self._holders.values():
            holder.empty()

    def wait(self) -> None:
        """Grey lines in every place."""
        for holder in self._holders.values():
            holder.wait()

    def say_failed(self, sentence: str, again: Callable[[], None]) -> None:
        """The profile could not be opened."""
        tr = self._wording.tr
        for holder in self._holders.values():
            holder.say_failed(tr("application", "Your work could not be opened"), sentence,
                              tr("application", "Try again"), again)

    def arrive(self) -> None:
        """The keyboard goes to the open desk."""
        holder = self._holders.get(self.window.current)
        if holder is not None:
            holder.arrive()

    def desk(self, name: str) -> QWidget | None:
        """The desk of that name, None before it is made."""
        return self._holders[name].desk

    def call_desk(self, name: str, method: str, *values: object) -> bool:
        """Call a desk's method if the desk is there and has it; whether it did."""
        found = getattr(self._holders[name].desk, method, None)
        if found is not None:
            found(*values)
        return found is not None

    def _make(self, make: Callable[[str], Making], name: str) -> Making:
        for desk in make(name):
            facts = getattr(desk, "facts", None)
            if facts is not None:
                facts.connect(partial(self._on_desk_facts, name))
            yield desk

    def _on_desk_facts(self, name: str, told: object) -> None:
        self._said[name] = self._facts_of(told)
        self.window.show_facts(name, self._said[name])

    def _on_desk_opened(self, name: str) -> None:
        if name in self._said:
            self.window.show_facts(name, self._said[name])

    def _on_rail(self, name: str) -> None:
        if name != "settings":
            self.window.open_desk(name)
            return
        if self.window.current:
            self.window.rail.mark(self.window.current)
        self.open_settings()

    # --------------------------------------------------------------------------------------------------- beside it
    @property
    def is_settings_open(self) -> bool:
        """Whether the settings stand beside the window."""
        return self._settings is not None and self._settings.isVisible()

    def open_settings(self, key: str = "") -> None:
        """Show the settings, at one of them if `key` names it."""
        if not self.is_settings_open:
            self._make_settings().show()
        assert self._settings is not None
        self._settings.activateWindow()
        if key:
            self._settings.show_setting(key)

    def _make_settings(self) -> SettingsWindow:
        """Made anew each time: rights and the newsroom's values may have changed."""
        from editor.ui.settings.window import SettingsWindow

        if self._settings is not None:
            self._settings.deleteLater()
        self._settings = SettingsWindow(self._look, self._wording, self._keeping(), parent=self.window)
        self._settings.changed.connect(self._changed)
        self._settings.about_wanted.connect(self.open_about)
        return self._settings

    def open_about(self) -> None:
        """Show what the program is and is made of."""
        from editor.ui.settings.about import AboutWindow

        if self._about is not None:
            self._about.deleteLater()
        self._about = AboutWindow(self._look, self._wording, version=self._parts.version, profile=self._parts.profile,
                                  log_folder=self._parts.log_folder, open_folder=open_folder, parent=self.window)
        self._about.show()

    def notify(self, key: str, words: str, tone: Tone) -> None:
        """Say something above the desk."""
        self.window.show_notice(Notice(key, words, tone))


def open_folder(folder: Path) -> None:
    """Show a folder in the desktop's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
