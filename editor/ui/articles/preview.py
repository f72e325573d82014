"""The page as a reader sees it, small: ticker, article, count of reactions, in the site's own colours in every theme."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt, QUrl
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from editor.ui.theme.fonts import TEXT
from editor.ui.theme.look import Look

SIDE, CORNER, INNER = 18, 6, 18


@dataclass(frozen=True, slots=True)
class Page:
    """What the page shows. `body` is clean HTML; `lines` are (HH:MM, headline) of the public list."""

    kicker: str
    headline: str
    lead: str
    body: str
    lines: Sequence[tuple[str, str]] = ()
    foot: str = ""


class Preview(QWidget):
    """A sheet of paper with the page on it. `followed` a link never leaves the program by itself."""

    def __init__(self, look: Look, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._page = Page("", "", "", "")
        self.browser = QTextBrowser(self)
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName(name)
        self.browser.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.browser.document().setDocumentMargin(0)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self.browser)
        look.changed.connect(self._draw)
        self._draw()

    def show_page(self, page: Page) -> None:
        """Show another state of the page; the reader's place stays."""
        if page != self._page:
            self._page = page
            self._draw()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, look = QPainter(self), self._look
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        sheet = QRectF(self.rect()).adjusted(look.px(SIDE), look.px(16), -look.px(SIDE), -look.px(16))
        painter.setPen(QPen(look.colour("line"), 1))
        painter.setBrush(look.colour("paper"))
        painter.drawRoundedRect(sheet.adjusted(0.5, 0.5, -0.5, -0.5), look.px(CORNER), look.px(CORNER))

    def _draw(self) -> None:
        look = self._look
        margin = look.px(SIDE + INNER)
        self._box.setContentsMargins(margin, look.px(16 + 15), look.px(SIDE + 4), look.px(16 + 8))
        self.browser.setStyleSheet(f"QTextBrowser {{ background: {look.colour('paper').name()}; }}")
        bar = self.browser.verticalScrollBar()
        place = bar.value()
        self.browser.document().setDefaultStyleSheet(_sheet(look))
        self.browser.setHtml(_page_html(self._page, look))
        self.browser.document().setBaseUrl(QUrl())
        bar.setValue(place)


def _sheet(look: Look) -> str:
    c = {role: look.colour(role).name() for role in ("paper_text", "paper_muted", "paper_line", "paper_accent", "paper_time")}
    px = look.px
    return f"""
        body, p, li, td {{ font-family: '{TEXT}'; font-size: {px(14)}px; color: {c["paper_text"]}; line-height: {px(20)}px; }}
        p {{ margin: 0 0 {px(10)}px 0; }}
        .kicker {{ color: {c["paper_accent"]}; font-size: {px(12)}px; font-weight: 600; margin: 0; line-height: {px(18)}px; }}
        h1 {{ font-family: '{TEXT}'; font-size: {px(20)}px; font-weight: 700; margin: {px(3)}px 0 {px(8)}px 0;
              line-height: {px(25)}px; color: {c["paper_text"]}; }}
        h2, h3 {{ font-family: '{TEXT}'; font-size: {px(14)}px; font-weight: 700; margin: {px(10)}px 0 {px(2)}px 0;
              line-height: {px(20)}px; color: {c["paper_text"]}; }}
        .lead {{ font-weight: 700; font-size: {px(13)}px; }}
        .foot, .foot p {{ color: {c["paper_muted"]}; font-size: {px(12)}px; }}
        .line {{ font-size: {px(12)}px; margin: 0; line-height: {px(19)}px; }}
        .time {{ color: {c["paper_time"]}; font-weight: 700; }}
        blockquote {{ margin: 0 0 {px(10)}px {px(14)}px; color: {c["paper_muted"]}; }}
        a {{ color: {c["paper_accent"]}; text-decoration: none; }}
        hr {{ color: {c["paper_line"]}; }}
    """


def _page_html(page: Page, look: Look) -> str:
    parts = [f'<p class="line"><span class="time">{html.escape(time)}</span>&nbsp;&nbsp;{html.escape(words)}</p>'
             for time, words in page.lines]
    if parts:
        parts.append(f'<hr width="100%" style="margin: {look.px(6)}px 0 {look.px(12)}px 0">')
    for shape, words in (('<p class="kicker">{}</p>', page.kicker), ("<h1>{}</h1>", page.headline), ('<p class="lead">{}</p>', page.lead)):
        if words:
            parts.append(shape.format(html.escape(words)))
    parts.append(page.body)
    if page.foot:
        parts.append(f'<p class="foot">{html.escape(page.foot)}</p>')
    return "".join(parts)
