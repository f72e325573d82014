"""The library at the left: search, filters, cards. It is shown values and tells what is wanted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStyle, QStyleOptionViewItem, QVBoxLayout, QWidget

from editor.desk.read_models import ArticleFilter
from editor.domain.article import Status
from editor.ui.actions import Keymap
from editor.ui.articles.cards import STATUS_WORDS, ArticleCard
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.alarm import AlarmMaker, QtAlarm
from editor.ui.widgets.buttons import Button
from editor.ui.widgets.card_list import CARD, CardDelegate, CardList, CardModel, Index
from editor.ui.widgets.painting import draw_focus, draw_pill, draw_text, text_width, wrapped
from editor.ui.widgets.pills import Chip
from editor.ui.widgets.search_field import SearchField
from editor.ui.wording import Wording

SIDE, TOP, LINE, GAP, PILL_ROW, END = 14, 10, 18, 4, 18, 9
BIN = "bin"
MOST_KNOWN = 5000  # headlines whose lines are remembered
CHOICES = (Status.DRAFT, Status.DESK, Status.APPROVED, Status.SCHEDULED, Status.PUBLISHED, Status.WITHDRAWN)


class ArticleDelegate(CardDelegate):
    """Headline in at most two lines, pill with who and when, one line of how it stands. The open article has the tint
    and the bar, the keyboard's card a ring."""

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(look, parent=parent)
        self.open_id = ""
        self._lines: dict[tuple[str, int], list[str]] = {}
        self._widths: dict[str, float] = {}
        look.changed.connect(self._lines.clear)
        look.changed.connect(self._widths.clear)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shown, parts = QStyleOptionViewItem(option), option
        selected, focused = QStyle.StateFlag.State_Selected, QStyle.StateFlag.State_HasFocus
        is_current = bool(parts.state & selected and parts.state & focused)
        shown.state = parts.state & ~selected
        if index.data(CARD).id == self.open_id:
            shown.state |= selected
        super().paint(painter, shown, index)
        if is_current:
            draw_focus(painter, self.look, QRectF(parts.rect).adjusted(4, 1, -1, -2), self.look.px(4))

    def height(self, card: ArticleCard, width: int) -> int:
        lines = self._line_count(card.headline, width)
        third = GAP + LINE if card.state else 0
        return self.look.px(TOP + lines * LINE + GAP + PILL_ROW + third + END) + 1

    def paint_card(self, painter: QPainter, card: ArticleCard, area: QRectF, *, chosen: bool) -> None:
        look = self.look
        left, width = area.left() + look.px(SIDE), area.width() - 2 * look.px(SIDE)
        top = area.top() + look.px(TOP)
        line = look.px(LINE)
        for words in self._headline(card, round(area.width())):
            draw_text(painter, look, Type.STRONG, "text", QRectF(left, top, width + 1, line), words)
            top += line
        top += look.px(GAP)
        pill = draw_pill(painter, look, card.mark, QPointF(left, top))
        beside = left + pill + look.px(9)
        draw_text(painter, look, Type.SECONDARY, "muted", QRectF(beside, top, area.right() - beside - look.px(SIDE), line), card.when)
        role = "muted" if card.state_tone is Tone.NEUTRAL else card.state_tone.value
        place = QRectF(left, top + look.px(PILL_ROW + GAP), width, line)
        draw_text(painter, look, Type.SECONDARY, role, place, card.state)

    def _line_count(self, headline: str, width: int) -> int:
        """How many lines `_headline` breaks it into, without breaking it: every card of the list is asked."""
        words = " ".join(headline.split())
        if " " not in words:
            return 1 if words else 0
        if words not in self._widths:
            if len(self._widths) > MOST_KNOWN:
                self._widths.clear()
            self._widths[words] = text_width(self.look, Type.STRONG, words)
        return 1 if self._widths[words] <= width - 2 * self.look.px(SIDE) else 2

    def _headline(self, card: ArticleCard, width: int) -> list[str]:
        key = (card.headline, width)
        if key not in self._lines:
            if len(self._lines) > MOST_KNOWN:
                self._lines.clear()
            self._lines[key] = wrapped(self.look, Type.STRONG, card.headline, width - 2 * self.look.px(SIDE), 2)
        return self._lines[key]


