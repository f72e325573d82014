"""Core statements compiled once and run by the driver itself: those of every autosave, decision and page of a feed.

SQLite needs ten microseconds for such a statement, SQLAlchemy's way to it ten times that. Schema, connection and
transaction stay SQLAlchemy's: what runs here is in the transaction of the connection that is handed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Column, Connection, Insert, Select, Table, Update, bindparam, func, insert, select
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from editor.base.wire import canonical
from editor.store.schema import Base, table

Found = dict[str, Any]
Statement = Select[Any] | Insert | Update


class Prepared:
    """One statement. Its parameters are named as in the statement and of types that SQLite has; a parameter without a
    value of its own must be given. Without LIMIT: its bound number makes SQLite compile the statement at each run."""

    __slots__ = ("_constants", "_names", "_sql")

    def __init__(self, statement: Statement) -> None:
        compiled: Any = statement.compile(dialect=dialect(paramstyle="named"))
        self._sql = str(compiled)
        self._constants = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        selected = statement.selected_columns if isinstance(statement, Select) else ()
        self._names = tuple(column.name for column in selected)

    def all(self, connection: Connection, given: Mapping[str, Any]) -> list[Found]:
        """Every row, by the names of its columns."""
        return [dict(zip(self._names, row, strict=True)) for row in self._run(connection, given).fetchall()]

    def first(self, connection: Connection, given: Mapping[str, Any]) -> Found | None:
        """The first row, None where there is none."""
        cursor = self._run(connection, given)
        row = cursor.fetchone()
        cursor.close()  # a statement left half read holds its snapshot
        return None if row is None else dict(zip(self._names, row, strict=True))

    def value(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        """The first column of the first row, None where there is none."""
        cursor = self._run(connection, given)
        row = cursor.fetchone()
        cursor.close()
        return None if row is None else row[0]

    def add(self, connection: Connection, columns: Mapping[str, Any]) -> int:
        """Insert one row; its number."""
        return int(self._run(connection, columns).lastrowid)

    def run(self, connection: Connection, given: Mapping[str, Any]) -> None:
        """Change what the statement says."""
        self._run(connection, given)

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same for each of `rows`, in their order."""
        if rows:
            _driver(connection).executemany(
                self._sql, [{**self._constants, **row} for row in rows] if self._constants else rows)

    def _run(self, connection: Connection, given: Mapping[str, Any]) -> Any:
        return _driver(connection).execute(self._sql, {**self._constants, **given} if self._constants else given)


@cache
def prepared(statement: Statement) -> Prepared:
    """A statement that is itself made once; one made anew at each call would stay here for good."""
    return Prepared(statement)


def _driver(connection: Connection) -> Any:
    return connection.connection.driver_connection


@cache
def insertion(row: type[Base]) -> Prepared:
    """An INSERT of every column but a number that SQLite gives; what may be NULL may be left out."""
    rows = table(row)
    return Prepared(insert(rows).values({
        column.name: bindparam(column.name, None, required=False) if column.nullable else bindparam(column.name)
        for column in _given(rows)}))


@cache
def upsertion(row: type[Base], key: str, names: frozenset[str] = frozenset()) -> Prepared:
    """An INSERT that changes the row where `key` stands already; of these columns, or of all that are not numbered."""
    rows = table(row)
    used = sorted(names) or [column.name for column in _given(rows)]
    statement = sqlite_insert(rows).values({name: bindparam(name) for name in used})
    return Prepared(statement.on_conflict_do_update(
        index_elements=[key], set_={name: statement.excluded[name] for name in used if name != key}))


def _given(rows: Table) -> list[Column[Any]]:
    """The columns of a table but the number that SQLite gives."""
    return [column for column in rows.columns if not (column.primary_key and column.type.python_type is int)]


def one_of(name: str) -> Select[Any]:
    """For `column.in_(…)`: the values that the parameter `name` holds as `listed` makes them, however many."""
    return select(func.json_each(bindparam(name)).table_valued("value").c.value)


def listed(values: Iterable[str]) -> str:
    """The parameter of `one_of`."""
    return canonical(list(values)).decode()


def whole(rows: Table, key: str, *, many: bool = False) -> Select[Any]:
    """Whole rows by `key`: the one that is `wanted`, or those that are among it."""
    column = rows.c[key]
    return select(rows).where(column.in_(one_of("wanted")) if many else column == bindparam("wanted"))
