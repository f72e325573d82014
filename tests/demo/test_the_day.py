"""The first complete newsroom day, as `redactie demo --headless` lives it."""

from __future__ import annotations

import socket
from datetime import date
from pathlib import Path

import pytest

from editor.demo.day import run_day
from editor.demo.sample import read_sample, ready_sample
from editor.station import open_workstation
from editor.store.profile import open_profile

SEED = Path(__file__).parents[3] / "shared" / "data" / "seed-page.txt"


def failed(run) -> list[str]:
    return [f"{step.name}: {step.saw}" for step in run.steps if not step.ok]


def test_the_day_is_lived_on_the_sample_page_with_press_killed_once() -> None:
    run = run_day(restart_press=True)
    assert failed(run) == []
    assert [step.name for step in run.steps] == [
        "import", "draft", "publish", "page", "restart", "live edit", "update", "reader", "offline approval",
        "reaction public", "scheduled line"]


def test_the_day_is_lived_on_the_seed_page() -> None:
    if not SEED.is_file():
        pytest.skip(f"the seed page is not here: put it at {SEED.parent.name}/{SEED.name} beside the project")
    run = run_day(page=SEED, day=date(2026, 11, 24))
    assert failed(run) == []


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 1, 1)])
def test_the_samples_clock_stands_five_minutes_after_its_latest_line(day: date) -> None:
    from editor.base.clock import SystemClock
    from editor.domain.moments import moment_of

    sample = read_sample(None, day)
    latest = max((line.hour, line.minute) for line in sample.page.ticker if line.day_offset == 0)
    stands = moment_of(SystemClock(sample.offset).now(), "Europe/Amsterdam")
    minutes = int(stands.hhmm[:2]) * 60 + int(stands.hhmm[3:]) - (latest[0] * 60 + latest[1])
    assert stands.wall.startswith(day.isoformat())
    assert minutes in (4, 5, 6)


def test_the_sample_follows_its_press_to_another_port_when_the_old_one_is_taken() -> None:
    folder, end = ready_sample()
    end()
    before = int((folder / "ready").read_text(encoding="ascii"))
    with socket.socket() as other:
        other.bind(("127.0.0.1", before))
        other.listen()
        folder, end = ready_sample()
        try:
            now = int((folder / "ready").read_text(encoding="ascii"))
            assert now != before
            assert whats_synced(folder) == ("ok", now)
        finally:
            end()
    (folder / "ready").write_text("moving", encoding="ascii")  # killed while it followed
    folder, end = ready_sample()
    try:
        assert whats_synced(folder) == ("ok", int((folder / "ready").read_text(encoding="ascii")))
        with open_profile(folder):
            again, nothing = ready_sample()
            assert again == folder
            nothing()  # the press of the window that has it is not ours to end
        assert whats_synced(folder)[0] == "ok"
    finally:
        end()


def whats_synced(folder: Path) -> tuple[str, int]:
    """How one round of sync ends, and at which port."""
    station = open_workstation(folder, changing=True)
    try:
        runner = station.runner()
        connection = station.door.read_now(lambda reader: reader.connection())
        assert runner is not None
        assert connection is not None
        return runner.once().state, int(connection.url.rsplit(":", 1)[1])
    finally:
        station.close()
