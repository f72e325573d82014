"""The ticker's desk: what a planner's keys do, on a real profile."""

from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QWidget

from editor.desk import lanes
from editor.domain.changes import Outcome
from editor.domain.people import Actor, Role
from editor.domain.ticker import Intent, Phase
from editor.ui.actions import Keymap, Scope
from editor.ui.ticker.desk import STAGE_MS, TickerDesk
from editor.ui.ticker.reading import read_day
from editor.ui.ticker.rows import RowKind, day_rows
from editor.ui.wording import Wording
from tests.gui.ticker_home import LINES, NOW, ZONE, TickerHome, opened

Key = Qt.Key
ALT, CTRL, SHIFT = (Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ControlModifier,
                    Qt.KeyboardModifier.ShiftModifier)


@pytest.fixture
def home(tmp_path):
    with opened(tmp_path / "profile") as made:
        made.fill()
        yield made


@pytest.fixture
def desk_of(qtbot, look, alarms):
    made: list[TickerDesk] = []

    def make(home: TickerHome, language: str = "nl") -> TickerDesk:
        desk = TickerDesk(home.door, Wording(language), look, Keymap(), home.clock, alarms)
        qtbot.addWidget(desk)
        desk.resize(1368, 872)
        with qtbot.waitExposed(desk):
            desk.show()
        desk.activateWindow()
        desk.arrive()
        qtbot.waitUntil(lambda: desk.view is not None)
        made.append(desk)
        return desk

    yield make
    for desk in made:
        desk.close_desk()


@pytest.fixture
def desk(desk_of, home):
    return desk_of(home)


def choose(desk: TickerDesk, home: TickerHome, clock: str) -> str:
    assert desk.timeline.select(home.ids[clock])
    return home.ids[clock]


def focused(desk: TickerDesk) -> QWidget:
    found = QApplication.focusWidget()
    assert found is not None
    assert desk.isAncestorOf(found)
    return found


