"""How everything looks now: the theme, the text scale, and what follows from them.

One `Look` a program, made by the composition root and given to every widget that draws. GUI thread.
"""

from __future__ import annotations

from string import Template

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QFont, QIcon, QPainter, QPalette
from PySide6.QtWidgets import QApplication

from editor.ui.theme.fonts import MONO, TEXT, Type, make_font
from editor.ui.theme.icons import Icons
from editor.ui.theme.tokens import Theme, load_theme, themes_dir

STYLE, MADE_WITH = "fusion", "made_with_style"
SIZES = (1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 30, 32, 36, 40, 44)


class Look(QObject):
    """The colours, fonts and icons of the theme in use, at the text scale in use."""

    changed = Signal()

    def __init__(self, theme: Theme, *, scale: float = 1.0, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.theme = theme
        self.scale = scale
        self.icons = Icons()
        self._colours = {role: QColor(value) for role, value in theme.colours.items()}
        self._fonts: dict[Type, QFont] = {}

    def use(self, theme: Theme, scale: float) -> None:
        """Change theme and text scale; `changed` tells every widget that keeps something drawn."""
        self.theme = theme
        self.scale = scale
        self._colours = {role: QColor(value) for role, value in theme.colours.items()}
        self._fonts = {}
        self.changed.emit()

    def colour(self, role: str) -> QColor:
        """A colour by its role. Raises `KeyError` for a role that no theme has."""
        return self._colours[role]

    def font(self, kind: Type) -> QFont:
        """The font of a role at the present scale."""
        if kind not in self._fonts:
            self._fonts[kind] = make_font(kind, self.scale)
        return self._fonts[kind]

    def px(self, design: float) -> int:
        """A length of the design in pixels at the present text scale."""
        return round(design * self.scale)

    def icon(self, name: str, role: str = "muted", size: int = 20) -> QIcon:
        """An icon in a colour of the theme; `size` in design pixels."""
        return self.icons.icon(name, self.colour(role), self.px(size))

    def paint_icon(self, painter: QPainter, name: str, role: str, area: QRectF) -> None:
        """Draw an icon in a colour of the theme."""
        self.icons.paint(painter, name, self.colour(role), area)

    def dress(self, application: QApplication) -> None:
        """Give the application its style, palette, font and sheet, now and at every change."""
        if application.property(MADE_WITH) != STYLE:
            application.setStyle(STYLE)  # loads all of QStyle into Python: not when it was made so
        self._dress(application)
        self.changed.connect(lambda: self._dress(application))

    def palette(self) -> QPalette:
        """The palette of the theme."""
        roles = QPalette.ColorRole
        palette = QPalette()
        for role, name in {
            roles.Window: "bg", roles.WindowText: "text", roles.Base: "surface", roles.AlternateBase: "surface2",
            roles.Text: "text", roles.Button: "surface", roles.ButtonText: "text", roles.BrightText: "error",
            roles.ToolTipBase: "surface", roles.ToolTipText: "text", roles.PlaceholderText: "muted",
            roles.Highlight: "selection", roles.Link: "accent", roles.LinkVisited: "accent",
            roles.Accent: "accent", roles.Mid: "line", roles.Dark: "line", roles.Midlight: "surface2", roles.Light: "surface",
        }.items():
            palette.setColor(role, self.colour(name))
        palette.setBrush(roles.HighlightedText, QBrush(self.colour("text")))
        for role in (roles.Text, roles.ButtonText, roles.WindowText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, self.colour("muted"))
        return palette

    def sheet(self) -> str:
        """The style sheet, its places filled with this theme's colours and this scale's lengths."""
        places = {role: colour.name() for role, colour in self._colours.items()}
        places |= {f"px{size}": f"{max(1, self.px(size))}px" for size in SIZES}
        text = (themes_dir() / "house.qss").read_text(encoding="utf-8")
        return Template(text).substitute(places, text_family=TEXT, mono_family=MONO)

    def _dress(self, application: QApplication) -> None:
        application.setPalette(self.palette())
        application.setFont(self.font(Type.BODY))
        application.setStyleSheet(self.sheet())


def theme_named(choice: str, application: QApplication) -> Theme:
    """The theme that the person chose; `system` follows the desktop's light or dark."""
    if choice == "system":
        dark = application.styleHints().colorScheme() is Qt.ColorScheme.Dark
        return load_theme("dark" if dark else "light")
    return load_theme(choice)
