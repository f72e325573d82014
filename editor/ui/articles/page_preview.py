"""Keeps the preview in step with what is written: blocks that changed are rendered on the cpu thread. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject

from editor.runtime.workers import Door, Slot
from editor.ui.articles.preview import Page, Preview
from editor.ui.widgets.alarm import AlarmMaker
from editor.ui.wording import Wording

REST_MS = 300
FIRST = 6_000  # characters of another article that are shown at once: more than there is room for
LONGEST = 60_000  # characters that are shown; the rest of a longer text is left to the page itself


class Renderer:
    """Renders blocks and remembers them, so that a key costs one block. Used on the cpu thread alone."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def render(self, text: str) -> str:
        """The body as clean HTML."""
        from editor.text.markdown import blocks, to_html  # the list of articles need not wait for it

        parts = blocks(text)
        self._known = {part: self._known.get(part) or to_html(part, media_address=lambda _: None) for part in parts}
        return "".join(self._known[part] for part in parts)


class PagePreview(QObject):
    """Shows the page of the open article. Nothing is rendered while the preview is not seen."""

    def __init__(self, preview: Preview, door: Door, wording: Wording, make_alarm: AlarmMaker, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preview, self._door, self._wording = preview, door, wording
        self._slot = Slot()
        self._renderer = Renderer()
        self._alarm = make_alarm(self, self.now)
        self._text = ""
        self._page = Page("", "", "", "")
        self._is_stale = self._is_other = False

    def show_text(self, kicker: str, headline: str, lead: str, body: str, *, is_other: bool = False) -> None:
        """What is written changed; another article is shown at once, from its top, and after a rest to its end."""
        self._text = body
        page = self._page
        self._page = Page(kicker, headline, lead, page.body, page.lines, page.foot)
        self._is_stale = True
        if is_other:
            self._is_other = True
            self.now()
        else:
            self._alarm.start(REST_MS)

    def show_around(self, lines: Sequence[tuple[str, str]], reactions: int) -> None:
        """The ticker above it or the number of reactions below it changed."""
        foot = self._wording.tr("articles_desk", "Reactions ({n})", n=reactions)
        page = self._page
        fresh = Page(page.kicker, page.headline, page.lead, page.body, tuple(lines), foot)
        if fresh != page:
            self._page = fresh
            if not self._is_stale:
                self._preview.show_page(fresh)

    def stop(self) -> None:
        """Show nothing more: the desk goes."""
        self._alarm.stop()
        self._slot.generation += 1

    def now(self) -> None:
        """Render what is written now, if anybody sees it."""
        self._alarm.stop()
        if not self._is_stale or not self._preview.isVisible():
            return
        self._is_stale = False
        text, page = self._text[:LONGEST], self._page
        is_begun = self._is_other and len(text) > FIRST
        if is_begun:
            text = text[: text.rfind("\n\n", 0, FIRST) + 1 or FIRST]
        ends = not is_begun and len(self._text) > LONGEST

        def show(body: str) -> None:
            if ends:
                more = self._wording.tr("articles_desk", "The preview ends here; the page has the whole text.")
                body += f'<p class="foot">{more}</p>'
            self._page = Page(page.kicker, page.headline, page.lead, body, self._page.lines, self._page.foot)
            self._preview.show_page(self._page)
            if self._is_other:
                self._is_other = False
                self._preview.browser.verticalScrollBar().setValue(0)
            if is_begun:
                self._is_stale = True
                self._alarm.start(REST_MS)
        self._door.compute(lambda: self._renderer.render(text), show, slot=self._slot)
