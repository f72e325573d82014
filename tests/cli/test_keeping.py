"""Copies of a profile, made and put back from the command line."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_a_copy_brings_back_what_was_there_and_moves_the_present_aside(redactie: Run, tmp_path: Path) -> None:
    redactie("article", "new", "--headline", "Eerst")
    copy = tmp_path / "copy.db"
    made = redactie("backup", "--to", str(copy)).json["backup"]
    assert made["bytes"] == copy.stat().st_size
    redactie("article", "new", "--headline", "Later")
    aside = Path(redactie("restore", str(copy)).json["restore"]["aside"])
    assert [row["headline"] for row in redactie("article", "list").json["articles"]] == ["Eerst"]
    assert aside.exists(), "what was there is never deleted"


def test_a_file_that_is_no_copy_is_refused_and_nothing_is_moved(redactie: Run, tmp_path: Path) -> None:
    redactie("article", "new", "--headline", "Blijft staan")
    wrong = tmp_path / "wrong.db"
    wrong.write_text("geen back-up", encoding="utf-8")
    assert redactie("restore", str(wrong)).code == 1
    assert [row["headline"] for row in redactie("article", "list").json["articles"]] == ["Blijft staan"]
