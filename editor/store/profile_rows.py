"""What the profile knows of itself: meta, the server, whoever works here, cursors, settings."""

from __future__ import annotations

import json
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection as Database
from sqlalchemy import Select, bindparam, delete, literal_column, select

from editor.base.errors import Bug
from editor.base.messages import Message
from editor.desk.ports import Connection, FeedRow
from editor.domain.documents import newsroom_value
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Role, roles_of
from editor.store import mapping
from editor.store.prepared import prepared, upsertion
from editor.store.schema import ConnectionRow, FeedRowRow, MetaRow, NewsroomRow, SettingRow, table

REPLICA = "replica_id"
LOCAL_ACTOR = "local_actor"  # the id made here before anybody logged in (model 1)
ACTOR = "actor"
SAMPLE = "sample"
CLOCK_OFFSET = "clock_offset_ms"
FIXED = (SAMPLE, CLOCK_OFFSET, LOCAL_ACTOR)  # written when the profile is made, and never again


@cache
def _fact() -> Select[Any]:
    rows = table(MetaRow)
    return select(rows.c.v).where(rows.c.k == bindparam("key"))


@cache
def _bound() -> Select[Any]:
    return select(table(ConnectionRow))


@cache
def _newsrooms() -> Select[Any]:
    rows = table(NewsroomRow)
    return select(rows.c.id, rows.c.fields).where(rows.c.deleted == literal_column("0")).order_by(rows.c.rid)


@lru_cache(maxsize=8)
def _newsroom(identity: str, fields: str) -> Newsroom:
    """The value of a document; the same one is asked for in nearly every transaction."""
    return newsroom_value(identity, json.loads(fields))


class ProfileRows:
    """The profile's own facts; on a reader's connection it only reads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._actor: Actor | None = None

    def get(self, key: str) -> str | None:
        """The fact of that key."""
        found: str | None = prepared(_fact()).value(self._database, {"key": key})
        return found

    def put(self, key: str, value: str) -> None:
        """Write a fact. Raises `Bug` for one that is fixed when the profile is made."""
        if key in FIXED:
            raise Bug("fixed", Message("store", "{key} is fixed when a profile is made.", {"key": key}))
        upsertion(MetaRow, "k").run(self._database, {"k": key, "v": value})

    def connection(self) -> Connection | None:
        """The server, if the profile is bound to one."""
        row = prepared(_bound()).first(self._database, {})
        return None if row is None else mapping.connection(row)

    def bind(self, connection: Connection) -> None:
        """Make this the one server."""
        rows = table(ConnectionRow)
        self._database.execute(delete(rows).where(rows.c.id != connection.id))
        upsertion(ConnectionRow, "id").run(self._database, {
            "id": connection.id, "adapter": connection.adapter, "url": connection.url, "account": connection.account,
            "newsroom_id": connection.newsroom_id, "epoch": connection.epoch, "state": connection.state,
            "sample": int(connection.sample)})

    def actor(self) -> Actor:
        """The person of the last log-in with the roles last heard, or the actor made here, who may do everything."""
        if self._actor is None:
            self._actor = self._read_actor()
        return self._actor

    def set_actor(self, actor: Actor) -> None:
        """Whoever logged in."""
        self._actor = None
        roles = sorted(role.value for role in actor.roles)
        self.put(ACTOR, mapping.dump({"id": actor.id, "name": actor.name, "roles": roles}))

    def newsroom(self) -> Newsroom:
        """The newsroom's document as a value; our defaults until one has come."""
        bound = self.connection()
        found = prepared(_newsrooms()).all(self._database, {})
        if not found:
            return Newsroom(id=bound.newsroom_id if bound else "")
        mine = next((row for row in found if bound and row["id"] == bound.newsroom_id), found[0])
        return _newsroom(mine["id"], mine["fields"])

    def _read_actor(self) -> Actor:
        known = self.get(ACTOR)
        if known is None:
            return Actor(self.get(LOCAL_ACTOR) or "", "", frozenset(Role))
        found = json.loads(known)
        return Actor(found["id"], found["name"], roles_of(found["roles"]))


class FeedRows:
    """Cursors."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, stream: str) -> FeedRow:
        """How far the stream has been read; a new one from its beginning."""
        rows = table(FeedRowRow)
        row = self._database.execute(select(rows).where(rows.c.stream == stream)).mappings().first()
        return FeedRow(stream) if row is None else mapping.feed(row)

    def put(self, row: FeedRow) -> None:
        """Move the cursor."""
        upsertion(FeedRowRow, "stream").run(self._database, {
            "stream": row.stream, "epoch": row.epoch, "cursor": row.cursor, "rows_done": row.rows_done,
            "head_seen": row.head_seen})


class SettingRows:
    """Settings of this machine and this person (model 6); `settings_rows` reads them before SQLAlchemy is loaded."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> dict[str, Any]:
        """Every setting that was ever changed."""
        rows = self._database.execute(select(SettingRow.name, SettingRow.value)).all()
        return {row.name: json.loads(row.value) for row in rows}

    def put(self, name: str, value: object) -> None:
        """Keep a setting; `value` is anything JSON can hold."""
        upsertion(SettingRow, "name").run(self._database, {"name": name, "value": json.dumps(value)})

    def forget(self, name: str) -> None:
        """Go back to the default."""
        self._database.execute(delete(table(SettingRow)).where(SettingRow.name == name))
