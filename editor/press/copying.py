"""A whole press from one database into another, row by row as it stands, and the proof that both hold the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.base.wire import canonical
from editor.press.schema import Base

BATCH = 500  # rows in one statement
LEFT = ("presence", "schema_version")  # of this moment, and of this database


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds: how many rows, and a digest of them that does not depend on their order."""

    rows: int
    digest: str


def copy_tables(source: sa.Connection, target: sa.Connection) -> dict[str, Sum]:
    """Put every row of `source` into the empty tables of `target`; what each table held, as it was read."""
    sums = {}
    for table in _tables(source):
        read = _Summing(_rows(source, table))
        for batch in _batches(read):
            target.execute(sa.insert(table), batch)
        sums[table.name] = read.sum()
    if target.dialect.name == "postgresql":
        _count_on(target)
    return sums


def sums_of(connection: sa.Connection) -> dict[str, Sum]:
    """What each table holds."""
    sums = {}
    for table in _tables(connection):
        read = _Summing(_rows(connection, table))
        for _ in read:
            pass
        sums[table.name] = read.sum()
    return sums


def check_same(wanted: Mapping[str, Sum], connection: sa.Connection) -> None:
    """Raise `UserError` unless the tables hold exactly that."""
    found = sums_of(connection)
    for name, total in wanted.items():
        if found[name] != total:
            raise UserError("copy_differs", Message("press", "The copy differs from the original in {table}.",
                                                    {"table": name}),
                            safe=Message("press", "Nothing was changed."))


class _Summing:
    """Rows that are counted and digested as they pass. Sums of hashes: equal sets of rows give equal digests."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._rows, self._count, self._total = rows, 0, 0

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for row in self._rows:
            self._count += 1
            self._total += int.from_bytes(hashlib.sha256(canonical(row)).digest())
            yield row

    def sum(self) -> Sum:
        """What has passed."""
        return Sum(self._count, f"{self._total % (1 << 256):064x}")


def _tables(connection: sa.Connection) -> list[sa.TableClause]:
    """Ours of the tables that are there (an older database has fewer), without their types: what is stored travels."""
    there, found = sa.inspect(connection), []
    for table in Base.metadata.sorted_tables:
        if table.name not in LEFT and there.has_table(table.name):
            columns = {column["name"] for column in there.get_columns(table.name)}
            found.append(sa.table(table.name, *(sa.column(column.name) for column in table.columns if column.name in columns)))
    return found


def _rows(connection: sa.Connection, table: sa.TableClause) -> Iterator[dict[str, Any]]:
    with connection.execute(sa.select(table).execution_options(yield_per=BATCH)) as result:
        for row in result.mappings():
            yield dict(row)


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def _count_on(target: sa.Connection) -> None:
    """Let PostgreSQL's row numbers go on after those that were brought."""
    for table in _tables(target):
        if "rid" in table.c:
            highest = target.scalar(sa.select(sa.func.max(table.c.rid)))
            if highest is not None:
                target.execute(sa.select(sa.func.setval(sa.func.pg_get_serial_sequence(table.name, "rid"), highest)))
