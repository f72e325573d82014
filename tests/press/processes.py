"""Press in processes of its own, as it is in the newsroom."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from tests.press.running import Desk

ROOT = Path(__file__).parents[2]
SERVE = textwrap.dedent("""
    import json, sys
    from editor.press import service
    if __name__ == "__main__":
        options = json.loads(sys.argv[2])
        service.serve(sys.argv[1], port=0, on_ready=lambda url: print(url, flush=True), **options)
        print("ended", flush=True)
""")


@contextlib.contextmanager
def process(database_url: str, options: str = "{}") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A press in a process of its own, and its address."""
    started = subprocess.Popen([sys.executable, "-c", SERVE, database_url, options], cwd=ROOT, text=True,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert started.stdout is not None
    try:
        url = started.stdout.readline().strip()
        assert url.startswith("http"), started.communicate()[1]
        yield started, url
    finally:
        started.kill()
        started.communicate()


def desk_at(url: str, token: str) -> Desk:
    """A desk at a press that runs elsewhere."""
    class At:
        pass

    at = At()
    at.url = url  # type: ignore[attr-defined]
    return Desk(at, token, "")  # type: ignore[arg-type]
