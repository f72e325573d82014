"""Whatever goes wrong is one sentence in the person's language, an exit code, and nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from editor.base import sqlite
from editor.store.profile import open_profile
from tests.cli.conftest import Run, Said


def is_one_sentence(said: Said, kind: str) -> bool:
    error = said.json["error"]
    return said.code != 0 and error["kind"] == kind and "Traceback" not in said.err and bool(error["message"])


@pytest.mark.parametrize(("name", "content", "kind"), [
    ("a wrong time", b"- 25:61Kop\n- 12:00Nog een\n", "bad_time"),
    ("a binary file", bytes(range(256)) * 40, "not_text"),
    ("an empty file", b"", "empty"),
    ("neither ticker nor article", b"x\n", "no_article"),
    ("a huge file", b"a" * (50 * 1024 * 1024), "too_large"),
])
def test_a_bad_page_changes_nothing(redactie: Run, tmp_path: Path, name: str, content: bytes, kind: str) -> None:
    page = tmp_path / "page.txt"
    page.write_bytes(content)
    redactie("article", "new", "--headline", "Blijft staan")
    said = redactie("import", str(page))
    assert is_one_sentence(said, kind), name
    assert said.json["error"]["safe"]
    assert [row["headline"] for row in redactie("article", "list").json["articles"]] == ["Blijft staan"]
    assert redactie("ticker", "list").json["entries"] == []


def test_the_sentence_is_in_the_language_asked_for(redactie: Run, tmp_path: Path) -> None:
    empty = tmp_path / "page.txt"
    empty.touch()
    dutch, english = (redactie("import", str(empty), lang=lang).json["error"]["message"] for lang in ("nl", "en"))
    assert dutch != english


def test_a_database_of_a_newer_version_is_not_touched(redactie: Run, profile: Path) -> None:
    redactie("article", "new", "--headline", "Blijft staan")
    connection = sqlite.connect(profile / "redactie.db", "writer")
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    before = (profile / "redactie.db").read_bytes()
    assert is_one_sentence(redactie("article", "new", "--headline", "Nieuw"), "newer_database")
    assert (profile / "redactie.db").read_bytes() == before


def test_a_file_that_is_no_database_is_said_to_be_damaged(redactie: Run, profile: Path) -> None:
    profile.mkdir()
    (profile / "redactie.db").write_bytes(b"no database at all, but long enough to be looked at" * 100)
    assert is_one_sentence(redactie("article", "new"), "damaged_database")


def test_a_folder_that_cannot_be_made_is_said_so(redactie: Run, tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.touch()
    said = redactie("article", "new", at=in_the_way / "profile")
    assert said.code == 1
    assert said.json["error"]["message"]


def test_two_writers_never_have_one_profile(redactie: Run, profile: Path) -> None:
    redactie("article", "new", "--headline", "Blijft staan")
    with open_profile(profile):
        assert is_one_sentence(redactie("article", "new"), "profile_in_use")
        assert redactie("article", "list").code == 0, "reading goes on"


def test_a_wrong_token_binds_nothing(redactie: Run, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("no such token", encoding="utf-8")
    said = redactie("connect", "press", "http://127.0.0.1:9", "--token-file", str(token))
    assert (said.code, said.json["error"]["kind"]) == (3, "offline")
    assert redactie("sync", "--once").json["state"] == "needs_login"


@pytest.mark.parametrize("words", [
    ("article",), ("article", "move", "x", "nonsense"), ("article", "new", "--nonsense", "1"), ("nonsense",),
    ("check", "-"), ("export", "x"), ("press", "move"), ("connect", "wordpress", "http://x"),
])
def test_a_wrong_command_and_a_later_one_exit_with_two(redactie: Run, words: tuple[str, ...]) -> None:
    said = redactie(*words)
    assert said.code == 2
    assert said.json["error"]["message"]


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "editor", "--profile", str(tmp_path / "p"), "--help"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ))
    assert process.stdout is not None
    process.stdout.close()
    _, error = process.communicate(timeout=60)
    assert b"Traceback" not in error


def test_the_doctor_says_how_the_profile_is_while_the_window_has_it(redactie: Run, profile: Path) -> None:
    redactie("article", "new", "--headline", "Blijft staan")
    with open_profile(profile):
        found = redactie("doctor").json["doctor"]
    assert found["log_intact"] is True
    assert found["unsent"] == 1
