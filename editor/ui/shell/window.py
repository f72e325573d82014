"""The window: rail, desks, notices above the desk, facts below it. It knows no desk's inside.

Desks come as places, made when first opened. A desk may, and need not, have the methods of `DeskFace`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from editor.base.messages import Message
from editor.ui.actions import Keymap, Scope
from editor.ui.shell.facts import Connection, DeskFacts, Fact
from editor.ui.shell.over import Over
from editor.ui.shell.places import Memory, keep_window, recall_window
from editor.ui.shell.rail import Rail
from editor.ui.shell.status import StatusBar
from editor.ui.theme.look import Look
from editor.ui.widgets.banner import Banner, Notice
from editor.ui.widgets.tab_order import order_tabs
from editor.ui.wording import Wording

if TYPE_CHECKING:  # the window is painted before these are loaded
    from editor.ui.shell.palette import Provider, Tell

WIDTH, HEIGHT = 1440, 900


@dataclass(frozen=True, slots=True)
class DeskPlace:
    """A desk's place in the window. `make` is called when it is first opened; `action` is what opens it by key."""

    name: str
    title: Message
    icon: str
    action: str
    make: Callable[[], QWidget]
    scopes: Sequence[Scope] = ()
    low: bool = False


@runtime_checkable
class DeskFace(Protocol):
    """What the window may ask a desk."""

    def commands(self) -> Mapping[str, Callable[[], object]]:
        """The actions that can be taken now, by id: the palette lists them."""
        ...

    def arrive(self) -> None:
        """It was opened: focus goes where work is."""
        ...

    def settle(self) -> None:
        """Hand over what was typed: another desk opens, or the window closes."""
        ...


