"""Differences as they are shown."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.text.diffing import Op, diff_words


def shown(old: str, new: str) -> str:
    marks = {Op.EQUAL: "{}", Op.DELETE: "[-{}-]", Op.INSERT: "[+{}+]"}
    return "".join(marks[span.op].format(span.text) for span in diff_words(old, new))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("gelijk", "gelijk", "gelijk"),
        ("", "nieuw", "[+nieuw+]"),
        ("De brug is dicht.", "De brug is open.", "De brug is [-dicht-][+open+]."),
        ("Het kost 3 miljoen.", "Het kost 5 miljoen.", "Het kost [-3-][+5+] miljoen."),
        ("Een oude man.", "Een heel jonge vrouw.", "Een [-oude man-][+heel jonge vrouw+]."),
        ("A een.\n\nB twee.", "A een.\n\nNieuw.\n\nB twee.", "A een.\n\n[+Nieuw.\n\n+]B twee."),
        ("Zo'n e-mail.", "Zo'n brief.", "Zo'n [-e-mail-][+brief+]."),
    ],
)
def test_a_difference_reads_by_word(old, new, expected):
    assert shown(old, new) == expected


WORDS = st.lists(
    st.sampled_from(["de", "brug", "is", "dicht", ".", " ", " ", "\n", "\n\n", "é", "👏", "- "]), max_size=25
).map("".join)


@given(st.one_of(st.text(), WORDS), st.one_of(st.text(), WORDS))
def test_both_texts_can_be_read_from_the_difference(old, new):
    spans = diff_words(old, new)
    assert "".join(span.text for span in spans if span.op is not Op.INSERT) == old
    assert "".join(span.text for span in spans if span.op is not Op.DELETE) == new
    assert all(span.text for span in spans)
    assert all(one.op is not other.op for one, other in pairwise(spans))


def test_a_long_article_is_compared_all_the_same():
    old = "\n\n".join(f"Alinea {at} met een paar woorden erin, en nog een zin. Einde." for at in range(2000))
    new = old.replace("Alinea 7 ", "Alinea zeven ").replace("Alinea 1900 ", "")
    assert [span.text for span in diff_words(old, new) if span.op is Op.INSERT] == ["zeven"]
