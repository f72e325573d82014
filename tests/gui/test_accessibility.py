"""Everything that can be worked with says what it is, can be reached without a mouse, and shows where the keyboard is.

The whole window over a filled profile: every desk, the settings, about, and the page of the first start; both languages.
"""

import re
import tomllib
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)

from editor.base.paths import resources
from editor.domain.people import Role
from editor.ui.actions import ACTIONS, Scope
from editor.ui.application import Program
from editor.ui.shell.places import FRAME
from tests.gui import articles_home
from tests.gui.reactions_home import ReactionsHome
from tests.gui.test_application import Root, root, start  # noqa: F401 - fixtures
from tests.gui.ticker_home import TickerHome

PLACES = ("articles", "ticker", "reactions", "sync", "settings", "about", "first run")
LANGUAGES = ("nl", "en")
NAMES = {"Redactie"}  # the program's own, in every language
CONTROLS = (QAbstractButton, QLineEdit, QTextEdit, QPlainTextEdit, QComboBox, QAbstractItemView, QAbstractSlider,
            QAbstractSpinBox)
R = QAccessible.Role
ROLES: dict[type[QWidget], set[QAccessible.Role]] = {
    QAbstractButton: {R.Button, R.CheckBox, R.RadioButton, R.PageTab, R.ButtonMenu, R.ButtonDropDown},
    QLineEdit: {R.EditableText}, QTextEdit: {R.EditableText, R.StaticText, R.Document},
    QPlainTextEdit: {R.EditableText, R.Document}, QComboBox: {R.ComboBox}, QAbstractItemView: {R.List, R.Table, R.Tree},
    QAbstractSlider: {R.Slider, R.ScrollBar}, QAbstractSpinBox: {R.SpinBox},
}


@pytest.fixture
def filled(root: Root) -> Root:  # noqa: F811 - the fixture
    """A profile with something in every list, of a person who may do everything."""
    with articles_home.opened(root.folder) as home:
        home.bind()
        home.fill()
        TickerHome(home.door, home.clock).fill()
        ReactionsHome(home.door, home.clock).fill(*Role)
    return root


@pytest.fixture
def shown(filled: Root, start, qtbot):  # noqa: F811 - the fixture
    """Opens one place of the program in one language; returns the widget that holds it."""
    def show(place: str, language: str) -> QWidget:
        filled.settings |= {"language": language, "window.desk": place if place in PLACES[:4] else "articles"}
        program: Program = start()
        qtbot.waitUntil(lambda: program.opened is not None)
        window = program.frame.window
        window.resize(1440, 860)
        window.activateWindow()
        if place in PLACES[:4]:
            desk: Any = program.frame._holders[place].made()
            ready = {"articles": lambda: desk.shown is not None, "ticker": lambda: desk.view is not None,
                     "reactions": lambda: desk.view is not None, "sync": lambda: desk._view is not None}
            qtbot.waitUntil(ready[place])
            return window
        if place == "first run":
            program._begin(server_only=True)
            beginning: Any = program._beginning
            qtbot.waitUntil(beginning.page.address.isVisible)
            page: QWidget = beginning.page
            return page
        {"settings": program.frame.open_settings, "about": program.frame.open_about}[place]()
        beside: Any = program.frame._settings if place == "settings" else program.frame._about
        beside.activateWindow()
        qtbot.waitUntil(beside.isActiveWindow)
        held: QWidget = beside
        return held
    return show


def widgets(top: QWidget) -> Iterator[QWidget]:
    """Every widget that is seen, but for what Qt makes inside its own."""
    for widget in top.findChildren(QWidget):
        own = widget.objectName().startswith("qt_") or isinstance(widget, QScrollBar)
        if widget.isVisible() and not own and widget.window() is top.window():
            yield widget


def controls(top: QWidget) -> list[QWidget]:
    """What can be worked with: every kind of control, and whatever takes the keyboard by Tab."""
    inside = [widget for widget in widgets(top) if isinstance(widget, QComboBox | QAbstractSpinBox)]
    return [widget for widget in widgets(top)
            if (isinstance(widget, CONTROLS) or is_stop(widget)) and not any(one.isAncestorOf(widget) for one in inside)]


