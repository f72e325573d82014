"""Each import contract of `pyproject.toml` is kept by the tree, and broken once on purpose in a copy of it.

A contract that has stopped biting (a renamed package, a wildcard that matches nothing) fails here.
"""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# contract → (module that breaks it, what it imports); each is reported by the name of the breaking module.
BITES = {
    "layers": [
        ("base.breaks_domain", "editor.domain"),
        ("domain.breaks_text", "editor.text"),
        ("text.breaks_language", "editor.language"),
        ("language.breaks_triage", "editor.triage"),
        ("triage.breaks_exchange", "editor.exchange"),
        ("exchange.breaks_language", "editor.language"),
        ("exchange.breaks_sync", "editor.sync"),
        ("sync.breaks_desk", "editor.desk"),
        ("desk.breaks_runtime", "editor.runtime"),
        ("desk.breaks_store", "editor.store"),
        ("runtime.breaks_ui", "editor.ui"),
        ("runtime.breaks_store", "editor.store"),
        ("runtime.breaks_backends", "editor.backends"),
        ("ui.breaks_store", "editor.store"),
        ("ui.breaks_backends", "editor.backends"),
        ("ui.breaks_press", "editor.press"),
        ("store.breaks_ui", "editor.ui"),
        ("store.breaks_backends", "editor.backends"),
        ("backends.breaks_store", "editor.store"),
        ("backends.breaks_press", "editor.press"),
        ("press.breaks_store", "editor.store"),
        ("store.breaks_cli", "editor.cli"),
        ("drawer", "editor.base"),  # a package that nobody put into a layer
    ],
    "press-is-a-second-program": [
        (f"press.breaks_{name}", f"editor.{name}")
        for name in "store desk ui runtime sync backends language triage exchange cli bench".split()
    ],
    "ui-layers": [
        ("ui.articles.breaks_shell", "editor.ui.shell"),
        ("ui.widgets.breaks_ticker", "editor.ui.ticker"),
        ("ui.theme.breaks_widgets", "editor.ui.widgets"),
        ("ui.reactions.breaks_articles", "editor.ui.articles"),
    ],
    "desks-are-strangers": [
        ("ui.articles.breaks_ticker", "editor.ui.ticker"),
        ("ui.ticker.breaks_reactions", "editor.ui.reactions"),
        ("ui.reactions.breaks_sync", "editor.ui.sync"),
        ("ui.sync.breaks_settings", "editor.ui.settings"),
        ("ui.settings.breaks_articles", "editor.ui.articles"),
    ],
    "language-checks-are-strangers": [("language.breaks_it", "editor.language.other")],
    "moderation-rules-are-strangers": [("triage.breaks_it", "editor.triage.other")],
    "formats-are-strangers": [("exchange.breaks_it", "editor.exchange.other")],
    "adapters-are-strangers": [("backends.breaks_it", "editor.backends.other")],
    "qt-only-in-ui": [
        ("store.breaks_qt", "PySide6.QtCore"),
        ("runtime.breaks_qt", "PySide6.QtCore"),
        ("cli.breaks_qt", "PySide6.QtWidgets"),
        ("bench.breaks_qt", "shiboken6"),
        ("composition", "PySide6.QtWidgets"),
    ],
    "sqlalchemy-only-in-store-and-press": [
        ("desk.breaks_sql", "sqlalchemy"),
        ("ui.breaks_sql", "sqlalchemy.orm"),
        ("cli.breaks_sql", "alembic"),
    ],
    "http-client-only-in-backends": [
        ("press.breaks_http", "httpx2"),
        ("cli.breaks_http", "requests"),
        ("sync.breaks_http", "httpx2"),
    ],
    "http-server-only-in-press": [("cli.breaks_server", "uvicorn"), ("backends.breaks_server", "starlette.testclient")],
    "one-door-to-sqlite": [
        ("store.breaks_door", "sqlite3"),
        ("press.breaks_door", "pysqlite3.dbapi2"),
        ("base.breaks_door", "sqlite3"),
    ],
    "rows-stay-home": [
        ("cli.breaks_rows", "editor.store.schema"),
        ("cli.breaks_press_rows", "editor.press.schema"),
        ("bench.breaks_rows", "editor.store.schema"),
    ],
    "keyring-only-in-store": [("ui.breaks_keyring", "keyring"), ("backends.breaks_keyring", "keyring")],
    "pure-layers-do-no-io": [
        ("domain.breaks_clock", "time"),
        ("text.breaks_threads", "threading"),
        ("language.breaks_files", "editor.base.paths"),
        ("triage.breaks_sockets", "socket"),
        ("exchange.breaks_files", "tempfile"),
        ("sync.breaks_loops", "asyncio"),
        ("sync.breaks_pools", "concurrent.futures"),
        ("sync.breaks_database", "editor.base.sqlite"),
    ],
}


def contracts() -> list[str]:
    """Return the ids of the contracts in `pyproject.toml`."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["id"] for contract in settings["tool"]["importlinter"]["contracts"]]


def judge(folder: Path, *arguments: str) -> str:
    """Let import-linter judge the tree in `folder`, and return what it says."""
    # The folder goes before the checkout, which the environment knows as well.
    command = "import sys; sys.path.insert(0, '.'); from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-cache", "--no-logo", *arguments],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False, env={"COLUMNS": "240"},
    )  # fmt: skip
    return done.stdout + done.stderr


def copy_of_the_tree(folder: Path) -> Path:
    """Copy what import-linter reads, with the modules that the bites name where the tree has none yet."""
    shutil.copytree(ROOT / "editor", folder / "editor", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for wanted in {imported for bites in BITES.values() for _, imported in bites if imported.startswith("editor.")}:
        place = folder / Path(*wanted.split("."))
        if not place.is_dir() and not place.with_suffix(".py").exists():
            place.with_suffix(".py").write_text('"""Here for the bites."""\n', encoding="utf-8")
    return folder


def test_the_tree_keeps_every_contract():
    told = judge(ROOT)
    assert f"Contracts: {len(contracts())} kept, 0 broken." in told, told


def test_every_contract_is_broken_on_purpose():
    assert sorted(BITES) == sorted(contracts())


@pytest.mark.parametrize("contract", BITES)
def test_a_broken_contract_is_reported(contract: str, tmp_path: Path) -> None:
    tree = copy_of_the_tree(tmp_path)
    for breaker, imported in BITES[contract]:
        path = tree / "editor" / Path(*breaker.split(".")).with_suffix(".py")
        path.write_text(f"import {imported}\n", encoding="utf-8")
    told = judge(tree, "--contract", contract)
    assert "BROKEN" in told, told
    unreported = [breaker for breaker, _ in BITES[contract] if f"editor.{breaker}" not in told]
    assert not unreported, told
