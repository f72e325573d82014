"""Where our values and Qt count differently: values in code points, Qt in UTF-16 units. No Qt in here."""

from __future__ import annotations

from collections.abc import Callable

LAST_SINGLE_UNIT = "\uffff"


def _is_plain(text: str) -> bool:
    return text.isascii() or not text or max(text) <= LAST_SINGLE_UNIT


def units(text: str) -> int:
    """The length of `text` in UTF-16 units."""
    return len(text) if _is_plain(text) else len(text.encode("utf-16-le", "surrogatepass")) // 2


def to_units(text: str) -> Callable[[int], int]:
    """A function from code-point offsets in `text` to UTF-16 offsets; it costs nothing where both are the same."""
    if _is_plain(text):
        return _same
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if character > LAST_SINGLE_UNIT else 1))
    return lambda point: offsets[min(point, len(text))]


def to_points(text: str) -> Callable[[int], int]:
    """A function from UTF-16 offsets in `text` to code-point offsets (inside a pair: its beginning)."""
    if _is_plain(text):
        return _same
    points = []
    for number, character in enumerate(text):
        points += [number] * (2 if character > LAST_SINGLE_UNIT else 1)
    points.append(len(text))
    return lambda unit: points[min(unit, len(points) - 1)]


def _same(offset: int) -> int:
    return offset
