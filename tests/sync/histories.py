"""Random histories of a newsroom: people who type, decide, go offline and die, over a network that does its worst.

`acts_*.py` hold what may happen, `ledger.py` writes down what people did, `watching.py` and `desk_side.py` look on at
every contact, `checks.py` holds the end of a history against it. One seed is one history.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from editor.base.errors import EditorError
from editor.desk.ports import ConflictRow, Entity
from editor.domain.documents import article_document
from editor.domain.people import Right
from editor.runtime.sync_runner import SyncRunner
from editor.sync.backend import EpochChanged, NoAnswer
from tests.sync.desk_side import DeskWatch, beside, durable, nothing_is_lost, sealed_on_disk
from tests.sync.faults import Fault, Killed
from tests.sync.ledger import Ledger, tokens
from tests.sync.newsroom import Desk, Newsroom
from tests.sync.quick import InlineDoor
from tests.sync.server_side import Ability, PressSide, ServerSide
from tests.sync.watching import Watch

CREW = {"anna": ("journalist", "editor", "moderator"), "bram": ("journalist", "editor", "senior"),
        "cara": ("journalist", "moderator"), "dora": ("journalist", "editor", "moderator")}
FAULTS = [Fault.NONE] * 12 + [f for f in Fault if f is not Fault.NONE] + [Fault.LOST_ANSWER] * 2
MOST_ROUNDS = 12


@dataclass
class Person:
    """Somebody at a desk, with the article that stands open in the editor."""

    name: str
    desk: Desk
    watch: DeskWatch
    runner: Window
    open_id: str = ""
    version: int = 0
    started_from: Mapping[str, Any] = field(default_factory=dict)
    holds: set[str] = field(default_factory=set)  # words at this desk when it was looked at last


class Window(SyncRunner):
    """An open window's engine: it fetches what the notices told of, and now and then without being told.

    `heads` are the server's; the thread that waits for them is all that is left out.
    """

    def listen(self, heads: Callable[[], Mapping[str, int]], polls: Callable[[], bool]) -> Window:
        """From now on it knows at once what moved."""
        fetch, seen = self._fetcher.fetch, self._fetcher.heads

        def fetch_news(stream: str) -> int:
            if seen.get(stream) == str(heads().get(stream, 0)) and not polls():
                return 0
            return fetch(stream)

        self._fetcher.fetch = fetch_news  # type: ignore[method-assign]
        return self

    def forget_heads(self) -> None:
        """Another history's numbers say nothing of this one's."""
        self._fetcher.heads.clear()

    def push_alone(self) -> bool:
        """What is ready leaves; nothing is fetched. False when the server turned out to have another history."""
        return self._alone(lambda: self._push(force=True))

    def fetch_alone(self) -> bool:
        """What is new is fetched; nothing leaves. False when the server turned out to have another history."""
        return self._alone(lambda: self._fetcher.fetch("content"))

    def _alone(self, act: Callable[[], object]) -> bool:
        try:
            self._greet()
            act()
        except NoAnswer:
            return True
        except EpochChanged:
            self._begin_another_history()
            return False
        return True


Act = Callable[["History", Person], None]


class History:
    """One seeded history. `newsroom` makes the newsroom that it happens in, `side` looks at that one's server."""

    def __init__(self, seed: int, folder: Path, newsroom: Callable[[Path], Newsroom],
                 side: Callable[[Any], ServerSide] = PressSide) -> None:
        self.dice = random.Random(seed)
        self.newsroom = newsroom(folder)
        self.server = side(self.newsroom)
        self.ledger = Ledger()
        self.log: list[str] = []
        self.steps = 0
        self.watch = Watch(self)
        self.people: list[Person] = []
        for name in list(CREW)[:self.dice.choice((2, 3))]:
            self.join(name)

    def close(self) -> None:
        """Take everything down."""
        self.newsroom.close()

    def can(self, *abilities: Ability) -> bool:
        """Whether the server has all of these."""
        return self.server.can.issuperset(abilities)

    # ------------------------------------------------------------------------------------------------------ the loop
    def run(self, steps: int, acts: Sequence[tuple[Act, int]]) -> None:
        """Let that many things happen: somebody does something, a desk syncs, an accident."""
        names, weights = zip(*acts, strict=True)
        while self.steps < steps:
            person = self.dice.choice(self.people)
            act = self.dice.choices(names, weights)[0]
            self.do(person, act)

    def do(self, person: Person, act: Act) -> None:
        """Let one thing happen; a refusal with a sentence is no fault."""
        self.steps += 1
        self.log.append(f"{person.name}: {act.__name__}")
        self.ledger.did[f"tried to {act.__name__}"] += 1
        try:
            act(self, person)
            self.ledger.did[act.__name__] += 1
        except EditorError as refusal:
            self.log.append(f"    refused: {refusal.kind}")

    def join(self, name: str) -> Person:
        """Somebody comes to work; his desk knows nothing yet."""
        desk = self.newsroom.desk(name, *CREW[name])
        person = Person(name, desk, DeskWatch(self.watch, desk), self.window(desk))
        desk.network.speaks_for = name
        desk.network.on_leaving = lambda op: self.watch.leaves(
            name, desk.network.speaks_for, sealed_on_disk(desk, op.op_id), op)
        desk.network.on_arrival = self.watch.look
        self.people.append(person)
        return person

    def one_who_may(self, right: Right, *, but: Person | None = None) -> Person | None:
        """Somebody with that right, at a desk whose network is not cut."""
        able = [one for one in self.people if one is not but and not one.desk.network.cut
                and one.desk.door.read_now(lambda reader: reader.actor()).may(right)]
        return self.dice.choice(able) if able else None

    # ---------------------------------------------------------------------------------------------------- the network
    def sync(self, person: Person) -> None:
        """One round of an open window's engine, or a whole sync; with whatever befalls it."""
        network, door = person.desk.network, person.desk.door
        for _ in range(self.dice.randint(0, 5)):
            network.coming.append(self.dice.choice(FAULTS))
        if isinstance(door, InlineDoor) and self.dice.random() < 0.08:
            door.lives, door.dies_inside = self.dice.randint(0, 12), self.dice.random() < 0.5
        try:
            if self.dice.random() < 0.2:
                person.desk.sync()
            else:
                self.round(person, force=self.dice.random() < 0.6)
        except Killed:
            self.log.append("    killed")
            self.kill(person)
        finally:
            network.coming.clear()
            if isinstance(person.desk.door, InlineDoor):
                person.desk.door.lives = None
        self.look(person)

    def window(self, desk: Desk) -> Window:
        """The engine of one session."""
        made = Window(desk.door, desk.network, self.newsroom.clock, chance=lambda: 0.0)
        return made.listen(self.server.heads, lambda: self.dice.random() < 0.1)

    def round(self, person: Person, *, force: bool = True) -> int:
        """One round; how much moved."""
        self.steps += 1
        pushed, pulled = person.runner._round(force=force)
        return pushed + pulled

    def look(self, *people: Person) -> None:
        """Hold the server and these desks against what must be."""
        self.watch.look()
        for person in people:
            person.watch.look()
            nothing_is_lost(self, person)

    def kill(self, person: Person) -> None:
        """The workstation dies and starts again: it finds what it had committed, all of it and nothing else."""
        before = durable(person.desk)
        person.desk.crash()
        assert durable(person.desk) == before, f"{person.name}'s desk found something else after it was killed"
        self.ledger.tried["15 crashes"] += 1
        self.opened(person)

    def opened(self, person: Person) -> None:
        """The desk has started: another engine, and nothing stands open in the editor."""
        person.open_id = ""
        person.runner = self.window(person.desk)

    def quiet(self, *people: Person) -> int:
        """Everybody syncs over a good network until nothing moves any more; in how many rounds."""
        for number in range(MOST_ROUNDS):
            moved = sum(self.round(person) for person in people or self.people)
            if moved == 0:
                self.look(*(people or self.people))
                return number
        moved_by = {person.name: self.round(person) for person in people or self.people}
        raise AssertionError(f"no end of syncing after {MOST_ROUNDS} rounds: {moved_by}")

    # ---------------------------------------------------------------------------------------------------------- looking
    def articles(self, person: Person, *, deleted: bool = False) -> list[str]:
        """What the library of that desk shows, or its bin."""
        with beside(person.desk) as tables:
            return [one for (one,) in tables.execute(
                "SELECT id FROM article WHERE deleted = ? ORDER BY saved_at, rid", (int(deleted),))]

    def open(self, person: Person, article_id: str) -> None:
        """That article, in the editor, where that desk has it."""
        if article_id in self.articles(person):
            view = person.desk.view(article_id)
            person.open_id, person.version = article_id, view.version
            person.started_from = article_document(view.article)

    def entity(self, person: Person, kind: str, entity_id: str) -> Entity | None:
        """A row of that desk."""
        return person.desk.door.read_now(lambda reader: reader.entity(kind, entity_id))

    def asked_about(self, entity_id: str) -> set[str]:
        """Every word that a card of some desk is or was about."""
        found: set[str] = set()
        for person in self.people:
            with beside(person.desk) as tables:
                found |= tokens(tables.execute("SELECT base, mine, theirs FROM conflict WHERE entity_id = ?",
                                               (entity_id,)).fetchall())
        return found

    def cards(self) -> list[tuple[Person, ConflictRow]]:
        """Every open card."""
        return [(person, card) for person in self.people for card in person.desk.cards()]
