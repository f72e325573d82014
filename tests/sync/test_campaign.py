"""Random histories. `--campaign` plays twenty thousand and goes on where it was interrupted; what it has done stands in
`--campaign-folder` (or REDACTIE_CAMPAIGN, or the system's folder for temporary things). `--seed N` plays one.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from tests.sync import campaign as campaigns
from tests.sync.histories import CREW
from tests.sync.quick import quickly
from tests.sync.simulation import STEPS, Tally, play

SHORT, LONG = 100, 20_000

# How often, in the short form, something must at least have tried to break each rule: a third of what was counted.
TRIED = {
    "1 at the end": 300, "1 tags": 16, "1 words": 13182, "10 sentences": 2312, "11 actor": 634,
    "11 other log-in": 6, "12 deleted under words": 1, "12 deletions": 30, "13 dense feed": 460,
    "14 log": 234, "14 visible": 4, "15 crashes": 29, "15 server crashes": 4, "2 one effect": 437,
    "3 kept words": 2363, "3 parent": 242, "4 one in flight": 44, "4 sealed": 634, "4 sent again": 66,
    "5 base": 426, "6 cursor": 2712, "6 stashed": 11, "7 equal": 344, "8 asked": 11, "8 other lanes": 3,
    "8 through silence": 9, "8 waiting": 1, "9 ahead": 42, "9 embargo": 2, "9 embargo ahead": 5,
    "9 embargo moved": 9, "9 half a headline": 2, "9 headlines": 33, "9 hidden pages": 11, "9 last words": 10,
    "9 late copy": 18, "9 lines off": 13, "9 past a card": 2, "9 public lines": 5, "9 public pages": 12,
    "9 released": 59, "9 said public": 2236, "9 snapshot": 6, "9 tempted": 8, "9 thought better": 14,
}


@pytest.mark.timeout(7 * 24 * 3600)
def test_no_history_loses_doubles_overwrites_or_publishes_by_accident(tmp_path: Path, request: pytest.FixtureRequest, *,
                                                                     campaign: bool) -> None:
    seed = request.config.getoption("seed", default=None)
    if seed is not None:
        _play_one(seed, request.config.getoption("steps", default=STEPS))
        return
    terminal = request.config.pluginmanager.get_plugin("terminalreporter")
    folder = _lasting_folder(request) if campaign else tmp_path / "campaign"
    beside_other_tests = "PYTEST_XDIST_WORKER" in os.environ
    outcome = campaigns.run(folder, LONG if campaign else SHORT, STEPS, workers=1 if beside_other_tests else None,
                            tell=lambda line: terminal.write_line(line) if campaign and terminal else print(line))
    if outcome.violations:
        pytest.fail("\n\n".join(list(outcome.violations.values())[:5]), pytrace=False)
    assert _missing(outcome.tally) == {}, "too rarely tried to prove anything"


def _missing(tally: Tally) -> dict[str, int]:
    return {name: tally.tried[name] for name, least in TRIED.items() if tally.tried[name] < least}


def _play_one(seed: int, steps: int) -> None:
    with quickly(CREW) as (folder, newsroom):
        play(seed, folder / "history", newsroom, steps)


def _lasting_folder(request: pytest.FixtureRequest) -> Path:
    named = request.config.getoption("campaign_folder", default=None) or os.environ.get("REDACTIE_CAMPAIGN")
    return Path(named) if named else Path(tempfile.gettempdir()) / "redactie-campaign"
