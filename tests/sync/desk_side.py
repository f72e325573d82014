"""What must hold of a desk after each of its syncs, and what a killed one must find again (sync design E.3).

It is read beside the engine, from the profile's own tables: what stands there is what a restart would find.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from editor.base.wire import digest
from editor.desk.histories import UNSEEN
from editor.domain.documents import article_value
from editor.sync.machine import rev_number
from editor.sync.merge_rules import is_dirty, writable
from tests.sync.ledger import tokens
from tests.sync.newsroom import Desk
from tests.sync.server_side import Ability, Row
from tests.sync.watching import Watch

if TYPE_CHECKING:
    from tests.sync.histories import History, Person

WRITTEN_KINDS = ("article", "ticker")
DURABLE = ("article", "ticker", "reaction", "decision", "sync_state", "outbox", "conflict", "feed", "meta")


@contextlib.contextmanager
def beside(desk: Desk) -> Iterator[Any]:
    """The profile's tables, to read."""
    connection = desk.profile.store._readers.raw_connection()  # one of the profile's own: opening one takes longer
    try:
        yield connection.cursor()
    finally:
        connection.close()


def sealed_on_disk(desk: Desk, op_id: str) -> bytes | None:
    """The bytes of a request that is sealed there."""
    with beside(desk) as tables:
        row = tables.execute("SELECT body FROM outbox WHERE op_id = ? AND state = 'sealed'", (op_id,)).fetchone()
    return bytes(row[0]) if row is not None else None


def durable(desk: Desk) -> dict[str, list[Any]]:
    """Everything that a restart must find as it was."""
    with beside(desk) as tables:
        return {name: tables.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in DURABLE}


