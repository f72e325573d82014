"""The command palette: type a few letters of an action, an article, a line; Enter does or opens it.

It knows no desk. Providers are asked with what is typed and answer when they can; an answer to older letters is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from PySide6.QtCore import QObject, QRect, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from editor.ui.shell.fuzzy import fitness
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.card_list import CardDelegate, CardList, CardModel
from editor.ui.widgets.floating import Floating
from editor.ui.widgets.painting import cap_width, draw_cap, draw_text
from editor.ui.wording import Wording

WIDTH, TOP, ROW, MOST_ROWS, MOST = 640, 72, 36, 12, 60
WEAK = 0.45  # of the best fit


@dataclass(frozen=True, slots=True)
class Found:
    """Something that can be done or opened."""

    key: str
    words: str
    act: Callable[[], object]
    detail: str = ""
    icon: str = "chevron-right"
    cap: str = ""


Tell = Callable[[Sequence[Found]], None]


class Provider(Protocol):
    """Answers what is typed, at once or later, on the GUI thread."""

    def __call__(self, typed: str, tell: Tell) -> None: ...


class _FoundDelegate(CardDelegate):
    def height(self, card: Any, width: int) -> int:
        return self.look.px(ROW)

    def paint_card(self, painter: QPainter, card: Found, area: QRectF, *, chosen: bool) -> None:
        look = self.look
        size = look.px(18)
        middle = area.center().y()
        look.paint_icon(painter, card.icon, "accent" if chosen else "muted",
                        QRectF(look.px(14), round(middle - size / 2), size, size))
        right = area.right() - look.px(14)
        if card.cap:
            right -= cap_width(look, card.cap)
            draw_cap(painter, look, card.cap, right, middle)
            right -= look.px(10)
        left = area.left() + look.px(42)
        left += draw_text(painter, look, Type.STRONG if chosen else Type.BODY, "text",
                          QRectF(left, area.top(), right - left, area.height()), card.words) + look.px(10)
        if card.detail and right - left > look.px(40):
            place = QRectF(left, area.top(), right - left, area.height())
            draw_text(painter, look, Type.SECONDARY, "muted", place, card.detail)


class Palette(Floating):
    """Opens over the window's upper half."""

    def __init__(self, look: Look, wording: Wording, providers: Sequence[Provider], parent: QWidget) -> None:
        super().__init__(look, parent)
        self._wording = wording
        self._providers = tuple(providers)
        self._asked = 0
        self._found: dict[int, tuple[Found, ...]] = {}
        self.field = QLineEdit(self)
        self.field.setFrame(False)
        self.field.setPlaceholderText(wording.tr("shell", "What would you like to do or open?"))
        self.field.setAccessibleName(wording.tr("shell", "Search everything"))
        self.field.setProperty("bare", "true")
        self.field.textChanged.connect(self._ask)
        self.field.installEventFilter(self)
        rule = QFrame(self)
        rule.setProperty("kind", "rule")
        self.list = CardList(look, _FoundDelegate(look, ground="surface", parent=self), CardModel(_said, _key),
                             name=wording.tr("shell", "Found"), key=_key, ground="surface", parent=self)
        self.list.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.view.clicked.connect(lambda index: self._do(self.list.model.card(index.row())))
        for part in (self.field, rule, self.list):
            self.box.addWidget(part)
        margins = self.box.contentsMargins()
        self.box.setContentsMargins(margins.left() + 1, margins.top() + 1, margins.right() + 1, margins.bottom() + look.px(6))

    def open(self, typed: str = "") -> None:
        """Open with what is typed already."""
        self.field.setText(typed)
        self._ask(typed)
        self._place()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: Any) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QKeyEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}
            if event.key() in step:
                self.list.step(step[Qt.Key(event.key())])
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                row = self.list.view.currentIndex().row()
                if self.list.is_filled and row >= 0:
                    self._do(self.list.model.card(row))
                return True
        return super().eventFilter(watched, event)

    def _ask(self, typed: str) -> None:
        self._asked += 1
        asked = self._asked
        self._found = {}
        for number, provider in enumerate(self._providers):
            provider(typed.strip(), partial(self._take, asked, number))
        self._show()

    def _take(self, asked: int, number: int, found: Sequence[Found]) -> None:
        if asked == self._asked:
            self._found[number] = tuple(found)
            self._show()

    def _show(self) -> None:
        found = [one for number in sorted(self._found) for one in self._found[number]][:MOST]
        if found:
            self.list.fill(found)
            self.list.choose(found[0].key, quietly=True)
        else:
            self.list.say(self.tr_none())
        if self.isVisible():
            self._place()

    def tr_none(self) -> str:
        """What stands there when nothing fits."""
        return self._wording.tr("shell", "Nothing fits these letters")

    def _place(self) -> None:
        parent, look = self.under, self._look
        rows = min(MOST_ROWS, self.list.model.rowCount()) if self.list.is_filled else 5
        width = min(look.px(WIDTH), parent.width() - 2 * self.space)
        height = look.px(44) + 2 + rows * look.px(ROW) + look.px(6)
        self.open_at(QRect((parent.width() - width) // 2, look.px(TOP), width, min(height, parent.height() - look.px(TOP) * 2)))

    def _do(self, found: Found) -> None:
        self.close_card()
        found.act()


def best(typed: str, all_of_them: Sequence[Found], most: int = 12) -> list[Found]:
    """Those that fit what is typed, best first; all of them, in their order, when nothing is typed."""
    if not typed:
        return list(all_of_them)
    scored = [(fitness(typed, f"{one.words} {one.detail}"), -number, one) for number, one in enumerate(all_of_them)]
    fitting = sorted((entry for entry in scored if entry[0] > 0), key=lambda entry: entry[:2], reverse=True)
    # Letters strewn over a line fit nearly everything: beside a good fit they are noise.
    return [one for score, _, one in fitting[:most] if score >= WEAK * fitting[0][0]]


def _said(found: Found) -> str:
    return ", ".join(part for part in (found.words, found.detail, found.cap) if part)


def _key(found: Found) -> str:
    return found.key
