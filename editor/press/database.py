"""Press's database, SQLite or PostgreSQL: opening, migrating, and the two kinds of transaction.

A write transaction on SQLite begins IMMEDIATE and there is one writing connection; on PostgreSQL it is READ COMMITTED
with row locks. Reads see one snapshot. Any thread may use a `Database`; whoever opened it closes it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import DatabaseError as SqlDatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool, QueuePool

from editor.base import sqlite
from editor.base.errors import Unavailable, UserError
from editor.base.messages import Message
from editor.press.lock import FileLock
from editor.press.migrating import migrate, version_of
from editor.press.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    import psycopg

READERS = 6
CONNECT_S = 5
WAIT_S = 30  # for a connection of the pool
# A forgotten transaction must not hold up the newsroom, and no lock is waited for longer than a desk would.
_POSTGRES_OPTIONS = "-c idle_in_transaction_session_timeout=10s -c lock_timeout=3s -c timezone=UTC"


def parse_url(database_url: str) -> URL:
    """The address of a database: `sqlite:///path` or `postgresql://…`. Raises `UserError` for another."""
    try:
        url = make_url(database_url)
    except ArgumentError as error:
        raise _bad_url() from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        return url.set(drivername="sqlite")
    raise _bad_url()


class Database:
    """An open database. `exclusive` takes the lock file of a SQLite database first.

    The tables are brought up to this program's version, or to the older one given as `tables`; with `tables` None they
    stay as they are and may be read only.
    """

    def __init__(self, database_url: str, *, exclusive: bool = False, create: bool = False,
                 tables: int | None = SCHEMA_VERSION) -> None:
        self.url = parse_url(database_url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._lock: FileLock | None = None
        if self.is_sqlite:
            path = Path(str(self.url.database)).absolute()
            self._prepare_file(path, exclusive, create)
            self._writer, self._reader, self._migrator = _sqlite_engines(path)
            self._glancer = self._reader
        else:
            self._writer = self._migrator = _postgres_engine(self.url)
            self._reader = self._writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            self._glancer = self._writer.execution_options(isolation_level="AUTOCOMMIT")
        try:
            if tables is None:
                _check_known(self.version())
            else:
                self._migrate(tables)
        except OperationalError as error:
            self.close()
            raise Unavailable("no_database", Message("press", "The database does not answer.")) from error
        except (sqlite.DatabaseError, SqlDatabaseError) as error:
            self.close()
            raise damaged_database(self.url.database or "") from error
        except BaseException:
            self.close()
            raise

    def _prepare_file(self, path: Path, exclusive: bool, create: bool) -> None:
        if not create and not path.exists():
            raise UserError("no_database", Message("press", "There is no database at {path}.", {"path": path}),
                            fix=Message("press", "Make one first: `redactie press serve` or `redactie demo` does."))
        path.parent.mkdir(parents=True, exist_ok=True)
        if exclusive:
            self._lock = FileLock(path.with_name(path.name + ".lock"))
            if not sqlite.is_of_full_length(path):
                self._lock.release()
                raise damaged_database(str(path))

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """One write transaction: committed at the end, rolled back on any exception."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """One snapshot to read from."""
        with Session(self._reader, expire_on_commit=False, autoflush=False) as session, session.begin():
            yield session

    @contextlib.contextmanager
    def glance(self) -> Iterator[sa.Connection]:
        """For one statement that reads: a snapshot by itself, without the journeys that begin and end a transaction."""
        with self._glancer.connect() as connection:
            yield connection

    def listening(self) -> psycopg.Connection:
        """A connection of its own beside the pool, each statement its own transaction. PostgreSQL only.

        With a pooler in transaction mode between, hints do not arrive and the poll does their work (sync D.4).
        """
        import psycopg

        words, options = self._writer.dialect.create_connect_args(self.url)
        return psycopg.connect(*words, **{**options, "autocommit": True, "connect_timeout": CONNECT_S})

    def version(self) -> int:
        """The version of the tables as it is now: another program may have moved it on."""
        with self._reader.connect() as connection:
            return version_of(connection)

    def close(self) -> None:
        """Close every connection, readers first, and let go of the lock. Safe to call twice."""
        if self._reader is not self._writer:
            self._reader.dispose()
        self._migrator.dispose()
        self._writer.dispose()
        if self._lock is not None:
            self._lock.release()

    def _migrate(self, wanted: int) -> None:
        with self._migrator.begin() as connection:
            if not self.is_sqlite:  # two processes that start at once must not both make the tables
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305402611)")
            version = version_of(connection)
            _check_known(version)
            if version < wanted:
                migrate(connection, wanted)


def _check_known(version: int) -> None:
    if version > SCHEMA_VERSION:
        raise UserError(
            "newer_database",
            Message("press", "This database belongs to a newer version of the program; it was left as it is."),
            fix=Message("press", "Install the newer version."))


def damaged_database(place: str) -> UserError:
    """A file that is no database, or one with broken pages."""
    return UserError("damaged_database", Message("press", "{place} is damaged or is no database.", {"place": place}),
                     safe=Message("press", "The file was left as it is."),
                     fix=Message("press", "Bring the newest copy into an empty database: `redactie press restore`."))


def is_busy(error: Exception) -> bool:
    """Whether the database is busy or away for now: the same request may pass later.

    What a request did wrong by itself, or we did, is not: waiting for it would hold up everything behind it.
    """
    if isinstance(error, PoolTimeout | OperationalError | InterfaceError):
        return True
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _bad_url() -> UserError:
    return UserError("bad_database_url", Message("press", "That is no address of a database."),
                     fix=Message("press", "Write sqlite:///path/to/press.db or postgresql://user@host/name."))


def _sqlite_engines(path: Path) -> tuple[sa.Engine, sa.Engine, sa.Engine]:
    """The one writing connection, the readers', and the migrations' own (foreign keys off)."""
    writer = _sqlite_engine(path, "writer", "BEGIN IMMEDIATE", poolclass=QueuePool, pool_size=1)
    reader = _sqlite_engine(path, "reader", "BEGIN", poolclass=QueuePool, pool_size=READERS)
    migrator = _sqlite_engine(path, "writer", "BEGIN IMMEDIATE", poolclass=NullPool, foreign_keys=False)
    return writer, reader, migrator


def _sqlite_engine(path: Path, role: sqlite.Role, begin: str, *, foreign_keys: bool = True, **pool: Any) -> sa.Engine:
    def creator() -> sqlite.Connection:
        connection = sqlite.connect(path, role, check_same_thread=False)
        if not foreign_keys:
            connection.execute("PRAGMA foreign_keys=OFF")
        return connection

    if pool["poolclass"] is QueuePool:
        pool |= {"max_overflow": 0, "pool_timeout": WAIT_S}
    engine = sa.create_engine(URL.create("sqlite", database=str(path)), module=sqlite.library(), creator=creator,
                              **pool)

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _postgres_engine(url: URL) -> sa.Engine:
    try:
        return sa.create_engine(url, pool_size=10, max_overflow=10, pool_timeout=WAIT_S, pool_pre_ping=True,
                                isolation_level="READ COMMITTED", connect_args={"options": _POSTGRES_OPTIONS})
    except ModuleNotFoundError as error:
        raise UserError("no_driver", Message("press", "The driver for PostgreSQL is not installed."),
                        fix=Message("press", "Install redactie[postgresql].")) from error
