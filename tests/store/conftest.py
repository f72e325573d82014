"""A profile of its own for each test, on a real file, and a clock that stands until it is moved."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from editor.base.clock import FixedClock
from editor.store.profile import Profile, open_profile
from editor.store.unit_of_work import Store

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(NOON)


@pytest.fixture
def profile(tmp_path: Path, clock: FixedClock) -> Iterator[Profile]:
    with open_profile(tmp_path / "main", clock=clock) as opened:
        yield opened


@pytest.fixture
def store(profile: Profile) -> Store:
    return profile.store


@pytest.fixture
def reopen(tmp_path: Path, clock: FixedClock) -> Iterator[Callable[[], Profile]]:
    """Close what was opened before and open the same folder again."""
    opened: list[Profile] = []

    def again() -> Profile:
        for before in opened:
            before.close()
        opened.append(open_profile(tmp_path / "main", clock=clock))
        return opened[-1]
    yield again
    for before in opened:
        before.close()
