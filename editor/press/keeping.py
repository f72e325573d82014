"""Moving a press to another database, and keeping copies of it: whole, proved, and all or nothing.

A back-up is one archive: the newsroom as a SQLite database, whatever it was in, and its pictures. It holds everything
that press holds, readers' addresses and keys included, and is readable by its owner only.
"""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import DatabaseError, DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from editor.base import sqlite
from editor.base.clock import Clock
from editor.base.errors import UserError
from editor.base.messages import Message
from editor.base.wire import digest_bytes, format_time
from editor.press.copying import Sum, check_same, copy_tables, sums_of
from editor.press.database import Database
from editor.press.house import begin_history, has_newsroom, mark_moved, read_house
from editor.press.media import MAX_MEDIA, MediaStore, is_sha256
from editor.press.opened import read_heads

FORMAT = 1
ABOUT, DATABASE, PICTURES = "about.json", "press.db", "media/"
# What reading an archive of unknown making raises; RuntimeError for one with a password.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, TypeError, ValueError, RuntimeError)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was moved, kept or brought back."""

    newsroom_id: str
    rows: int
    pictures: int


def move(source_url: str, target_url: str, *, pictures: tuple[MediaStore, MediaStore] | None) -> Kept:
    """Bring a press on SQLite to another, empty database: ids, revisions, feed, epoch and tokens stay what they are.

    From SQLite alone, where the lock proves that no server goes on writing meanwhile; whoever else would write waits,
    and then hears where the newsroom went. All or nothing; the old database says afterwards where that was. Done again
    after a break between the two commits it only finishes that. `pictures`: from where and to where. Raises `UserError`.
    """
    source = Database(source_url, exclusive=True)
    try:
        if not source.is_sqlite:
            raise UserError("not_sqlite", Message("press", "Only a press on SQLite can be moved."),
                            safe=Message("press", "Nothing was changed."),
                            fix=Message("press", "Stop it, make a back-up, and restore that elsewhere."))
        with source.write() as session:  # from the first row read until the mark nobody else's write comes between
            target = Database(target_url, exclusive=True, create=True)
            try:
                newsroom_id, sums = _bring(session, target)
            finally:
                target.close()
            brought = _bring_pictures(*pictures) if pictures else 0
            mark_moved(session, newsroom_id, target.url.render_as_string())
    finally:
        source.close()
    return Kept(newsroom_id, sum(table.rows for table in sums.values()), brought)


def back_up(database_url: str, file: Path, *, media: MediaStore | None, clock: Clock) -> Kept:
    """Keep a copy of a press, also of one that runs. The file is there when it is whole, and not before.

    The press stays as it is: one of an older version is kept as such, and brought up to date where it is restored.
    """
    if file.exists():
        raise UserError("exists", Message("press", "There is something at {path} already.", {"path": file}),
                        safe=Message("press", "Nothing was changed."))
    source = Database(database_url, exclusive=not sqlite.BUNDLED, tables=None)
    try:
        version = source.version()
        if version == 0:
            raise _no_newsroom()
        with tempfile.TemporaryDirectory(prefix=".press-", dir=file.absolute().parent) as folder:
            half = Path(folder) / "half"
            copy, sums = Path(folder) / DATABASE, _copy_out(source, Path(folder) / DATABASE, version)
            names = media.everything() if media is not None else []
            with source.read() as session:
                newsroom_id = _newsroom_id(session)
            about = {"format": FORMAT, "schema": version, "made_at": format_time(clock.now()),
                     "newsroom_id": newsroom_id, "tables": {name: table.rows for name, table in sums.items()}}
            _pack(half, copy, about, media, names)
            half.replace(file)
    finally:
        source.close()
    return Kept(newsroom_id, sum(table.rows for table in sums.values()), len(names))


def restore(file: Path, database_url: str, *, media: MediaStore | None) -> Kept:
    """Bring a kept press into an empty database, under a new epoch: the desks find out what the copy does not have.

    Raises `UserError` for a file that is no back-up of ours or not whole, for a database with a newsroom, and for a
    target that cannot take it: what was brought until then is taken back.
    """
    with tempfile.TemporaryDirectory(prefix="press-") as folder, _opened(file) as (archive, names):
        try:
            _unpack(archive, Path(folder) / DATABASE)
            source = _kept_database(file, Path(folder) / DATABASE)
            try:
                return _bring_back(source, database_url, archive, names, media)
            finally:
                source.close()
        except (OSError, SQLAlchemyError) as error:
            raise _broken_off(error, Message("press", "The database is as empty as it was.")) from error


def _bring(source: Session, target: Database) -> tuple[str, dict[str, Sum]]:
    house = read_house(source)
    if house is None:
        raise _no_newsroom()
    with target.write() as session:
        there = read_house(session)
        if there is not None and (there.newsroom_id, there.epoch) != (house.newsroom_id, house.epoch):
            raise has_newsroom()
        if there is None:
            sums = copy_tables(source.connection(), session.connection())
        elif (sums := sums_of(source.connection())) != sums_of(session.connection()):
            raise UserError("earlier_copy", Message("press", "The other database holds an earlier copy of this newsroom."),
                            safe=Message("press", "Nothing was changed."),
                            fix=Message("press", "Empty that one, and move again."))
        check_same(sums, session.connection())
        return house.newsroom_id, sums


