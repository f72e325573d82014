"""The desk's three parts side by side: library, head and text, tabs with the preview and the next step.

Made of values: it is shown things and tells what its person wants. `desk.py` speaks with the newsroom's data.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from editor.ui.actions import Keymap
from editor.ui.articles.conflict_strip import ConflictStrip
from editor.ui.articles.find_bar import FindBar
from editor.ui.articles.head import HeadArea, HeadFields, Limits
from editor.ui.articles.library import Library
from editor.ui.articles.preview import Preview
from editor.ui.articles.step_bar import StepBar
from editor.ui.articles.strip import StepStrip
from editor.ui.articles.surface import WritingSurface
from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker, QtAlarm
from editor.ui.widgets.list_state import ListState
from editor.ui.widgets.tab_order import order_tabs
from editor.ui.widgets.tabs import Tabs
from editor.ui.wording import Wording

LIBRARY, RIGHT = 319, 407  # design pixels; a rule of one pixel stands between the parts
SLIM_LIBRARY, SLIM_RIGHT, SLIM_BELOW = 279, 339, 1340
LEAST_LIBRARY, LEAST_TEXT, LEAST_RIGHT = 232, 258, 284  # together in 1280 pixels at the largest text
LEAST_PAGE = 180  # high: with two notices above it in 800 pixels at the largest text
LEAST_BELOW = 960
PREVIEW, PROPERTIES, VERSIONS = range(3)


class ArticlesPanel(QWidget):
    """Library, writing pane, right side."""

    tab_chosen = Signal(int)

    def __init__(self, look: Look, wording: Wording, keymap: Keymap, *, library: Library | None = None,
                 head: HeadFields | None = None, make_alarm: AlarmMaker = QtAlarm, parent: QWidget | None = None) -> None:
        """`library` and `head` were made before, or are made now."""
        super().__init__(parent)
        self._look = look
        self._is_divided = self._is_alone = False
        tr = wording.tr
        self.library = library or Library(look, wording, keymap, make_alarm=make_alarm)
        self.head = head or HeadFields(look, wording, Limits())
        self.surface = WritingSurface(look, make_alarm=make_alarm, parent=self)
        self.surface.setAccessibleName(tr("articles", "Text"))
        self.surface.setPlaceholderText(tr("articles", "Write here"))
        self.nothing = ListState(look, self)
        self.nothing.say(tr("articles", "No article is open"), tr("articles", "Choose one at the left, or begin a new one."))
        self.tabs = Tabs(look, [tr("articles", "Preview"), tr("articles", "Properties"), tr("articles", "Versions")],
                         name=tr("articles", "About the article"))
        self.preview = Preview(look, tr("articles", "Preview"), self)
        self.steps = StepBar(look, wording, keymap, self)
        self.strip = StepStrip(look, self)
        self.conflicts = ConflictStrip(look, wording, self)
        self.finder = FindBar(look, wording, self.surface, make_alarm, self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(self.preview)
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._middle = QStackedWidget(self)
        self._right = QWidget(self)
        self._lay_out(look)
        self.head.left_down.connect(self._into_text)
        self.tabs.chosen.connect(self._on_tab)
        self.show_open(is_open=False)

    def add_page(self, tab: int, page: QWidget) -> None:
        """Put a page behind a tab; tabs are filled in their order."""
        self.pages.insertWidget(tab, page)
        self.pages.setCurrentIndex(self.tabs.current)
        self._order_tabs()

    def _order_tabs(self) -> None:
        order_tabs((self.library, self.conflicts, *self.head.fields.values(), self.finder, self.surface, self.tabs,
                    self.pages, self.strip, self.steps))

    def show_open(self, *, is_open: bool) -> None:
        """Whether an article is open, or words stand in its place."""
        self._middle.setCurrentIndex(0 if is_open else 1)
        self._show_right()
        if not is_open:
            self.strip.close_strip()
            self.finder.leave()

    @property
    def is_open(self) -> bool:
        """Whether an article is open."""
        return self._middle.currentIndex() == 0

    def show_focus_mode(self, *, on: bool) -> None:
        """The text alone, or everything."""
        self._is_alone = on
        self.library.setVisible(not on)
        self._show_right()

    def _show_right(self) -> None:
        """The right side is about the open article; without one the words in the middle have its room."""
        self._right.setVisible(self.is_open and not self._is_alone)
        self._divide()

    def _lay_out(self, look: Look) -> None:
        writing, right = QWidget(self), self._right
        _stack(writing, [(self.conflicts, 0), (HeadArea(look, self.head, writing), 0), (self.finder, 0), (self.surface, 1)])
        _stack(right, [(self.tabs, 0), (self.pages, 1), (self.strip, 0), (self.steps, 0)])
        writing.setProperty("ground", "surface")
        self._middle.addWidget(writing)
        self._middle.addWidget(self.nothing)
        self.splitter.setHandleWidth(1)
        self.splitter.setChildrenCollapsible(False)
        for number, part in enumerate((self.library, self._middle, right)):
            self.splitter.addWidget(part)
            self.splitter.setStretchFactor(number, 1 if number == 1 else 0)
        self._measure()
        look.changed.connect(self._measure)
        self.splitter.splitterMoved.connect(self.divided_by_hand)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.splitter)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._divide()

    def divided_by_hand(self) -> None:
        """The person's own division holds from now on."""
        self._is_divided = True

    def _measure(self) -> None:
        px = self._look.px
        for part, least in ((self.library, LEAST_LIBRARY), (self._middle, LEAST_TEXT), (self._right, LEAST_RIGHT)):
            part.setMinimumWidth(px(least))
        self.pages.setMinimumHeight(px(LEAST_PAGE))
        self._divide()

    def _divide(self) -> None:
        """Give the sides their widths, the text the rest; slimmer sides in a small window, the slimmest in a tiny one."""
        if self._is_divided or self._is_alone:
            return
        px = self._look.px
        library, right = px(LIBRARY), px(RIGHT)
        if self.width() < px(LEAST_BELOW):
            library, right = px(LEAST_LIBRARY), px(LEAST_RIGHT)
        elif self.width() < px(SLIM_BELOW):
            library, right = px(SLIM_LIBRARY), px(SLIM_RIGHT)
        beside = 0 if self._right.isHidden() else right
        self.splitter.setSizes([library, max(px(LEAST_TEXT), self.width() - library - beside - 2), beside])

    def _into_text(self) -> None:
        self.surface.setFocus(Qt.FocusReason.TabFocusReason)

    def _on_tab(self, number: int) -> None:
        if number < self.pages.count():
            self.pages.setCurrentIndex(number)
        self.tab_chosen.emit(number)


def _stack(holder: QWidget, parts: Sequence[tuple[QWidget, int]]) -> None:
    column = QVBoxLayout(holder)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for part, stretch in parts:
        column.addWidget(part, stretch)
