"""Three-way merging: two people changed one thing apart from each other, and both keep what they did.

Texts are compared first by block, then by sentence. What only one side changed is taken, also where two changes touch;
only changes that overlap, or two insertions at one place, are a conflict. A conflict leaves one side's words standing in
the text (no marks) and hands back all three. Merging makes no sentence that nobody wrote and loses none in silence.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import accumulate
from typing import Generic, TypeVar

from editor.text.aligning import Change, Chunk, Pair, Span, diff3, matches
from editor.text.splitting import split_blocks, units_of

Item = TypeVar("Item")
LEAST_WORDS = 4  # of a sentence that two people hardly mean to say at two places


def _itself(item: Item) -> Hashable:
    return item


class Side(StrEnum):
    """Whose words stand in the text where both sides changed the same."""

    MINE = "mine"
    THEIRS = "theirs"


class Choice(StrEnum):
    """What a person decides about one conflict. `BOTH` is theirs followed by what only mine has."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class Edited:
    """A person's own words for one conflict."""

    text: str


@dataclass(frozen=True, slots=True)
class Region:
    """One conflict: what stood there, what either side made of it (empty: deleted), and where it stands now.

    `start` and `end` are code points in the merged text and hold the words of the side that stands; `block_index` is
    the block there, as `split_blocks` counts them.
    """

    base: str
    mine: str
    theirs: str
    start: int
    end: int
    block_index: int


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged text, its conflicts in the order of the text, and what it was made of."""

    text: str
    conflicts: tuple[Region, ...]
    base: str
    mine: str
    theirs: str
    stands: Side

    @property
    def clean(self) -> bool:
        return not self.conflicts


@dataclass(frozen=True, slots=True)
class MergedList(Generic[Item]):
    """A merged order. Where `clean` is false both sides moved the same, and one side's order stands there."""

    items: tuple[Item, ...]
    clean: bool


def merge_text(base: str, mine: str, theirs: str, *, stands: Side = Side.THEIRS) -> Merged:
    """Both sides' changes to `base` in one text. `stands`: whose words stay in the text in a conflict.

    Sync lets the server's words stand, autosave the editor's (a person sees what is typed).
    """
    if mine == theirs or base == theirs:
        return Merged(mine, (), base, mine, theirs, stands)
    if base == mine:
        return Merged(theirs, (), base, mine, theirs, stands)
    plan = _Plan(base, mine, theirs)
    choices = [Choice(stands)] * len(plan.conflicts)
    written = plan.write(choices)
    if written is None:
        return _whole(base, mine, theirs, stands)
    starts = list(accumulate(map(len, split_blocks(written.text)[:-1]), initial=0))
    regions = tuple(
        Region(
            base=plan.base.slice(chunk.base),
            mine=plan.mine.slice(chunk.mine),
            theirs=plan.theirs.slice(chunk.theirs),
            start=start,
            end=end,
            block_index=bisect_right(starts, start) - 1,
        )
        for chunk, (start, end) in zip(plan.conflicts, written.spans, strict=True)
    )
    return Merged(written.text, regions, base, mine, theirs, stands)


def merge_set(
    base: Iterable[Item], mine: Iterable[Item], theirs: Iterable[Item], *, key: Callable[[Item], Hashable] = _itself
) -> tuple[Item, ...]:
    """What both kept and what either added; what either removed is gone. Theirs first, then mine, each in its order.

    `key`: what makes two items the same one.
    """
    before, mine, theirs = {key(item) for item in base}, list(mine), list(theirs)
    here, there = {key(item) for item in mine}, {key(item) for item in theirs}
    kept = (before & here & there) | (here - before) | (there - before)
    return tuple({key(item): item for item in (*theirs, *mine) if key(item) in kept}.values())


