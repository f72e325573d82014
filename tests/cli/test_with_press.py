"""Two profiles on one press from the command line, as another program would drive them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from editor.demo.sample import PressProcess, read_sample
from tests.cli.conftest import Run


@pytest.fixture
def press(tmp_path: Path) -> Iterator[PressProcess]:
    process = PressProcess(tmp_path / "press")
    process.found(read_sample(None, None))
    process.start()
    yield process
    process.stop()


def connected(redactie: Run, press: PressProcess, folder: Path, name: str, *roles: str) -> Path:
    token = folder.with_suffix(".token")
    token.write_text(press.add_user(name, roles), encoding="utf-8")
    said = redactie("connect", "press", press.url, "--token-file", str(token), at=folder)
    assert said.json["connection"]["user"] == name
    return folder


def test_the_same_sentence_from_two_profiles_is_settled_from_the_command_line(
        redactie: Run, press: PressProcess, tmp_path: Path) -> None:
    anna = connected(redactie, press, tmp_path / "anna", "Anna", "journalist", "editor")
    bram = connected(redactie, press, tmp_path / "bram", "Bram", "journalist", "editor")
    body = tmp_path / "body.md"
    body.write_text("De brug is dicht. Het verkeer rijdt om.", encoding="utf-8")
    made = redactie("article", "new", "--headline", "Brug", "--body-file", str(body), at=anna).json["article"]
    for profile in (anna, bram):
        assert redactie("sync", "--once", at=profile).json["state"] == "ok"
    for profile, word in ((anna, "maandag"), (bram, "dinsdag")):
        body.write_text(f"De brug is {word} dicht. Het verkeer rijdt om.", encoding="utf-8")
        redactie("article", "edit", made["id"], "--body-file", str(body), at=profile)
    redactie("sync", "--once", at=anna)
    met = redactie("sync", "--once", at=bram)
    assert (met.code, met.json["state"], met.json["conflicts"]) == (4, "attention", 1)
    (card,) = redactie("conflict", "list", at=bram).json["conflicts"]
    assert ("dinsdag" in card["mine"], "maandag" in card["theirs"]) == (True, True)
    assert redactie("article", "move", made["id"], "approved", at=bram).json["error"]["kind"] == "conflict_open"
    assert redactie("conflict", "resolve", card["id"][-8:], "mine", at=bram).code == 0
    assert redactie("sync", "--once", at=bram).json["state"] == "ok"
    redactie("sync", "--once", at=anna)
    assert "dinsdag" in redactie("article", "show", made["id"], at=anna).json["article"]["body"]


def test_a_wrong_token_is_one_sentence_and_binds_nothing(redactie: Run, press: PressProcess, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("geen token van hier", encoding="utf-8")
    said = redactie("connect", "press", press.url, "--token-file", str(token))
    assert (said.code, said.json["error"]["kind"]) == (3, "bad_token")
    assert said.json["error"]["safe"]
    assert redactie("doctor").json["doctor"]["connection"] is None


def test_a_journalist_cannot_publish_and_is_told_so_before_anything_is_queued(
        redactie: Run, press: PressProcess, tmp_path: Path) -> None:
    anna = connected(redactie, press, tmp_path / "anna", "Anna", "journalist")
    made = redactie("article", "new", "--headline", "Brug", at=anna).json["article"]
    assert redactie("article", "move", made["id"], "desk", at=anna).code == 0
    assert redactie("article", "move", made["id"], "approved", at=anna).json["error"]["kind"] == "forbidden"
    assert redactie("sync", "--once", at=anna).json["pending"] == 0


def test_a_revoked_device_keeps_its_work_and_asks_for_a_login(
        redactie: Run, press: PressProcess, tmp_path: Path) -> None:
    anna = connected(redactie, press, tmp_path / "anna", "Anna", "journalist")
    made = redactie("article", "new", "--headline", "Blijft staan", at=anna).json["article"]
    assert redactie("press", "user", "revoke", "Anna", "--database-url", press.database_url).code == 0
    said = redactie("sync", "--once", at=anna)
    assert (said.code, said.json["state"], said.json["pending"]) == (3, "needs_login", 1)
    assert redactie("article", "show", made["id"], at=anna).json["article"]["headline"] == "Blijft staan"


def test_a_server_that_has_gone_is_offline_and_nothing_is_lost(
        redactie: Run, press: PressProcess, tmp_path: Path) -> None:
    anna = connected(redactie, press, tmp_path / "anna", "Anna", "journalist")
    redactie("article", "new", "--headline", "Brug", at=anna)
    press.kill()
    said = redactie("sync", "--once", at=anna)
    assert (said.code, said.json["state"], said.json["pending"]) == (3, "offline", 1)
    press.start()
    back = redactie("sync", "--once", at=anna).json
    assert {name: back[name] for name in ("state", "pushed", "pending", "conflicts")} == {
        "state": "ok", "pushed": 1, "pending": 0, "conflicts": 0}