class Library(QWidget):
    """Search field, two filters, *New*, and the cards in their four states."""

    wanted = Signal(object)  # ArticleFilter
    chosen = Signal(str)
    opened = Signal(str)
    new_wanted = Signal()
    near_end = Signal()

    def __init__(self, look: Look, wording: Wording, keymap: Keymap, *, make_alarm: AlarmMaker = QtAlarm,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._wording = wording
        self._filter = ArticleFilter()
        self._sections: tuple[str, ...] = ()
        self._is_fresh = True  # another question: its answer is shown from the top
        self.search = SearchField(look, wording.tr("articles", "Search the articles…"), make_alarm=make_alarm, parent=self)
        self._status = Chip(look, wording.tr("articles", "Status"), self)
        self._section = Chip(look, wording.tr("articles", "Section"), self)
        self._new_key = keymap.shown("article.new")
        self._new = new = Button(look, wording.tr("articles", "New"), key=self._new_key, low=True, parent=self)
        self._delegate = ArticleDelegate(look, parent=self)
        self.cards = CardList(look, self._delegate, CardModel(_said, _key),
                              name=wording.tr("articles", "Articles"), key=_key, parent=self)
        self._lay_out(new)
        self.search.rested.connect(self._on_words)
        self.search.left_down.connect(self.cards.setFocus)
        self._status.clicked.connect(self._open_statuses)
        self._section.clicked.connect(self._open_sections)
        new.clicked.connect(self.new_wanted)
        self.cards.chosen.connect(self.chosen)
        self.cards.opened.connect(self.opened)
        self.cards.near_end.connect(self.near_end)
        self.cards.view.clicked.connect(lambda index: self.opened.emit(index.data(CARD).id))
        self.cards.view.installEventFilter(self)
        self.say_reading()

    def fill(self, cards: Sequence[ArticleCard]) -> None:
        """Show these; when there are none, say why and what can be done."""
        if cards:
            bar = self.cards.view.verticalScrollBar()
            place = bar.value() if self.cards.is_filled and not self._is_fresh else 0
            self.cards.fill(cards)
            self._is_fresh = False
            bar.setValue(place)
        elif self._filter.deleted and not self._filter.words:
            self.cards.say(self._wording.tr("articles_desk", "The bin is empty"), "", self._wording.tr("articles", "Show all"), self.show_all)
        elif self._filter == ArticleFilter():
            self.cards.say(self._wording.tr("articles", "No articles yet"),
                           self._wording.tr("articles", "What you write here is kept on this computer at once."),
                           self._wording.tr("articles", "New article"), self.new_wanted.emit)
        else:
            self.cards.say(self._wording.tr("articles", "Nothing found"),
                           self._wording.tr("articles", "No article has these words with these filters."),
                           self._wording.tr("articles", "Show all"), self.show_all)

    def show_open(self, article_id: str) -> None:
        """Mark the open article, and put the cursor on it unless the keyboard is in the list."""
        self._delegate.open_id = article_id
        if not self.cards.view.hasFocus():
            self.cards.choose(article_id, quietly=True)
        self.cards.view.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_new()

    def _fit_new(self) -> None:
        """Leave the key out where there is no room for it."""
        self._new.set_key(self._new_key)
        wanted = sum(part.sizeHint().width() for part in (self._status, self._section, self._new))
        if wanted + self._look.px(2 * SIDE + 16) > self.width():
            self._new.set_key("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and not event.modifiers():
            step = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}.get(Qt.Key(event.key()), 0)
            if step:
                self.cards.step(step)
                return True
        return super().eventFilter(watched, event)

    def add(self, cards: Sequence[ArticleCard]) -> None:
        """Show the next page below."""
        self.cards.add(cards)

    def say_reading(self) -> None:
        """The first cards are on their way."""
        self.cards.say(self._wording.tr("articles", "Reading the articles…"))

    def say_failed(self, reason: str) -> None:
        """They could not be read."""
        again = self._wording.tr("articles", "Try again")
        self.cards.say(self._wording.tr("articles", "The articles could not be read"), reason, again,
                       lambda: self.wanted.emit(self._filter))

    def show_total(self, total: int) -> None:
        """Say how many there are to search."""
        shown = f"{total:,}".replace(",", "." if self._wording.language == "nl" else ",")
        self.search.say_hint(self._wording.tr("articles", "Search in one article…|Search in {total} articles…",
                                           n=total, total=shown))

    def show_sections(self, sections: Sequence[str]) -> None:
        """The newsroom's sections, for the filter."""
        self._sections = tuple(sections)

    def show_all(self) -> None:
        """Drop words and filters."""
        self.search.clear()
        self._want(ArticleFilter())

    @property
    def filter(self) -> ArticleFilter:
        """What is asked for now."""
        return self._filter

    def _want(self, wanted: ArticleFilter) -> None:
        self._filter, self._is_fresh = wanted, True
        tr = self._wording.tr
        status = self._wording.say(STATUS_WORDS[Status(wanted.statuses[0])]) if wanted.statuses else tr("articles", "Status")
        if wanted.deleted:
            status = tr("articles_desk", "Bin")
        self._status.show_choice(status, chosen=bool(wanted.statuses) or wanted.deleted)
        self._section.show_choice(wanted.section or tr("articles", "Section"), chosen=bool(wanted.section))
        self._fit_new()
        self.wanted.emit(wanted)

    def _on_words(self, words: str) -> None:
        if words != self._filter.words:
            self._want(replace(self._filter, words=words))

    def _open_statuses(self) -> None:
        choices = [(self._wording.say(STATUS_WORDS[status]), status.value) for status in CHOICES]
        choices.append((self._wording.tr("articles_desk", "Bin"), BIN))
        self._open_menu(self._status, choices, lambda value: replace(
            self._filter, statuses=(value,) if value not in ("", BIN) else (), deleted=value == BIN))

    def _open_sections(self) -> None:
        self._open_menu(self._section, [(name, name) for name in self._sections],
                        lambda value: replace(self._filter, section=value))

    def _open_menu(self, under: Chip, choices: Sequence[tuple[str, str]], make: Callable[[str], ArticleFilter]) -> None:
        menu = QMenu(self)
        menu.aboutToHide.connect(menu.deleteLater)
        for words, value in [(self._wording.tr("articles", "All"), ""), *choices]:
            act = QAction(words, menu)
            act.triggered.connect(lambda _=False, value=value: self._want(make(value)))
            menu.addAction(act)
        menu.popup(under.mapToGlobal(QPoint(0, under.height() + 2)))

    def _lay_out(self, new: Button) -> None:
        look = self._look
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(0, look.px(14), 0, 0)
        column.setSpacing(look.px(8))
        top = QVBoxLayout()
        top.setContentsMargins(look.px(SIDE), 0, look.px(SIDE), 0)
        top.setSpacing(look.px(8))
        row.setSpacing(look.px(8))
        for part in (self._status, self._section):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(new)
        top.addWidget(self.search)
        top.addLayout(row)
        column.addLayout(top)
        column.addSpacing(look.px(2))
        column.addWidget(self.cards, 1)


def _said(card: ArticleCard) -> str:
    return ", ".join(part for part in (card.headline, card.mark.word, card.when, card.state) if part)


def _key(card: ArticleCard) -> str:
    return card.id
