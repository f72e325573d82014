"""The library, an open article, the ticker's day, counts and search."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from editor.base.clock import FixedClock
from editor.base.ids import new_id, new_key
from editor.base.wire import format_time
from editor.desk.ports import ConflictRow, Entity, OpState, OutboxRow, RevisionRow, Standing, SyncState
from editor.desk.read_models import ArticleFilter
from editor.domain.article import Article, Status, content_hash
from editor.domain.documents import article_document, article_value, newsroom_document, ticker_document
from editor.domain.moments import moment_from_wall
from editor.domain.newsroom import Newsroom
from editor.domain.publication import Publication, PublicationKind
from editor.domain.reaction import Reaction
from editor.domain.ticker import Intent, TickerEntry
from editor.store.unit_of_work import Store
from tests.store.conftest import NOON


def article(one: str, headline: str = "Brug dicht", **given: Any) -> Entity:
    wanted = given.pop("wanted", "draft")
    return Entity("article", one, article_document(Article(one, headline=headline, **given)), wanted=wanted)


def publication(value: Article, minutes: int, kind: PublicationKind = PublicationKind.FIRST) -> Publication:
    return Publication("1-x", content_hash(value), NOON + timedelta(minutes=minutes), kind, "anna")


def op(one: str, verb: str = "transition", state: OpState = OpState.PENDING) -> OutboxRow:
    return OutboxRow(new_key(), one, "article", verb, state, "anna", NOON)


def test_the_library_pages_by_keyset_newest_saved_first(store: Store, clock: FixedClock) -> None:
    for n in range(7):
        clock.advance(timedelta(seconds=n % 2))  # some are saved in the same millisecond
        with store.write() as work:
            work.entities.put(article(f"a{n}"))
    seen: list[str] = []
    after = None
    while True:
        with store.read() as reader:
            page = reader.articles(ArticleFilter(), after=after, limit=3)
        if not page:
            break
        seen += [item.id for item in page]
        after = page[-1].cursor
    assert seen == [f"a{n}" for n in reversed(range(7))]


def test_the_library_finds_words_in_what_was_just_saved(store: Store) -> None:
    with store.write() as work:
        work.entities.put(article("a1", "Brug dicht", body="De pontjes varen"))
        work.entities.put(article("a2", "Café weer open", tags=("horeca",)))
    with store.write() as work:
        work.entities.put(article("a1", "Brug open", body="De veerboten liggen stil"))
    with store.read() as reader:
        def found(words: str) -> list[str]:
            return [item.id for item in reader.articles(ArticleFilter(words=words))]
        assert found("veerbo") == ["a1"]
        assert found("pontjes") == []
        assert found("cafe horeca") == ["a2"]
        assert found("open") == ["a2", "a1"] or found("open") == ["a1", "a2"]
        assert found("-") == ["a2", "a1"] or found("-") == ["a1", "a2"]


def test_words_of_a_transaction_that_failed_are_not_found(store: Store) -> None:
    def fail_midway() -> None:
        with store.write() as work:
            work.entities.put(article("a1", "Spookkop"))
            raise KeyError

    try:
        fail_midway()
    except KeyError:
        with store.read() as reader:
            assert reader.search("spookkop") == []


def test_the_library_filters_by_section_status_and_bin(store: Store) -> None:
    with store.write() as work:
        work.entities.put(article("a1", section="Stad"))
        work.entities.put(article("a2", status=Status.DESK, wanted="desk"))
        work.entities.put(replace(article("a3"), deleted=True))
    with store.read() as reader:
        assert [i.id for i in reader.articles(ArticleFilter(section="Stad"))] == ["a1"]
        assert [i.id for i in reader.articles(ArticleFilter(statuses=("desk", "approved")))] == ["a2"]
        assert [i.id for i in reader.articles(ArticleFilter(deleted=True))] == ["a3"]
        assert reader.counts().articles == 2


def test_scheduled_becomes_published_by_time_alone(store: Store, clock: FixedClock) -> None:
    value = Article("a1", headline="Brug dicht", status=Status.SCHEDULED)
    with store.write() as work:
        work.entities.put(Entity("article", "a1", article_document(replace(value, live=(publication(value, 5),))),
                                 wanted="scheduled"))
        work.syncs.put(SyncState("a1", "article", standing=Standing.CLEAN))
    with store.read() as reader:
        item, = reader.articles(ArticleFilter(statuses=("scheduled",)))
        assert (item.effective, item.wanted, item.live_at, item.waiting) == ("scheduled", "scheduled", None, False)
        assert reader.articles(ArticleFilter(statuses=("published",))) == []
    clock.advance(timedelta(minutes=5))
    with store.read() as reader:
        item, = reader.articles(ArticleFilter(statuses=("published",)))
        assert (item.effective, item.wanted, item.live_differs) == ("published", "published", False)
        assert item.live_at == NOON + timedelta(minutes=5)
        assert reader.articles(ArticleFilter(statuses=("scheduled",))) == []


def test_a_card_says_what_is_wanted_and_that_it_waits(store: Store) -> None:
    with store.write() as work:
        work.entities.put(article("a1", wanted="published", status=Status.APPROVED))
        work.syncs.put(SyncState("a1", "article", standing=Standing.CLEAN))
        row = work.outbox.add(op("a1"))
    with store.read() as reader:
        item, = reader.articles(ArticleFilter(statuses=("published",)))
        assert (item.wanted, item.effective, item.waiting) == ("published", "approved", True)
    with store.write() as work:
        work.outbox.put(replace(row, state=OpState.ACKED))
    with store.read() as reader:
        item, = reader.articles(ArticleFilter())
        assert (item.wanted, item.waiting) == ("approved", False)


def test_a_card_says_when_the_text_is_not_the_live_one(store: Store) -> None:
    old = Article("a1", headline="Brug dicht", status=Status.PUBLISHED)
    live = (publication(old, -60), publication(old, -10, PublicationKind.CORRECTION))
    now = replace(old, headline="Brug weer open", live=live, changed_by="p1")
    with store.write() as work:
        work.entities.put(Entity("person", "p1", {"name": "Anna"}))
        work.entities.put(Entity("article", "a1", article_document(now), wanted="published"))
        work.syncs.put(SyncState("a1", "article", article_document(replace(old, live=live)), "3-x",
                                 standing=Standing.DIRTY))
    with store.read() as reader:
        item, = reader.articles(ArticleFilter())
        assert (item.effective, item.live_differs, item.changed_by) == ("corrected", True, "Anna")
        assert item.waiting
        view = reader.article("a1")
        assert view is not None
        assert view.live is not None
        assert (view.live.headline, view.article.headline) == ("Brug dicht", "Brug weer open")


def test_the_live_text_is_found_among_what_was_kept(store: Store) -> None:
    old = Article("a1", headline="Brug dicht", status=Status.PUBLISHED)
    now = replace(old, headline="Brug open", live=(publication(old, -60),))
    with store.write() as work:
        work.entities.put(Entity("article", "a1", article_document(now)))
    with store.read() as reader:
        view = reader.article("a1")
        assert view is not None
        assert view.live is None
    with store.write() as work:
        work.revisions.add(RevisionRow("a1", NOON, "publish", article_document(old), content_hash(old)))
    with store.read() as reader:
        view = reader.article("a1")
        assert view is not None
        assert view.live == article_value("a1", article_document(old))


def test_an_open_article_tells_how_it_stands(store: Store, clock: FixedClock) -> None:
    card = ConflictRow("c1", "a1", "article", "text", "body", NOON)
    with store.write() as work:
        work.entities.put(article("a1", wanted="desk"))
        work.conflicts.add(card)
        sent = work.outbox.add(op("a1", "upsert", OpState.SEALED))
        work.outbox.add(op("a1"))
        work.revisions.add(RevisionRow("a1", NOON, "work", {"headline": "x"}, "h"))
    clock.advance(timedelta(minutes=1))
    with store.write() as work:
        work.outbox.put(replace(sent, state=OpState.ACKED))
    with store.read() as reader:
        view = reader.article("a1")
        assert view is not None
        assert (view.wanted, view.standing, view.version) == ("desk", Standing.DIRTY, 1)
        assert view.sent_at == NOON + timedelta(minutes=1)
        assert [row.verb for row in view.waiting] == ["transition"]
        assert [c.id for c in view.conflicts] == ["c1"]
        assert [r.hash for r in reader.article_texts("a1")] == ["h"]
        assert reader.article("nobody") is None


def entry(one: str, wall: str | None, **given: Any) -> Entity:
    start = moment_from_wall(wall, "Europe/Amsterdam") if wall else None
    given.setdefault("intent", Intent.PLANNED)
    return Entity("ticker", one, ticker_document(TickerEntry(one, headline=f"Kop {one}", start=start, **given)))


def test_a_tickers_day_is_the_newsrooms_and_carries_over(store: Store) -> None:
    with store.write() as work:
        work.entities.put(Entity("newsroom", "n1", newsroom_document(Newsroom())))
        work.entities.put(entry("yesterday", "2026-03-01T09:00"))
        work.entities.put(entry("night", "2026-03-01T23:30"))  # twelve hours by its priority: carries over
        work.entities.put(entry("ended", "2026-03-01T23:30", ttl_min=20))
        work.entities.put(entry("midnight", "2026-03-02T00:00"))
        work.entities.put(entry("evening", "2026-03-02T23:59"))
        work.entities.put(entry("tomorrow", "2026-03-03T00:00"))
        work.entities.put(entry("idea", None, intent=Intent.DRAFT))
        work.entities.put(replace(entry("binned", "2026-03-02T10:00"), deleted=True))
        work.syncs.put(SyncState("evening", "ticker", standing=Standing.CLEAN))
        work.conflicts.add(ConflictRow("c1", "evening", "ticker", "late", "", NOON))
    with store.read() as reader:
        day = reader.ticker_day(date(2026, 3, 2))
        assert [item.entry.id for item in day] == ["night", "midnight", "evening", "idea"]
        assert [c.id for c in day[2].conflicts] == ["c1"]
        assert (day[2].waiting, day[1].waiting) == (False, True)
        alone = reader.ticker_item("evening")
        assert alone is not None
        assert alone.entry.headline == "Kop evening"
        assert reader.ticker_item("nobody") is None


def test_only_what_may_still_be_public_is_given_to_the_list(store: Store) -> None:
    with store.write() as work:  # it is 13:00 in Amsterdam
        work.entities.put(entry("ended", "2026-03-02T12:00", ttl_min=60))
        work.entities.put(entry("on", "2026-03-02T12:01", ttl_min=60))
        work.entities.put(entry("ahead", "2026-03-04T08:00"))
        work.entities.put(entry("draft", "2026-03-02T12:30", intent=Intent.DRAFT))
    with store.read() as reader:
        assert [e.id for e in reader.ticker_entries()] == ["on", "ahead"]


def test_the_counts_of_the_rail(store: Store) -> None:
    with store.write() as work:
        for n, standing in enumerate([Standing.DIRTY, Standing.DIRTY, Standing.PARKED, Standing.CLEAN]):
            work.entities.put(article(f"a{n}"))
            work.syncs.put(SyncState(f"a{n}", "article", standing=standing))
        work.outbox.add(op("a0", "upsert", OpState.SEALED))  # a0's text is under way: counted once
        work.outbox.add(op("a3"))
        work.outbox.add(op("a2", "upsert", OpState.PARKED))
        work.outbox.add(op("a9", "upsert", OpState.PARKED))
        work.outbox.add(op("a3", "transition", OpState.ACKED))
        work.conflicts.add(ConflictRow("c1", "a0", "article", "text", "body", NOON))
        work.conflicts.add(ConflictRow("c2", "a0", "article", "text", "body", NOON, state="closed"))
    with store.read() as reader:
        counts = reader.counts()
        assert (counts.articles, counts.conflicts, counts.unsent, counts.parked) == (4, 1, 3, 2)
        assert [row.state for row in reader.outbox()] == [OpState.SEALED, OpState.PENDING, OpState.PARKED, OpState.PARKED]
        assert len(reader.outbox(done=True)) == 5
        assert [c.id for c in reader.conflicts()] == ["c1"]
        closed = reader.conflict("c2")
        assert closed is not None
        assert closed.state == "closed"


def test_the_palette_finds_articles_lines_and_reactions(store: Store) -> None:
    with store.write() as work:
        work.entities.put(article("a1", "Brug dicht"))
        work.entities.put(article("a2", "Brug weg"))
        work.entities.put(replace(article("a3", "Brug gewist"), deleted=True))
        work.entities.put(replace(entry("t1", "2026-03-02T10:00"), staged="brugwachter staakt"))
        work.reactions.put(Reaction("r1", "a1", 1, "Joke", "Die brug is altijd dicht", "h", NOON), "1")
    with store.read() as reader:
        assert reader.search("brug") == [("article", "a2", "Brug weg"), ("article", "a1", "Brug dicht"),
                                         ("ticker", "t1", "Kop t1"), ("reaction", "r1", "Die brug is altijd dicht")]
        assert len(reader.search("brug", limit=2)) == 2
        assert reader.search("?!") == []


def test_things_are_found_by_the_end_of_their_id(store: Store) -> None:
    one = new_id()
    with store.write() as work:
        work.entities.put(article(one))
        work.conflicts.add(ConflictRow(new_id() + "-card", one, "article", "text", "body", NOON))
    with store.read() as reader:
        assert reader.find("article", one[-8:]) == [one]
        assert len(reader.find("conflict", "-card")) == 1
        assert reader.find("ticker", one[-8:]) == []
        assert reader.undo_latest("article") is None


def test_times_are_kept_to_the_millisecond(store: Store, clock: FixedClock) -> None:
    clock.advance(timedelta(milliseconds=123))
    with store.write() as work:
        work.entities.put(article("a1"))
    with store.read() as reader:
        saved: datetime = reader.articles(ArticleFilter())[0].saved_at
    assert format_time(saved) == "2026-03-02T12:00:00.123Z"
