"""A theme's named colours, read from `resources/themes/<name>.toml` and checked. No Qt in here."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from editor.base.errors import Bug
from editor.base.messages import Message
from editor.base.paths import resources


class Tone(StrEnum):
    """What a pill, a banner or a mark says by colour, always beside a word or a shape. Each has a tint of its own."""

    NEUTRAL = "draft"
    LIVE = "live"
    READY = "ready"
    PLANNED = "planned"
    ERROR = "error"
    ACCENT = "accent"

    @property
    def tint(self) -> str:
        """The role of the quiet ground under this tone."""
        return f"{self.value}_tint"


ROLES = frozenset(
    "bg surface surface2 line text muted accent accent_tint on_accent on_accent_muted live live_tint ready ready_tint "
    "planned planned_tint error error_tint on_error draft draft_tint selection shadow paper paper_text paper_muted "
    "paper_line paper_accent paper_time".split()
)
# Every pair that the interface sets as text on ground: a test holds each theme to 4.5 : 1.
TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    *((ink, ground) for ink in ("text", "muted", "accent", "error", "live", "ready", "planned")
      for ground in ("bg", "surface", "surface2", "accent_tint")),
    *((ink, ground) for ink in ("text", "accent", "muted") for ground in ("selection", "live_tint", "ready_tint", "error_tint")
      if (ink, ground) != ("muted", "selection")),
    *((tone.value, tone.tint) for tone in Tone),
    ("on_accent", "accent"), ("on_accent_muted", "accent"), ("on_error", "error"),
    *((ink, "paper") for ink in ("paper_text", "paper_muted", "paper_accent", "paper_time")),
)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours by role, each `#rrggbb`."""

    name: str
    dark: bool
    colours: Mapping[str, str]


def themes_dir() -> Path:
    """Where the shipped themes stand."""
    return resources() / "themes"


def load_theme(name: str, folder: Path | None = None) -> Theme:
    """The theme `light`, `dark` or `contrast`. Raises `Bug` when a role is missing, unknown or no colour."""
    read = tomllib.loads(((folder or themes_dir()) / f"{name}.toml").read_text(encoding="utf-8"))
    colours = read["colours"]
    wrong = ROLES.symmetric_difference(colours) | {
        role for role, value in colours.items() if not re.fullmatch(r"#[0-9a-f]{6}", value)
    }
    if wrong:
        raise Bug("bad_theme", Message("theme", "The theme {name} is wrong in: {roles}",
                                       {"name": name, "roles": ", ".join(sorted(wrong))}))
    return Theme(read["name"], read["dark"], MappingProxyType(dict(colours)))


def contrast(ink: str, ground: str) -> float:
    """The contrast ratio of two `#rrggbb` colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    brighter, darker = sorted((_luminance(ink), _luminance(ground)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
