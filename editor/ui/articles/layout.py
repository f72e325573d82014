"""Paragraph spacing on the writing surface: blank lines are low, except the one being written in.

No block formats: they do nothing in a plain-text editor. It asks the layout for every height, at every use.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QTextBlock, QTextDocument, QTextLine
from PySide6.QtWidgets import QPlainTextDocumentLayout

from editor.ui.articles.marks import HEADING

LINE, GAP, GAP_AFTER_HEADING = 27, 14, 7  # design pixels


class WritingLayout(QPlainTextDocumentLayout):
    """Lines of 27 px come from the font; this gives blank lines their height and right-to-left lines their side."""

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self.writing_at = -1  # position of the blank block that is being written in; -1 for none
        self.tail = 0  # pixels below the last line, so that it can be scrolled into sight
        self.line, self.gap, self.gap_after_heading = LINE, GAP, GAP_AFTER_HEADING

    def scale_to(self, scale: float) -> None:
        """Take the heights at a text scale."""
        self.line, self.gap = round(LINE * scale), round(GAP * scale)
        self.gap_after_heading = round(GAP_AFTER_HEADING * scale)

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:  # noqa: N802 - Qt's name
        area = super().blockBoundingRect(block)  # lays the block out if needed
        if block.length() <= 1:
            area.setHeight(self._blank_height(block))
        elif block.textDirection() is Qt.LayoutDirection.RightToLeft:
            self._align_right(block)
        if self.tail and not block.next().isValid():
            area.setHeight(area.height() + self.tail)
        return area

    def _blank_height(self, block: QTextBlock) -> int:
        if block.position() == self.writing_at or self.document().blockCount() == 1:
            return self.line
        return self.gap_after_heading if block.previous().userState() == HEADING else self.gap

    @staticmethod
    def _align_right(block: QTextBlock) -> None:
        # The plain layout never mirrors alignment; the option is read late, so nothing is laid out again.
        layout = block.layout()
        option = layout.textOption()
        if option.alignment() != Qt.AlignmentFlag.AlignRight:
            option.setAlignment(Qt.AlignmentFlag.AlignRight)
            layout.setTextOption(option)


def cursor_x(line: QTextLine, at: int) -> float:
    """Where position `at` of a block stands on one of its lines; PySide answers with a number or a pair."""
    answer: object = line.cursorToX(at)
    first = answer[0] if isinstance(answer, tuple) else answer
    return float(first) if isinstance(first, int | float) else 0.0
