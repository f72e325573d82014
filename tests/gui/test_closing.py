"""The window's root ends everything that it began, whatever is still under way."""

import threading
from pathlib import Path

from editor.app import WindowRoot
from editor.store.profile import open_profile


def test_a_window_that_closes_while_its_profile_opens_lets_go_of_it(tmp_path: Path, monkeypatch, qapp) -> None:
    folder = tmp_path / "profile"
    root = WindowRoot(folder, None)
    parts, closing = root.parts(), threading.Event()
    faults: list[BaseException] = []
    end = root._end

    def end_and_tell(*opened) -> None:
        end(*opened)
        closing.set()
    monkeypatch.setattr(root, "_end", end_and_tell)

    def open_late() -> None:
        closing.wait(30)
        parts.open_profile(lambda call: None, faults.append)
    parts.background(open_late)
    root.close()
    assert not faults
    with open_profile(folder) as profile:
        assert not profile.unclean


def test_a_keyring_that_lets_its_person_wait_does_not_keep_the_window_open(tmp_path: Path, monkeypatch, qapp) -> None:
    folder = tmp_path / "profile"
    root = WindowRoot(folder, None)
    opened = root.parts().open_profile(lambda call: call(), lambda error: None)
    asked, answered = threading.Event(), threading.Event()
    station = root._opened.station  # type: ignore[union-attr]

    def runner(told: object) -> None:
        asked.set()
        answered.wait(30)
    monkeypatch.setattr(station, "runner", runner)
    asking = threading.Thread(target=opened.start_sync)
    asking.start()
    assert asked.wait(30)
    closing = threading.Thread(target=opened.close)
    closing.start()
    closing.join(30)
    assert not closing.is_alive()
    answered.set()
    asking.join(30)
    root.close()
