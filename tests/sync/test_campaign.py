"""Seeded random histories; `--campaign` runs a thousand. A failing one names its seed: `run_history(seed, folder)`."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.sync.checks import all_is_well, nothing_is_public_that_nobody_approved, take_backs_have_won
from tests.sync.histories import History

STEPS = 40
SHORT, LONG = 20, 1000


def run_history(seed: int, folder: Path, steps: int = STEPS) -> History:
    """One history from its seed, healed and checked. The caller closes it."""
    history = History(seed, folder)
    history.after_sync = lambda: nothing_is_public_that_nobody_approved(history)
    history.before_cards = lambda: take_backs_have_won(history)
    try:
        history.run(steps)
        history.heal()
        all_is_well(history)
    except BaseException:
        print(f"seed {seed}:\n" + "\n".join(history.log))
        history.close()
        raise
    return history


@pytest.mark.timeout(7200)  # the long form takes its time
def test_no_history_loses_doubles_overwrites_or_publishes_by_accident(tmp_path: Path, *, campaign: bool) -> None:
    failed: list[str] = []
    counts: dict[str, int] = {}
    for seed in range(LONG if campaign else SHORT):
        folder = tmp_path / str(seed)
        try:
            history = run_history(seed, folder)
        except Exception as error:
            failed.append(f"seed {seed}: {type(error).__name__}: {error}")
            continue
        for person in history.people:
            for fault, times in person.desk.network.counts.items():
                counts[fault.name] = counts.get(fault.name, 0) + times
        counts["typed"] = counts.get("typed", 0) + sum(map(len, history.ledger.written.values()))
        history.close()
        shutil.rmtree(folder)
    print(counts)
    if failed:
        pytest.fail("\n".join(failed), pytrace=False)
