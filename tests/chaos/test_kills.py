"""Real processes, killed with SIGKILL at random moments under load and over a bad network: what was told is there exactly
once, at home and on press, and everything is clean again soon after.

Fifteen kills by default, five hundred with `--campaign`; with REDACTIE_KILLS naming a folder, several sittings add up.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor.base.clock import SystemClock
from tests.chaos.house import PATIENCE_S, House, KillableCluster
from tests.fixtures.postgres import FIX, programs

SEED = 20261124
LOOK_EVERY = 5
LONGEST_COMMAND_S = 1.5
VICTIMS = ("workstation", "command", "postgres", "workstation", "press", "command", "worker", "workstation", "command",
           "press", "workstation")


@pytest.fixture
def house(tmp_path: Path, *, campaign: bool) -> Iterator[House]:
    """A press with two workers on a PostgreSQL of its own."""
    binaries = None if os.name == "nt" else programs()
    if binaries is None:
        pytest.skip(FIX)
    kept = os.environ.get("REDACTIE_KILLS")
    folder = Path(kept) if kept else tmp_path
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "pg" if kept else Path(tempfile.mkdtemp(prefix="redactie-kills-", dir="/tmp"))
    data.mkdir(exist_ok=True)
    cluster = KillableCluster(binaries, data)
    (cluster.begin if (data / "data").exists() else cluster.start)()
    try:
        made = House(folder, cluster)
        try:
            if not made.number:
                made.give_reactions(1000 if campaign else 40)
            yield made
        finally:
            made.close()
            made.keep()
    finally:
        cluster.stop()
        if not kept:
            shutil.rmtree(data, ignore_errors=True)


def one_kill(house: House, dice: random.Random) -> None:
    """Work, kill somebody in the middle of it, and look at what was told."""
    kind = VICTIMS[house.counts["tries"] % len(VICTIMS)]
    house.trouble(dice)
    if kind == "command":
        house.leave()
        kill_command(house, dice)
    else:
        worked = house.work()
        worked.wait_for_acts(dice.randrange(1, 20))
        with pytest.raises(subprocess.TimeoutExpired):
            worked.process.wait(dice.uniform(0.0, 0.05))  # the moment is anywhere within what it does
        kill_under_load(house, kind, dice)
    house.proxy.heal()
    house.counts["tries"] += 1


def kill_under_load(house: House, kind: str, dice: random.Random) -> None:
    """Kill somebody while the workstation works on."""
    if kind == "worker" and not house.kill_worker(dice):
        kind = "press"
    house.counts[f"killed {kind}"] += 1
    if kind == "workstation":
        house.leave()
        house.look_at_home()
    elif kind == "press":
        house.kill_press()
        house.start_press()
    elif kind == "postgres":
        house.cluster.kill()
        house.cluster.begin()


def kill_command(house: House, dice: random.Random) -> None:
    """Kill a command of the command line; what it answered is durable."""
    house.number += 1
    token = f"w{house.number:06}"
    words = dice.choice((["article", "new", "--headline", f"Zin {token}"], ["sync", "--once"]))
    process = house.begin(*words)
    try:
        process.communicate(timeout=dice.uniform(0.1, LONGEST_COMMAND_S))
        house.counts["command finished first"] += 1
        if words[0] == "article" and process.returncode == 0:
            house.told[token] = ["headline"]
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        house.counts[f"killed {words[0]}"] += 1
    house.look_at_home()


def look(house: House) -> None:
    """The network is well: everything is clean within its time, and exactly once everywhere."""
    took = house.work().rest()
    house.slowest_s = max(house.slowest_s, took)
    assert took <= PATIENCE_S
    house.look_at_press()
    house.work().say("go")
    house.note()
    house.keep()


@pytest.mark.timeout(14400)  # the long form takes its time
def test_what_was_told_survives_every_kill_exactly_once(house: House, *, campaign: bool) -> None:
    tries = 500 if campaign else 15
    dice = random.Random(SEED + house.counts["tries"])
    until = SystemClock().monotonic() + float(os.environ.get("REDACTIE_KILLS_S", "inf"))
    while house.counts["tries"] < tries and SystemClock().monotonic() < until:
        one_kill(house, dice)
        if house.counts["tries"] % LOOK_EVERY == 0:
            look(house)
            if campaign:
                print(dict(house.counts), f"{len(house.told)} told, {house.slowest_s:.1f} s", flush=True)
    look(house)
    print(f"seed {SEED}: {dict(house.counts)}, {len(house.told)} told, clean at most {house.slowest_s:.1f} s later")
    assert house.told
    assert sum(number for name, number in house.counts.items() if name.startswith("killed"))
