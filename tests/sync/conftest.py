"""A newsroom for each test; see `newsroom.py`. And the words of the campaign; see `test_campaign.py`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sync.newsroom import Newsroom


def pytest_addoption(parser: pytest.Parser) -> None:
    """Known when this folder, or a file in it, is named."""
    group = parser.getgroup("redactie")
    group.addoption("--seed", type=int, help="play this one random history")
    group.addoption("--steps", type=int, default=200, help="of so many steps")
    group.addoption("--campaign-folder", help="where the long form writes down what it has played")


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
