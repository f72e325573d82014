"""Who has what open: a soft lock of half a minute, told again while it lasts (sync D). It keeps nobody from anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.orm import Session

from editor.domain.people import Actor
from editor.press.opened import Press
from editor.press.schema import EntityRow, PersonRow, PresenceRow

LASTS = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Present:
    """One desk that has one thing open."""

    entity_id: str
    actor: str
    name: str
    replica: str
    since: datetime
    until: datetime


def open_entity(press: Press, entity_id: str, actor: Actor, replica: str) -> None:
    """The desk has it open until half a minute from now; `since` stays while it did not lapse."""
    now = press.clock.now()
    until = now + LASTS
    with press.database.write() as session:
        made = {"newsroom_id": press.house.newsroom_id, "entity_id": entity_id, "replica": replica, "actor": actor.id,
                "since": now, "until": until}
        insert = sqlite_dialect.insert if press.database.is_sqlite else postgresql.insert
        lapsed = sa.or_(PresenceRow.until <= now, PresenceRow.actor != actor.id)
        session.execute(insert(PresenceRow).values(**made).on_conflict_do_update(
            index_elements=["newsroom_id", "entity_id", "replica"],
            set_={"until": until, "actor": actor.id,
                  "since": sa.case((lapsed, sa.literal(now, PresenceRow.since.type)), else_=PresenceRow.since)}))


def close_entity(press: Press, entity_id: str, replica: str) -> None:
    """The desk has it open no more."""
    with press.database.write() as session:
        session.execute(sa.delete(PresenceRow).where(
            PresenceRow.newsroom_id == press.house.newsroom_id, PresenceRow.entity_id == entity_id,
            PresenceRow.replica == replica))


def list_open(session: Session, newsroom_id: str, now: datetime, *, reactions: bool) -> list[Present]:
    """What is open at `now` and by whom, longest first."""
    wanted = sa.select(PresenceRow, PersonRow.name).join(
        PersonRow, sa.and_(PersonRow.newsroom_id == PresenceRow.newsroom_id, PersonRow.id == PresenceRow.actor)).join(
        EntityRow, sa.and_(EntityRow.newsroom_id == PresenceRow.newsroom_id, EntityRow.id == PresenceRow.entity_id)).where(
        PresenceRow.newsroom_id == newsroom_id, PresenceRow.until > now)
    if not reactions:
        wanted = wanted.where(EntityRow.kind != "reaction")
    return [Present(row.entity_id, row.actor, name, row.replica, row.since, row.until)
            for row, name in session.execute(wanted.order_by(PresenceRow.since, PresenceRow.replica))]


def sweep(session: Session, newsroom_id: str, now: datetime) -> None:
    """Take away what has lapsed."""
    session.execute(sa.delete(PresenceRow).where(PresenceRow.newsroom_id == newsroom_id, PresenceRow.until <= now))
