"""Pictures of the sample newsroom's desks, taken by a child program that needs no screen."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from editor.base.errors import Bug
from editor.base.messages import Message

PATIENCE_S = 180


def take_pictures(into: Path) -> list[Path]:
    """Furnish a sample in a temporary folder and take a picture of each desk, theme and language into `into`."""
    into.mkdir(parents=True, exist_ok=True)
    before = set(into.glob("*.png"))
    surroundings = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "editor.demo.pictures", str(into.absolute())]
    done = subprocess.run(command, env=surroundings, timeout=PATIENCE_S, check=False, capture_output=True,  # noqa: S603
                          text=True)
    made = sorted(into.glob("*.png"))
    if done.returncode != 0 or not made:
        raise Bug("no_pictures", Message("demo", "The pictures could not be taken: {why}",
                                         {"why": done.stderr.strip().splitlines()[-1:] or "?"}))
    return [path for path in made if path not in before or path.stat().st_size]


def main(into: Path) -> int:
    """The child program."""
    from editor.app import WindowRoot
    from editor.demo.sample import PressProcess, furnish_sample, read_sample
    from editor.ui.pictures import take_pictures as photograph

    with tempfile.TemporaryDirectory(prefix="redactie-") as name:
        folder = Path(name) / "sample"
        press = PressProcess(folder / "press")
        furnish_sample(folder, press, read_sample(None, None))
        root = WindowRoot(folder, "nl")
        try:
            taken = photograph(root.parts(), into)
        finally:
            root.close()
            press.stop()
    return 0 if taken else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
