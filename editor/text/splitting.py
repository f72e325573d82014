"""A Markdown text cut into blocks, and a block into sentences, without losing a character: the pieces join to the text.

A sentence ends at a full stop, question or exclamation mark or ellipsis before white space and something that can start
one; not after Dutch abbreviations and initials, within decimals, or before a lower-case letter (`‘Echt?’ vroeg ze.`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})")
_OWN_LINE = re.compile(r" {0,3}(?:#{1,6}(?:\s|$)|\||(?:[-*_][ \t]*){3,}$)")  # a heading, a table's row, a rule
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])(?:[ \t]|$)")
_BLANK = re.compile(r"[ \t\r\n]*")
_ENDING = re.compile(r"[.!?…]+[)\]\"'”’»*_`]*(?P<gap>[ \t\r\n]+)")
_WORD_BEFORE = re.compile(r"(?:[^\W\d_]|\.(?=[^\W\d_]))+$")

# Shortened words after which a sentence goes on although a capital or a number follows.
_ABBREVIATIONS = frozenset(
    """
    a.h.w art bijv blz b.v ca c.q d.d d.i dhr dr drs d.w.z evt fig hfdst i.c incl excl i.h.b i.i i.o i.p.v i.t.t i.v.m
    ing ir jhr jkvr kol lic lt m.a.w m.b.t m.b.v mevr mej m.i m.i.v mgr mln mld mr m.m.v n.a.v nr nrs o.a o.b.v o.g.v
    o.i.d o.l.v pag plv prof resp sgt s.v.p st t.a.v t.b.v tel t.g.v t.n.v t.o.v t.w v.a v.d vgl vnl voorz w.o wnd zgn z.g.n
    jan feb mrt apr aug sept okt nov dec
    """.split()
)


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing that is merged: a sentence, a heading, a row, a whole code block. `gap` stands before it."""

    gap: str
    text: str


def split_blocks(text: str) -> tuple[str, ...]:
    """Paragraphs, headings, list items, table rows, quotations and code blocks, each with the white space after it.

    White space at the head of `text` belongs to the first. `"".join(split_blocks(text)) == text`.
    """
    blocks: list[str] = []
    current = ""
    fence = ""
    joinable = False  # whether the next line may belong to the same block
    for line in _LINE.findall(text):
        if fence:
            current += line
            if line.strip().startswith(fence) and not line.strip().strip(fence[0]):
                fence, joinable = "", False
            continue
        if not line.strip(" \t\r\n"):
            current += line
            joinable = False
            continue
        opening = _FENCE.match(line)
        alone = opening is not None or _OWN_LINE.match(line) is not None
        if current.strip(" \t\r\n") and (not joinable or alone or _ITEM.match(line) is not None):
            blocks.append(current)
            current = ""
        current += line
        fence = opening["fence"] if opening else ""
        joinable = not alone
    if current:
        blocks.append(current)
    return tuple(blocks)


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text`, each with the white space after it. `"".join(split_sentences(text)) == text`.

    A heading, a table's row and a code block count as one sentence each.
    """
    return tuple(piece for block in split_blocks(text) for piece in _sentences(block))


def units_of(block: str) -> tuple[tuple[Unit, ...], str]:
    """The sentences of one block apart from the white space between them, and the white space after the last.

    A block's indentation belongs to its first sentence: it means something there.
    """
    units: list[Unit] = []
    gap = ""
    for piece in _sentences(block):
        start = _head(piece)
        body = piece[start:].rstrip(" \t\r\n")
        if body:
            units.append(Unit(gap + piece[:start], body))
            gap = piece[start + len(body) :]
        else:
            gap += piece
    return tuple(units), gap


def _head(piece: str) -> int:
    """Where the text of `piece` starts: after blank lines, before the indentation of its own line."""
    blank = _BLANK.match(piece)
    end = blank.end() if blank else 0
    return piece.rfind("\n", 0, end) + 1


def _sentences(block: str) -> list[str]:
    first = block.lstrip(" \t\r\n")
    if _FENCE.match(first) or _OWN_LINE.match(first):
        return [block]
    pieces = []
    start = 0
    for ending in _ENDING.finditer(block):
        if ending.end() < len(block) and _ends(block, ending):
            pieces.append(block[start : ending.end()])
            start = ending.end()
    if start < len(block):
        pieces.append(block[start:])
    return pieces


def _ends(block: str, ending: re.Match[str]) -> bool:
    if block[ending.end()].islower():
        return False
    if not ending[0].startswith(".") or ending[0].startswith(".."):
        return True
    if ending.start("gap") > ending.start() + 1:
        return True  # a bracket or a quotation closes behind the stop
    line = block.rfind("\n", 0, ending.start()) + 1
    before = block[max(line, ending.start() - 16) : ending.start()]
    if before.strip().isdigit() and not block[line : ending.start()].strip(" \t>").strip("0123456789"):
        return False  # the number of a list item
    word = _WORD_BEFORE.search(before)
    if word is None:
        return True
    initials = all(len(part) == 1 and part.isupper() for part in word[0].split("."))
    return not initials and word[0].lower() not in _ABBREVIATIONS
