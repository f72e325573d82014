"""The public list as readers see it at a chosen time, with what drops off it struck through. GUI thread."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSignalBlocker,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFont, QFontMetricsF, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QSlider,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from editor.domain.moments import moment_of
from editor.domain.ticker import Priority, PublicLine, TickerEntry
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.ticker.reading import DayView, day_bounds, public_at
from editor.ui.ticker.rows import clock_words
from editor.ui.wording import Wording

HEIGHT, SHOWN, QUARTER = 35, 12, 15
LINE, DROPS = Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 1
LEFT_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
Index = QModelIndex | QPersistentModelIndex


class PublicModel(QAbstractListModel):
    """Lines in public order, then those that drop off."""

    def __init__(self, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wording = wording
        self.lines: tuple[PublicLine, ...] = ()
        self.dropped: tuple[PublicLine, ...] = ()

    def show(self, lines: Sequence[PublicLine], dropped: Sequence[PublicLine]) -> None:
        """Show these."""
        self.beginResetModel()
        self.lines, self.dropped = tuple(lines), tuple(dropped)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.lines) + len(self.dropped)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        at = index.row()
        drops = at >= len(self.lines)
        line = self.dropped[at - len(self.lines)] if drops else self.lines[at]
        if role == LINE:
            return line
        if role == DROPS:
            return drops
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            said = f"{line.time} {line.headline}"
            said = self._wording.tr("ticker_desk", "{line}, pinned", line=said) if line.pinned else said
            return self._wording.tr("ticker_desk", "{line}, drops off the list", line=said) if drops else said
        return None


class PublicPainter(QStyledItemDelegate):
    """`HH:MM headline`, ruled; the open line on a green ground."""

    def __init__(self, look: Look, parent: QListView) -> None:
        super().__init__(parent)
        self._look = look
        self.subject = ""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(self._look.px(100), self._look.px(HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, px = self._look, self._look.px
        line: PublicLine = index.data(LINE)
        drops: bool = index.data(DROPS)
        area = QRectF(option.rect)
        painter.save()
        if line.id == self.subject:
            painter.fillRect(area, look.colour("live_tint"))
        if index.row():
            painter.fillRect(QRectF(area.left(), area.top(), area.width(), 1), look.colour("line"))
        strong, body = QFont(look.font(Type.STRONG)), QFont(look.font(Type.BODY))
        for font in (strong, body):
            font.setStrikeOut(drops)
        painter.setFont(strong)
        painter.setPen(look.colour("muted" if drops else "error"))
        painter.drawText(area.adjusted(px(15), 0, 0, 0), LEFT_MIDDLE, line.time)
        if line.priority is Priority.BREAKING:
            body.setWeight(QFont.Weight.DemiBold)
        painter.setFont(body)
        painter.setPen(look.colour("muted" if drops else "text"))
        room = area.adjusted(px(65), 0, -px(12), 0)
        if line.pinned:
            look.paint_icon(painter, "pin", "accent", QRectF(room.left(), area.center().y() - px(8), px(16), px(16)))
            room.setLeft(room.left() + px(22))
        painter.drawText(room, LEFT_MIDDLE,
                         QFontMetricsF(body).elidedText(line.headline, Qt.TextElideMode.ElideRight, room.width()))
        painter.restore()


class TimeSlider(QSlider):
    """A minute an arrow, a quarter of an hour with Shift (C7)."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Qt.Key.Key_Left: -QUARTER, Qt.Key.Key_Right: QUARTER}.get(Qt.Key(event.key()))
        if by is not None and event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.setValue(self.value() + by)
        else:
            super().keyPressEvent(event)


class PublicPreview(QWidget):
    """The head with its time, the slider over the day, and the list. `time_chosen` tells when a person moves it."""

    time_chosen = Signal()

    def __init__(self, look: Look, wording: Wording, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording, self._now = look, wording, now
        self._view: DayView | None = None
        self._subject: TickerEntry | None = None
        head = QLabel(wording.tr("ticker_desk", "What readers see at"), self)
        head.setProperty("kind", "label")
        self._time = QLabel(self)
        self._time.setProperty("kind", "strong")
        self.slider = TimeSlider(Qt.Orientation.Horizontal, self)
        self.slider.setAccessibleName(wording.tr("ticker_desk", "Time of the preview"))
        self.slider.setPageStep(QUARTER)
        self.slider.valueChanged.connect(self._on_moved)
        self._model = PublicModel(wording, self)
        self._list = QListView(self)
        self._list.setAccessibleName(wording.tr("ticker_desk", "The public list at that time"))
        self._list.setModel(self._model)
        self._painter = PublicPainter(look, self._list)
        self._list.setItemDelegate(self._painter)
        self._list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it is as high as it is long, and nothing in it can be done
        self._frame = QFrame(self)
        self._frame.setProperty("kind", "card")
        inside = QVBoxLayout(self._frame)
        inside.setContentsMargins(1, 1, 1, 1)
        inside.addWidget(self._list)
        row = QHBoxLayout()
        row.addWidget(head, 1)
        row.addWidget(self._time)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.px(8))
        column.addLayout(row)
        column.addWidget(self.slider)
        column.addWidget(self._frame)

    @property
    def at(self) -> datetime:
        """The chosen instant."""
        assert self._view is not None
        begin, _ = day_bounds(self._view.day, self._view.newsroom.zone)
        return begin + timedelta(minutes=self.slider.value())

    @property
    def lines(self) -> tuple[str, ...]:
        """The list as it is read out, line by line."""
        return tuple(str(self._model.index(at).data()) for at in range(self._model.rowCount()))

    def show_day(self, view: DayView, subject: TickerEntry | None, *, to: datetime | None = None) -> None:
        """Show the list of `view` with `subject` as it is being edited; `to` moves the slider."""
        begin, end = day_bounds(view.day, view.newsroom.zone)
        if to is None and self._follows(subject):
            assert subject is not None
            assert subject.start is not None
            to = subject.start.utc
        self._view, self._subject = view, subject
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, int((end - begin).total_seconds() // 60) - 1)
            if to is not None:
                self.slider.setValue(int((to - begin).total_seconds() // 60))
        self._show()

    def _follows(self, subject: TickerEntry | None) -> bool:
        """Whether the slider stood on the open line's start: then it goes along when that moves."""
        before = self._subject
        if before is None or subject is None or self._view is None or before.id != subject.id:
            return False
        return before.start is not None and subject.start is not None and before.start.utc == self.at

    def _on_moved(self) -> None:
        self._show()
        self.time_chosen.emit()

    def _show(self) -> None:
        if self._view is None:
            return
        at = self.at
        self._time.setText(clock_words(moment_of(at, self._view.newsroom.zone)))
        public = public_at(self._view, at, self._subject)
        self._painter.subject = self._subject.id if self._subject is not None else ""
        self._model.show(public.lines, public.dropped)
        rows = min(max(1, self._model.rowCount()), SHOWN)
        self._list.setFixedHeight(rows * self._look.px(HEIGHT) + 1)