def merge_ordered(
    base: Sequence[Item],
    mine: Sequence[Item],
    theirs: Sequence[Item],
    *,
    key: Callable[[Item], Hashable] = _itself,
    stands: Side = Side.THEIRS,
) -> MergedList[Item]:
    """An order with both sides' changes. Where they differ about one place, `stands` says whose order is kept.

    An item that both moved to different places stands once, where that side has it.
    """
    old, here, there = ([key(item) for item in items] for items in (base, mine, theirs))
    chunks = diff3(len(old), matches(old, here), len(here), matches(old, there), len(there))
    merged: dict[Hashable, Item] = {}
    clean = True
    for chunk in chunks:
        my_items, their_items = mine[slice(*chunk.mine)], theirs[slice(*chunk.theirs)]
        both = chunk.change is Change.BOTH
        agreed = [*map(key, my_items)] == [*map(key, their_items)]
        clean = clean and (agreed or not both)
        my_turn = chunk.change is Change.MINE or (both and stands is Side.MINE)
        for item in my_items if my_turn else their_items:
            known = key(item) in merged
            clean = clean and not known
            if not known:
                merged[key(item)] = item
            elif both or chunk.change is (Change.MINE if stands is Side.MINE else Change.THEIRS):
                del merged[key(item)]
                merged[key(item)] = item
    return MergedList(tuple(merged.values()), clean)


def resolve(merged: Merged, choices: Sequence[Choice | Edited]) -> str:
    """The merged text with a person's choice for each conflict, in order.

    Where the text was edited meanwhile, the result is one side of another merge:
    `merge_text(merged.text, resolve(merged, choices), current)`. Raises `ValueError` unless there is a choice for each.
    """
    if len(choices) != len(merged.conflicts):
        raise ValueError(f"{len(merged.conflicts)} conflicts and {len(choices)} choices")
    if not choices:
        return merged.text
    plan = _Plan(merged.base, merged.mine, merged.theirs)
    # A merge refused as a whole has one conflict, of the whole texts, whatever the plan says.
    if len(plan.conflicts) == len(choices) and plan.write([Choice(merged.stands)] * len(choices)) is not None:
        written = plan.write(choices)
        if written is not None:
            return written.text
    return _choose_whole(merged, choices[0])


def _whole(base: str, mine: str, theirs: str, stands: Side) -> Merged:
    """One conflict of the whole texts: the honest answer where the pieces do not fit (an open code block, say)."""
    text = theirs if stands is Side.THEIRS else mine
    return Merged(text, (Region(base, mine, theirs, 0, len(text), 0),), base, mine, theirs, stands)


def _choose_whole(merged: Merged, choice: Choice | Edited) -> str:
    if isinstance(choice, Edited):
        return choice.text
    if choice is Choice.BOTH:
        return f"{merged.theirs.rstrip()}\n\n{merged.mine.lstrip()}"
    return merged.mine if choice is Choice.MINE else merged.theirs


class _Version:
    """A text as units. `gaps[i]` stands before unit i; the first is the head of the text, one more is its tail.

    Of several texts, such as a person's own words for several conflicts, the units of all; no gap joins them.
    """

    def __init__(self, *texts: str) -> None:
        self.units: list[str] = []
        self.gaps: list[str] = []
        self.blocks: list[Span] = []
        after = ""
        for text in texts:
            after = ""
            for block in split_blocks(text):
                units, tail = units_of(block)
                self.blocks.append((len(self.units), len(self.units) + len(units)))
                for unit in units:
                    self.units.append(unit.text)
                    self.gaps.append(after + unit.gap)
                    after = ""
                after += tail
        self.gaps.append(after)

    def slice(self, span: Span) -> str:
        start, end = span
        return "".join(self.gaps[at] * (at > start) + self.units[at] for at in range(start, end))

    def between(self, at: int | None) -> str | None:
        """The gap before unit `at` if it is one between two units."""
        return (self.gaps[at] or None) if at is not None and 0 < at < len(self.units) else None


