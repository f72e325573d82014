"""Moving a press to another database, and keeping copies of it: whole, proved, and all or nothing.

A back-up is one archive: the newsroom as a SQLite database, whatever it was in, and its pictures. It holds everything
that press holds, readers' addresses and keys included, and is readable by its owner only.
"""

from __future__ import annotations

import json
import os
import secrets
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base import sqlite
from editor.base.clock import Clock
from editor.base.errors import UserError
from editor.base.ids import new_key
from editor.base.messages import Message
from editor.base.wire import digest_bytes, format_time
from editor.press.copying import Sum, check_same, copy_tables, sums_of
from editor.press.database import Database
from editor.press.house import has_newsroom, mark_moved, read_house
from editor.press.media import MAX_MEDIA, MediaStore, is_sha256
from editor.press.schema import SCHEMA_VERSION, MetaRow

FORMAT = 1
ABOUT, DATABASE, PICTURES = "about.json", "press.db", "media/"


@dataclass(frozen=True, slots=True)
class Kept:
    """What was moved, kept or brought back."""

    newsroom_id: str
    rows: int
    pictures: int


def move(source_url: str, target_url: str, *, pictures: tuple[MediaStore, MediaStore] | None) -> Kept:
    """Bring a press on SQLite to another, empty database: ids, revisions, feed, epoch and tokens stay what they are.

    From SQLite alone, where the lock proves that no server goes on writing meanwhile. All or nothing; the old database says afterwards where its newsroom went. Done again after a break between the two
    it only finishes that. `pictures`: from where and to where. Raises `UserError`.
    """
    source = Database(source_url, exclusive=True)
    try:
        if not source.is_sqlite:
            raise UserError("not_sqlite", Message("press", "Only a press on SQLite can be moved."),
                            safe=Message("press", "Nothing was changed."),
                            fix=Message("press", "Stop it, make a back-up, and restore that elsewhere."))
        target = Database(target_url, exclusive=True, create=True)
        try:
            sums = _bring(source, target)
        finally:
            target.close()
        brought = _bring_pictures(*pictures) if pictures else 0
        with source.write() as session:
            house = read_house(session)
            assert house is not None  # `_bring` found it
            mark_moved(session, house.newsroom_id, target.url.render_as_string())
    finally:
        source.close()
    return Kept(house.newsroom_id, sum(table.rows for table in sums.values()), brought)


def back_up(database_url: str, file: Path, *, media: MediaStore | None, clock: Clock) -> Kept:
    """Keep a copy of a press, also of one that runs. The file is there when it is whole, and not before."""
    if file.exists():
        raise UserError("exists", Message("press", "There is something at {path} already.", {"path": file}),
                        safe=Message("press", "Nothing was changed."))
    source = Database(database_url, exclusive=not sqlite.BUNDLED)
    try:
        with tempfile.TemporaryDirectory(prefix=".press-", dir=file.absolute().parent) as folder:
            half = Path(folder) / "half"
            copy, sums = Path(folder) / DATABASE, _copy_out(source, Path(folder) / DATABASE)
            names = media.everything() if media is not None else []
            with source.read() as session:
                newsroom_id = _newsroom_id(session)
            about = {"format": FORMAT, "schema": SCHEMA_VERSION, "made_at": format_time(clock.now()),
                     "newsroom_id": newsroom_id, "tables": {name: table.rows for name, table in sums.items()}}
            _pack(half, copy, about, media, names)
            half.replace(file)
    finally:
        source.close()
    return Kept(newsroom_id, sum(table.rows for table in sums.values()), len(names))


