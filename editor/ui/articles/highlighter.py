"""Markdown's look on the writing surface. Fonts and colours only: findings are painted, never formats."""

from __future__ import annotations

import re
from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from editor.ui.articles.marks import OPEN, Style, styled
from editor.ui.articles.offsets import to_units
from editor.ui.theme.fonts import HEADING, MONO
from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker

SLICE = 200  # blocks a turn of the event loop: 5–10 ms in the largest texts
FIRST_SCREEN = 60
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


class MarkdownHighlighter(QSyntaxHighlighter):
    """Silent while a text is loaded; then the first screen at once and the rest in slices.

    Owned by the writing surface; GUI thread.
    """

    mirrored = Signal()  # once a text: the first line that may run from right to left

    def __init__(self, document: QTextDocument, look: Look, make_alarm: AlarmMaker) -> None:
        super().__init__(document)
        self.is_silent = False
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
        self._mark(first, first + FIRST_SCREEN)
        self._at = 0
        self._next.start(0)

    def stop(self) -> None:
        """Leave the rest: another text is coming."""
        self._next.stop()
        self._is_mirrored = False

    def highlightBlock(self, text: str) -> None:
        if self.is_silent:
            return
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
    def made(shape: Callable[[QTextCharFormat], object]) -> QTextCharFormat:
        form = QTextCharFormat()
        shape(form)
        return form

    def mark(form: QTextCharFormat) -> None:
        form.setForeground(look.colour("muted"))

    def sized(size: int, weight: int, *, muted: bool = False) -> Callable[[QTextCharFormat], None]:
        def shape(form: QTextCharFormat) -> None:
            form.setFontFamilies([HEADING])
            form.setProperty(QTextCharFormat.Property.FontPixelSize, look.px(size))
            form.setFontWeight(weight)
            if muted:
                mark(form)

        return shape

    def code(form: QTextCharFormat) -> None:
        form.setFontFamilies([MONO])
        form.setProperty(QTextCharFormat.Property.FontPixelSize, look.px(14))

    def emphasis(*, bold: bool, italic: bool) -> Callable[[QTextCharFormat], None]:
        def shape(form: QTextCharFormat) -> None:
            if bold:
                form.setFontWeight(QFont.Weight.Bold)
            if italic:
                form.setFontItalic(True)

        return shape

    return {
        Style.MARK: made(mark),
        Style.TITLE: made(sized(24, 700)),
        Style.TITLE_MARK: made(sized(24, 400, muted=True)),
        Style.SUBHEAD: made(sized(19, 700)),
        Style.SUBHEAD_MARK: made(sized(19, 400, muted=True)),
        Style.MINOR_HEAD: made(emphasis(bold=True, italic=False)),
        Style.BOLD: made(emphasis(bold=True, italic=False)),
        Style.ITALIC: made(emphasis(bold=False, italic=True)),
        Style.BOLD_ITALIC: made(emphasis(bold=True, italic=True)),
        Style.STRUCK: made(lambda form: form.setFontStrikeOut(True)),
        Style.CODE: made(code),
        Style.LINK: made(lambda form: form.setForeground(look.colour("accent"))),
    }