def press(desk: TickerDesk, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(focused(desk), key, held)


def notices(desk: TickerDesk) -> str:
    return " ".join(notice.words for notice in desk.panel.notices)


def line_with(home: TickerHome, headline: str, day: date = date(2026, 11, 24)) -> list[str]:
    return [item.entry.id for item in home.door.read_now(lambda reader: reader.ticker_day(day))
            if item.entry.headline == headline]


def test_enter_in_the_quick_line_plans_the_line(desk, home, qtbot):
    press(desk, Key.Key_N)
    QTest.keyClicks(focused(desk), "13:20 Veerpont ligt weer stil")
    press(desk, Key.Key_Return)
    qtbot.waitUntil(lambda: bool(line_with(home, "Veerpont ligt weer stil")))
    made = line_with(home, "Veerpont ligt weer stil")[0]
    assert home.entity(made).doc["intent"] == "planned"
    assert home.wall(made) == "2026-11-24T13:20"
    qtbot.waitUntil(lambda: desk.timeline.current_key == made)


def test_a_headline_alone_takes_the_next_free_moment(desk, home, qtbot):
    desk.quick.setFocus()
    QTest.keyClicks(desk.quick, "Zonder tijd getypt")
    press(desk, Key.Key_Return)
    qtbot.waitUntil(lambda: bool(line_with(home, "Zonder tijd getypt")))
    assert home.wall(line_with(home, "Zonder tijd getypt")[0]) == "2026-11-24T12:42"


def test_a_time_that_has_passed_is_asked_in_place(desk, home, qtbot):
    desk.quick.setFocus()
    QTest.keyClicks(desk.quick, "10:15 Vanochtend al")
    press(desk, Key.Key_Return)
    assert "10:15" in desk.question.words
    assert not line_with(home, "Vanochtend al")
    press(desk, Key.Key_2)
    qtbot.waitUntil(lambda: bool(line_with(home, "Vanochtend al")))
    assert home.entity(line_with(home, "Vanochtend al")[0]).on_late == "as_planned"
    assert not desk.quick.text()


def test_a_time_that_has_passed_and_is_not_answered_leaves_what_was_typed(desk, home):
    desk.quick.setFocus()
    QTest.keyClicks(desk.quick, "10:15 Vanochtend al")
    press(desk, Key.Key_Return)
    press(desk, Key.Key_Escape)
    assert desk.quick.text() == "10:15 Vanochtend al"


def test_the_line_that_comes_next_is_open_at_first(desk, home):
    assert desk.timeline.current_key == home.ids["12:55"]


def test_the_red_label_never_lies_over_the_hours_words(home):
    view = home.door.read_now(lambda reader: read_day(reader, date(2026, 11, 24), NOW))
    at_the_hour = [row.hour.strip() for row in day_rows(view, NOW + timedelta(minutes=20))]  # 13:01
    assert "12:00" in at_the_hour
    assert "13:00" not in at_the_hour
    assert "13:00" in [row.hour for row in day_rows(view, NOW + timedelta(minutes=40))]


@pytest.mark.parametrize(("key", "held", "wall"), [
    (Key.Key_Down, ALT, "2026-11-24T14:11"), (Key.Key_Up, ALT, "2026-11-24T14:09"),
    (Key.Key_Down, ALT | SHIFT, "2026-11-24T14:25"), (Key.Key_Down, CTRL | ALT, "2026-11-25T14:10")])
def test_keys_move_the_start(desk, home, qtbot, key, held, wall):
    one = choose(desk, home, "14:10")
    press(desk, key, held)
    qtbot.waitUntil(lambda: home.wall(one) == wall)


def test_v_takes_the_free_moment_that_the_warning_names(desk, home, qtbot):
    one = choose(desk, home, "12:55")
    assert "3 minuten" in notices(desk)
    press(desk, Key.Key_V)
    qtbot.waitUntil(lambda: home.wall(one) == "2026-11-24T13:02")
    qtbot.waitUntil(lambda: "3 minuten" not in notices(desk))
    press(desk, Key.Key_V)
    assert "13:02 is al vrij" in notices(desk)


def test_w_goes_round_the_lines_with_a_warning(desk, home):
    choose(desk, home, "12:01")
    places = []
    for _ in range(3):
        press(desk, Key.Key_W)
        places.append(desk.timeline.current_key)
    assert places == [home.ids["12:55"], home.ids["12:58"], home.ids["12:55"]]


def test_the_preview_goes_along_with_the_line_and_by_minutes_and_quarters(desk, home, qtbot):
    one = choose(desk, home, "14:10")
    press(desk, Key.Key_Down, ALT)
    qtbot.waitUntil(lambda: home.wall(one) == "2026-11-24T14:11")
    qtbot.waitUntil(lambda: desk.panel.preview._time.text() == "14:11")
    press(desk, Key.Key_Space)
    press(desk, Key.Key_Right)
    press(desk, Key.Key_Right, SHIFT)
    assert desk.panel.preview._time.text() == "14:27"


def test_typing_over_a_planned_line_is_staged_and_only_ctrl_enter_sends_it(desk, home, qtbot, alarms):
    one = choose(desk, home, "12:55")
    press(desk, Key.Key_F2)
    QTest.keyClicks(focused(desk), "Wijk komt later")
    alarms.advance(STAGE_MS)
    qtbot.waitUntil(lambda: home.entity(one).staged == "Wijk komt later")
    assert home.entity(one).doc["headline"].startswith("Gemeente")
    press(desk, Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: home.entity(one).doc["headline"] == "Wijk komt later")
    assert home.entity(one).staged is None


def test_a_draft_is_planned_with_ctrl_enter(desk, home, qtbot):
    one = choose(desk, home, "14:30")
    press(desk, Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: home.entity(one).doc["intent"] == "planned")


def test_withdraw_and_undo(desk, home, qtbot):
    one = choose(desk, home, "14:10")
    press(desk, Key.Key_Delete)
    qtbot.waitUntil(lambda: home.entity(one).doc["intent"] == "withdrawn")
    press(desk, Key.Key_Z, CTRL)
    qtbot.waitUntil(lambda: home.entity(one).doc["intent"] == "planned")


def test_publish_now_is_asked_in_place(desk, home, qtbot):
    one = choose(desk, home, "14:10")
    press(desk, Key.Key_L)
    assert "nu op de ticker" in desk.question.words
    press(desk, Key.Key_Return)
    qtbot.waitUntil(lambda: home.wall(one) == "2026-11-24T12:41")


def test_clearing_the_ticker_leaves_what_is_planned(desk, home, qtbot):
    press(desk, Key.Key_P, CTRL | SHIFT)
    press(desk, Key.Key_1)
    qtbot.waitUntil(lambda: home.entity(home.ids["12:01"]).doc["intent"] == "withdrawn")
    assert home.entity(home.ids["12:55"]).doc["intent"] == "planned"


def test_breaking_and_pin_by_key(desk, home, qtbot):
    one = choose(desk, home, "14:10")
    press(desk, Key.Key_B)
    qtbot.waitUntil(lambda: home.entity(one).doc["priority"] == 2)
    press(desk, Key.Key_P)
    qtbot.waitUntil(lambda: home.entity(one).doc["pin"] is not None)


def test_who_may_not_break_sees_it_greyed_out(desk_of, home):
    def become(work):
        work.profile.set_actor(Actor("u-kim", "Kim", frozenset({Role.JOURNALIST})))
        return Outcome(None, work.changes())
    home.door.change_now(become)
    desk = desk_of(home)
    choose(desk, home, "14:10")
    assert not desk.panel.fields.pin.isEnabled()


def test_a_pasted_list_is_shown_as_read_and_taken_whole(desk, home, qtbot):
    QGuiApplication.clipboard().setText("- 15:10Eerste van de lijst\nzomaar tekst\n15:20 Tweede van de lijst")
    desk.quick.setFocus()
    QTest.keyClick(desk.quick, Key.Key_V, CTRL)
    assert desk.block.isVisible()
    assert [line.skipped for line in desk.block.reading.lines] == [False, True, False]
    assert not line_with(home, "Eerste van de lijst")
    press(desk, Key.Key_Return)
    qtbot.waitUntil(lambda: bool(line_with(home, "Tweede van de lijst")))
    assert home.wall(line_with(home, "Eerste van de lijst")[0]) == "2026-11-24T15:10"
    qtbot.waitUntil(desk.block.isHidden)


def test_a_list_with_a_fault_is_not_taken(desk, home):
    desk.quick.block_given.emit("15:10 Goed\n27:20 Kan niet")
    assert desk.block.reading.faults == 1
    press(desk, Key.Key_Return)
    assert desk.block.isVisible()
    assert not line_with(home, "Goed")
    press(desk, Key.Key_Escape)
    assert desk.block.isHidden()


def test_the_preview_names_what_drops_off(desk, home):
    choose(desk, home, "12:55")
    assert desk.panel.preview.lines[0].startswith("12:55 Gemeente")
    assert desk.panel.preview.lines[-1] == "08:43 Dadeloogst begint twee weken eerder dan normaal, valt van de lijst"


def test_a_line_that_the_server_lost_is_not_said_to_be_late(desk, home, qtbot):
    one = home.made("14:50", "Stond er al")
    home.door.change_now(lambda work: Outcome(lanes.raise_card(work, one, "ticker", "late", "start", code="forgotten"),
                                              work.changes()))
    qtbot.waitUntil(lambda: desk.view.item(one) is not None and bool(desk.view.item(one).conflicts))
    desk.timeline.select(one)
    assert "heeft deze regel niet meer" in notices(desk)
    assert "voorbij" not in notices(desk)
    rows = desk.timeline.model()
    assert any("kwijt bij de server" in str(rows.index(n, 0).data(Qt.ItemDataRole.AccessibleTextRole))
               for n in range(rows.rowCount()))
    press(desk, Key.Key_3)
    qtbot.waitUntil(lambda: home.entity(one).on_late == "as_planned")


def test_a_late_line_is_answered_on_the_line(desk, home, qtbot):
    one = home.made("12:50", "Kwam te laat aan")
    home.door.change_now(lambda work: Outcome(lanes.raise_card(work, one, "ticker", "late", "start", code="late"),
                                              work.changes()))
    qtbot.waitUntil(lambda: desk.view.item(one) is not None and bool(desk.view.item(one).conflicts))
    desk.timeline.select(one)
    assert "geplande tijd" in notices(desk)
    press(desk, Key.Key_3)
    qtbot.waitUntil(lambda: home.entity(one).on_late == "as_planned")


def test_a_typed_time_is_gone_to_also_on_another_day(desk, home, qtbot):
    choose(desk, home, "14:10")
    press(desk, Key.Key_G)
    QTest.keyClicks(focused(desk), "12:56")
    press(desk, Key.Key_Return)
    assert desk.timeline.current_key == home.ids["12:58"]
    press(desk, Key.Key_G)
    QTest.keyClicks(focused(desk), "26-11-2026 9:00")
    press(desk, Key.Key_Return)
    assert desk.day == date(2026, 11, 26)


def test_a_line_is_made_from_an_article(desk, home, qtbot):
    press(desk, Key.Key_N, SHIFT)
    QTest.keyClicks(focused(desk), "geen enkel artikel")
    press(desk, Key.Key_Return)
    qtbot.waitUntil(lambda: "Geen artikel heeft deze woorden" in notices(desk))
    press(desk, Key.Key_N, SHIFT)
    QTest.keyClicks(focused(desk), "sleutel")
    press(desk, Key.Key_Return)
    qtbot.waitUntil(lambda: desk.item is not None and desk.item.entry.article_id != "" and desk.item.entry.intent is Intent.DRAFT)
    assert desk.item.entry.headline == LINES[0][1]


def test_every_key_of_the_sheet_does_something_here(desk):
    assert {action.id for action in Keymap().actions(Scope.TICKER)} == set(desk.commands())


def test_a_skipped_hour_offers_two_times(desk, home, qtbot):
    one = choose(desk, home, "14:10")
    field = desk.panel.fields.start
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "28-03-2027 02:30")
    QTest.keyClick(field, Key.Key_Return)
    assert "gaat de klok vooruit" in desk.question.words
    press(desk, Key.Key_2)
    qtbot.waitUntil(lambda: home.wall(one) == "2027-03-28T03:30")


