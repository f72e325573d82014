"""What differs between two versions, as it is said: never an id of the machine."""

from dataclasses import replace

import pytest

from editor.desk.articles import name_version, new_article
from editor.desk.ports import UnitOfWork
from editor.domain.article import Article
from editor.domain.changes import Outcome
from editor.ui.articles.difference import differences
from editor.ui.articles.reading import read_screen, read_versions
from editor.ui.wording import Wording
from tests.gui.articles_home import NOW, opened

OLD = Article("a1", headline="Brug dicht", related=("0190-aaaa",))
NEW = replace(OLD, related=("0190-aaaa", "0190-bbbb"))


@pytest.mark.parametrize(("language", "unknown"), [("nl", "iets zonder titel"), ("en", "something without a title")])
def test_related_articles_are_compared_by_their_headlines(language, unknown):
    for titles, said in (({"0190-aaaa": "Brug open", "0190-bbbb": "Sluis dicht"}, ["Brug open", "Sluis dicht"]),
                         ({"0190-aaaa": "Brug open"}, ["Brug open", unknown])):
        [found] = differences(OLD, NEW, Wording(language), titles=titles)
        told = "".join(span.text for span in found.spans)
        assert [line.strip() for line in told.split("\n")] == said
        assert "0190" not in told


def test_the_desk_reads_the_headlines_that_a_comparison_needs(tmp_path):
    with opened(tmp_path / "profile") as home:
        def make(work: UnitOfWork) -> Outcome[str]:
            other = new_article(work, Article("", headline="Sluis dicht")).value
            return Outcome(new_article(work, Article("", headline="Brug dicht", related=(other,))).value, work.changes())
        article_id = home.door.change_now(make)
        home.door.change_now(lambda work: name_version(work, article_id, "Met verwijzing"))
        screen = home.door.read_now(lambda reader: read_screen(reader, article_id, NOW))
        versions = home.door.read_now(lambda reader: read_versions(reader, article_id, NOW))
    assert screen is not None
    assert list(screen.titles.values()) == list(versions.titles.values()) == ["Sluis dicht"]
