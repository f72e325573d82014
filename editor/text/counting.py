"""Words, characters and reading time; and places in a text as Qt counts them against places as we do.

A character is what a reader takes for one: an extended grapheme cluster (UAX #29), so that a flag or an accented letter
counts once however it is written. Places in a text are code points; Qt's are UTF-16 units.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import regex

# Silent reading of Dutch: 202 words a minute (Trauzettel-Klosinski & Dietz, IReST, IOVS 2012; 17 languages).
WORDS_A_MINUTE = 202

_CLUSTER = regex.compile(r"\X")
_WORD = re.compile(r"[^\W_]+(?:['’.,·-][^\W_]+)*")
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)")
_LINK = re.compile(r"\[([^\]\n]*)\]\([^)\n]*\)")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:[ \t]*\S+[^\n]*$", re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)[^\n]*$", re.MULTILINE)
_OPENING = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?|[-*+][ \t]+|[0-9]{1,9}[.)][ \t]+)+", re.MULTILINE)
_MARK = re.compile(r"\\(?=[!-/:-@\[-`{-~])|\*+|~~|`+|(?<!\w)_+|_+(?!\w)")


@dataclass(frozen=True, slots=True)
class Count:
    """The size of a text. `characters` include spaces, no line breaks; `minutes` are whole, 1 at least if it has words."""

    words: int
    characters: int
    minutes: int


def count(markdown: str) -> Count:
    """The size of an article's text as it is read: without marks, addresses and pictures."""
    text = without_marks(markdown)
    words = count_words(text)
    return Count(words, count_characters(re.sub(r"\s*\n\s*", "", text.strip())), reading_minutes(words))


def count_words(text: str) -> int:
    """Words of plain text: `e-mail`, `’s-Gravenhage`, `2.400` and `o.a.` are one each."""
    return sum(1 for _ in _WORD.finditer(text))


def count_characters(text: str) -> int:
    """Characters as a reader counts them, in grapheme clusters."""
    if text.isascii() and "\r" not in text:
        return len(text)
    return sum(1 for _ in _CLUSTER.finditer(text))


def characters(text: str) -> tuple[str, ...]:
    """`text` in grapheme clusters; joined they are the text."""
    return tuple(_CLUSTER.findall(text))


def reading_minutes(words: int) -> int:
    """Minutes to read `words` words of Dutch, rounded; 0 for nothing at all."""
    return max(1, (words + WORDS_A_MINUTE // 2) // WORDS_A_MINUTE) if words else 0


def without_marks(markdown: str) -> str:
    """The words of a Markdown text without its marks. For counting and searching: what is shown, `to_html` decides."""
    text = _PICTURE.sub("", _DEFINITION.sub("", _FENCE.sub("", markdown)))
    return _MARK.sub("", _OPENING.sub("", _LINK.sub(r"\1", text)))


def utf16_offset(text: str, offset: int) -> int:
    """The UTF-16 unit (Qt's place) at which code point `offset` of `text` starts."""
    if text.isascii():
        return offset
    return offset + sum(char > "\uffff" for char in text[:offset])


def codepoint_offset(text: str, offset: int) -> int:
    """The code point that holds UTF-16 unit `offset` (Qt's place) of `text`; between two halves, the one they make."""
    if text.isascii():
        return offset
    units = 0
    for at, char in enumerate(text):
        units += 1 + (char > "\uffff")
        if units > offset:
            return at
    return len(text)
