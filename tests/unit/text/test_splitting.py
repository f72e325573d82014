"""Texts cut into blocks and sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.text.splitting import split_blocks, split_sentences, units_of

# fmt: off
PIECES = [
    "\n", "\n\n", " ", "  ", "    ", "\t", "# ", "- ", "1. ", "> ", "```", "~~~", "| a | b |", "---", "Een zin. ", "dhr. ",
    "o.a. ", "Kop", "3.5", "„Ja.” ", "‘Echt?’ ", "vroeg hij.", "En toen… ", "J. ", "Wat!", "\r\n", "\u00a0", "\u2028",
    "**vet.** ", "`a. B`",
]
# fmt: on
MARKDOWN = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@given(st.one_of(st.text(), MARKDOWN))
def test_no_character_is_lost_in_splitting(text):
    assert "".join(split_blocks(text)) == text
    assert "".join(split_sentences(text)) == text
    for block in split_blocks(text):
        units, tail = units_of(block)
        assert "".join(unit.gap + unit.text for unit in units) + tail == block
        assert all(unit.text and not unit.gap.strip() for unit in units)


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("De brug is dicht. Morgen gaat hij open.", ["De brug is dicht. ", "Morgen gaat hij open."]),
        ("Dat zei dhr. De Vries. Hij lachte.", ["Dat zei dhr. De Vries. ", "Hij lachte."]),
        ("O.a. Fatima en prof. Bos kwamen.", ["O.a. Fatima en prof. Bos kwamen."]),
        ("Zij sprak met J. Bakker en M.A. Smit.", ["Zij sprak met J. Bakker en M.A. Smit."]),
        ("Het kost 2.400 euro, of 3.5 miljoen. Veel.", ["Het kost 2.400 euro, of 3.5 miljoen. ", "Veel."]),
        ("‘Echt?’ vroeg ze. ‘Ja.’ Toen liep ze weg.", ["‘Echt?’ vroeg ze. ", "‘Ja.’ ", "Toen liep ze weg."]),
        ("Tja… En nu? Door!", ["Tja… ", "En nu? ", "Door!"]),
        ("Dat is zo. Klaar.", ["Dat is zo. ", "Klaar."]),
        ("’s Avonds is het stil. ’s Nachts ook.", ["’s Avonds is het stil. ", "’s Nachts ook."]),
        ("1. Eerste punt. Nog iets.", ["1. Eerste punt. ", "Nog iets."]),
        ("## Wie? Wat?\n\nEen zin.", ["## Wie? Wat?\n\n", "Een zin."]),
        ("```\nA. B.\n\nC.\n```\nNa.", ["```\nA. B.\n\nC.\n```\n", "Na."]),
        ("| A. B. | c |\n| d | e |", ["| A. B. | c |\n", "| d | e |"]),
        ("Zie www.lekdam.example. Daar staat het.", ["Zie www.lekdam.example. ", "Daar staat het."]),
        ("Het was **klaar.** Toen niet.", ["Het was **klaar.** ", "Toen niet."]),
    ],
)
def test_sentences_end_where_a_reader_says(text, sentences):
    assert list(split_sentences(text)) == sentences


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("een\ntwee\n\ndrie", ["een\ntwee\n\n", "drie"]),
        ("\n\neen\n", ["\n\neen\n"]),
        ("# kop\ntekst", ["# kop\n", "tekst"]),
        ("- a\n- b\n  c\n", ["- a\n", "- b\n  c\n"]),
        ("tekst\n```\na\n\nb\n```\nna", ["tekst\n", "```\na\n\nb\n```\n", "na"]),
        ("> een\n> twee\n\nna", ["> een\n> twee\n\n", "na"]),
        ("a\n\n---\n\nb", ["a\n\n", "---\n\n", "b"]),
    ],
)
def test_blocks_are_what_a_writer_sees_as_one(text, blocks):
    assert list(split_blocks(text)) == blocks
