"""The command line: one file a noun; each verb runs the same operations as the desks.

Top ring: may import everything, and is imported by `editor.__main__` alone. `main(argv=None)` returns the exit code.
Heavy packages are imported inside the verb that needs them, so that `--help` is quick and the window appears at once.
A new verb goes into its noun's file; a new noun is one file and one entry in this package's table.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

NOUNS = {  # noun → the module that registers it
    "article": "article", "ticker": "ticker", "reaction": "reaction", "import": "page", "connect": "connect",
    "sync": "sending", "outbox": "sending", "doctor": "sending", "conflict": "conflict", "backup": "keeping",
    "restore": "keeping", "rescue": "keeping", "press": "press", "demo": "showing", "bench": "showing",
    "check": "later", "export": "later",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command, or open the window when there is none. Returns the exit code; a person never sees a
    traceback."""
    words = list(sys.argv[1:] if argv is None else argv)
    if not any(word in NOUNS or word in ("-h", "--help", "--version") for word in words):
        bad = [word for word in words if not word.startswith("-")]
        if not bad or _only_profile(words):
            from editor.app import open_window
            return open_window(words)
    from editor.cli.running import run
    return run(words)


def _only_profile(words: list[str]) -> bool:
    """Whether nothing but options with values stands there (`--profile DIR`, `--lang nl`)."""
    rest = list(words)
    while rest:
        word = rest.pop(0)
        if word in ("--profile", "--lang") and rest:
            rest.pop(0)
        elif not word.startswith("--"):
            return False
    return True
