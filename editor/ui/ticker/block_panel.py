"""Shows how a pasted list was read, beside the work and never in its way. Enter takes it all, Esc leaves it. GUI thread."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from editor.ui.theme.look import Look
from editor.ui.ticker.block_reading import BlockReading, ReadLine
from editor.ui.ticker.rows import clock_words
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.wording import Wording


class BlockPanel(QFrame):
    """The reading of one pasted list. `taken` asks to import it, all or nothing; `left` closes it."""

    taken = Signal(object)  # BlockReading
    left = Signal()

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording = look, wording
        self._reading = BlockReading(())
        self._head = QLabel(self)
        self._head.setProperty("kind", "title")
        self._note = QLabel(self)
        self._note.setProperty("kind", "secondary")
        self._note.setWordWrap(True)
        self.list = QListWidget(self)
        self.list.setAccessibleName(wording.tr("ticker_desk", "The lines as they were read"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.list.setWordWrap(True)
        self.list.setSpacing(look.px(3))
        self._take = Button(look, "", key="⏎", weight=Weight.PRIMARY, parent=self)
        self._take.clicked.connect(self._on_take)
        leave = Button(look, wording.tr("ticker_desk", "Leave it"), key="Esc", parent=self)
        leave.clicked.connect(self.left)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(leave)
        buttons.addWidget(self._take)
        column = QVBoxLayout(self)
        column.setContentsMargins(look.px(20), look.px(16), look.px(20), look.px(14))
        column.setSpacing(look.px(8))
        column.addWidget(self._head)
        column.addWidget(self._note)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("ground", "surface")
        self.hide()

    @property
    def reading(self) -> BlockReading:
        """What is shown."""
        return self._reading

    def show_reading(self, reading: BlockReading) -> None:
        """Show a reading and take the focus, so that Enter and Esc answer it."""
        tr = self._wording.tr
        self._reading = reading
        self._head.setText(tr("ticker_desk", "One line read|{n} lines read", n=len(reading.planned)))
        notes = []
        if reading.faults:
            notes.append(tr("ticker_desk", "One line cannot be taken; nothing is imported until it is right.|"
                                           "{n} lines cannot be taken; nothing is imported until they are right.",
                            n=reading.faults))
        if reading.passed:
            notes.append(tr("ticker_desk", "One line lies in the past and goes in with its own time.|"
                                           "{n} lines lie in the past and go in with their own time.", n=reading.passed))
        self._note.setText(" ".join(notes))
        self._note.setVisible(bool(notes))
        self._take.say(tr("ticker_desk", "Plan one line|Plan {n} lines", n=len(reading.planned)))
        self._take.setEnabled(reading.can_import)
        self.setAccessibleName(f"{self._head.text()}. {self._note.text()}")
        self.list.clear()
        for line in reading.lines:
            self.list.addItem(self._item(line))
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._on_take()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _on_take(self) -> None:
        if self._reading.can_import:
            self.taken.emit(self._reading)

    def _item(self, line: ReadLine) -> QListWidgetItem:
        tr, colour = self._wording.tr, self._look.colour
        if line.fault is not None:
            item = QListWidgetItem(tr("ticker_desk", "✕ Line {number}: {text} – {fault}", number=line.number,
                                      text=line.text, fault=line.fault))
            item.setForeground(colour("error"))
        elif line.planned is None:
            item = QListWidgetItem(tr("ticker_desk", "– Line {number} is no ticker line and stays out: {text}",
                                      number=line.number, text=line.text))
            item.setForeground(colour("muted"))
        else:
            wall = line.planned.start.wall
            said = f"✓ {wall[8:10]}-{wall[5:7]}  {clock_words(line.planned.start)}  {line.planned.headline}"
            item = QListWidgetItem(said)
            item.setForeground(colour("muted" if line.passed else "text"))
        return item
