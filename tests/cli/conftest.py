"""The command line as a program uses it: words in, one JSON object and an exit code out."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from editor.cli import main


@dataclass(frozen=True)
class Said:
    code: int
    json: dict[str, Any]
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    return tmp_path / "profile"


@pytest.fixture
def redactie(profile: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str, at: Path | None = None, lang: str = "nl") -> Said:
        code = main(["--profile", str(at or profile), "--lang", lang, *words, "--json"])
        said = capsys.readouterr()
        lines = said.out.splitlines()
        assert len(lines) <= 1, "exactly one JSON object goes to standard output"
        return Said(code, json.loads(lines[0]) if lines else {}, said.out, said.err)
    return run
