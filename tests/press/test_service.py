"""Press as a program: opened once, of its own version, ended without loss."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from editor.base import sqlite
from editor.base.errors import UserError
from editor.press import service
from editor.press.database import Database
from editor.press.schema import SCHEMA_VERSION, Base
from tests.press.processes import ROOT, desk_at, process


def test_what_was_acknowledged_survives_a_kill(sqlite_url: str):
    service.create_newsroom(sqlite_url, name="De Proefkrant")
    token = service.add_user(sqlite_url, name="Samira", roles=["editor"]).token
    with process(sqlite_url) as (press, url):
        desk = desk_at(url, token)
        made = [desk.write(headline=str(n)) for n in range(5)]
        epoch = desk.changes()["epoch"]
        press.send_signal(signal.SIGKILL)
        press.wait()
        desk.http.close()
    with process(sqlite_url) as (_, url):
        desk = desk_at(url, token)
        assert [desk.entity(row["id"])["rev"] for row in made] == [row["rev"] for row in made]
        assert desk.changes()["epoch"] == epoch
        desk.http.close()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to catch")
def test_a_press_that_is_asked_to_stop_ends_by_itself(sqlite_url: str):
    with process(sqlite_url) as (press, _):
        press.terminate()
        out, err = press.communicate(timeout=20)
        assert (press.returncode, out.strip(), err) == (0, "ended", "")


def test_a_second_press_of_one_database_is_refused(sqlite_url: str):
    with process(sqlite_url), pytest.raises(UserError) as refused:
        service.open_press(sqlite_url)
    assert refused.value.kind == "press_in_use"


def test_a_person_is_added_beside_a_running_press(sqlite_url: str):
    with process(sqlite_url) as (_, url):
        desk = desk_at(url, service.add_user(sqlite_url, name="Samira", roles=["editor"]).token)
        assert desk.http.get("/v1/sync/hello").json()["user"]["name"] == "Samira"
        service.revoke_user(sqlite_url, name="Samira")
        assert desk.http.get("/v1/sync/hello").status_code == 401
        desk.http.close()
    assert [(user.name, user.is_active) for user in service.list_users(sqlite_url)] == [("Samira", False)]


def test_a_database_of_a_newer_version_is_left_as_it_is(sqlite_url: str):
    service.create_newsroom(sqlite_url, name="X")
    connection = sqlite.connect(sqlite_url.removeprefix("sqlite:///"), "writer")
    connection.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1}")
    connection.close()
    with pytest.raises(UserError) as refused:
        service.open_press(sqlite_url)
    assert refused.value.kind == "newer_database"


def test_the_migrations_make_the_tables_that_the_rows_describe(request: pytest.FixtureRequest, sqlite_url: str):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    for url in (sqlite_url, request.getfixturevalue("postgres_database")):
        database = Database(url, create=True)
        with database.read() as session:
            context = MigrationContext.configure(session.connection(), opts={"include_name": _ours})
            assert compare_metadata(context, Base.metadata) == []
        database.close()


def _ours(name: str | None, kind: str, _: object) -> bool:
    return kind != "table" or name != "alembic_version"


def test_only_a_sample_has_a_clock_of_its_own(sqlite_url: str, tmp_path: Path):
    with pytest.raises(UserError, match="Only a sample"):
        service.create_newsroom(sqlite_url, name="Echt", clock_offset=timedelta(hours=1))
    service.create_newsroom(sqlite_url, name="Echt")
    with pytest.raises(UserError, match="Only a sample"):
        service.open_press(sqlite_url, clock_offset=timedelta(hours=1))
    sample = f"sqlite:///{tmp_path / 'sample.db'}"
    service.create_newsroom(sample, name="Voorbeeld", sample=True, clock_offset=timedelta(days=-400))
    press, real = service.open_press(sample), service.open_press(sqlite_url)
    assert (real.clock.now() - press.clock.now()) > timedelta(days=399)
    assert press.house.sample
    press.database.close()
    real.database.close()


def test_a_database_has_one_newsroom(sqlite_url: str):
    service.create_newsroom(sqlite_url, name="Een")
    with pytest.raises(UserError, match="has a newsroom already"):
        service.create_newsroom(sqlite_url, name="Twee")


@pytest.mark.parametrize(("call", "kind"), [
    ({"name": "  ", "roles": ["editor"]}, "bad_name"), ({"name": "Tom", "roles": []}, "no_roles"),
    ({"name": "Tom", "roles": ["baas"]}, "unknown_role")])
def test_a_person_without_name_or_role_is_refused_in_one_sentence(sqlite_url: str, call: dict[str, object], kind: str):
    with pytest.raises(UserError) as refused:
        service.add_user(sqlite_url, **call)  # type: ignore[arg-type]
    assert refused.value.kind == kind


def test_what_cannot_be_served_is_said_in_one_sentence(sqlite_url: str, tmp_path: Path):
    with pytest.raises(UserError) as refused:
        service.serve(sqlite_url, workers=2)
    assert refused.value.kind == "workers"
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(UserError) as refused:
            service.serve(sqlite_url, port=taken.getsockname()[1])
    assert refused.value.kind == "port_taken"
    for url, kind in (("mysql://x/y", "bad_database_url"), ("geen adres", "bad_database_url"),
                      ("sqlite://", "bad_database_url"), (f"sqlite:///{tmp_path / 'niets.db'}", "no_database")):
        with pytest.raises(UserError) as refused:
            service.list_users(url)
        assert refused.value.kind == kind, url


def test_the_token_itself_is_nowhere_in_the_database(sqlite_url: str):
    token = service.add_user(sqlite_url, name="Samira", roles=["editor"]).token
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    connection = sqlite.connect(path, "writer")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    assert token.encode() not in path.read_bytes()


@pytest.mark.skipif(not sqlite.BUNDLED, reason="there is no bundled SQLite here")
def test_press_never_loads_a_second_sqlite(sqlite_url: str):
    code = """
        import sys
        from editor.press import service
        service.open_press(sys.argv[1], create=True).database.close()
        assert "_sqlite3" not in sys.modules
    """
    subprocess.run([sys.executable, "-c", textwrap.dedent(code), sqlite_url], cwd=ROOT, check=True)
