"""The bundled fonts: loaded once at start, checked, and handed out by role.

A font file that does not load would silently become the system's own and spoil every measure; `load_fonts` says which.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase, QFontInfo

from editor.base.errors import Bug
from editor.base.messages import Message
from editor.base.paths import resources

TEXT, WRITING, HEADING, MONO = "Redactie Tekst", "Redactie Schrift", "Redactie Kop", "Redactie Mono"
FAMILIES = (TEXT, WRITING, HEADING, MONO)


@dataclass(frozen=True, slots=True)
class Cut:
    """A family at a size (design pixels) and a weight."""

    family: str
    size: float
    weight: int = 400
    spacing: float = 0.0  # letter spacing in em


class Type(Enum):
    """The roles of type. Three sizes for the interface (13, 12, 11); the rest belongs to writing and to heads."""

    BODY = Cut(TEXT, 13)
    STRONG = Cut(TEXT, 13, 600)
    SECONDARY = Cut(TEXT, 12)
    SECONDARY_STRONG = Cut(TEXT, 12, 600)
    LABEL = Cut(TEXT, 11, 600, 0.01)
    SMALL = Cut(TEXT, 11)
    KEY = Cut(MONO, 11)
    TITLE = Cut(TEXT, 15, 600)
    CODE = Cut(MONO, 13)
    LEAD = Cut(TEXT, 15, 500)
    HEADLINE = Cut(TEXT, 25, 700, -0.01)
    WRITING = Cut(WRITING, 16)
    SUBHEAD = Cut(HEADING, 19, 700)
    WRITING_CODE = Cut(MONO, 14)


def make_font(kind: Type, scale: float) -> QFont:
    """The font of a role at a text scale (1.0 = 100 %)."""
    cut = kind.value
    font = QFont([cut.family])
    font.setPixelSize(max(1, round(cut.size * scale)))
    font.setWeight(QFont.Weight(cut.weight))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    if cut.spacing:
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, cut.spacing * cut.size * scale)
    return font


def load_fonts(folder: Path | None = None) -> None:
    """Load every shipped file (GUI thread, after the application object).

    Raises `Bug` naming what is missing: without its fonts the writing surface has no line height.
    """
    failed = [
        path.name
        for path in sorted((folder or resources() / "fonts").glob("*.ttf"))
        if QFontDatabase.addApplicationFont(str(path)) < 0
    ]
    failed += [family for family in FAMILIES if QFontInfo(QFont([family])).family() != family]
    if failed:
        raise Bug("fonts_missing", Message("theme", "These fonts could not be loaded: {names}",
                                           {"names": ", ".join(failed)}))
