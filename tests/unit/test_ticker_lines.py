"""How a typed or pasted ticker line is read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from editor.base.errors import UserError
from editor.domain.ticker_lines import TickerLine, parse_block, parse_line, parse_top


@pytest.mark.parametrize(
    ("line", "hour", "minute", "headline"),
    [
        ("- 12:55Gemeente wil vaart maken", 12, 55, "Gemeente wil vaart maken"),
        ("-9:05 Sluis blijft dicht", 9, 5, "Sluis blijft dicht"),
        ("• 09:05\u00a0Sluis blijft dicht", 9, 5, "Sluis blijft dicht"),
        ("* 9:05   Sluis   blijft  dicht ", 9, 5, "Sluis blijft dicht"),
        ("– 23:59 Laatste", 23, 59, "Laatste"),
        ("— 0:00Eerste", 0, 0, "Eerste"),
        ("12:5530 gewonden na botsing", 12, 55, "30 gewonden na botsing"),
        ("\t12:55\tKop", 12, 55, "Kop"),
        ("- 12.55Kop", 12, 55, "Kop"),
        ("• 9.05 Kop", 9, 5, "Kop"),
    ],
)
def test_a_ticker_line_is_read_in_every_way_people_write_it(line, hour, minute, headline):
    assert parse_line(line) == TickerLine(hour, minute, headline)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "   ",
        "Gewone tekst",
        "10.000 mensen op de been",
        "- 10.000 mensen op de been",
        "• 10.10.2026 begon de bouw",
        "12.55 Kop zonder streepje",
        "- 99.95 euro voor een kaartje",
        "Om 12:55 viel het besluit",
        "100:20 was de stand",
        "2:1 winst voor Lek",
        "12:55:30 met seconden",
        "- 12:55",
        "12:55   ",
    ],
)
def test_ordinary_text_is_no_ticker_line(line):
    assert parse_line(line) is None


def test_a_dotted_time_counts_where_another_line_of_the_list_has_it():
    assert parse_line("12.55 Kop", dotted=True) == TickerLine(12, 55, "Kop")
    block = parse_block("12.55 Tweede kop\n11.20 Eerste kop\n10.000 mensen kwamen kijken")
    assert block.lines == (TickerLine(12, 55, "Tweede kop"), TickerLine(11, 20, "Eerste kop"))
    assert [other.text for other in block.others] == ["10.000 mensen kwamen kijken"]


def test_a_single_dotted_time_without_a_bullet_stays_text():
    block = parse_block("12:40 Kop\n12.55 euro kost een kaartje")
    assert [line.headline for line in block.lines] == ["Kop"]
    assert [(other.number, other.text) for other in block.others] == [(2, "12.55 euro kost een kaartje")]


@pytest.mark.parametrize("line", ["25:61Kop", "- 24:00 Kop", "12:60 Kop", "- 12:99Kop"])
def test_an_impossible_time_is_refused_by_line_and_text(line):
    with pytest.raises(UserError) as caught:
        parse_block(f"- 12:55Goede kop\n\n{line}")
    assert caught.value.kind == "bad_time"
    assert "Line 3" in str(caught.value.message)
    assert line in str(caught.value.message)
    assert caught.value.safe is not None
    assert caught.value.fix is not None


def test_an_impossible_dotted_time_is_refused_among_dotted_times():
    with pytest.raises(UserError, match=r"Line 2 .*25\.61Kop"):
        parse_block("- 12.55Kop\n- 25.61Kop")


def test_headlines_are_composed():
    line = parse_line("- 12:55Cafe\u0301 Insta\u0308")
    assert line is not None
    assert line.headline == unicodedata.normalize("NFC", "Café Instä")


def test_a_no_break_space_in_a_headline_stays():
    line = parse_line("12:55 Brug over 10\u00a0km afgesloten")
    assert line is not None
    assert line.headline == "Brug over 10\u00a0km afgesloten"


@pytest.mark.parametrize(
    ("times", "days"),
    [
        (["12:55", "12:01", "09:41"], [0, 0, 0]),
        (["00:10", "23:50", "23:30"], [0, -1, -1]),
        (["00:10", "23:50"], [0, -1]),
        (["08:43", "06:00", "23:10", "12:00", "09:00"], [0, 0, -1, -1, -1]),
        (["01:00", "23:00", "02:00", "22:00"], [0, -1, -1, -2]),
        (["12:00", "12:00"], [0, 0]),
        (["09:00", "10:00", "11:00"], [0, 0, 0]),
        (["09:00", "10:00"], [0, 0]),
        (["23:30", "23:50", "00:10"], [-1, -1, 0]),
    ],
)
def test_a_list_across_midnight_gets_its_days(times, days):
    block = parse_block("\n".join(f"- {time}Kop" for time in times))
    assert [line.day_offset for line in block.lines] == days


def test_the_head_of_a_page_ends_at_the_first_line_of_text():
    top = parse_top(["- 12:55Een", "", "- 12:01Twee", "Volg ons op Facebook", "- 11:00Drie"])
    assert [line.headline for line in top.lines] == ["Een", "Twee"]
    assert top.taken == 3


def test_a_time_without_a_headline_is_named_and_does_not_end_the_ticker():
    top = parse_top(["- 12:55Een", "- 12:30", "- 12:01Twee", "Kop"], first=4)
    assert [line.number for line in top.lines] == [4, 6]
    assert [(line.number, line.text) for line in top.bare] == [(5, "- 12:30")]


@given(st.text())
def test_any_text_is_read_or_refused_in_words(text):
    try:
        block = parse_block(text)
    except UserError as error:
        assume(error.kind != "bad_time")
        raise
    assert all(0 <= line.hour < 24 and 0 <= line.minute < 60 and line.headline for line in block.lines)
    assert all(line.day_offset <= 0 for line in block.lines)


@given(st.integers(0, 23), st.integers(0, 59), st.from_regex(r"[A-Z][a-z]{2,9}( [a-z]{2,9}){0,5}", fullmatch=True))
def test_a_written_line_is_read_back(hour, minute, headline):
    assert parse_line(f"- {hour:02}:{minute:02}{headline}") == TickerLine(hour, minute, headline)
