"""Opening a profile: one process, one library, and one plain sentence for whatever a disk can do."""

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from editor.base import sqlite
from editor.base.clock import FixedClock
from editor.base.errors import UserError
from editor.desk.ports import Entity
from editor.store import settings_rows
from editor.store.profile import Profile, open_profile
from editor.store.unit_of_work import Store
from tests.store.conftest import NOON

HOLD = """
import sys
from pathlib import Path
from editor.store.profile import open_profile
profile = open_profile(Path(sys.argv[1]))
with profile.store.write() as work:
    work.profile.put("held", "yes")
print("open", flush=True)
sys.stdin.readline()
profile.close()
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    """Another process with the profile open."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "open\n"
    return process


def let_go(process: subprocess.Popen[str]) -> None:
    process.communicate("\n", timeout=60)
    assert process.returncode == 0


def test_a_profile_is_made_for_its_owner_only(profile: Profile) -> None:
    assert stat.S_IMODE(profile.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((profile.folder / "redactie.db").stat().st_mode) == 0o600
    assert stat.S_IMODE((profile.folder / "lock").stat().st_mode) == 0o600
    assert {path.name for path in profile.folder.iterdir()} >= {"redactie.db", "lock", "backups", "media", "swap", "log"}


def test_what_was_made_stays(reopen: Callable[[], Profile]) -> None:
    with reopen().store.write() as work:
        replica, actor = work.profile.get("replica_id"), work.profile.actor()
    with reopen().store.write() as work:
        assert work.profile.get("replica_id") == replica
        assert work.profile.actor() == actor


def test_the_writer_writes_through_to_the_medium(store: Store) -> None:
    with store._writer.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar_one() == 2
        assert connection.execute(text("PRAGMA foreign_keys")).scalar_one() == 1


def test_only_one_sqlite_is_loaded_and_alembic_only_to_migrate(tmp_path: Path) -> None:
    script = ("import sys\nfrom pathlib import Path\n"
              "from editor.store.settings_rows import read_settings\n"
              "read_settings(Path(sys.argv[1]) / 'redactie.db')\n"
              "assert 'sqlalchemy' not in sys.modules\n"
              "from editor.store.profile import open_profile\n"
              "for _ in range(2):\n"
              "    with open_profile(Path(sys.argv[1])) as profile:\n"
              "        with profile.store.write() as work:\n"
              "            work.profile.put('k', 'v')\n"
              "        with profile.store.read() as reader:\n"
              "            reader.counts()\n"
              "assert 'alembic' not in sys.modules\n"
              "from editor.base import sqlite\n"
              "assert ('_sqlite3' in sys.modules) != sqlite.BUNDLED\n")
    subprocess.run([sys.executable, "-c", script, str(tmp_path / "p")], check=True, timeout=60)


def test_another_process_is_told_who_has_the_profile(tmp_path: Path) -> None:
    process = hold(tmp_path / "p")
    try:
        with pytest.raises(UserError) as told:
            open_profile(tmp_path / "p")
        assert told.value.kind == "profile_in_use"
        assert str(process.pid) in str(told.value)
        with open_profile(tmp_path / "p", mode="read") as reading:
            with reading.store.read() as reader:
                assert reader.actor().id
            with pytest.raises(UserError) as refused, reading.store.write():
                pass
            assert refused.value.kind == "profile_in_use"
            assert str(process.pid) in str(refused.value)
            assert not reading.is_writable
            assert reading.backup_if_due() is None
    finally:
        let_go(process)
    with open_profile(tmp_path / "p") as mine:
        assert not mine.unclean


def test_the_same_process_cannot_open_it_twice(profile: Profile, clock: FixedClock) -> None:
    with pytest.raises(UserError) as told:
        open_profile(profile.folder, clock=clock)
    assert told.value.kind == "profile_in_use"


def test_an_unclean_stop_is_noticed_and_the_database_checked(tmp_path: Path) -> None:
    process = hold(tmp_path / "p")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    with open_profile(tmp_path / "p", check=False) as mine:
        assert mine.unclean
        mine.check()
        with mine.store.write() as work:
            assert work.profile.get("held") == "yes"
    with open_profile(tmp_path / "p") as mine:
        assert not mine.unclean


def test_what_was_opened_to_read_is_not_written(profile: Profile, clock: FixedClock) -> None:
    profile.close()
    with open_profile(profile.folder, mode="read", clock=clock) as reading:
        with pytest.raises(UserError) as refused, reading.store.write():
            pass
        assert refused.value.kind == "opened_to_read"


def test_reading_makes_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError) as told:
        open_profile(tmp_path / "p", mode="read")
    assert told.value.kind == "no_profile"
    assert not (tmp_path / "p").exists()


def test_a_sample_keeps_the_clock_it_was_made_with(tmp_path: Path) -> None:
    with pytest.raises(UserError) as told:
        open_profile(tmp_path / "p", clock_offset=timedelta(hours=1))
    assert told.value.kind == "clock_offset"
    with open_profile(tmp_path / "s", sample=True, clock_offset=timedelta(hours=-3)) as made:
        first = made.clock.now()
    with open_profile(tmp_path / "s", sample=True, clock_offset=timedelta(hours=9)) as again:
        assert again.clock.now() - first < timedelta(hours=1)
        with again.store.write() as work:
            assert work.profile.get("sample") == "1"
            assert work.profile.get("clock_offset_ms") == str(-3 * 3600 * 1000)
            assert work.now() - first < timedelta(hours=1)


