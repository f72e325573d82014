"""What must hold whenever a request has reached the server, and whenever a desk has synced (sync design E.3).

The watch stands beside the server, remembers every head it saw, and counts how often each rule could have been broken:
a rule that nothing ever tried has proved nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from editor.base.wire import digest
from editor.domain.article import Action
from editor.domain.documents import article_value, ticker_value
from editor.domain.moderation import LogRow
from editor.domain.publication import Publication, PublicationKind, shown
from editor.domain.reaction import ReactionStatus, Verb
from editor.sync.backend import Op
from editor.sync.machine import STATE_VERBS, rev_number
from editor.sync.merge_rules import writable
from tests.sync.ledger import tokens
from tests.sync.server_side import Ability, Row

if TYPE_CHECKING:
    from tests.sync.histories import History

SENTENCE = re.compile(r"Zin w\d{4} van \w+\.")
RELEASES = (Action.PUBLISH, Action.CORRECT, Action.SCHEDULE)


class Watch:
    """Looks at the server after every request, and holds what it sees against what it saw and what people did."""

    def __init__(self, history: History) -> None:
        self.history, self.server, self.ledger = history, history.server, history.ledger
        self.heads: dict[str, int] = dict(self.server.heads())
        self.rows: dict[str, Row] = self.server.rows()
        self.versions: dict[tuple[str, str], str | None] = {}  # (thing, rev) -> digest of what people may write; None: gone
        self.publications: set[tuple[str, str, str, datetime]] = set()
        self.sent: dict[str, Op] = {}
        self.owners: dict[str, str] = {}  # request -> whose desk it left
        self.acted: set[str] = set()
        self.logs: dict[str, list[LogRow]] = {}
        self.effects = 0
        for row in self.rows.values():
            self._remember(row)
        self.go_back()

    def go_back(self) -> None:
        """The server is what it was once: everything is looked at anew, and what it forgot may happen again."""
        self.heads, self.rows = dict(self.server.heads()), self.server.rows()
        self.logs.clear()
        if Ability.NUMBERED in self.server.can:
            effects = self.server.effects(0)
            self.effects = effects[-1].number if effects else 0
            self.acted = {effect.op_id for effect in effects if effect.op_id}
        for row in self.rows.values():
            self._remember(row)

    # ---------------------------------------------------------------------------------------------- leaving, arriving
    def leaves(self, name: str, speaks_for: str, kept: bytes | None, op: Op) -> None:
        """From `name`'s desk, under the log-in of `speaks_for`, with what is sealed on its disk.

        E.3 4 and 11: what leaves is on disk, sealed, the same bytes each time, and its own person's."""
        assert kept is not None, f"sent and not sealed: {op.verb} {op.op_id}"
        assert kept == op.body, f"sent otherwise than it was sealed: {op.op_id}"
        before = self.sent.setdefault(op.op_id, op)
        assert (before.body, before.body_hash) == (op.body, op.body_hash), f"another request under one key: {op.op_id}"
        assert self.owners.setdefault(op.op_id, name) == name, f"another's request: {op.op_id}"
        assert speaks_for == name, f"{name}'s request goes out under another log-in"
        self.ledger.tried["4 sealed"] += 1
        self.ledger.tried["4 sent again"] += before is not op
        self.ledger.tried["11 actor"] += 1

    def look(self) -> None:
        """After each contact: what the server did, and what it holds now."""
        heads = dict(self.server.heads())
        if heads == self.heads:
            return
        changed = self.server.changed(self.heads)
        if Ability.NUMBERED in self.server.can:
            self._numbers_are_dense(heads, changed)
        for row in changed:
            self._row(row)
            self.rows[row.id] = row
        self.heads = heads

    def _numbers_are_dense(self, heads: Mapping[str, int], changed: list[Row]) -> None:
        """E.3 13 and 2: as many numbers as writes, and each request has acted once."""
        effects = self.server.effects(self.effects)
        moved = sum(heads[stream] - self.heads.get(stream, 0) for stream in heads)
        assert moved == len(effects), f"{moved} numbers for {len(effects)} writes"
        for stream, head in heads.items():
            numbers = [row.number for row in changed if row.stream == stream]
            assert all(a < b for a, b in pairwise(numbers)), f"a feed that does not rise: {numbers}"
            assert not numbers or numbers[-1] == head, f"{stream} stands at {head}, its last row at {numbers[-1]}"
        for effect in effects:
            if effect.op_id is not None:
                assert effect.op_id not in self.acted, f"acted twice: {effect.verb} {effect.op_id}"
                assert effect.op_id in self.sent, f"nobody sent {effect.op_id}"
                self.acted.add(effect.op_id)
                self.ledger.tried["2 one effect"] += 1
        self.effects = effects[-1].number if effects else self.effects
        self.ledger.tried["13 dense feed"] += moved

    def _row(self, row: Row) -> None:
        before = self.rows.get(row.id)
        if Ability.NUMBERED in self.server.can:
            self._replaces_what_it_saw(row, before)
        self._remember(row)
        if row.kind == "article" and not row.deleted:
            self._sentences_are_somebodys(row)
            self._nobodys_words_are_reverted(row, before)
            if Ability.STEPS in self.server.can:
                self._public_by_right(row, before)
        elif row.kind == "ticker":
            self._line_was_meant(row)
        elif row.kind == "reaction" and not row.deleted:
            self._hidden_stays_hidden(row)

    def _remember(self, row: Row) -> None:
        self.versions[row.id, row.rev] = None if row.deleted else digest(writable(row.kind, row.doc))
        if row.kind == "article" and Ability.STEPS in self.server.can:
            for p in article_value(row.id, row.doc).live:
                self.publications.add((row.id, p.rev, p.content_hash, p.release_at))

    def _replaces_what_it_saw(self, row: Row, before: Row | None) -> None:
        """E.3 3: a state's parent is the head that it replaced."""
        op = self.sent.get(row.op_id or "")
        known = rev_number(before.rev) if before is not None else 0
        if op is None or rev_number(row.rev) != known + 1:
            return  # press's own, or several writes at once: one look a request, so that is rare
        if op.verb in STATE_VERBS:
            assert op.base_rev == (before.rev if before is not None else None), f"written over unseen: {row.id} {row.rev}"
            self.ledger.tried["3 parent"] += 1

    def _sentences_are_somebodys(self, row: Row) -> None:
        """E.3 10: no text holds a sentence that nobody wrote, nor one twice."""
        for name in ("lead", "body"):
            text = str(row.doc.get(name) or "")
            found = SENTENCE.findall(text)
            unknown = set(found) - self.ledger.sentences
            assert not unknown, f"a sentence that nobody wrote: {unknown}"
            assert not SENTENCE.sub("", text).strip(), f"half a sentence in {text!r}"
            self.ledger.tried["10 sentences"] += len(found)

    def _nobodys_words_are_reverted(self, row: Row, before: Row | None) -> None:
        """E.3 3: what was in the head is in the next one, unless somebody saw it and took it away, or was asked."""
        if before is None or before.deleted or row.id in self.ledger.erased | self.ledger.went_back or Ability.NUMBERED not in self.server.can:
            return  # without compare-and-set a head may be covered for a moment
        gone = tokens(before.doc) - tokens(row.doc) - self.ledger.ever_dropped
        if gone:
            gone -= self.history.asked_about(row.id)
        assert not gone, f"reverted in {row.id}: {sorted(gone)}"
        self.ledger.tried["3 kept words"] += len(tokens(before.doc))

    # --------------------------------------------------------------------------------------------------- what is public
    def _public_by_right(self, row: Row, before: Row | None) -> None:
        """E.3 9, for this moment and every minute to come."""
        article, now = article_value(row.id, row.doc), self.history.newsroom.clock.now()
        was = article_value(row.id, before.doc).live if before is not None else ()
        numbered = Ability.NUMBERED in self.server.can  # one look a write
        assert not numbered or len(article.live) - len(was) <= 1 or row.op_id is None or before is None, f"released twice: {row.id}"
        coming = [p for p in article.live if p.cancelled_at is None and p.release_at > now]
        assert len(coming) <= 1, f"two publications ahead: {row.id}"
        for publication in article.live:
            if publication.kind is PublicationKind.WITHDRAWAL:
                continue
            seen = (row.id, publication.content_hash)
            assert seen in self.ledger.approved, f"unapproved text public: {row.id}"
            assert seen in self.ledger.released, f"published by nobody: {row.id}"
        if numbered and len(article.live) == len(was) + 1 and article.live[-1].kind is not PublicationKind.WITHDRAWAL:
            self._released_by_a_step(row, article.live[-1])
        for instant in minutes_to_come(article.live, now):
            public = shown(article.live, instant)
            if public is not None and public.kind is not PublicationKind.WITHDRAWAL:
                self._no_embargo_is_passed(row, public, now)
        self.ledger.tried["9 ahead"] += len(coming)

    def _released_by_a_step(self, row: Row, publication: Publication) -> None:
        op = self.sent.get(row.op_id or "")
        assert op is not None, f"released by nobody's request: {row.id}"
        assert op.verb == "transition", f"released without a step: {row.id}"
        command = json.loads(op.body)["ops"][0]["cmd"]
        assert command["action"] in RELEASES, f"released by {command['action']}: {row.id}"
        assert command["content_hash"] == publication.content_hash, f"another text than the step's: {row.id}"
        assert publication.release_at >= self.history.newsroom.clock.now() - timedelta(minutes=5), f"in the past: {row.id}"
        self.ledger.tried["9 released"] += 1

    def _no_embargo_is_passed(self, row: Row, public: Publication, now: datetime) -> None:
        frozen = article_value(row.id, self.server.frozen(row.id, public.rev))
        if frozen.embargo_at is not None:
            assert frozen.embargo_at.utc <= public.release_at, f"before its embargo: {row.id}"
            self.ledger.tried["9 embargo"] += 1
        present = article_value(row.id, row.doc)
        if public.release_at > now and present.embargo_at is not None:
            assert present.embargo_at.utc <= public.release_at, f"ahead of a moved embargo: {row.id}"
            self.ledger.tried["9 embargo ahead"] += 1

    def _line_was_meant(self, row: Row) -> None:
        entry = ticker_value(row.id, row.doc)
        assert entry.headline in self.ledger.headlines[row.id], f"half a headline travelled: {entry.headline}"
        self.ledger.tried["9 headlines"] += 1

    # ------------------------------------------------------------------------------------------------------- decisions
    def _hidden_stays_hidden(self, row: Row) -> None:
        """E.3 14: the log is only appended to, and readers see nothing against a no that its approval did not know."""
        log, known = self.server.decisions(row.id), self.logs.get(row.id, [])
        assert log[:len(known)] == known, f"the log of {row.id} was written over"
        assert len({one.decision.id for one in log}) == len(log), f"decided twice: {row.id}"
        self.logs[row.id] = log
        self.ledger.tried["14 log"] += len(log)
        if row.doc["status"] != ReactionStatus.APPROVED.value:
            return
        counted = [n for n, one in enumerate(log) if one.decision.action.is_positive and one.result in ("applied", "already")]
        assert counted, f"visible and approved by nobody: {row.id}"
        assert any(is_settled_by(log, n) for n in counted), f"visible against a no: {row.id}"
        self.ledger.tried["14 visible"] += any(one.decision.action.is_negative for one in log)


def minutes_to_come(live: tuple[Publication, ...], now: datetime) -> Iterator[datetime]:
    """Now, and the minute marks to come at which something could begin to show."""
    yield now
    for publication in live:
        if publication.release_at > now:
            for minute in (0, 1, 60):
                yield publication.release_at + timedelta(minutes=minute)


def is_settled_by(log: list[LogRow], number: int) -> bool:
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


