"""The writing surface's colours as Qt wants them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QPalette

from editor.ui.theme.look import Look


def writing_palette(base: QPalette, look: Look) -> QPalette:
    """`base` in the look's colours."""
    palette = QPalette(base)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        palette.setColor(group, QPalette.ColorRole.Window, look.colour("surface"))
        palette.setColor(group, QPalette.ColorRole.Base, look.colour("surface"))
        palette.setColor(group, QPalette.ColorRole.Text, look.colour("text"))
        palette.setColor(group, QPalette.ColorRole.Highlight, look.colour("selection"))
        # No colour of its own: marks, links and heads keep theirs under the selection.
        palette.setBrush(group, QPalette.ColorRole.HighlightedText, QBrush(Qt.BrushStyle.NoBrush))
    return palette
