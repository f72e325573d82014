"""The house's button: its words, and beside them the key that does the same."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from editor.ui.theme.fonts import Type
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.enter_button import EnterButton
from editor.ui.widgets.painting import cap_width, draw_cap

HEIGHT, LOW_HEIGHT, SIDE, LOW_SIDE, GAP, ICON, FOCUS, CORNER = 32, 28, 15, 10, 8, 16, 2, 6


class Weight(Enum):
    """How loud a button is. One primary button a place at most."""

    PRIMARY = auto()
    PLAIN = auto()
    QUIET = auto()  # no frame: an action beside others
    DANGER = auto()
    TONED = auto()  # on a tint of its own: approve


class Button(EnterButton):
    """A button that says its key in a cap. It binds no key: the widget around it does."""

    def __init__(self, look: Look, words: str, *, key: str = "", weight: Weight = Weight.PLAIN, icon: str = "",
                 low: bool = False, tone: Tone = Tone.LIVE, parent: QWidget | None = None) -> None:
        super().__init__(words.replace("&", "&&"), parent)
        self._look = look
        self._words = words
        self._key = key
        self._weight = weight
        self._icon_name = icon
        self._low = low
        self._tone = tone
        self.setAccessibleName(words)
        self.setAccessibleDescription(key)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._on_look_changed)

    @property
    def words(self) -> str:
        """What it says, without its key."""
        return self._words

    def say(self, words: str) -> None:
        """Say something else."""
        self._words = words
        self.setText(words.replace("&", "&&"))
        self.setAccessibleName(words)
        self._on_look_changed()

    def set_key(self, key: str) -> None:
        """Show another key."""
        self._key = key
        self.setAccessibleDescription(key)
        self._on_look_changed()

    def set_weight(self, weight: Weight) -> None:
        """Be louder or quieter."""
        self._weight = weight
        self._on_look_changed()

    def sizeHint(self) -> QSize:
        px = self._look.px
        width = 2 * self._side() + self._width(self._font(), self._words)
        if self._icon_name:
            width += px(ICON) + px(GAP)
        if self._key:
            width += px(GAP) + self._key_width()
        return QSize(round(width) + 1, px(LOW_HEIGHT if self._low else HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_ground(painter)
        px, font = self._look.px, self._font()
        wanted = self.sizeHint().width()
        x = self._side() + max(0.0, (self.width() - wanted) / 2)
        ink = self._ink()
        if self._icon_name:
            side = px(ICON)
            self._look.icons.paint(painter, self._icon_name, ink, QRectF(x, (self.height() - side) / 2, side, side))
            x += side + px(GAP)
        painter.setFont(font)
        painter.setPen(ink)
        words = self._width(font, self._words)
        area = QRectF(x, 0, words + 1, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._words)
        if self._key:
            self._paint_key(painter, x + words + px(GAP))

    def _paint_ground(self, painter: QPainter) -> None:
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        radius = self._look.px(CORNER)
        edge = self._edge()
        painter.setPen(QPen(edge, 1) if edge is not None else Qt.PenStyle.NoPen)
        ground = self._ground()
        painter.setBrush(ground if ground is not None else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, radius, radius)
        if self.hasFocus():
            inner = area.adjusted(FOCUS, FOCUS, -FOCUS, -FOCUS)
            role = "on_accent" if self._weight is Weight.PRIMARY and self.isEnabled() else "accent"
            painter.setPen(QPen(self._look.colour(role), FOCUS))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(inner, radius - FOCUS, radius - FOCUS)

    def _paint_key(self, painter: QPainter, x: float) -> None:
        if not (self._weight is Weight.PRIMARY and self.isEnabled()):
            draw_cap(painter, self._look, self._key, x, self.height() / 2)
            return
        painter.setFont(self._look.font(Type.BODY))
        painter.setPen(self._look.colour("on_accent_muted"))
        area = QRectF(x, 0, self._key_width() + 1, self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._key)

    def _key_width(self) -> float:
        if self._weight is Weight.PRIMARY and self.isEnabled():
            return self._width(self._look.font(Type.BODY), self._key)
        return cap_width(self._look, self._key)

    def _side(self) -> int:
        return self._look.px(LOW_SIDE if self._low else SIDE)

    def _ink(self) -> QColor:
        if not self.isEnabled():
            return self._look.colour("muted")
        roles = {Weight.PRIMARY: "on_accent", Weight.DANGER: "error", Weight.TONED: self._tone.value}
        return self._look.colour(roles.get(self._weight, "text"))

    def _ground(self) -> QColor | None:
        lively = self.isEnabled() and (self.underMouse() or self.isDown())
        if self._weight is Weight.PRIMARY and self.isEnabled():
            return self._look.colour("accent")
        if self._weight is Weight.TONED and self.isEnabled():
            return self._look.colour(self._tone.tint)
        if self._weight is Weight.QUIET:
            return self._look.colour("surface2") if lively else None
        if self._weight is Weight.DANGER and lively:
            return self._look.colour("error_tint")
        return self._look.colour("surface2" if lively else "surface" if self.isEnabled() else "bg")

    def _edge(self) -> QColor | None:
        if self._weight is Weight.QUIET or (self._weight in (Weight.PRIMARY, Weight.TONED) and self.isEnabled()):
            return None
        return self._look.colour("line")

    def _font(self) -> QFont:
        return self._look.font(Type.STRONG)

    @staticmethod
    def _width(font: QFont, text: str) -> float:
        return QFontMetricsF(font).horizontalAdvance(text)

    def _on_look_changed(self) -> None:
        self.updateGeometry()
        self.update()
