"""What was written is read back: entities, sync states, the outbox, cards, revisions, undo, the profile's own facts."""

import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor.base.clock import FixedClock
from editor.base.errors import Bug
from editor.base.ids import new_id, new_key
from editor.base.wire import canonical
from editor.desk.ports import (
    Attempt,
    ConflictRow,
    Connection,
    Entity,
    FeedRow,
    OpState,
    OutboxRow,
    RevisionRow,
    Standing,
    SyncState,
    UndoRow,
    UnitOfWork,
)
from editor.desk.read_models import Reader
from editor.domain.changes import Facet
from editor.domain.documents import newsroom_document
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Role
from editor.store.profile import Profile
from editor.store.unit_of_work import DatabaseWork, Store
from tests.store.conftest import NOON


def op(entity_id: str, **given: Any) -> OutboxRow:
    plain: dict[str, Any] = {"op_id": new_key(), "entity_id": entity_id, "kind": "article", "verb": "transition",
                             "state": OpState.PENDING, "actor_id": "p1", "created_at": NOON}
    return OutboxRow(**{**plain, **given})


def test_the_store_is_what_the_desk_asks_for(store: Store) -> None:
    with store.write() as work, store.read() as reader:
        asked: tuple[UnitOfWork, Reader] = (work, reader)
        assert asked


def test_an_entity_counts_its_versions_and_keeps_its_time(store: Store, clock: FixedClock) -> None:
    with store.write() as work:
        first = work.entities.put(Entity("article", "a1", {"headline": "Een brug dicht"}))
    clock.advance(timedelta(seconds=3))
    with store.write() as work:
        again = work.entities.put(replace(first, doc={"headline": "Brug dicht"}, wanted="desk", saved_at=work.now()))
        assert (first.version, again.version) == (1, 2)
        assert work.entities.get("article", "a1") == again
    assert again.saved_at == NOON + timedelta(seconds=3)


def test_the_counter_never_runs_back(store: Store) -> None:
    with store.write() as work:
        for _ in range(3):
            work.entities.put(Entity("list", "words", {"items": {}}))
        assert work.entities.put(Entity("list", "words", {"items": {}}, version=1)).version == 4


def test_a_ticker_entrys_staged_headline_stays_here(store: Store) -> None:
    with store.write() as work:
        work.entities.put(Entity("ticker", "t1", {"headline": "Trein rijdt"}, staged="Trein rijdt weer", on_late="now"))
    with store.write() as work:
        found = work.entities.get("ticker", "t1")
        assert found is not None
        assert (found.staged, found.on_late, found.doc) == ("Trein rijdt weer", "now", {"headline": "Trein rijdt"})


def test_deleted_entities_are_listed_apart(store: Store) -> None:
    with store.write() as work:
        work.entities.put(Entity("person", "p1", {"name": "Anna"}))
        work.entities.put(Entity("person", "p2", {"name": "Bas"}, deleted=True))
        assert [e.id for e in work.entities.all("person")] == ["p1"]
        assert [e.id for e in work.entities.all("person", deleted=True)] == ["p2"]


def test_ids_are_found_by_their_end(store: Store) -> None:
    ids = [new_id() for _ in range(3)]
    with store.write() as work:
        for one in ids:
            work.entities.put(Entity("article", one, {}))
        assert work.entities.find("article", ids[1][-8:]) == [ids[1]]
        assert work.entities.find("article", ids[1]) == [ids[1]]
        assert work.entities.find("article", ids[1][-4:]) == [ids[1]]
        assert work.entities.find("article", "%") == []
        assert work.entities.find("article", "") == []


def test_an_unknown_kind_is_our_fault(store: Store) -> None:
    with pytest.raises(Bug), store.write() as work:
        work.entities.put(Entity("podcast", "x", {}))


