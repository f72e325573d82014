"""What every test stands on: a home of its own, Qt without a screen, and the strictnesses of `tests/fixtures`.

Fixtures for all: `campaign`, `postgres_url`, `postgres_database`, `chromium`, `axe_source`. A folder's own stand in its
own `conftest.py`.
"""

import os
import shutil
import tempfile
from pathlib import Path

import hypothesis
import pytest

pytest_plugins = ["tests.fixtures.strictness", "tests.fixtures.dialogs", "tests.fixtures.postgres", "tests.fixtures.browser"]

HOME = pytest.StashKey[Path]()


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("redactie")
    group.addoption("--campaign", action="store_true", help="the long form: more examples, more rounds, more seeds")
    group.addoption("--qt-platform", default="offscreen", help="Qt's platform for tests in this process")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before Qt or keyring is loaded: nothing of the person's own may be read or written."""
    home = Path(tempfile.mkdtemp(prefix="redactie-tests-"))
    config.stash[HOME] = home
    os.environ.update(
        HOME=str(home),
        USERPROFILE=str(home),
        XDG_CONFIG_HOME=str(home / "config"),
        XDG_DATA_HOME=str(home / "data"),
        XDG_CACHE_HOME=str(home / "cache"),
        XDG_STATE_HOME=str(home / "state"),
        XDG_RUNTIME_DIR=str(home / "runtime"),
        PYTHON_KEYRING_BACKEND="keyring.backends.fail.Keyring",
        QT_QPA_PLATFORM=config.getoption("--qt-platform"),
    )
    (home / "runtime").mkdir(mode=0o700)
    for name in ("REDACTIE_PROFILE", "DBUS_SESSION_BUS_ADDRESS", "QT_STYLE_OVERRIDE", "QT_SCALE_FACTOR", "QT_QPA_PLATFORMTHEME"):
        os.environ.pop(name, None)
    # No deadline: how fast a machine is says nothing about whether the program is right.
    slow = [hypothesis.HealthCheck.too_slow]
    hypothesis.settings.register_profile("house", deadline=None, max_examples=60, suppress_health_check=slow)
    hypothesis.settings.register_profile("campaign", deadline=None, max_examples=2000, suppress_health_check=slow)
    hypothesis.settings.load_profile("campaign" if config.getoption("--campaign") else "house")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest file first: with two workers it would else run alone at the end."""
    items.sort(key=lambda item: item.path.name != "test_campaign.py")


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash[HOME], ignore_errors=True)


@pytest.fixture(scope="session")
def campaign(request: pytest.FixtureRequest) -> bool:
    """Whether the long form was asked for (`--campaign`)."""
    return bool(request.config.getoption("--campaign"))
