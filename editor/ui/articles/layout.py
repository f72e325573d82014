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
    """Lines of 27 px come from the font; this gives blank lines their height and right-to-left lines their side.

    Qt keeps no heights and asks for a hundred of them a key, so they are kept here: a change within a block forgets its
    own and that of the blank line below it (which is lower under a heading), any other change forgets them all.
    """

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._areas: dict[int, QRectF] = {}  # by the block's number
        self._writing_at, self._tail = -1, 0
        self._laying_out = -1  # the number of the block whose lines are being broken anew
        self._before: QRectF | None = None  # where it was, until Qt asked
        self._may_be_mirrored = self._is_within_block = False
        self._blocks = document.blockCount()
        self.line, self.gap, self.gap_after_heading = LINE, GAP, GAP_AFTER_HEADING
        document.contentsChange.connect(self._on_contents_change)
        self.update.connect(self._areas.clear)  # the width changed: everything is laid out anew

    @property
    def writing_at(self) -> int:
        """Position of the blank block that is being written in; -1 for none."""
        return self._writing_at

    @writing_at.setter
    def writing_at(self, position: int) -> None:
        if position != self._writing_at:
            self._writing_at = position
            self._areas.clear()

    def leave_below(self, pixels: int) -> None:
        """Leave pixels below the last line, so that it can be scrolled into sight."""
        self._tail = pixels
        self._areas.clear()

    def begin_anew(self) -> None:
        """Another text: nothing is being written in, and nothing runs from right to left as far as is known."""
        self._writing_at, self._may_be_mirrored = -1, False
        self._areas.clear()

    def expect_mirrored(self) -> None:
        """Some line may run from right to left: each is asked for its direction from now on."""
        self._may_be_mirrored = True
        self._areas.clear()

    def scale_to(self, scale: float) -> None:
        """Take the heights at a text scale."""
        self.line, self.gap = round(LINE * scale), round(GAP * scale)
        self.gap_after_heading = round(GAP_AFTER_HEADING * scale)
        self._areas.clear()

    def blockBoundingRect(self, block: QTextBlock) -> QRectF:  # noqa: N802 - Qt's name
        number = block.blockNumber()
        area = self._areas.get(number)
        if area is None and number == self._laying_out:
            area, self._before = self._before, None
            return area or self._measured(block)
        if area is None:
            area = self._areas[number] = self._measured(block)
        return area

    def height_between(self, first: QTextBlock, last: QTextBlock, most: int) -> float | None:
        """From the top of `first` down to the top of `last`; None when that is more than `most` pixels, or upwards."""
        y, block, wanted = 0.0, first, last.position()
        while block.isValid() and y <= most:
            position = block.position()
            if position >= wanted:
                return y if position == wanted else None
            y += self.blockBoundingRect(block).height()
            block = block.next()
        return None

    def line_at(self, block: QTextBlock, y: float) -> float:
        """The height of the first line of a block that begins at or below `y`; of what is left of it, for its last."""
        layout = block.layout()
        for number in range(layout.lineCount() - 1):
            if layout.lineAt(number).y() >= y - 0.5:
                return layout.lineAt(number).height()
        return self.blockBoundingRect(block).height() - y

    def documentChanged(self, at: int, removed: int, added: int) -> None:  # noqa: N802 - Qt's name
        """Lay out one block where one was changed.

        When the highlighter has marked the block, Qt hears of its length twice, takes the blocks behind it for changed
        as well and paints the whole text anew: three milliseconds a key.
        """
        document = self.document()
        blocks, self._blocks = self._blocks, document.blockCount()
        within, self._is_within_block = self._is_within_block, False
        block = document.findBlock(at)
        if within and blocks == self._blocks and at + added <= block.position() + block.length():
            self._lay_out_again(block)
        else:
            self._areas.clear()
            QPlainTextDocumentLayout.documentChanged(self, at, removed, added)
            self._areas.clear()

    def _lay_out_again(self, block: QTextBlock) -> None:
        number = block.blockNumber()
        self._areas.pop(number + 1, None)
        # Qt asks for its height before and after. Measured, the first would break its lines, and the second once more.
        self._before, self._laying_out = self._areas.pop(number, None), number
        block.layout().setCacheEnabled(True)  # or its letters are shaped anew for the caret and for the painter
        QPlainTextDocumentLayout.documentChanged(self, block.position(), 0, 1)
        self._before, self._laying_out = None, -1

    def _on_contents_change(self, at: int, _removed: int, added: int) -> None:
        """Told before the layout is, and of what was typed alone: does it lie in one block, end of line excluded?"""
        block = self.document().findBlock(at)
        self._is_within_block = at + added < block.position() + block.length()

    def _measured(self, block: QTextBlock) -> QRectF:
        area = QPlainTextDocumentLayout.blockBoundingRect(self, block)  # lays the block out if needed
        if block.length() <= 1:
            area.setHeight(self._blank_height(block))
        elif self._may_be_mirrored and block.textDirection() is Qt.LayoutDirection.RightToLeft:
            self._align_right(block)
        if self._tail and not block.next().isValid():
            area.setHeight(area.height() + self._tail)
        return area

    def _blank_height(self, block: QTextBlock) -> int:
        if block.position() == self._writing_at or self._blocks == 1:
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
