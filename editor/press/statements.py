"""The statements of the write transaction, built once: building them anew for each push took most of its time.

On PostgreSQL what one change writes is one statement, and so one journey to the database; SQLite, which has no such
statement and no journey, runs the same parts one after the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect

from editor.press.schema import Base

_tables = Base.metadata.tables
_entity, _revision, _audit, _op = (_tables[name] for name in ("entity", "revision", "audit", "op"))
_head, _device, _person = (_tables[name] for name in ("feed_head", "device", "person"))
_NEWSROOM: sa.BindParameter[str] = sa.bindparam("of_newsroom")
_ID: sa.BindParameter[str] = sa.bindparam("of_id")

# What is never an entity's present values: row numbers, what does not change, and the feed's number.
_FIXED = ("newsroom_id", "id", "tail")
_PRESENT = tuple(c.name for c in _entity.c if c.name not in ("rid", "seq", *_FIXED))


def _named(table: sa.Table, mark: str, *, without: tuple[str, ...] = ("rid",)) -> dict[str, sa.BindParameter[Any]]:
    """A parameter for each column, under a name of its own among all tables'."""
    return {c.name: sa.bindparam(f"{mark}_{c.name}", type_=c.type) for c in table.c if c.name not in without}


LOCK_ENTITY = sa.select(_entity).where(_entity.c.newsroom_id == _NEWSROOM, _entity.c.id == _ID).with_for_update()
READ_ENTITY = sa.select(_entity).where(_entity.c.newsroom_id == _NEWSROOM, _entity.c.id == _ID)
READ_DOC = sa.select(_entity.c.doc).where(_entity.c.newsroom_id == _NEWSROOM, _entity.c.id == _ID)
LAST_REVISION = sa.select(_revision.c.rid, _revision.c.kept, _revision.c.verb, _revision.c.replica, _revision.c.at).where(
    _revision.c.newsroom_id == _NEWSROOM, _revision.c.entity_id == _ID).order_by(_revision.c.rev_n.desc()).limit(1)
THIN = sa.delete(_revision).where(_revision.c.rid == sa.bindparam("thinned"))
KEEP_RESULT = sa.update(_op).where(_op.c.newsroom_id == _NEWSROOM, _op.c.op_id == sa.bindparam("claimed")).values(
    result=sa.bindparam("told"))
WHO = sa.select(_device.c.revoked_at, _device.c.expires_at, _person.c.id, _person.c.name, _person.c.roles,
                _person.c.active).join_from(_device, _person, sa.and_(
                    _person.c.newsroom_id == _device.c.newsroom_id, _person.c.id == _device.c.person_id)).where(
                        _device.c.newsroom_id == _NEWSROOM, _device.c.token_hash == sa.bindparam("token_hash"))

_CLAIM = {
    "postgresql": postgresql.insert(_op).on_conflict_do_nothing().returning(_op.c.op_id),
    "sqlite": sqlite_dialect.insert(_op).on_conflict_do_nothing().returning(_op.c.op_id),
}

_NEXT = sa.update(_head).where(_head.c.newsroom_id == _NEWSROOM, _head.c.stream == sa.bindparam("e_stream")).values(
    head=_head.c.head + sa.literal_column("1")).returning(_head.c.head)
_MAKE = sa.insert(_entity)
_CHANGE = sa.update(_entity).where(_entity.c.newsroom_id == _NEWSROOM, _entity.c.id == _ID)
_REVISE = sa.insert(_revision).values(**_named(_revision, "r"))
_AUDIT = sa.insert(_audit).values(**_named(_audit, "a"))
_SEQ: sa.BindParameter[int] = sa.bindparam("e_seq")
_VALUES = {name: value for name, value in _named(_entity, "e").items() if name in _PRESENT}
_FIRST = {**_VALUES, "newsroom_id": _NEWSROOM, "id": _ID, "tail": sa.bindparam("e_tail")}


def _at_once(make: bool) -> sa.Select[int]:
    """All that a change writes, and the feed's next number, as one statement of PostgreSQL's."""
    number = _NEXT.cte("number")
    seq = sa.select(number.c.head).scalar_subquery()
    entity = _MAKE.values(**_FIRST, seq=seq) if make else _CHANGE.values(**_VALUES, seq=seq)
    return sa.select(number.c.head).add_cte(entity.cte("present"), _REVISE.cte("frozen"), _AUDIT.cte("noted"))


_AT_ONCE = {make: _at_once(make) for make in (True, False)}
_IN_TURN = {True: _MAKE.values(**_FIRST, seq=_SEQ), False: _CHANGE.values(**_VALUES, seq=_SEQ)}


def claim(connection: sa.Connection, row: Mapping[str, Any]) -> bool:
    """Write an op's row unless it is there; False when it was."""
    return connection.execute(_CLAIM[connection.dialect.name], dict(row)).first() is not None


def write_change(connection: sa.Connection, given: Mapping[str, Any], *, make: bool) -> int:
    """Write an entity, its revision and its audit row; the feed's number for it. `given`: columns by `e_`, `r_`, `a_`."""
    if connection.dialect.name == "postgresql":
        return int(connection.execute(_AT_ONCE[make], dict(given)).scalar_one())
    seq = int(connection.execute(_NEXT, _only(given, "e_stream")).scalar_one())
    connection.execute(_IN_TURN[make], {**_of(given, "e_"), "e_seq": seq})
    connection.execute(_REVISE, _of(given, "r_"))
    connection.execute(_AUDIT, _of(given, "a_"))
    return seq


def _of(given: Mapping[str, Any], mark: str) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name.startswith(mark) or name in ("of_newsroom", "of_id")}


def _only(given: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {"of_newsroom": given["of_newsroom"], name: given[name]}
