"""Random histories over a server without guarantees: the same people, acts and rules as over press, as far as such a site
can be held to them, and the mishaps that befall single exchanges with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from editor.domain.article import Action, Status, effective_status, rule_for
from editor.domain.documents import article_value
from editor.domain.moderation import LogRow
from editor.domain.people import Right
from editor.sync.backend import Op, PushResult
from tests.conformance.weak_bridge import Mishap
from tests.conformance.weak_marker import State, revision_of
from tests.conformance.weak_newsroom import WeakNetwork, WeakNewsroom
from tests.conformance.weak_posts import state_of
from tests.sync import acts_network, acts_steps
from tests.sync.acts_texts import type_on
from tests.sync.desk_side import beside
from tests.sync.faults import Fault, Killed
from tests.sync.histories import MOST_ROUNDS, Act, History, Person
from tests.sync.quick import InlineDesks, InlineDoor
from tests.sync.server_side import Ability, Effect, Row
from tests.sync.simulation import STEPS, Tally, acts_for, play_history

MISHAPS = [Mishap.NONE] * 14 + [Mishap.LOST_REQUEST, *[Mishap.LOST_ANSWER, Mishap.LATE] * 2]
QUIET_ROUNDS = 3  # without anything new: a deletion is believed after two sweeps
QUARANTINE_MIN = 3  # longer than anything waits for an unknown outcome


class ExchangeNetwork(WeakNetwork):
    """One desk's way to the site. An engine sends nothing again that was answered: only the site's own latecomers come."""

    def push(self, op: Op) -> PushResult:
        """Send one request through whatever is coming."""
        if self.coming and self.coming[0] is Fault.LATECOMER:
            self.coming[0] = Fault.NONE
        return super().push(op)


class QuickWeakNewsroom(WeakNewsroom, InlineDesks):
    """The site and its desks on the caller's thread."""

    network_of = ExchangeNetwork

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, sockets=False)


class WeakSide:
    """The site, seen from behind."""

    can = frozenset({Ability.STEPS, Ability.LINES})

    def __init__(self, newsroom: WeakNewsroom) -> None:
        self._site = newsroom.site

    def heads(self) -> Mapping[str, int]:
        """How often anything changed there."""
        return {"content": self._site.changes}

    def changed(self, since: Mapping[str, int]) -> list[Row]:
        """What was touched since."""
        return sorted((row for row in self.rows().values() if row.number > since.get("content", 0)), key=lambda row: row.number)

    def effects(self, after: int) -> list[Effect]:
        """Nobody there counts."""
        raise NotImplementedError

    def rows(self) -> dict[str, Row]:
        """Every post that holds one of our things. Two of one thing are a fault."""
        found: dict[str, Row] = {}
        for post in self._site.posts.values():
            state = state_of(self._site.shape(post))
            if state is None or state.is_shell:
                continue
            assert state.marker.uuid not in found, f"two posts of {state.marker.uuid}"
            assert state.marker.doc is not None
            found[state.marker.uuid] = Row(state.marker.uuid, state.marker.kind, state.rev, post.touched, "content",
                                           state.marker.doc, deleted=post.status == "trash", op_id=state.marker.op)
        return found

    def frozen(self, entity_id: str, rev: str) -> Mapping[str, Any]:
        """One revision's document."""
        for post in self._site.posts.values():
            for state in self._history(post.id):
                if state.marker.uuid == entity_id and state.revision == revision_of(rev):
                    return state.marker.doc or {}
        raise AssertionError(f"{rev} of {entity_id} never was")

    def _history(self, post_id: int) -> list[State]:
        post = self._site.posts[post_id]
        rows = [{**self._site.shape(post), "title": {"raw": title}, "content": {"raw": content},
                 "_links": {"predecessor-version": [{"id": number}]}} for number, _, title, content in post.revisions]
        return [state for row in rows if (state := state_of(row)) is not None]

    def decisions(self, reaction_id: str) -> list[LogRow]:
        """There is no log."""
        raise NotImplementedError

    def place(self, cursor: str) -> int:
        """Nor a number that a cursor could stand at."""
        raise NotImplementedError

    def epoch(self) -> str:
        """It never has another history."""
        return ""

    def is_whole(self) -> bool:
        """There is nothing to tamper with."""
        return True

    def crash(self) -> None:
        """It has no process of ours."""
        raise NotImplementedError

    def keep_copy(self) -> None:
        """Nor a back-up."""
        raise NotImplementedError

    def bring_back(self) -> bool:
        """Nor one to bring back."""
        raise NotImplementedError

    def erase(self, entity_id: str) -> bool:
        """It forgets nothing by itself."""
        raise NotImplementedError


