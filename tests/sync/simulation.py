"""Playing random histories: one of them from its seed, or many by some processes, with a record of what was played."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sync import acts_lines, acts_network, acts_reactions, acts_server, acts_steps, acts_texts
from tests.sync.checks import all_is_well
from tests.sync.healing import heal
from tests.sync.histories import Act, History
from tests.sync.newsroom import Newsroom
from tests.sync.quick import chance
from tests.sync.server_side import Ability, PressSide, ServerSide

STEPS = 200


@dataclass
class Tally:
    """What happened in some histories."""

    histories: int = 0
    steps: int = 0
    edits: int = 0
    kills: int = 0
    faults: int = 0
    did: Counter[str] = field(default_factory=Counter)
    tried: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        """Count these too."""
        self.histories, self.steps, self.edits = (
            self.histories + other.histories, self.steps + other.steps, self.edits + other.edits)
        self.kills, self.faults = self.kills + other.kills, self.faults + other.faults
        self.did += other.did
        self.tried += other.tried


class Violation(Exception):
    """A history in which something does not hold; its words are the script that plays it again."""


def acts_for(history: History) -> list[tuple[Act, int]]:
    """What may happen, by what the server can. Some histories have no accidents of the rare kinds, so that what those
    would blur is claimed there."""
    acts = [*acts_texts.ACTS, *acts_network.ACTS, *acts_server.NEWCOMERS]
    for abilities, more in (((Ability.STEPS,), (*acts_steps.ACTS, *acts_texts.EMBARGOES)), ((Ability.LINES,), acts_lines.ACTS),
                            ((Ability.READERS, Ability.STEPS), acts_reactions.ACTS), ((Ability.CRASHES,), acts_server.CRASHES),
                            ((Ability.NUMBERED,), acts_network.LOGINS)):
        if history.can(*abilities):
            acts += more
    if history.can(Ability.ERASURE) and history.dice.random() < 0.5:
        acts += acts_server.ERASURE
    if history.can(Ability.BACKUPS) and history.dice.random() < 0.25:
        acts += acts_server.BACKUPS
    return acts


def play(seed: int, folder: Path, newsroom: Callable[[Path], Newsroom], steps: int = STEPS, *,
         side: Callable[[Any], ServerSide] = PressSide) -> Tally:
    """One history over press, healed and checked. Raises `Violation`."""
    return play_history(lambda: History(seed, folder, newsroom, side), seed, steps)


def play_history(make: Callable[[], History], seed: int, steps: int = STEPS, *,
                 acts: Callable[[History], list[tuple[Act, int]]] = acts_for) -> Tally:
    """The history that `make` makes, healed and checked. Raises `Violation`."""
    with chance(seed):
        history = make()
        try:
            acts_texts.new_article(history, history.people[0])
            history.quiet()
            if history.can(Ability.STEPS) and history.dice.random() < 0.7:
                acts_steps.begin_public(history)
            history.run(steps, acts(history))
            history.log.append("healing")
            heal(history)
            all_is_well(history)
        except Exception as error:
            raise Violation(_script(seed, steps, history, error)) from error
        finally:
            history.close()
    return _tally(history)


def _script(seed: int, steps: int, history: History, error: Exception) -> str:
    return "\n".join((f"seed {seed}, {len(history.log)} of {steps} steps: {type(error).__name__}: {error}",
                      f"again: python -m pytest tests/sync/test_campaign.py --seed {seed} --steps {steps}", *history.log))


def _tally(history: History) -> Tally:
    ledger = history.ledger
    faults = sum(times for person in history.people for fault, times in person.desk.network.counts.items()
                 if fault.name != "NONE")
    return Tally(1, history.steps, sum(map(len, ledger.written.values())),
                 ledger.tried["15 crashes"] + ledger.tried["15 server crashes"], faults, ledger.did, ledger.tried)
