"""Migrations: the chain gives the schema that a new profile gets, and a failing one changes nothing."""

import re
from pathlib import Path

import pytest

from editor.base import sqlite
from editor.base.clock import FixedClock
from editor.base.errors import Bug
from editor.store.engine import create_database, user_version
from editor.store.migrating import OURS, Ladder, climb, migrate
from editor.store.profile import open_profile
from editor.store.schema import SCHEMA_VERSION
from tests.store.conftest import NOON

ENV = (OURS / "env.py").read_text(encoding="utf-8")
FIRST = """
revision = "0001"
down_revision = None
from alembic import op
def upgrade():
    op.execute("CREATE TABLE parent(id INTEGER PRIMARY KEY, name TEXT)")
    op.execute("CREATE TABLE child(id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parent(id) ON DELETE CASCADE)")
    op.execute("INSERT INTO parent VALUES(1, 'Anna')")
    op.execute("INSERT INTO child VALUES(1, 1)")
"""
REBUILD = """
revision = "0002"
down_revision = "0001"
import sqlalchemy as sa
from alembic import op
def upgrade():
    with op.batch_alter_table("parent", recreate="always") as batch:
        batch.add_column(sa.Column("desk", sa.Text()))
"""
FAILS = """
revision = "0002"
down_revision = "0001"
from alembic import op
def upgrade():
    op.execute("CREATE TABLE half(id INTEGER)")
    op.execute("UPDATE parent SET name = 'Bas'")
    raise RuntimeError("cut short")
"""
ORPHANS = """
revision = "0002"
down_revision = "0001"
from alembic import op
def upgrade():
    op.execute("DELETE FROM parent")
"""


def ladder(folder: Path, *steps: str) -> Ladder:
    versions = folder / "versions"
    versions.mkdir(parents=True, exist_ok=True)
    (folder / "env.py").write_text(ENV, encoding="utf-8")
    for number, step in enumerate(steps, 1):
        (versions / f"{number:04d}_step.py").write_text(step, encoding="utf-8")
    return Ladder(folder, len(steps))


def schema_of(path: Path) -> dict[str, str]:
    connection = sqlite.connect(path, "reader")
    rows = connection.execute("SELECT type || ' ' || name, sql FROM sqlite_master").fetchall()
    connection.close()
    return {name: re.sub(r"\s*([(),])\s*", r"\1", re.sub(r"\s+", " ", sql or "").strip()) for name, sql in rows}


def ask(path: Path, question: str) -> list[tuple[object, ...]]:
    connection = sqlite.connect(path, "reader")
    try:
        found: list[tuple[object, ...]] = connection.execute(question).fetchall()
        return found
    finally:
        connection.close()


def test_a_new_database_and_the_chain_of_migrations_give_one_schema(tmp_path: Path) -> None:
    create_database(tmp_path / "new.db", {"replica_id": "r"})
    climb(tmp_path / "old.db", Ladder())
    new, old = schema_of(tmp_path / "new.db"), schema_of(tmp_path / "old.db")
    assert new.keys() == old.keys()
    assert {name: sql for name, sql in new.items() if old[name] != sql} == {}
    for path in (tmp_path / "new.db", tmp_path / "old.db"):
        assert user_version(path) == SCHEMA_VERSION
        assert ask(path, "SELECT version_num FROM alembic_version") == [(f"{SCHEMA_VERSION:04d}",)]


def test_a_rebuilt_parent_keeps_its_children(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    climb(path, ladder(tmp_path / "one", FIRST))
    climb(path, ladder(tmp_path / "two", FIRST, REBUILD))
    assert ask(path, "SELECT name, desk FROM parent") == [("Anna", None)]
    assert ask(path, "SELECT parent_id FROM child") == [(1,)]
    assert user_version(path) == 2


def test_a_migration_that_fails_leaves_the_database_as_it_was_and_a_copy_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    climb(path, ladder(tmp_path / "one", FIRST))
    before = schema_of(path)
    with pytest.raises(RuntimeError, match="cut short"):
        migrate(path, tmp_path / "backups", NOON, ladder(tmp_path / "two", FIRST, FAILS))
    assert schema_of(path) == before
    assert ask(path, "SELECT name FROM parent") == [("Anna",)]
    assert user_version(path) == 1
    copy, = (tmp_path / "backups").iterdir()
    assert copy.name == "before-version-2-20260302T120000Z.db"
    assert ask(copy, "SELECT name FROM parent") == [("Anna",)]


def test_a_migration_that_orphans_rows_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    climb(path, ladder(tmp_path / "one", FIRST))
    with pytest.raises(Bug, match="nowhere"):
        climb(path, ladder(tmp_path / "two", FIRST, ORPHANS))
    assert ask(path, "SELECT name FROM parent") == [("Anna",)]
    assert user_version(path) == 1


def test_the_statement_of_every_version_matches_its_number() -> None:
    names = sorted(path.name for path in (OURS / "versions").glob("[0-9]*.py"))
    assert [int(name[:4]) for name in names] == list(range(1, SCHEMA_VERSION + 1))


def test_opening_decides_by_the_version_alone(tmp_path: Path, clock: FixedClock) -> None:
    open_profile(tmp_path / "p", clock=clock).close()
    path = tmp_path / "p" / "redactie.db"
    connection = sqlite.connect(path, "writer")
    connection.execute("DROP TABLE alembic_version")  # nobody asks for it while the version fits
    connection.close()
    with open_profile(tmp_path / "p", clock=clock) as mine, mine.store.read() as reader:
        assert reader.counts().articles == 0
