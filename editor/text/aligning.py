"""Which items of two sequences are the same ones, and where three sequences agree or differ. Pure; nothing about text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum, auto

Pair = tuple[int, int]
Span = tuple[int, int]

# Above this many possible pairs a stretch is taken as wholly different: a text of one word repeated would take minutes.
_MOST_PAIRS = 2_000_000


class Change(Enum):
    """Who changed a chunk."""

    NOBODY = auto()
    MINE = auto()
    THEIRS = auto()
    BOTH = auto()


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of the base with what either side has in its place; each span is half-open."""

    change: Change
    base: Span
    mine: Span
    theirs: Span


@dataclass(frozen=True, slots=True)
class _Hunk:
    base: Span
    mine: bool
    grown: int


def matches(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Pair]:
    """Pairs (index in `old`, index in `new`) of equal items, rising in both."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    pairs = [(at, at) for at in range(head)]
    if left and right and _possible_pairs(left, right) <= _MOST_PAIRS:
        for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
            pairs += [(head + block.a + at, head + block.b + at) for at in range(block.size)]
    pairs += [(len(old) - at, len(new) - at) for at in range(tail, 0, -1)]
    return pairs


def diff3(length: int, mine: Sequence[Pair], my_length: int, theirs: Sequence[Pair], their_length: int) -> list[Chunk]:
    """The chunks of a base of `length` items, in order, from its pairs with either side.

    Changes that only touch stay apart; those that overlap, and two insertions at one place, become one chunk of both.
    Of an insertion and a change that touch, the one that stands first in the base comes first.
    """
    hunks = [*_hunks(length, mine, my_length, mine=True), *_hunks(length, theirs, their_length, mine=False)]
    chunks: list[Chunk] = []
    at, my_shift, their_shift = 0, 0, 0

    def put(change: Change, end: int, my_growth: int = 0, their_growth: int = 0) -> None:
        nonlocal at, my_shift, their_shift
        my_start, their_start = at + my_shift, at + their_shift
        my_shift, their_shift = my_shift + my_growth, their_shift + their_growth
        chunks.append(Chunk(change, (at, end), (my_start, end + my_shift), (their_start, end + their_shift)))
        at = end

    for group in _grouped(sorted(hunks, key=lambda hunk: hunk.base)):
        start, end = group[0].base[0], max(hunk.base[1] for hunk in group)
        if start > at:
            put(Change.NOBODY, start)
        by_me, by_them = any(hunk.mine for hunk in group), any(not hunk.mine for hunk in group)
        change = Change.BOTH if by_me and by_them else Change.MINE if by_me else Change.THEIRS
        my_growth = sum(hunk.grown for hunk in group if hunk.mine)
        put(change, end, my_growth, sum(hunk.grown for hunk in group) - my_growth)
    if at < length:
        put(Change.NOBODY, length)
    return chunks


def _possible_pairs(old: Sequence[Hashable], new: Sequence[Hashable]) -> int:
    here, there = Counter(old), Counter(new)
    return sum(count * there[item] for item, count in here.items())


def _hunks(length: int, pairs: Sequence[Pair], side_length: int, *, mine: bool) -> list[_Hunk]:
    hunks = []
    at, side_at = 0, 0
    for base, side in [*pairs, (length, side_length)]:
        if base > at or side > side_at:
            hunks.append(_Hunk((at, base), mine, (side - side_at) - (base - at)))
        at, side_at = base + 1, side + 1
    return hunks


def _grouped(hunks: Sequence[_Hunk]) -> list[list[_Hunk]]:
    groups: list[list[_Hunk]] = []
    start, end = -1, -1
    for hunk in hunks:
        if groups and _overlap((start, end), hunk.base):
            groups[-1].append(hunk)
            end = max(end, hunk.base[1])
        else:
            groups.append([hunk])
            start, end = hunk.base
    return groups


def _overlap(group: Span, hunk: Span) -> bool:
    """Whether `hunk`, which does not start before `group`, changes something in it."""
    if group == hunk:
        return True
    if hunk[0] == hunk[1]:
        return group[0] < hunk[0] < group[1]
    return hunk[0] < group[1]
