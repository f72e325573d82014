"""The connection doctor as a person meets it: one button, a sentence a step, and it can be stopped."""

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLabel

from editor.base.messages import Message
from editor.runtime import doctor_words as said
from editor.runtime.doctor import Check, Finding, Verdict
from editor.ui.sync.doctor_panel import DoctorPanel, StepRow
from editor.ui.wording import Wording

GOOD = tuple(Finding(check, Verdict.GOOD, said.ANSWERS) for check in Check)
REFUSED = (*GOOD[:5], Finding(Check.TOKEN, Verdict.BAD, said.TOKEN_REFUSED, said.ASK_TOKEN),
           *(Finding(check, Verdict.SKIPPED, said.NOT_REACHED) for check in (Check.RIGHTS, Check.FEED)))


class Connection:
    """What is found, told when the test says so."""

    def __init__(self) -> None:
        self.told: Callable[[Finding], None] = lambda _: None
        self.ended: Callable[[], None] = lambda: None
        self.stopped = 0

    def check_up(self, told: Callable[[Finding], None], ended: Callable[[], None]) -> Callable[[], None]:
        self.told, self.ended = told, ended
        return self._stop

    def _stop(self) -> None:
        self.stopped += 1


@pytest.fixture
def connection() -> Connection:
    return Connection()


@pytest.fixture
def panel(qtbot, look, connection) -> DoctorPanel:
    made = DoctorPanel(look, Wording("nl"), connection.check_up)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


def words(panel: DoctorPanel) -> str:
    return " ".join(label.text() for label in panel.findChildren(QLabel) if label.isVisible())


def test_a_good_connection_is_said_to_be_in_order(panel, connection):
    panel.button.click()
    assert "Stap 1 van 8" in words(panel)
    for finding in GOOD:
        connection.told(finding)
    connection.ended()
    assert "De verbinding is in orde." in words(panel)
    assert not panel.is_running


def test_the_step_that_is_wrong_is_named_with_what_to_do(panel, connection):
    panel.button.click()
    for finding in REFUSED:
        connection.told(finding)
    connection.ended()
    assert "Het gaat mis bij ‘Sleutel’." in words(panel)
    row = panel.findChildren(StepRow)[5]
    assert row.accessibleName() == ("Sleutel: mis. De server kent de sleutel van deze computer niet of niet meer. "
                                    "Vraag de beheerder om een nieuwe sleutel en verbind opnieuw. Er gaat niets verloren.")


def test_it_can_be_stopped_and_what_comes_late_is_not_shown(panel, connection):
    panel.button.click()
    connection.told(GOOD[0])
    assert panel.button.words == "Stoppen"
    panel.button.click()
    assert connection.stopped == 1
    assert "Gestopt." in words(panel)
    connection.told(Finding(Check.CONNECT, Verdict.BAD, Message("doctor", "Stopped.")))
    connection.ended()
    assert "Het gaat mis" not in words(panel)
    panel.button.click()
    assert panel.is_running


def test_without_a_server_there_is_nothing_to_examine(panel, connection):
    panel.button.click()
    connection.ended()
    assert "er valt niets na te kijken" in words(panel)
