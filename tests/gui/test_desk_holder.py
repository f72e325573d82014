"""A desk's place: the desk is made in steps, and the window works on between them."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget

from editor.ui.desk_holder import DeskHolder


class Made:
    """A desk in the making that tells what happened in which order."""

    def __init__(self, *, fails_first: bool = False) -> None:
        self.told: list[str] = []
        self._fails = fails_first

    def __call__(self) -> Iterator[QWidget | None]:
        self.told.append("begun")
        yield None
        if self._fails:
            self._fails = False
            raise ValueError("no memory for it")
        self.told.append("half")
        yield None
        self.told.append("whole")
        yield QLabel("desk")


@pytest.fixture
def holder(qtbot, look):
    place = DeskHolder(look, "One moment…")
    qtbot.addWidget(place)
    with qtbot.waitExposed(place):
        place.show()
    return place


def test_the_event_loop_comes_round_between_two_steps(qtbot, holder):
    make = Made()
    turns = QTimer(holder)
    turns.timeout.connect(lambda: make.told.append("turn"))
    turns.start(0)
    with qtbot.waitSignal(holder.came):
        holder.fill(make)
    turns.stop()
    steps = [told for told, before in zip(make.told, ["", *make.told], strict=False) if told != before]
    assert [step for step in steps if step != "turn"] == ["begun", "half", "whole"]
    assert "turn" in steps[steps.index("begun") : steps.index("half")]
    assert "turn" in steps[steps.index("half") : steps.index("whole")]
    assert isinstance(holder.desk, QLabel)
    assert holder.desk.isVisible()


def test_whoever_needs_the_desk_now_gets_it_now(holder):
    make = Made()
    holder.fill(make)
    assert isinstance(holder.made(), QLabel)
    assert make.told == ["begun", "half", "whole"]


def test_a_desk_that_is_not_wanted_any_more_is_not_made_on(qtbot, holder):
    make, other, turns = Made(), Made(), QTimer(holder)

    def change_mind() -> None:
        if make.told == ["begun"]:
            turns.stop()
            holder.fill(other)
    turns.timeout.connect(change_mind)
    turns.start(0)
    with qtbot.waitSignal(holder.came):
        holder.fill(make)
    assert (make.told, other.told) == (["begun"], ["begun", "half", "whole"])


def test_after_a_fault_the_desk_is_begun_anew(holder):
    make = Made(fails_first=True)
    holder.fill(make)
    with pytest.raises(ValueError, match="memory"):
        holder.made()
    assert isinstance(holder.made(), QLabel)