def _bring_pictures(source: MediaStore, target: MediaStore) -> int:
    names = source.everything()
    for name in names:
        target.put(name, source.path(name).read_bytes())
    return len(names)


def _copy_out(source: Database, path: Path, version: int) -> dict[str, Sum]:
    copy = Database(f"sqlite:///{path}", create=True, tables=version)
    try:
        with copy.write() as session:
            with source.read() as reading:
                sums = copy_tables(reading.connection(), session.connection())
            check_same(sums, session.connection())
        return sums
    finally:
        copy.close()


def _pack(half: Path, database: Path, about: dict[str, Any], media: MediaStore | None, names: list[str]) -> None:
    os.close(os.open(half, os.O_CREAT | os.O_WRONLY, 0o600))
    with half.open("r+b") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(ABOUT, json.dumps(about))
            archive.write(database, DATABASE)
            if media is not None:
                for name in names:
                    archive.write(media.path(name), PICTURES + name, zipfile.ZIP_STORED)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[tuple[zipfile.ZipFile, list[str]]]:
    """A back-up that was read to its end, and its pictures. Raises `UserError` for anything else."""
    with contextlib.ExitStack() as stack:
        try:
            archive = stack.enter_context(zipfile.ZipFile(file))
            names = _checked(archive)
        except (*_UNREADABLE, OSError) as error:
            raise _no_backup(file) from error
        yield archive, names


def _checked(archive: zipfile.ZipFile) -> list[str]:
    """The pictures in a back-up of ours. Raises what `_opened` turns into a sentence."""
    about = json.loads(archive.read(ABOUT))
    pictures = [name.removeprefix(PICTURES) for name in archive.namelist() if name.startswith(PICTURES)]
    known = {ABOUT, DATABASE, *(PICTURES + name for name in pictures)}
    if about["format"] != FORMAT or set(archive.namelist()) != known or not all(map(is_sha256, pictures)):
        raise ValueError("another kind of archive")
    if any(archive.getinfo(PICTURES + name).file_size > MAX_MEDIA for name in pictures) or archive.testzip():
        raise ValueError("not whole")
    if any(digest_bytes(archive.read(PICTURES + name)) != name for name in pictures):
        raise ValueError("a picture that is another")
    return pictures


def _unpack(archive: zipfile.ZipFile, path: Path) -> None:
    with archive.open(DATABASE) as packed, path.open("wb") as file:
        while piece := packed.read(1 << 20):
            file.write(piece)


def _kept_database(file: Path, path: Path) -> Database:
    """The database of a back-up, brought up to this program's version."""
    try:
        return Database(f"sqlite:///{path}")
    except DatabaseError as error:
        raise _no_backup(file) from error


def _bring_back(source: Database, database_url: str, archive: zipfile.ZipFile, names: list[str],
                media: MediaStore | None) -> Kept:
    target, placed = Database(database_url, exclusive=True, create=True), list[str]()
    try:
        with target.read() as session:
            if read_house(session) is not None:
                raise has_newsroom()
        try:
            if media is not None:  # first, and outside: PostgreSQL ends a transaction that waits for a disk
                for name in names:
                    if media.put(name, archive.read(PICTURES + name)):
                        placed.append(name)
            newsroom_id, rows = _fill(source, target)
        except BaseException as error:
            _take_back(error, target, media, placed)
            raise
    finally:
        target.close()
    return Kept(newsroom_id, rows, len(names) if media is not None else 0)


def _fill(source: Database, target: Database) -> tuple[str, int]:
    """The newsroom and how many rows it has."""
    with target.write() as session:
        if read_house(session) is not None:
            raise has_newsroom()
        with source.read() as reading:
            newsroom_id = _newsroom_id(reading)
            sums = copy_tables(reading.connection(), session.connection())
        check_same(sums, session.connection())
        begin_history(session, newsroom_id, read_heads(session, newsroom_id))
    return newsroom_id, sum(table.rows for table in sums.values())


def _take_back(error: BaseException, target: Database, media: MediaStore | None, placed: list[str]) -> None:
    """Take away the pictures of a press that did not come. Raises `UserError` when something stands or may stand."""
    try:
        with target.read() as session:
            arrived = read_house(session) is not None
    except SQLAlchemyError:
        arrived = True  # perhaps: the connection may have ended after the commit
    if arrived and isinstance(error, SQLAlchemyError):
        raise _broken_off(error, Message(
            "press", "It may have arrived all the same: look before you try again.")) from error
    if arrived or media is None:
        return
    left = 0
    for name in placed:
        try:
            media.take_back(name)
        except OSError:
            left += 1
    if left:
        raise _broken_off(error, Message("press", "The database is as empty as it was; {n} pictures stand in {path}.",
                                         {"n": left, "path": media.folder})) from error


def _newsroom_id(session: Session) -> str:
    house = read_house(session)
    if house is None:
        raise _no_newsroom()
    return house.newsroom_id


def _no_newsroom() -> UserError:
    return UserError("no_newsroom", Message("press", "This database has no newsroom yet."))


def _no_backup(file: Path) -> UserError:
    return UserError("bad_backup", Message("press", "{path} is no back-up of a press, or not whole.", {"path": file}),
                     safe=Message("press", "Nothing was changed."))


def _broken_off(error: BaseException, safe: Message) -> UserError:
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    reason = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return UserError("not_restored", Message("press", "The back-up was not brought back: {reason}.", {"reason": reason}),
                     safe=safe)
