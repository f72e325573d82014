"""Which desks there are, and how each is made once a profile is open. A new desk is one row and one maker.

The makers import their desk when they are called: what a desk needs is loaded after the window stands.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from editor.base.messages import Message
from editor.ui.actions import Keymap, Scope
from editor.ui.desk_holder import Making
from editor.ui.parts import CheckUp
from editor.ui.shell.places import Memory
from editor.ui.theme.look import Look
from editor.ui.wording import Wording

if TYPE_CHECKING:  # the window is painted before these are loaded
    from editor.base.clock import Clock
    from editor.runtime.sync_runner import SyncFacts
    from editor.runtime.workers import Door

LAST_ARTICLE, LAST_CURSOR = "article", "cursor"


@dataclass(frozen=True, slots=True)
class DeskTools:
    """What every desk is given."""

    door: Door
    wording: Wording
    look: Look
    keymap: Keymap
    clock: Clock
    sync_now: Callable[[], None]
    open_item: Callable[[str, str], None]  # kind, id
    facts: Callable[[], SyncFacts | None]  # how sync stands now, None before it was heard
    memory: Memory
    connect: Callable[[], None]  # to where address and token are given
    check_up: CheckUp  # as `Opened` has it, but told on the GUI thread
    turn_reading: Callable[[], None]  # stops a first reading, or goes on with it


@dataclass(frozen=True, slots=True)
class DeskPlan:
    """A desk's place on the rail."""

    name: str
    title: Message
    icon: str
    action: str
    scopes: Sequence[Scope]
    low: bool = False


DESKS: tuple[DeskPlan, ...] = (
    DeskPlan("articles", Message("application", "Articles"), "pen", "go.articles", (Scope.ARTICLES, Scope.TEXT)),
    DeskPlan("ticker", Message("application", "Ticker"), "ticker", "go.ticker", (Scope.TICKER,)),
    DeskPlan("reactions", Message("application", "Reactions"), "speech", "go.reactions", (Scope.REACTIONS,)),
    DeskPlan("sync", Message("application", "Sync"), "sync", "go.sync", (Scope.SYNC,), low=True),
)


def load_desk(name: str) -> None:
    """Load what a desk is made of. Takes a while: on a thread, so that making the desk does not hold the window up."""
    if name == "articles":
        import editor.ui.articles.desk
    elif name == "ticker":
        import editor.ui.ticker.desk
    elif name == "reactions":
        import editor.ui.reactions.desk
    elif name == "sync":
        import editor.ui.sync.desk
    import editor.ui.attention  # noqa: F401 - loaded, not used


def make_desk(name: str, tools: DeskTools) -> Making:
    """The desk of that name in the making; made, it reads what it shows through the door."""
    if name == "articles":
        yield from _articles(tools)
    else:
        yield {"ticker": _ticker, "reactions": _reactions, "sync": _sync}[name](tools)


def _articles(tools: DeskTools) -> Making:
    from PySide6.QtGui import QDesktopServices

    from editor.ui.articles.browsing import Browsing
    from editor.ui.articles.desk import ArticlesDesk
    from editor.ui.articles.desk_parts import parts_in_steps

    browsing = Browsing(tools.door, tools.clock, QDesktopServices.openUrl)
    making = parts_in_steps(tools.door, tools.wording, tools.look, tools.keymap, tools.clock)
    while (parts := next(making)) is None:
        yield None
    yield None
    desk = ArticlesDesk(tools.door, tools.wording, tools.look, tools.keymap, tools.clock, parts=parts,
                        look_in_browser=lambda article_id: browsing.open(article_id, desk.refuse))
    last = tools.memory.recall(LAST_ARTICLE)
    if last:
        article_id, _, cursor = tools.memory.recall(LAST_CURSOR).partition(" ")
        if article_id == last and cursor.isdecimal():
            desk.writing.expect_place(last, int(cursor))
        desk.open_item(last)
    desk.opened.connect(lambda article_id: tools.memory.keep(LAST_ARTICLE, article_id))
    desk.left.connect(lambda article_id, cursor: tools.memory.keep(LAST_CURSOR, f"{article_id} {cursor}"))
    yield desk


def _ticker(tools: DeskTools) -> QWidget:
    from editor.ui.ticker.desk import TickerDesk

    desk = TickerDesk(tools.door, tools.wording, tools.look, tools.keymap, tools.clock)
    desk.article_wanted.connect(lambda article_id: tools.open_item("article", article_id))
    return desk


def _reactions(tools: DeskTools) -> QWidget:
    from editor.ui.reactions.desk import ReactionsDesk

    desk = ReactionsDesk(tools.door, tools.wording, tools.look, tools.keymap, tools.clock)
    desk.article_wanted.connect(lambda article_id: tools.open_item("article", article_id))
    return desk


def _sync(tools: DeskTools) -> QWidget:
    from editor.ui.sync.desk import SyncDesk

    desk = SyncDesk(tools.door, tools.wording, tools.look, tools.keymap, tools.clock, sync_now=tools.sync_now,
                    open_item=tools.open_item, connect=tools.connect, check_up=tools.check_up, turn_reading=tools.turn_reading)
    facts = tools.facts()
    if facts is not None:
        desk.set_facts(facts)
    return desk
