"""The disk fills, on whichever file: what was told stays, one plain sentence says so, reading goes on, and with room so
does writing.

A real small disk where that may be mounted; where not, the file system's refusal is given inside the SQLite library.
"""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx2
import pytest

from editor.app import WindowRoot
from editor.base import sqlite
from editor.base.clock import SystemClock
from editor.base.errors import EditorError, UserError
from editor.desk.read_models import ArticleFilter
from editor.desk.swap import SwapText
from editor.press.media import MediaStore
from editor.store import backup
from editor.store.profile import Profile, open_profile
from editor.store.secrets import FileSecrets
from editor.store.swap import SwapFolder
from tests.chaos.disk import Disk, unusable
from tests.chaos.saving import ARTICLES, LAST, body, save
from tests.press.running import Running

SEED = 20261124
ROOT = Path(__file__).parents[2]
SIZE = 16 * 1024 * 1024
FIX = "a small disk cannot be mounted here; run as root on Linux"


class SmallDisk:
    """A disk of a few megabytes; `fill` takes the room away, `free` gives it back."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    def fill(self, *, leave: int = 0) -> None:
        """Leave that many bytes."""
        with self._ballast.open("ab", buffering=0) as file:
            while self._takes(file):
                pass
        os.truncate(self._ballast, self._ballast.stat().st_size - leave)

    @staticmethod
    def _takes(file: io.RawIOBase) -> bool:
        try:
            return bool(file.write(bytes(65536)))
        except OSError:
            return False

    def free(self) -> None:
        """Everything."""
        self._ballast.unlink()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallDisk]:
    """A mounted small disk."""
    place = tmp_path / "small"
    place.mkdir()
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "redactie-test", str(place)]
    if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(mounting, check=False, capture_output=True).returncode:
        pytest.skip(FIX)
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", str(place)], check=True)


def command(profile: Path, *words: str) -> tuple[int, str, str]:
    """A command of the command line, in Dutch."""
    done = subprocess.run([sys.executable, "-m", "editor", "--profile", str(profile), *words, "--lang", "nl"], cwd=ROOT,
                          capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def fill_up(profile: Profile, number: int) -> tuple[int, EditorError]:
    """Save until it is refused: the last save that was told, and the refusal."""
    for following in range(number + 1, number + 3000):
        try:
            save(profile, following)
        except EditorError as error:
            return following - 1, error
    raise AssertionError("never full")


def save_until_refused(profile: Profile, last: int) -> int:
    """The last of some saves that was told; a refused write of the database itself is made up for later by SQLite."""
    kinds = set()
    for following in range(last + 1, last + 150):
        try:
            save(profile, following)
        except UserError as told:
            kinds.add(told.kind)
            break
        last = following
    assert kinds <= {"disk_full"}
    return last


def check_all(profile: Profile, last: int) -> None:
    """Exactly what was told is there, and the file is sound."""
    with profile.store.read() as reader:
        for number in range(max(1, last - ARTICLES + 1), last + 1):
            entity = reader.entity("article", f"a{number % ARTICLES}")
            assert entity is not None
            assert entity.doc == {"headline": f"w{number}", "body": body(number)}
    connection = sqlite.connect(profile.store.path, "reader")
    assert connection.execute("SELECT v FROM meta WHERE k=?", (LAST,)).fetchone() == (str(last),)
    assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()


# ------------------------------------------------------------------------------------------------- the database's files
def test_a_full_disk_loses_nothing_that_was_told(small: SmallDisk) -> None:
    with open_profile(small.path / "p") as profile:
        small.fill(leave=2 * 1024 * 1024)
        last, told = fill_up(profile, 0)
        assert told.kind == "disk_full"
        assert told.safe
        assert told.fix
        check_all(profile, last)
        small.fill()
        last, told = fill_up(profile, last)
        assert told.kind == "disk_full"
        check_all(profile, last)
        small.free()
    with open_profile(small.path / "p") as profile:
        check_all(profile, last)


def test_closing_on_a_full_disk_keeps_what_stands_in_the_journal(small: SmallDisk) -> None:
    with open_profile(small.path / "p") as profile:
        for number in range(1, 20):
            save(profile, number)
        small.fill()
    small.free()
    with open_profile(small.path / "p") as profile:
        check_all(profile, 19)
        save(profile, 20)
        check_all(profile, 20)


@pytest.mark.skipif(bool(unusable()), reason=unusable())
@pytest.mark.parametrize("name", ["redactie.db", "redactie.db-wal"])
def test_saving_goes_on_whichever_write_was_refused(tmp_path: Path, name: str, *, campaign: bool) -> None:
    dice, left = random.Random(f"{SEED}{name}"), [-1]

    def refuse(asked: str) -> int:
        if asked != name or left[0] < 0:
            return 0
        left[0] = max(0, left[0] - 1)
        return errno.ENOSPC if left[0] == 0 else 0

    with Disk(refuse), open_profile(tmp_path / "p") as profile:
        last = 0
        for _ in range(100 if campaign else 3):
            left[0] = dice.randrange(1, 60)
            last = save_until_refused(profile, last)
            check_all(profile, last)
            left[0] = -1
            save(profile, last + 1)
            last += 1
    with open_profile(tmp_path / "p") as profile:
        check_all(profile, last)


def test_the_command_line_says_one_sentence_reads_on_and_goes_on(small: SmallDisk) -> None:
    folder = small.path / "p"
    assert command(folder, "article", "new", "--headline", "Bewaard")[0] == 0
    small.fill()
    code, out, said = command(folder, "article", "new", "--headline", "Te veel")
    assert code == 1
    assert not out
    assert "De schijf is vol" in said
    assert len(said.strip().splitlines()) == 1
    code, out, said = command(folder, "article", "list")
    assert (code, "Bewaard" in out, said) == (0, True, "")
    small.free()
    assert command(folder, "article", "new", "--headline", "Toch nog")[0] == 0
    assert "Bewaard" in command(folder, "article", "list")[1]


def test_a_profile_that_cannot_be_made_is_made_when_there_is_room(small: SmallDisk) -> None:
    small.fill()
    code, _, said = command(small.path / "p", "article", "new", "--headline", "Eerste", "--json")
    assert code == 1
    assert "Traceback" not in said
    small.free()
    code, out, _ = command(small.path / "p", "article", "new", "--headline", "Eerste", "--json")
    assert (code, json.loads(out)["article"]["headline"]) == (0, "Eerste")


# -------------------------------------------------------------------------------------------------------- the other files
def test_a_backup_that_finds_no_room_leaves_nothing_half(small: SmallDisk) -> None:
    folder = small.path / "p"
    with open_profile(folder) as profile:
        for number in range(1, 40):
            save(profile, number)
        made = backup.make_backup(profile.store.path, folder / "backups", SystemClock().now())
        small.fill(leave=20_000)
        with pytest.raises(UserError) as told:
            backup.copy_database(profile.store.path, folder / "backups" / "second.db")
        assert told.value.kind == "disk_full"
        assert [one for one in (folder / "backups").glob("second*") if one.suffix == ".db"] == []
        backup.check_database(made)
        small.free()
        backup.copy_database(profile.store.path, folder / "backups" / "second.db")
        check_all(profile, 39)


def test_going_back_without_room_leaves_the_present_as_it_is(small: SmallDisk) -> None:
    folder = small.path / "p"
    with open_profile(folder) as profile:
        for number in range(1, 40):
            save(profile, number)
        made = backup.make_backup(profile.store.path, folder / "backups", SystemClock().now())
        save(profile, 40)
    small.fill(leave=20_000)
    with pytest.raises(UserError) as told:
        backup.restore(folder, made, clock=SystemClock())
    assert told.value.kind == "disk_full"
    small.free()
    with open_profile(folder) as profile:
        check_all(profile, 40)


def test_typed_text_goes_to_the_second_place_and_is_told_of_where_none_takes_it(
        small: SmallDisk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (small.path / "p").mkdir()
    text = SwapText("a1", "s1", 1, {"body": ""}, {"body": "x" * 50_000}, SystemClock().now())
    small.fill()
    monkeypatch.setattr("tempfile.tempdir", str(small.path))
    with pytest.raises(UserError) as told:
        SwapFolder(small.path / "p").keep(text)
    assert told.value.kind == "disk_full"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "elsewhere"))
    SwapFolder(small.path / "p").keep(text)
    assert SwapFolder(small.path / "p").left() == (text,)


def test_secrets_stay_as_they_were(small: SmallDisk) -> None:
    secrets = FileSecrets(small.path / "secrets.json")
    secrets.put("press", "een")
    small.fill(leave=4096)
    with pytest.raises(UserError) as told:
        secrets.put("press", "x" * 20_000)
    assert told.value.kind == "disk_full"
    assert secrets.get("press") == "een"
    assert [path.name for path in small.path.glob("secrets*")] == ["secrets.json"]


def test_a_log_without_room_stops_nothing(small: SmallDisk, capsys: pytest.CaptureFixture[str]) -> None:
    small.fill()
    WindowRoot(small.path, None)._crash(ZeroDivisionError("a fault of ours"))
    assert "a fault of ours" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------------------------ press
def test_press_answers_that_it_is_busy_and_takes_everything_later(small: SmallDisk) -> None:
    press = Running(f"sqlite:///{small.path / 'press.db'}", clock=SystemClock())
    try:
        anna = press.desk("Anna", "journalist", "editor")
        first = anna.write(headline="Bewaard", body="x" * 1000)
        small.fill()
        send = partial(anna.op, first["id"], "article", "upsert", base=first["rev"], patch={"body": "y" * 200_000})
        op = send()
        refused = anna.send(op)
        assert refused.status_code in (500, 503)
        assert httpx2.get(f"{press.url}/rss.xml").status_code == 200
        small.free()
        answer = anna.send(op)
        assert answer.json()["results"][0]["status"] == "applied"
    finally:
        press.stop()


def test_a_picture_that_finds_no_room_is_not_taken_by_half(small: SmallDisk) -> None:
    store = MediaStore(small.path / "media")
    content = b"\x89PNG\r\n\x1a\n" + bytes(500_000)
    sha256 = hashlib.sha256(content).hexdigest()
    small.fill()
    with pytest.raises(OSError, match="space"):
        store.put(sha256, content)
    assert store.everything() == []
    small.free()
    store.put(sha256, content)
    assert store.path(sha256).read_bytes() == content


def test_nothing_is_read_wrong_while_the_disk_is_full(small: SmallDisk) -> None:
    folder = small.path / "p"
    with open_profile(folder) as profile:
        for number in range(1, 10):
            save(profile, number)
    small.fill()
    with open_profile(folder, mode="read") as profile, profile.store.read() as reader:
        assert len(reader.articles(ArticleFilter())) == ARTICLES
