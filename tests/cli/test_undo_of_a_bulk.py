"""Several decisions from the command line are one act, and one undo takes all of them back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from editor.demo.sample import PressProcess, furnish_sample, read_sample
from tests.cli.conftest import Run


@pytest.fixture
def press(tmp_path: Path) -> Iterator[PressProcess]:
    process = PressProcess(tmp_path / "press")
    furnish_sample(tmp_path / "maker", process, read_sample(None, None))
    yield process
    process.stop()


def test_a_bulk_is_decided_sent_and_taken_back_as_one(redactie: Run, press: PressProcess, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(press.add_user("Mo", ("moderator",)), encoding="utf-8")
    redactie("connect", "press", press.url, "--token-file", str(token))
    redactie("sync", "--once")
    ids = [one["id"] for one in redactie("reaction", "list").json["reactions"][:3]]
    assert len(ids) == 3
    said = redactie("reaction", "decide", *(one[-8:] for one in ids), "spam")
    assert {one["id"] for one in said.json["reactions"]} == set(ids)
    redactie("sync", "--once")
    assert {redactie("reaction", "show", one).json["reaction"]["server"]["status"] for one in ids} == {"spam"}
    undone = redactie("reaction", "undo").json["undone"]
    assert (set(undone["ids"]), undone["kept"]) == (set(ids), [])
    redactie("sync", "--once")
    assert {redactie("reaction", "show", one).json["reaction"]["server"]["status"] for one in ids} == {"hold"}
    assert redactie("reaction", "undo").json["error"]["kind"] == "nothing_to_undo"


def test_what_was_seen_is_about_one_reaction(redactie: Run) -> None:
    assert redactie("reaction", "decide", "aaaa", "bbbb", "approve", "--seen", "h").json["error"]["kind"] == "usage"


def test_the_doctor_examines_the_way_to_the_server(redactie: Run, press: PressProcess, tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text(press.add_user("Mo", ("moderator",)), encoding="utf-8")
    redactie("connect", "press", press.url, "--token-file", str(token))
    good = redactie("doctor")
    assert good.code == 0
    found = {one["check"]: one["verdict"] for one in good.json["doctor"]["checks"]}
    assert found.pop("clock") in ("good", "warn")  # the sample has a clock of its own
    assert found == {"name": "good", "connect": "good", "tls": "skipped", "hello": "good", "token": "good",
                     "rights": "good", "feed": "good"}
    press.stop()
    bad = redactie("doctor")
    assert bad.code == 3
    assert bad.json["doctor"]["checks"][1]["verdict"] == "bad"
    assert bad.json["doctor"]["checks"][1]["fix"]
    assert token.read_text(encoding="utf-8") not in bad.out + good.out
