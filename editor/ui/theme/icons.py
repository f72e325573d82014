"""The icons: SVG strokes on a 24 grid, recoloured by the theme and drawn sharp at every screen scale."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from editor.base.paths import resources

SCALES = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0)
INK = b"#000"


class Icons:
    """Draws the house's icons. Owned by the `Look`; GUI thread."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or resources() / "icons"
        self._pixmaps: dict[tuple[str, str, int, float], QPixmap] = {}

    def names(self) -> tuple[str, ...]:
        """Every icon there is."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.svg")))

    def pixmap(self, name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
        """The icon in one colour, `size` logical pixels square, for a screen of `ratio` device pixels a pixel."""
        key = (name, colour.name(), size, ratio)
        if key not in self._pixmaps:
            self._pixmaps[key] = self._draw(*key)
        return self._pixmaps[key]

    def icon(self, name: str, colour: QColor, size: int) -> QIcon:
        """The icon for a widget that takes a `QIcon`, with a drawing for every usual screen scale."""
        icon = QIcon()
        for ratio in SCALES:
            icon.addPixmap(self.pixmap(name, colour, size, ratio))
        return icon

    def paint(self, painter: QPainter, name: str, colour: QColor, area: QRectF) -> None:
        """Draw the icon into a square `area`, at the painter's own scale."""
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(area.topLeft(), self.pixmap(name, colour, round(area.width()), ratio))

    def _draw(self, name: str, colour: str, size: int, ratio: float) -> QPixmap:
        drawing = (self._folder / f"{name}.svg").read_bytes().replace(INK, colour.encode())
        side = round(size * ratio)
        pixmap = QPixmap(QSize(side, side))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, side, side))
        painter.end()
        pixmap.setDevicePixelRatio(ratio)
        return pixmap