def test_a_process_that_died_while_making_the_database_is_made_good(tmp_path: Path, clock: FixedClock) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "redactie.db").touch(0o600)
    (tmp_path / "p" / "lock").write_text('{"pid": 1}')
    with open_profile(tmp_path / "p", clock=clock) as mine, mine.store.read() as reader:
        assert reader.actor().id


def test_settings_are_read_without_the_database_layer(profile: Profile) -> None:
    with profile.store.write() as work:
        work.settings.put("theme", "dark")
        work.settings.put("snap", 5)
        work.settings.put("old", True)
        work.settings.forget("old")
    with profile.store.read() as reader:
        assert reader.settings() == {"theme": "dark", "snap": 5}  # type: ignore[attr-defined]
    assert settings_rows.read_settings(profile.store.path) == {"theme": "dark", "snap": 5}
    assert settings_rows.read_settings(profile.folder / "none.db") == {}
    assert settings_rows.read_settings(profile.folder / "lock") == {}


# -- what disks do --------------------------------------------------------------------------------------------------

def broken(profile_folder: Path) -> str:
    with pytest.raises(UserError) as told:
        open_profile(profile_folder).close()
    assert told.value.safe is not None
    assert told.value.fix is not None
    return told.value.kind


def test_a_newer_database_is_refused_and_left_alone(profile: Profile) -> None:
    folder = profile.folder
    profile.close()
    raw(folder, "PRAGMA user_version=99")
    before = (folder / "redactie.db").read_bytes()
    assert broken(folder) == "newer_database"
    with pytest.raises(UserError, match="newer version"):
        open_profile(folder, mode="read")
    assert (folder / "redactie.db").read_bytes() == before


def test_an_older_database_is_not_changed_by_reading(profile: Profile) -> None:
    profile.close()
    raw(profile.folder, "PRAGMA user_version=0")
    with pytest.raises(UserError) as told:
        open_profile(profile.folder, mode="read")
    assert told.value.kind == "older_database"


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "redactie.db").write_bytes(b"Dit is een brief, geen database. " * 200)
    assert broken(tmp_path / "p") == "damaged_database"
    assert (tmp_path / "p" / "redactie.db").read_bytes().startswith(b"Dit is een brief")


def test_broken_pages_are_found_after_an_unclean_stop(profile: Profile) -> None:
    with profile.store.write() as work:
        for n in range(200):
            work.entities.put(Entity("article", f"a{n}", {"headline": "Kop", "body": "Tekst " * 500}))
    folder, file = profile.folder, profile.store.path
    profile.close()
    with file.open("r+b") as pages:
        pages.seek(4096 * 20)
        pages.write(os.urandom(4096 * 200))
    (folder / "lock").write_text('{"pid": 1}')
    assert broken(folder) == "damaged_database"


def test_a_file_in_the_folders_place_is_told_plainly(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("een bestand")
    assert broken(tmp_path / "p") == "cannot_open"


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written_is_told_plainly(profile: Profile) -> None:
    profile.close()
    profile.folder.chmod(0o500)
    (profile.folder / "lock").chmod(0o400)
    try:
        assert broken(profile.folder) == "read_only"
    finally:
        profile.folder.chmod(0o700)


def test_a_database_that_may_not_be_written_is_told_plainly(store: Store) -> None:
    with store._writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(UserError) as told, store.write() as work:
        work.profile.put("k", "v")
    assert told.value.kind == "read_only"


def test_a_full_disk_loses_nothing_and_saving_goes_on_when_there_is_room(store: Store) -> None:
    with store.write() as work:
        work.entities.put(Entity("article", "a1", {"headline": "Bewaard"}))
    with store._writer.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 2}")

    def fill() -> None:
        with store.write() as work:
            work.entities.put(Entity("article", "a1", {"headline": "Nieuwer", "body": "lang " * 20_000}))

    for _ in range(2):
        with pytest.raises(UserError) as told:
            fill()
        assert told.value.kind == "disk_full"
    with store.read() as reader:
        kept = reader.entity("article", "a1")
        assert kept is not None
        assert kept.doc == {"headline": "Bewaard"}
    with store._writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    fill()
    with store.read() as reader:
        kept = reader.entity("article", "a1")
        assert kept is not None
        assert kept.version == 2


def raw(folder: Path, statement: str) -> None:
    connection = sqlite.connect(folder / "redactie.db", "writer")
    connection.execute(statement)
    connection.close()


def test_the_lock_says_who_and_is_empty_afterwards(profile: Profile) -> None:
    said = json.loads((profile.folder / "lock").read_text())
    assert (said["pid"], said["since"]) == (os.getpid(), "2026-03-02T12:00:00.000Z")
    profile.close()
    assert (profile.folder / "lock").read_text() == ""
    assert NOON.year == 2026
