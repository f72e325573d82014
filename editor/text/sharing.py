"""What two texts have in common: the nearest thing to where they both come from, when nobody has that any more."""

from __future__ import annotations

from editor.text.aligning import matches
from editor.text.splitting import split_blocks, units_of


def common_text(mine: str, theirs: str) -> str:
    """The sentences that stand in both, in the blocks that they have in `mine`. Merged from there, everything else counts
    as written by its own side: nothing of either is lost, and what both changed is a conflict."""
    blocks = [[unit.text for unit in units_of(block)[0]] for block in split_blocks(mine)]
    units = [text for block in blocks for text in block]
    other = [unit.text for block in split_blocks(theirs) for unit in units_of(block)[0]]
    kept = {here for here, _ in matches(units, other)}
    found, at = [], 0
    for block in blocks:
        found.append(" ".join(text for index, text in enumerate(block, at) if index in kept))
        at += len(block)
    return "\n\n".join(text for text in found if text)
