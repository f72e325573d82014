"""What the articles desk is made of: two hundred widgets, made in steps that each leave the event loop its turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from editor.base.clock import Clock
from editor.runtime.workers import Door
from editor.ui.actions import Keymap
from editor.ui.articles.head import HeadFields, Limits
from editor.ui.articles.library import Library
from editor.ui.articles.panel import PROPERTIES, VERSIONS, ArticlesPanel
from editor.ui.articles.properties import Properties
from editor.ui.articles.versions import VersionsPanel
from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker, QtAlarm
from editor.ui.wording import Wording


@dataclass(frozen=True, slots=True)
class DeskParts:
    """The panel with its pages, not yet shown anything."""

    panel: ArticlesPanel
    properties: Properties
    versions: VersionsPanel


def parts_in_steps(door: Door, wording: Wording, look: Look, keymap: Keymap, clock: Clock,
                   alarm: AlarmMaker = QtAlarm) -> Iterator[DeskParts | None]:
    """Make them; each step takes a frame at most, and the last one gives them. GUI thread."""
    library = Library(look, wording, keymap, make_alarm=alarm)
    yield None
    head = HeadFields(look, wording, Limits())
    yield None
    panel = ArticlesPanel(look, wording, keymap, library=library, head=head, make_alarm=alarm)
    yield None
    properties, versions = Properties(look, wording, alarm, clock.now), VersionsPanel(door, look, wording)
    for tab, page in ((PROPERTIES, properties), (VERSIONS, versions)):
        panel.add_page(tab, page)
    yield DeskParts(panel, properties, versions)


def parts_at_once(door: Door, wording: Wording, look: Look, keymap: Keymap, clock: Clock, alarm: AlarmMaker) -> DeskParts:
    """The same without leaving anybody a turn."""
    *_, parts = parts_in_steps(door, wording, look, keymap, clock, alarm)
    assert parts is not None
    return parts
