"""What the bench's figure of a start rests on: the window stands on Qt and a few small modules of ours."""

import gc
import subprocess
import sys
from pathlib import Path

from editor.ui.application import keep_what_is_loaded

LATER = (
    "sqlalchemy", "alembic", "httpx2", "markdown", "nh3", "regex", "difflib", "spellchecker", "keyring", "platformdirs", "zoneinfo",
    "concurrent.futures", "editor.domain", "editor.desk", "editor.sync", "editor.text", "editor.runtime", "editor.backends",
    "editor.press", "editor.station", "editor.store.schema", "editor.ui.articles", "editor.ui.ticker", "editor.ui.reactions",
    "editor.ui.sync", "editor.ui.settings", "editor.ui.shell.palette", "editor.ui.shell.keys_sheet", "editor.ui.widgets.card_list",
)  # fmt: skip
START = """
import sys
from pathlib import Path
from editor.app import WindowRoot
from editor.ui.application import Program, make_application

root = WindowRoot(Path(sys.argv[1]), None)
application = make_application()
program = Program(application, root.parts())
program.open_profile = lambda: print(sorted(name for name in {later!r} if name in sys.modules)) or application.exit()
program.start()
application.exec()
program.stop()
root.close()
"""


def test_the_window_is_painted_before_anything_heavy_is_loaded(tmp_path: Path):
    code = START.format(later=LATER)
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path / "profile")], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_what_is_loaded_at_the_start_is_no_longer_looked_at_and_the_rest_is_collected():
    gc.disable()
    try:
        keep_what_is_loaded()
        assert gc.isenabled()
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
        gc.enable()
