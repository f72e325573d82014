"""The one column that heads and text share."""

from __future__ import annotations

from editor.ui.theme.look import Look

LEFT, RIGHT, WIDEST = 120, 42, 640  # design pixels
NARROW, NARROW_SIDE = 480, 24


def has_labels(width: int, look: Look) -> bool:
    """Whether a pane of `width` pixels has room for labels beside the column; in a narrow one the lines get it."""
    return width >= look.px(NARROW)


def column(width: int, look: Look) -> tuple[int, int]:
    """(left, right) margins of the column in a pane of `width` pixels: labels fit on the left, counts on the right.

    A narrow pane has neither margin (an empty field says its name itself). In a wide one the column stays readable (about 85 characters) and stands in the middle.
    """
    if not has_labels(width, look):
        return look.px(NARROW_SIDE), look.px(NARROW_SIDE)
    left, right = min(look.px(LEFT), width // 4), min(look.px(RIGHT), width // 12)
    spare = max(0, width - left - right - look.px(WIDEST))
    return left + spare // 2, right + spare - spare // 2
