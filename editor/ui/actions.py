"""Every action of the program: its name, its words, its key, and where it works.

Palette, menus, tooltips, buttons' key caps and the keys sheet are built from this table. A new action is one row.
The person may change keys; the mapping (action → key) comes from the settings and goes into `Keymap`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from editor.base.messages import Message


class Scope(StrEnum):
    """Where a key works. A desk's keys work while that desk is shown, those of `TEXT` while one is writing."""

    WINDOW = "window"
    ARTICLES = "articles"
    TEXT = "text"
    TICKER = "ticker"
    REACTIONS = "reactions"
    SYNC = "sync"


SCOPE_TITLES: Mapping[Scope, Message] = {
    Scope.WINDOW: Message("shell", "Everywhere"),
    Scope.ARTICLES: Message("shell", "Articles"),
    Scope.TEXT: Message("shell", "While writing"),
    Scope.TICKER: Message("shell", "Ticker"),
    Scope.REACTIONS: Message("shell", "Reactions"),
    Scope.SYNC: Message("shell", "Sync"),
}
# A desk is shown inside the window, and text is written at the articles desk: their keys must differ.
OVERLAPS: Mapping[Scope, tuple[Scope, ...]] = {
    Scope.WINDOW: tuple(Scope),
    Scope.ARTICLES: (Scope.WINDOW, Scope.ARTICLES, Scope.TEXT),
    Scope.TEXT: (Scope.WINDOW, Scope.ARTICLES, Scope.TEXT),
    Scope.TICKER: (Scope.WINDOW, Scope.TICKER),
    Scope.REACTIONS: (Scope.WINDOW, Scope.REACTIONS),
    Scope.SYNC: (Scope.WINDOW, Scope.SYNC),
}


@dataclass(frozen=True, slots=True)
class Action:
    """One row. `keys` are Qt's portable names, the first one is shown; `when` limits a key to a condition in words."""

    id: str
    title: Message
    keys: tuple[str, ...]
    scope: Scope
    when: Message | None = None


