"""Markdown's look on the writing surface. Fonts and colours only: findings are painted, never formats."""

from __future__ import annotations

import re
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from editor.ui.articles.marks import OPEN, Style, styled
from editor.ui.articles.offsets import to_units
from editor.ui.theme.fonts import HEADING, MONO
from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker

SLICE = 60  # blocks a turn of the event loop, a screen full: a millisecond or two, and more while other threads work
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


class MarkdownHighlighter(QSyntaxHighlighter):
    """Once a text was loaded, `spread` shows the first screen at once and the rest in slices.

    Owned by the writing surface, which keeps it from hearing of the loading itself; GUI thread.
    """

    mirrored = Signal()  # once a text: the first line that may run from right to left

    def __init__(self, document: QTextDocument, look: Look, make_alarm: AlarmMaker) -> None:
        super().__init__(document)
        self._is_mirrored = False
        self.is_relaying = False  # our own signal is no key: whoever else hears `contentsChange` looks here
        self._formats: dict[Style, QTextCharFormat] = {}
        self._next = make_alarm(self, self._slice)
        self._at = 0
        self.restyle(look)

    def restyle(self, look: Look) -> None:
        """Take colours and sizes from the look; call `spread` to show them."""
        self._formats = _formats(look)

    def spread(self, first: int = 0) -> None:
        """Highlight everything: the screen that begins at block `first` now, the rest in slices."""
        self._mark(first, first + SLICE)
        self._at = 0
        self._next.start(0)

    def stop(self) -> None:
        """Leave the rest: another text is coming."""
        self._next.stop()
        self._is_mirrored = False

    def highlightBlock(self, text: str) -> None:
        if not self._is_mirrored and not text.isascii() and _RIGHT_TO_LEFT.search(text):
            self._is_mirrored = True
            self.mirrored.emit()
        spans, state = styled(text, self.previousBlockState())
        if state != OPEN or self.currentBlockState() != OPEN:
            self.setCurrentBlockState(state)
        if not spans:
            return
        unit = to_units(text)
        for start, length, style in spans:
            begin = unit(start)
            self.setFormat(begin, unit(start + length) - begin, self._formats[style])

    def _slice(self) -> None:
        self._mark(self._at, self._at + SLICE)
        self._at += SLICE
        if self._at < self.document().blockCount():
            self._next.start(0)

    def _mark(self, first: int, last: int) -> None:
        """Have blocks highlighted without laying them out, which `rehighlightBlock` would do (seconds in 1 MB)."""
        document = self.document()
        begin = document.findBlockByNumber(first)
        end = document.findBlockByNumber(min(last, document.blockCount()) - 1)
        if begin.isValid() and end.isValid() and end.position() >= begin.position():
            self.is_relaying = True
            try:
                document.contentsChange.emit(begin.position(), 0, end.position() + end.length() - 1 - begin.position())
            finally:
                self.is_relaying = False


def _formats(look: Look) -> dict[Style, QTextCharFormat]:
    muted, accent = look.colour("muted"), look.colour("accent")
    title, subhead = partial(_format, HEADING, look.px(24)), partial(_format, HEADING, look.px(19))
    return {
        Style.MARK: _format(colour=muted),
        Style.TITLE: title(weight=700),
        Style.TITLE_MARK: title(weight=400, colour=muted),
        Style.SUBHEAD: subhead(weight=700),
        Style.SUBHEAD_MARK: subhead(weight=400, colour=muted),
        Style.MINOR_HEAD: _format(weight=700),
        Style.BOLD: _format(weight=700),
        Style.ITALIC: _format(italic=True),
        Style.BOLD_ITALIC: _format(weight=700, italic=True),
        Style.STRUCK: _format(struck=True),
        Style.CODE: _format(MONO, look.px(14)),
        Style.LINK: _format(colour=accent),
    }


def _format(family: str = "", size: int = 0, *, weight: int = 0, italic: bool = False, struck: bool = False,
            colour: QColor | None = None) -> QTextCharFormat:
    """A format that sets only what is named; `size` in pixels."""
    form = QTextCharFormat()
    if family:
        form.setFontFamilies([family])
        form.setProperty(QTextCharFormat.Property.FontPixelSize, size)
    if weight:
        form.setFontWeight(weight)
    if italic:
        form.setFontItalic(True)
    if struck:
        form.setFontStrikeOut(True)
    if colour is not None:
        form.setForeground(colour)
    return form
