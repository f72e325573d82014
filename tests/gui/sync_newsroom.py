"""A real profile in a folder of the test's own, with something in every state of sending."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from editor.base.clock import FixedClock
from editor.desk import articles, connecting, lanes
from editor.desk.ports import Attempt, ConflictRow, OpState, UnitOfWork
from editor.domain.article import Article
from editor.domain.changes import Outcome
from editor.runtime.bus import Bus
from editor.runtime.workers import Door
from editor.store.profile import open_profile
from editor.sync.backend import ServerInfo
from editor.ui.bridge import Bridge

NOW = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
HEADLINES = ("Gemeente wil vaart achter de deur bij nieuwe wijk", "Havenbedrijf en vakbond praten verder over rooster",
             "Waterschap waarschuwt voor hoge stand in de Lek", "Nieuwe spoorlijn naar Tanger een jaar later klaar",
             "Kleine bibliotheken krijgen toch langer geld")
REGIONS = ({"base": "De bouw kost negen miljoen euro.", "mine": "De bouw kost ruim negen miljoen euro.",
            "theirs": "De bouw kost elf miljoen euro."},)


class Home:
    """An open profile, its door and its clock."""

    def __init__(self, door: Door, clock: FixedClock) -> None:
        self.door = door
        self.clock = clock
        self.articles: tuple[str, ...] = ()

    def bind(self) -> None:
        info = ServerInfo("e1", "n1", "u1", "Samira", ("journalist", "editor"), (), {}, (), 1_000_000, sample=False,
                          server_time=NOW)
        self.door.change_now(lambda work: connecting.bind(work, info, adapter="press", url="https://redactie.example"))

    def write_articles(self) -> None:
        def make(work: UnitOfWork) -> Outcome[tuple[str, ...]]:
            return Outcome(tuple(articles.new_article(work, Article("", headline=one)).value for one in HEADLINES),
                           work.changes())
        self.articles = self.door.change_now(make)

    def fill_outbox(self) -> None:
        """One row in every state that waits, is under way or needs a person."""
        self.door.change_now(self._fill)

    def _fill(self, work: UnitOfWork) -> Outcome[None]:
        states = ((OpState.PENDING, 0, None, "approve"), (OpState.SEALED, 0, None, ""),
                  (OpState.SEALED, 3, "too slow", ""), (OpState.PARKED, 1, "limit", ""),
                  (OpState.CONFLICT, 1, "approval_stale", "publish"))
        for article_id, (state, attempts, error, action) in zip(self.articles, states, strict=True):
            verb = "transition" if action else "upsert"
            row = lanes.queue_command(work, article_id, "article", verb, {"action": action} if action else {})
            if state is not OpState.PENDING:
                work.outbox.put(replace(row, state=OpState.SEALED, body=b"{}", body_hash="h", base_rev=None))
                row = replace(row, state=state, body=b"{}", body_hash="h", attempts=attempts, last_error=error)
                work.outbox.put(row)
            for n in range(attempts):
                at = NOW - timedelta(minutes=9 - 3 * n)
                work.outbox.note_attempt(Attempt(row.op_id, at, at + timedelta(seconds=1.4),
                                                 "no answer" if attempts == 3 else "rejected", error or ""))
            lanes.refresh(work, "article", article_id)
        return Outcome(None, work.changes())

    def raise_cards(self) -> None:
        def make(work: UnitOfWork) -> Outcome[ConflictRow]:
            whole = "Voorop. {} Achteraan."
            lanes.raise_card(work, self.articles[0], "article", "still_true", "publish", blocking=False)
            return Outcome(lanes.raise_card(
                work, self.articles[3], "article", "text", "body", base="", regions=REGIONS, theirs_actor="u2",
                mine=whole.format(REGIONS[0]["mine"]), theirs=whole.format(REGIONS[0]["theirs"])), work.changes())
        self.door.change_now(make)


@contextmanager
def opened(folder: Path) -> Iterator[Home]:
    """Open a profile in `folder`; close it, and the way to the GUI thread, at the end."""
    clock, bridge = FixedClock(NOW), Bridge()
    profile = open_profile(folder, clock=clock)
    faults: list[BaseException] = []
    door = Door(profile.store, Bus(bridge.deliver), bridge.deliver, faults.append)
    try:
        yield Home(door, clock)
    finally:
        door.close()
        bridge.close()
        profile.close()
    assert not faults, faults
