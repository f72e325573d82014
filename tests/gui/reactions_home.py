"""A real profile with reactions as the server gave them, for the tests of the reactions' desk."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from editor.base.clock import FixedClock
from editor.base.ids import new_id
from editor.desk.ports import UnitOfWork
from editor.desk.pulling import take_reaction, take_state
from editor.domain.article import Article, Status
from editor.domain.changes import Outcome
from editor.domain.documents import article_document, reaction_document
from editor.domain.people import Actor, Role
from editor.domain.publication import Publication, PublicationKind
from editor.domain.reaction import Decision, Dispute, Escalation, Reaction, ReactionStatus, Verb, text_hash
from editor.runtime.bus import Bus
from editor.runtime.workers import Door
from editor.store.profile import open_profile
from editor.sync.backend import RemoteDoc
from editor.ui.bridge import Bridge

NOW = datetime(2026, 11, 24, 11, 45, tzinfo=UTC)
ME, OTHER = "u-samira", "u-joris"
READERS = (
    ("Fatima B.", "Goed stuk. Wie betaalt eigenlijk de weg naar de wijk toe?", 30),
    ("Ronnie", "Bel mij maar, dan leg ik het die wethouder wel uit: 06-12345678 en anders weet ik haar te vinden.", 31),
    ("J. de Vries", "Weer starters voor. Wij staan negen jaar ingeschreven, maar ja.", 31),
    ("prijsknaller", "KOOP NU GOEDKOPE SLOTEN OP slot-outlet.example EN KRIJG KORTING", 33),
    ("Lasser1971", "Ben benieuwd of het staal echt op tijd is. Bij ons op de werf wachten we sinds juni op platen.", 34),
    ("Annelies", "Dit klopt niet, het waren er geen tachtig maar zestig. Staat ook in het raadsstuk.", 36),
    ("kees", "haha ja hoor voor pasen, welk jaar", 36),
    ("Wouter Gent", "Mooi dat fabriekswoningen eindelijk mogen. In Gent staan ze al lang.", 38),
    ("grote_klok", "Zelfde tekst als bij het vorige artikel", 39),
)


class ReactionsHome:
    """The open profile, its door, its clock, and the readers' reactions by their author."""

    def __init__(self, door: Door, clock: FixedClock) -> None:
        self.door = door
        self.clock = clock
        self.article_id = new_id()
        self.ids: dict[str, str] = {}
        self._n = 0

    def fill(self, *roles: Role) -> None:
        """The queue of the design, for somebody with these roles (a moderator, when none is named)."""
        def make(work: UnitOfWork) -> Outcome[None]:
            work.profile.set_actor(Actor(ME, "Samira", frozenset(roles or (Role.MODERATOR,))))
            take_state(work, RemoteDoc(self.article_id, "article", "1-0123456789ab", article_document(Article(
                self.article_id, headline="Gemeente wil vaart achter de deur bij nieuwe wijk", reactions_mode="open",
                lead="Volgend voorjaar moeten de eerste bewoners van de Oosterkade hun sleutel krijgen.",
                status=Status.PUBLISHED, live=(Publication("1-abc", "h", NOW - timedelta(minutes=59),
                                                           PublicationKind.FIRST, OTHER),)))))
            for author, text, minute in READERS:
                self.arrive(work, author, text, minute, parent="Fatima B." if author == "Ronnie" else "")
            return Outcome(None, work.changes())
        self.door.change_now(make)

    def arrive(self, work: UnitOfWork, author: str, text: str, minute: int = 40, *, parent: str = "",
               **more: Any) -> Reaction:
        """One reaction comes in (or comes in changed)."""
        self._n += 1
        one = self.ids.setdefault(author, new_id())
        parent_id = self.ids.get(parent, "")
        reaction = replace(Reaction(one, self.article_id, self._n, author, text,
                                    text_hash(text, author, parent_id, self.article_id),
                                    datetime(2026, 11, 24, 11, 0, tzinfo=UTC) + timedelta(minutes=minute),
                                    parent_id=parent_id, author_key=author), **more)
        take_reaction(work, RemoteDoc(one, "reaction", f"{self._n}-0123456789ab", reaction_document(reaction)))
        return reaction

    def receive(self, author: str, text: str, minute: int = 41, **more: Any) -> str:
        """`arrive` as sync does it: committed, and told on the bus."""
        def make(work: UnitOfWork) -> Outcome[str]:
            self.arrive(work, author, text, minute, **more)
            return Outcome(self.ids[author], work.changes())
        return self.door.change_now(make)

    def dispute(self, author: str, text: str) -> str:
        """Samira approved it while Joris rejected it: hidden, with a card for both."""
        def make(work: UnitOfWork) -> Outcome[str]:
            reaction = self.arrive(work, author, text)
            at = NOW - timedelta(minutes=9)
            mine = Decision(new_id(), reaction.id, Verb.APPROVE, ME, at, reaction.text_hash, 0, actor_name="Samira")
            work.reactions.append(mine)
            theirs = replace(mine, id=new_id(), action=Verb.REJECT, actor_id=OTHER, actor_name="Joris",
                             reason="BELEDIGING", at=at + timedelta(minutes=2))
            self.arrive(work, author, text, status=ReactionStatus.HOLD, decision=theirs, log_n=2,
                        dispute=Dispute(OTHER, ME, "C2", NOW))
            return Outcome(reaction.id, work.changes())
        return self.door.change_now(make)

    def escalate(self, author: str, text: str) -> str:
        """A colleague put it before a senior."""
        return self.receive(author, text, escalation=Escalation(OTHER, NOW, "Is dit smaad?"), log_n=1)

    def state(self, reaction_id: str) -> str:
        """The state as the database has it."""
        view = self.door.read_now(lambda reader: reader.reaction(reaction_id))
        assert view is not None
        return view.state.value


@contextmanager
def opened(folder: Path) -> Iterator[ReactionsHome]:
    """Open a profile in `folder`; close it, and the way to the GUI thread, at the end."""
    clock, bridge = FixedClock(NOW), Bridge()
    profile = open_profile(folder, clock=clock)
    faults: list[BaseException] = []
    door = Door(profile.store, Bus(bridge.deliver), bridge.deliver, faults.append)
    try:
        yield ReactionsHome(door, clock)
    finally:
        door.close()
        bridge.close()
        profile.close()
    assert not faults, faults
