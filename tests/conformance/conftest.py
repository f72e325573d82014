"""The places of the conformance suite: each is made once, and every case runs in each."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.place import Place
from tests.conformance.press_place import PressPlace
from tests.conformance.weak_place import WeakPlace
from tests.fixtures.postgres import Cluster


@pytest.fixture(scope="session")
def weak_place() -> Iterator[WeakPlace]:
    """The weak server."""
    place = WeakPlace()
    yield place
    place.close()


@pytest.fixture(scope="session")
def press_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PressPlace]:
    """Press on SQLite."""
    folder: Path = tmp_path_factory.mktemp("conformance")
    place = PressPlace("press on SQLite", f"sqlite:///{folder / 'press.db'}", folder)
    yield place
    place.close()


@pytest.fixture(scope="session")
def press_on_postgresql(postgres_cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PressPlace]:
    """Press on PostgreSQL."""
    postgres_cluster.run("createdb", "-h", str(postgres_cluster.folder), "-U", "redactie", "conformance")
    place = PressPlace("press on PostgreSQL", postgres_cluster.url("conformance"), tmp_path_factory.mktemp("conformance"))
    yield place
    place.close()


@pytest.fixture(scope="session", params=["press_on_sqlite", "press_on_postgresql", "weak_place"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each of them in turn."""
    found: Place = request.getfixturevalue(request.param)
    return found