class WeakHistory(History):
    """A history at such a site: single exchanges go wrong, and rest comes only when every quarantine is over."""

    newsroom: QuickWeakNewsroom

    def __init__(self, *given: Any) -> None:
        self.taken_off: dict[tuple[str, str], set[str]] = {}  # (person, article) -> withdrawals that were acknowledged
        super().__init__(*given)

    def look(self, *people: Person) -> None:
        """Also: what somebody took off, and was told so, his own earlier request never puts back."""
        super().look(*people)
        for person in people:
            for entity_id in _withdrawals(person):
                row, seen = self.watch.rows.get(entity_id), self.taken_off.setdefault((person.name, entity_id), set())
                there = {str(p["rev"]) for p in row.doc["live"] if p["kind"] == "withdrawal"} if row is not None else seen
                by_himself = row is not None and self.watch.owners.get(row.op_id or "") == person.name
                assert seen <= there or not by_himself, f"{person.name}'s own late request undid his withdrawal of {entity_id}"
                seen |= there
                self.ledger.tried["9 withdrawals stay"] += 1

    def sync(self, person: Person) -> None:
        """A sync in which any exchange may go wrong."""
        exchanges(person).extend(self.dice.choices(MISHAPS, k=self.dice.randint(0, 30)))
        super().sync(person)
        exchanges(person).clear()

    def quiet(self, *people: Person) -> int:
        """Everybody syncs over a good network, each time after every quarantine."""
        still = 0
        for number in range(MOST_ROUNDS * QUIET_ROUNDS):
            self.newsroom.pass_time(minutes=QUARANTINE_MIN)
            for person in people or self.people:
                exchanges(person).clear()
            moved = sum(self.round(person) for person in people or self.people)
            still = 0 if moved else still + 1
            if still == QUIET_ROUNDS:
                self.look(*(people or self.people))
                return number
        left = {person.name: [(row.verb, row.entity_id[-4:], str(row.state), row.last_error) for row in
                              person.desk.door.read_now(lambda reader: reader.outbox(done=False))] for person in self.people}
        raise AssertionError(f"no end of syncing: {left}")


def _withdrawals(person: Person) -> list[str]:
    with beside(person.desk) as tables:
        return [one for (one,) in tables.execute("SELECT DISTINCT entity_id FROM outbox WHERE take_back = 1 AND state = 'acked'"
                                                 " AND verb = 'transition'")]


def exchanges(person: Person) -> Any:
    """What befalls the next exchanges of that desk."""
    assert isinstance(person.desk.network, WeakNetwork)
    return person.desk.network.exchanges


def meet_at_the_site(history: History, person: Person) -> None:
    """Between our look and our write a colleague writes: we cover him, and perhaps never hear of it."""
    other = history.dice.choice([one for one in history.people if one is not person])
    if person.desk.network.cut or other.desk.network.cut:
        return
    assert isinstance(history.newsroom, WeakNewsroom)
    history.newsroom.pass_time(minutes=QUARANTINE_MIN)
    person.open_id = ""
    type_on(history, person)
    posts = history.newsroom.posts(person.open_id) if person.open_id else []
    if not posts:
        return

    def write() -> None:
        history.round(other)
        history.open(other, person.open_id)
        type_on(history, other)
        history.round(other)

    history.newsroom.site.between(rf"POST .*/posts/{posts[0][0].id}", write)
    if history.dice.random() < 0.5:
        exchanges(person).extend([Mishap.NONE] * history.dice.randint(0, 8) + [Mishap.LOST_ANSWER])
    history.round(person)
    history.newsroom.site.forget()
    exchanges(person).clear()
    history.look(person, other)