def test_a_sync_state_comes_back_as_it_was(store: Store) -> None:
    state = SyncState("a1", "article", {"headline": "x"}, "3-abcdef123456", {"headline": "y"}, "4-abcdef123456", True,
                      Standing.CONFLICT, NOON, {"remote_id": 17, "step": "shell"})
    with store.write() as work:
        work.syncs.put(state)
        work.syncs.put(replace(state, standing=Standing.DIRTY, stash_doc=None, stash_rev=None))
        work.syncs.put(SyncState("a2", "article", standing=Standing.CLEAN))
    with store.write() as work:
        found = work.syncs.get("a1")
        assert found == replace(state, standing=Standing.DIRTY, stash_doc=None, stash_rev=None)
        assert [s.entity_id for s in work.syncs.with_standing(Standing.DIRTY, Standing.PARKED)] == ["a1"]
        work.syncs.put(replace(found, base_doc={"headline": "z"}))
        work.syncs.forget("a2")
        assert work.syncs.get("a2") is None
    with store.read() as reader:
        kept = reader.sync_state("a1")
        assert kept is not None
        assert kept.base_doc == {"headline": "z"}


def test_an_outbox_row_comes_back_as_it_was(store: Store) -> None:
    row = op("a1", command={"action": "publish"}, snapshot={"headline": "x"}, patch={"headline": "x"},
             next_try_at=NOON + timedelta(seconds=10), take_back=True, attempts=2, last_error="502")
    with store.write() as work:
        added = work.outbox.add(row)
        second = work.outbox.add(op("a1"))
        assert second.seq > added.seq
    with store.write() as work:
        assert work.outbox.get(row.op_id) == replace(row, seq=added.seq)
        assert [r.seq for r in work.outbox.lane("a1")] == [added.seq, second.seq]
        work.outbox.put(replace(second, state=OpState.SUPERSEDED))
        assert work.outbox.lane("a1", OpState.PENDING) == [added]
        assert work.outbox.in_states(OpState.SUPERSEDED)[0].op_id == second.op_id


@pytest.mark.parametrize("change", [{"body": b"other"}, {"body_hash": "other"}, {"base_rev": "9-x"}])
def test_a_sealed_request_is_never_rebuilt(store: Store, change: dict[str, Any]) -> None:
    sealed = op("a1", state=OpState.SEALED, body=b"{}", body_hash="h", base_rev="1-x", sealed_version=3)
    with store.write() as work:
        sealed = work.outbox.add(sealed)
    with pytest.raises(Bug), store.write() as work:
        work.outbox.put(replace(sealed, **change))
    with store.write() as work:
        work.outbox.put(replace(sealed, attempts=1))
        work.outbox.put(replace(sealed, state=OpState.ACKED))


def test_one_request_of_an_object_is_in_flight_and_one_take_back(store: Store) -> None:
    with store.write() as work:
        work.outbox.add(op("a1", state=OpState.SEALED))
        work.outbox.add(op("a1", state=OpState.SEALED, take_back=True))
        work.outbox.add(op("a2", state=OpState.SEALED))
    with pytest.raises(Bug), store.write() as work:
        work.outbox.add(op("a1", state=OpState.SEALED))


def test_the_first_log_in_adopts_what_waits_once(store: Store) -> None:
    with store.write() as work:
        mine = work.profile.actor()
        work.outbox.add(op("a1", actor_id=mine.id))
        work.outbox.add(op("a2", actor_id="somebody"))
        assert work.outbox.adopt(mine.id, "anna") == 1
        assert work.outbox.adopt(mine.id, "bas") == 0
        assert [r.actor_id for r in work.outbox.lane("a1")] == ["anna"]


def test_the_newest_attempts_come_first(store: Store) -> None:
    with store.write() as work:
        for n in range(3):
            work.outbox.note_attempt(Attempt("op", NOON, NOON + timedelta(seconds=n), f"try {n}"))
        assert [a.result for a in work.outbox.attempts("op", limit=2)] == ["try 2", "try 1"]
        assert work.outbox.attempts("other") == []


