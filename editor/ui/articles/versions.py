"""The kept versions of the open article: when and why, what differs from now, and bringing one back. GUI thread."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, QUrl, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QTextBrowser, QVBoxLayout, QWidget

from editor.base.messages import Message
from editor.desk.ports import RevisionRow
from editor.domain.article import Article
from editor.domain.documents import article_value
from editor.runtime.workers import Door, Slot
from editor.ui.articles.difference import INTERNAL, PUBLIC, FieldDifference, difference_html, differences
from editor.ui.articles.reading import Versions
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button
from editor.ui.widgets.card_list import CardDelegate, CardList, CardModel
from editor.ui.widgets.instants import Instants
from editor.ui.widgets.painting import draw_text
from editor.ui.wording import Wording

TOP, LINE, END, SIDE = 9, 18, 9, 18  # design pixels
WHY = {
    "work": Message("articles_desk", "While writing"),
    "edit": Message("articles_desk", "Before a change"),
    "typed": Message("articles_desk", "Before typed text came back"),
    "merge": Message("articles_desk", "Before a colleague’s text came in"),
    "settle": Message("articles_desk", "Before a conflict was settled"),
    "discarded": Message("articles_desk", "Before own work was let go"),
    "submit": Message("articles_desk", "At: ready for the desk"),
    "return": Message("articles_desk", "At: back to draft"),
    "approve": Message("articles_desk", "At: approved"),
    "unapprove": Message("articles_desk", "At: approval taken back"),
    "schedule": Message("articles_desk", "At: scheduled"),
    "unschedule": Message("articles_desk", "At: off the schedule"),
    "publish": Message("articles_desk", "At: published"),
    "correct": Message("articles_desk", "At: corrected"),
    "withdraw": Message("articles_desk", "At: withdrawn"),
    "reopen": Message("articles_desk", "At: opened again"),
}


@dataclass(frozen=True, slots=True)
class VersionCard:
    """One line of the list: `name` is the person's own for a named version."""

    id: str
    name: str
    when: str


class VersionDelegate(CardDelegate):
    """Why and when, below each other."""

    def height(self, card: VersionCard, width: int) -> int:
        return self.look.px(TOP + 2 * LINE + END) + 1

    def paint_card(self, painter: QPainter, card: VersionCard, area: QRectF, *, chosen: bool) -> None:
        px = self.look.px
        line = QRectF(area.left() + px(SIDE), area.top() + px(TOP), area.width() - 2 * px(SIDE), px(LINE))
        draw_text(painter, self.look, Type.STRONG, "text", line, card.name)
        draw_text(painter, self.look, Type.SECONDARY, "muted", line.translated(0, px(LINE)), card.when)


class VersionsPanel(QWidget):
    """The list above, what differs below. `restore_wanted` names the version and the fields (none: all)."""

    restore_wanted = Signal(int, tuple)
    keep_wanted = Signal()

    def __init__(self, door: Door, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._door, self._look, self._wording = door, look, wording
        self._slot = Slot()
        self._rows: dict[str, RevisionRow] = {}
        self._now = Article("")
        self._titles: dict[str, str] = {}
        self._article_id = ""
        self._found: Sequence[FieldDifference] | None = None
        tr = wording.tr
        self.list = CardList(look, VersionDelegate(look, parent=self), CardModel(_said, _key), key=_key,
                             name=tr("articles_desk", "Kept versions"), parent=self)
        self.browser = QTextBrowser(self)
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName(tr("articles_desk", "What differs from the present text"))
        self.browser.document().setDocumentMargin(0)
        self.browser.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.restore = Button(look, tr("articles_desk", "Bring this version back"), icon="history", low=True, parent=self)
        self._lay_out()
        self.list.chosen.connect(lambda _: self._compare())
        self.restore.clicked.connect(lambda: self._restore(()))
        self.browser.anchorClicked.connect(self._on_link)
        look.changed.connect(self._draw)

    def stop(self) -> None:
        """Compare nothing more: the desk goes."""
        self._slot.generation += 1

    def show_versions(self, versions: Versions, now: Article, instants: Instants) -> None:
        """Show an article's versions; the chosen one stays chosen."""
        fresh = versions.article_id != self._article_id
        self._article_id, self._now = versions.article_id, now
        self._titles |= versions.titles
        self._rows = {str(row.id): row for row in versions.rows}
        self._below.setVisible(bool(self._rows))
        if not self._rows:
            tr = self._wording.tr
            self.list.say(tr("articles_desk", "No versions yet"),
                          tr("articles_desk", "One is kept at every step and every five minutes of work. Keep one by hand under a name of its own."),
                          tr("articles_desk", "Keep version…"), self.keep_wanted.emit)
            return
        self.list.fill([VersionCard(key, self._name(row), instants.near(row.at, versions.now)) for key, row in self._rows.items()])
        if fresh or not self.list.current_key():
            self.list.choose(next(iter(self._rows)), quietly=True)
        self._compare()

    def show_now(self, now: Article, titles: Mapping[str, str]) -> None:
        """The present text changed; `titles` are of what it names."""
        self._titles |= titles
        if now != self._now and now.id == self._article_id:
            self._now = now
            if self.isVisible():
                self._compare()

    # ------------------------------------------------------------------------------------------------ private

    def _lay_out(self) -> None:
        px = self._look.px
        self._below = QWidget(self)
        self._below.setProperty("ground", "surface")
        self._below.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        below, foot = QVBoxLayout(self._below), QHBoxLayout()
        below.setContentsMargins(px(SIDE), px(4), px(6), px(12))
        foot.addWidget(self.restore)
        foot.addStretch(1)
        below.addWidget(self.browser, 1)
        below.addLayout(foot)
        splitter = QSplitter(Qt.Orientation.Vertical, self)
        splitter.addWidget(self.list)
        splitter.addWidget(self._below)
        splitter.setHandleWidth(1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([px(280), px(400)])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(splitter)

    def _name(self, row: RevisionRow) -> str:
        if row.name:
            return row.name
        known = WHY.get(row.why)
        return self._wording.say(known) if known is not None else row.why

    def _compare(self) -> None:
        """Work out what differs, away from the GUI thread."""
        row, now = self._rows.get(self.list.current_key()), self._now
        if row is None:
            return
        old, titles = row.doc, dict(self._titles)
        self._door.compute(lambda: differences(article_value(now.id, old), now, self._wording, (*PUBLIC, *INTERNAL),
                                               titles=titles), self._show, slot=self._slot)

    def _show(self, found: Sequence[FieldDifference]) -> None:
        self._found = found
        self.restore.setEnabled(bool(found))
        self._draw()

    def _draw(self) -> None:
        if self._found is None:
            return
        tr, bar = self._wording.tr, self.browser.verticalScrollBar()
        place = bar.value()
        self.browser.document().setDefaultFont(self._look.font(Type.BODY))
        if self._found:
            self.browser.setHtml(difference_html(self._found, self._look, self._wording,
                                                 link=lambda _: tr("articles_desk", "bring back")))
        else:
            self.browser.setHtml(html.escape(tr("articles_desk", "Nothing differs: this is the present text.")))
        bar.setValue(place)

    def _on_link(self, link: QUrl) -> None:
        self._restore((link.fragment(),))

    def _restore(self, fields: tuple[str, ...]) -> None:
        if (key := self.list.current_key()) in self._rows:
            self.restore_wanted.emit(int(key), fields)


def _said(card: VersionCard) -> str:
    return f"{card.name}, {card.when}"


def _key(card: VersionCard) -> str:
    return card.id
