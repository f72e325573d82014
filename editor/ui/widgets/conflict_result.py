"""What choosing leaves: the answer for `settling.settle`, and the text as it will be, before it is taken. No Qt in here.

A pick is one passage's choice: mine, theirs, both, or words of one's own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from editor.desk.conflicts import BOTH, MINE, TEXT, THEIRS
from editor.desk.ports import ConflictRow
from editor.text.merging import Choice, Edited, merge_text, resolve

AROUND = 160  # characters of unchanged text that stay beside a chosen passage


@dataclass(frozen=True, slots=True)
class Own:
    """Words of one's own for a passage."""

    text: str


Pick = str | Own


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the result; `chosen` when it is what was chosen."""

    text: str
    chosen: bool


def answer(row: ConflictRow, picks: Sequence[Pick]) -> tuple[str, str]:
    """Choice and text for `settling.settle`: one choice when every passage got the same, else the whole text."""
    first = picks[0]
    if not row.regions and isinstance(first, Own):
        return TEXT, first.text
    if isinstance(first, str) and all(pick == first for pick in picks):
        return first, ""
    return TEXT, whole(row, picks)


def whole(row: ConflictRow, picks: Sequence[Pick]) -> str:
    """The whole text of the field with these picks in the place of its passages, in their order."""
    if not row.regions:
        return picks[0].text if isinstance(picks[0], Own) else ""
    merged = merge_text(str(row.base or ""), str(row.mine or ""), str(row.theirs or ""))
    asked = [(str(region["mine"]), str(region["theirs"])) for region in row.regions]
    if [(region.mine, region.theirs) for region in merged.conflicts] == asked:
        return resolve(merged, [Edited(pick.text) if isinstance(pick, Own) else Choice(pick) for pick in picks])
    return _placed(row, [words_of_pick(row, number, pick) for number, pick in enumerate(picks)])


def words_of_pick(row: ConflictRow, number: int, pick: Pick) -> str:
    """What a pick puts in the place of a passage."""
    if isinstance(pick, Own):
        return pick.text
    mine, theirs = str(row.regions[number]["mine"]), str(row.regions[number]["theirs"])
    if pick == BOTH:
        gap = "\n\n" if "\n" in mine + theirs else " "
        return gap.join(side for side in (theirs, mine) if side)
    return mine if pick == MINE else theirs


def preview(row: ConflictRow, picks: Sequence[Pick], say: Callable[[str, Any], str]) -> tuple[Run, ...]:
    """The field as it will be, with what was chosen marked; what stands far from that is left out. `say` says a value
    that is no text."""
    if not row.regions:
        first = picks[0]
        value = first.text if isinstance(first, Own) else say(row.field, row.mine if first == MINE else row.theirs)
        return (Run(value, chosen=True),)
    text = whole(row, picks)
    runs: list[Run] = []
    at = 0
    for number, pick in enumerate(picks):
        parts = [words_of_pick(row, number, one) for one in ((THEIRS, MINE) if pick == BOTH else (pick,))]
        for words in filter(None, parts):
            found = text.find(words, at)
            if found >= 0:
                runs += [Run(text[at:found], chosen=False), Run(words, chosen=True)]
                at = found + len(words)
    runs.append(Run(text[at:], chosen=False))
    last = len(runs) - 1
    shown = [run if run.chosen else Run(_shortened(run.text, first=n == 0, last=n == last), chosen=False)
             for n, run in enumerate(runs)]
    return tuple(run for run in shown if run.text)


def _placed(row: ConflictRow, words: Sequence[str]) -> str:
    side = THEIRS if all(region["theirs"] for region in row.regions) else MINE
    text, at = str((row.theirs if side == THEIRS else row.mine) or ""), 0
    for region, said in zip(row.regions, words, strict=True):
        standing = str(region[side])
        found = text.find(standing, at) if standing else -1
        if found < 0:
            text, at = text + said, len(text) + len(said)
        else:
            text, at = text[:found] + said + text[found + len(standing):], found + len(said)
    return text


def _shortened(text: str, *, first: bool, last: bool) -> str:
    if len(text) <= 2 * AROUND:
        return text
    head = "" if first else text[:AROUND].rsplit(" ", 1)[0] + " "
    tail = "" if last else " " + text[-AROUND:].split(" ", 1)[-1]
    return f"{head}…{tail}"
