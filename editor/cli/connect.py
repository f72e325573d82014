"""`redactie connect …`: check a server, then bind the profile to it."""

from __future__ import annotations

from typing import Any

from editor.base.errors import Unavailable, UserError
from editor.base.messages import Message
from editor.cli.frame import Answer, Session, not_yet, read_text


def register(nouns: Any) -> None:
    """Add the noun with its servers."""
    servers = nouns.add_parser("connect").add_subparsers(dest="server", required=True)
    press = servers.add_parser("press")
    press.add_argument("url")
    press.add_argument("--token-file", required=True)
    press.set_defaults(run=connect_press)
    wordpress = servers.add_parser("wordpress")
    wordpress.add_argument("url")
    wordpress.add_argument("--user")
    wordpress.add_argument("--password-file")
    wordpress.set_defaults(run=not_yet, verb_name="connect wordpress")


def connect_press(session: Session) -> Answer:
    """Greet a press, and bind this profile to it."""
    from editor.station import bind_press

    token = read_text(session.args.token_file).strip()
    if not token:
        raise UserError("no_token", Message("cli", "The token file is empty."))
    with session.changing() as station:
        info = bind_press(station, session.args.url, token)
        if info is None:
            raise Unavailable("offline", Message("cli", "There is no Redactie server at {url}.",
                                                 {"url": session.args.url}))
        row = {"backend": "press", "url": session.args.url, "user": info.user_name, "rights": list(info.rights),
               "capabilities": list(info.capabilities), "secret_kept_in": station.secrets.place()}
        return Answer({"connection": row}, (f"{info.user_name} · {session.args.url}",))