# A unit of the merged text: its place in base, mine, theirs and a person's own words, where it has one.
_Place = tuple[int | None, int | None, int | None, int | None]


@dataclass(frozen=True, slots=True)
class _Written:
    text: str
    spans: list[Span]


class _Plan:
    """The three texts against each other; `write` makes a text of them for given choices. Lives for one merge."""

    def __init__(self, base: str, mine: str, theirs: str) -> None:
        self.base, self.mine, self.theirs = _Version(base), _Version(mine), _Version(theirs)
        mine_pairs, their_pairs = _align(self.base, self.mine), _align(self.base, self.theirs)
        lengths = len(self.base.units), len(self.mine.units), len(self.theirs.units)
        self.chunks = diff3(lengths[0], mine_pairs, lengths[1], their_pairs, lengths[2])
        self.conflicts = [chunk for chunk in self.chunks if self._disagree(chunk)]

    def write(self, choices: Sequence[Choice | Edited]) -> _Written | None:
        """The text with `choices` for the conflicts, or None where its sentences would not be those that were written."""
        places, spans, edited = self._places(choices)
        versions = (self.base, self.mine, self.theirs, edited)
        for loose in (False, True):
            text, starts = self._join(places, versions, loose=loose)
            texts = [_text(place, versions) for place in places]
            if _Version(text).units == texts:
                ends = [start + len(unit) for start, unit in zip(starts, texts, strict=True)]
                return _Written(text, [_extent(span, starts, ends) for span in spans])
        return None

    def _disagree(self, chunk: Chunk) -> bool:
        mine, theirs = self.mine.units[slice(*chunk.mine)], self.theirs.units[slice(*chunk.theirs)]
        return chunk.change is Change.BOTH and mine != theirs

    def _places(self, choices: Sequence[Choice | Edited]) -> tuple[list[_Place], list[Span], _Version]:
        """The merged text's units, which of them each conflict has, and the units of a person's own words."""
        places: list[_Place] = []
        spans: list[Span] = []
        one_sided: list[int] = []
        edited = _Version(*(choice.text for choice in choices if isinstance(choice, Edited)))
        used = 0
        waiting = iter(choices)
        for chunk in self.chunks:
            mine: list[_Place] = [(None, at, None, None) for at in range(*chunk.mine)]
            theirs: list[_Place] = [(None, None, at, None) for at in range(*chunk.theirs)]
            start = len(places)
            if chunk.change is Change.NOBODY:
                rows = zip(range(*chunk.base), range(*chunk.mine), range(*chunk.theirs), strict=True)
                places += [(*row, None) for row in rows]
            elif chunk.change is not Change.BOTH:
                places += mine if chunk.change is Change.MINE else theirs
                one_sided += range(start, len(places))
            elif not self._disagree(chunk):
                places += [(None, *pair, None) for pair in zip(range(*chunk.mine), range(*chunk.theirs), strict=True)]
            else:
                choice = next(waiting)
                if isinstance(choice, Edited):
                    count = len(_Version(choice.text).units)
                    places += [(None, None, None, at) for at in range(used, used + count)]
                    used += count
                else:
                    places += theirs * (choice is not Choice.MINE)
                    places += self._mine_alone(chunk, mine) if choice is Choice.BOTH else mine * (choice is Choice.MINE)
                spans.append((start, len(places)))
        gone = self._said_twice([_text(place, (self.base, self.mine, self.theirs, edited)) for place in places], one_sided)
        kept = [0, *accumulate(at not in gone for at in range(len(places)))]
        return ([place for at, place in enumerate(places) if at not in gone],
                [(kept[start], kept[end]) for start, end in spans], edited)

    def _said_twice(self, texts: Sequence[str], one_sided: Sequence[int]) -> set[int]:
        """The units that would stand more often than in any of the three texts: both sides moved one sentence, or put
        the same one back, to different places. The first stays; a few words may well be said twice."""
        counts = [Counter(version.units) for version in (self.base, self.mine, self.theirs)]
        now, gone = Counter(texts), set()
        for at in reversed(one_sided):
            text = texts[at]
            if now[text] > max(count[text] for count in counts) and len(text.split()) >= LEAST_WORDS:
                gone.add(at)
                now[text] -= 1
        return gone

    def _mine_alone(self, chunk: Chunk, mine: list[_Place]) -> list[_Place]:
        """The units of mine that theirs does not have in the same conflict: *both* doubles no sentence."""
        theirs = set(self.theirs.units[slice(*chunk.theirs)])
        return [place for place, at in zip(mine, range(*chunk.mine), strict=True) if self.mine.units[at] not in theirs]

    def _join(self, places: Sequence[_Place], versions: Sequence[_Version], *, loose: bool) -> tuple[str, list[int]]:
        head = _either(*(version.gaps[0] if version.units else "" for version in versions[:3]))
        tail = _either(*(version.gaps[-1] for version in versions[:3]))
        parts, starts, at = [head], [], len(head)
        for index, place in enumerate(places):
            gap = _gap(places[index - 1], place, versions, loose=loose) if index else ""
            unit = _text(place, versions)
            starts.append(at + len(gap))
            at += len(gap) + len(unit)
            parts += [gap, unit]
        return "".join([*parts, tail]), starts


