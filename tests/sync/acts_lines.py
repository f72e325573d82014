"""What people do with ticker lines in a random history."""

from __future__ import annotations

from datetime import timedelta

from editor.desk import ticker
from editor.domain.documents import ticker_patch
from editor.domain.moments import moment_of
from editor.domain.people import Right
from editor.domain.ticker import Intent, Priority, TickerEntry
from tests.sync.histories import Act, History, Person


def _lines(person: Person, intent: Intent) -> list[str]:
    return [entry.id for entry in person.desk.door.read_now(lambda reader: reader.ticker_entries())
            if entry.intent is intent]


def plan(history: History, person: Person) -> None:
    """Plan a line, some of them too late."""
    headline = f"Regel {history.ledger.token()}"
    editor = person.desk.door.read_now(lambda reader: reader.actor()).may(Right.BREAKING)
    weight = history.dice.choice(list(Priority)) if editor else Priority.NORMAL
    entry_id = person.desk.plan(headline, minutes=history.dice.choice((-90, -5, 0, 5, 30)), priority=weight)
    history.ledger.headlines[entry_id] = {headline}


def line(history: History, person: Person) -> None:
    """Change, move, publish now, or take off a line; or type half of one."""
    known = _lines(person, Intent.PLANNED)
    if not known or history.dice.random() < 0.25:
        plan(history, person)
        return
    desk, ledger, entry_id = person.desk, history.ledger, history.dice.choice(known)
    headline, kind = f"Regel {ledger.token()}", history.dice.random() ** 1.3
    if kind < 0.35:
        desk.change_line(entry_id, headline=headline)
        ledger.headlines.setdefault(entry_id, set()).add(headline)
    elif kind < 0.5:
        desk.do(lambda work: ticker.stage_headline(work, entry_id, f"Half {headline}"))
        history.round(person)
        ledger.tried["9 half a headline"] += 1
    elif kind < 0.6:
        desk.do(lambda work: ticker.move_entry(work, entry_id, minutes=history.dice.choice((-120, -10, 10))))
    elif kind < 0.7:
        desk.do(lambda work: ticker.publish_now(work, entry_id))
    elif kind < 0.8:
        _finish_headline(history, person, entry_id)
    else:
        desk.withdraw_line(entry_id)
        ledger.taken_off.add(entry_id)


def _finish_headline(history: History, person: Person, entry_id: str) -> None:
    """Ctrl+Enter: what was staged is meant to travel from now on."""
    staged = person.desk.line(entry_id).staged
    if staged is not None:
        person.desk.do(lambda work: ticker.apply_staged(work, entry_id))
        history.ledger.headlines.setdefault(entry_id, set()).add(staged)


def plan_again(history: History, person: Person) -> None:
    """A line that was taken off is planned again; whether it stands is then a question of who knew of what."""
    known = _lines(person, Intent.WITHDRAWN)
    if not known:
        return
    entry_id = history.dice.choice(known)
    instant = history.newsroom.clock.now().replace(second=0, microsecond=0) + timedelta(minutes=5)
    patch = ticker_patch(TickerEntry("", start=moment_of(instant, "Europe/Amsterdam"), intent=Intent.PLANNED))
    history.ledger.taken_off.discard(entry_id)
    person.desk.change_line(entry_id, start=patch["start"], intent=patch["intent"])


def take_off_against_a_change(history: History, person: Person) -> None:
    """One takes a line off while another changes it, neither knowing of the other."""
    other = history.dice.choice([one for one in history.people if one is not person])
    both = sorted(set(_lines(person, Intent.PLANNED)) & set(_lines(other, Intent.PLANNED)))
    if not both or person.desk.network.cut or other.desk.network.cut:
        return
    entry_id, headline = history.dice.choice(both), f"Regel {history.ledger.token()}"
    history.ledger.headlines.setdefault(entry_id, set()).add(headline)
    if history.dice.random() < 0.5:
        other.desk.change_line(entry_id, headline=headline)
    else:
        other.desk.change_line(entry_id, intent=Intent.DRAFT.value)
    person.desk.withdraw_line(entry_id)
    history.ledger.taken_off.add(entry_id)
    first, second = history.dice.sample((person, other), 2)
    for one in (first, second, first):
        history.round(one)
    history.look(person, other)


ACTS: tuple[tuple[Act, int], ...] = ((line, 8), (plan_again, 1), (take_off_against_a_change, 3))
