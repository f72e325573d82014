"""The power fails at any moment: each write that was not yet brought to the medium survives, vanishes or tears.

A hundred cuts by default, a thousand with `--campaign`. What was told is there whole, nothing stands by half.
"""

from __future__ import annotations

import marshal
import random
import subprocess
import sys
from pathlib import Path

import pytest

from editor.base import sqlite
from editor.base.errors import EditorError
from editor.store.profile import open_profile
from tests.chaos.disk import Event, unusable
from tests.chaos.saving import ARTICLES, LAST, body

SEED = 20261124
ROOT = Path(__file__).parents[2]
SECTOR = 512
SAVES = 240


def record(folder: Path, synchronous: str = "FULL") -> list[Event]:
    """What a process that saves asks of the disk."""
    if unusable():
        pytest.skip(unusable())
    folder.mkdir()
    subprocess.run([sys.executable, "-m", "tests.chaos.saving", str(folder / "profile"), str(SAVES), synchronous],
                   cwd=ROOT, check=True, timeout=300)
    found: list[Event] = marshal.loads((folder / "events").read_bytes())
    return found


class Medium:
    """One file: what is on the medium for certain, and what is under way to it."""

    def __init__(self) -> None:
        self.certain = bytearray()
        self.pending: list[Event] = []
        self.has_name = False  # in its folder, for certain
        self.is_going = False  # was unlinked, perhaps not for certain

    def sync(self) -> None:
        """Everything arrives."""
        for event in self.pending:
            apply(self.certain, event)
        self.pending.clear()

    def after_the_cut(self, dice: random.Random) -> bytes | None:
        """What is found there; None where nothing is."""
        if (not self.has_name and dice.random() < 0.5) or (self.is_going and dice.random() < 0.5):
            return None
        found = bytearray(self.certain)
        for event in self.pending:
            fate = dice.choice(("survives", "vanishes", "tears"))
            if fate == "survives":
                apply(found, event)
            elif fate == "tears" and event[0] == "write":
                for torn in sectors(event, dice):
                    apply(found, torn)
        return bytes(found)


def apply(content: bytearray, event: Event) -> None:
    """Do to a file what was asked."""
    if event[0] == "truncate":
        size = event[2]
        content[:] = content[:size] + bytes(max(0, size - len(content)))
        return
    offset, data = event[2], event[3]
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset:offset + len(data)] = data


def sectors(event: Event, dice: random.Random) -> list[Event]:
    """Those sectors of a write that arrive, one of them as rubbish now and then."""
    _, name, offset, data = event
    found = []
    start = 0
    while start < len(data):
        end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
        piece = data[start:end]
        if dice.random() < 0.5:
            found.append(("write", name, offset + start, piece if dice.random() < 0.9 else dice.randbytes(len(piece))))
        start = end
    return found


def cut(events: list[Event], at: int, dice: random.Random) -> tuple[dict[str, bytes], int]:
    """The files as they are found after the power failed before `events[at]`, and the last save that was told."""
    files: dict[str, Medium] = {}
    told = 0
    for event in events[:at]:
        if event[0] == "told":
            told = event[1]
        elif event[1] == ".":
            for name in [name for name, file in files.items() if file.is_going]:
                del files[name]
            for file in files.values():
                file.has_name = True
        elif event[0] == "unlink":
            if event[1] in files:
                files[event[1]].is_going = True
        else:
            file = files.setdefault(event[1], Medium())
            if file.is_going:  # another one of that name
                file = files[event[1]] = Medium()
            if event[0] == "sync":
                file.sync()
            else:
                file.pending.append(event)
    found = {name: file.after_the_cut(dice) for name, file in files.items() if not name.endswith("-shm")}
    return {name: content for name, content in found.items() if content is not None}, told


def look(folder: Path, files: dict[str, bytes], told: int) -> str:
    """What is wrong with the profile on that disk; empty when nothing is."""
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "lock").write_text('{"pid": 1}', encoding="utf-8")
    try:
        with open_profile(folder) as profile:
            assert profile.unclean
            with profile.store.write() as work:
                last = int(work.profile.get(LAST) or 0)
                rows = {row.id: row.doc for row in work.entities.all("article")}
            connection = sqlite.connect(profile.store.path, "reader")
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0]
            connection.close()
    except EditorError as error:
        return f"does not open: {error.kind}"
    if sound != "ok":
        return str(sound)
    if not told <= last <= told + 1:
        return f"{told} was told and {last} is there"
    wanted = {f"a{number % ARTICLES}": {"headline": f"w{number}", "body": body(number)}
              for number in range(max(1, last - ARTICLES + 1), last + 1)}
    return "" if rows == wanted else f"half a save at {last}"


def places(events: list[Event], dice: random.Random, number: int) -> list[int]:
    """Where the power fails: anywhere, and right after something was told."""
    tellings = [at + 1 for at, event in enumerate(events) if event[0] == "told"]
    return [dice.choice(tellings) if dice.random() < 0.3 else dice.randrange(len(events) + 1) for _ in range(number)]


@pytest.mark.timeout(3600)  # the long form takes its time
def test_what_was_told_survives_every_power_cut_and_nothing_stands_by_half(tmp_path: Path, *, campaign: bool) -> None:
    events, dice = record(tmp_path / "full"), random.Random(SEED)
    wrong = []
    for number, at in enumerate(places(events, dice, 1000 if campaign else 100)):
        said = look(tmp_path / f"cut{number}", *cut(events, at, dice))
        wrong += [f"cut {number} at {at}: {said}"] if said else []
    print(f"seed {SEED}: {number + 1} cuts among {len(events)} events, {len(wrong)} wrong")
    assert not wrong


def test_a_lazier_journal_would_lose_what_was_told(tmp_path: Path) -> None:
    events, dice = record(tmp_path / "normal", "NORMAL"), random.Random(SEED)
    said = (look(tmp_path / f"cut{number}", *cut(events, at, dice)) for number, at in
            enumerate(places(events, dice, 100)))
    assert any("was told" in one for one in said)
