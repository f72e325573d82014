"""Binding a profile to its one server, and what a log-in changes at home (model 1)."""

from __future__ import annotations

from dataclasses import replace

from editor.base.errors import UserError
from editor.base.ids import new_id
from editor.base.messages import Message
from editor.desk import lanes, quarantine
from editor.desk.histories import STREAMS, restart_feeds
from editor.desk.ports import Connection, UnitOfWork
from editor.domain.changes import Facet, Outcome
from editor.domain.people import Actor, roles_of
from editor.sync.backend import Caps, ServerInfo

__all__ = ["STREAMS", "bind", "heard", "reread", "set_state"]


def bind(work: UnitOfWork, info: ServerInfo, *, adapter: str, url: str) -> Outcome[Connection]:
    """Bind the profile to the server that said `info`. The first log-in adopts the actor made here and what waits,
    once; another newsroom or another person needs a profile of its own."""
    known, actor = work.profile.connection(), work.profile.actor()
    if known is not None:
        _check_same(known, actor, info)
    if work.profile.get("sample") == "1" and not info.sample:
        raise UserError("sample", Message("desk", "The sample newsroom cannot be connected elsewhere."))
    if known is None:
        work.outbox.adopt(actor.id, info.user_id)
        _adopt_work(work, actor.id, info.user_id)
    elif known.epoch != info.epoch:
        restart_feeds(work, info.epoch, info.began)
    connection = Connection(known.id if known else new_id(), adapter, url, info.user_name, info.newsroom_id,
                            info.epoch, "ok", info.sample)
    work.profile.bind(connection)
    work.profile.set_actor(Actor(info.user_id, info.user_name, roles_of(info.roles)))
    work.changed("connection", connection.id, Facet.SETTINGS)
    return Outcome(connection, work.changes())


def heard(work: UnitOfWork, info: ServerInfo, caps: Caps) -> Outcome[None]:
    """A hello of the bound server: its roles are those we grey out by; another epoch starts the feeds anew. `caps` is
    what it guarantees.

    Raises `UserError` when another person or another newsroom answers: nothing is sent then."""
    connection = work.profile.connection()
    if connection is None:
        return Outcome(None, work.changes())
    actor = work.profile.actor()
    _check_same(connection, actor, info)
    quarantine.heard(work, caps)
    told = Actor(info.user_id, info.user_name, roles_of(info.roles))
    if told != actor:
        work.profile.set_actor(told)
        work.changed("connection", connection.id, Facet.SETTINGS)
    if connection.epoch != info.epoch:
        restart_feeds(work, info.epoch, info.began)
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
    """The feed does not know where we have read to: the server went back without saying so, and counts as another
    history."""
    restart_feeds(work, work.feeds.get(stream).epoch, {})
    return Outcome(None, work.changes())


def _check_same(known: Connection, actor: Actor, info: ServerInfo) -> None:
    """A profile is one person's in one newsroom: nothing of it goes under another's name, or to another's server."""
    other = None
    if known.newsroom_id != info.newsroom_id:
        other = "other_newsroom", Message("desk", "This profile belongs to another newsroom.")
    elif actor.id != info.user_id:
        other = "other_person", Message("desk", "This profile belongs to another person.")
    if other is not None:
        raise UserError(*other, safe=Message("desk", "Nothing was changed."),
                        fix=Message("desk", "Use a profile of its own for it (--profile)."))


def _adopt_work(work: UnitOfWork, made_here: str, person: str) -> None:
    """What was made before the first log-in is the person's own from now on."""
    for kind in ("article", "ticker"):
        for entity in (*work.entities.all(kind), *work.entities.all(kind, deleted=True)):
            if entity.doc.get("created_by") == made_here:
                lanes.take_in(work, replace(entity, doc={**entity.doc, "created_by": person}), Facet.SYNC)