def restore(file: Path, database_url: str, *, media: MediaStore | None) -> Kept:
    """Bring a kept press into an empty database, under a new epoch: the desks find out what the copy does not have.

    Raises `UserError` for a file that is no back-up of ours or not whole, and for a database with a newsroom.
    """
    with tempfile.TemporaryDirectory(prefix="press-") as folder:
        try:
            with zipfile.ZipFile(file) as archive:
                names = _checked(archive)
                _unpack(archive, Path(folder) / DATABASE)
                source = Database(f"sqlite:///{Path(folder) / DATABASE}")
                try:
                    return _bring_back(source, database_url, archive, names, media)
                finally:
                    source.close()
        except (OSError, zipfile.BadZipFile, KeyError, ValueError, sqlite.DatabaseError) as error:
            raise _no_backup(file) from error


def _bring(source: Database, target: Database) -> dict[str, Sum]:
    with target.write() as session:
        with source.read() as reading:
            house, there = read_house(reading), read_house(session)
            if house is None:
                raise UserError("no_newsroom", Message("press", "This database has no newsroom yet."))
            if there is not None and (there.newsroom_id, there.epoch) != (house.newsroom_id, house.epoch):
                raise has_newsroom()
            sums = sums_of(reading.connection()) if there else copy_tables(reading.connection(), session.connection())
        check_same(sums, session.connection())
        return sums


def _bring_pictures(source: MediaStore, target: MediaStore) -> int:
    names = source.everything()
    for name in names:
        target.put(name, source.path(name).read_bytes())
    return len(names)


def _copy_out(source: Database, path: Path) -> dict[str, Sum]:
    copy = Database(f"sqlite:///{path}", create=True)
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


def _checked(archive: zipfile.ZipFile) -> list[str]:
    """The pictures in a back-up of ours. Raises what `restore` turns into a sentence."""
    about = json.loads(archive.read(ABOUT))
    pictures = [name.removeprefix(PICTURES) for name in archive.namelist() if name.startswith(PICTURES)]
    known = {ABOUT, DATABASE, *(PICTURES + name for name in pictures)}
    if about["format"] != FORMAT or set(archive.namelist()) != known or not all(map(is_sha256, pictures)):
        raise ValueError("another kind of archive")
    if any(archive.getinfo(PICTURES + name).file_size > MAX_MEDIA for name in pictures) or archive.testzip():
        raise ValueError("not whole")
    return pictures


def _unpack(archive: zipfile.ZipFile, path: Path) -> None:
    with archive.open(DATABASE) as packed, path.open("wb") as file:
        while piece := packed.read(1 << 20):
            file.write(piece)


def _bring_back(source: Database, database_url: str, archive: zipfile.ZipFile, names: list[str],
                media: MediaStore | None) -> Kept:
    target = Database(database_url, exclusive=True, create=True)
    try:
        with target.read() as session:
            if read_house(session) is not None:
                raise has_newsroom()
        if media is not None:  # first, and outside: PostgreSQL ends a transaction that waits for a disk
            _put_back(archive, names, media)
        with target.write() as session:
            if read_house(session) is not None:
                raise has_newsroom()
            with source.read() as reading:
                newsroom_id = _newsroom_id(reading)
                sums = copy_tables(reading.connection(), session.connection())
            check_same(sums, session.connection())
            for name, value in (("epoch", new_key()), ("cursor_key", secrets.token_hex(32))):
                session.execute(sa.update(MetaRow).where(MetaRow.name == name).values(value=value))
    finally:
        target.close()
    return Kept(newsroom_id, sum(table.rows for table in sums.values()), len(names) if media is not None else 0)


def _put_back(archive: zipfile.ZipFile, names: list[str], media: MediaStore) -> None:
    for name in names:
        content = archive.read(PICTURES + name)
        if digest_bytes(content) != name:
            raise ValueError("a picture that is another")
        media.put(name, content)


def _newsroom_id(session: Session) -> str:
    house = read_house(session)
    if house is None:
        raise UserError("no_newsroom", Message("press", "This database has no newsroom yet."))
    return house.newsroom_id


def _no_backup(file: Path) -> UserError:
    return UserError("bad_backup", Message("press", "{path} is no back-up of a press, or not whole.", {"path": file}),
                     safe=Message("press", "Nothing was changed."))
