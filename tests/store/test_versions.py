"""Versions that nobody asks for: kept while somebody writes on and on (model 9)."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from editor.base.clock import FixedClock
from editor.desk import articles
from editor.desk.ports import UnitOfWork
from editor.domain.article import Article
from editor.domain.documents import article_patch, article_value
from editor.store.profile import open_profile

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def save(work: UnitOfWork, article_id: str, body: str) -> None:
    entity = work.entities.get("article", article_id)
    assert entity is not None
    base = article_patch(article_value(article_id, entity.doc))
    articles.save_draft(work, article_id, version=entity.version, started_from=base, fields={"body": body})


def test_who_types_without_a_pause_gets_the_text_he_began_with_and_one_each_five_minutes(tmp_path: Path) -> None:
    clock = FixedClock(NOON)
    with open_profile(tmp_path / "p", clock=clock) as profile:
        with profile.store.write() as work:
            article_id = articles.new_article(work, Article("", headline="Kade", body="Begin.")).value
        for second in range(10, 11 * 60, 10):
            clock.advance(timedelta(seconds=10))
            with profile.store.write() as work:
                save(work, article_id, f"Na {second} tellen.")
        with profile.store.read() as reader:
            kept = [(one.why, one.doc["body"], one.at - NOON) for one in reader.article_texts(article_id)]
    assert kept == [
        ("work", "Na 600 tellen.", timedelta(seconds=610)), ("work", "Na 300 tellen.", timedelta(seconds=310)),
        ("work", "Begin.", timedelta(seconds=10))]