def is_stop(widget: QWidget) -> bool:
    """Whether Tab must lead there."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.isEnabled() and widget.isVisible()


def interface(widget: QWidget) -> QAccessibleInterface:
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None, widget
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_every_control_says_what_it_is(shown, place, language):
    top = shown(place, language)
    found = controls(top)
    assert len(found) > 2
    for widget in found:
        said = interface(widget)
        name = said.text(QAccessible.Text.Name)
        assert name.strip(), (type(widget).__name__, widget)
        assert "{" not in name, name
        wanted = next((roles for kind, roles in ROLES.items() if isinstance(widget, kind)), None)
        assert wanted is None or said.role() in wanted, (name, said.role())


def tabbed(top: QWidget, backwards: bool) -> list[QWidget]:
    """Where Tab leads, from the widget that has the keyboard until it is there again."""
    held = Qt.KeyboardModifier.ShiftModifier if backwards else Qt.KeyboardModifier.NoModifier
    key = Qt.Key.Key_Backtab if backwards else Qt.Key.Key_Tab
    path: list[QWidget] = []
    for _ in range(400):
        here = QApplication.focusWidget()
        assert here is not None, path[-1:]
        if here in path:
            assert here is path[0], f"Tab stays at {here.accessibleName()!r}, reached from {path[-1].accessibleName()!r}"
            return path
        path.append(here)
        QTest.keyClick(here, key, held)
    raise AssertionError("Tab comes round to nothing")


def first(top: QWidget, qtbot) -> None:
    """The keyboard stands somewhere in it."""
    focused = QApplication.focusWidget()
    if focused is None or not top.isAncestorOf(focused):
        next(widget for widget in widgets(top) if is_stop(widget)).setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
    for _ in range(5):
        QApplication.processEvents()  # a lay-out asks for another one: until everything has its place


@pytest.mark.parametrize("backwards", [False, True], ids=["tab", "shift-tab"])
@pytest.mark.parametrize("place", PLACES)
def test_tab_leads_to_every_control_and_stays_at_none(shown, qtbot, place, backwards):
    top = shown(place, "nl")
    first(top, qtbot)
    path = tabbed(top, backwards)
    left_out = [f"{type(one).__name__} {one.accessibleName()!r}" for one in widgets(top)
                if is_stop(one) and one not in path and one.focusProxy() is None]
    assert not left_out


def area(widget: QWidget) -> QRect:
    """Where it stands in its window."""
    return QRect(widget.mapTo(widget.window(), QPoint(0, 0)), widget.size())


@pytest.mark.parametrize("place", PLACES[:4])
def test_tab_goes_as_one_reads(shown, qtbot, place):
    """Down a column and from the left column to the right one: never up in a column, nor back on a line."""
    top = shown(place, "nl")
    first(top, qtbot)
    path = tabbed(top, backwards=False)
    begin = min(range(len(path)), key=lambda at: (area(path[at]).left(), area(path[at]).top()))
    back = []
    for before, after in pairwise([*path[begin:], *path[:begin]]):
        here, there = area(before), area(after)
        is_up = there.bottom() < here.top() and there.left() <= here.right() and here.left() <= there.right()
        is_left = there.right() < here.left() and there.top() <= here.bottom()
        if is_up or is_left:
            back.append(f"{before.accessibleName()!r} -> {after.accessibleName()!r}")
    assert not back


def picture(widget: QWidget) -> QImage:
    """The widget with the edge around it, as it stands in its window."""
    top = widget.window()
    corner = widget.mapTo(top, widget.rect().topLeft())
    return top.grab(widget.rect().adjusted(-32, -32, 32, 32).translated(corner)).toImage()


@pytest.mark.parametrize("place", PLACES)
def test_one_sees_where_the_keyboard_is(shown, qtbot, place):
    top = shown(place, "nl")
    first(top, qtbot)
    for widget in tabbed(top, backwards=False):
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        with_keyboard = picture(widget)
        widget.clearFocus()
        assert picture(widget) != with_keyboard, f"{type(widget).__name__} {widget.accessibleName()!r}"


def texts(top: QWidget) -> set[str]:
    """Everything that is read on it, or read out."""
    found: set[str] = {top.windowTitle()} - NAMES
    for widget in widgets(top):
        found |= {widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()}
        if isinstance(widget, QLabel | QAbstractButton):
            found.add(re.sub(r"<[^>]+>", "", widget.text()).replace("&&", "&"))
        if isinstance(widget, QLineEdit | QPlainTextEdit | QTextEdit):
            found.add(widget.placeholderText())
        if isinstance(widget, QComboBox):
            found |= {widget.itemText(number) for number in range(widget.count())}
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found |= {str(widget.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) or "")
                      for row in range(min(40, widget.model().rowCount()))}
    parts = (part.strip(" .:") for text in found for part in re.split(r" · |, |; ", text))
    return {part for part in parts if part and part not in NAMES}


def foreign(language: str) -> re.Pattern[str]:
    """The sentences of the other language, as they could stand on the screen."""
    pairs = [pair for path in sorted((resources() / "i18n" / "nl").glob("*.toml"))
             for pair in tomllib.loads(path.read_text(encoding="utf-8")).items()]
    english, dutch = {one for one, _ in pairs}, {other for _, other in pairs}
    theirs, ours = (english, dutch) if language == "nl" else (dutch, english)
    ours_said = {form.casefold() for text in ours for form in text.split("|")}
    forms = {form.strip(" .:") for text in theirs for form in text.split("|") if form.casefold() not in ours_said}
    wanted = [re.sub(r"\\\{\w+\\\}", ".{1,30}?", re.escape(form)) for form in forms
              if len(re.findall(r"[^\W\d_]", re.sub(r"\{\w+\}", "", form))) >= 3]
    return re.compile("|".join(f"(?:{one})" for one in sorted(wanted)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES)
def test_no_word_of_the_other_language_is_left(shown, place, language):
    other, top = foreign(language), shown(place, language)
    if place in PLACES[:4]:
        top.open_keys()
    left = sorted(text for text in texts(top) if other.fullmatch(text))
    assert left == []


def test_every_row_of_the_keys_has_something_that_does_it(shown, start, qtbot):  # noqa: F811 - the fixture
    window = shown("articles", "nl")
    ready: set[str] = set(window._commands)
    for name in PLACES[:4]:
        window.open_desk(name)
        holder = window.desk(name)
        qtbot.waitUntil(lambda holder=holder: bool(holder.commands()))
        ready |= set(holder.commands())
    assert {action.id for action in ACTIONS} <= ready
    assert {action.scope for action in ACTIONS} == set(Scope)




@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("place", PLACES[:4])
def test_every_desk_fits_a_small_screen_at_the_largest_text(filled, shown, qtbot, place, language):
    filled.settings["text_size"] = "largest"
    window = shown(place, language)
    qtbot.waitUntil(lambda: window.desk(place).isVisible())
    least = window.minimumSizeHint()
    assert least.width() <= 1280, least
    assert least.height() <= 800 - FRAME, least
