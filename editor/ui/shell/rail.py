"""The rail on the left: one button a desk, with what waits there as a count in words and colour."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.enter_button import EnterButton
from editor.ui.widgets.painting import draw_focus, draw_text

WIDTH, BUTTON_WIDTH, BUTTON_HEIGHT, GAP, EDGE, CORNER, ICON, BADGE = 72, 60, 56, 4, 12, 8, 20, 15
MOST = 999


class RailButton(EnterButton):
    """A desk's button: icon, name, badge."""

    def __init__(self, look: Look, words: str, icon: str, key: str, parent: QWidget | None = None) -> None:
        super().__init__(words, parent)
        self._look = look
        self._icon_name = icon
        self._badge = ""
        self._is_urgent = False
        self.setCheckable(True)
        self.setToolTip(f"{words}  {key}")
        self.setAccessibleName(words)
        self.setAccessibleDescription(key)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_badge(self, count: int, said: str, *, urgent: bool) -> None:
        """Show a count; `said` is what a screen reader says of it. 0 shows none."""
        self._badge = f"{MOST}+" if count > MOST else str(count) if count else ""
        self._is_urgent = urgent
        self.setAccessibleName(f"{self.text()}, {said}" if count else self.text())
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(BUTTON_WIDTH), self._look.px(BUTTON_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look, area = QPainter(self), self._look, QRectF(self.rect())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.isChecked()
        if chosen or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.colour("accent_tint" if chosen else "surface2"))
            painter.drawRoundedRect(area, look.px(CORNER), look.px(CORNER))
        role = "accent" if chosen else "muted"
        size = look.px(ICON)
        left = round((area.width() - size) / 2)
        look.paint_icon(painter, self._icon_name, role, QRectF(left, look.px(11), size, size))
        words = QRectF(1, look.px(31), area.width() - 2, look.px(16))
        draw_text(painter, look, Type.LABEL if chosen else Type.SMALL, role, words, self.text(),
                  Qt.AlignmentFlag.AlignHCenter)
        if self._badge:
            self._paint_badge(painter, area)
        if self.hasFocus():
            draw_focus(painter, look, area, look.px(CORNER))

    def _paint_badge(self, painter: QPainter, area: QRectF) -> None:
        look = self._look
        font = QFont(look.font(Type.LABEL))
        font.setPixelSize(look.px(10))
        font.setWeight(QFont.Weight.Bold)
        height = look.px(BADGE)
        width = max(float(height), QFontMetricsF(font).horizontalAdvance(self._badge) + look.px(9))
        badge = QRectF(round(area.right() - width - look.px(4)), look.px(4), round(width), height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.colour("error" if self._is_urgent else "accent"))
        painter.drawRoundedRect(badge, height / 2, height / 2)
        painter.setFont(font)
        painter.setPen(look.colour("on_error" if self._is_urgent else "on_accent"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, self._badge)


class Rail(QWidget):
    """The desks' buttons; those for the machinery stand at the bottom."""

    chosen = Signal(str)

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        self.setAccessibleName(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(6), look.px(EDGE), look.px(6), look.px(EDGE))
        column.setSpacing(look.px(GAP))
        self._upper, self._lower = QVBoxLayout(), QVBoxLayout()
        for part in (self._upper, self._lower):
            part.setSpacing(look.px(GAP))
        column.addLayout(self._upper)
        column.addStretch(1)
        column.addLayout(self._lower)
        self.setFixedWidth(look.px(WIDTH))
        look.changed.connect(self._measure)

    def add(self, name: str, words: str, icon: str, key: str, *, low: bool) -> None:
        """Add a desk's button, at the bottom when `low`."""
        button = RailButton(self._look, words, icon, key, self)
        button.clicked.connect(lambda: self.chosen.emit(name))
        self._buttons[name] = button
        self._group.addButton(button)
        (self._lower if low else self._upper).addWidget(button)

    def mark(self, name: str) -> None:
        """Show which desk is open."""
        self._buttons[name].setChecked(True)

    def show_badge(self, name: str, count: int, said: str, *, urgent: bool = False) -> None:
        """Show what waits at a desk."""
        self._buttons[name].show_badge(count, said, urgent=urgent)

    def _measure(self) -> None:
        self.setFixedWidth(self._look.px(WIDTH))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour("bg"))
        painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), self._look.colour("line"))
