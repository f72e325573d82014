"""The page as a reader sees it, small: ticker, article, count of reactions, in the site's own colours in every theme."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QUrl
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QTextBrowser, QVBoxLayout, QWidget

from editor.ui.theme.fonts import TEXT
from editor.ui.theme.look import Look
from editor.ui.widgets.painting import draw_focus

SIDE, CORNER, INNER = 18, 6, 18
_HEADING = re.compile(r"<(/?)h[1-6][^>]*>")


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
        self.browser.installEventFilter(self)
        self._box = QVBoxLayout(self)
        self._box.addWidget(self.browser)
        look.changed.connect(self._restyle)
        self._restyle()

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
        if self.browser.hasFocus():
            draw_focus(painter, look, sheet, look.px(CORNER))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().eventFilter(watched, event)

    def _restyle(self) -> None:
        """Take lengths and the paper's colours from the look; the bar stands on the paper too."""
        look = self._look
        margin = look.px(SIDE + INNER)
        self._box.setContentsMargins(margin, look.px(16 + 15), look.px(SIDE + 12), look.px(16 + 8))
        palette = QPalette(self.browser.palette())
        for role, name in ((QPalette.ColorRole.Base, "paper"), (QPalette.ColorRole.Text, "paper_text"),
                           (QPalette.ColorRole.Dark, "paper_line")):
            palette.setColor(role, look.colour(name))
        self.browser.setPalette(palette)
        self.browser.verticalScrollBar().setStyleSheet(
            f"QScrollBar::handle {{ background: {look.colour('paper_line').name()}; }}"
            f"QScrollBar::handle:hover {{ background: {look.colour('paper_muted').name()}; }}")
        self.browser.document().setDefaultStyleSheet(_sheet(look))
        self._draw()

    def _draw(self) -> None:
        bar = self.browser.verticalScrollBar()
        place = bar.value()
        self.browser.setHtml(_page_html(self._page, self._look))
        self.browser.document().setBaseUrl(QUrl())
        bar.setValue(place)


def _sheet(look: Look) -> str:
    c = {role: look.colour(role).name() for role in ("paper_text", "paper_muted", "paper_accent", "paper_time")}
    px = look.px
    return f"""
        body, p, li, td {{ font-family: '{TEXT}'; font-size: {px(14)}px; color: {c["paper_text"]}; line-height: {px(20)}px; }}
        p {{ margin: 0 0 {px(8)}px 0; }}
        .kicker {{ color: {c["paper_accent"]}; font-size: {px(12)}px; font-weight: 600; margin: 0; line-height: {px(18)}px; }}
        .h1 {{ font-size: {px(20)}px; font-weight: 700; margin: {px(2)}px 0 {px(8)}px 0; line-height: {px(25)}px; }}
        .h2 {{ font-weight: 700; margin: {px(10)}px 0 {px(1)}px 0; }}
        .lead {{ font-weight: 600; }}
        .foot {{ color: {c["paper_muted"]}; font-size: {px(12)}px; margin-top: {px(12)}px; }}
        .line {{ font-size: {px(12)}px; margin: 0; line-height: {px(19)}px; }}
        .time {{ color: {c["paper_time"]}; font-weight: 700; font-size: {px(12)}px; }}
        blockquote {{ margin: 0 0 {px(8)}px {px(14)}px; color: {c["paper_muted"]}; }}
        a {{ color: {c["paper_accent"]}; text-decoration: none; }}
    """


def _page_html(page: Page, look: Look) -> str:
    parts = [f'<p class="line"><span class="time">{html.escape(time)}</span>&nbsp; {html.escape(words)}</p>'
             for time, words in page.lines]
    if parts:
        rule = look.colour("paper_line").name()
        parts.append(f'<hr width="100%" style="background-color: {rule}; margin: {look.px(4)}px 0 {look.px(6)}px 0">')
    for kind, words in (("kicker", page.kicker), ("h1", page.headline), ("lead", page.lead)):
        if words:
            parts.append(f'<p class="{kind}">{html.escape(words)}</p>')
    # Qt enlarges h1 to h6 beyond the size that a sheet gives them; a paragraph keeps it.
    parts.append(_HEADING.sub(lambda tag: "</p>" if tag[1] else '<p class="h2">', page.body))
    if page.foot:
        parts.append(f'<p class="foot">{html.escape(page.foot)}</p>')
    return "".join(parts)
