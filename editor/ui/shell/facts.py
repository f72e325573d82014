"""The facts at the bottom of the window: what is saved, sent and live, and how the connection stands. No Qt in here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from editor.ui.theme.tokens import Tone
from editor.ui.wording import Wording

if TYPE_CHECKING:  # the window is painted before these are loaded
    from datetime import datetime

    from editor.ui.widgets.banner import Way
    from editor.ui.widgets.instants import Instants


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact in words. `tone` only where something will not go out; the words say it anyway."""

    words: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class DeskFacts:
    """What the open desk says of itself: left of what it holds, right how much it is."""

    left: Sequence[Fact] = ()
    right: Sequence[Fact] = ()


@dataclass(frozen=True, slots=True)
class Connection:
    """How the connection stands, in a word; offline is a state, not a fault. `way` is what can be done about it."""

    words: str
    tone: Tone = Tone.LIVE
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """The three times of one item."""

    saved_at: datetime | None
    sent_at: datetime | None = None
    live_at: datetime | None = None
    live_differs: bool = False
    stuck: str = ""  # why it will not go out, said already
    planned_at: datetime | None = None  # what stands ready on the server
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Size:
    """How much text there is."""

    words: int
    minutes: int
    more: Sequence[str] = field(default_factory=tuple)


def standing_facts(standing: Standing, wording: Wording, instants: Instants, now: datetime) -> tuple[Fact, ...]:
    """Saved on this computer, sent, live: three times of one item, each a fact."""
    facts = []
    if standing.saved_at is not None:
        facts.append(Fact(wording.tr("shell", "Saved on this computer {time}",
                                     time=instants.clock(standing.saved_at, seconds=True))))
    if standing.stuck:
        facts.append(Fact(standing.stuck, Tone.ERROR))
    elif standing.sent_at is None:
        facts.append(Fact(wording.tr("shell", "not sent yet")))
    else:
        facts.append(Fact(wording.tr("shell", "sent {time}", time=instants.near(standing.sent_at, now))))
    return (*facts, *_public_facts(standing, wording, instants, now))


def _public_facts(standing: Standing, wording: Wording, instants: Instants, now: datetime) -> list[Fact]:
    """What readers see, and what they will see."""
    found = []
    if standing.live_at is not None and standing.live_differs:
        found.append(Fact(wording.tr("shell", "live {time}, differs", time=instants.near(standing.live_at, now)), Tone.READY))
    elif standing.live_at is not None:
        found.append(Fact(wording.tr("shell", "live {time}", time=instants.near(standing.live_at, now))))
    elif standing.withdrawn_at is not None:
        found.append(Fact(wording.tr("shell", "withdrawn {time}", time=instants.near(standing.withdrawn_at, now))))
    elif standing.planned_at is None:
        found.append(Fact(wording.tr("shell", "not live yet")))
    if standing.planned_at is not None:
        found.append(Fact(wording.tr("shell", "planned {time}", time=instants.near(standing.planned_at, now))))
    return found


def size_fact(size: Size, wording: Wording) -> Fact:
    """Words and reading time in one fact."""
    parts = [wording.tr("shell", "one word|{n} words", n=size.words),
             wording.tr("shell", "{n} min", n=size.minutes), *size.more]
    return Fact(" · ".join(parts))
