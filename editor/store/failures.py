"""What can go wrong with the database, as one plain sentence each: what happened, what is safe, what to do."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, IntegrityError

from editor.base import sqlite
from editor.base.errors import Bug, EditorError, UserError
from editor.base.messages import Message


def explain(error: BaseException, path: Path | None = None) -> EditorError | None:
    """The error that a person is told for `error`, None where it is none of the database's."""
    if isinstance(error, (IntegrityError, sqlite.IntegrityError)):
        return Bug("integrity", Message("store", "The database refused a row: {why}.", {"why": _first_line(error)}))
    if isinstance(error, UnicodeDecodeError):  # everything we write is text
        return damaged(_place(path))
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    if isinstance(cause, sqlite.DatabaseError):
        return _of_database(str(cause).lower(), _place(path))
    if isinstance(cause, OSError):
        return _of_system(cause, _place(path))
    return None


@contextmanager
def explained(path: Path | None = None) -> Iterator[None]:
    """Turn what the database or the system raises inside into what a person is told."""
    try:
        yield
    except EditorError:
        raise
    except (DBAPIError, sqlite.DatabaseError, OSError, UnicodeDecodeError) as error:
        told = explain(error, path)
        if told is None:
            raise
        raise told from error


def disk_full(place: str) -> UserError:
    """SQLITE_FULL, ENOSPC or a quota."""
    return UserError("disk_full", Message("store", "The disk is full: {place} cannot be written.", {"place": place}),
                     safe=Message("store", "Everything saved before this is still there."),
                     fix=Message("store", "Make room on the disk; saving goes on by itself."))


def read_only(place: str) -> UserError:
    """A folder or file that this person may not write."""
    return UserError("read_only", Message("store", "{place} cannot be written: it is read-only.", {"place": place}),
                     safe=Message("store", "Nothing in it was changed."),
                     fix=Message("store", "Give yourself the right to write there, or choose another folder."))


def damaged(place: str) -> UserError:
    """A file that is no database, or one with broken pages."""
    return UserError("damaged_database", Message("store", "{place} is damaged or is no database.", {"place": place}),
                     safe=Message("store", "The file was left as it is; back-ups stand in the folder backups."),
                     fix=Message("store", "Type `redactie rescue`: it saves what can still be read. Or restore the newest back-up."))


def behind(place: str, missing: int) -> UserError:
    """A database that lacks what was saved last: its journal was damaged, lost or replaced."""
    told = damaged(place)
    return UserError(told.kind, Message("store", "{place} is damaged: the last save is not in it.|"
                                        "{place} is damaged: the last {n} saves are not in it.",
                                        {"place": place, "n": missing}), safe=told.safe, fix=told.fix)


def profile_in_use(holder: str) -> UserError:
    """Another process has the profile; `holder` says which."""
    return UserError("profile_in_use", Message("store", "This profile is open in another program ({holder}).",
                                               {"holder": holder}),
                     safe=Message("store", "Nothing was changed."),
                     fix=Message("store", "Close that program, or use another profile."))


def opened_to_read() -> UserError:
    """A profile that this process opened for reading only."""
    return UserError("opened_to_read", Message("store", "This profile was opened for reading only."),
                     safe=Message("store", "Nothing was changed."),
                     fix=Message("store", "Open the profile for writing once."))


def newer_database(path: Path) -> UserError:
    """A database that a newer version of this program wrote."""
    return UserError("newer_database", Message("store", "{place} was written by a newer version of Redactie.",
                                               {"place": str(path)}),
                     safe=Message("store", "Nothing was changed."),
                     fix=Message("store", "Install the newer version."))


def _place(path: Path | None) -> str:
    return str(path) if path is not None else "redactie.db"


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).splitlines()[0] if str(cause) else type(cause).__name__


# What SQLite says of broken pages; our statements are fixed, so that a table that is not there is one more.
_DAMAGE = ("malformed", "not a database", "corrupt", "decode", "vtable constructor", "no such table", "no such column",
           "parse error", "unrecognized", "syntax error")


def _of_database(said: str, place: str) -> EditorError | None:
    if "full" in said:
        return disk_full(place)
    if "readonly" in said or "read-only" in said:
        return read_only(place)
    if any(word in said for word in _DAMAGE):
        return damaged(place)
    if "i/o error" in said:
        return _unreadable(place)
    if "unable to open" in said:
        return _cannot_open(place)
    if "locked" in said or "busy" in said:
        return UserError("database_busy", Message("store", "{place} is held by another program.", {"place": place}),
                         safe=Message("store", "Nothing was changed."),
                         fix=Message("store", "Close the other program and try again."))
    return None


def _of_system(error: OSError, place: str) -> EditorError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(place)
    if error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
        return read_only(place)
    if error.errno == errno.EIO:
        return _unreadable(place)
    return _cannot_open(place)


def _unreadable(place: str) -> UserError:
    return UserError("io_error", Message("store", "The disk does not answer as it should at {place}.", {"place": place}),
                     safe=Message("store", "Everything saved before this is still there, as far as the disk keeps it."),
                     fix=Message("store", "Check the disk, and copy the profile's folder to another one."))


def _cannot_open(place: str) -> UserError:
    return UserError("cannot_open", Message("store", "{place} cannot be opened.", {"place": place}),
                     safe=Message("store", "Nothing was changed."),
                     fix=Message("store", "Check that the folder exists and that nothing else stands in its place."))
