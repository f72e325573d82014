"""Over a network at its worst nothing is lost, nothing is doubled, and the engine is clean again soon after it heals.

Sixty-five scenarios by default, five thousand with `--campaign`. The seed of the dice is printed.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor.base.clock import SystemClock
from editor.base.wire import canonical
from tests.chaos.proxy import Kind, Proxy, Trouble
from tests.chaos.seat import PATIENCE_S, Seat, on_press, scale_patience
from tests.press.running import Running

SEED = 20261124
STEP = 64  # bytes between two places at which a message is cut
LONGEST_REQUEST, LONGEST_ANSWER = 1024, 640  # bytes


def sample() -> list[Trouble]:
    """Every kind, and every 64th byte of a request and of an answer."""
    found = [Trouble(Kind.CUT_REQUEST, at) for at in range(0, LONGEST_REQUEST, STEP)]
    found += [Trouble(Kind.CUT_ANSWER, at) for at in range(0, LONGEST_ANSWER, STEP)]
    found += [Trouble(Kind.CUT_REQUEST, at, only=b"GET") for at in range(0, 320, STEP)]
    found += [Trouble(Kind.RESET_ANSWER, at) for at in (0, 64, 256, 512)]
    found += [Trouble(Kind.HALF_CLOSE_BACK, at) for at in (0, 100, 300)]
    for kind in (Kind.REFUSE, Kind.HALF_CLOSE, Kind.DUPLICATE, Kind.DUPLICATE_AFTER, Kind.REORDER, Kind.BLACK_HOLE,
                 Kind.STALL, Kind.STALL_BACK, Kind.TRICKLE, Kind.TRICKLE_BACK):
        found += [Trouble(kind), Trouble(kind, times=3)]
    found += [Trouble(kind, 40, only=b"GET") for kind in
              (Kind.REFUSE, Kind.CUT_ANSWER, Kind.STALL_BACK, Kind.TRICKLE_BACK, Kind.BLACK_HOLE, Kind.HALF_CLOSE,
               Kind.RESET_ANSWER)]
    return found


def at_random(dice: random.Random, number: int) -> Iterator[Trouble]:
    """Any trouble at any byte."""
    for _ in range(number):
        yield Trouble(dice.choice(list(Kind)), dice.randrange(2 * LONGEST_REQUEST), dice.randrange(1, 4),
                      dice.choice((b"POST", b"POST", b"GET")))


class Scene:
    """A press, and a workstation behind the proxy."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.dice = dice
        self.press = Running(f"sqlite:///{folder / 'press.db'}", clock=SystemClock())
        self.token = self.press.desk("Anna", "journalist", "editor").token
        self.proxy = Proxy(("127.0.0.1", int(self.press.url.rsplit(":", 1)[1])), scale=60.0)
        self.anna = Seat(folder / "anna", self.press.url, self.token, self.proxy, dice)
        self.number = 0
        self.written: list[str] = []
        self.slowest_s = 0.0
        self.longest = self.anna.new_article(self.next())

    def next(self) -> str:
        """A word that stands nowhere yet."""
        self.number += 1
        self.written.append(f"w{self.number:05}")
        return self.written[-1]

    def work(self) -> None:
        """Something, durably at home."""
        what = self.dice.choice(("type", "type", "new", "plan", "publish"))
        if what == "type":
            self.anna.type(self.longest, self.next())
        elif what == "new":
            self.longest = self.anna.new_article(self.next())
        elif what == "plan":
            self.anna.plan(self.next())
        else:
            self.anna.publish(self.next())

    def play(self, trouble: Trouble) -> None:
        """Work through one trouble, let the network heal, and look."""
        self.proxy.arm(trouble)
        for _ in range(self.dice.randrange(1, 3)):
            self.work()
        self.anna.runner.wake(force=True)
        met = self.proxy.met
        self.anna.until(lambda: met.is_set() or self.anna.is_clean(), f"{trouble} was not met")
        self.work()  # while the network is ill
        healed = SystemClock().monotonic()
        self.proxy.heal()
        self.anna.until(self.anna.is_clean, f"not clean after {trouble}")
        self.slowest_s = max(self.slowest_s, SystemClock().monotonic() - healed)
        assert not self.anna.bugs

    def look(self) -> None:
        """Everything that was written is on press and at home, once, and both have the same."""
        press = on_press(self.press.url, self.token)
        everything = canonical([dict(doc) for doc in press.values()]).decode()
        for word in self.written:
            bodies = everything.count(f"Zin {word}.") + everything.count(f"Regel {word}\"")
            assert bodies == 1, f"{word} stands {bodies} times"
        home = self.anna.documents()
        assert {one: doc.get("body", doc.get("headline")) for one, doc in press.items()} == {
            one: doc.get("body", doc.get("headline")) for one, doc in home.items()}
        for doc in press.values():
            assert len(doc.get("live", ())) == (doc.get("status") == "published")

    def close(self) -> None:
        """Take everything down."""
        self.proxy.close()
        self.anna.close()
        self.press.stop()


@pytest.mark.timeout(7200)  # the long form takes its time
def test_nothing_is_lost_or_doubled_on_a_network_at_its_worst(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, campaign: bool) -> None:
    scale_patience(monkeypatch)
    dice = random.Random(SEED)
    troubles = [*sample(), *at_random(dice, 4935 if campaign else 0)]
    kinds: Counter[str] = Counter()
    scene = Scene(tmp_path, dice)
    try:
        for number, trouble in enumerate(troubles, 1):
            if number % 200 == 1 and campaign:
                print(f"{number}: {scene.proxy.acted} met, {len(scene.written)} written", flush=True)
            before = scene.proxy.acted
            scene.play(trouble)
            kinds[trouble.kind.name] += scene.proxy.acted > before
            if number % 20 == 0:
                scene.look()
        scene.look()
    finally:
        scene.close()
    print(f"seed {SEED}: {len(troubles)} scenarios, met {dict(kinds)}, {len(scene.written)} written, "
          f"clean at most {scene.slowest_s:.1f} s after healing")
    assert scene.slowest_s <= PATIENCE_S
    assert all(kinds[kind.name] for kind in Kind)
