"""What press forgets and when (L-07, L-08), by its own clock and while it runs.

Readers' addresses and pseudonyms of where they wrote from go on their day (`readers`); the text and the name of a
reaction that was rejected go half a year later. Decisions stay, with the hash of what was decided on: proof without
content. Every server process looks once an hour; doing it twice changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from editor.base.wire import canonical
from editor.domain.reaction import ReactionStatus
from editor.press.database import is_busy
from editor.press.ledger import Change, Entity, Origin, lock_entity, write
from editor.press.opened import Press
from editor.press.presence import sweep
from editor.press.readers import purge_contacts
from editor.press.schema import EntityRow, RevisionRow

log = logging.getLogger(__name__)
REJECTED_KEPT = timedelta(days=183)  # as long as an objection may come (L-08)
UPLOADS_KEPT = timedelta(days=7)  # half-sent pictures
EVERY = timedelta(hours=1)  # by press's clock
TICK_S = 30.0  # how often that clock is looked at
_REJECTED = (ReactionStatus.SPAM, ReactionStatus.TRASH)
_ERASED = {"text": "", "author_name": "", "author_key": "", "status": ReactionStatus.GONE.value}


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was forgotten at once."""

    contacts: int
    reactions: int
    uploads: int


class Keeper:
    """Forgets what is due, once an hour by press's clock, from `run` until that is cancelled."""

    def __init__(self, press: Press, *, tick_s: float = TICK_S) -> None:
        self._press, self._tick_s = press, tick_s
        self._last: datetime | None = None

    async def run(self) -> None:
        """Look at the clock for ever. What fails is tried again at the next tick."""
        while True:
            now = self._press.clock.now()
            if self._last is None or not timedelta() <= now - self._last < EVERY:
                try:
                    await run_in_threadpool(forget, self._press)
                    self._last = now
                except Exception as error:
                    if is_busy(error) or isinstance(error, OSError):
                        log.info("what is due is forgotten later: %s", type(error).__name__)
                    else:
                        log.exception("what is due was not forgotten")
            await asyncio.sleep(self._tick_s)


def forget(press: Press) -> Forgotten:
    """Forget everything whose day has come; how much that was."""
    now = press.clock.now()
    contacts, reactions = purge_contacts(press), 0
    for identity in _rejected_before(press, now - REJECTED_KEPT):
        reactions += _erase(press, identity, now - REJECTED_KEPT)
    with press.database.write() as session:
        sweep(session, press.house.newsroom_id, now)
    uploads = press.media.sweep(now - UPLOADS_KEPT) if press.media is not None else 0
    return Forgotten(contacts, reactions, uploads)


def _rejected_before(press: Press, day: datetime) -> list[str]:
    with press.database.read() as session:
        return list(session.scalars(sa.select(EntityRow.id).where(
            EntityRow.newsroom_id == press.house.newsroom_id, EntityRow.kind == "reaction",
            EntityRow.state.in_(_REJECTED), EntityRow.at <= day, EntityRow.deleted == 0).order_by(EntityRow.at)))


def _erase(press: Press, identity: str, day: datetime) -> int:
    """Make one reaction a tombstone without text, unless somebody decided on it meanwhile or it is still disputed."""
    newsroom_id = press.house.newsroom_id
    with press.database.write() as session:
        before = lock_entity(session, newsroom_id, identity)
        if before is None or not _is_due(before, day):
            return 0
        doc = {**before.doc, **_ERASED}
        _erase_revisions(session, newsroom_id, identity, doc)
        made = write(session, newsroom_id, before, Change(identity, "reaction", doc, "retention", deleted=True,
                                                          why="retention"), Origin(replica="press"), press.clock.now())
    press.hub.moved("reactions", made.seq)
    return 1


def _is_due(reaction: Entity, day: datetime) -> bool:
    waits = reaction.doc.get("dispute") or reaction.doc.get("escalation")
    return (not waits and not reaction.deleted and reaction.doc["status"] in _REJECTED
            and reaction.at is not None and reaction.at <= day)


def _erase_revisions(session: Session, newsroom_id: str, identity: str, doc: dict[str, object]) -> None:
    """The frozen documents lose what the present one loses."""
    session.execute(sa.update(RevisionRow).where(
        RevisionRow.newsroom_id == newsroom_id, RevisionRow.entity_id == identity)
        .values(doc=canonical(doc).decode()).execution_options(synchronize_session=False))
