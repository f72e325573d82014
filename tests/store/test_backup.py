"""Back-ups: whole, checked, seven; and going back to one."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest

from editor.base import sqlite
from editor.base.clock import FixedClock
from editor.base.errors import UserError
from editor.desk.ports import Entity
from editor.store import backup
from editor.store.profile import Profile, open_profile


def write(profile: Profile, headline: str) -> None:
    with profile.store.write() as work:
        work.entities.put(Entity("article", "a1", {"headline": headline}))


def headline(profile: Profile) -> object:
    with profile.store.read() as reader:
        entity = reader.entity("article", "a1")
        return entity.doc["headline"] if entity else None


def test_a_backup_is_made_once_an_hour_and_seven_are_kept(profile: Profile, clock: FixedClock) -> None:
    write(profile, "Brug dicht")
    made = []
    for _ in range(20):
        made.append(profile.backup_if_due())
        clock.advance(timedelta(minutes=30))
    assert [one is not None for one in made[:4]] == [True, False, True, False]
    kept = backup.backups(profile.folder / "backups")
    assert len(kept) == 7
    assert kept == [one for one in made if one][-7:]
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600


def test_a_backup_holds_what_was_committed_and_needs_no_journal(profile: Profile) -> None:
    write(profile, "Brug dicht")
    made = profile.backup_if_due()
    assert made is not None
    connection = sqlite.connect(made, "reader")
    assert connection.execute("SELECT title FROM article").fetchall() == [("Brug dicht",)]
    assert connection.execute("SELECT rowid FROM article_fts('brug')").fetchall() == [(1,)]
    connection.close()


def test_a_clock_set_back_does_not_stop_backups(profile: Profile, clock: FixedClock) -> None:
    clock.advance(timedelta(days=300))
    assert profile.backup_if_due() is not None
    clock.advance(timedelta(days=-300))
    assert profile.backup_if_due() is not None


def test_a_backup_cut_short_is_taken_away(profile: Profile, clock: FixedClock) -> None:
    half = profile.folder / "backups" / "redactie-20260302T110000Z.db.unfinished"
    half.write_bytes(b"half")
    profile.close()
    with open_profile(profile.folder, clock=clock):
        assert not half.exists()


def test_going_back_keeps_the_present_and_takes_a_new_replica(profile: Profile, clock: FixedClock) -> None:
    write(profile, "Vanmorgen")
    with profile.store.write() as work:
        replica = work.profile.get("replica_id")
    made = profile.backup_if_due()
    assert made is not None
    write(profile, "Vanmiddag")
    with pytest.raises(UserError) as told:
        backup.restore(profile.folder, made, clock=clock)
    assert told.value.kind == "profile_in_use"
    profile.close()
    aside = backup.restore(profile.folder, made, clock=clock)
    with open_profile(profile.folder, clock=clock) as again:
        assert headline(again) == "Vanmorgen"
        with again.store.write() as work:
            assert work.profile.get("replica_id") not in (None, replica)
            assert work.reactions.verify_log() is None
    connection = sqlite.connect(aside / "redactie.db", "reader")
    assert connection.execute("SELECT title FROM article").fetchall() == [("Vanmiddag",)]
    connection.close()


def test_going_back_after_a_crash_keeps_the_journal_with_its_database(profile: Profile, clock: FixedClock,
                                                                     tmp_path: Path) -> None:
    write(profile, "Vanmorgen")
    made = profile.backup_if_due()
    assert made is not None
    write(profile, "Vanmiddag")
    crashed = tmp_path / "crashed"
    crashed.mkdir()
    for name in ("redactie.db", "redactie.db-wal", "redactie.db-shm"):
        (crashed / name).write_bytes((profile.folder / name).read_bytes())
    aside = backup.restore(crashed, made, clock=clock)
    with open_profile(crashed, clock=clock) as again:
        assert headline(again) == "Vanmorgen"
    connection = sqlite.connect(aside / "redactie.db", "reader")
    assert connection.execute("SELECT title FROM article").fetchall() == [("Vanmiddag",)]
    connection.close()


@pytest.mark.parametrize("content", [b"geen database" * 100, b""])
def test_nothing_is_replaced_by_what_is_no_backup(profile: Profile, clock: FixedClock, content: bytes,
                                                  tmp_path: Path) -> None:
    write(profile, "Vanmiddag")
    profile.close()
    (tmp_path / "letter.db").write_bytes(content)
    with pytest.raises(UserError):
        backup.restore(profile.folder, tmp_path / "letter.db", clock=clock)
    with open_profile(profile.folder, clock=clock) as again:
        assert headline(again) == "Vanmiddag"


def test_a_backup_of_a_newer_version_is_refused(profile: Profile, clock: FixedClock) -> None:
    made = profile.backup_if_due()
    assert made is not None
    connection = sqlite.connect(made, "writer")
    connection.execute("PRAGMA user_version=99")
    connection.close()
    profile.close()
    with pytest.raises(UserError) as told:
        backup.restore(profile.folder, made, clock=clock)
    assert told.value.kind == "newer_database"
