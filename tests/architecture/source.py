"""The project's source as the rules read it: parsed modules, each with its name, and the checkout's files."""

import ast
import subprocess
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Module:
    """One parsed file. `name` is its dotted name (`editor.ui.articles.panel`, `tests.unit.test_clock`)."""

    name: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def within(self, *packages: str) -> bool:
        """Tell whether this is one of the packages or lies inside one."""
        return any(self.name == package or self.name.startswith(package + ".") for package in packages)


@dataclass(frozen=True)
class Fault:
    """A place that breaks a rule, with the reason in one sentence."""

    module: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.module}:{self.line}: {self.reason}"


Rule = Callable[[Module], Iterable[Fault]]


def modules(*tops: str) -> list[Module]:
    """Parse every Python file under the named folders of the checkout."""
    found = []
    for top in tops:
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = list(path.relative_to(ROOT).with_suffix("").parts)
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Module(name, path.read_text(encoding="utf-8")))
    return found


def tracked_files() -> list[Path]:
    """Return what belongs to the project: git's list and what it would add, or the whole tree where there is no git."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        ignored = {line.strip("/* \n") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
        return [
            path
            for path in ROOT.rglob("*")
            if path.is_file() and not {".git", *ignored} & set(path.relative_to(ROOT).parts)
        ]
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def last_name(node: ast.expr) -> str:
    """Return the last part of a dotted name (`QThread` of `QtCore.QThread`), or nothing for anything else."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Subscript(value=value) | ast.Call(func=value):
            return last_name(value)
        case _:
            return ""


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def method_calls(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    """Yield calls of the named methods on anything (`thing.exec()`)."""
    return (call for call in calls(tree) if isinstance(call.func, ast.Attribute) and call.func.attr in names)
