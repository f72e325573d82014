"""`packaging/dev.py` and the wheel: what a newcomer and a person who installs Redactie get."""

import importlib.util
import subprocess
import sys
import zipfile
from pathlib import Path
from types import ModuleType

import pytest

from tests.architecture.source import ROOT


@pytest.fixture
def dev(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The file as a module, looking at an empty checkout of its own."""
    spec = importlib.util.spec_from_file_location("redactie_dev", ROOT / "packaging" / "dev.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("ROOT", "VENV", "LOCK", "PYTHON", "STAMP", "MARK", "LOG"):
        moved = tmp_path / getattr(module, name).relative_to(ROOT)
        moved.parent.mkdir(parents=True, exist_ok=True)
        monkeypatch.setattr(module, name, moved)
    module.LOCK.write_text("alembic==1.0\n", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    return module


def make_environment(dev: ModuleType) -> None:
    dev.PYTHON.parent.mkdir(parents=True, exist_ok=True)
    dev.PYTHON.touch()
    dev.STAMP.write_text(dev.wanted_stamp(), encoding="ascii")


def test_an_environment_made_from_this_lock_is_left_alone(dev: ModuleType) -> None:
    assert not dev.is_ready(dev.wanted_stamp())
    make_environment(dev)
    assert dev.is_ready(dev.wanted_stamp())


@pytest.mark.parametrize("name", ["packaging/lock.txt", "pyproject.toml"])
def test_a_changed_lock_or_project_asks_for_a_set_up(name: str, dev: ModuleType) -> None:
    make_environment(dev)
    with (dev.ROOT / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert not dev.is_ready(dev.wanted_stamp())


def test_an_environment_whose_python_is_gone_is_made_again(dev: ModuleType) -> None:
    make_environment(dev)
    dev.PYTHON.unlink()
    assert not dev.is_ready(dev.wanted_stamp())


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("OSError: [Errno 30] Read-only file system: '.venv'", "cannot be written to"),
        ("PermissionError: [Errno 13] Permission denied: '.venv'", "cannot be written to"),
        ("WARNING: Retrying: NewConnectionError(...)\nERROR: No matching distribution", "index cannot be reached"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the one in packaging/lock"),
        ("Collecting x\nERROR: something new\n[notice] a newer pip", "It failed: ERROR: something new"),
    ],
)
def test_a_failed_set_up_is_told_in_one_sentence(words: str, sentence: str, dev: ModuleType) -> None:
    told = dev.explain(words, "It failed")
    assert sentence in told
    assert "\n" not in told


@pytest.mark.parametrize(("arguments", "code"), [([], 2), (["dance"], 2), (["--help"], 0)])
def test_without_a_verb_it_tells_which_there_are(arguments: list[str], code: int) -> None:
    command = [sys.executable, str(ROOT / "packaging" / "dev.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == code
    assert "packaging/dev.py run" in done.stdout + done.stderr


def test_the_wheel_carries_the_program_its_resources_and_its_command(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    (wheel,) = tmp_path.glob("redactie-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (points,) = (name for name in names if name.endswith("entry_points.txt"))
        assert "redactie = editor.cli:main" in archive.read(points).decode()
    shipped = {path for path in (ROOT / "resources").rglob("*") if path.is_file()}
    assert {f"editor/_resources/{path.relative_to(ROOT / 'resources').as_posix()}" for path in shipped} <= names
    assert "editor/__main__.py" in names
    assert not {name for name in names if name.startswith(("tests/", "resources/", "packaging/"))}
