"""Tokens: in a file for its owner only, where there is no keyring."""

import stat
from pathlib import Path

from editor.store.secrets import FileSecrets, open_secrets


def test_a_file_keeps_secrets_for_its_owner_only(tmp_path: Path) -> None:
    secrets = FileSecrets(tmp_path / "secrets.json")
    assert secrets.get("token") is None
    secrets.put("token", "geheim één")
    secrets.put("other", "x")
    assert stat.S_IMODE((tmp_path / "secrets.json").stat().st_mode) == 0o600
    again = FileSecrets(tmp_path / "secrets.json")
    assert again.get("token") == "geheim één"
    again.forget("token")
    again.forget("nothing")
    assert (again.get("token"), again.get("other")) == (None, "x")


def test_a_damaged_file_of_secrets_holds_none(tmp_path: Path) -> None:
    (tmp_path / "secrets.json").write_text("[1")
    assert FileSecrets(tmp_path / "secrets.json").get("token") is None


def test_the_sample_and_a_desktop_without_a_keyring_use_the_file(tmp_path: Path) -> None:
    # The tests' own surroundings have no keyring (tests/conftest.py).
    assert open_secrets(tmp_path).place() == "file"
    assert open_secrets(tmp_path, sample=True).place() == "file"
