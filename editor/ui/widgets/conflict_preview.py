"""The text as it will be once a conflict is settled, before it is taken. GUI thread."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.widgets.buttons import Button, Weight
from editor.ui.widgets.conflict_result import Run
from editor.ui.widgets.flow_layout import FlowLayout
from editor.ui.wording import Wording

LONGEST = 6000  # characters


class ConflictPreview(QWidget):
    """Hidden until there is something to take."""

    taken = Signal()
    left = Signal()

    def __init__(self, look: Look, wording: Wording, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look, self._wording = look, wording
        self._runs: Sequence[Run] = ()
        box = QVBoxLayout(self)
        box.setContentsMargins(look.px(12), look.px(10), look.px(12), look.px(10))
        box.setSpacing(look.px(8))
        self._head = QLabel(wording.tr("conflict", "This is how it will stand"))
        self._head.setProperty("kind", "label")
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        holder = QWidget()
        row = FlowLayout(holder, look.px(8))
        row.setContentsMargins(0, 0, 0, 0)
        self.take = Button(look, wording.tr("conflict", "Take this"), key="⏎", weight=Weight.PRIMARY)
        self.take.clicked.connect(self.taken)
        back = Button(look, wording.tr("conflict", "Choose again"), key="Esc", weight=Weight.QUIET)
        back.clicked.connect(self.left)
        for button in (self.take, back):
            row.addWidget(button)
        for part in (self._head, self._words, holder):
            box.addWidget(part)
        look.changed.connect(self._fill)
        self.hide()

    def show_runs(self, runs: Sequence[Run]) -> None:
        """Show the text in these runs."""
        self._runs = runs
        plain = "".join(run.text for run in runs) or self._wording.tr("conflict", "(empty)")
        self._words.setAccessibleName(f"{self._head.text()}: {plain}")
        self._fill()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._look.colour("accent"))
        painter.setBrush(self._look.colour("bg"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), self._look.px(6), self._look.px(6))

    def _fill(self) -> None:
        self._words.setFont(self._look.font(Type.BODY))
        style = f"background-color:{self._look.colour('accent_tint').name()}; font-weight:600"
        parts, left = [], LONGEST
        for run in self._runs:
            text = run.text if len(run.text) <= left else run.text[:left] + "…"
            left = max(0, left - len(text))
            parts.append(f'<span style="{style}">{escape(text)}</span>' if run.chosen else escape(text))
        muted = self._look.colour("muted").name()
        said = "".join(parts).replace("\n", "<br>")
        self._words.setText(said or f'<span style="color:{muted}">{escape(self._wording.tr("conflict", "(empty)"))}</span>')