def publish_late_and_withdraw(history: History, person: Person) -> None:
    """A publication hangs at the site; its sender, who heard nothing or died, takes it back at once."""
    able = history.one_who_may(Right.PUBLISH)
    known = acts_steps.may_go_out(history, able) if able is not None else None
    if able is None or known is None:
        return
    history.newsroom.pass_time(minutes=QUARANTINE_MIN)
    history.round(able)
    acts_steps.take(history, able, known, Action.APPROVE)
    history.round(able)
    acts_steps.take(history, able, known, Action.PUBLISH)
    exchanges(able).extend([Mishap.NONE] * history.dice.randint(1, 5) + [Mishap.LATE])
    door = able.desk.door
    if isinstance(door, InlineDoor) and history.dice.random() < 0.5:
        door.lives, door.dies_inside = history.dice.randint(3, 6), True
    try:
        history.round(able)
    except Killed:
        history.kill(able)
    finally:
        exchanges(able).clear()
        if isinstance(able.desk.door, InlineDoor):
            able.desk.door.lives = None
    if rule_for(Action.WITHDRAW, Status(able.desk.view(known).wanted)) is not None:
        acts_steps.take(history, able, known, Action.WITHDRAW)
        history.round(able)
        history.look(able)
        history.newsroom.pass_time(minutes=QUARANTINE_MIN)
        history.round(able)
        history.look(able)
        row = history.watch.rows.get(known)
        status = effective_status(article_value(row.id, row.doc), history.newsroom.clock.now()) if row is not None else None
        assert status is None or not status.is_public, f"public against the last word of {able.name}: {known}"
        history.ledger.tried["9 hung"] += 1


def away_for_a_moment(history: History, person: Person) -> None:
    """The site does not show one of its posts for a moment; that proves nothing."""
    assert isinstance(history.newsroom, WeakNewsroom)
    posts = [post for one in history.watch.rows for post, _ in history.newsroom.posts(one)]
    if not posts or person.desk.network.cut:
        return
    history.round(person)  # one look without it, between two with it
    before = set(history.articles(person))
    with history.newsroom.site.without(history.dice.choice(posts).id):
        history.round(person)
    gone = {one for one in before - set(history.articles(person)) if not history.watch.rows[one].deleted}
    assert not gone, f"{person.name}: {gone} vanished, and only were not shown"
    history.ledger.tried["12 unshown"] += 1
    history.look(person)


def the_sites_own_hand(history: History, person: Person) -> None:
    """Somebody at the site itself puts a thing in the bin, or deletes it for good."""
    assert isinstance(history.newsroom, WeakNewsroom)
    site, known = history.newsroom.site, [one for one in history.watch.rows if one in history.ledger.written]
    posts = [post for one in known for post, _ in history.newsroom.posts(one) if post.status == "draft"]
    if not posts:
        return
    post = history.dice.choice(posts)
    site.bin(post.id)
    history.look()


def withdraw_after_the_quarantine(history: History, person: Person) -> None:
    """A withdrawal passes a card, but not an unknown outcome."""
    history.newsroom.pass_time(minutes=QUARANTINE_MIN)
    acts_steps.withdraw_past_a_card(history, person)


INSTEAD: Mapping[Act, Act] = {acts_network.latecomer: acts_network.wait, acts_network.race: meet_at_the_site,
                              acts_steps.withdraw_past_a_card: withdraw_after_the_quarantine}


def weak_acts(history: History) -> list[tuple[Act, int]]:
    """What may happen, with what befalls such a site in place of what befalls press."""
    return [*((INSTEAD.get(act, act), weight) for act, weight in acts_for(history)), (the_sites_own_hand, 1),
            (publish_late_and_withdraw, 3), (away_for_a_moment, 2)]


def play_weak(seed: int, folder: Path, steps: int = STEPS) -> Tally:
    """One history over the weak site, healed and checked. Raises `Violation`."""
    return play_history(lambda: WeakHistory(seed, folder, QuickWeakNewsroom, WeakSide), seed, steps, acts=weak_acts)
