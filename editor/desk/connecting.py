"""Binding a profile to its one server, and what a log-in changes at home (model 1)."""

from __future__ import annotations

from dataclasses import replace

from editor.base.errors import UserError
from editor.base.ids import new_id
from editor.base.messages import Message
from editor.desk.ports import Connection, FeedRow, UnitOfWork
from editor.domain.changes import Facet, Outcome
from editor.domain.people import Actor, roles_of
from editor.sync.backend import ServerInfo

STREAMS = ("content", "reactions")


def bind(work: UnitOfWork, info: ServerInfo, *, adapter: str, url: str) -> Outcome[Connection]:
    """Bind the profile to the server that said `info`. The first log-in adopts the actor made here and what waits,
    once; another newsroom or another person needs a profile of its own."""
    known = work.profile.connection()
    if known is not None and known.newsroom_id != info.newsroom_id:
        raise UserError("other_newsroom", Message("desk", "This profile belongs to another newsroom."),
                        safe=Message("desk", "Nothing was changed."),
                        fix=Message("desk", "Use a profile of its own for it (--profile)."))
    actor = work.profile.actor()
    if known is not None and actor.id != info.user_id:
        raise UserError("other_person", Message("desk", "This profile belongs to another person."),
                        safe=Message("desk", "Nothing was changed."),
                        fix=Message("desk", "Use a profile of its own for it (--profile)."))
    if work.profile.get("sample") == "1" and not info.sample:
        raise UserError("sample", Message("desk", "The sample newsroom cannot be connected elsewhere."))
    if known is None:
        work.outbox.adopt(actor.id, info.user_id)
    connection = Connection(known.id if known else new_id(), adapter, url, info.user_name, info.newsroom_id,
                            info.epoch, "ok", info.sample)
    work.profile.bind(connection)
    work.profile.set_actor(Actor(info.user_id, info.user_name, roles_of(info.roles)))
    work.changed("connection", connection.id, Facet.SETTINGS)
    return Outcome(connection, work.changes())


def heard(work: UnitOfWork, info: ServerInfo) -> Outcome[None]:
    """A hello of the bound server: its roles are those we grey out by; another epoch starts the feeds anew."""
    connection = work.profile.connection()
    if connection is None:
        return Outcome(None, work.changes())
    actor = work.profile.actor()
    if info.user_id == actor.id:
        told = Actor(info.user_id, info.user_name, roles_of(info.roles))
        if told != actor:
            work.profile.set_actor(told)
            work.changed("connection", connection.id, Facet.SETTINGS)
    if connection.epoch != info.epoch:
        _restart_feeds(work, info.epoch)
    if connection.state != "ok" or connection.epoch != info.epoch:
        work.profile.bind(replace(connection, epoch=info.epoch, state="ok"))
        work.changed("connection", connection.id, Facet.SETTINGS)
    return Outcome(None, work.changes())


def set_state(work: UnitOfWork, state: str) -> Outcome[None]:
    """Note that the server wants a log-in, or a newer program. Nothing is counted, nothing is discarded."""
    connection = work.profile.connection()
    if connection is not None and connection.state != state:
        work.profile.bind(replace(connection, state=state))
        work.changed("connection", connection.id, Facet.SETTINGS)
    return Outcome(None, work.changes())


def reread(work: UnitOfWork, stream: str) -> Outcome[None]:
    """The feed no longer reaches back as far as we have read: read it from its start, rows stay where they are."""
    feed = work.feeds.get(stream)
    work.feeds.put(FeedRow(stream, feed.epoch))
    return Outcome(None, work.changes())


def _restart_feeds(work: UnitOfWork, epoch: str) -> None:
    """Another history (a restored back-up): every object is read again and merged, no deletion is believed."""
    for stream in STREAMS:
        work.feeds.put(FeedRow(stream, epoch))
    for kind in ("article", "ticker", "newsroom", "person", "list"):
        for entity in work.entities.all(kind):
            state = work.syncs.get(entity.id)
            if state is not None and state.base_rev is not None:
                # Numbers of two histories do not compare: whatever the server has now counts as newer.
                work.syncs.put(replace(state, base_rev="0-" + state.base_rev.split("-", 1)[-1]))
