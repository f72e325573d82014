"""A running press, on SQLite or on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.press.running import Running


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'press.db'}"


@pytest.fixture
def press(sqlite_url: str) -> Iterator[Running]:
    """A press on SQLite."""
    running = Running(sqlite_url)
    yield running
    running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request: pytest.FixtureRequest) -> Iterator[Running]:
    """A press on each of both databases."""
    fixture = "sqlite_url" if request.param == "sqlite" else "postgres_database"
    running = Running(request.getfixturevalue(fixture))
    yield running
    running.stop()
