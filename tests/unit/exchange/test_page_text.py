"""Reading a page of news from a text file."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.base.errors import UserError
from editor.exchange.base import MAX_BYTES
from editor.exchange.page_text import read_page, write_page

ROOT = Path(__file__).parents[3]
SEED = ROOT.parent / "shared" / "data" / "seed-page.txt"
SAMPLE = ROOT / "resources" / "sample" / "page.txt"

PAGE = """\
- 12:55Gemeente wil vaart maken met nieuwe wijk
- 12:01Brug bij Lekdam blijft tot maandag dicht
Volg ons op Facebook
Drie dorpen krijgen samen één zwembad
De raden van de drie dorpen stemden donderdag in met de bouw.
Een oud plan
Het plan lag al sinds 2019 op tafel, maar de kosten liepen telkens op.
De wethouder noemde het „een kwestie van lange adem”.
Wat kost een kaartje?
Dat moet de exploitant nog bekendmaken, net als de openingstijden van het bad.
Reacties (2)
Fatima B. – 24 november 2026, 12:30
Goed stuk.

Wie betaalt de weg?
kees – 24 november 2026, 12:36
haha ja hoor
"""


def kind_of(raw: bytes) -> str:
    with pytest.raises(UserError) as caught:
        read_page(raw)
    assert str(caught.value.message)
    assert caught.value.safe is not None
    assert caught.value.fix is not None
    return caught.value.kind


def test_the_page_of_the_public_site_comes_in_whole():
    if not SEED.exists():
        pytest.skip("the public page's text is not beside this checkout")
    page = read_page(SEED.read_bytes())
    assert len(page.ticker) == 9
    assert [(line.hour, line.minute) for line in page.ticker][::8] == [(12, 55), (8, 43)]
    assert {line.day_offset for line in page.ticker} == {0}
    assert page.follow == "Volg ons op Facebook"
    assert page.article is not None
    assert page.article.headline
    assert page.article.lead.endswith(".")
    assert len(page.article.subheads) == 3
    assert page.article.paragraphs == 7
    assert page.reactions == ()
    assert page.reactions_stated == 0
    assert page.notices == ()
    assert write_page(page).strip() == SEED.read_text(encoding="utf-8").strip()


def test_the_sample_page_has_the_same_shape():
    page = read_page(SAMPLE.read_bytes())
    assert page.article is not None
    assert (len(page.ticker), len(page.article.subheads), page.article.paragraphs) == (9, 3, 7)
    assert page.follow == "Volg ons op Facebook"
    assert page.reactions_stated == 0
    assert page.notices == ()
    assert page.article.lead
    assert all(len(line.headline) <= 90 for line in page.ticker)


def test_every_part_of_a_page_is_found():
    page = read_page(PAGE.encode())
    assert [line.headline for line in page.ticker] == [
        "Gemeente wil vaart maken met nieuwe wijk",
        "Brug bij Lekdam blijft tot maandag dicht",
    ]
    assert page.follow == "Volg ons op Facebook"
    assert page.article is not None
    assert page.article.headline == "Drie dorpen krijgen samen één zwembad"
    assert page.article.lead == "De raden van de drie dorpen stemden donderdag in met de bouw."
    assert page.article.subheads == ("Een oud plan",)
    assert page.article.paragraphs == 4
    assert page.article.body.startswith("## Een oud plan\n\nHet plan lag al sinds 2019 op tafel")
    assert page.reactions_stated == 2
    assert [(one.author, one.at) for one in page.reactions] == [
        ("Fatima B.", datetime(2026, 11, 24, 12, 30)),  # noqa: DTZ001 - the page names no zone
        ("kees", datetime(2026, 11, 24, 12, 36)),  # noqa: DTZ001
    ]
    assert page.reactions[0].text == "Goed stuk.\n\nWie betaalt de weg?"
    assert [notice.kind for notice in page.notices] == ["reactions"]


@pytest.mark.parametrize(
    "raw",
    [
        PAGE.encode("utf-8-sig"),
        PAGE.encode("utf-16"),
        b"\xfe\xff" + PAGE.encode("utf-16-be"),
        b"\xff\xfe\x00\x00" + PAGE.encode("utf-32-le"),
        PAGE.replace("\n", "\r\n").encode(),
        PAGE.replace("\n", "\r").encode(),
        PAGE.replace("\n", "\u2028").encode(),
        PAGE.replace("\n", "\n\n\n").encode(),
        unicodedata.normalize("NFD", PAGE).encode(),
        PAGE.replace("é", "&eacute;").replace("„", "&bdquo;").replace("”", "&#8221;").encode(),
        PAGE.replace("\n", "\u00a0 \n ").encode(),
    ],
)
def test_the_same_page_in_other_bytes_reads_the_same(raw):
    page = read_page(raw)
    expected = read_page(PAGE.encode())
    assert page.article == expected.article
    assert page.ticker == expected.ticker
    assert [one.author for one in page.reactions] == ["Fatima B.", "kees"]


def test_windows_1252_is_recognised_and_said():
    page = read_page(PAGE.encode("cp1252"))
    assert page == read_page(PAGE.encode())
    assert "encoding" in [notice.kind for notice in page.notices]


@pytest.mark.parametrize(
    "raw",
    [
        PAGE.encode("mac_roman"),
        PAGE.encode("cp850", "replace"),
        "Şehir kararı açıkladı\nBaşkan dün konuştu".encode("iso8859-9"),
        "Город принял решение\nМэр выступил вчера".encode("cp1251"),
        "Η πόλη αποφάσισε\nΟ δήμαρχος μίλησε".encode("iso8859-7"),
        "Žižkov čeká na dálnici\nStavba začne v úterý".encode("iso8859-2"),
        "één zwembad\nmeer tekst".encode().replace(b"\xc3\xa9", b"\xc3", 1),
        PAGE.encode()[:-1] + b"\xe2\x80",
        b"\xff\xfe\x00\xd8x\x00",
        b"\xff\xfeabc",
    ],
)
def test_another_encoding_is_refused_and_never_mangled(raw):
    assert kind_of(raw) == "encoding"


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n\x00\x00", b"PK\x03\x04", b"Kop\x00tekst\nlead", b"a\x1bb\nc"])
def test_a_file_that_is_no_text_is_refused(raw):
    assert kind_of(raw) == "not_text"


@pytest.mark.parametrize("raw", [b"", b" \r\n\t\n", b"\xef\xbb\xbf", b"\xff\xfe", "\u00a0\n\u2028".encode()])
def test_an_empty_file_is_refused(raw):
    assert kind_of(raw) == "empty"


@pytest.mark.parametrize("text", ["Volg ons op Facebook\nReacties (0)", "Reacties (12)", "een losse regel"])
def test_a_file_without_ticker_or_article_is_refused(text):
    assert kind_of(text.encode()) == "no_article"


def test_a_file_that_is_too_large_is_refused():
    assert kind_of(b"a" * (MAX_BYTES + 1)) == "too_large"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- 12:55Kop\n- 25:61Kop\nKop\nLead", "2"),
        ("Kop\nLead\nReacties (1)\nAn – 31 februari 2026, 12:00\nTekst", "4"),
        ("Kop\nLead\nReacties (1)\nAn – 1 maart 2026, 24:00\nTekst", "4"),
    ],
)
def test_an_impossible_time_refuses_the_file_and_names_the_line(text, line):
    with pytest.raises(UserError, match=f"Line {line} ") as caught:
        read_page(text.encode())
    assert caught.value.kind == "bad_time"


def test_a_page_may_be_a_ticker_alone():
    page = read_page(b"- 12:55Een\n- 12:01Twee\n")
    assert len(page.ticker) == 2
    assert page.article is None


def test_a_page_may_be_an_article_alone():
    page = read_page(b"Kop van het stuk\nDe lead.\n")
    assert page.ticker == ()
    assert page.article is not None
    assert (page.article.headline, page.article.lead, page.article.body) == ("Kop van het stuk", "De lead.", "")


def test_the_ticker_of_last_night_is_of_the_day_before():
    page = read_page(b"- 00:10Een\n- 23:50Twee\n- 23:05Drie\n")
    assert [line.day_offset for line in page.ticker] == [0, -1, -1]


@pytest.mark.parametrize(
    "line",
    [
        "# van de week: de hashtag die iedereen gebruikte om over de brug te klagen.",
        "1. FC Lekdam won zondag met 3-0 van de buren en staat nu bovenaan in de klasse.",
        "- Aan het begin van een zin staat hier een streepje dat geen lijst is.",
        "> 18 jaar moet je zijn, staat er op het bord bij de ingang van het zwembad.",
        "De rekening *van 2019* is_nooit_betaald en `dat` staat in [het stuk](bijlage) van de raad.",
        "Wie <b>vet</b> wil, schrijft &lt;b&gt; en wie AT&T bedoelt schrijft dat gewoon zo.",
        "De map heet C:\\temp\\*.txt en dat blijft zo, zei de beheerder van het netwerk.",
    ],
)
def test_what_markdown_would_read_differently_stays_the_text_it_was(line):
    page = read_page(f"Kop\nDe lead.\n{line}\n".encode())
    assert page.article is not None
    assert page.article.subheads == ()
    assert page.article.paragraphs == 1
    assert page == read_page(write_page(page).encode())


def test_a_line_is_a_subhead_only_when_it_reads_as_one():
    long = "Een alinea die langer is dan elke tussenkop in dit stuk, en dat is ook de bedoeling van deze regel tekst."
    ends = ["Vraagt u zich af?", "Hij zei: „Nee”", "Het volgende:", "En toch…", "Klaar;", 'Zij zei "ja"']
    page = read_page(
        "\n".join(["Kop", "Lead.", *(row for end in ends for row in (end, long)), "Wat nu", long]).encode()
    )
    assert page.article is not None
    assert page.article.subheads == ("Wat nu",)
    last = read_page(f"Kop\nLead.\n{long}\nEen korte slotregel\n".encode())
    assert last.article is not None
    assert last.article.subheads == ()


def test_entities_that_do_not_exist_stay_as_they_are():
    page = read_page(b"Kop &amp; staart\nDe lead &bestaatniet; van AT&T &amp;lt; hier.\n")
    assert page.article is not None
    assert page.article.headline == "Kop & staart"
    assert page.article.lead == "De lead &bestaatniet; van AT&T &lt; hier."


def test_what_was_left_out_is_said():
    page = read_page(
        b"- 12:55Een\n- 12:30\n- 12:01Twee\nKop\nLead.\nReacties (3)\nlosse regel\nAn - 1 mei 2026, 9:05\nx"
    )
    assert [notice.kind for notice in page.notices] == ["bare_time", "reactions", "reactions_count", "after_reactions"]


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused_in_words(raw):
    try:
        read_page(raw)
    except UserError as error:
        assert error.kind in {"bad_time", "empty", "not_text", "encoding", "no_article", "too_large"}  # noqa: PT017


# fmt: off
WORDS = st.sampled_from([
    "De", "brug", "één", "AT&T", "&lt;", "&amp;amp;", "*ster*", "_x_",
    "`c`", "[a](b)", "<b>", "\\*", "#", "##", "1.", "-",
    "12:55", "12.30", "10.000", "•", "Volg ons op X", "Reacties (3)", "einde.", "„Ja”",
    "An – 1 mei 2026, 9:05", "~~~", "e\u0301", "\u00a0", "\u200b", "👩‍👩‍👧", "مرحبا", ":30",
    "|", "===", "---", "&#10;", "&nbsp;", "\u0338", "2)", "+",
])
# fmt: on
LINES = st.lists(WORDS, max_size=9).map(" ".join)


@given(st.lists(LINES, max_size=14).map("\n".join))
def test_a_written_page_reads_as_the_same_page(text):
    try:
        page = read_page(text.encode())
    except UserError:
        return
    assert read_page(write_page(page).encode()) == page
