"""`redactie press …`: the bundled backend: serve it, manage its people."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from editor.cli.frame import Answer, Session
from editor.press import service
from editor.press.keeping import Kept


def register(nouns: Any) -> None:
    """Add the noun with its verbs."""
    verbs = nouns.add_parser("press").add_subparsers(dest="verb", required=True)
    serving = verbs.add_parser("serve")
    serving.add_argument("--host", default="127.0.0.1")
    serving.add_argument("--port", type=int, default=8790)
    serving.add_argument("--workers", type=int, default=1)
    serving.add_argument("--trusted-proxy")
    serving.add_argument("--clock-offset", type=float, help="seconds; a sample's own clock")
    serving.add_argument("--with-parent", action="store_true", help="stop when standard input ends")
    serving.set_defaults(run=serve)
    users = verbs.add_parser("user").add_subparsers(dest="act", required=True)
    adding = users.add_parser("add")
    adding.add_argument("name")
    adding.add_argument("--role", default="")
    adding.add_argument("--device", default="")
    adding.set_defaults(run=add_user)
    listing = users.add_parser("list")
    listing.set_defaults(run=list_users)
    revoking = users.add_parser("revoke")
    revoking.add_argument("name")
    revoking.add_argument("--device")
    revoking.set_defaults(run=revoke_user)
    moving = verbs.add_parser("move")
    moving.add_argument("--to", required=True, help="the address of an empty database")
    moving.set_defaults(run=move)
    copying = verbs.add_parser("backup")
    copying.add_argument("file")
    copying.set_defaults(run=backup)
    restoring = verbs.add_parser("restore")
    restoring.add_argument("file")
    restoring.set_defaults(run=restore)
    for verb in (serving, adding, listing, revoking, moving, copying, restoring):
        verb.add_argument("--database-url")
    for verb in (serving, moving, copying, restoring):
        verb.add_argument("--media", help="the folder that pictures are kept in")


def database_url(session: Session) -> str:
    """The database named, or the one in the profile's press folder, which is made when it is not there."""
    if session.args.database_url:
        return str(session.args.database_url)
    folder = session.folder / "press"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return sqlite_url(folder / "press.db")


def media_folder(session: Session) -> Path | None:
    """The folder of pictures: the one named, beside a SQLite database its own, else in the profile's press folder."""
    return _folder_of(session, session.args.database_url or "sqlite:")


def _folder_of(session: Session, url: str) -> Path | None:
    if session.args.media:
        return Path(session.args.media).expanduser().absolute()
    return None if url.startswith("sqlite") else session.folder.absolute() / "press" / "media"


def sqlite_url(path: Path) -> str:
    """A SQLite file as a database's address."""
    return f"sqlite:///{path.absolute()}"


def serve(session: Session) -> Answer:
    """Serve until told to stop; prints the address once it answers."""
    args = session.args
    answered: list[str] = []

    def ready(url: str) -> None:
        answered.append(url)
        sys.stdout.write(json.dumps({"url": url}) + "\n" if args.json else url + "\n")
        sys.stdout.flush()

    if args.with_parent:
        threading.Thread(target=_stop_with_parent, name="parent", daemon=True).start()
    offset = timedelta(seconds=args.clock_offset) if args.clock_offset is not None else None
    service.serve(database_url(session), host=args.host, port=args.port, workers=args.workers,
                  trusted_proxy=args.trusted_proxy, clock_offset=offset, media=media_folder(session), on_ready=ready)
    raise SystemExit(0 if answered else 1)


def _stop_with_parent() -> None:
    """Whoever started us holds our standard input: when it ends, he has gone, however he went."""
    # Read without a buffer: at the end of the program a buffer's lock would still be held here.
    while os.read(sys.stdin.fileno(), 1024):
        pass
    signal.raise_signal(signal.SIGTERM)


def move(session: Session) -> Answer:
    """Bring a press that is not running to another, empty database."""
    url, target = database_url(session), str(session.args.to)
    kept = service.move(url, target, media=media_folder(session), target_media=_folder_of(session, target))
    return _kept("move", kept, target)


def backup(session: Session) -> Answer:
    """Keep a whole copy in one file, also of a press that runs."""
    file = Path(session.args.file).expanduser().absolute()
    return _kept("backup", service.back_up(database_url(session), file, media=media_folder(session)), str(file))


def restore(session: Session) -> Answer:
    """Bring a copy into an empty database; the desks find out what it does not have."""
    file, url = Path(session.args.file).expanduser().absolute(), database_url(session)
    return _kept("restore", service.restore(file, url, media=media_folder(session)), url)


def _kept(verb: str, kept: Kept, where: str) -> Answer:
    shown = service.shown_url(where)
    row = {"where": shown, "newsroom": kept.newsroom_id, "rows": kept.rows, "pictures": kept.pictures}
    return Answer({verb: row}, (shown,))


def add_user(session: Session) -> Answer:
    """A new person, or one more device; the token is told this once."""
    args = session.args
    roles = [role for role in args.role.split(",") if role]
    made = service.add_user(database_url(session), name=args.name, roles=roles, device=args.device)
    row = {"user": made.user.name, "roles": list(made.user.roles), "device": made.device, "token": made.token}
    return Answer(row, (made.token,))


def list_users(session: Session) -> Answer:
    """Everybody with their devices."""
    users = service.list_users(database_url(session))
    rows = [{"user": u.name, "roles": list(u.roles), "active": u.is_active, "devices": [d.name for d in u.devices]}
            for u in users]
    return Answer({"users": rows}, tuple(f"{u.name}  {','.join(u.roles)}" for u in users))


def revoke_user(session: Session) -> Answer:
    """End one device's token, or all of a person's."""
    user = service.revoke_user(database_url(session), name=session.args.name, device=session.args.device)
    return Answer({"user": user.name, "roles": list(user.roles), "active": user.is_active,
                   "devices": [d.name for d in user.devices]}, (user.name,))
