"""The tables go from version to version and back with what is in them, on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from editor.base.errors import UserError
from editor.press import service
from editor.press.database import Database
from editor.press.migrating import migrate, version_of
from editor.press.schema import SCHEMA_VERSION
from tests.press.running import Desk, Running
from tests.press.test_media import png, send, sha


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    found: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_database")
    return found


def _to(url: str, version: int) -> None:
    database = Database(url)
    with database._migrator.begin() as connection:
        migrate(connection, version)
        assert version_of(connection) == version
    database.close()


def _rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in every table of the present version, by the database's own word."""
    database = Database(url)
    try:
        with database.read() as session:
            connection = session.connection()
            tables = [name for name in sa.inspect(connection).get_table_names() if name != "alembic_version"]
            return {name: sorted(tuple(row) for row in connection.exec_driver_sql(f'SELECT * FROM "{name}"'))
                    for name in sorted(tables)}
    finally:
        database.close()


def test_down_and_up_again_keeps_everything_that_the_older_version_has_a_place_for(url: str, tmp_path: Path):
    running = Running(url, media=tmp_path / "pictures")
    desk = running.desk("Samira", "editor", "moderator")
    picture = send(desk, png(10))
    article = desk.published(body=f"![Brug](media:{picture})", lead_image={
        "media_id": picture, "alt": "", "caption": "", "credit": ""})
    desk.http.put(f"/v1/presence/{article}")
    path = running.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(running.url, "")
    reader = running.reader()
    assert reader.react(path, email="jan@example.org").status_code == 303
    reader.close()
    running.stop()
    before = _rows(url)
    assert before["media_use"]
    _to(url, 1)
    after = _rows(url)  # opening brings it up to date
    assert after.pop("presence") == []
    before.pop("presence")
    assert after == before
    running.start()
    again = Desk(running, desk.token, desk.actor_id)
    assert running.page(f"/media/{sha(png(10))}.png").status_code == 200
    assert again.write(headline="Verder")["status"] == "applied"
    again.http.close()
    running.stop()


def test_a_step_that_breaks_off_leaves_everything_as_it_was(url: str):
    service.create_newsroom(url, name="De Proefkrant")
    before = _rows(url)
    database = Database(url)
    with database._migrator.connect() as connection, connection.begin() as half:
        migrate(connection, 1)
        half.rollback()
    database.close()
    assert _rows(url) == before


def test_a_database_of_a_newer_version_is_refused_on_both(url: str):
    service.create_newsroom(url, name="De Proefkrant")
    database = Database(url)
    with database._migrator.begin() as connection:
        word = "PRAGMA user_version={}" if database.is_sqlite else "UPDATE schema_version SET version = {}"
        connection.exec_driver_sql(word.format(SCHEMA_VERSION + 1))
    database.close()
    with pytest.raises(UserError) as refused:
        Database(url)
    assert refused.value.kind == "newer_database"
