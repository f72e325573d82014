"""Three versions of one passage beside each other (before, mine, the server's), with their differing words marked.

In a narrow place the columns stand below each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.word_difference import pieces
from editor.ui.wording import Wording

NARROW = 520  # design pixels
LONGEST = 4000  # characters of one passage that are shown


class VersionColumns(QWidget):
    """What stood there, what I made of it, what the server has. Texts can be selected and read aloud."""

    def __init__(self, look: Look, wording: Wording, base: str, mine: str, theirs: str,
                 parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._empty = wording.tr("conflict", "(empty)")
        self._texts = ((base, (mine, theirs)), (mine, (base,)), (theirs, (base,)))
        heads = (wording.tr("conflict", "Before"), wording.tr("conflict", "Mine"), wording.tr("conflict", "Server"))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(look.px(16))
        self._labels = tuple(self._column(head, text) for head, (text, _) in zip(heads, self._texts, strict=True))
        look.changed.connect(self._fill)
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
        narrow = self.width() < self._look.px(NARROW)
        self._row.setDirection(QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight)
        super().resizeEvent(event)

    def _column(self, head: str, text: str) -> QLabel:
        column = QFrame()
        box = QVBoxLayout(column)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(self._look.px(4))
        title = QLabel(head)
        title.setProperty("kind", "label")
        words = QLabel()
        words.setWordWrap(True)
        words.setTextFormat(Qt.TextFormat.RichText)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        words.setAccessibleName(f"{head}: {text or self._empty}")
        box.addWidget(title)
        box.addWidget(words, 1)
        self._row.addWidget(column, 1)
        return words

    def _fill(self) -> None:
        for label, (text, others), ground in zip(self._labels, self._texts, ("draft_tint", "live_tint", "ready_tint"),
                                                strict=True):
            label.setFont(self._look.font(Type.BODY))
            label.setText(self._marked(text, others, ground))

    def _marked(self, text: str, others: Sequence[str], ground: str) -> str:
        if not text:
            return f'<span style="color:{self._look.colour("muted").name()}">{escape(self._empty)}</span>'
        style = f"background-color:{self._look.colour(ground).name()}; font-weight:600; text-decoration:underline"
        cut = text if len(text) <= LONGEST else text[:LONGEST] + "…"
        runs = (f'<span style="{style}">{escape(run)}</span>' if differs else escape(run)
                for run, differs in _runs(cut, [other[:LONGEST] for other in others]))
        return "".join(runs).replace("\n", "<br>")


def _runs(text: str, others: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """`text` in runs, each with whether it differs from one of the others: what anybody changed is marked."""
    marks = [False] * len(text)
    for other in others:
        place = 0
        for piece in pieces(text, other):
            if piece.differs:
                marks[place:place + len(piece.text)] = [True] * len(piece.text)
            place += len(piece.text)
    place = 0
    for differs, run in groupby(marks):
        length = len(list(run))
        yield text[place:place + length], differs
        place += length
