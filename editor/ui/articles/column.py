"""The one column that heads and text share."""

from __future__ import annotations

from editor.ui.theme.look import Look

LEFT, RIGHT, WIDEST = 120, 42, 640  # design pixels


def column(width: int, look: Look) -> tuple[int, int]:
    """(left, right) margins of the column in a pane of `width` pixels: labels fit on the left, counts on the right.

    In a wide pane the column stays readable (about 85 characters) and stands in the middle.
    """
    left, right = min(look.px(LEFT), width // 4), min(look.px(RIGHT), width // 12)
    spare = max(0, width - left - right - look.px(WIDEST))
    return left + spare // 2, right + spare - spare // 2
