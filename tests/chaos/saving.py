"""A process that saves through our store while its disk is recorded: `python -m tests.chaos.saving FOLDER N SYNCHRONOUS`.

Writes the events and acknowledgements, in order, to `events` beside FOLDER.
"""

from __future__ import annotations

import marshal
import random
import sys
from pathlib import Path

from editor.base import sqlite
from editor.desk.ports import Entity
from editor.store.profile import Profile, open_profile
from tests.chaos.disk import Disk

ARTICLES = 7
LAST = "last"


def body(number: int) -> str:
    """The text of a save: short mostly, and some so long that the journal is written back often."""
    dice = random.Random(number)
    length = dice.choice((20, 300, 300, 5000, 120_000))
    return f"Zin {number}. " + "".join(chr(97 + dice.randrange(26)) for _ in range(50)) * (length // 50)


def save(profile: Profile, number: int) -> None:
    """One transaction over several tables and its index."""
    with profile.store.write() as work:
        work.entities.put(Entity("article", f"a{number % ARTICLES}", {"headline": f"w{number}", "body": body(number)}))
        work.profile.put(LAST, str(number))


def main(folder: Path, saves: int, synchronous: str) -> None:
    """Open, save, close; three times."""
    sqlite._BY_ROLE["writer"] = tuple(
        f"PRAGMA synchronous={synchronous}" if "synchronous" in pragma else pragma
        for pragma in sqlite._BY_ROLE["writer"])
    with Disk() as disk:
        number = 0
        for _ in range(3):
            with open_profile(folder) as profile:
                for _ in range(saves // 3):
                    number += 1
                    save(profile, number)
                    disk.events.append(("told", number))
    (folder.parent / "events").write_bytes(marshal.dumps(disk.events))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
