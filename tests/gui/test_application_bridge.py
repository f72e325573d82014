"""The way onto the GUI thread, and what the window loads before it stands."""

import subprocess
import sys
import threading

from PySide6.QtCore import QTimer

from editor.ui.bridge import Bridge

HEAVY = ("sqlalchemy", "alembic", "httpx2", "markdown", "nh3", "spellchecker", "keyring", "editor.store", "editor.press",
         "editor.text.markdown", "editor.runtime.sync_runner", "editor.desk.articles", "editor.language")


def test_a_call_from_a_thread_is_made_on_the_gui_thread_in_order(qapp, qtbot):
    bridge, seen = Bridge(), []

    def work() -> None:
        for number in range(20):
            bridge.deliver(lambda n=number: seen.append((n, threading.current_thread())))  # type: ignore[misc]

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == []
    qtbot.waitUntil(lambda: len(seen) == 20)
    assert seen == [(number, threading.main_thread()) for number in range(20)]


def test_the_window_works_on_between_two_answers_that_came_at_once(qapp, qtbot):
    bridge, seen, turns = Bridge(), [], QTimer()
    turns.timeout.connect(lambda: seen.append("turn"))
    turns.start(0)
    bridge.deliver(lambda: seen.append("first"))
    bridge.deliver(lambda: seen.append("second"))
    qtbot.waitUntil(lambda: "second" in seen)
    turns.stop()
    assert "turn" in seen[seen.index("first") : seen.index("second")]


def test_after_closing_nothing_is_delivered_not_even_what_is_under_way(qapp, qtbot):
    bridge, seen = Bridge(), []
    bridge.deliver(lambda: seen.append("under way"))
    bridge.close()
    bridge.deliver(lambda: seen.append("late"))
    other = Bridge()
    other.deliver(lambda: seen.append("other"))
    qtbot.waitUntil(lambda: seen != [])
    assert seen == ["other"]


def test_an_answer_for_a_window_that_has_gone_is_dropped(qapp):
    import shiboken6

    bridge = Bridge()
    shiboken6.delete(bridge)
    bridge.deliver(lambda: None)
    bridge.deliver(lambda: None)


def test_the_window_needs_nothing_heavy_before_it_is_painted():
    code = f"import sys, editor.ui.application; print([n for n in {HEAVY!r} if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
