"""The sample newsroom's own texts: whole, readable by us, and ours."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from editor.exchange.page_text import read_page, read_reactions

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "resources" / "sample"
SEED = ROOT.parent / "shared" / "data" / "seed-page.txt"
STATUSES = {"draft", "desk", "approved", "scheduled", "published", "withdrawn"}
ARTICLES = sorted(SAMPLE.glob("articles/*.md"))


def test_there_are_reactions_of_every_kind():
    reactions = read_reactions((SAMPLE / "reactions.txt").read_bytes())
    texts = [one.text for one in reactions]
    assert len(reactions) >= 12
    assert all(texts)
    assert len(set(texts)) < len(texts), "one of them is a duplicate"
    assert any("https://" in text for text in texts)
    assert any(re.search(r"[\u0600-\u06ff]", text) for text in texts)
    assert any(text.startswith("@") for text in texts)


@pytest.mark.parametrize("path", ARTICLES, ids=lambda path: path.stem)
def test_an_article_has_its_fields_within_their_limits(path):
    opening, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    fields = tomllib.loads(head)
    assert opening == ""
    assert fields["status"] in STATUSES
    assert 0 < len(fields["headline"]) <= 90
    assert 0 < len(fields["headline_short"]) <= 60
    assert 0 < len(fields["kicker"]) <= 30
    assert 0 < len(fields["lead"]) <= 300
    assert fields["section"]
    assert fields["byline"]
    assert "\n## " in body


def test_the_library_shows_every_status_but_the_last():
    statuses = {tomllib.loads(path.read_text(encoding="utf-8").split("+++\n", 2)[1])["status"] for path in ARTICLES}
    assert statuses == STATUSES - {"withdrawn"}


def test_no_sentence_is_borrowed_from_the_public_page():
    if not SEED.exists():
        pytest.skip("the public page's text is not beside this checkout")
    words = re.findall(r"\w+", SEED.read_text(encoding="utf-8").lower())
    theirs = {tuple(words[at : at + 6]) for at in range(len(words) - 5)}
    for path in [SAMPLE / "page.txt", SAMPLE / "reactions.txt", *ARTICLES]:
        ours = re.findall(r"\w+", path.read_text(encoding="utf-8").lower())
        assert not theirs & {tuple(ours[at : at + 6]) for at in range(len(ours) - 5)}, path.name


def test_the_sample_page_says_the_same_in_every_place():
    page = read_page((SAMPLE / "page.txt").read_bytes())
    headlines = {tomllib.loads(path.read_text(encoding="utf-8").split("+++\n", 2)[1])["headline"] for path in ARTICLES}
    assert {line.headline for line in page.ticker} & headlines
