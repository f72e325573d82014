"""Where our values and Qt count differently: values in code points, Qt in UTF-16 units. No Qt in here.

`text/counting.py` converts; this says cheaply when nothing is to be converted, which is nearly always.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from editor.text.counting import codepoint_offset, utf16_offset

LAST_SINGLE_UNIT = "\uffff"


def units(text: str) -> int:
    """The length of `text` in UTF-16 units."""
    return len(text) if _is_plain(text) else utf16_offset(text, len(text))


def to_units(text: str) -> Callable[[int], int]:
    """A function from code-point offsets in `text` to UTF-16 offsets."""
    return _same if _is_plain(text) else partial(utf16_offset, text)


def to_points(text: str) -> Callable[[int], int]:
    """A function from UTF-16 offsets in `text` to code-point offsets."""
    return _same if _is_plain(text) else partial(codepoint_offset, text)


def _is_plain(text: str) -> bool:
    return text.isascii() or max(text) <= LAST_SINGLE_UNIT


def _same(offset: int) -> int:
    return offset
