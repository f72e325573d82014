"""How a random history ends: the network is good again, everybody syncs, every card is settled, nothing is left to say."""

from __future__ import annotations

from editor.desk.ports import OpState, Standing
from tests.sync.acts_network import race
from tests.sync.acts_steps import publish_and_type_on
from tests.sync.acts_texts import settle
from tests.sync.checks import take_backs_have_won
from tests.sync.histories import CREW, History, Person
from tests.sync.server_side import Ability

MOST_SETTLINGS = 12
PATIENCE = 4  # rounds


def heal(history: History) -> None:
    """Bring everybody to rest."""
    for person in history.people:
        person.desk.reconnect().network.coming.clear()
        person.runner = history.window(person.desk)
    if history.dice.random() < 0.5:
        history.quiet()
        race(history, history.dice.choice(history.people))  # nothing comes after it that would heal by chance
    history.quiet()
    if history.can(Ability.STEPS):
        publish_and_type_on(history, history.people[0])
        history.quiet()
    take_backs_have_won(history)
    for person in history.people:
        nothing_waits_unseen(history, person)
    for number in range(MOST_SETTLINGS):
        cards = history.cards()
        if not cards:
            return
        for person, card in cards:
            is_dispute = card.kind == "dispute" and number >= PATIENCE  # moderators may disagree for ever: a senior ends it
            if is_dispute and "senior" not in CREW[person.name]:
                continue
            if any(card.id == open_card.id for open_card in person.desk.cards()):
                settle(history, person, card, "both" if is_dispute else "")
        history.quiet()
    raise AssertionError(f"cards without end: {[(p.name, c.kind, c.field, c.code) for p, c in history.cards()]}")


def nothing_waits_unseen(history: History, person: Person) -> None:
    """E.3 8: over a good network only what a card asks about is left."""
    asked = {card.entity_id for card in person.desk.cards()}
    for row in person.desk.door.read_now(lambda reader: reader.outbox(done=False)):
        if row.state in (OpState.PENDING, OpState.SEALED, OpState.PARKED):
            assert row.entity_id in asked, f"{person.name}: {row.verb} of {row.entity_id} waits and nobody is asked"
            history.ledger.tried["8 waiting"] += 1
    for kind in ("article", "ticker"):
        for entity_id in _ids(history, kind):
            state = person.desk.door.read_now(lambda reader: reader.sync_state(entity_id))  # noqa: B023 - read at once
            if state is None or state.standing in (Standing.CLEAN, Standing.GONE):
                continue
            assert entity_id in asked, f"{person.name}: {kind} {entity_id} is {state.standing} and nobody is asked"
            history.ledger.tried["8 asked"] += 1


def _ids(history: History, kind: str) -> list[str]:
    return [row.id for row in history.watch.rows.values() if row.kind == kind]
