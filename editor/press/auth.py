"""Who asks: people, their devices and tokens (model 1). A token is 256 random bits; only its sha256 is kept."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from editor.base.wire import digest_bytes
from editor.domain.people import Actor, roles_of
from editor.press import statements


class NotKnown(Exception):
    """No, an ended or an expired token. `code` is the answer's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever sends a request: the person, and the replica that it comes from."""

    actor: Actor
    replica: str


def new_token() -> str:
    """A new token, to be shown once."""
    return "rd_" + secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return digest_bytes(token.encode())


def actor_of(connection: sa.Connection, newsroom_id: str, authorization: str, now: datetime) -> Actor:
    """The person behind an `Authorization` header. Raises `NotKnown`."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotKnown("token_missing")
    found = connection.execute(statements.WHO, {
        "of_newsroom": newsroom_id, "token_hash": token_hash(token.strip())}).first()
    if found is None:
        raise NotKnown("token_unknown")
    if found.revoked_at is not None or not found.active:
        raise NotKnown("token_revoked")
    if found.expires_at is not None and found.expires_at <= now:
        raise NotKnown("token_expired")
    return Actor(found.id, found.name, roles_of(json.loads(found.roles)))