class DeskWatch:
    """Holds what one desk has against what the server had."""

    def __init__(self, watch: Watch, desk: Desk) -> None:
        self.watch, self.desk, self.ledger = watch, desk, watch.ledger
        self.proved: dict[str, tuple[str, int]] = {}  # thing -> the base that was compared last

    def look(self) -> None:
        """After a sync of this desk."""
        if Ability.NUMBERED not in self.watch.server.can:
            return
        with beside(self.desk) as tables:
            states = tables.execute("SELECT entity_id, kind, base_rev, stash_rev, base_doc, adapter_state, standing"
                                    " FROM sync_state").fetchall()
            feeds = dict(tables.execute("SELECT stream, cursor FROM feed WHERE cursor IS NOT NULL AND epoch = ?",
                                        (self.watch.server.epoch(),)).fetchall())
            is_read_anew = tables.execute("SELECT 1 FROM meta WHERE k LIKE 'reread:%' AND v <> ''").fetchone()
            self._one_in_flight(tables)
            self._only_proved_deletions(tables)
            self._only_what_was_released(tables)
            reactions = dict(tables.execute("SELECT id, rev FROM reaction").fetchall()) if "reactions" in feeds else {}
        for entity_id, kind, base_rev, _, base_doc, adapter_state, _ in states:
            if kind in WRITTEN_KINDS and base_rev and base_doc and not adapter_state:
                self._base_is_real(kind, entity_id, base_rev, base_doc)
        if not is_read_anew:
            self._cursor_is_honest(feeds, {state[0]: state for state in states}, reactions)

    def _base_is_real(self, kind: str, entity_id: str, base_rev: str, base_doc: str) -> None:
        """E.3 5: it was a head of the server."""
        mark = (base_rev, hash(base_doc))
        if self.proved.get(entity_id) == mark or base_rev.startswith(UNSEEN):
            return
        seen = self.watch.versions.get((entity_id, base_rev), "")
        assert seen != "", f"{self.desk.name}: {base_rev} of {entity_id} never was"
        if seen is not None:
            assert digest(writable(kind, json.loads(base_doc))) == seen, f"{self.desk.name}: {base_rev} was another text"
            self.ledger.tried["5 base"] += 1
        self.proved[entity_id] = mark

    def _one_in_flight(self, tables: Any) -> None:
        """E.3 4."""
        for entity_id, plain, backs in tables.execute(
                "SELECT entity_id, sum(1 - take_back), sum(take_back) FROM outbox WHERE state = 'sealed' GROUP BY 1"):
            assert max(plain, backs) <= 1, f"{self.desk.name}: {plain} and {backs} requests of {entity_id} at once"
            self.ledger.tried["4 one in flight"] += 1

    def _cursor_is_honest(self, feeds: dict[str, str], states: dict[str, Any], reactions: dict[str, str]) -> None:
        """E.3 6: what the feed has told is applied, stashed or older than what stands here."""
        for stream, cursor in feeds.items():
            place = self.watch.server.place(cursor)
            for row in self.watch.rows.values():
                if row.stream != stream or row.number > place or row.deleted:
                    continue
                if row.kind in WRITTEN_KINDS:
                    self._was_taken_in(row, states.get(row.id))
                elif row.kind == "reaction":
                    known = rev_number(reactions.get(row.id))
                    assert known >= rev_number(row.rev), f"{self.desk.name}: reaction {row.id} was skipped"
                    self.ledger.tried["6 cursor"] += 1

    def _was_taken_in(self, row: Row, state: Any) -> None:
        assert state is not None, f"{self.desk.name}: {row.kind} {row.id} was skipped"
        _, _, base_rev, stash_rev, *_ = state
        if (base_rev or "").startswith(UNSEEN):
            return
        newest = max(rev_number(base_rev), rev_number(stash_rev))
        assert newest >= rev_number(row.rev), f"{self.desk.name}: {row.rev} of {row.id} was skipped"
        self.ledger.tried["6 cursor"] += 1
        self.ledger.tried["6 stashed"] += stash_rev is not None

    def _only_proved_deletions(self, tables: Any) -> None:
        """E.3 12: what vanished here was deleted by somebody."""
        for kind in WRITTEN_KINDS:
            for entity_id, fields, base in tables.execute(
                    f"SELECT id, fields, base_doc FROM {kind} LEFT JOIN sync_state ON entity_id = id"
                    " WHERE deleted = 1").fetchall():
                if (self.desk.name, entity_id) in self.ledger.binned:
                    continue
                proved = any(rev is None and one == entity_id for (one, _), rev in self.watch.versions.items())
                assert proved, f"{self.desk.name}: {entity_id} vanished"
                unsent = base is not None and is_dirty(kind, json.loads(fields), json.loads(base))
                told = tables.execute("SELECT 1 FROM conflict WHERE entity_id = ? AND kind IN ('deleted', 'refused')",
                                      (entity_id,)).fetchone()
                assert not unsent or told or entity_id in self.ledger.erased, (
                    f"{self.desk.name}: unsent words of {entity_id} vanished and nobody was told")
                self.ledger.tried["12 deletions"] += 1

    def _only_what_was_released(self, tables: Any) -> None:
        """E.3 9: a desk calls public or planned only what the server has said."""
        for entity_id, fields in tables.execute("SELECT id, fields FROM article WHERE deleted = 0 AND live <> '[]'"):
            for p in article_value(entity_id, json.loads(fields)).live:
                said = (entity_id, p.rev, p.content_hash, p.release_at)
                assert said in self.watch.publications, f"{self.desk.name} calls {entity_id} public by itself"
                self.ledger.tried["9 said public"] += 1


def nothing_is_lost(history: History, person: Person) -> None:
    """E.3 1, after each contact: every word stands at a desk, at the server or on a card, or somebody let it go."""
    ledger = history.ledger
    person.holds = _words_at(person.desk)
    typed = {one: words - ledger.let_go for one, words in ledger.written.items() if one not in ledger.erased | ledger.went_back}
    somewhere = set[str]().union(*(other.holds for other in history.people), *(
        tokens(row.doc) for row in history.watch.rows.values() if row.kind == "article"))
    for article_id, words in typed.items():
        missing = words - somewhere
        if missing:  # typed at a desk that has not synced since, or kept as an earlier version
            missing -= set[str]().union(*(_words_at(other.desk, kept=True) for other in history.people))
        assert not missing, f"lost in {article_id}: {sorted(missing)}"
        ledger.tried["1 words"] += len(words)


def _words_at(desk: Desk, *, kept: bool = False) -> set[str]:
    with beside(desk) as tables:
        found = tables.execute("SELECT group_concat(fields) FROM article").fetchall()
        found += tables.execute("SELECT group_concat(mine || theirs) FROM conflict WHERE state = 'open'").fetchall()
        if kept:
            found += tables.execute("SELECT group_concat(doc) FROM revision").fetchall()
    return tokens(found)
