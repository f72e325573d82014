"""Every protection of sync is missed by the histories when it is taken out (the mutation gate of sync design E).

In an ordinary run each, but those of `RARE`, is tried on the history that is known to miss it, and on some more;
`--campaign` tries all from seed 0 and tells after how many histories each was missed.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.sync.histories import CREW
from tests.sync.mutants import MUTANTS, RARE, Mutant
from tests.sync.newsroom import Newsroom
from tests.sync.quick import quickly, rarely_tidied
from tests.sync.simulation import STEPS, Violation, play

FEW, MANY = 12, 5_000
Stage = tuple[Path, Callable[[Path], Newsroom]]


@pytest.fixture(scope="module")
def stage() -> Iterator[Stage]:
    """Where the histories of this file are played."""
    with quickly(CREW) as made, rarely_tidied():
        yield made


@pytest.mark.timeout(24 * 3600)
@pytest.mark.parametrize("mutant", [*MUTANTS, *RARE], ids=lambda mutant: mutant.name.replace(" ", "-"))
def test_the_histories_miss_it(mutant: Mutant, stage: Stage, *, campaign: bool) -> None:
    if mutant in RARE and not campaign:
        pytest.skip("only the long form looks for it: --campaign")
    seeds = range(MANY) if campaign else dict.fromkeys((mutant.seed, *range(FEW)))
    began = time.monotonic()
    for number, seed in enumerate(seeds, 1):
        with mutant.put_in():
            violation = _violation(stage, seed)
        if violation:
            print(f"{mutant.name}: after {number} histories, {time.monotonic() - began:.1f} s: {violation}")
            return
    pytest.fail(f"nobody missed it in {len(seeds)} histories: {mutant.name}", pytrace=False)


def test_without_a_mutant_those_histories_are_in_order(stage: Stage) -> None:
    for seed in sorted({mutant.seed for mutant in MUTANTS})[:3]:
        assert _violation(stage, seed) == ""


def _violation(stage: Stage, seed: int) -> str:
    folder, newsroom = stage
    try:
        play(seed, folder / "history", newsroom, STEPS)
    except Violation as error:
        return str(error).splitlines()[0]
    finally:
        shutil.rmtree(folder / "history", ignore_errors=True)
    return ""
