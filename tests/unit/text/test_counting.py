"""Words, characters and minutes as a reader counts them, and places as Qt does."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.text.counting import (
    Count,
    characters,
    codepoint_offset,
    count,
    count_characters,
    count_words,
    reading_minutes,
    utf16_offset,
    without_marks,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("  \n ", 0),
        ("De brug is dicht.", 4),
        ("Een e-mail uit ’s-Gravenhage over 2.400 euro", 7),
        ("auto's en zo’n foto’s", 4),
        ("ja – nee / misschien", 3),
        ("AT&T en C++", 4),
        ("één cafe\u0301", 2),
        ("خبر جيد 👏", 2),
    ],
)
def test_words(text, number):
    assert count_words(unicodedata.normalize("NFC", text)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("kop", 3),
        ("één", 3),
        ("e\u0301e\u0301n", 3),
        ("👩\u200d👩\u200d👧", 1),
        ("🇳🇱🇲🇦", 2),
        ("👍🏽", 1),
        ("❤️", 1),
        ("क्षि", 1),
        ("각", 1),
        ("\u1100\u1161\u11a8", 1),
        ("a\r\nb", 3),
        ("🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f", 1),
        ("1\ufe0f\u20e3", 1),
    ],
)
def test_a_character_is_what_a_reader_takes_for_one(text, number):
    assert count_characters(text) == number
    assert len(characters(text)) == number


@given(st.text())
def test_no_character_is_lost_in_counting(text):
    assert "".join(characters(text)) == text
    assert count_characters(text) == len(characters(text))


def test_an_article_is_counted_as_it_is_read():
    markdown = (
        "## Wie _betaalt_\n\nDe **raad** zegt [het zelf](https://raad.example/een/lang/adres).\n\n"
        "![De brug](media:0193)\n\n- een\n- twee\n\n> 3\\. drie\n\n```\ncode\n```\n\n[1]: https://x.example\n"
    )
    text = without_marks(markdown)
    assert "raad.example" not in text
    assert "brug" not in text
    assert count(markdown).words == len("Wie betaalt De raad zegt het zelf een twee 3 drie code".split())
    assert count("Een **vet**\n\nwoord") == Count(3, 12, 1)


@pytest.mark.parametrize(("words", "minutes"), [(0, 0), (1, 1), (202, 1), (302, 1), (303, 2), (412, 2), (20_000, 99)])
def test_reading_time(words, minutes):
    assert reading_minutes(words) == minutes


@given(st.text(), st.integers(0, 40))
def test_places_go_to_qt_and_back(text, offset):
    offset = min(offset, len(text))
    units = utf16_offset(text, offset)
    assert units == len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2
    assert codepoint_offset(text, units) == offset


def test_a_place_between_the_halves_of_a_character_is_that_character():
    assert codepoint_offset("a👏b", 2) == 1
    assert codepoint_offset("a👏b", 3) == 2
    assert codepoint_offset("a👏b", 9) == 3