def test_cards_revisions_and_undo_records_come_back(store: Store) -> None:
    card = ConflictRow("c1", "a1", "article", "text", "body", NOON, "basis", {"a": 1}, None, True,
                       ({"base": "x", "mine": "y", "theirs": "z"},), "bas", "3-x", "stale_base", "op1")
    undo = UndoRow("approve", "reaction", "r1", NOON, "anna", {"decision": "d1"})
    with store.write() as work:
        work.conflicts.add(card)
        first = work.revisions.add(RevisionRow("a1", NOON, "step", {"headline": "x"}, "h1", "voor de brug"))
        work.revisions.add(RevisionRow("a1", NOON, "work", {"headline": "y"}, "h2"))
        one = work.undos.add(undo)
        two = work.undos.add(replace(undo, entity_kind="article"))
    with store.write() as work:
        got = work.conflicts.get("c1")
        assert got is not None
        assert replace(got, regions=tuple(got.regions)) == card
        assert work.conflicts.find("1") == ["c1"]
        work.conflicts.put(replace(card, state="closed", resolution="mine", resolved_by="anna"))
        assert work.conflicts.open() == []
        kept = work.revisions.get(first)
        assert kept is not None
        assert (kept.doc, kept.name) == ({"headline": "x"}, "voor de brug")
        assert [r.hash for r in work.revisions.of("a1")] == ["h2", "h1"]
        work.revisions.remove("a1")
        assert work.revisions.of("a1") == []
        assert [found.id for found in [work.undos.latest("reaction"), work.undos.latest()] if found] == [one, two]
        work.undos.close(one)
        assert work.undos.latest("reaction") is None
        closed = work.undos.get(one)
        assert closed is not None
        assert closed.done


def test_the_profile_knows_who_works_here(store: Store) -> None:
    with store.read() as reader:
        made_here = reader.actor()
    assert made_here.id
    assert made_here.roles == frozenset(Role)
    with store.write() as work:
        assert work.profile.actor() == made_here
        work.profile.set_actor(Actor("anna", "Anna", frozenset({Role.EDITOR})))
    with store.read() as reader:
        assert reader.actor() == Actor("anna", "Anna", frozenset({Role.EDITOR}))


def test_the_profile_has_one_server_and_its_newsroom(store: Store) -> None:
    server = Connection("c1", "press", "http://127.0.0.1:8000", "anna", "n2", "e1", "ok")
    with store.write() as work:
        assert work.profile.newsroom() == Newsroom()
        work.entities.put(Entity("newsroom", "n1", newsroom_document(Newsroom(name="Een"))))
        work.entities.put(Entity("newsroom", "n2", newsroom_document(Newsroom(name="Twee", sections=("Stad",)))))
        work.profile.bind(replace(server, id="c0"))
        work.profile.bind(server)
        work.profile.bind(replace(server, state="needs_login"))
        work.feeds.put(FeedRow("content", "e1", "abc", 12, "813"))
    with store.read() as reader:
        assert reader.connection() == replace(server, state="needs_login")
        assert reader.newsroom() == Newsroom(id="n2", name="Twee", sections=("Stad",))
        assert reader.feed("content") == FeedRow("content", "e1", "abc", 12, "813")
        assert reader.feed("reactions") == FeedRow("reactions")


def test_a_profiles_facts_are_kept_and_the_fixed_ones_stay(store: Store) -> None:
    with store.write() as work:
        work.profile.put("head", "12")
        assert work.profile.get("head") == "12"
        assert work.profile.get("nothing") is None
    with pytest.raises(Bug), store.write() as work:
        work.profile.put("clock_offset_ms", "5")


def test_an_error_takes_everything_back(store: Store) -> None:
    def fail_midway() -> None:
        with store.write() as work:
            work.entities.put(Entity("article", "a1", {}))
            raise KeyError

    with pytest.raises(KeyError):
        fail_midway()
    with store.read() as reader:
        assert reader.entity("article", "a1") is None


def test_a_reader_sees_one_state_while_others_write(store: Store) -> None:
    with store.read() as reader:
        assert reader.counts().articles == 0
        with store.write() as work:
            work.entities.put(Entity("article", "a1", {}))
        assert reader.counts().articles == 0
    with store.read() as reader:
        assert reader.counts().articles == 1