def _align(base: _Version, side: _Version) -> list[Pair]:
    """Pairs of equal sentences: those of equal blocks first, then by sentence between them."""
    blocks = matches(
        [tuple(base.units[slice(*span)]) for span in base.blocks],
        [tuple(side.units[slice(*span)]) for span in side.blocks],
    )
    pairs: list[Pair] = []
    at, side_at = 0, 0
    anchors = [(base.blocks[here], side.blocks[there]) for here, there in blocks]
    ends = (len(base.units), len(base.units)), (len(side.units), len(side.units))
    for (start, end), (side_start, side_end) in [*anchors, ends]:
        found = matches(base.units[at:start], side.units[side_at:side_start])
        pairs += [(at + here, side_at + there) for here, there in found]
        pairs += zip(range(start, end), range(side_start, side_end), strict=True)
        at, side_at = end, side_end
    return pairs


def _text(place: _Place, versions: Sequence[_Version]) -> str:
    return next(version.units[at] for version, at in zip(versions, place, strict=True) if at is not None)


def _extent(span: Span, starts: Sequence[int], ends: Sequence[int]) -> Span:
    """Where the units of `span` stand; an empty span stands behind the unit before it."""
    first, last = span
    if first == last:
        at = ends[first - 1] if first else 0
        return at, at
    return starts[first], ends[last - 1]


def _either(base: str | None, mine: str, theirs: str) -> str:
    """White space that one side changed, or the wider of two."""
    if mine in (base, theirs):
        return theirs
    return mine if theirs == base else _widest([mine, theirs])


def _gap(above: _Place, below: _Place, versions: Sequence[_Version], *, loose: bool) -> str:
    """The white space between two units of the merged text.

    What somebody had between these two is kept. Units that never stood together get the widest gap that either had on
    that side, so that no two sentences become one.
    """
    known = [version.between(at) for version, at in zip(versions, below, strict=True)]
    base, mine, theirs, own = known
    if mine is not None and theirs is not None:
        chosen = _either(base, mine, theirs)
    else:
        chosen = next((gap for gap in (mine, theirs, own) if gap is not None), "")
    for here, there, gap in zip(above, below, known, strict=True):
        if gap == chosen and here is not None and there == here + 1:
            return chosen
    after = [version.between(at + 1) for version, at in zip(versions, above, strict=True) if at is not None]
    return _widest([gap for gap in (*known, *after, "\n\n" if loose else None) if gap is not None] or ["\n\n"])


def _widest(gaps: Sequence[str]) -> str:
    return max(gaps, key=lambda gap: (gap.count("\n"), len(gap), gap))
