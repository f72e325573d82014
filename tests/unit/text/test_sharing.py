"""What two texts have in common, as the base of a merge."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from editor.text.merging import merge_text
from editor.text.sharing import common_text
from editor.text.splitting import split_sentences

MINE = "De raad stemt vrijdag. De wethouder wacht af.\n\nDaarna begint de bouw.\n\nAnna was hier ook nog."
THEIRS = "De raad stemt donderdag. De wethouder wacht af.\n\nDaarna begint de bouw. Bram was hier ook nog."


def test_what_stands_in_both_is_the_base() -> None:
    assert common_text(MINE, THEIRS) == "De wethouder wacht af.\n\nDaarna begint de bouw."


def test_merged_from_there_nothing_is_lost_and_what_both_changed_is_asked() -> None:
    merged = merge_text(common_text(MINE, THEIRS), MINE, THEIRS)
    kept = merged.text + "".join(region.mine for region in merged.conflicts)
    for sentence in ("vrijdag", "donderdag", "Anna was hier ook nog.", "Bram was hier ook nog."):
        assert sentence in kept


SENTENCES = st.lists(st.integers(0, 9).map(lambda number: f"Zin nummer {number} staat hier."), max_size=8).map(" ".join)


@given(SENTENCES, SENTENCES)
def test_no_sentence_of_either_is_lost(mine: str, theirs: str) -> None:
    merged = merge_text(common_text(mine, theirs), mine, theirs)
    kept = merged.text + " " + " ".join(region.mine + " " + region.theirs for region in merged.conflicts)
    assert {one.strip() for one in split_sentences(mine + " " + theirs) if one.strip()} <= {
        one.strip() for one in split_sentences(kept.replace("\n", " ")) if one.strip()}
