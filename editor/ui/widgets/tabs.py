"""Tabs of a panel: words side by side, the chosen one underlined, a count where something waits."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.enter_button import EnterButton
from editor.ui.widgets.painting import draw_focus, draw_text, text_width

HEIGHT, GAP, SIDE = 42, 18, 18


class Tab(EnterButton):
    """One tab. Drawn by hand; for a screen reader a checkable button."""

    def __init__(self, look: Look, words: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._look = look
        self.count = ""
        self.setCheckable(True)
        self.setAccessibleName(words)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        look = self._look
        width = text_width(look, Type.BODY, self.text())
        if self.count:
            width += look.px(5) + text_width(look, Type.STRONG, self.count)
        return QSize(round(width) + 1, look.px(HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, area = QPainter(self), self._look, QRectF(self.rect())
        role = "text" if self.isChecked() or self.underMouse() else "muted"
        width = draw_text(painter, look, Type.BODY, role, area, self.text())
        if self.count:
            left = width + look.px(5)
            draw_text(painter, look, Type.STRONG, "error", area.adjusted(left, 0, 2, 0), self.count)
        if self.isChecked():
            thick = look.px(2)
            painter.fillRect(QRectF(0, area.height() - thick, area.width(), thick), look.colour("accent"))
        if self.hasFocus():
            draw_focus(painter, look, area.adjusted(-1, 8, 1, -8), look.px(4))


class Tabs(QWidget):
    """A row of tabs; left and right move, the chosen one is told."""

    chosen = Signal(int)

    def __init__(self, look: Look, words: Sequence[str], *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._tabs = [Tab(look, word, self) for word in words]
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(look.px(SIDE), 0, look.px(SIDE), 0)
        row.setSpacing(look.px(GAP))
        for number, tab in enumerate(self._tabs):
            self._group.addButton(tab, number)
            row.addWidget(tab)
        row.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._tabs[0].setChecked(True)
        self._group.idToggled.connect(self._on_toggled)

    def choose(self, number: int) -> None:
        """Show a tab as the chosen one and tell it."""
        self._tabs[number].setChecked(True)

    @property
    def current(self) -> int:
        """The chosen tab's number."""
        return self._group.checkedId()

    def set_count(self, number: int, count: int) -> None:
        """Say how many things wait behind a tab; 0 says nothing."""
        tab = self._tabs[number]
        tab.count = str(count) if count else ""
        tab.setAccessibleName(f"{tab.text()} {tab.count}".strip())
        tab.updateGeometry()
        tab.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        if step:
            self.choose((self.current + step) % len(self._tabs))
            self._tabs[self.current].setFocus(Qt.FocusReason.OtherFocusReason)
            return
        super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        nearest = min(self._tabs, key=lambda tab: abs(tab.geometry().center().x() - event.position().x()))
        if nearest.geometry().adjusted(-4, 0, 4, 0).contains(QPoint(round(event.position().x()), 5)):
            nearest.setChecked(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        words = sum(tab.sizeHint().width() for tab in self._tabs)
        spare = (self.width() - words) / (len(self._tabs) + 1)
        gap = max(4, min(self._look.px(GAP), int(spare)))
        self._row.setSpacing(gap)
        self._row.setContentsMargins(gap, 0, gap, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(QRectF(0, self.height() - 1, self.width(), 1), self._look.colour("line"))

    def _on_toggled(self, number: int, on: bool) -> None:
        if on:
            self.chosen.emit(number)
