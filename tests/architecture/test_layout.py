"""The checkout looks as CONTRIBUTING says, names no machine, and its lock is the one for its dependencies."""

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.source import ROOT, tracked_files

TOP = {
    "pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", ".gitignore",
    ".ci", "editor", "resources", "tests", "packaging",
}  # fmt: skip

# Written in halves, so that this file is not what it looks for.
PLACES = ["/" + "work/", "/" + "tmp/bash_jobs", "/" + "home/", "/" + "Users/", "/" + "root/"]
HOSTS = ["pypi" + ".org", "python" + "hosted.org", "registry.npm" + "js.org", "deb.debian" + ".org", "crates" + ".io"]


def names_in(text: str) -> Iterable[str]:
    """Yield the machine's folders and the package registries' hosts that a text names."""
    for name in PLACES:
        if re.search(rf"(?<![\w.~}}$]){re.escape(name)}\w", text):
            yield name
    for name in HOSTS:
        if name in text:
            yield name


def test_the_top_level_is_as_drawn():
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} == TOP


def test_no_file_names_a_machine_or_a_registry():
    faults = []
    for path in tracked_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        faults += [f"{path.relative_to(ROOT)} names {name}" for name in names_in(text)]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("name", [*(place + "main" for place in PLACES), *HOSTS])
def test_a_named_place_is_seen(name: str) -> None:
    assert list(names_in(f"index = 'https://{name}/simple'" if name in HOSTS else f"root = '{name}'"))


def test_packaging_is_no_python_package():
    # The checkout is on the path; a package of this name would hide the library that pytest and pip use.
    assert not (ROOT / "packaging" / "__init__.py").exists()


def settings() -> dict[str, object]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def wanted() -> set[str]:
    """Return the normalised names of everything that pyproject asks for."""
    all_settings: dict = settings()  # type: ignore[type-arg]
    project = all_settings["project"]
    lists = [project["dependencies"], all_settings["build-system"]["requires"]]
    lists += [*project["optional-dependencies"].values(), *all_settings["dependency-groups"].values()]
    names = (re.match(r"[\w.-]+", line) for lines in lists for line in lines)
    return {re.sub(r"[-_.]+", "-", name.group()).lower() for name in names if name}


def locked() -> dict[str, list[str]]:
    """Return for every locked name its lines (one a release)."""
    found: dict[str, list[str]] = {}
    for line in (ROOT / "packaging" / "lock.txt").read_text(encoding="utf-8").splitlines():
        if name := re.match(r"([\w.-]+)==", line):
            found.setdefault(name.group(1), []).append(line)
    return found


def test_everything_that_is_asked_for_is_locked():
    assert not wanted() - set(locked())


def test_every_locked_release_has_hashes():
    entries = (ROOT / "packaging" / "lock.txt").read_text(encoding="utf-8").split("\n\n")[0]
    for entry in re.split(r"\n(?=[\w-]+==)", entries)[1:]:
        assert "--hash=sha256:" in entry, entry


def test_the_older_python_gets_the_qt_that_does_not_take_none():
    release = {line.split(";")[1].split("'")[0].strip(): line for line in locked()["pyside6-essentials"]}
    older = next(line for marker, line in release.items() if marker.startswith("python_full_version <"))
    assert tuple(int(part) for part in re.findall(r"==(\d+)\.(\d+)", older)[0]) < (6, 12)
    dependencies = str(settings()["project"])
    assert '<6.12; python_version < "3.12"' in dependencies


def test_this_environment_has_what_is_locked_for_this_python():
    from importlib.metadata import version

    releases = re.findall(r"==([\d.]+)", " ".join(locked()["pyside6-essentials"]))
    assert version("PySide6-Essentials") in releases
    if sys.version_info < (3, 12):
        assert version("PySide6-Essentials") < "6.12"


def test_the_licence_is_mit():
    assert Path(ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")
