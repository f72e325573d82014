"""The writing surface: Markdown shown alive, blank lines low, findings painted, a caret of its own.

A key does three things: Qt puts the letter in, the layout is asked for heights, two alarms are set. Reading the text,
counting, saving and checking happen when `text_settled` says so. GUI thread.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QMimeData, QPointF, QRect, QRectF, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from editor.ui.articles import edits
from editor.ui.articles.caret import Caret
from editor.ui.articles.column import column
from editor.ui.articles.highlighter import MarkdownHighlighter
from editor.ui.articles.layout import WritingLayout
from editor.ui.articles.offsets import to_points, to_units
from editor.ui.articles.palette import writing_palette
from editor.ui.articles.settling import Settling
from editor.ui.articles.sliding import Sliding
from editor.ui.articles.surface_findings import SurfaceFindings
from editor.ui.articles.underlines import Underlines
from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.alarm import AlarmMaker, QtAlarm

NOTCH = 81  # design pixels a wheel notch: three lines
MOUSE = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick)


class WritingSurface(QPlainTextEdit):
    """An editor for one text at a time. `text_settled` carries it 400 ms after the last key, at most 800 ms after the
    first one not yet told; `cursor_settled` follows a still cursor."""

    text_settled = Signal(str)
    touched = Signal()
    files_dropped = Signal(list)

    def __init__(self, look: Look, *, make_alarm: AlarmMaker = QtAlarm,
                 paste_html: Callable[[str], str] | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._paste_html = paste_html
        self._is_loading = self._is_in_key = False
        self._caret_area = QRect()
        self._writing = QTextDocument(self)  # both are kept here: Qt holds them for C++ only
        self._layout = WritingLayout(self._writing)
        self._writing.setDocumentLayout(self._layout)  # before the editor sees the document
        self._writing.setDocumentMargin(0)
        self.setDocument(self._writing)
        self.is_typewriter = False
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAutoFillBackground(True)
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().setCursor(Qt.CursorShape.ArrowCursor)
        self._highlighter = MarkdownHighlighter(self._writing, look, make_alarm)
        self._highlighter.mirrored.connect(self._on_mirrored)
        self._underlines = Underlines(look)
        self.findings = SurfaceFindings(self._writing, self._blocks_in_sight, self.viewport().update)
        self._caret = Caret(look, self._repaint_caret, make_alarm, self)
        self._settling = Settling(make_alarm, self)
        self._sliding = Sliding(self.verticalScrollBar(), self._top_line, self._place)
        self._settling.settled.connect(lambda: self.text_settled.emit(self.text()))
        self._writing.contentsChange.connect(self._on_contents_change)
        self._writing.contentsChanged.connect(self._on_contents_changed)
        self.cursorPositionChanged.connect(self._on_cursor)
        look.changed.connect(self.restyle)
        self.restyle()

    def load(self, text: str, *, cursor: int = 0) -> None:
        """Show another text (LF lines) with the cursor at a code point. Undo begins anew; nothing is told of it."""
        self._highlighter.stop()
        self._is_loading = True
        with QSignalBlocker(self._writing):  # of six thousand blocks the highlighter would hear one after another
            self.setPlainText(text)
        self._is_loading = False
        self._settling.drop()
        self._layout.begin_anew()
        self.verticalScrollBar().setValue(0)
        if cursor:
            self.place_cursor(cursor)
        self._highlighter.spread(self.firstVisibleBlock().blockNumber())

    def text(self) -> str:
        """What is on screen, lines parted by LF."""
        return edits.raw_text(self._writing)

    def settle_now(self) -> None:
        """Tell of what was typed at once: the window closes, another article opens, a step is taken."""
        self._settling.now()

    @property
    def is_unsettled(self) -> bool:
        """Whether something was typed that `text_settled` has not told yet."""
        return self._settling.is_waiting

    def merge_from_outside(self, new_text: str) -> None:
        """Take in a text that was merged elsewhere, as one undo step; cursor, selection and place stay.

        The caller has it saved already, so nothing is told of it.
        """
        cursor = self.textCursor()
        anchor, position = cursor.anchor(), cursor.position()
        rest = QTextCursor(self._writing.findBlock(position))
        if not 0 <= self._height_of(rest.block()) < self.height():
            rest = QTextCursor(self.firstVisibleBlock())
        before = self._height_of(rest.block())
        waiting = self._settling.is_waiting
        self._is_loading = True
        now = edits.merge(self._writing, new_text)
        cursor = self.textCursor()
        cursor.setPosition(now(anchor))
        cursor.setPosition(now(position), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self._is_loading = False
        if waiting:
            self._settling.touch()
        self._sliding.by(self._height_of(rest.block()) - before)
        self.viewport().update()

    def place_cursor(self, point: int) -> None:
        """Put the cursor at a code point of the text and bring it into sight."""
        cursor = self.textCursor()
        text = self.text()
        cursor.setPosition(to_units(text)(min(point, len(text))))
        self.setTextCursor(cursor)
        self.show_caret()

    def cursor_point(self) -> int:
        """The cursor's code point in the text."""
        return to_points(self.text())(self.textCursor().position())

    def toggle_bold(self) -> None:
        """Make the selection or the word bold, or plain again."""
        self._edit(lambda cursor: edits.toggle_wrap(cursor, "**"))

    def toggle_italic(self) -> None:
        """Make the selection or the word italic, or upright again."""
        self._edit(lambda cursor: edits.toggle_wrap(cursor, "*"))

    def make_link(self) -> None:
        """Make the selection a link."""
        self._edit(edits.make_link)

    def toggle_heading(self) -> None:
        """Make the line a subhead, or a plain line again."""
        self._edit(edits.toggle_heading)

    def area_of(self, cursor: QTextCursor) -> QRect:
        """Where the first line of a cursor's selection stands, in the editor's own pixels."""
        ends = [QTextCursor(cursor), QTextCursor(cursor)]
        ends[0].setPosition(cursor.selectionStart())
        ends[1].setPosition(cursor.selectionEnd())
        first, last = (self.cursorRect(end) for end in ends)
        area = first.united(last) if first.top() == last.top() else first
        return area.translated(self.viewport().pos())

    # -------------------------------------------------------------------------------------------- appearance

    def restyle(self) -> None:
        """Take fonts, colours and heights from the look."""
        look = self._look
        palette = writing_palette(self.palette(), look)
        self.setPalette(palette)
        self.viewport().setPalette(palette)
        font = look.font(Type.WRITING)
        self._writing.setDefaultFont(font)
        self.setFont(font)
        self._layout.scale_to(look.scale)
        self._sliding.scale_to(look.scale)
        self._layout.leave_below(self._sliding.spare)
        self._highlighter.restyle(look)
        self._highlighter.spread(self.firstVisibleBlock().blockNumber())

    def show_caret(self) -> None:
        """Bring the caret's line into sight; in the typewriter's way, into the middle."""
        cursor = self.textCursor()
        block = cursor.block()
        line = block.layout().lineForTextPosition(cursor.positionInBlock())
        top = self._block_origin(block).y() + (line.y() if line.isValid() else 0)
        bottom = top + max(line.height() if line.isValid() else 0, self._layout.line)
        seen = self._seen_area()
        if self.is_typewriter:
            self._sliding.by(top - seen.center().y())
        elif top < seen.top():
            self._sliding.by(top - seen.top())
        elif bottom > seen.bottom():
            self._sliding.by(bottom - seen.bottom())

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        top, bottom = event.rect().top(), event.rect().bottom()
        area_of = self._layout.blockBoundingRect
        block, origin = self.firstVisibleBlock(), self.contentOffset()
        left, y = origin.x(), origin.y()
        writing = self.textCursor().block().position() if self._caret.is_shown else -1
        while block.isValid() and y <= bottom:
            height = area_of(block).height()
            if y + height >= top:
                if block.userData() is not None:
                    self._underlines.paint(painter, block, QPointF(left, y))
                if block.position() == writing:
                    area = self._caret_in(block).translated(left, y)
                    painter.fillRect(area, self._look.colour("accent"))
                    self._caret_area = area.toAlignedRect().adjusted(-1, -1, 1, 1)
            y += height
            block = block.next()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and event.modifiers() == Qt.KeyboardModifier.NoModifier and edits.continue_list(cursor := self.textCursor()):
            self.setTextCursor(cursor)
        else:
            revision, self._is_in_key = self._writing.revision(), True
            super().keyPressEvent(event)
            self._is_in_key = False
            if self._writing.revision() == revision:  # a block that was typed in is painted, its caret with it
                self._repaint_caret()
        self.show_caret()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        super().focusOutEvent(QFocusEvent(QEvent.Type.FocusOut, event.reason()))  # see caret.py
        self._caret.wake()
        self._repaint_caret()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._caret.sleep()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sliding.settle()
        if self.viewport().width() != event.size().width():
            # The margins changed the width while Qt was telling of the old one; before the first show it tells no more.
            super().resizeEvent(QResizeEvent(self.viewport().size(), event.size()))

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            event.ignore()  # whoever keeps the text scale may take it
            return
        pixels = event.pixelDelta().y() or event.angleDelta().y() * self._look.px(NOTCH) / 120
        self._sliding.by(-pixels)
        event.accept()

    def event(self, event: QEvent) -> bool:
        # The margins are the editor's, not the viewport's: a click there counts as one in the text beside it.
        if event.type() in MOUSE and isinstance(event, QMouseEvent):
            place = QPointF(self.viewport().mapFrom(self, event.position().toPoint()))
            moved = QMouseEvent(event.type(), place, event.globalPosition(), event.button(), event.buttons(), event.modifiers())
            return self.viewportEvent(moved)
        return super().event(event)

    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(self.textCursor().selectedText().replace("\u2029", "\n"))  # keeps no-break spaces, unlike Qt's own
        return data

    def insertFromMimeData(self, source: QMimeData) -> None:
        if source.hasUrls() and all(url.isLocalFile() for url in source.urls()):
            self.files_dropped.emit([url.toLocalFile() for url in source.urls()])
        elif self._paste_html is not None and source.hasHtml():
            self.insertPlainText(self._paste_html(source.html()))
        else:
            super().insertFromMimeData(source)

    def sizeHint(self) -> QSize:
        return QSize(self._look.px(640), self._look.px(400))

    def _edit(self, command: Callable[[QTextCursor], None]) -> None:
        cursor = self.textCursor()
        command(cursor)
        self.setTextCursor(cursor)
        self.show_caret()

    def _on_contents_change(self, _at: int, _removed: int, _added: int) -> None:
        if not self._is_loading and not self._highlighter.is_relaying:
            self._settling.touch()
            self.touched.emit()

    def _on_mirrored(self) -> None:
        self._layout.expect_mirrored()
        self.viewport().update()

    def _on_contents_changed(self) -> None:
        if self._is_loading:
            return
        block = self.textCursor().block()
        self._layout.writing_at = block.position() if block.length() <= 1 else -1

    def _on_cursor(self) -> None:
        if self._is_loading:
            return
        block = self.textCursor().block()
        if self._layout.writing_at >= 0 and block.position() != self._layout.writing_at:
            self._layout.writing_at = -1
            self.viewport().update()
        if self.hasFocus():
            self._caret.wake()
        if not self._is_in_key:
            self._repaint_caret()

    def _repaint_caret(self) -> None:
        """Paint again where the caret was painted last, and where it is."""
        self.viewport().update(self._caret_area)
        block = self.textCursor().block()
        area = self._caret_in(block).translated(self._block_origin(block))
        self.viewport().update(area.toAlignedRect().adjusted(-1, -1, 1, 1))

    def _caret_in(self, block: QTextBlock) -> QRectF:
        low = None
        if block.length() <= 1 and block.position() != self._layout.writing_at and self._writing.blockCount() > 1:
            low = float(self._layout.gap)
        return self._caret.area(block, self.textCursor().positionInBlock(), low=low)

    def _block_origin(self, block: QTextBlock) -> QPointF:
        origin = self.contentOffset()
        y = self._layout.height_between(self.firstVisibleBlock(), block, self.viewport().height())
        if y is not None:
            return QPointF(origin.x(), origin.y() + y)
        return self.blockBoundingGeometry(block).translated(origin).topLeft()

    def _height_of(self, block: QTextBlock) -> float:
        """How far below the editor's upper edge a block begins, wherever the viewport is slid to."""
        return self._block_origin(block).y() + self.viewport().y()

    def _seen_area(self) -> QRect:
        """The part of the viewport that is not under the editor's edges, in viewport pixels."""
        return QRect(0, -self.viewport().y(), self.viewport().width(), self.height())

    def _blocks_in_sight(self) -> Iterator[QTextBlock]:
        block, bottom = self.firstVisibleBlock(), self._seen_area().bottom()
        y = self._block_origin(block).y()
        while block.isValid() and y <= bottom:
            yield block
            y += self._layout.blockBoundingRect(block).height()
            block = block.next()

    def _top_line(self) -> float:
        return self._layout.line_at(self.firstVisibleBlock(), -self.contentOffset().y())

    def _place(self, top: int, bottom: int) -> None:
        left, right = column(self.width(), self._look)
        bar = self.verticalScrollBar()
        right -= bar.width() if bar.isVisible() else 0  # the lines do not break anew when the bar comes
        margins = self.viewportMargins()
        if (margins.left(), margins.top(), margins.right(), margins.bottom()) != (left, top, right, bottom):
            self.setViewportMargins(left, top, right, bottom)
