"""What must hold at the end of every history, whatever happened in it (sync design E.3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from editor.base.errors import EditorError
from editor.desk import reconciling
from editor.desk.ports import OpState, Standing
from editor.domain.article import Action, effective_status
from editor.domain.documents import article_value, ticker_value
from editor.domain.publication import PublicationKind, shown
from editor.domain.ticker import Intent
from editor.sync.merge_rules import writable
from tests.sync.desk_side import WRITTEN_KINDS, beside
from tests.sync.ledger import tokens
from tests.sync.server_side import Ability, Row
from tests.sync.watching import RELEASES

if TYPE_CHECKING:
    from tests.sync.histories import History, Person

TEXTS = ("headline", "lead", "body", "note", "tags")


def take_backs_have_won(history: History) -> None:
    """After everybody synced, before any card was settled: what was taken back is off."""
    rows = history.server.rows()
    _last_words_count(history, rows)
    _withdrawn_lines_stay_off(history, rows)


def all_is_well(history: History) -> None:
    """After the healing."""
    rows = history.server.rows()
    _no_word_is_lost_or_doubled(history, rows)
    _last_words_count(history, rows)
    _withdrawn_lines_stay_off(history, rows)
    assert not history.can(Ability.READERS) or history.server.is_whole(), "the log of decisions was tampered with"
    _everybody_sees_the_same(history, rows)
    _what_was_erased_is_nowhere(history, rows)
    if history.can(Ability.PAGES):
        _readers_see_what_was_approved(history, rows)
    assert all(not person.desk.bugs for person in history.people), [person.desk.bugs for person in history.people]


def _no_word_is_lost_or_doubled(history: History, rows: Mapping[str, Row]) -> None:
    """E.3 1 and 2."""
    ledger = history.ledger
    for article_id, typed in ledger.written.items():
        if article_id in ledger.erased | ledger.went_back:
            continue
        row = rows.get(article_id)
        head = row.doc if row is not None else {}
        texts = "\n\n".join(str(head.get(name) or "") for name in TEXTS)
        kept = tokens(texts)
        if row is None or row.deleted:
            kept |= _kept_at_home(history, article_id)
        lost = typed - kept - ledger.let_go
        assert not lost, f"lost in {article_id}: {sorted(lost)}"
        doubled = [token for token in tokens(texts) if texts.count(token) > 1]
        assert not doubled, f"doubled in {article_id}: {doubled}"
        ledger.tried["1 at the end"] += len(typed - ledger.let_go)
        ledger.tried["1 tags"] += len(tokens(head.get("tags")))


def _kept_at_home(history: History, article_id: str) -> set[str]:
    """What the bins and versions of the desks hold of it."""
    found: set[str] = set()
    for person in history.people:
        entity = history.entity(person, "article", article_id)
        found |= tokens(entity.doc) if entity is not None else set()
        for revision in person.desk.door.read_now(lambda reader: reader.article_texts(article_id)):
            found |= tokens(revision.doc)
    return found


def _what_was_erased_is_nowhere(history: History, rows: Mapping[str, Row]) -> None:
    """E.3 12: retention and erasure reach every desk, its versions included."""
    for one in history.ledger.erased:
        if one not in rows or not rows[one].why:
            continue  # somebody has put an empty one back
        words = history.ledger.forgotten[one]
        for person in history.people:
            assert not words & _kept_at_home(history, one), f"{person.name} still has words of {one}"
            assert person.desk.door.read_now(lambda reader: reader.reaction(one)) is None, f"{one} stands at {person.name}'s"  # noqa: B023 - read at once
        history.ledger.tried["12 erased"] += 1


def _last_words_count(history: History, rows: Mapping[str, Row]) -> None:
    """E.3 9. Whoever alone put an article out and took it back last: it is not public, and never will be."""
    soon = history.newsroom.clock.now()
    for article_id, steps in history.ledger.steps.items():
        releases = [n for n, (_, action) in enumerate(steps) if action in RELEASES]
        backs = [n for n, (_, action) in enumerate(steps) if action is Action.WITHDRAW]
        people = {name for name, action in steps if action in RELEASES or action.is_take_back}
        if not releases or not backs or backs[-1] < releases[-1] or len(people) != 1:
            continue
        if article_id in history.ledger.unclear or article_id not in rows:
            continue
        article = article_value(article_id, rows[article_id].doc)
        for later in (0, 1, 60, 24 * 60):
            at = soon + timedelta(minutes=later)
            assert not effective_status(article, at).is_public, f"public against the last word: {article_id}"
        history.ledger.tried["9 last words"] += 1


def _withdrawn_lines_stay_off(history: History, rows: Mapping[str, Row]) -> None:
    for entry_id in history.ledger.taken_off:
        if entry_id in rows:
            entry = ticker_value(entry_id, rows[entry_id].doc)
            assert entry.intent is Intent.WITHDRAWN, f"a withdrawn line stands again: {entry_id}"
            history.ledger.tried["9 lines off"] += 1


def _everybody_sees_the_same(history: History, rows: Mapping[str, Row]) -> None:
    """E.3 7 and 8."""
    for person in history.people:
        report = person.desk.sync()
        assert (report.state, report.pending, report.parked) == ("ok", 0, 0), f"{person.name}: {report}"
        waiting = person.desk.door.read_now(lambda reader: reader.outbox(done=False))
        stuck = [row for row in waiting if row.state in (OpState.PENDING, OpState.SEALED, OpState.PARKED)]
        assert not stuck, f"{person.name} has {stuck} left"
        if history.can(Ability.NUMBERED):
            there = person.desk.network.digests("content")
            here = person.desk.do(lambda work: reconciling.standpoints(work, "content"))
            assert not reconciling.differing(here, there), f"{person.name}'s digests are not the server's"
        with beside(person.desk) as tables:
            for row in rows.values():
                if row.kind in WRITTEN_KINDS:
                    _holds_what_the_server_has(person, row, tables)
                elif row.kind == "reaction" and not row.deleted:
                    _shows_the_reaction(person, row)
                history.ledger.tried["7 equal"] += 1


def _holds_what_the_server_has(person: Person, row: Row, tables: Any) -> None:
    here = tables.execute(f"SELECT deleted, fields FROM {row.kind} WHERE id = ?", (row.id,)).fetchone()
    if row.deleted:
        assert here is None or here[0], f"{person.name} does not know that {row.id} is gone"
        return
    assert here is not None, f"{person.name} does not have {row.id}"
    assert not here[0], f"{person.name} has {row.id} in the bin"
    standing, base_rev, base_doc = tables.execute(
        "SELECT standing, base_rev, base_doc FROM sync_state WHERE entity_id = ?", (row.id,)).fetchone()
    assert standing == Standing.CLEAN, f"{person.name}: {row.kind} {row.id} is {standing}"
    assert base_rev == row.rev, f"{person.name}: {base_rev} is not {row.rev}"
    theirs = writable(row.kind, row.doc)
    assert writable(row.kind, json.loads(base_doc)) == theirs, f"{person.name}: another base of {row.id}"
    assert writable(row.kind, json.loads(here[1])) == theirs, f"{person.name}: another text of {row.id}"


def _shows_the_reaction(person: Person, row: Row) -> None:
    view = person.desk.door.read_now(lambda reader: reader.reaction(row.id))
    assert view is not None, f"{person.name} does not have {row.id}"
    assert view.reaction.status.value == row.doc["status"], f"{person.name}: another state of {row.id}"
    assert view.waiting is None


def _readers_see_what_was_approved(history: History, rows: Mapping[str, Row]) -> None:
    """E.3 9, on the public pages themselves: now, or when everything planned has come."""
    history.newsroom.pass_time(minutes=history.dice.choice((0, 0, 90, 24 * 60)))
    for row in rows.values():
        if row.kind == "article" and not row.deleted and row.doc["live"]:
            _page_is_right(history, row)
    for headline in history.newsroom.public_ticker():
        known = [one for one, said in history.ledger.headlines.items() if headline in said]
        assert known, f"nobody meant {headline} for readers"
        assert not set(known) & history.ledger.taken_off, f"{headline} was taken off"
        history.ledger.tried["9 public lines"] += 1


def _page_is_right(history: History, row: Row) -> None:
    try:
        text = history.newsroom.public_text(row.id)
    except EditorError:
        text = ""
    public = shown(article_value(row.id, row.doc).live, history.newsroom.clock.now())
    if public is None or public.kind is PublicationKind.WITHDRAWAL:
        assert not text, f"readers see what is not public: {row.id}"
        history.ledger.tried["9 hidden pages"] += 1
        return
    frozen: Any = history.server.frozen(row.id, public.rev)
    assert (row.id, public.content_hash) in history.ledger.approved, f"readers see what nobody approved: {row.id}"
    assert tokens(text) >= tokens(frozen["body"]), f"readers see another text than the approved one: {row.id}"
    history.ledger.tried["9 public pages"] += 1
