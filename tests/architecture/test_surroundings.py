"""The surroundings that every test relies on are there: a home of its own, a database server, no way to the person's keys."""

import os
import tempfile
from pathlib import Path

import keyring
import keyring.errors
import psycopg
import pytest

from editor.base.paths import profile_dir, resources


def test_a_profile_is_made_in_the_tests_own_home_only():
    assert Path(tempfile.gettempdir()).resolve() in profile_dir("main").resolve().parents
    assert str(profile_dir("main")).startswith(os.environ["HOME"])


def test_resources_are_the_checkouts():
    assert resources() == Path(__file__).resolve().parents[2] / "resources"


def test_the_persons_keyring_is_out_of_reach():
    with pytest.raises(keyring.errors.KeyringError):
        keyring.set_password("redactie", "main", "secret")


def test_qt_draws_without_a_screen(qapp):
    assert qapp.platformName() == "offscreen"


def test_each_test_gets_an_empty_database_on_a_server_that_writes_durably(postgres_database: str):
    address = postgres_database.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(address) as connection:
        assert connection.execute("SHOW fsync").fetchone() == ("on",)
        assert connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone() == (0,)


def test_the_accessibility_reader_is_there(axe_source: str):
    assert "axe.run" in axe_source
