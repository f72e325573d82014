"""People and their devices, as the command line manages them (model 1). Plain functions on an opened press."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.errors import UserError
from editor.base.ids import new_id
from editor.base.messages import Message
from editor.domain.people import Role
from editor.press.auth import new_token, token_hash
from editor.press.ledger import Change, Entity, Origin, lock_entity, write
from editor.press.opened import Press
from editor.press.schema import DeviceRow, PersonRow

BY_PRESS = Origin(replica="press")


@dataclass(frozen=True, slots=True)
class Device:
    """One machine's way in."""

    name: str
    made_at: datetime
    expires_at: datetime | None
    is_active: bool


@dataclass(frozen=True, slots=True)
class User:
    """A person, with his devices."""

    id: str
    name: str
    roles: tuple[str, ...]
    is_active: bool
    devices: tuple[Device, ...] = ()


@dataclass(frozen=True, slots=True)
class NewToken:
    """A person's new device. The token is shown this once and kept nowhere."""

    user: User
    device: str
    token: str


def add(press: Press, name: str, roles: Iterable[str], *, device: str = "",
        expires_at: datetime | None = None) -> NewToken:
    """A new person, or one more device of a known one (whose roles become these, if any are given).

    Raises `UserError` for no name, no or unknown roles.
    """
    name, wanted = " ".join(name.split()), _known(roles)
    if not name or len(name) > 200:
        raise UserError("bad_name", Message("press", "A person needs a name."))
    token, moved = new_token(), None
    with press.database.write() as session:
        now, newsroom_id = press.clock.now(), press.house.newsroom_id
        person = _find(session, newsroom_id, name)
        if person is None and not wanted:
            raise UserError("no_roles", Message("press", "A new person needs a role: {roles}.",
                                                {"roles": ", ".join(Role)}))
        if person is None:
            person = PersonRow(newsroom_id=newsroom_id, id=new_id(), name=name, name_key=name.casefold(),
                               roles=json.dumps(wanted), active=1, made_at=now)
            session.add(person)
        elif wanted:
            person.roles = json.dumps(wanted)
        person.active = 1
        device = " ".join(device.split()) or _free_device(session, newsroom_id, person.id)
        _end(session, newsroom_id, person.id, device, now)
        session.add(DeviceRow(newsroom_id=newsroom_id, person_id=person.id, name=device, made_at=now,
                              token_hash=token_hash(token), expires_at=expires_at, revoked_at=None))
        session.flush()
        moved = _tell(session, newsroom_id, person, now)
        user = _user(session, person)
    _announce(press, moved)
    return NewToken(user, device, token)


def listed(press: Press) -> list[User]:
    """Everybody, by name."""
    with press.database.read() as session:
        people = session.scalars(sa.select(PersonRow).where(PersonRow.newsroom_id == press.house.newsroom_id)
                                 .order_by(PersonRow.name_key)).all()
        return [_user(session, person) for person in people]


def revoke(press: Press, name: str, *, device: str | None = None) -> User:
    """End one device's token, or with none named all of them and the person's access. Raises `UserError`."""
    moved = None
    with press.database.write() as session:
        now, newsroom_id = press.clock.now(), press.house.newsroom_id
        person = _find(session, newsroom_id, " ".join(name.split()))
        if person is None:
            raise UserError("unknown_user", Message("press", "There is nobody called {name}.", {"name": name}))
        ended = _end(session, newsroom_id, person.id, device, now)
        if device is not None and not ended:
            raise UserError("unknown_device", Message("press", "{name} has no device {device}.",
                                                      {"name": person.name, "device": device}))
        if device is None:
            person.active = 0
        session.flush()
        moved = _tell(session, newsroom_id, person, now)
        user = _user(session, person)
    _announce(press, moved)
    return user


def _known(roles: Iterable[str]) -> list[str]:
    wanted = sorted({role.strip().lower() for role in roles if role.strip()})
    for role in wanted:
        if role not in [known.value for known in Role]:
            raise UserError("unknown_role", Message("press", "There is no role {role}.", {"role": role}),
                            fix=Message("press", "Choose from: {roles}.", {"roles": ", ".join(Role)}))
    return wanted


def _find(session: Session, newsroom_id: str, name: str) -> PersonRow | None:
    return session.scalars(sa.select(PersonRow).where(
        PersonRow.newsroom_id == newsroom_id, PersonRow.name_key == name.casefold()).with_for_update()).first()


def _devices(session: Session, newsroom_id: str, person_id: str) -> list[DeviceRow]:
    return list(session.scalars(sa.select(DeviceRow).where(
        DeviceRow.newsroom_id == newsroom_id, DeviceRow.person_id == person_id).order_by(DeviceRow.rid)))


def _free_device(session: Session, newsroom_id: str, person_id: str) -> str:
    return f"device-{len(_devices(session, newsroom_id, person_id)) + 1}"


def _end(session: Session, newsroom_id: str, person_id: str, device: str | None, now: datetime) -> int:
    """End the person's tokens (of one device); how many there were."""
    found = [row for row in _devices(session, newsroom_id, person_id)
             if row.revoked_at is None and (device is None or row.name == device)]
    for row in found:
        row.revoked_at = now
    return len(found)


def _user(session: Session, person: PersonRow) -> User:
    devices = tuple(Device(row.name, row.made_at, row.expires_at, row.revoked_at is None)
                    for row in _devices(session, person.newsroom_id, person.id))
    return User(person.id, person.name, tuple(json.loads(person.roles)), bool(person.active), devices)


def _tell(session: Session, newsroom_id: str, person: PersonRow, now: datetime) -> Entity | None:
    """Bring the person's document in the feed up to date."""
    doc = {"name": person.name, "roles": json.loads(person.roles), "active": bool(person.active)}
    before = lock_entity(session, newsroom_id, person.id)
    if before is not None and dict(before.doc) == doc:
        return None
    return write(session, newsroom_id, before, Change(person.id, "person", doc, "person"), BY_PRESS, now)


def _announce(press: Press, moved: Entity | None) -> None:
    if moved is not None:
        press.hub.moved("content", moved.seq)