def test_a_reader_can_change_nothing(store: Store) -> None:
    with store.write() as work:
        work.entities.put(Entity("article", "a1", {}))
    with pytest.raises(Exception, match="read-only"), store.read() as reader:
        reader._outbox.add(op("a1"))  # type: ignore[attr-defined]


def test_what_was_read_ahead_is_what_is_read_one_by_one(store: Store) -> None:
    with store.write() as work:
        work.entities.put(Entity("article", "a1", {"headline": "Brug dicht"}))
        work.syncs.put(SyncState("a1", "article", {"headline": "Brug"}, "3-x"))
        work.outbox.add(op("a1"))
        work.conflicts.add(ConflictRow("c1", "a1", "article", "field", "headline", NOON))
    with store.write() as work:
        alone = (work.entities.get("article", "a1"), work.syncs.get("a1"), work.outbox.lane("a1", OpState.PENDING),
                 work.conflicts.open("a1"))
    with store.write() as work:
        work.read_ahead([("article", "a1"), ("article", "unknown"), ("reaction", "r1")])
        assert (work.entities.get("article", "a1"), work.syncs.get("a1"), work.outbox.lane("a1", OpState.PENDING),
                work.conflicts.open("a1")) == alone
        assert work.entities.get("article", "unknown") is None
        assert work.syncs.get("unknown") is None
        assert work.reactions.rev("r1") is None


def test_what_changes_after_it_was_read_ahead_is_read_as_changed(store: Store) -> None:
    with store.write() as work:
        work.read_ahead([("article", "a1")])
        work.entities.put(Entity("article", "a1", {"headline": "Brug open"}))
        work.syncs.put(SyncState("a1", "article", base_rev="4-y"))
        queued = work.outbox.add(op("a1"))
        work.conflicts.add(ConflictRow("c1", "a1", "article", "field", "headline", NOON))
        held = work.entities.get("article", "a1")
        assert held is not None
        assert held.doc == {"headline": "Brug open"}
        assert [row.op_id for row in work.outbox.lane("a1", OpState.PENDING)] == [queued.op_id]
        assert [card.id for card in work.conflicts.open("a1")] == ["c1"]
        work.outbox.put(replace(queued, state=OpState.SUPERSEDED))
        work.conflicts.put(replace(work.conflicts.open("a1")[0], state="closed"))
        assert work.outbox.lane("a1", OpState.PENDING) == []
        assert not work.conflicts.open("a1")


def test_what_waits_to_be_written_is_found_by_every_question_of_its_transaction(store: Store) -> None:
    with store.write() as work:
        work.entities.put(Entity("article", "a1-12345678", {"headline": "Brug dicht"}))
        work.syncs.put(SyncState("a1-12345678", "article", standing=Standing.PARKED))
        work.entities.put(Entity("newsroom", "n1", newsroom_document(Newsroom(name="Haven"))))
        assert work.profile.newsroom().name == "Haven"
        assert [one.id for one in work.entities.all("article")] == ["a1-12345678"]
        work.entities.put(Entity("article", "a2-12345678", {}))
        assert len(work.entities.find("article", "12345678")) == 2
        assert [state.entity_id for state in work.syncs.with_standing(Standing.PARKED)] == ["a1-12345678"]


def test_two_writes_of_one_row_in_a_transaction_are_two_versions_and_the_last_stands(store: Store) -> None:
    with store.write() as work:
        work.entities.put(Entity("article", "a1", {"headline": "Eerst"}))
        work.syncs.put(SyncState("a1", "article", {"headline": "Grond"}, "1-a"))
        work.entities.put(Entity("article", "a1", {"headline": "Daarna"}))
        work.syncs.put(SyncState("a1", "article", {"headline": "Grond"}, "2-b"))
    with store.read() as reader:
        held, state = reader.entity("article", "a1"), reader.sync_state("a1")
    assert held is not None
    assert state is not None
    assert (held.version, held.doc) == (2, {"headline": "Daarna"})
    assert (state.base_rev, state.base_doc) == ("2-b", {"headline": "Grond"})