class MainWindow(QMainWindow):
    """The program's one window. GUI thread; owned by the composition root."""

    desk_opened = Signal(str)
    leaving = Signal()

    def __init__(self, look: Look, wording: Wording, keymap: Keymap, desks: Sequence[DeskPlace], *, memory: Memory,
                 commands: Mapping[str, Callable[[], object]] | None = None, providers: Sequence[Provider] = ()) -> None:
        """`commands` are the window-wide actions that the composition root carries out; `providers` answer the palette
        beside the actions."""
        super().__init__()
        self._wording = wording
        self._keymap = keymap
        self._memory = memory
        self._places = {place.name: place for place in desks}
        self._desks: dict[str, QWidget] = {}
        self._banners: dict[str, Banner] = {}
        self._look = look
        self.setWindowTitle("Redactie")
        self.rail = Rail(look, wording.tr("shell", "Desks"), self)
        self.status = StatusBar(look, self)
        self._stack = QStackedWidget(self)
        self._ground = QWidget(self)
        self._before: QWidget | None = None
        self._notices = QVBoxLayout()
        self._build()
        self._commands = {"window.palette": self.open_palette, "window.keys": self.open_keys,
                          "window.full": self.toggle_full, "window.quit": self.close,
                          **{place.action: self._opener(place.name) for place in desks}, **(commands or {})}
        keymap.bind(self, self._commands, everywhere=True)
        self._over = Over(look, wording, self._ground, (self._offer_actions, *providers), self._give_focus_back)
        recall_window(self, memory, look.px(WIDTH), look.px(HEIGHT))

    # --------------------------------------------------------------------------------------------------- desks

    def open_desk(self, name: str) -> QWidget:
        """Show a desk (made now if need be) and give it the keyboard."""
        self.settle()
        desk = self.desk(name)
        self._stack.setCurrentWidget(desk)
        self.rail.mark(name)
        self.status.show_facts(DeskFacts())
        if face := _face(desk):
            face.arrive()
        self._memory.keep("desk", name)
        self.desk_opened.emit(name)
        return desk

    def open_last_desk(self) -> None:
        """Show the desk that was open last, else the first."""
        last = self._memory.recall("desk")
        self.open_desk(last if last in self._places else next(iter(self._places)))

    def desk(self, name: str) -> QWidget:
        """A desk's widget; made when first asked for."""
        if name not in self._desks:
            self._desks[name] = self._places[name].make()
            self._stack.addWidget(self._desks[name])
        return self._desks[name]

    @property
    def current(self) -> str:
        """The open desk's name, "" before the first is opened."""
        shown = self._stack.currentWidget()
        return next((name for name, desk in self._desks.items() if desk is shown), "")

    # ------------------------------------------------------------------------------------------ what it is told

    def show_badge(self, desk: str, count: int, said: Message, *, urgent: bool = False) -> None:
        """Show on the rail what waits at a desk."""
        self.rail.show_badge(desk, count, self._wording.say(said), urgent=urgent)

    def show_facts(self, desk: str, facts: DeskFacts) -> None:
        """Show a desk's facts, if it is the open one."""
        if desk == self.current:
            self.status.show_facts(facts)

    def show_always(self, *facts: Fact) -> None:
        """Show facts that hold at every desk."""
        self.status.show_always(*facts)

    def show_connection(self, connection: Connection) -> None:
        """Show how the connection stands."""
        self.status.show_connection(connection)

    def show_notice(self, notice: Notice) -> None:
        """Show a notice above the desk; one of the same cause is replaced. The keyboard stays where it is."""
        self.drop_notice(notice.key)
        banner = Banner(self._look, notice, self._wording.tr("shell", "Close"), self)
        banner.closed.connect(self.drop_notice)
        self._banners[notice.key] = banner
        self._notices.addWidget(banner)
        order_tabs((self.rail, *self._banners.values(), self._stack, self.status))

    def has_notice(self, key: str) -> bool:
        """Whether a notice of that cause stands above the desk."""
        return key in self._banners

    def drop_notice(self, key: str) -> None:
        """Take a notice away, if it is there."""
        banner = self._banners.pop(key, None)
        if banner is not None:
            self._notices.removeWidget(banner)
            banner.hide()
            banner.deleteLater()

    # ------------------------------------------------------------------------------------------------ commands

    def open_palette(self) -> None:
        """Search actions and everything else."""
        self._before = self.focusWidget()
        self._over.palette.open()

    def open_keys(self) -> None:
        """Show the keys of the open desk and of the window."""
        self._before = self.focusWidget()
        place = self._places.get(self.current)
        self._over.open_keys(self._keymap, (*(place.scopes if place else ()), Scope.WINDOW))

    def toggle_full(self) -> None:
        """Nothing but the desk, on the whole screen; and back."""
        full = not self.isFullScreen()
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)
        for part in (self.rail, self.status):
            part.setVisible(not full)

    def settle(self) -> None:
        """Let the open desk hand over what was typed."""
        if face := _face(self._stack.currentWidget()):
            face.settle()

    # ------------------------------------------------------------------------------------------------ Qt's calls

    def closeEvent(self, event: QCloseEvent) -> None:
        self.settle()
        keep_window(self, self._memory)
        self.leaving.emit()
        super().closeEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._over.close()

    # -------------------------------------------------------------------------------------------------- private

    def _build(self) -> None:
        self.setCentralWidget(self._ground)
        rows, middle, right = QVBoxLayout(self._ground), QHBoxLayout(), QVBoxLayout()
        for layout in (rows, middle, right, self._notices):
            layout.setContentsMargins(0, 0, 0, 0)
            layout.setSpacing(0)
        right.addLayout(self._notices)
        right.addWidget(self._stack, 1)
        middle.addWidget(self.rail)
        middle.addLayout(right, 1)
        rows.addLayout(middle, 1)
        rows.addWidget(self.status)
        for place in self._places.values():
            self.rail.add(place.name, self._wording.say(place.title), place.icon, self._keymap.shown(place.action), low=place.low)
        self.rail.chosen.connect(self.open_desk)

    def _opener(self, name: str) -> Callable[[], object]:
        return lambda: self.open_desk(name)

    def _offer_actions(self, typed: str, tell: Tell) -> None:
        from editor.ui.shell.palette import Found, best

        face = _face(self._stack.currentWidget())
        ready = {**(face.commands() if face else {}), **self._commands}
        tell(best(typed, [
            Found(action.id, self._wording.say(action.title), ready[action.id], cap=self._keymap.shown(action.id))
            for action in self._keymap.actions() if action.id in ready and action.id != "window.palette"
        ]))

    def _give_focus_back(self) -> None:
        if self._before is not None:
            self._before.setFocus(Qt.FocusReason.OtherFocusReason)


def _face(desk: object) -> DeskFace | None:
    """The desk as the window may speak to it, if it has a face."""
    return desk if isinstance(desk, DeskFace) else None
