"""Moving a press to another database, and copies of it: nothing is lost, nothing is half (sync D.4)."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest

from editor.base.errors import Unavailable, UserError
from editor.base.ids import new_id
from editor.cli import main
from editor.domain.reconcile import digests_of
from editor.press import people, service
from editor.press.copying import sums_of
from editor.press.database import Database
from editor.press.migrating import migrate
from editor.press.reaction_log import first_broken_link
from tests.press.running import Running
from tests.press.test_media import png, send, sha

EVERY_TABLE = {"audit", "contact", "device", "entity", "feed_head", "media_use", "meta", "newsroom", "op", "person",
               "reaction_log", "revision", "slug"}


class Day:
    """A press after some work of every kind, and what its desks know of it."""

    def __init__(self, running: Running) -> None:
        self.running = running
        self.desk = running.desk("Samira", "editor", "moderator")
        picture = send(self.desk, png(10))
        self.article = self.desk.published(headline="Brug", body=f"![Brug](media:{picture})")
        self.desk.line("Brug open", "12:30")
        made = self.desk.write(headline="Weg")
        self.desk.push(made["id"], "article", "delete", base=made["rev"])
        self.path = running.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(running.url, "")
        reader = running.reader()
        assert reader.react(self.path, name="Jan", email="jan@example.org", text="Mooi").status_code == 303
        reader.close()
        reaction = self.desk.changes("reactions")["changes"][0]["entity_id"]
        assert self.desk.decide(reaction, "approve")["status"] == "applied"
        self.pending = self.desk.op(new_id(), "article", "upsert", patch={"headline": "Antwoord verloren"})
        self.told = self.desk.send(self.pending).json()["results"][0]
        self.cursor = self.desk.changes()["next"]
        self.page = shown(running, self.path)
        self.held = {row["entity_id"]: row["rev"] for row in self.desk.changes()["changes"] if not row["deleted"]}

    def sums(self) -> Any:
        return sums(self.running.database_url)


def shown(running: Running, path: str) -> str:
    """A page without what is another each time."""
    return re.sub(r'name="token" value="[^"]+"', "", running.page(path).text.replace(running.url, ""))


def sums(url: str) -> Any:
    database = Database(url)
    try:
        with database.read() as session:
            return sums_of(session.connection())
    finally:
        database.close()


def again(url: str, first: Running, media: Path | None) -> Running:
    """The press of that database, by the same clock."""
    other = object.__new__(Running)
    other.database_url, other.clock, other.media, other._desks = url, first.clock, media, []
    other.newsroom_id = first.newsroom_id
    other.start()
    return other


@pytest.fixture(params=["sqlite", "postgresql"])
def day(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Day]:
    url = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_database")
    made = Day(Running(url, media=tmp_path / "pictures"))
    yield made
    if made.running._thread.is_alive():
        made.running.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path, postgres_cluster: Any, database_names: Any) -> Iterator[str]:
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        (tmp_path / "elsewhere").mkdir()
        yield f"sqlite:///{tmp_path / 'elsewhere' / 'press.db'}"
        return
    name = next(database_names)
    words = ["-h", str(postgres_cluster.folder), "-U", "redactie"]
    postgres_cluster.run("createdb", *words, name)
    yield postgres_cluster.url(name)
    postgres_cluster.run("dropdb", *words, "--force", name)


def test_after_a_move_the_desks_notice_nothing(sqlite_url: str, postgres_database: str, tmp_path: Path):
    day = Day(Running(sqlite_url))
    day.running.stop()
    before = day.sums()
    assert set(before) == EVERY_TABLE
    assert all(table.rows for table in before.values())
    kept = service.move(sqlite_url, postgres_database, target_media=tmp_path / "pictures")
    assert (kept.newsroom_id, kept.rows, kept.pictures) == (
        day.running.newsroom_id, sum(table.rows for table in before.values()), 1)
    assert sums(postgres_database) == before
    moved = again(postgres_database, day.running, tmp_path / "pictures")
    try:
        desk = moved.seat(day.desk)
        assert desk.changes(cursor=day.cursor)["changes"] == []  # the same epoch, the same numbers
        assert desk.send(day.pending).json()["results"][0]["status"] == "duplicate"
        assert shown(moved, day.path) == day.page
        assert moved.page(f"/media/{sha(png(10))}.png").content == png(10)
        assert first_broken_link(moved.press) is None
        made = desk.write(headline="Daarna")  # the row numbers go on as well
        assert made["seq"] == day.told["seq"] + 1
        assert people.add(moved.press, "Tom", ["journalist"]).user.name == "Tom"
    finally:
        moved.stop()


def test_a_database_that_was_moved_says_where_it_went(sqlite_url: str, postgres_database: str):
    service.create_newsroom(sqlite_url, name="De Proefkrant")
    service.move(sqlite_url, postgres_database)
    for attempt in (lambda: service.open_press(sqlite_url), lambda: service.move(sqlite_url, postgres_database),
                    lambda: service.list_users(sqlite_url)):
        with pytest.raises(UserError) as refused:
            attempt()
        assert refused.value.kind == "moved"
        assert "postgresql" in str(refused.value.message)


def test_a_move_that_broke_off_before_its_last_line_is_finished_by_doing_it_again(
        sqlite_url: str, postgres_database: str):
    service.create_newsroom(sqlite_url, name="De Proefkrant")
    service.move(sqlite_url, postgres_database)
    database = Database(sqlite_url)
    with database.write() as session:  # as it was when the power failed between the two commits
        session.connection().exec_driver_sql("DELETE FROM meta WHERE name = 'moved_to'")
    database.close()
    assert service.move(sqlite_url, postgres_database).rows > 0
    with pytest.raises(UserError, match="has moved to"):
        service.open_press(sqlite_url)


def test_a_move_into_another_newsroom_or_from_a_running_press_is_refused(sqlite_url: str, postgres_database: str):
    service.create_newsroom(postgres_database, name="Een andere")
    running = Running(sqlite_url)
    with pytest.raises(UserError) as refused:
        service.move(sqlite_url, postgres_database)
    assert refused.value.kind == "press_in_use"
    running.stop()
    before = sums(postgres_database)
    with pytest.raises(UserError) as refused:
        service.move(sqlite_url, postgres_database)
    assert refused.value.kind == "has_newsroom"
    assert sums(postgres_database) == before
    service.open_press(sqlite_url).database.close()


def test_a_press_on_postgresql_is_not_moved_because_nothing_proves_that_it_is_stopped(
        sqlite_url: str, postgres_database: str):
    service.create_newsroom(postgres_database, name="De Proefkrant")
    with pytest.raises(UserError) as refused:
        service.move(postgres_database, sqlite_url)
    assert refused.value.kind == "not_sqlite"
    service.open_press(postgres_database).database.close()


def test_a_copy_that_is_not_the_original_is_taken_back(sqlite_url: str, postgres_database: str):
    service.create_newsroom(sqlite_url, name="De Proefkrant")
    Database(postgres_database, create=True).close()
    with psycopg.connect(postgres_database.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute("CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS "
                      "$$BEGIN NEW.doc := replace(NEW.doc, 'Proef', 'Prief'); RETURN NEW; END$$")
        admin.execute("CREATE TRIGGER spoil BEFORE INSERT ON revision FOR EACH ROW EXECUTE FUNCTION spoil()")
    with pytest.raises(UserError) as refused:
        service.move(sqlite_url, postgres_database)
    assert refused.value.kind == "copy_differs"
    assert {table.rows for table in sums(postgres_database).values()} == {0}
    service.open_press(sqlite_url).database.close()  # and the newsroom is still here


@pytest.mark.skipif(os.name == "nt", reason="no pipes with a name on Windows")
def test_nobody_is_added_to_a_press_while_it_moves_and_then_lost(sqlite_url: str, tmp_path: Path):
    service.create_newsroom(sqlite_url, name="De Proefkrant")
    target, name = f"sqlite:///{tmp_path / 'elsewhere' / 'press.db'}", sha(png(10))
    slow = tmp_path / "media" / name[:2] / name  # a picture on a disk that takes its time
    slow.parent.mkdir(parents=True)
    os.mkfifo(slow)
    with ThreadPoolExecutor(1) as pool:
        moving = pool.submit(service.move, sqlite_url, target)
        with slow.open("wb") as end:  # opens when the move reads
            with pytest.raises(Unavailable):
                service.add_user(sqlite_url, name="Samira", roles=["editor"])
            end.write(png(10))
        assert moving.result().pictures == 1
    with pytest.raises(UserError, match="has moved to"):
        service.add_user(sqlite_url, name="Samira", roles=["editor"])
    assert service.list_users(target) == []


def test_a_move_that_broke_off_is_not_finished_over_what_was_written_since(sqlite_url: str, tmp_path: Path):
    service.create_newsroom(sqlite_url, name="De Proefkrant")
    target = f"sqlite:///{tmp_path / 'elsewhere' / 'press.db'}"
    service.move(sqlite_url, target)
    database = Database(sqlite_url)
    with database.write() as session:  # as it was when the power failed between the two commits
        session.connection().exec_driver_sql("DELETE FROM meta WHERE name = 'moved_to'")
    database.close()
    service.add_user(sqlite_url, name="Samira", roles=["editor"])
    with pytest.raises(UserError) as refused:
        service.move(sqlite_url, target)
    assert refused.value.kind == "earlier_copy"
    assert [user.name for user in service.list_users(sqlite_url)] == ["Samira"]


def test_a_back_up_leaves_an_older_press_as_it_is_and_comes_back_up_to_date(day: Day, empty: str, tmp_path: Path):
    day.running.stop()
    url, file = day.running.database_url, tmp_path / "press.backup"
    database = Database(url)
    with database._migrator.begin() as connection:
        migrate(connection, 1)
    database.close()
    kept = service.back_up(url, file, media=tmp_path / "pictures")
    as_it_is = Database(url, tables=None)
    assert as_it_is.version() == 1
    as_it_is.close()
    service.restore(file, empty, media=tmp_path / "returned")
    found = sums(empty)
    here = sum(table.rows for name, table in found.items() if name != "media_use")
    assert here == kept.rows + 1  # where the new history began
    back = again(empty, day.running, tmp_path / "returned")
    try:
        assert back.page(f"/media/{sha(png(10))}.png").content == png(10)
        assert shown(back, day.path) == day.page
    finally:
        back.stop()


def test_an_empty_database_has_nothing_to_keep(tmp_path: Path):
    empty = tmp_path / "press.db"
    empty.touch()
    with pytest.raises(UserError) as refused:
        service.back_up(f"sqlite:///{empty}", tmp_path / "press.backup")
    assert refused.value.kind == "no_newsroom"
    assert empty.stat().st_size == 0


@pytest.mark.parametrize("trouble", ["pictures", "database"])
def test_a_target_that_cannot_take_the_copy_is_told_of_and_keeps_nothing_of_it(
        sqlite_url: str, tmp_path: Path, trouble: str):
    running = Running(sqlite_url)
    desk = running.desk("Samira", "editor")
    names = []
    for size in (10, 20, 30):
        send(desk, png(size))
        names.append(sha(png(size)))
    running.stop()
    file, back, returned = tmp_path / "press.backup", f"sqlite:///{tmp_path / 'back' / 'press.db'}", tmp_path / "returned"
    service.back_up(sqlite_url, file)
    database = Database(back, create=True)
    if trouble == "pictures":
        returned.mkdir()
        (returned / max(names)[:2]).write_text("in the way of the last one")
    else:
        with database.write() as session:
            session.connection().exec_driver_sql(
                "CREATE TRIGGER full BEFORE INSERT ON revision BEGIN SELECT RAISE(ABORT, 'no room left'); END")
    database.close()
    with pytest.raises(UserError) as refused:
        service.restore(file, back, media=returned)
    assert refused.value.kind == "not_restored"
    assert ("no room left" if trouble == "database" else "exists") in str(refused.value.message)
    assert str(refused.value.safe) == "The database is as empty as it was."
    assert [path for path in returned.rglob("*") if path.is_file() and path.parent != returned] == []
    assert {table.rows for table in sums(back).values()} == {0}


def test_a_copy_of_a_running_press_comes_back_as_a_new_history(day: Day, empty: str, tmp_path: Path):
    file = tmp_path / "press.backup"
    kept = service.back_up(day.running.database_url, file, media=tmp_path / "pictures")
    assert kept.pictures == 1
    assert os.name == "nt" or file.stat().st_mode & 0o777 == 0o600
    wanted = day.sums()
    lost = day.desk.write(headline="Na de kopie")
    day.running.stop()
    assert service.restore(file, empty, media=tmp_path / "returned").rows == kept.rows
    found = sums(empty)
    assert {name for name in wanted if found[name] != wanted[name]} == {"meta"}  # the epoch and the key of cursors
    back = again(empty, day.running, tmp_path / "returned")
    try:
        desk = back.seat(day.desk)
        answer = desk.http.get("/v1/sync/changes", params={"cursor": day.cursor})
        assert (answer.status_code, answer.json()["code"]) == (409, "epoch_changed")
        told = desk.http.get("/v1/sync/digests").json()["digests"]
        mine = digests_of([*day.held.items(), (lost["id"], lost["rev"])])
        assert [number for number in range(256) if told[str(number)] != mine[number]] == [int(lost["id"][-2:], 16)]
        assert back.page(f"/media/{sha(png(10))}.png").content == png(10)
        assert back.page(day.path).status_code == 200
    finally:
        back.stop()


def test_a_copy_is_brought_back_into_an_empty_database_only(sqlite_url: str, tmp_path: Path):
    service.create_newsroom(sqlite_url, name="De Proefkrant")
    file = tmp_path / "press.backup"
    service.back_up(sqlite_url, file)
    before = sums(sqlite_url)
    for attempt, kind in ((lambda: service.restore(file, sqlite_url), "has_newsroom"),
                          (lambda: service.back_up(sqlite_url, file), "exists")):
        with pytest.raises(UserError) as refused:
            attempt()
        assert refused.value.kind == kind
    assert sums(sqlite_url) == before


def test_what_is_no_back_up_or_not_whole_is_refused_and_changes_nothing(tmp_path: Path, sqlite_url: str):
    service.create_newsroom(sqlite_url, name="De Proefkrant")
    good = tmp_path / "good"
    service.back_up(sqlite_url, good)
    content = good.read_bytes()
    middle = len(content) // 2
    cases = {"text": b"geen archief", "half": content[:middle], "empty": b"",
             "bit": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:]}
    for name, wrong in cases.items():
        (tmp_path / name).write_bytes(wrong)
    with zipfile.ZipFile(good) as archive:
        for name, extra in (("climbing", "../../etc/passwd"), ("picture", "media/../x"), ("more", "media/" + "a" * 64)):
            with zipfile.ZipFile(tmp_path / name, "w") as other:
                for member in archive.namelist():
                    other.writestr(member, archive.read(member))
                other.writestr(extra, b"x")
    for name in (*cases, "climbing", "picture", "more", "nowhere"):
        target = tmp_path / f"{name}.db"
        with pytest.raises(UserError) as refused:
            service.restore(tmp_path / name, f"sqlite:///{target}")
        assert refused.value.kind == "bad_backup", name
        assert not target.exists() or all(table.rows == 0 for table in sums(f"sqlite:///{target}").values())
    assert not (tmp_path / "etc").exists()


def test_the_command_line_keeps_moves_and_brings_back(tmp_path: Path, postgres_database: str, capfd):
    source, back = f"sqlite:///{tmp_path / 'a' / 'press.db'}", f"sqlite:///{tmp_path / 'b' / 'press.db'}"
    service.create_newsroom(source, name="De Proefkrant")
    file = tmp_path / "press.backup"

    def run(*words: str) -> Any:
        assert main(["--profile", str(tmp_path / "profile"), "--json", "press", *words]) == 0
        return json.loads(capfd.readouterr().out)

    kept = run("backup", str(file), "--database-url", source)["backup"]
    assert (kept["where"], kept["pictures"]) == (str(file), 0)
    assert run("restore", str(file), "--database-url", back)["restore"]["rows"] == kept["rows"]
    moved = run("move", "--database-url", source, "--to", postgres_database.replace("redactie@", "redactie:geheim@"))["move"]
    assert moved["rows"] == kept["rows"]
    assert "geheim" not in moved["where"]
    assert main(["press", "move", "--database-url", source, "--to", postgres_database]) == 1
