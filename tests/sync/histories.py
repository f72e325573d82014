"""Random histories of a newsroom: people who type, decide, go offline and die, over a network that does its worst.

`ledger.py` writes down what people did; `checks.py` holds the end of a history against it. One seed is one history.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from editor.base.errors import EditorError
from editor.desk import articles, reactions, ticker
from editor.desk.ports import ConflictRow, Entity, Standing
from editor.desk.read_models import ArticleFilter
from editor.domain.article import Action, Status, content_hash, rule_for
from editor.domain.documents import article_document
from editor.domain.people import Right
from editor.domain.publication import PublicationKind
from editor.domain.reaction import Verb
from editor.domain.ticker import Intent, Priority
from tests.sync.faults import Fault, Killed
from tests.sync.ledger import Ledger, tokens
from tests.sync.newsroom import Desk, Newsroom

RELEASES = (Action.PUBLISH, Action.CORRECT, Action.SCHEDULE)
PEOPLE = (("anna", ("journalist", "editor", "moderator")), ("bram", ("journalist", "editor", "senior")),
          ("cara", ("journalist", "moderator")))
REASONS = ("OFFTOPIC", "DISCRIMINATIE", "PRIVACY", "SPAM")
FAULTS = [Fault.NONE] * 12 + [f for f in Fault if f is not Fault.NONE] + [Fault.LOST_ANSWER] * 2


@dataclass
class Person:
    """Somebody at a desk, with the article that stands open in the editor."""

    name: str
    desk: Desk
    open_id: str = ""
    version: int = 0
    started_from: Mapping[str, Any] = field(default_factory=dict)


class History:
    """One seeded history."""

    def __init__(self, seed: int, folder: Path) -> None:
        self.dice = random.Random(seed)
        self.newsroom = Newsroom(folder)
        self.ledger = Ledger()
        self.log: list[str] = []
        self.after_sync: Callable[[], None] = lambda: None
        self.before_cards: Callable[[], None] = lambda: None
        crew = PEOPLE[:self.dice.choice((2, 3))]
        self.people = [Person(name, self.newsroom.desk(name, *roles)) for name, roles in crew]
        for person in self.people:
            self.new_article(person)
            person.desk.sync()
        self.sync_all(2)

    def close(self) -> None:
        """Take everything down."""
        self.newsroom.close()

    # ------------------------------------------------------------------------------------------------------ the loop
    def run(self, steps: int) -> None:
        """Let that many things happen."""
        acts = [(self.type, 16), (self.rename, 4), (self.step, 12), (self.sync, 26), (self.cut_or_mend, 6),
                (self.decide, 8), (self.undo_decision, 2), (self.line, 8), (self.settle_one, 4), (self.bin_or_back, 2),
                (self.reopen, 3), (self.wait, 5), (self.latecomer, 3), (self.open_another, 4), (self.new_article, 1),
                (self.react, 3), (self.undo, 2), (self.race, 5)]
        names, weights = zip(*acts, strict=True)
        for _ in range(steps):
            person = self.dice.choice(self.people)
            act = self.dice.choices(names, weights)[0]
            self.log.append(f"{person.name}: {act.__name__}")
            try:
                act(person)
            except EditorError as refusal:
                self.log.append(f"    refused: {refusal.kind}")

    def heal(self) -> None:
        """The network is good again, everybody syncs, every card is settled, until nothing is left to say."""
        for person in self.people:
            person.desk.reconnect().network.coming.clear()
        if self.dice.random() < 0.5:
            self.sync_all(1)
            self.race(self.dice.choice(self.people))  # nothing comes after it that would heal by chance
        self.sync_all(3)
        self.publish_and_type_on(self.people[0])
        self.after_sync()
        self.before_cards()
        cards: list[tuple[Person, ConflictRow]] = []
        for _ in range(12):
            cards = [(person, card) for person in self.people for card in person.desk.cards()]
            if not cards:
                return
            for person, card in cards:
                if any(card.id == open_card.id for open_card in person.desk.cards()):
                    self.settle(person, card)
            self.sync_all(2)
        raise AssertionError(f"cards without end: {[(p.name, c.kind, c.field, c.code) for p, c in cards]}")

    def sync_all(self, rounds: int) -> None:
        """Everybody syncs over a good network."""
        for _ in range(rounds):
            for person in self.people:
                person.desk.sync()

    # ---------------------------------------------------------------------------------------------------- the network
    def sync(self, person: Person) -> None:
        """A sync, or one round of an open window's engine, with whatever befalls it."""
        for _ in range(self.dice.randint(0, 5)):
            person.desk.network.coming.append(self.dice.choice(FAULTS))
        try:
            if self.dice.random() < 0.5:
                person.desk.sync()
            else:
                person.desk.runner()._round(force=self.dice.random() < 0.5)
        except Killed:
            self.log.append("    killed")
            self.reopen(person)
        person.desk.network.coming.clear()
        self.after_sync()

    def race(self, person: Person) -> None:
        """What chance alone seldom brings together: our text acted and its answer was lost, a colleague wrote on, and
        the feed tells of that before our request is sent again."""
        other = self.dice.choice([one for one in self.people if one is not person])
        if person.desk.network.cut or other.desk.network.cut:
            return
        person.open_id = ""
        self.type(person)
        person.desk.network.coming.extend([Fault.LOST_ANSWER] * self.dice.choice((1, 2)))
        runner = person.desk.runner()
        runner._greet()
        runner._push(force=True)
        other.desk.sync()
        self.open(other, person.open_id)
        self.type(other)
        other.desk.sync()
        runner._pull_stream("content")
        person.desk.network.coming.clear()
        self.after_sync()

    def cut_or_mend(self, person: Person) -> None:
        """The network goes or comes."""
        person.desk.network.cut = not person.desk.network.cut

    def reopen(self, person: Person) -> None:
        """The workstation stops and starts; the editor was closed with it."""
        person.desk.reopen()
        person.open_id = ""

    def latecomer(self, person: Person) -> None:
        """An old request arrives once more."""
        person.desk.network.deliver_old(self.dice.randint(0, 1000))
        self.after_sync()

    def wait(self, person: Person) -> None:
        """Time passes for everybody."""
        self.newsroom.pass_time(minutes=self.dice.choice((1, 1, 5, 20, 70)))

    # ----------------------------------------------------------------------------------------------------------- texts
    def article_ids(self, person: Person) -> list[str]:
        """What the library of that desk shows."""
        return [item.id for item in person.desk.door.read_now(lambda reader: reader.articles(ArticleFilter()))]

    def new_article(self, person: Person) -> None:
        """Another article, of two paragraphs."""
        if len(self.ledger.written) >= 4:
            return
        first, second = (f"{self.ledger.sentence(person.name)} {self.ledger.sentence(person.name)}" for _ in range(2))
        article_id = person.desk.write(headline=f"Kop {self.ledger.token()}", lead=self.ledger.sentence(person.name),
                                       body=f"{first}\n\n{second}")
        self.ledger.written[article_id] = tokens(person.desk.view(article_id).article)

    def open_another(self, person: Person) -> None:
        """Open an article in the editor; it stays open while sync goes on."""
        known = self.article_ids(person)
        if known:
            self.open(person, self.dice.choice(known))

    def open(self, person: Person, article_id: str) -> None:
        """That article, in the editor, where that desk has it."""
        if article_id in self.article_ids(person):
            view = person.desk.view(article_id)
            person.open_id, person.version, person.started_from = article_id, view.version, article_document(view.article)

    def type(self, person: Person) -> None:
        """Add, rewrite or delete a sentence in the editor, which may have stood open for a while."""
        if not person.open_id or self.dice.random() < 0.2:
            self.open_another(person)
        if not person.open_id:
            return
        name = self.dice.choice(("lead", "body", "body"))
        before = str(person.started_from[name] or "")
        after = self._typed(before, person.name)
        self._written(person.open_id, tokens(after) - tokens(before))
        self.ledger.let_go |= tokens(before) - tokens(after)
        saved = person.desk.save(person.open_id, person.version, person.started_from, {name: after})
        person.version, person.started_from = saved.version, article_document(saved.article)

    def _typed(self, text: str, name: str) -> str:
        blocks = [block.split("|") for block in text.replace(". ", ".|").split("\n\n") if block]
        if not blocks:
            return self.ledger.sentence(name)
        block = self.dice.choice(blocks)
        place, kind = self.dice.randrange(len(block)), self.dice.random()
        if kind < 0.6:
            block.insert(place + self.dice.randint(0, 1), self.ledger.sentence(name))
        elif kind < 0.9:
            block[place] = self.ledger.sentence(name)
        else:
            del block[place]
        return "\n\n".join(" ".join(block) for block in blocks if block)

    def _written(self, article_id: str, typed: Iterable[str]) -> None:
        self.ledger.written.setdefault(article_id, set()).update(typed)

    def rename(self, person: Person) -> None:
        """Another headline, or a note, through the properties."""
        known = self.article_ids(person)
        if not known:
            return
        article_id, name = self.dice.choice(known), self.dice.choice(("headline", "headline", "note"))
        before, made = tokens(getattr(person.desk.view(article_id).article, name)), f"Kop {self.ledger.token()}"
        person.desk.do(lambda work: articles.edit(work, article_id, {name: made}))
        self._written(article_id, tokens(made))
        self.ledger.let_go |= before

    def bin_or_back(self, person: Person) -> None:
        """Put an article in the bin, or take one out."""
        gone = [item.id for item in person.desk.door.read_now(lambda reader: reader.articles(ArticleFilter(deleted=True)))]
        if gone and self.dice.random() < 0.6:
            person.desk.restore(self.dice.choice(gone))
        elif known := self.article_ids(person):
            person.desk.delete(self.dice.choice(known))

    # ----------------------------------------------------------------------------------------------------------- steps
    def step(self, person: Person) -> None:
        """A step that the status at that desk allows, most often one that leads outside."""
        known = self.article_ids(person)
        if not known:
            return
        article_id = self.dice.choice(known)
        view = person.desk.view(article_id)
        possible = [action for action in Action if rule_for(action, Status(view.wanted)) is not None]
        likely = [a for a in possible if a in RELEASES or a.is_take_back or a is Action.APPROVE] or possible
        action = self.dice.choice(likely if self.dice.random() < 0.8 else possible)
        self.log.append(f"    {action} {article_id[-4:]}")
        digest = content_hash(view.article)
        kind = PublicationKind.UPDATE if view.article.live and action in RELEASES[::2] else None
        person.desk.step(article_id, action, note="Daarom." if action.needs_note else "", kind=kind,
                         minutes=self.dice.choice((1, 10, 60)) if action is Action.SCHEDULE else None)
        self.ledger.steps.setdefault(article_id, []).append((person.name, action))
        if action is Action.APPROVE:
            self.ledger.approved.add((article_id, digest))
        if action in RELEASES:
            self.ledger.released.add((article_id, digest))

    def publish_and_type_on(self, person: Person) -> None:
        """Offline: approve, publish, and one more sentence. What goes out is what was approved, and the sentence goes
        along after it."""
        for article_id in self.article_ids(person):
            view = person.desk.view(article_id)
            if view.standing is not Standing.CLEAN or view.wanted in ("scheduled", "withdrawn"):
                continue
            digest = content_hash(view.article)
            self.ledger.approved.add((article_id, digest))
            self.ledger.released.add((article_id, digest))
            self.ledger.steps.setdefault(article_id, []).append((person.name, Action.PUBLISH))
            person.desk.cut().publish(article_id)
            self.open(person, article_id)
            self.type(person)
            person.desk.reconnect().sync()
            live = person.desk.view(article_id).article.live
            assert live, "what was published offline did not go out"
            assert live[-1].content_hash == digest, "another text went out than the one that was approved"
            return

    def undo(self, person: Person) -> None:
        """The one Undo, on articles or lines."""
        kind = self.dice.choice(("article", "ticker"))
        row = person.desk.door.read_now(lambda reader: reader.undo_latest(kind))
        if row is None:
            return
        before = tokens(person.desk.view(row.entity_id).article) if kind == "article" else set()
        person.desk.undo(kind)
        if kind == "article":
            now = tokens(person.desk.view(row.entity_id).article)
            self.ledger.let_go |= before - now
            self.ledger.unclear.add(row.entity_id)
            return
        for entry_id in (row.entity_id, *row.data.get("ids", ())):
            entry = person.desk.line(entry_id).entry
            self.ledger.headlines.setdefault(entry_id, set()).add(entry.headline)
            (self.ledger.taken_off.add if entry.intent is Intent.WITHDRAWN else self.ledger.taken_off.discard)(entry_id)

    # ----------------------------------------------------------------------------------------------------------- lines
    def line(self, person: Person) -> None:
        """Plan, change, move, publish now, or take off a line of the ticker; or type half of one."""
        known = [entry for entry in person.desk.door.read_now(lambda reader: reader.ticker_entries())
                 if entry.intent is Intent.PLANNED]
        headline = f"Regel {self.ledger.token()}"
        kind = self.dice.random()
        if not known or kind < 0.25:
            editor = person.desk.door.read_now(lambda reader: reader.actor()).may(Right.BREAKING)
            weight = self.dice.choice(list(Priority)) if editor else Priority.NORMAL
            entry_id = person.desk.plan(headline, minutes=self.dice.choice((-5, 0, 5, 30)), priority=weight)
            self.ledger.headlines[entry_id] = {headline}
            return
        entry_id = self.dice.choice(known).id
        if kind < 0.5:
            person.desk.change_line(entry_id, headline=headline)
            self.ledger.headlines.setdefault(entry_id, set()).add(headline)
        elif kind < 0.6:
            person.desk.do(lambda work: ticker.stage_headline(work, entry_id, f"Half {headline}"))
        elif kind < 0.7:
            person.desk.do(lambda work: ticker.move_entry(work, entry_id, minutes=self.dice.choice((-10, 10))))
        elif kind < 0.8:
            person.desk.do(lambda work: ticker.publish_now(work, entry_id))
        else:
            person.desk.withdraw_line(entry_id)
            self.ledger.taken_off.add(entry_id)

    # ------------------------------------------------------------------------------------------------------- reactions
    def react(self, person: Person) -> None:
        """A reader reacts, where something is public."""
        for article_id in self.ledger.written:
            try:
                made = self.newsroom.react(article_id, f"Een mening {self.ledger.token()} over dit stuk.")
            except EditorError:
                continue
            self.ledger.reactions.append(made)
            return

    def decide(self, person: Person) -> None:
        """Any decision on any reaction that stands at that desk."""
        known = [one for one in self.ledger.reactions if self._holds(person, one)]
        if not known:
            return
        action = self.dice.choice((Verb.APPROVE, Verb.APPROVE, Verb.REJECT, Verb.REJECT, Verb.SPAM, Verb.REQUEUE,
                                   Verb.DEFER, Verb.ESCALATE, Verb.RESTORE))
        reason = self.dice.choice(REASONS) if action is Verb.REJECT else None
        person.desk.decide(self.dice.choice(known), action, reason=reason, note="Daarom.")

    def undo_decision(self, person: Person) -> None:
        """Take one's own last decision back."""
        known = [one for one in self.ledger.reactions if self._holds(person, one)]
        if known:
            reaction_id = self.dice.choice(known)
            person.desk.do(lambda work: reactions.undo_decision(work, reaction_id))

    def _holds(self, person: Person, reaction_id: str) -> bool:
        return person.desk.door.read_now(lambda reader: reader.reaction(reaction_id)) is not None

    # ----------------------------------------------------------------------------------------------------------- cards
    def settle_one(self, person: Person) -> None:
        """Settle one of the cards that are open at that desk."""
        if cards := person.desk.cards():
            self.settle(person, self.dice.choice(cards))

    def settle(self, person: Person, card: ConflictRow) -> None:
        """Settle a card at random, and note what that lets go."""
        choices = ["mine", "theirs"] + (["both"] if card.regions or card.entity_kind == "reaction" else [])
        choice = self.dice.choice(choices)
        self.log.append(f"    {person.name} settles {card.kind} {card.field} {card.code} as {choice}")
        before = self._tokens_at(person, card)
        try:
            person.desk.settle(card, choice)
        except EditorError as refusal:
            self.log.append(f"    refused: {refusal.kind}")
            choice = "theirs"
            person.desk.settle(card, choice)
        mine, theirs = tokens(card.mine), tokens(card.theirs)
        if card.kind in ("text", "field", "soft"):
            self.ledger.let_go |= {"mine": theirs - mine, "theirs": mine - theirs}.get(choice, set())
            self.ledger.let_go -= self._tokens_at(person, card) - before
        elif card.kind in ("deleted", "rejected") and choice == "theirs":
            self.ledger.let_go |= mine
        if card.entity_kind == "ticker":
            self._note_line(person, card, choice)

    def _tokens_at(self, person: Person, card: ConflictRow) -> set[str]:
        entity = self.entity(person, card.entity_kind, card.entity_id) if card.entity_kind != "reaction" else None
        return tokens(entity.doc) if entity is not None else set()

    def _note_line(self, person: Person, card: ConflictRow, choice: str) -> None:
        entry = person.desk.line(card.entity_id).entry
        self.ledger.headlines.setdefault(card.entity_id, set()).add(entry.headline)
        if entry.intent is Intent.WITHDRAWN:
            self.ledger.taken_off.add(card.entity_id)

    # ---------------------------------------------------------------------------------------------------------- looking
    def entity(self, person: Person, kind: str, entity_id: str) -> Entity | None:
        """A row of that desk."""
        return person.desk.door.read_now(lambda reader: reader.entity(kind, entity_id))
