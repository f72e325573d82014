"""A search field: an icon, the key that leads to it, Esc empties it, and one signal when the typing rests."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker, QtAlarm
from editor.ui.widgets.painting import cap_width, draw_cap

REST_MS = 120
OWN_KEYS = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class SearchField(QLineEdit):
    """Words to look for."""

    rested = Signal(str)  # what is typed, when the typing rests
    left_down = Signal()  # arrow down, Enter, or Esc with nothing typed: into the list below

    def __init__(self, look: Look, hint: str, *, key: str = "", make_alarm: AlarmMaker = QtAlarm,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._key = key
        self._alarm = make_alarm(self, self._tell)
        self.setClearButtonEnabled(False)
        self.say_hint(hint)
        self.textChanged.connect(lambda _: self._alarm.start(REST_MS))

    def say_hint(self, hint: str) -> None:
        """Show another hint (it counts what there is to search)."""
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)

    def event(self, event: QEvent) -> bool:
        # These are the field's own, also where a desk has an action on them.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Escape):
            self.left_down.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._alarm.stop()
            self._tell()
            self.left_down.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.text() or self.hasFocus() or not self._key:
            return
        area = QRectF(self.rect())
        width = cap_width(self._look, self._key)
        draw_cap(QPainter(self), self._look, self._key, area.right() - width - self._look.px(8), area.center().y())

    def _tell(self) -> None:
        self.rested.emit(self.text().strip())
