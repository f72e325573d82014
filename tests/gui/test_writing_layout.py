"""The writing surface's layout keeps heights between keys, and paints a block where only a block was typed in."""

import random

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QPlainTextDocumentLayout

from editor.ui.articles.surface import WritingSurface
from editor.ui.instruments import long_text
from editor.ui.theme.fonts import load_fonts
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import load_theme


class Paints(QObject):
    """The heights of what the viewport painted."""

    def __init__(self, editor: WritingSurface) -> None:
        super().__init__(editor)
        self.heights: list[int] = []
        editor.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.heights.append(event.rect().height())
        return False


@pytest.fixture
def surface(qtbot):
    load_fonts()
    editor = WritingSurface(Look(load_theme("light")))
    qtbot.addWidget(editor)
    editor.resize(900, 900)
    editor.load(long_text(6_000))
    with qtbot.waitExposed(editor):
        editor.show()
    editor.setFocus()
    qtbot.waitUntil(lambda: not editor._highlighter._next.is_set())
    return editor


def press(editor: WritingSurface, text: str, key: int = 0) -> None:
    QApplication.sendEvent(editor, QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, text))


def heights_kept(editor: WritingSurface) -> list[tuple[int, float, float]]:
    """Blocks whose kept height is not what is measured anew."""
    layout, wrong, block = editor._layout, [], editor.document().begin()
    while block.isValid():
        kept, measured = layout.blockBoundingRect(block).height(), layout._measured(block).height()
        if kept != measured:
            wrong.append((block.blockNumber(), kept, measured))
        block = block.next()
    return wrong


def test_a_letter_before_an_emphasis_paints_its_block_and_no_more(qtbot, surface):
    surface.moveCursor(QTextCursor.MoveOperation.Start)
    surface.viewport().repaint()
    paints = Paints(surface)
    press(surface, "x")
    qtbot.waitUntil(lambda: paints.heights != [])
    block = surface.document().begin()
    assert paints.heights[0] <= surface._layout.blockBoundingRect(block).height() + 2


def test_an_enter_paints_everything_below(qtbot, surface):
    surface.moveCursor(QTextCursor.MoveOperation.Start)
    surface.viewport().repaint()
    paints = Paints(surface)
    press(surface, "\r", Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: paints.heights != [])
    assert max(paints.heights) > 600


def test_a_letter_that_makes_a_paragraph_a_line_longer_paints_everything_below(qtbot, surface):
    block = surface.textCursor().block()
    lines, paints = block.layout().lineCount(), Paints(surface)
    while block.layout().lineCount() == lines:
        paints.heights.clear()
        press(surface, "o")
        qtbot.waitUntil(lambda: bool(paints.heights))
    assert max(paints.heights) > surface._layout.blockBoundingRect(block).height()


def test_heights_that_are_kept_are_those_that_are_measured(qtbot, surface):
    rng = random.Random(7)
    acts = [
        lambda: press(surface, rng.choice("aeiou *#`")),
        lambda: press(surface, "\r", Qt.Key.Key_Return),
        lambda: press(surface, "\b", Qt.Key.Key_Backspace),
        lambda: surface.insertPlainText("## Kop\n\nTekst\n"),
        lambda: surface.insertPlainText("مرحبا"),
        surface.undo,
        surface.redo,
        lambda: surface.resize(rng.randrange(500, 1200), 900),
        lambda: surface.setTextCursor(_at(surface, rng.randrange(surface.document().characterCount()))),
        lambda: surface.textCursor().deleteChar(),
    ]
    for _ in range(300):
        rng.choice(acts)()
        assert heights_kept(surface) == []


def test_every_block_is_laid_out_where_it_is_painted(qtbot, surface):
    surface.moveCursor(QTextCursor.MoveOperation.Start)
    for letter in "nieuw":
        press(surface, letter)
    block = surface.document().begin()
    assert block.text().startswith("nieuw")
    assert block.layout().lineCount() > 0
    line = block.layout().lineAt(block.layout().lineCount() - 1)
    assert line.textStart() + line.textLength() == block.length() - 1


def test_where_a_block_begins_is_what_qt_says(qtbot, surface):
    block, most = surface.firstVisibleBlock(), surface.viewport().height()
    while block.isValid():
        y = surface._layout.height_between(surface.firstVisibleBlock(), block, most)
        if y is None:
            break
        assert y == pytest.approx(surface.blockBoundingGeometry(block).y() - surface.blockBoundingGeometry(surface.firstVisibleBlock()).y())
        block = block.next()
    assert block.blockNumber() > 5


def test_qt_still_gives_the_plain_layout(surface):
    assert isinstance(surface.document().documentLayout(), QPlainTextDocumentLayout)


def _at(surface: WritingSurface, position: int) -> QTextCursor:
    cursor = surface.textCursor()
    cursor.setPosition(min(position, surface.document().characterCount() - 1))
    return cursor
