"""A second start on the same profile raises the first window."""

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from editor.ui.shell.one_window import OneWindow, meeting_place

DEAD = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from editor.ui.shell.one_window import OneWindow
application = QApplication([])
one = OneWindow(Path(sys.argv[1]))
print("listens", flush=True)
application.exec()
"""
ASKS = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from editor.ui.shell.one_window import raise_other
application = QApplication([])
print(raise_other(Path(sys.argv[1])))
"""
# Windows of the offscreen platform have no order.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise")


def second_start(folder: Path, qtbot) -> bool:
    """What a second process is told."""
    asked = subprocess.Popen([sys.executable, "-c", ASKS, str(folder)], stdout=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: asked.poll() is not None, timeout=20_000)
    assert asked.stdout is not None
    said = asked.stdout.read().strip()
    asked.stdout.close()
    assert said in ("True", "False")
    return said == "True"


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.mark.parametrize("folder", ["profiel", "n" * 120])
def test_a_second_start_raises_the_window_of_the_first(tmp_path, qtbot, window, folder):
    profile = tmp_path / folder
    profile.mkdir()
    one = OneWindow(profile)
    window.setWindowState(Qt.WindowState.WindowMinimized)
    assert second_start(profile, qtbot)
    assert not window.isMinimized()
    qtbot.waitUntil(window.isActiveWindow)
    one.close()
    assert not second_start(profile, qtbot)


def test_another_profile_is_none_of_its_business(tmp_path, qtbot, window):
    one = OneWindow(tmp_path)
    assert not second_start(tmp_path / "ander", qtbot)
    one.close()


def test_what_a_killed_process_left_behind_leads_nowhere_and_is_taken_over(tmp_path, qtbot, window):
    dead = subprocess.Popen([sys.executable, "-c", DEAD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert dead.stdout is not None
    assert dead.stdout.readline() == "listens\n"
    dead.kill()
    dead.wait(20)
    dead.stdout.close()
    assert Path(meeting_place(tmp_path)).exists()
    assert not second_start(tmp_path, qtbot)
    one = OneWindow(tmp_path)
    assert second_start(tmp_path, qtbot)
    one.close()