def test_a_repeated_hour_asks_which(desk, home, qtbot):
    one = choose(desk, home, "14:10")
    field = desk.panel.fields.start
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "31-10-2027 02:30")
    QTest.keyClick(field, Key.Key_Return)
    press(desk, Key.Key_2)
    qtbot.waitUntil(lambda: home.wall(one) == "2027-10-31T02:30")
    assert home.entity(one).doc["start"]["fold"] == 1


def test_what_is_no_time_is_said_at_the_field(desk, home):
    choose(desk, home, "14:10")
    field = desk.panel.fields.start
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "straks")
    QTest.keyClick(field, Key.Key_Return)
    assert "geen tijd" in notices(desk)
    assert field.property("invalid")


def test_gaps_go_by_bracket_and_v_plans_in_their_middle(desk, home):
    press(desk, Key.Key_BracketRight)
    assert desk.timeline.current_key.startswith("gap")
    press(desk, Key.Key_V)
    assert desk.quick.hasFocus()
    assert desk.quick.text() == "13:34 "


def test_duplicate_makes_a_draft_at_a_free_moment(desk, home, qtbot):
    choose(desk, home, "14:10")
    press(desk, Key.Key_D, CTRL)
    headline = "Kamer stemt over langer geld voor kleine bibliotheken"
    qtbot.waitUntil(lambda: len(line_with(home, headline)) == 2)
    copy = next(one for one in line_with(home, headline) if one != home.ids["14:10"])
    assert home.entity(copy).doc["intent"] == "draft"
    assert home.wall(copy) == "2026-11-24T14:14"


