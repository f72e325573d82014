"""Child programs of the bench: each is an application of its own that tells what it measured as one JSON object."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from editor.base.clock import SystemClock
from editor.base.display import has_display
from editor.base.errors import Bug
from editor.base.messages import Message

LONGEST_S = 300.0  # a child ends itself before that
PROBES = "editor.ui.probes"  # bare Qt: the floors
PARTS = "editor.bench.parts"  # the program's own parts


def told(module: str, *words: object, bytecode: Path | None = None) -> dict[str, Any]:
    """What a child told, with `began`, the monotonic seconds at which it was started (one clock for all processes).

    With `bytecode` it keeps compiled modules in that folder, as an installed program has them compiled. Without a
    screen it runs on Qt's offscreen platform. Raises `Bug` when it fails or takes minutes.
    """
    around = surroundings()
    if bytecode is not None:
        around.pop("PYTHONDONTWRITEBYTECODE", None)
        around["PYTHONPYCACHEPREFIX"] = str(bytecode)
    began = SystemClock().monotonic()
    try:
        done = subprocess.run([sys.executable, "-m", module, *map(str, words)], env=around, text=True,  # noqa: S603
                              capture_output=True, timeout=LONGEST_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise failed(words, "time-out") from error
    if done.returncode != 0 or not done.stdout.strip():
        raise failed(words, done.stderr[-2000:])
    return {**json.loads(done.stdout.splitlines()[-1]), "began": began}


def surroundings() -> dict[str, str]:
    """The environment of a child."""
    return dict(os.environ) if has_display() else {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def failed(words: Sequence[object], why: str) -> Bug:
    """The fault that a child with these words ended with."""
    return Bug("probe_failed", Message("bench", "The measurement {name} failed: {why}",
                                       {"name": str(words[0]), "why": why}))


def where() -> str:
    """On what the windows were: the note of a figure."""
    return os.environ.get("QT_QPA_PLATFORM", "screen") if has_display() else "offscreen"
