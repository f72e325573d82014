"""Many histories by some processes, with a record on disk: an interrupted campaign goes on where it was.

    python -m tests.sync.campaign FOLDER WORKER WORKERS HISTORIES STEPS

is one worker. It appends a line for each history to a file of its own in FOLDER, named after the fingerprint of the
code: what was played with other code does not count. `run` starts the workers and adds up.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.sync.histories import CREW
from tests.sync.quick import quickly, rarely_tidied
from tests.sync.simulation import Tally, Violation, play

ROOT = Path(__file__).resolve().parents[2]
PLAYED = ("editor", "tests/sync")  # whose code a history depends on
TELL_S = 30.0


@dataclass
class Outcome:
    """What a campaign came to."""

    tally: Tally = field(default_factory=Tally)
    violations: dict[int, str] = field(default_factory=dict)
    seconds: float = 0.0
    played_before: int = 0

    def rate(self) -> float:
        """Histories a second, of those played now."""
        return (self.tally.histories + len(self.violations) - self.played_before) / max(self.seconds, 0.001)


def fingerprint() -> str:
    """Of all code that a history depends on."""
    found = hashlib.sha256()
    for folder in PLAYED:
        for path in sorted((ROOT / folder).rglob("*.py")):
            found.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()[:16]


def run(folder: Path, histories: int, steps: int, *, tell: Callable[[str], None] = lambda line: None,
        workers: int | None = None) -> Outcome:
    """Play the seeds from 0 on that were not played with this code yet. Raises `RuntimeError` when a worker fails."""
    folder.mkdir(parents=True, exist_ok=True)
    code, count = fingerprint(), workers or os.cpu_count() or 1
    before = sum(1 for line in _lines(folder, code) if line["seed"] < histories and line["of"] == steps)
    began = time.monotonic()
    processes = [subprocess.Popen([sys.executable, "-m", "tests.sync.campaign", *map(
        str, (folder, number, count, histories, steps))], cwd=ROOT, stdout=subprocess.DEVNULL) for number in range(count)]
    try:
        while (busy := next((one for one in processes if one.poll() is None), None)) is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                busy.wait(TELL_S)
                continue
            tell(_said(_added_up(folder, code, histories, steps, before, time.monotonic() - began), histories))
    finally:
        for process in processes:
            process.terminate()
            process.wait()
    if any(process.returncode for process in processes):
        raise RuntimeError(f"a worker ended with {[process.returncode for process in processes]}")
    outcome = _added_up(folder, code, histories, steps, before, time.monotonic() - began)
    tell(_said(outcome, histories))
    return outcome


def _said(outcome: Outcome, histories: int) -> str:
    tally = outcome.tally
    return (f"{tally.histories + len(outcome.violations)} of {histories} histories, {outcome.rate():.2f}/s: {tally.steps} steps,"
            f" {tally.edits} edits, {tally.kills} kills, {tally.faults} faults, {len(outcome.violations)} violations")


def _added_up(folder: Path, code: str, histories: int, steps: int, before: int, seconds: float) -> Outcome:
    outcome = Outcome(seconds=seconds, played_before=before)
    for line in _lines(folder, code):
        if line["seed"] >= histories or line["of"] != steps:
            continue
        if line["violation"]:
            outcome.violations[line["seed"]] = line["violation"]
        else:
            told = {name: line[name] for name in ("histories", "steps", "edits", "kills", "faults")}
            outcome.tally.add(Tally(**told, did=Counter(line["did"]), tried=Counter(line["tried"])))
    return outcome


def _lines(folder: Path, code: str) -> Iterator[dict[str, Any]]:
    """What was played with this code. A line that a killed worker did not finish does not count."""
    for path in sorted(folder.glob(f"{code}-*.jsonl")):
        for line in path.read_text("utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def work(folder: Path, worker: int, workers: int, histories: int, steps: int) -> None:
    """Play this worker's share: every n-th seed of those that nobody has played."""
    code = fingerprint()
    done = {line["seed"] for line in _lines(folder, code) if line["of"] == steps}
    mine = [seed for number, seed in enumerate(s for s in range(histories) if s not in done) if number % workers == worker]
    with quickly(CREW) as (place, newsroom), rarely_tidied(), \
            (folder / f"{code}-{worker}.jsonl").open("a", encoding="utf-8") as record:
        record.write("\n")  # after a line that a killed worker left unfinished
        for seed in mine:
            try:
                tally, violation = play(seed, place / str(seed), newsroom, steps), ""
            except Violation as error:
                tally, violation = Tally(), str(error)
            shutil.rmtree(place / str(seed), ignore_errors=True)
            record.write(json.dumps({"seed": seed, "of": steps, "violation": violation, **vars(tally)}) + "\n")
            record.flush()


if __name__ == "__main__":
    work(Path(sys.argv[1]), *map(int, sys.argv[2:]))
