"""The fields of the open line: headline with its counter, start, end, priority, pin, article. GUI thread."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QWidget

from editor.domain.moments import moment_of
from editor.domain.newsroom import TickerRules
from editor.domain.people import Right
from editor.domain.ticker import Priority, TickerEntry, end_of
from editor.text.counting import count_characters
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.ticker.reading import DayView, LinkedArticle
from editor.ui.ticker.rows import clock_words
from editor.ui.ticker.typed_times import start_words
from editor.ui.ticker.words import PRIORITIES
from editor.ui.widgets.painting import Mark
from editor.ui.widgets.pills import Pill
from editor.ui.widgets.tab_order import order_tabs
from editor.ui.wording import Wording


class PickBox(QComboBox):
    """A choice with the house's arrow."""

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        size = self._look.px(14)
        place = QRectF(self.width() - size - self._look.px(10), (self.height() - size) / 2, size, size)
        self._look.paint_icon(QPainter(self), "chevron-down", "muted", place)


class EntryFields(QWidget):
    """Shows one line and tells what a person typed or chose; it never writes over a field that is being typed in."""

    headline_typed = Signal(str)
    start_given = Signal(str)
    end_given = Signal(str)
    priority_given = Signal(int)
    slot_given = Signal(int)  # 0 lets go
    article_given = Signal(str)

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording = look, wording
        self._shown = ""
        self.headline, self.start, self.end, self.article = (QLineEdit(self) for _ in range(4))
        self.priority, self.pin = PickBox(look, self), PickBox(look, self)
        for priority in Priority:
            self.priority.addItem(wording.say(PRIORITIES[priority]), int(priority))
        self._counter = QLabel(self)
        self._counter.setProperty("kind", "secondary")
        self._linked = Pill(look, Mark(""), self)
        self._lay_out()
        self._connect()

    def show_entry(self, view: DayView, entry: TickerEntry, headline: str) -> None:
        """Show `entry` with its unsent `headline`."""
        other = self._shown != entry.id
        self._shown = entry.id
        self._fill(self.headline, headline, other=other)
        self._fill(self.start, start_words(entry.start), other=other)
        self._fill(self.end, self._end_words(entry, view), other=other)
        article = view.articles.get(entry.article_id)
        self._fill(self.article, article.headline if article is not None else entry.url or entry.article_id, other=other)
        self._show_link(article, view)
        with QSignalBlocker(self.priority), QSignalBlocker(self.pin):
            self.priority.setCurrentIndex(int(entry.priority))
            self._fill_pins(view.newsroom.ticker, entry)
        self._grey_out(view)
        self.count(view.newsroom.ticker)

    def count(self, rules: TickerRules) -> None:
        """Say how long the headline is, and whether it fits one line (T-09)."""
        n = count_characters(self.headline.text().strip())
        if n > rules.hard_length:
            fit = self._wording.tr("ticker_desk", "too long")
        elif n > rules.soft_length:
            fit = self._wording.tr("ticker_desk", "may run over two lines")
        else:
            fit = self._wording.tr("ticker_desk", "fits one line")
        self._counter.setText(f"{n}/{rules.hard_length} · {fit}")
        self._counter.setProperty("kind", "error" if n > rules.hard_length else "secondary")
        self._counter.style().polish(self._counter)

    def mark_invalid(self, field: QLineEdit, invalid: bool) -> None:
        """Put the red edge around a field that could not be read, or take it off."""
        field.setProperty("invalid", invalid)
        field.style().polish(field)

    def _lay_out(self) -> None:
        tr, px = self._wording.tr, self._look.px
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(12))
        grid.setVerticalSpacing(px(5))
        rows: list[tuple[str, QWidget, int, int, int]] = [
            (tr("ticker_desk", "Headline"), self.headline, 0, 0, 2), (tr("ticker_desk", "Start"), self.start, 2, 0, 1),
            (tr("ticker_desk", "End"), self.end, 2, 1, 1), (tr("ticker_desk", "Priority"), self.priority, 4, 0, 1),
            (tr("ticker_desk", "Pinned"), self.pin, 4, 1, 1), (tr("ticker_desk", "Article"), self.article, 6, 0, 2)]
        for words, field, row, column, span in rows:
            label = QLabel(words, self)
            label.setProperty("kind", "label")
            label.setBuddy(field)
            label.setContentsMargins(0, px(8) if row else 0, 0, 0)
            field.setAccessibleName(words)
            grid.addWidget(label, row, column)
            grid.addWidget(field, row + 1, column, 1, span)
        order_tabs([field for _, field, _, _, _ in rows])
        grid.addWidget(self._counter, 0, 1, Qt.AlignmentFlag.AlignRight)
        over = QHBoxLayout(self.article)
        over.setContentsMargins(0, 0, px(8), 0)
        over.addStretch(1)
        over.addWidget(self._linked)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        strong = self.headline.font()
        strong.setWeight(strong.Weight.DemiBold)
        self.headline.setFont(strong)
        self.end.setPlaceholderText(tr("ticker_desk", "after 12 hours, or a time"))
        self.start.setPlaceholderText(tr("ticker_desk", "12:55, 24-11-2026 12:55, or +15"))
        self.article.setPlaceholderText(tr("ticker_desk", "number or address of the article"))

    def _connect(self) -> None:
        self.headline.textEdited.connect(self.headline_typed)
        for field, signal in ((self.start, self.start_given), (self.end, self.end_given),
                              (self.article, self.article_given)):
            field.editingFinished.connect(lambda field=field, signal=signal: self._give(field, signal.emit))
        self.priority.activated.connect(self.priority_given)
        self.pin.activated.connect(self.slot_given)

    def _give(self, field: QLineEdit, give: Callable[[str], None]) -> None:
        if field.isModified():
            field.setModified(False)
            give(field.text())

    def _fill(self, field: QLineEdit, text: str, *, other: bool) -> None:
        typing = field.hasFocus() and field.isModified() and not other
        if not typing and field.text() != text:
            field.setText(text)
            field.setCursorPosition(0)
        if other:
            self.mark_invalid(field, invalid=False)

    def _fill_pins(self, rules: TickerRules, entry: TickerEntry) -> None:
        tr = self._wording.tr
        names = [tr("ticker_desk", "not pinned"),
                 *(tr("ticker_desk", "place {slot}", slot=slot) for slot in range(1, rules.max_pins + 1))]
        if [self.pin.itemText(at) for at in range(self.pin.count())] != names:
            self.pin.clear()
            self.pin.addItems(names)
        self.pin.setCurrentIndex(entry.pin.slot if entry.pin is not None else 0)

    def _grey_out(self, view: DayView) -> None:
        """Breaking and pins are an editor's; who may not sees them and cannot choose them."""
        may = view.actor.may(Right.BREAKING)
        self.pin.setEnabled(may)
        model = self.priority.model()
        assert isinstance(model, QStandardItemModel)
        model.item(int(Priority.BREAKING)).setEnabled(may)

    def _end_words(self, entry: TickerEntry, view: DayView) -> str:
        end = end_of(entry, view.newsroom.ticker)
        if end is None or entry.start is None:
            return ""
        moment = moment_of(end, view.newsroom.zone)
        if entry.end is not None:
            return start_words(entry.end)
        minutes = int((end - entry.start.utc).total_seconds() // 60)
        clock = clock_words(moment)
        if minutes % 60:
            return self._wording.tr("ticker_desk", "after {n} min ({time})", n=minutes, time=clock)
        return self._wording.tr("ticker_desk", "after one hour ({time})|after {n} hours ({time})", n=minutes // 60,
                                time=clock)

    def _show_link(self, article: LinkedArticle | None, view: DayView) -> None:
        self._linked.setVisible(article is not None)
        if article is None:
            self.article.setTextMargins(0, 0, 0, 0)
            return
        tr = self._wording.tr
        if article.public_at is None:
            self._mark_link(Mark(tr("ticker_desk", "not public yet"), Tone.READY))
            return
        time = clock_words(moment_of(article.public_at, view.newsroom.zone))
        public = article.public_at <= view.now
        words = tr("ticker_desk", "public ✓") if public else tr("ticker_desk", "public at {time} ✓", time=time)
        self._mark_link(Mark(words, Tone.LIVE if public else Tone.PLANNED))

    def _mark_link(self, mark: Mark) -> None:
        self._linked.show_mark(mark)
        self.article.setTextMargins(0, 0, self._linked.sizeHint().width() + self._look.px(8), 0)
