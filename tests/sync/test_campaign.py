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

SHORT, LONG = 60, 20_000

# How often, in the short form, something must at least have tried to break each rule: about a third of what was counted.
TRIED = {
    "1 words": 1,
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
    outcome = campaigns.run(folder, LONG if campaign else SHORT, STEPS,
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
