"""Pushes into press beside pgbench on the same PostgreSQL. No test asserts a time; `-s --campaign` tells the figures."""

from __future__ import annotations

import subprocess
from typing import Any

import pytest

from editor.base.errors import Bug
from editor.bench.serving import pushes, transactions
from tests.fixtures.postgres import Cluster, programs, who

TOLD = "scaling factor: 1\nlatency average = 0.7 ms\ntps = 1423.5 (without initial connection time)\n"


@pytest.fixture
def simple_update(postgres_cluster: Cluster, postgres_database: str):
    """Measures pgbench's rate with so many clients for so many seconds, in a database of its own."""
    binaries = programs()
    assert binaries is not None  # the cluster has them
    if not (binaries / "pgbench").exists():
        pytest.skip("pgbench is missing; on Debian and Ubuntu: sudo apt-get install postgresql")
    place = ["-h", str(postgres_cluster.folder), "-U", "redactie"]
    name = "floor_" + postgres_database.partition("?")[0].rpartition("/")[2]
    postgres_cluster.run("createdb", *place, name)
    postgres_cluster.run("pgbench", *place, "-i", "-q", "-s", "10", name)

    def measure(clients: int, seconds: int) -> float:
        words: list[Any] = [binaries / "pgbench", *place, "-N", "-n", "-c", clients, "-j", min(clients, 2), "-T", seconds]
        done = subprocess.run([*map(str, words), name], capture_output=True, text=True, check=True, timeout=120, **who())
        return transactions(done.stdout)

    yield measure
    postgres_cluster.run("dropdb", *place, "--force", name)


@pytest.mark.timeout(240)
@pytest.mark.parametrize(("writers", "workers"), [(1, 1), (8, 1), (8, 2)])
def test_pushes_are_measured_beside_the_database_alone(postgres_database: str, simple_update, campaign: bool, writers: int,
                                                       workers: int):
    if not campaign and (writers, workers) != (8, 2):
        pytest.skip("the short form measures one arrangement: use --campaign")
    seconds = 10 if campaign else 1
    figure = pushes(postgres_database, lambda: simple_update(writers, seconds), writers=writers, seconds=seconds,
                    workers=workers)
    print(f"\n{figure.line()}")
    assert figure.n >= writers  # everybody got through
    assert figure.value > 0
    assert figure.floor > 0


def test_what_pgbench_tells_is_read_and_nothing_else_taken_for_it():
    assert transactions(TOLD) == 1423.5
    with pytest.raises(Bug, match="pgbench"):
        transactions("pgbench: error: could not connect")
