"""What befalls desks and their network in a random history, and what chance alone seldom brings together there."""

from __future__ import annotations

from editor.desk.pushing import ready_lanes
from editor.domain.people import Right
from tests.sync.acts_texts import type_on
from tests.sync.faults import Fault, Killed
from tests.sync.histories import Act, History, Person
from tests.sync.quick import InlineDoor


def sync(history: History, person: Person) -> None:
    """A sync."""
    history.sync(person)


def cut_or_mend(history: History, person: Person) -> None:
    """The network goes or comes."""
    person.desk.network.cut = not person.desk.network.cut


def reopen(history: History, person: Person) -> None:
    """The workstation stops and starts, or dies and starts; the editor was closed with it."""
    if history.dice.random() < 0.5:
        history.kill(person)
    else:
        person.desk.reopen()
        history.opened(person)


def latecomer(history: History, person: Person) -> None:
    """An old request arrives once more."""
    person.desk.network.deliver_old(history.dice.randint(0, 1000))
    history.look(person)


def wait(history: History, person: Person) -> None:
    """Time passes for everybody."""
    history.newsroom.pass_time(minutes=history.dice.choice((1, 1, 5, 20, 70)))


def other_login(history: History, person: Person) -> None:
    """The machine is asked for a log-in and somebody else gives his: nothing of this profile goes out under it."""
    other = history.dice.choice([one for one in history.people if one is not person])
    person.runner = history.window(person.desk)
    with person.desk.network.under(other.desk.network, other.name):
        history.round(person)
    person.runner = history.window(person.desk)
    history.ledger.tried["11 other log-in"] += 1


def race(history: History, person: Person) -> None:
    """Our text acted and its answer was lost, a colleague wrote on, and the feed tells of that before our request is
    sent again."""
    other = history.dice.choice([one for one in history.people if one is not person])
    if person.desk.network.cut or other.desk.network.cut:
        return
    person.open_id = ""
    type_on(history, person)
    if not person.open_id:
        return
    person.desk.network.coming.extend([Fault.LOST_ANSWER] * history.dice.choice((1, 2)))
    person.runner.push_alone()
    history.round(other)
    history.open(other, person.open_id)
    type_on(history, other)
    history.round(other)
    person.runner.fetch_alone()
    person.desk.network.coming.clear()
    if history.dice.random() < 0.5:
        type_on(history, person)
    history.look(person, other)


def type_while_it_travels(history: History, person: Person) -> None:
    """More is typed while a request is under way; then its answer comes."""
    if person.desk.network.cut:
        return
    type_on(history, person)
    if not person.open_id:
        return
    person.desk.network.coming.append(Fault.LOST_ANSWER)
    person.runner.push_alone()
    person.desk.network.coming.clear()
    type_on(history, person)
    person.runner.push_alone()
    history.look(person)


def both_type_here(history: History, person: Person) -> None:
    """Two write in one article, in one paragraph or two; one has it open while the other's text comes in."""
    other = history.dice.choice([one for one in history.people if one is not person])
    if person.desk.network.cut or other.desk.network.cut or not person.open_id:
        return
    history.round(other)
    history.open(other, person.open_id)
    if other.open_id == person.open_id:
        type_on(history, other)
        history.round(other)
        history.round(person)
        type_on(history, person)
        history.look(person, other)


def delete_under_words(history: History, person: Person) -> None:
    """A colleague throws away what somebody is writing in; the words were not sent yet."""
    other = history.one_who_may(Right.OTHERS, but=person)
    if other is None or person.desk.network.cut:
        return
    for article_id in history.articles(person):
        view = person.desk.view(article_id)
        if view.article.live or view.wanted not in ("draft", "desk") or article_id not in history.articles(other):
            continue
        history.open(person, article_id)
        type_on(history, person)
        other.desk.delete(article_id)
        history.ledger.binned.add((other.name, article_id))
        history.round(other)
        person.runner.fetch_alone()
        history.ledger.tried["12 deleted under words"] += 1
        history.look(person, other)
        return


def one_dead_lane(history: History, person: Person) -> None:
    """One request finds no answer: the others go all the same (B.4-7)."""
    network = person.desk.network
    ready = {lane.entity_id for lane in person.desk.do(lambda work: ready_lanes(work, force=True))}
    if network.cut or len(ready) < 2:
        return
    network.coming.append(Fault.LOST_REQUEST)
    left = [_left(person), _left(person)]
    network.coming.clear()
    if left[0] is None or left[1] is None:
        return
    stopped = (left[1] & ready) - left[0]
    assert not stopped, f"one request without an answer stopped the others: {stopped}"
    history.ledger.tried["8 other lanes"] += len(left[0]) > 1
    history.look(person)


def _left(person: Person) -> set[str] | None:
    """Of what a request left just now; None where another history began."""
    network = person.desk.network
    sent, lost = len(network.sent), len(network.lost)
    if not person.runner.push_alone():
        return None
    return {op.entity_id for op in (*network.sent[sent:], *network.lost[lost:])}


def die_between_two_writes(history: History, person: Person) -> None:
    """A colleague has written; the desk takes that in and dies after one of its first transactions."""
    door, other = person.desk.door, history.one_who_may(Right.WRITE, but=person)
    if person.desk.network.cut or other is None or not isinstance(door, InlineDoor):
        return
    type_on(history, other)
    history.round(other)
    door.lives, door.dies_inside = history.dice.randint(2, 8), history.dice.random() < 0.5
    try:
        history.round(person)
    except Killed:
        history.kill(person)
    door.lives = None
    history.look(person)


ACTS: tuple[tuple[Act, int], ...] = (
    (sync, 18), (cut_or_mend, 4), (reopen, 2), (latecomer, 3), (wait, 5), (race, 4), (type_while_it_travels, 2),
    (both_type_here, 3), (one_dead_lane, 4), (delete_under_words, 2), (die_between_two_writes, 4))
LOGINS: tuple[tuple[Act, int], ...] = ((other_login, 1),)
