"""The one renderer: what a reader sees, and what never gets through."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from editor.text.escaping import escape
from editor.text.markdown import blocks, to_html

TAGS = set(
    "h2 h3 h4 h5 h6 p br hr strong em del code pre blockquote ul ol li table thead tbody tr th td a img sup div".split()
)
ATTRIBUTES = {"href", "src", "alt", "title", "rel", "id", "start", "align"}


class Seen(HTMLParser):
    """Every tag, attribute and text of some HTML, as a browser would read it."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment got through: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration got through: {decl}")


def is_harmless(markup: str) -> None:
    seen = Seen(markup)
    assert set(seen.tags) <= TAGS
    for name, value in seen.attributes:
        assert name in ATTRIBUTES
        if name in ("href", "src"):
            bare = re.sub(r"[\x00-\x20]", "", value).lower()
            assert re.match(r"(https?:|mailto:|media:|[^:]*([/?#]|$))", bare), value


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Een **vet** en _schuin_ woord.", "<p>Een <strong>vet</strong> en <em>schuin</em> woord.</p>"),
        ("# Kop", "<h2>Kop</h2>"),
        ("## Tussenkop", "<h2>Tussenkop</h2>"),
        ("### Daaronder", "<h3>Daaronder</h3>"),
        ("Kop\n===", "<h2>Kop</h2>"),
        ("~~weg~~ en ~~ niet ~~", "<p><del>weg</del> en ~~ niet ~~</p>"),
        ("> citaat", "<blockquote>\n<p>citaat</p>\n</blockquote>"),
        ("3. drie\n4. vier", '<ol start="3">\n<li>drie</li>\n<li>vier</li>\n</ol>'),
        ("```\na < b\n```", "<pre><code>a &lt; b\n</code></pre>"),
        ("AT&T &copy; 2026", "<p>AT&amp;T © 2026</p>"),
        ("grote_klok_9", "<p>grote_klok_9</p>"),
        ("10\u00a0km", "<p>10&nbsp;km</p>"),
    ],
)
def test_markdown_is_shown(markdown, expected):
    assert to_html(markdown) == expected


def test_links_say_nothing_of_where_the_reader_came_from():
    assert to_html("[de raad](https://raad.example)") == (
        '<p><a href="https://raad.example" rel="noopener noreferrer">de raad</a></p>'
    )


def test_tables_keep_their_alignment():
    seen = Seen(to_html("| a | b |\n|:--|--:|\n| 1 | 2 |"))
    assert seen.tags.count("td") == 2
    assert ("align", "right") in seen.attributes


def test_footnotes_lead_there_and_back():
    seen = Seen(to_html("Tekst[^1].\n\n[^1]: De noot."))
    assert {("id", "fn:1"), ("href", "#fn:1"), ("id", "fnref:1"), ("href", "#fnref:1")} <= set(seen.attributes)


def test_a_picture_gets_its_address_after_sanitising():
    addresses = {"0193-a": "/media/ab.jpg?a=1&b=2"}
    markup = to_html('![Een "brug" > kade](media:0193-a "t")', media_address=addresses.get)
    assert Seen(markup).attributes == [("alt", 'Een "brug" > kade'), ("src", "/media/ab.jpg?a=1&b=2"), ("title", "t")]
    assert 'src="media:0193-a"' in to_html("![x](media:0193-a)")


def test_a_picture_that_is_not_there_shows_its_text():
    assert to_html("![De brug](media:weg)", media_address=lambda _id: None) == '<p><img alt="De brug"></p>'


def test_an_address_cannot_break_out_of_its_attribute():
    markup = to_html("![x](media:a)", media_address=lambda _id: '"><script>alert(1)</script>')
    assert Seen(markup).tags == ["p", "img"]


def test_text_that_looks_like_a_picture_stays_text():
    markup = to_html('`<img src="media:a">` en src="media:a"', media_address=lambda _id: "/x")
    assert "/x" not in markup
    assert Seen(markup).text == '<img src="media:a"> en src="media:a"'


def test_media_is_for_pictures_and_mail_for_links():
    assert "href" not in to_html("[x](media:a)")
    assert "src" not in to_html("![x](mailto:a@b.example)")
    assert 'href="mailto:a@b.example"' in to_html("[x](mailto:a@b.example)")


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//x.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)>",
    "<style>@import 'x';</style>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<div style='background:url(javascript:alert(1))'>",
    "<!-- x --><!DOCTYPE html><?php ?>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<base href=//x.example><meta http-equiv=refresh content=0>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#115;cript:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x]( javascript:alert(1))",
    "[x](&#106;avascript&colon;alert(1))",
    "[x](<javascript:alert(1)>)",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](file:///etc/passwd)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![x](x "onerror=alert(1)")',
    '![" onerror="alert(1)](x)',
    '[x](x"onmouseover="alert(1))',
    "```<script>\nalert(1)\n```",
    "```js onload=x\n</code></pre><script>alert(1)</script>\n```",
    "`</code><script>alert(1)</script>`",
    "| <script> | `|` |\n|---|---|\n| </td><script>alert(1)</script> | x |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\\<script>alert(1)\\</script>",
    "\x02klzzwxh:0000\x03 \x02amp\x03 \x0260\x03script>",
    "[^1]\n\n[^1]: <script>alert(1)</script>",
    "[^<b>]\n\n[^<b>]: x",
    "# <script>\n\n> <script>\n\n- <script>",
]