def test_search_goes_to_the_line(desk, home):
    press(desk, Key.Key_Slash)
    QTest.keyClicks(focused(desk), "bibliotheken")
    press(desk, Key.Key_Return)
    assert desk.timeline.current_key == home.ids["14:10"]


def test_the_search_takes_the_place_of_what_is_information_only(desk, home, qtbot):
    desk.bar.show_breaking(1, 2)
    press(desk, Key.Key_Slash)
    assert not desk.bar._breaking.isVisible()
    qtbot.waitUntil(lambda: desk.bar.search.width() >= 120)
    QTest.keyClicks(focused(desk), "staat er niet")
    press(desk, Key.Key_Return)
    press(desk, Key.Key_Escape)
    assert desk.bar._breaking.isVisible()


def test_the_desk_fits_beside_the_rail_at_the_largest_text(desk_of, home, look):
    look.use(look.theme, 1.5)
    assert desk_of(home).minimumSizeHint().width() <= 1280 - look.px(72)


def test_the_status_says_what_appears_without_this_computer(desk_of, home, qtbot):
    desk = desk_of(home)
    with qtbot.waitSignal(desk.facts, check_params_cb=lambda said: said.startswith("3 regels staan klaar op de server")):
        desk.read()
    with qtbot.waitSignal(desk.facts, check_params_cb=lambda said: said.endswith("1 regel alleen op deze computer")):
        home.made("15:00", "Alleen hier")


def test_an_empty_day_says_its_next_step(desk, qtbot):
    desk.go_to(date(2026, 12, 3))
    qtbot.waitUntil(lambda: "donderdag 3 december" in desk._state.words)


def test_a_night_of_25_hours_has_its_hour_twice(home):
    view = home.door.read_now(lambda reader: read_day(reader, date(2027, 10, 31), NOW))
    hours = [row.hour for row in day_rows(view, NOW) if row.kind is RowKind.SPACE]
    assert len(hours) == 25
    assert hours[2:4] == ["02:00ᴬ", "02:00ᴮ"]


def test_a_line_turns_live_when_its_minute_comes(desk, home, alarms):
    def place(kind: RowKind, one: str = "") -> int:
        return next(at for at, row in enumerate(desk.timeline.rows) if row.kind is kind and (not one or row.key == one))
    one = home.ids["12:55"]
    assert place(RowKind.NOW) < place(RowKind.LINE, one)
    home.clock.advance(timedelta(minutes=16))
    alarms.advance(60_000)
    assert place(RowKind.LINE, one) < place(RowKind.NOW)
    assert desk.timeline.rows[place(RowKind.LINE, one)].phase is Phase.LIVE


@pytest.mark.parametrize("language", ["nl", "en"])
def test_everything_that_takes_the_keyboard_has_a_name(desk_of, home, language):
    desk = desk_of(home, language)
    choose(desk, home, "12:55")
    for kind in (QAbstractButton, QLineEdit, QComboBox):
        for widget in desk.findChildren(kind):
            if widget.isVisible():
                assert widget.accessibleName(), widget
    assert desk.timeline.accessibleName().endswith("24 november" if language == "nl" else "24 November")
    assert desk.view.newsroom.zone == ZONE
