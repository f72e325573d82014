"""Scale: the first reading of a great newsroom through a real press over HTTP, and a window that nobody touches.

The reading is killed on its way and goes on in the program's own window, in which somebody types all the while.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from editor.backends.press import token_name
from editor.base import sqlite
from editor.base.memory import resident
from editor.bench.children import PARTS, PROBES, failed, surroundings, told, where
from editor.bench.great_newsroom import database_url, fill_newsroom
from editor.bench.measuring import Figure, median, p95, p99
from editor.bench.serving import serving
from editor.desk import first_reading
from editor.desk.connecting import STREAMS
from editor.desk.ports import FeedRow
from editor.desk.read_models import Reader
from editor.press import service
from editor.station import bind_press, open_workstation
from editor.store.secrets import SECRETS, FileSecrets

PAGE = 200
KILLED_AT = 0.25  # of the whole
LEAST = 10_000 / 60  # things a second: ten thousand articles in a minute
FLAT_MB = 20.0  # memory that does not grow with what is read
SAVED_HERE = 2  # articles that the measurement itself writes


@dataclass(slots=True)
class Heard:
    """What a child that reads said, with what of it was in memory at each line."""

    lines: list[dict[str, Any]] = field(default_factory=list)
    resident: list[tuple[int, float]] = field(default_factory=list)  # things that were there, MB

    def rate(self) -> float:
        """Things a second, between the first and the last page that was taken in."""
        found = [line for line in self.lines if line.get("total")]
        seconds = found[-1]["at"] - found[0]["at"]
        return (found[-1]["done"] - found[0]["done"]) / seconds if seconds else 0.0

    def came(self) -> int:
        """Things that came."""
        return sum(line.get("came", 0) for line in self.lines)

    def growth(self) -> float:
        """MB by which the process grew from the middle to the end."""
        half = self.resident[len(self.resident) // 2:]
        return half[-1][1] - half[0][1] if half else 0.0


def scale(*, articles: int = 10_000, reactions: int = 100_000) -> list[Figure]:
    """Reading a newsroom of that size: rate, memory, going on after a kill, and typing meanwhile."""
    with _newsroom(articles, reactions) as (folder, total):
        killed = _read("read", folder, lambda line: line.get("done", 0) >= KILLED_AT * total)
        stood = _stood(folder)
        rest = _read("read-typing", folder, lambda line: False)
        missing = articles + reactions - _stands(folder)
    name = f"of {articles:,} + {reactions:,}"
    first = next(line for line in killed.lines if line.get("done"))["at"] - killed.lines[0]["begun"]
    memory, least = rest.lines[-1]["peak"], rest.resident[0][1]
    return [
        Figure("first articles of a newsroom there", first * 1000, PAGE / killed.rate() * 1000, "ms", None, 1, limit=2000,
               note=name),
        Figure("first reading", killed.rate(), LEAST, "/s", 1.0, 1, best_low=False, note=name),
        Figure("first reading while somebody types", rest.rate(), LEAST, "/s", 1.0, 1, best_low=False, note=name),
        Figure("fetched again after kill -9", killed.came() - stood, PAGE, "rows", None, 1, limit=PAGE, note=name),
        Figure("missing after it", missing, PAGE, "rows", None, 1, limit=0, note=name),
        Figure("memory while a newsroom is read, most", memory, least, "MB", None, 1, note=name),
        Figure("its growth in the second half", max(0.0, rest.growth()), least, "MB", None, 1, limit=FLAT_MB, note=name),
        *_typed(rest.lines[-1], name)]


def _typed(found: dict[str, Any], name: str) -> list[Figure]:
    """What somebody felt of it: keys beside those in the same window afterwards, saves."""
    note = f"{name}, {where()}"
    typed, quiet = found["reading"], found["quiet"]
    saves, floors = found["saves"], found["quiet_saves"]
    keys = [Figure(f"key while a newsroom is read, {what}", of(typed), of(quiet), "ms", None, len(typed), note=note)
            for what, of in (("p50", median), ("p95", p95), ("p99", p99))]
    return [*keys,
            Figure("save while a newsroom is read, p50", median(saves), median(floors), "ms", None, len(saves), note=note),
            Figure("save while a newsroom is read, p99", p99(saves), p99(floors), "ms", None, len(saves), limit=20,
                   note=note),
            Figure("longest gap while a newsroom is read", found["gap"], median(quiet), "ms", None, 1, note=note)]


def idle(*, seconds: int = 60, articles: int = 2_000) -> list[Figure]:
    """A window on a connected press that nobody touches: what it works, and what of it is in memory."""
    with _newsroom(articles, articles) as (folder, _):
        _read("read", folder, lambda line: False)
        found = told(PARTS, "idle", folder, seconds)
        floor = told(PROBES, "idle-bare", seconds)
    note = f"{where()}, {seconds} s, sync {found['state']}"
    return [Figure("processor of an idle window", found["share"], max(0.001, floor["share"]), "%", None, 1, limit=0.5, note=note),
            Figure("memory after start", found["resident"], floor["resident"], "MB", None, 1, note=note)]


@contextmanager
def _newsroom(articles: int, reactions: int) -> Iterator[tuple[Path, int]]:
    """A profile that is bound to a press that serves, and how much there is to read."""
    with tempfile.TemporaryDirectory(prefix="redactie-") as name:
        url = database_url(Path(name))
        service.create_newsroom(url, name="Proef")
        token = service.add_user(url, name="Proef", roles=("editor", "moderator")).token
        fill_newsroom(Path(name), articles=articles, reactions=reactions)
        with serving(url, 1) as address:
            folder = Path(name) / "profile"
            folder.mkdir()
            FileSecrets(folder / SECRETS).put(token_name(address), token)  # never into a person's keyring
            station = open_workstation(folder, changing=True)
            try:
                bind_press(station, address, token)
            finally:
                station.close()
            yield folder, articles + reactions + 2  # the newsroom and its one person


def _read(part: str, folder: Path, is_enough: Callable[[dict[str, Any]], bool]) -> Heard:
    """What a reading child says until its end, or until it is killed because it said enough."""
    heard = Heard()
    words = [sys.executable, "-m", PARTS, part, str(folder)]
    with tempfile.TemporaryFile() as errors, subprocess.Popen(  # noqa: S603
            words, env=surroundings(), stdout=subprocess.PIPE, stderr=errors, text=True) as child:
        assert child.stdout is not None  # asked for
        for text in child.stdout:
            line = json.loads(text)
            heard.lines.append(line)
            if line.get("done"):
                heard.resident.append((line["done"], resident(str(child.pid))))
            if is_enough(line):
                child.kill()
        if child.wait() not in (0, -9):
            errors.seek(0)
            raise failed((part,), errors.read().decode(errors="replace")[-2000:])
    return heard


def _stood(folder: Path) -> int:
    """How many things a profile has read, as it stands there after a kill."""
    found, station = [], open_workstation(folder, changing=True)
    try:
        for stream in STREAMS:
            place = station.door.change_now(partial(first_reading.place, stream=stream))
            feed = station.door.read_now(partial(_feed, stream=stream))
            found.append(place.done if place is not None else feed.rows_done)
    finally:
        station.close()
    return sum(found)


def _feed(reader: Reader, *, stream: str) -> FeedRow:
    return reader.feed(stream)


def _stands(folder: Path) -> int:
    """How many articles and reactions stand in a profile, without those that were written here."""
    raw = sqlite.connect(folder / "redactie.db", "reader")
    try:
        counted = (raw.execute(f"SELECT count(*) FROM {name}").fetchone() for name in ("article", "reaction"))  # noqa: S608
        return sum(int(row[0]) for row in counted) - SAVED_HERE
    finally:
        raw.close()