W, A, X, T, R, S = Scope.WINDOW, Scope.ARTICLES, Scope.TEXT, Scope.TICKER, Scope.REACTIONS, Scope.SYNC
ACTIONS: tuple[Action, ...] = (
    Action("go.articles", Message("actions", "Go to Articles"), ("Alt+1",), W),
    Action("go.ticker", Message("actions", "Go to Ticker"), ("Alt+2",), W),
    Action("go.reactions", Message("actions", "Go to Reactions"), ("Alt+3",), W),
    Action("go.sync", Message("actions", "Go to Sync"), ("Alt+4",), W),
    Action("go.settings", Message("actions", "Settings"), ("Ctrl+,",), W),
    Action("window.palette", Message("actions", "Search everything"), ("Ctrl+K",), W),
    Action("window.keys", Message("actions", "Keys of this desk"), ("F1", "?"), W),
    Action("window.full", Message("actions", "Focus mode"), ("F11",), W),
    Action("window.larger", Message("actions", "Larger text"), ("Ctrl++", "Ctrl+="), W),
    Action("window.smaller", Message("actions", "Smaller text"), ("Ctrl+-",), W),
    Action("window.usual", Message("actions", "Text at its usual size"), ("Ctrl+0",), W),
    Action("window.quit", Message("actions", "Quit"), ("Ctrl+Q",), W),
    Action("sync.now", Message("actions", "Send and fetch now"), ("Ctrl+Shift+S",), W),
    Action("sync.reading", Message("actions", "Stop the first fetching, or go on with it"), (), W),
    Action("article.new", Message("actions", "New article"), ("Ctrl+N",), A),
    Action("article.search", Message("actions", "Search the articles"), ("Ctrl+Shift+F",), A),
    Action("article.step", Message("actions", "Take the next step"), ("Ctrl+Return",), A),
    Action("article.steps", Message("actions", "All steps…"), ("Ctrl+Shift+Return",), A),
    Action("article.version", Message("actions", "Keep this version…"), ("Ctrl+S",), A),
    Action("article.tab1", Message("actions", "Preview"), ("Ctrl+1",), A),
    Action("article.tab2", Message("actions", "Properties"), ("Ctrl+2",), A),
    Action("article.tab4", Message("actions", "Versions"), ("Ctrl+4",), A),
    Action("article.find", Message("actions", "Find and replace"), ("Ctrl+F",), A),
    Action("article.previous", Message("actions", "Previous article"), ("Alt+Up",), A),
    Action("article.next", Message("actions", "Next article"), ("Alt+Down",), A),
    Action("article.browser", Message("actions", "Look at it in a browser"), ("Ctrl+Shift+B",), A),
    Action("article.typewriter", Message("actions", "Keep the line in the middle"), ("Ctrl+Shift+T",), A),
    Action("article.undo", Message("actions", "Undo"), ("Ctrl+Z",), A),
    Action("text.bold", Message("actions", "Bold"), ("Ctrl+B",), X),
    Action("text.italic", Message("actions", "Italic"), ("Ctrl+I",), X),
    Action("text.link", Message("actions", "Link"), ("Ctrl+Shift+K",), X),
    Action("text.heading", Message("actions", "Subhead"), ("Ctrl+Shift+H",), X),
    Action("ticker.new", Message("actions", "New line"), ("N",), T),
    Action("ticker.from_article", Message("actions", "New line from an article…"), ("Shift+N",), T),
    Action("ticker.breaking", Message("actions", "Breaking on or off"), ("B",), T),
    Action("ticker.edit", Message("actions", "Edit the line"), ("F2",), T),
    Action("ticker.plan", Message("actions", "Save and plan"), ("Ctrl+Return",), T),
    Action("ticker.save", Message("actions", "Save as a draft"), ("Ctrl+S",), T),
    Action("ticker.pin", Message("actions", "Pin"), ("P",), T),
    Action("ticker.earlier", Message("actions", "One minute earlier"), ("Alt+Up",), T),
    Action("ticker.later", Message("actions", "One minute later"), ("Alt+Down",), T),
    Action("ticker.much_earlier", Message("actions", "A quarter of an hour earlier"), ("Alt+Shift+Up",), T),
    Action("ticker.much_later", Message("actions", "A quarter of an hour later"), ("Alt+Shift+Down",), T),
    Action("ticker.day_earlier", Message("actions", "A day earlier"), ("Ctrl+Alt+Up",), T),
    Action("ticker.day_later", Message("actions", "A day later"), ("Ctrl+Alt+Down",), T),
    Action("ticker.free", Message("actions", "Next free moment"), ("V",), T),
    Action("ticker.now", Message("actions", "To the present"), ("T",), T),
    Action("ticker.go_to", Message("actions", "Go to a time…"), ("G",), T),
    Action("ticker.publish", Message("actions", "Publish now"), ("L",), T),
    Action("ticker.withdraw", Message("actions", "Withdraw"), ("Del",), T),
    Action("ticker.copy", Message("actions", "Duplicate"), ("Ctrl+D",), T),
    Action("ticker.preview", Message("actions", "The list at the chosen time"), ("Space",), T),
    Action("ticker.gap_before", Message("actions", "Previous gap"), ("[",), T),
    Action("ticker.gap_after", Message("actions", "Next gap"), ("]",), T),
    Action("ticker.warnings", Message("actions", "Next warning"), ("W",), T),
    Action("ticker.empty", Message("actions", "Empty the ticker…"), ("Ctrl+Shift+P",), T),
    Action("ticker.article", Message("actions", "Open its article"), ("O",), T),
    Action("ticker.search", Message("actions", "Search the ticker"), ("/",), T),
    Action("ticker.undo", Message("actions", "Undo"), ("Ctrl+Z",), T),
    Action("reaction.next", Message("actions", "Next reaction"), ("J", "Down"), R),
    Action("reaction.previous", Message("actions", "Previous reaction"), ("K", "Up"), R),
    Action("reaction.approve", Message("actions", "Approve"), ("A",), R),
    *(
        Action(f"reaction.reject{digit}", Message("actions", "Reject for reason {digit}", {"digit": digit}), (str(digit),), R)
        for digit in (1, 2, 3, 4, 5, 6, 7, 8, 9, 0)
    ),
    Action("reaction.reason", Message("actions", "Choose a reason"), ("D",), R),
    Action("reaction.spam", Message("actions", "Spam"), ("S",), R),
    Action("reaction.later", Message("actions", "Later"), ("H",), R),
    Action("reaction.escalate", Message("actions", "Escalate"), ("E",), R),
    Action("reaction.requeue", Message("actions", "Back to the queue"), ("U",), R),
    Action("reaction.undo", Message("actions", "Undo"), ("Z", "Ctrl+Z"), R),
    Action("reaction.repeat", Message("actions", "Repeat the last decision"), (".",), R),
    Action("reaction.select", Message("actions", "Select"), ("X",), R),
    Action("reaction.select_down", Message("actions", "Select downwards"), ("Shift+J",), R),
    Action("reaction.select_up", Message("actions", "Select upwards"), ("Shift+K",), R),
    Action("reaction.approve_all", Message("actions", "Approve the selected"), ("Shift+A",), R),
    Action("reaction.spam_all", Message("actions", "The selected are spam"), ("Shift+S",), R),
    Action("reaction.reject_all", Message("actions", "Reject the selected…"), ("Shift+D",), R),
    Action("reaction.card", Message("actions", "One card at a time"), ("Return",), R),
    Action("reaction.article", Message("actions", "Open its article"), ("O",), R),
    Action("reaction.queue1", Message("reactions_desk", "To judge"), ("Ctrl+1",), R),
    Action("reaction.queue2", Message("reactions_desk", "Reported"), ("Ctrl+2",), R),
    Action("reaction.queue3", Message("reactions_desk", "Escalated"), ("Ctrl+3",), R),
    Action("reaction.queue4", Message("reactions_desk", "Later"), ("Ctrl+4",), R),
    Action("reaction.queue5", Message("reactions_desk", "Done"), ("Ctrl+5",), R),
    Action("reaction.queue6", Message("reactions_desk", "Conflicts"), ("Ctrl+6",), R),
    Action("reaction.top", Message("actions", "To the top"), ("Home",), R),
    Action("reaction.search", Message("actions", "Search the reactions"), ("/", "Ctrl+F"), R),
    Action("reaction.fetch", Message("actions", "Show the new ones"), ("F5",), R),
    Action("sync.retry", Message("actions", "Try again now"), ("F5",), S),
    Action("sync.undo", Message("actions", "Undo"), ("Ctrl+Z",), S),
    Action("sync.mine", Message("actions", "Keep mine"), ("1",), S),
    Action("sync.server", Message("actions", "Keep the server's"), ("2",), S),
    Action("sync.both", Message("actions", "Keep both"), ("3",), S),
    Action("sync.edit", Message("actions", "Edit"), ("E",), S),
)


