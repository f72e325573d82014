"""Random histories over a server without guarantees; `--campaign` plays a thousand. Each protection is taken out once."""

from __future__ import annotations

import shutil

import pytest

from tests.conformance.weak_mutants import MUTANTS, RARE
from tests.conformance.weak_simulation import play_weak
from tests.sync.histories import CREW
from tests.sync.mutants import Mutant
from tests.sync.quick import quickly, rarely_tidied
from tests.sync.simulation import Tally, Violation

SHORT, LONG, FEW, MANY = 24, 1_000, 20, 500

# How often, in the short form, something must at least have tried to break each rule.
TRIED = {"1 words": 1_000, "4 sent again": 20, "9 ahead": 5, "9 withdrawals stay": 20, "10 sentences": 1_000, "12 unshown": 20}


@pytest.mark.timeout(24 * 3600)
def test_no_history_at_a_weak_server_loses_doubles_overwrites_or_publishes_by_accident(*, campaign: bool) -> None:
    tally, failed = Tally(), []
    with quickly(CREW) as (folder, _), rarely_tidied():
        for seed in range(LONG if campaign else SHORT):
            try:
                tally.add(play_weak(seed, folder / "history"))
            except Violation as violation:
                failed.append(str(violation))
            shutil.rmtree(folder / "history", ignore_errors=True)
    print(vars(tally))
    if failed:
        pytest.fail("\n\n".join(failed[:5]), pytrace=False)
    assert {name: tally.tried[name] for name, least in TRIED.items() if tally.tried[name] < least} == {}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("mutant", [*MUTANTS, *RARE], ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_the_histories_notice_when_a_protection_is_missing(mutant: Mutant, *, campaign: bool) -> None:
    if mutant in RARE and not campaign:
        pytest.skip("seldom noticed: --campaign tries it")
    with quickly(CREW) as (folder, _):
        for number, seed in enumerate(range(MANY) if campaign else dict.fromkeys((mutant.seed, *range(FEW))), 1):
            try:
                with mutant.put_in():
                    play_weak(seed, folder / "history")
            except Violation as violation:
                print(f"{mutant.name}: noticed in history {number}: {str(violation).splitlines()[0]}")
                return
            finally:
                shutil.rmtree(folder / "history", ignore_errors=True)
    pytest.fail(f"nobody notices: {mutant.name}")
