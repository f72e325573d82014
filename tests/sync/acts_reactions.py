"""What readers and moderators do in a random history."""

from __future__ import annotations

from editor.base.errors import EditorError
from editor.desk import reactions
from editor.domain.people import Right
from editor.domain.reaction import Verb
from tests.sync.histories import Act, History, Person

REASONS = ("OFFTOPIC", "DISCRIMINATIE", "PRIVACY", "SPAM")
DECISIONS = (Verb.APPROVE, Verb.APPROVE, Verb.REJECT, Verb.REJECT, Verb.SPAM, Verb.REQUEUE, Verb.DEFER, Verb.ESCALATE,
             Verb.RESTORE)


def react(history: History, person: Person) -> None:
    """A reader reacts, where something is public."""
    for article_id in history.ledger.written:
        try:
            made = history.newsroom.react(article_id, f"Een mening {history.ledger.token()} over dit stuk.")
        except EditorError:
            continue
        history.ledger.reactions.append(made)
        history.look()
        return


def decide(history: History, person: Person) -> None:
    """Any decision on any reaction that stands at that desk."""
    known = _known(history, person)
    if known:
        _decide(history, person, history.dice.choice(known), history.dice.choice(DECISIONS))


def _decide(history: History, person: Person, reaction_id: str, action: Verb) -> None:
    reason = history.dice.choice(REASONS) if action is Verb.REJECT else None
    person.desk.decide(reaction_id, action, reason=reason, note="Daarom.")


def _known(history: History, person: Person) -> list[str]:
    return [one for one in history.ledger.reactions
            if person.desk.door.read_now(lambda reader: reader.reaction(one)) is not None]  # noqa: B023 - read at once


def undo_decision(history: History, person: Person) -> None:
    """Take one's own last decision back."""
    known = _known(history, person)
    if known:
        reaction_id = history.dice.choice(known)
        person.desk.do(lambda work: reactions.undo_decision(work, reaction_id))


def decide_blindly(history: History, person: Person) -> None:
    """Two who do not know of each other decide against each other, and one of them perhaps again; whoever's comes first."""
    able = history.one_who_may(Right.MODERATE)
    other = history.one_who_may(Right.MODERATE, but=able)
    if able is None or other is None:
        return
    person = able
    both = [one for one in _known(history, person) if one in _known(history, other)]
    if not both:
        return
    reaction_id = history.dice.choice(both)
    _decide(history, person, reaction_id, history.dice.choice((Verb.APPROVE, Verb.RESTORE)))
    _decide(history, other, reaction_id, history.dice.choice((Verb.REJECT, Verb.SPAM, Verb.ESCALATE, Verb.REQUEUE)))
    for one in history.dice.sample((person, other), 2):
        history.round(one)
    history.look(person, other)


ACTS: tuple[tuple[Act, int], ...] = ((react, 3), (decide, 6), (undo_decision, 2), (decide_blindly, 4))
