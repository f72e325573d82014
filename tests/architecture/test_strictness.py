"""The house's strictnesses bite: each is broken once in a small suite of its own and seen to fail it."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CLEAN = {
    "an_expected_log": """
        import logging, pytest
        @pytest.mark.expects_logs("as planned")
        def test_it():
            logging.getLogger("x").warning("as planned")
    """,
    "a_thread_that_ends": """
        import threading
        def test_it():
            thread = threading.Thread(target=int)
            thread.start()
            thread.join()
    """,
    "a_dialog_that_is_expected": """
        import pytest
        from PySide6.QtWidgets import QDialog
        @pytest.mark.expects_dialog
        def test_it(qtbot):
            dialog = QDialog()
            qtbot.addWidget(dialog)
            dialog.open()
            dialog.reject()
    """,
}

BROKEN = {
    "a_python_warning": ("a warning of Python's", "UserWarning: a warning of Python's", """
        import warnings
        def test_it():
            warnings.warn("a warning of Python's", stacklevel=1)
    """),
    "a_stray_log": ("a stray record", "Stray log records", """
        import logging
        def test_it():
            logging.getLogger("x").error("a stray record")
    """),
    "a_qt_warning": ("a warning of Qt's", "Failure: Qt messages with level WARNING or above emitted", """
        from PySide6.QtCore import qWarning
        def test_it(qapp):
            qWarning("a warning of Qt's")
    """),
    "a_dangling_thread": ("test_it.py", "Threads outlive their test", """
        import threading
        def test_it():
            threading.Thread(target=threading.Event().wait, name="forgotten", daemon=True).start()
    """),
    "a_nested_message_box": ("QMessageBox.question", "Unexpected dialogs", """
        from PySide6.QtWidgets import QMessageBox
        def test_it(qapp):
            try:
                QMessageBox.question(None, "Sure?", "Really?")
            except AssertionError:
                pass
    """),
    "a_modal_dialog": ("QDialog.exec", "UnexpectedDialog", """
        from PySide6.QtWidgets import QDialog
        def test_it(qtbot):
            dialog = QDialog()
            qtbot.addWidget(dialog)
            dialog.exec()
    """),
    "a_dialog_left_open": ("was left open", "Unexpected dialogs", """
        from PySide6.QtWidgets import QDialog
        KEPT = []
        def test_it(qapp):
            KEPT.append(QDialog())
            KEPT[0].setModal(True)
            KEPT[0].show()
    """),
    "an_exception_in_a_slot": ("lost in a slot", "Exceptions caught in Qt event loop", """
        from PySide6.QtCore import QTimer
        def test_it(qtbot):
            def slot():
                seen.append(1)
                raise ValueError("lost in a slot")
            seen = []
            QTimer.singleShot(0, slot)
            qtbot.waitUntil(lambda: bool(seen))
    """),
}  # fmt: skip


def run_suite(folder: Path, source: str) -> subprocess.CompletedProcess[str]:
    """Run one test file, outside the project's folder, under the project's conftest and configuration."""
    lines = source.strip("\n").splitlines()
    indent = len(lines[0]) - len(lines[0].lstrip())
    (folder / "test_it.py").write_text("\n".join(line[indent:] for line in lines), encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "--rootdir", str(folder)]
    command += ["-p", "tests.conftest", "-p", "no:cacheprovider", "-p", "no:xdist", "test_it.py"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)


@pytest.mark.parametrize("name", CLEAN)
def test_a_well_behaved_test_passes(name: str, tmp_path: Path) -> None:
    done = run_suite(tmp_path, CLEAN[name])
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", BROKEN)
def test_a_test_fails_for(name: str, tmp_path: Path) -> None:
    names_it, says, source = BROKEN[name]
    done = run_suite(tmp_path, source)
    assert done.returncode == 1, done.stdout + done.stderr
    assert says in done.stdout
    assert names_it in done.stdout
