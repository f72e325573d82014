"""Plain text as Markdown, and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.text.escaping import escape, unescape


@pytest.mark.parametrize(
    ("plain", "markdown"),
    [
        ("Gewone tekst, met punt. En (haken)!", "Gewone tekst, met punt. En (haken)!"),
        ("# kop", "\\# kop"),
        ("1. FC Lekdam", "1\\. FC Lekdam"),
        ("2) tweede", "2\\) tweede"),
        ("- streepje", "\\- streepje"),
        ("-5 graden", "-5 graden"),
        ("> 18 jaar", "\\> 18 jaar"),
        ("grote_klok", "grote_klok"),
        ("_schuin_", "\\_schuin\\_"),
        ("AT&T", "AT&T"),
        ("&copy;", "&amp;copy;"),
        ("3 < 4", "3 < 4"),
        ("<b>", "\\<b>"),
        ("kop #", "kop \\#"),
        ("---", "\\---"),
    ],
)
def test_only_what_markdown_would_read_is_marked(plain, markdown):
    assert escape(plain) == markdown
    assert unescape(markdown) == plain


@given(st.text(alphabet=st.sampled_from("ab1 \\*_`[]<>&;#~-+.()!|=copyé")).map(str.strip))
def test_what_was_marked_is_plain_again(plain):
    assert unescape(escape(plain)) == plain