@pytest.mark.parametrize("markdown", HOSTILE)
def test_nothing_hostile_gets_through(markdown):
    is_harmless(to_html(markdown))
    is_harmless(to_html(f"> - {markdown}\n\n**{markdown}** [{markdown}](https://x.example)"))


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *HOSTILE,
            "\n",
            "\n\n",
            "    ",
            "- ",
            "> ",
            "**",
            "`",
            "[",
            "](",
            ")",
            "![",
            "<",
            ">",
            '"',
            "'",
            "&",
            "\\",
            "|",
            "x",
        ]
    ),
    max_size=10,
).map("".join)


@given(st.one_of(FRAGMENTS, st.text()))
def test_whatever_comes_in_what_comes_out_is_harmless(markdown):
    is_harmless(to_html(markdown, media_address=lambda name: f"/media/{name}"))


def test_a_tag_in_a_text_is_shown_as_it_was_typed():
    assert Seen(to_html("De kop <b>vet</b> & <script>")).text.strip() == "De kop <b>vet</b> & <script>"


LINE = st.text(alphabet=st.sampled_from("aB1 \\*_`[]<>&;#~-+.()!|=:\"'éم👩{}^")).map(
    lambda text: " ".join(text.split())
)


@given(LINE)
def test_an_escaped_line_shows_exactly_its_text(line):
    assume(line)
    seen = Seen(to_html(escape(line)))
    assert (seen.tags, seen.text) == (["p"], line)


@given(LINE)
def test_an_escaped_subhead_shows_exactly_its_text(line):
    assume(line)
    seen = Seen(to_html(f"## {escape(line)}"))
    assert (seen.tags, seen.text) == (["h2"], line)


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Een.\n\nTwee.\n", ["Een.\n\n", "Twee.\n"]),
        ("- a\n\n- b\n\n  c\n\nNa.", ["- a\n\n- b\n\n  c\n\n", "Na."]),
        ("| a |\n|---|\n| 1 |\n\nNa.", ["| a |\n|---|\n| 1 |\n\n", "Na."]),
        ("> a\n\n> b\n\nNa.", ["> a\n\n> b\n\n", "Na."]),
        ("```\na\n\nb\n```\n\nNa.", ["```\na\n\nb\n```\n\n", "Na."]),
        ("[x][1]\n\nNa.\n\n[1]: https://x.example", ["[x][1]\n\nNa.\n\n[1]: https://x.example"]),
    ],
)
def test_a_preview_renders_by_block(markdown, expected):
    assert list(blocks(markdown)) == expected


PARTS = st.lists(
    st.sampled_from(
        [
            "Een zin.",
            "**vet**",
            "# Kop",
            "- a",
            "- b",
            "1. c",
            "> q",
            "| a | b |",
            "|---|---|",
            "```",
            "    ",
            "---",
            "~~~",
        ]
    )
    | st.sampled_from(["\n", "\n\n"]),
    max_size=16,
).map("".join)


@given(PARTS)
def test_blocks_rendered_apart_are_the_text_rendered_whole(markdown):
    assert "".join(blocks(markdown)) == markdown
    apart = "".join(to_html(block) for block in blocks(markdown))
    assert apart.replace("\n", "") == to_html(markdown).replace("\n", "")


@pytest.mark.parametrize(
    "markdown",
    [
        "[" * 30000,
        "![" * 9000,
        "[^1]" * 9000 + "\n\n[^1]: x",
        "\\*" * 30000,
        ">" * 5000,
        "<" * 30000,
        "`" * 30001,
        "*a_b" * 9000,
        "\n".join("    " * depth + "- a" for depth in range(200)),
        "&#" * 9000,
        "~~a" * 9000,
        "<a@b.example>" * 5000,
    ],
)
def test_a_text_of_marks_is_rendered_all_the_same(markdown):
    is_harmless(to_html(markdown))


def test_threads_render_side_by_side():
    texts = [f"# Kop {at}\n\nTekst[^1] van {at}.\n\n[^1]: Noot {at}." for at in range(40)]
    alone = [to_html(text) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(to_html, texts)) == alone
