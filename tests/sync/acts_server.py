"""What befalls the server in a random history, and who comes to work later."""

from __future__ import annotations

from tests.sync.histories import CREW, Act, History, Person
from tests.sync.ledger import tokens


def server_dies(history: History, person: Person) -> None:
    """The server's process is killed between two requests, and starts again."""
    before = history.server.rows()
    history.server.crash()
    assert history.server.rows() == before, "the server found something else after it was killed"
    history.ledger.tried["15 server crashes"] += 1
    history.look()


def newcomer(history: History, person: Person) -> None:
    """Somebody more comes to work, and reads everything for the first time."""
    missing = [name for name in CREW if all(one.name != name for one in history.people)]
    if missing:
        history.sync(history.join(missing[0]))


def copy_or_bring_back(history: History, person: Person) -> None:
    """Somebody makes a back-up, or brings the last one back: what the server forgot, the desks give back.

    A desk that held more of the lost history than the server has of the new one keeps its own words, also over what
    was written in the new one before it came back: of those articles no words are claimed.
    """
    if history.dice.random() < 0.6:
        history.server.keep_copy()
        return
    if not history.server.bring_back():
        return
    ledger = history.ledger
    history.watch.go_back()
    for one in history.people:
        one.runner.forget_heads()
    ledger.went_back |= set(ledger.written)
    ledger.unclear |= set(ledger.written)  # steps and publications are not given back; a person takes them again
    ledger.reactions = [one for one in ledger.reactions if one in history.watch.rows]
    ledger.erased = {one for one in ledger.erased if one in history.watch.rows and history.watch.rows[one].why}
    ledger.did["went back"] += 1


def erase(history: History, person: Person) -> None:
    """The server forgets a reaction for its age, or an article because somebody asked for it."""
    ledger = history.ledger
    wanted = ledger.reactions if history.dice.random() < 0.4 else sorted(ledger.written)
    if not wanted:
        return
    one = history.dice.choice(wanted)
    row = history.watch.rows.get(one)
    if row is None or (row.kind == "article" and row.doc["live"]):
        return
    if history.server.erase(one):
        ledger.erased.add(one)
        ledger.forgotten[one] = tokens(row.doc)
        ledger.did[f"erased {row.kind}"] += 1
    history.look()


CRASHES: tuple[tuple[Act, int], ...] = ((server_dies, 1),)
NEWCOMERS: tuple[tuple[Act, int], ...] = ((newcomer, 1),)
BACKUPS: tuple[tuple[Act, int], ...] = ((copy_or_bring_back, 4),)
ERASURE: tuple[tuple[Act, int], ...] = ((erase, 3),)
