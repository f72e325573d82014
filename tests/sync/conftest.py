"""A newsroom for each test; see `newsroom.py`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.newsroom import Newsroom


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """Press and its desks, in this process."""
    made = Newsroom(tmp_path / "newsroom")
    yield made
    made.close()


@pytest.fixture
def http_newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """The same over real sockets."""
    made = Newsroom(tmp_path / "newsroom", http=True)
    yield made
    made.close()