def test_changes_of_one_thing_are_gathered(store: Store) -> None:
    with store.write() as work:
        work.changed("article", "a1", Facet.TEXT)
        work.changed("ticker", "t1", Facet.TIME)
        work.changed("article", "a1", Facet.STATUS)
        assert [(c.id, c.facets) for c in work.changes().changes] == [
            ("a1", Facet.TEXT | Facet.STATUS), ("t1", Facet.TIME)]


def test_the_windows_thread_may_not_write(store: Store) -> None:
    store.forbid_thread(threading.get_ident())
    with pytest.raises(Bug, match="thread"), store.write():
        pass
    with store.read() as reader:
        assert reader.counts().articles == 0


def test_a_unit_of_work_inside_another_is_our_fault(store: Store) -> None:
    with store.write(), pytest.raises(Bug, match="inside"), store.write():
        pass


def test_writers_on_two_threads_take_turns(store: Store) -> None:
    def add(start: int) -> None:
        for n in range(start, start + 20):
            with store.write() as work:
                work.entities.put(Entity("article", f"a{n}", {}))

    threads = [threading.Thread(target=add, args=(start,)) for start in (0, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.read() as reader:
        assert reader.counts().articles == 40


def test_who_did_what_is_kept(profile: Profile) -> None:
    with profile.store.write() as work:
        work.audit("publish", "article", "a1", {"kind": "first"})
        assert isinstance(work, DatabaseWork)
        rows = work._connection.exec_driver_sql("SELECT what, entity_id, details FROM audit").all()
    assert [tuple(row) for row in rows] == [("publish", "a1", '{"kind":"first"}')]


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=200)
documents = st.fixed_dictionaries(
    {"headline": texts, "lead": texts, "body": texts, "tags": st.lists(texts, max_size=3)},
    optional={"section": texts, "note": st.none() | texts, "of_a_newer_version": st.dictionaries(texts, st.integers())})


@given(documents=st.lists(documents, min_size=1, max_size=4), wanted=texts)
def test_any_document_comes_back_to_the_letter(documents: list[dict[str, Any]], wanted: str,
                                               tmp_path_factory: pytest.TempPathFactory) -> None:
    from editor.store.profile import open_profile

    with open_profile(tmp_path_factory.mktemp("any"), clock=FixedClock(NOON)) as profile:
        for n, document in enumerate(documents, 1):
            with profile.store.write() as work:
                put = work.entities.put(Entity("article", "a1", document, wanted=wanted))
            with profile.store.read() as reader:
                found = reader.entity("article", "a1")
            assert found == put
            assert put.version == n
            assert found is not None
            assert canonical(found.doc) == canonical(document)


def test_only_the_newest_attempts_are_kept(store: Store) -> None:
    with store.write() as work:
        work.outbox.note_attempt(Attempt("op", NOON, NOON, "first"))
        work._connection.exec_driver_sql(
            "INSERT INTO attempt(id,op_id,started_at,ended_at,result,excerpt) VALUES(10000,'op',0,0,'later','')")
        assert len(work.outbox.attempts("op")) == 2
        work.outbox.note_attempt(Attempt("op", NOON, NOON, "newest"))
        assert [a.result for a in work.outbox.attempts("op")] == ["newest", "later"]


def test_settled_requests_go_after_a_month_and_waiting_ones_never(store: Store, clock: FixedClock) -> None:
    with store.write() as work:
        waiting = work.outbox.add(op("a1"))
        settled = work.outbox.add(op("a2", state=OpState.SEALED, body=b"{}", body_hash="h"))
        work.outbox.put(replace(settled, state=OpState.ACKED))
        kept = work.outbox.get(settled.op_id)
        assert kept is not None
        assert (kept.body, kept.body_hash) == (None, "h")
    clock.advance(timedelta(days=29))
    assert store.tidy() == 0
    clock.advance(timedelta(days=2))
    assert store.tidy() == 1
    with store.read() as reader:
        assert [row.op_id for row in reader.outbox(done=True)] == [waiting.op_id]
