"""What must hold of every history, whatever happened in it (sync design E.3)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from editor.desk.ports import OpState, Standing
from editor.domain.article import Action, effective_status
from editor.domain.documents import article_value, ticker_value
from editor.domain.moderation import LogRow
from editor.domain.publication import PublicationKind
from editor.domain.reaction import ReactionStatus, Verb
from editor.domain.ticker import Intent
from editor.press.reaction_log import read_log
from editor.press.schema import EntityRow
from editor.sync.merge_rules import writable
from tests.sync.histories import RELEASES, History
from tests.sync.ledger import tokens

SENTENCE = re.compile(r"Zin w\d{4} van \w+\.")


def server_rows(history: History) -> dict[str, EntityRow]:
    """Everything that press has, by id."""
    with history.newsroom.press.database.read() as session:
        rows = session.scalars(sa.select(EntityRow)).all()
        session.expunge_all()
    return {row.id: row for row in rows}


def nothing_is_public_that_nobody_approved(history: History) -> None:
    """After every contact with the server: each publication is a text that somebody with the right approved and put
    out; each public line has a headline that somebody sent on purpose."""
    ledger = history.ledger
    for row in server_rows(history).values():
        doc = json.loads(row.doc)
        if row.kind == "article":
            for publication in article_value(row.id, doc).live:
                if publication.kind is not PublicationKind.WITHDRAWAL:
                    seen = (row.id, publication.content_hash)
                    assert seen in ledger.approved, f"unapproved text public: {row.id}"
                    assert seen in ledger.released, f"published by nobody: {row.id}"
        elif row.kind == "ticker":
            entry = ticker_value(row.id, doc)
            assert entry.headline in ledger.headlines[row.id], f"half a headline travelled: {entry.headline}"


def take_backs_have_won(history: History) -> None:
    """After everybody synced, before any card was settled: what was taken back is off."""
    rows = server_rows(history)
    _last_words_count(history, rows)
    _withdrawn_lines_stay_off(history, rows)


def all_is_well(history: History) -> None:
    """After the healing."""
    rows = server_rows(history)
    nothing_is_public_that_nobody_approved(history)
    _no_word_is_lost_or_doubled(history, rows)
    _last_words_count(history, rows)
    _withdrawn_lines_stay_off(history, rows)
    for one in history.ledger.reactions:
        _hidden_reactions_stay_hidden(history, rows, one)
    _everybody_sees_the_same(history, rows)


def _no_word_is_lost_or_doubled(history: History, rows: Mapping[str, EntityRow]) -> None:
    ledger = history.ledger
    for article_id, typed in ledger.written.items():
        row = rows.get(article_id)
        head = json.loads(row.doc) if row is not None else {}
        texts = "\n\n".join(str(head.get(name) or "") for name in ("headline", "lead", "body", "note"))
        kept = tokens(texts)
        if row is None or row.deleted:
            kept |= _kept_at_home(history, article_id)
        lost = typed - kept - ledger.let_go
        assert not lost, f"lost in {article_id}: {sorted(lost)}"
        doubled = [token for token in tokens(texts) if texts.count(token) > 1]
        assert not doubled, f"doubled in {article_id}: {doubled}"
        for name in ("lead", "body"):
            text = str(head.get(name) or "")
            unknown = set(SENTENCE.findall(text)) - ledger.sentences
            assert not unknown, f"a sentence that nobody wrote: {unknown}"
            assert not SENTENCE.sub("", text).strip(), f"half a sentence in {text!r}"


def _kept_at_home(history: History, article_id: str) -> set[str]:
    """What the bins and versions of the desks hold of it."""
    found: set[str] = set()
    for person in history.people:
        entity = history.entity(person, "article", article_id)
        found |= tokens(entity.doc) if entity is not None else set()
        for revision in person.desk.door.read_now(lambda reader: reader.article_texts(article_id)):
            found |= tokens(revision.doc)
    return found


def _last_words_count(history: History, rows: Mapping[str, EntityRow]) -> None:
    """Whoever alone put an article out and took it back last: it is not public, and never will be."""
    soon = history.newsroom.clock.now()
    for article_id, steps in history.ledger.steps.items():
        releases = [n for n, (_, action) in enumerate(steps) if action in RELEASES]
        backs = [n for n, (_, action) in enumerate(steps) if action is Action.WITHDRAW]
        people = {name for name, action in steps if action in RELEASES or action.is_take_back}
        if not releases or not backs or backs[-1] < releases[-1] or len(people) != 1:
            continue
        if article_id in history.ledger.unclear or article_id not in rows:
            continue
        article = article_value(article_id, json.loads(rows[article_id].doc))
        for later in (0, 1, 60, 24 * 60):
            at = soon + timedelta(minutes=later)
            assert not effective_status(article, at).is_public, f"public against the last word: {article_id}"


def _withdrawn_lines_stay_off(history: History, rows: Mapping[str, EntityRow]) -> None:
    for entry_id in history.ledger.taken_off:
        if entry_id in rows:
            entry = ticker_value(entry_id, json.loads(rows[entry_id].doc))
            assert entry.intent is Intent.WITHDRAWN, f"a withdrawn line stands again: {entry_id}"


def _hidden_reactions_stay_hidden(history: History, rows: Mapping[str, EntityRow], reaction_id: str) -> None:
    """What readers see has an approval that knew of every no before it, and no later no."""
    press = history.newsroom.press
    with press.database.read() as session:
        log = read_log(session, press.house.newsroom_id, reaction_id)
    assert len({row.decision.id for row in log}) == len(log), f"decided twice: {reaction_id}"
    if json.loads(rows[reaction_id].doc)["status"] != ReactionStatus.APPROVED.value:
        return
    counted = [n for n, row in enumerate(log) if row.decision.action.is_positive and row.result in ("applied", "already")]
    assert counted, f"visible and approved by nobody: {reaction_id}"
    assert any(_is_settled_by(log, n) for n in counted), f"visible against a no: {reaction_id}"


def _is_settled_by(log: list[LogRow], number: int) -> bool:
    """Whether the approval at `number` knew of every no: nothing negative stands after it or beside it."""
    approval = log[number].decision
    for n, row in enumerate(log):
        said = row.decision
        if not said.action.is_negative or row.result == "refused":
            continue
        known = n < approval.seen_n or said.actor_id == approval.actor_id
        taken_back = any(later.decision.action is Verb.DEESCALATE and later.result == "applied" for later in log[n:number])
        if n > number or not (known or taken_back):
            return False
    return True


def _everybody_sees_the_same(history: History, rows: Mapping[str, EntityRow]) -> None:
    for person in history.people:
        report = person.desk.sync()
        assert (report.state, report.pending, report.parked) == ("ok", 0, 0), f"{person.name}: {report}"
        waiting = person.desk.door.read_now(lambda reader: reader.outbox(done=False))
        stuck = [row for row in waiting if row.state in (OpState.PENDING, OpState.SEALED, OpState.PARKED)]
        assert not stuck, f"{person.name} has {stuck} left"
        for row in rows.values():
            if row.kind in ("article", "ticker"):
                _holds_what_the_server_has(history, person, row)
            elif row.kind == "reaction":
                _shows_the_reaction(person, row)


def _holds_what_the_server_has(history: History, person: Any, row: EntityRow) -> None:
    entity = history.entity(person, row.kind, row.id)
    if row.deleted:
        assert entity is None or entity.deleted, f"{person.name} does not know that {row.id} is gone"
        return
    assert entity is not None, f"{person.name} does not have {row.id}"
    assert not entity.deleted, f"{person.name} has {row.id} in the bin"
    state = person.desk.door.read_now(lambda reader: reader.sync_state(row.id))
    theirs = json.loads(row.doc)
    assert state.standing is Standing.CLEAN, f"{person.name}: {row.kind} {row.id} is {state.standing}"
    assert state.base_rev == row.rev, f"{person.name}: {state.base_rev} is not {row.rev}"
    assert writable(row.kind, state.base_doc) == writable(row.kind, theirs), f"{person.name}: another base"
    assert writable(row.kind, entity.doc) == writable(row.kind, theirs), f"{person.name}: another text"


def _shows_the_reaction(person: Any, row: EntityRow) -> None:
    view = person.desk.door.read_now(lambda reader: reader.reaction(row.id))
    assert view is not None, f"{person.name} does not have {row.id}"
    assert view.reaction.status.value == json.loads(row.doc)["status"], f"{person.name}: another state of {row.id}"
    assert view.waiting is None
