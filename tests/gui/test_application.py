"""The whole window over a real profile: it stands before the profile is open, and lets go of everything at the end."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)

from editor.base.clock import FixedClock
from editor.base.errors import EditorError, Unavailable, UserError
from editor.base.messages import Message
from editor.desk import conflicts
from editor.desk.ports import UnitOfWork
from editor.domain.changes import Outcome
from editor.domain.people import Actor, Role
from editor.runtime.bus import Bus
from editor.runtime.sync_runner import SyncFacts
from editor.runtime.workers import Deliver, Door
from editor.store.profile import open_profile
from editor.ui.application import Program
from editor.ui.desk_holder import Skeleton
from editor.ui.parts import OnBug, Opened, Parts
from editor.ui.settings.rows import SettingRow
from editor.ui.sync.desk import SyncDesk
from editor.ui.sync.first_run import FirstRunPage
from editor.ui.widgets.banner import Banner
from editor.ui.widgets.list_state import ListState
from tests.gui.sync_newsroom import NOW, Home


@dataclass
class Root:
    """A composition root for one test: a profile in a folder, settings in a dictionary, a server that is a function."""

    folder: Path
    settings: dict[str, str] = field(default_factory=lambda: {"window.desk": "sync", "begun": "1"})
    is_new: bool = False
    closed: int = 0
    sent: int = 0
    begun: int = 0  # how often sending and fetching were started
    paused: int = 0
    brought_back: tuple[str, ...] = ()
    server: Callable[[str, str], None] = lambda address, token: None
    faults: list[BaseException] = field(default_factory=list)
    may_open: EditorError | None = None
    home: Home | None = None
    tell: Callable[[SyncFacts], None] = lambda facts: None
    pool: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "background"))

    def parts(self, **more: object) -> Parts:
        values: dict[str, object] = {
            "profile": self.folder, "log_folder": self.folder / "log", "version": "1.0",
            "settings_read": self.settings.get, "settings_write": self.settings.__setitem__,
            "background": self.pool.submit, "open_profile": self.open, "crash": self.faults.append}
        return Parts(**{**values, **more})  # type: ignore[arg-type]

    def open(self, deliver: Deliver, on_bug: OnBug) -> Opened:
        if self.may_open is not None:
            raise self.may_open
        clock = FixedClock(NOW)
        profile = open_profile(self.folder, clock=clock)
        door = Door(profile.store, Bus(deliver), deliver, on_bug)
        self.home = Home(door, clock)

        def close() -> None:
            door.close()
            profile.close()
            self.closed += 1

        def subscribe(told: Callable[[SyncFacts], None]) -> Callable[[], None]:
            self.tell = told
            return lambda: None
        return Opened(door, clock, self.is_new, self.sync_now, subscribe, self._ask_server, close, self._start_sync,
                      self.brought_back, pause_reading=self.pause_reading)

    def sync_now(self) -> None:
        self.sent += 1

    def pause_reading(self) -> None:
        self.paused += 1

    def _start_sync(self) -> None:
        self.begun += 1

    def _ask_server(self, address: str, token: str) -> None:
        self.server(address, token)


@pytest.fixture
def root(tmp_path) -> Iterator[Root]:
    root = Root(tmp_path / "profile")
    yield root
    root.pool.shutdown()
    assert not root.faults, root.faults


@pytest.fixture
def start(dressed, qtbot, root):
    started: list[Program] = []

    def make(**more: object) -> Program:
        program = Program(dressed, root.parts(**more))
        started.append(program)
        program.start()
        return program

    yield make
    for program in started:
        program.frame.window.close()
        program.stop()
        program.frame.leave()
        program.frame.window.deleteLater()
        program.look.changed.disconnect()
    QApplication.sendPostedEvents(None, 52)  # deferred deletions, while their profile's test still runs


@pytest.fixture
def working(start, qtbot):
    program = start()
    qtbot.waitUntil(lambda: any(desk._view is not None for desk in program.frame.window.findChildren(SyncDesk)))
    return program


def sync_desk(program: Program) -> SyncDesk:
    return program.frame.window.findChildren(SyncDesk)[0]


def words(widget: QWidget) -> str:
    said = [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]
    return " ".join([*said, *(state.words for state in widget.findChildren(ListState) if state.isVisible())])


def notices(program: Program) -> list[str]:
    return [banner.notice.words for banner in program.frame.window.findChildren(Banner) if not banner.isHidden()]


def status(program: Program) -> str:
    return program.frame.window.status.accessibleName()


def test_the_window_stands_with_grey_lines_before_the_profile_is_open(start, root, qtbot):
    opened: list[bool] = []

    def open_later(deliver, on_bug):
        opened.append(program.frame.window.isVisible())
        return root.open(deliver, on_bug)

    program = start(open_profile=open_later)
    assert program.opened is None
    assert any(one.isVisible() for one in program.frame.window.findChildren(Skeleton))
    qtbot.waitUntil(lambda: program.opened is not None)
    assert opened == [True]
    qtbot.waitUntil(lambda: bool(program.frame.window.findChildren(SyncDesk)))
    assert not any(one.isVisible() for one in program.frame.window.findChildren(Skeleton))


def test_sending_and_fetching_begin_once_the_desk_stands(start, root, qtbot):
    program = start()
    qtbot.waitUntil(lambda: program.opened is not None)
    qtbot.waitUntil(lambda: root.begun == 1)


def test_text_that_an_earlier_run_could_not_save_is_told_of_once(start, root, qtbot):
    root.brought_back = ("Oosterkade dicht", "Havenstaking")
    program = start()
    qtbot.waitUntil(lambda: len(notices(program)) == 1)
    [told] = notices(program)
    assert "staat weer in ‘Oosterkade dicht’, ‘Havenstaking’." in told


def test_a_profile_that_another_window_has_is_said_and_can_be_tried_again(start, root, qtbot):
    root.may_open = UserError("profile_in_use", Message("desk", "Nothing was changed."))
    program = start()
    qtbot.waitUntil(lambda: "kon niet worden geopend" in words(program.frame.window))
    assert "Er is niets gewijzigd." in words(program.frame.window)
    root.may_open = None
    state = next(one for one in program.frame.window.findChildren(ListState) if one.isVisible())
    state._on_clicked()
    qtbot.waitUntil(lambda: program.opened is not None)


def test_a_fault_of_ours_while_opening_is_told_and_the_window_stands(start, root, qtbot):
    def broken(deliver: Deliver, on_bug: OnBug) -> Opened:
        raise ZeroDivisionError

    program = start(open_profile=broken)
    qtbot.waitUntil(lambda: "ging iets mis" in words(program.frame.window))
    assert [type(fault) for fault in root.faults] == [ZeroDivisionError]
    root.faults.clear()


def test_closing_the_window_closes_the_profile_and_asks_nothing(working, root):
    working.frame.window.close()
    working.stop()
    assert root.closed == 1
    assert root.settings["window.window"]


def test_what_asks_for_a_person_is_said_above_the_desk_and_on_the_rail(working, root, qtbot):
    root.home.write_articles()
    root.home.fill_outbox()
    root.home.raise_cards()
    qtbot.waitUntil(lambda: len(notices(working)) == 2)
    assert any("2 conflicten wachten op een keuze." in one for one in notices(working))
    assert any("vastgelopen" in one for one in notices(working))
    banner = next(one for one in working.frame.window.findChildren(Banner) if "conflicten" in one.notice.words)
    banner.notice.ways[0].act()
    qtbot.waitUntil(lambda: "Nog waar?" in words(working.frame.window))


def test_who_looks_elsewhere_is_called_for_what_needs_him_and_not_for_what_waited_before(working, root, qtbot, monkeypatch):
    called: list[int] = []
    monkeypatch.setattr(QApplication, "applicationState", lambda: Qt.ApplicationState.ApplicationInactive)
    monkeypatch.setattr(QApplication, "alert", lambda window: called.append(1))
    root.home.write_articles()  # something to be sent is nothing to call for
    qtbot.waitUntil(lambda: working._attention._counts.unsent == 5)
    root.pool.submit(root.tell, SyncFacts("offline"))
    qtbot.waitUntil(lambda: "offline" in status(working))
    assert called == []
    root.home.raise_cards()
    qtbot.waitUntil(lambda: len(called) == 1)
    root.pool.submit(root.tell, SyncFacts("needs_login", why="login"))
    qtbot.waitUntil(lambda: len(called) == 2)
    working.change_setting("notify", "false")
    root.home.fill_outbox()
    qtbot.waitUntil(lambda: any("vastgelopen" in one for one in notices(working)))
    assert len(called) == 2


def test_a_notice_goes_when_its_cause_has_gone(working, root, qtbot):
    root.home.write_articles()
    root.home.raise_cards()
    qtbot.waitUntil(lambda: len(notices(working)) == 1)
    from editor.desk import conflicts

    for card in root.home.door.read_now(lambda reader: reader.conflicts()):
        root.home.door.change_now(lambda work, one=card.id: conflicts.resolve(work, one, "theirs"))
    qtbot.waitUntil(lambda: notices(working) == [])


def test_a_notice_says_how_many_are_left(working, root, qtbot):
    root.home.write_articles()
    root.home.raise_cards()
    qtbot.waitUntil(lambda: "2 conflicten wachten op een keuze." in notices(working))
    cards = root.home.door.read_now(lambda reader: reader.conflicts())
    still = next(card for card in cards if card.kind == "still_true")
    root.home.door.change_now(lambda work: conflicts.resolve(work, still.id, "mine"))
    qtbot.waitUntil(lambda: notices(working) == ["Eén conflict wacht op een keuze."])


def test_who_is_not_connected_is_led_to_where_that_is_done(working, qtbot):
    button = next(one for one in sync_desk(working).findChildren(QAbstractButton) if one.text() == "Verbinden…")
    button.click()
    assert working._beginning is not None
    qtbot.waitUntil(working._beginning.page.address.isVisible)


def test_the_connections_state_is_told_from_any_thread(working, root, qtbot):
    root.pool.submit(root.tell, SyncFacts("offline"))
    qtbot.waitUntil(lambda: "offline, alles werkt" in status(working))
    root.pool.submit(root.tell, SyncFacts("needs_login", why="login"))
    qtbot.waitUntil(lambda: any("opnieuw aan te melden" in one for one in notices(working)))
    root.pool.submit(root.tell, SyncFacts("ok"))
    qtbot.waitUntil(lambda: notices(working) == [] and "online" in status(working))


def test_another_language_holds_at_once_and_one_stays_where_one_was(working, root, qtbot):
    working.frame.open_settings("language")
    row = next(one for one in working.frame._settings.findChildren(SettingRow) if one.item.key == "language")
    row._take("en")
    assert root.settings["language"] == "en"
    assert working.frame.is_settings_open
    assert working.frame._settings.windowTitle() == "Settings"
    assert working.frame.window.current == "sync"
    qtbot.waitUntil(lambda: "Not connected" in words(working.frame.window))
    assert root.closed == 0


def test_the_window_stays_where_it_stands_in_another_language(working, qtbot):
    working.frame.window.resize(770, 620)
    working.change_setting("language", "en")
    assert working.frame.window.size() == QSize(770, 620)


def test_another_theme_holds_at_once(working, root):
    before = working.look.colour("bg")
    working.frame.open_settings("theme")
    next(one for one in working.frame._settings.findChildren(SettingRow) if one.item.key == "theme")._take("dark")
    assert root.settings["theme"] == "dark"
    assert working.look.colour("bg") != before


def test_larger_text_by_key_is_kept(working, root, qtbot):
    working._step_size(1)
    assert root.settings["text_size"] == "large"
    assert working.look.scale > 1
    working._step_size(0)
    assert root.settings["text_size"] == "normal"


def test_the_newsrooms_settings_are_locked_for_who_may_not_manage(working, root, qtbot):
    root.home.bind()  # Samira is an editor
    qtbot.waitUntil(lambda: not working._may_manage)
    working.frame.open_settings("four_eyes")
    row = next(one for one in working.frame._settings.findChildren(SettingRow) if one.item.key == "four_eyes")
    assert not row.control.isEnabled()
    assert "beheerder" in row.control.accessibleDescription()


def test_an_administrator_changes_the_newsroom_and_it_is_kept(working, root, qtbot):
    def admin(work: UnitOfWork) -> Outcome[None]:
        work.profile.set_actor(Actor("u9", "Noor", frozenset({Role.ADMIN})))
        return Outcome(None, work.changes())
    root.home.door.change_now(admin)
    working._read_people()
    qtbot.waitUntil(lambda: working._may_manage)
    working.frame.open_settings("max_visible")
    next(one for one in working.frame._settings.findChildren(SettingRow) if one.item.key == "max_visible")._take("7")
    qtbot.waitUntil(lambda: root.home.door.read_now(lambda reader: reader.newsroom()).ticker.max_visible == 7)
    assert "max_visible" not in root.settings


def test_a_new_profile_is_welcomed_and_begins_when_asked(start, root, qtbot):
    root.is_new = True
    del root.settings["begun"]
    program = start()
    qtbot.waitUntil(lambda: program.frame.window.findChild(FirstRunPage) is not None)
    page = program.frame.window.findChild(FirstRunPage)
    QTest.keyClicks(page, "4")
    qtbot.waitUntil(lambda: program.frame.window.findChild(FirstRunPage) is None)
    assert root.settings["begun"] == "1"
    assert sync_desk(program).isVisible()


def test_connecting_says_line_by_line_what_fails_and_then_goes_on(start, root, qtbot):
    root.is_new = True
    del root.settings["begun"]
    asked: list[tuple[str, str]] = []

    def server(address: str, token: str) -> None:
        asked.append((address, token))
        if token != "goed":
            raise Unavailable("bad_token", Message("desk", "Nothing was changed."))
    root.server = server
    program = start()
    qtbot.waitUntil(lambda: program.frame.window.findChild(FirstRunPage) is not None)
    page = program.frame.window.findChild(FirstRunPage)
    QTest.keyClicks(page, "3")
    page.address.setText("redactie.example")
    page.token.setText("fout")
    page._ask()
    qtbot.waitUntil(lambda: "De server kent de sleutel niet" in words(page))
    assert "De server antwoordt" in words(page)
    page.token.setText("goed")
    page._ask()
    qtbot.waitUntil(lambda: program._beginning is None)
    assert asked == [("https://redactie.example", "fout"), ("https://redactie.example", "goed")]


def test_undo_in_a_field_is_the_fields_own(working, qtbot):
    desk = sync_desk(working)
    field = QLineEdit(desk)
    field.show()
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    QTest.keyClicks(field, "tekst")
    QTest.keyClick(field, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert field.text() == ""
    assert notices(working) == []


def test_undo_beside_a_field_takes_back_the_last_act_or_says_why_not(working, root, qtbot):
    desk = sync_desk(working)
    desk._side.focus()
    qtbot.waitUntil(working.frame.window.isActiveWindow)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any("niets om ongedaan te maken" in one for one in notices(working)))


def test_sync_now_works_by_key_at_every_desk(working, root, qtbot):
    qtbot.waitUntil(working.frame.window.isActiveWindow)
    QTest.keyClick(working.frame.window, Qt.Key.Key_S,
                   Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    assert root.sent == 1


def test_settings_and_about_stand_beside_the_window(working):
    working.frame._on_rail("settings")
    assert working.frame.is_settings_open
    assert not working.frame._settings.isModal()
    working.frame._settings.about_wanted.emit()
    assert working.frame._about.isVisible()
    assert working.frame.window.current == "sync"


def test_the_palette_finds_settings(working, qtbot):
    working.frame.window.open_palette()
    working.frame.window._over.palette.field.setText("Tekstgrootte")
    found = working.frame.window._over.palette.list.model
    assert any("Tekstgrootte" in found.index(row, 0).data() for row in range(found.rowCount()))


def test_a_refusal_says_what_happened_and_what_is_safe(working, root, qtbot):
    working.acting.refuse(UserError("other_newsroom", Message("desk", "This profile belongs to another newsroom."),
                                    safe=Message("desk", "Nothing was changed.")))
    qtbot.waitUntil(lambda: notices(working) == ["Dit profiel hoort bij een andere redactie. Er is niets gewijzigd."])


def test_a_desk_made_later_says_how_the_connection_stands(start, root, qtbot):
    root.settings["window.desk"] = "ticker"
    program = start()
    qtbot.waitUntil(lambda: program.opened is not None)
    root.pool.submit(root.tell, SyncFacts("offline"))
    qtbot.waitUntil(lambda: "offline" in status(program))
    program.frame.window.open_desk("sync")
    assert sync_desk(program)._side._pill.accessibleName() == "offline, alles werkt"


def test_a_thing_is_opened_at_its_desk(start, root, qtbot):
    root.settings["window.desk"] = "ticker"
    program = start()
    qtbot.waitUntil(lambda: program.opened is not None)
    program.acting.open_item("conflict", "c1")
    assert program.frame.window.current == "sync"
    program.acting.open_item("person", "p1")
    assert program.frame.window.current == "sync"


@pytest.fixture
def writing(start, root, qtbot):
    """The articles desk with articles in it, the first one open."""
    root.settings["window.desk"] = "articles"
    program = start()
    qtbot.waitUntil(lambda: program.opened is not None)
    root.home.write_articles()
    desk = program.frame._holders["articles"].made()
    desk.open_item(root.home.articles[1])
    qtbot.waitUntil(lambda: desk.shown is not None)
    return program


def test_the_open_article_is_open_again_in_another_language_and_its_facts_are_said(writing, root, qtbot):
    qtbot.waitUntil(lambda: "Bewaard op deze computer" in status(writing))
    assert root.settings["window.article"] == root.home.articles[1]
    writing.change_setting("language", "en")
    qtbot.waitUntil(lambda: "Saved on this computer" in status(writing))
    desk = writing.frame._holders["articles"].desk
    assert desk.shown.article.id == root.home.articles[1]


def test_what_was_typed_is_on_disk_when_the_window_has_closed(writing, root, qtbot):
    desk = writing.frame._holders["articles"].desk
    desk.go_to_field("body")
    QTest.keyClicks(desk.panel.surface, "Tot op de laatste letter")
    writing.frame.window.close()
    writing.stop()
    with open_profile(root.folder, mode="read") as profile, profile.store.read() as reader:
        view = reader.article(root.home.articles[1])
    assert view is not None
    assert view.article.body == "Tot op de laatste letter"


def test_what_was_typed_survives_another_language(writing, root, qtbot):
    desk = writing.frame._holders["articles"].desk
    desk.go_to_field("body")
    QTest.keyClicks(desk.panel.surface, "Halverwege een zin")
    writing.change_setting("language", "en")
    qtbot.waitUntil(lambda: "Saved on this computer" in status(writing))
    new = writing.frame._holders["articles"].desk
    qtbot.waitUntil(lambda: new.shown is not None and new.shown.article.body == "Halverwege een zin")


def test_undo_in_the_text_is_the_texts_own(writing, qtbot):
    desk = writing.frame._holders["articles"].desk
    desk.go_to_field("body")
    qtbot.waitUntil(desk.panel.surface.hasFocus)
    QTest.keyClicks(desk.panel.surface, "weg")
    QTest.keyClick(desk.panel.surface, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert desk.writing.texts()["body"] == ""
    assert notices(writing) == []


@pytest.mark.parametrize("desk", ["articles", "ticker", "reactions", "sync"])
def test_every_desk_stands_in_the_window(start, root, qtbot, desk):
    root.settings["window.desk"] = desk
    program = start()
    qtbot.waitUntil(lambda: program.frame._holders[desk].desk is not None)
    assert program.frame.window.current == desk
    assert program.frame._holders[desk].commands()


def test_every_control_beside_the_desks_has_a_name(working, root, qtbot):
    root.home.write_articles()
    root.home.fill_outbox()
    root.home.raise_cards()
    qtbot.waitUntil(lambda: len(notices(working)) == 2)
    working.frame.open_settings()
    working.frame.open_about()
    desk = sync_desk(working)
    working._begin(server_only=True)
    kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit, QAbstractItemView)
    roots = (desk, working.frame._settings, working.frame._about, working._beginning.page)
    for top in roots:
        for kind in kinds:
            for control in (one for one in top.findChildren(kind) if one.isVisibleTo(top)):
                said = control.accessibleName() or getattr(control, "text", lambda: "")()
                assert said or control.focusPolicy() == Qt.FocusPolicy.NoFocus or "qt_" in control.objectName(), control
