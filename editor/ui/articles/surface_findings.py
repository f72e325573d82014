"""What was found in the text of the writing surface: what is still to be checked, what to draw, what stands where.

Findings lie on the document's blocks and move with their words (`findings.py`); `underlines.py` paints them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument

from editor.ui.articles.findings import BlockText, Checked, Finding, checked


class SurfaceFindings:
    """The findings in one document. Owned by the writing surface; GUI thread."""

    def __init__(self, document: QTextDocument, in_sight: Callable[[], Iterable[QTextBlock]],
                 repaint: Callable[[], None]) -> None:
        self._document, self._in_sight, self._repaint = document, in_sight, repaint
        self._generation = 0

    def unchecked(self, *, everywhere: bool = False) -> tuple[BlockText, ...]:
        """Blocks whose findings are not up to date: those in sight, or all."""
        waiting = []
        for block in _blocks(self._document) if everywhere else self._in_sight():
            kept = checked(block)
            if kept is not None:
                kept.fitted(block)
            if kept is None or not kept.is_exact or kept.generation != self._generation:
                waiting.append(BlockText(block.blockNumber(), block.text()))
        return tuple(waiting)

    def show(self, found: Mapping[BlockText, Sequence[Finding]]) -> None:
        """Draw what was found. An answer for a block that reads otherwise by now is dropped."""
        for asked, findings in found.items():
            block = self._document.findBlockByNumber(asked.number)
            if block.isValid() and block.text() == asked.text:
                block.setUserData(Checked(block, findings, self._generation))
        self._repaint()

    def forget(self) -> None:
        """The dictionary or a rule changed: everything is to be checked again; old findings stand until then."""
        self._generation += 1


def finding_at(cursor: QTextCursor) -> tuple[QTextCursor, Finding] | None:
    """The finding that a cursor stands in, with a cursor that selects its words."""
    block, at = cursor.block(), cursor.positionInBlock()
    kept = checked(block)
    for found in kept.fitted(block) if kept else ():
        if found.start <= at <= found.start + found.length:
            words = QTextCursor(cursor)
            words.setPosition(block.position() + found.start)
            words.setPosition(block.position() + found.start + found.length, QTextCursor.MoveMode.KeepAnchor)
            return words, found
    return None


def _blocks(document: QTextDocument) -> Iterable[QTextBlock]:
    block = document.begin()
    while block.isValid():
        yield block
        block = block.next()
