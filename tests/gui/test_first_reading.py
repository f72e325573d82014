"""The first fetching of a large newsroom, as a person meets it: how far it is, stopping it, going on."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from editor.runtime.sync_runner import SyncFacts
from editor.ui.sync.desk import SyncDesk
from editor.ui.widgets.buttons import Button
from editor.ui.widgets.far_line import FarLine
from editor.ui.wording import Wording
from tests.gui.test_application import Root, root, start, status, sync_desk, working  # noqa: F401 - fixtures

UNDER_WAY = SyncFacts("busy", rows_done=12_400, rows_total=1_010_000)
STOPPED = SyncFacts("ok", rows_done=12_600, rows_total=1_010_000, is_paused=True)


def in_the_bar(program) -> Button:
    button: Button = program.frame.window.status.findChild(Button)
    return button


def in_the_desk(desk: SyncDesk) -> list[Button]:
    return [one for one in desk._side.findChildren(Button) if one.isVisible()]


def test_the_bar_says_how_far_it_is_and_its_button_stops_it_and_goes_on(working, root: Root, qtbot):  # noqa: F811
    program, button = working, in_the_bar(working)
    assert not button.isVisible()
    root.tell(UNDER_WAY)
    qtbot.waitUntil(button.isVisible)
    assert status(program).endswith("ophalen: 12.400 van 1.010.000")
    assert button.accessibleName() == "Pauze"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (root.paused, root.sent) == (1, 0)
    root.tell(STOPPED)
    qtbot.waitUntil(lambda: button.words == "Verder")
    assert status(program).endswith("ophalen gestopt bij 12.600 van 1.010.000")
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert (root.paused, root.sent) == (1, 1)
    root.tell(SyncFacts("ok"))
    qtbot.waitUntil(lambda: not button.isVisible())


def test_the_bars_button_stands_beside_its_words_within_the_window(working, root: Root, qtbot):  # noqa: F811
    bar, button = working.frame.window.status, in_the_bar(working)
    root.tell(UNDER_WAY)
    qtbot.waitUntil(button.isVisible)
    assert bar.rect().contains(button.geometry())
    assert button.width() >= button.sizeHint().width()


def test_the_sync_desk_shows_how_far_it_is_with_the_same_button(working, root: Root, qtbot):  # noqa: F811
    program = working
    program.frame.window.open_desk("sync")
    desk = sync_desk(program)
    root.tell(UNDER_WAY)
    qtbot.waitUntil(lambda: len(in_the_desk(desk)) == 1)
    [button] = in_the_desk(desk)
    [line] = desk.findChildren(FarLine)
    assert "12.400 van 1.010.000" in desk._side._why.text()
    assert (line.accessibleName(), line.value()) == ("Ophalen wat er is", 12)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert root.paused == 1
    root.tell(STOPPED)
    qtbot.waitUntil(lambda: button.words == "Verder")
    assert button.hasFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert root.sent == 1


def test_the_keyboard_finds_it_by_searching(working, root: Root, qtbot):  # noqa: F811
    window = working.frame.window
    root.tell(UNDER_WAY)
    qtbot.waitUntil(in_the_bar(working).isVisible)
    window.open_palette()
    qtbot.keyClicks(window._over.palette.field, "eerste ophalen")
    QTest.keyClick(window._over.palette.field, Qt.Key.Key_Return)
    assert root.paused == 1


def test_a_server_that_falls_silent_is_no_reason_to_offer_a_button(working, root: Root, qtbot):  # noqa: F811
    root.tell(SyncFacts("offline", rows_done=400, rows_total=10_000))
    qtbot.waitUntil(lambda: status(working).endswith("offline, alles werkt"))
    assert not in_the_bar(working).isVisible()
    assert "gaat vanzelf verder" in sync_desk(working)._side._why.text()


@pytest.mark.parametrize(("language", "said"), [("nl", "9999, 10.000"), ("en", "9999, 10,000")])
def test_great_numbers_are_read_in_groups(language, said):
    assert Wording(language).tr("x", "{one}, {other}", one=9_999, other=10_000) == said