class Keymap:
    """The actions with the keys that hold for this person."""

    def __init__(self, changed: Mapping[str, str] | None = None, actions: Iterable[Action] = ACTIONS) -> None:
        """`changed` maps an action's id to another key, or to "" for none. Unknown ids are passed over."""
        self._actions = {action.id: action for action in actions}
        self._keys = {action.id: action.keys for action in self._actions.values()}
        for name, key in (changed or {}).items():
            if name in self._keys:
                self._keys[name] = (key,) if key else ()

    def actions(self, *scopes: Scope) -> tuple[Action, ...]:
        """The actions of these scopes, in the table's order; of all without any."""
        return tuple(action for action in self._actions.values() if not scopes or action.scope in scopes)

    def action(self, name: str) -> Action:
        """The row of that name. Raises `KeyError`."""
        return self._actions[name]

    def keys(self, name: str) -> tuple[str, ...]:
        """Qt's names of the action's keys."""
        return self._keys[name]

    def shown(self, name: str) -> str:
        """The action's first key as a key cap says it, or ""."""
        keys = self._keys.get(name, ())
        return shown_key(keys[0]) if keys else ""

    def clashes(self) -> tuple[tuple[str, str, str], ...]:
        """(key, action, action) wherever one key would mean two things."""
        found = []
        actions = list(self._actions.values())
        for number, one in enumerate(actions):
            for other in actions[number + 1 :]:
                if other.scope in OVERLAPS[one.scope]:
                    common = {*map(_normal, self._keys[one.id])} & {*map(_normal, self._keys[other.id])}
                    found += [(key, one.id, other.id) for key in sorted(common)]
        return tuple(found)

    def bind(self, widget: QWidget, commands: Mapping[str, Callable[[], object]], *, everywhere: bool = False) -> None:
        """Let the keys of these actions call them while `widget` or something in it has focus, or `everywhere` in its
        window."""
        context = Qt.ShortcutContext.WindowShortcut if everywhere else Qt.ShortcutContext.WidgetWithChildrenShortcut
        for name, command in commands.items():
            for key in self._keys[name]:
                shortcut = QShortcut(QKeySequence(key), widget)
                shortcut.setContext(context)
                shortcut.activated.connect(command)


SHOWN = {
    "Return": "⏎", "Enter": "⏎", "Up": "↑", "Down": "↓", "Left": "←", "Right": "→", "Del": "Del", "Space": "Space",
}  # fmt: skip


def shown_key(key: str) -> str:
    """A key as a key cap says it: `Ctrl+Return` is `Ctrl ⏎`."""
    parts = key.replace("++", "+Plus").split("+")
    return " ".join("+" if part == "Plus" else SHOWN.get(part, part) for part in parts)


def _normal(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
