"""Readers' reactions as they come in: press makes them, numbers them and keeps their writers' addresses apart."""

from __future__ import annotations

import ipaddress
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from editor.base.ids import new_id
from editor.base.messages import Message
from editor.domain.article import Article, effective_status
from editor.domain.documents import article_value, reaction_document
from editor.domain.publication import first_released
from editor.domain.reaction import Reaction, ReactionStatus, text_hash
from editor.domain.refusal import Refused
from editor.press.house import House, mac
from editor.press.ledger import Change, Entity, Origin, lock_entity, write
from editor.press.opened import Press
from editor.press.schema import ContactRow, EntityRow

NAME_LENGTH, TEXT_LENGTH, EMAIL_LENGTH = 80, 2_000, 254  # characters
EMAIL_KEPT = timedelta(days=183)  # as long as an objection may come (L-08)
SOURCE_KEPT = timedelta(days=90)  # L-08
OPEN_FOR = timedelta(days=30)  # an older article's reactions wait for a person, whatever its mode
PER_MINUTE = 5  # reactions from one source
SAME_WITHIN = timedelta(minutes=10)  # the same words again are a second press of the button


class TooOften(Exception):
    """More reactions from one source than a person writes."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A reaction that came in."""

    reaction_id: str
    number: int
    is_public: bool
    was_known: bool = False


def source_key(house: House, address: str) -> str:
    """The pseudonym of where somebody writes from: HMAC of the address's /24 or /48 (L-07). Empty for none."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    network = ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 48}", strict=False)
    return mac(house.pseudonym_key, "source", str(network))


def author_key(house: House, email: str) -> str:
    """The pseudonym of a writer: HMAC of the normalised e-mail address. Empty for none."""
    plain = unicodedata.normalize("NFC", email).strip().casefold()
    return mac(house.pseudonym_key, "author", plain) if plain else ""


def post_reaction(press: Press, article_id: str, *, name: str, text: str, email: str = "", parent_id: str = "",
                  source: str = "", at: datetime | None = None) -> Posted:
    """Take in one reaction; `source` is the writer's IP address, of which only a pseudonym is kept.

    `at` is for a sample's reactions of the past. Raises `Refused`: `type` for what is missing, `limit` for what is
    too long, `status` where nothing can be posted; `TooOften`.
    """
    name, text, email = _clean(name), _clean_text(text), email.strip()
    _check(name, text, email)
    with press.database.write() as session:
        newsroom_id = press.house.newsroom_id
        found = lock_entity(session, newsroom_id, article_id)
        now = press.clock.now()
        article = _open_article(found, now)
        _check_parent(session, newsroom_id, article_id, parent_id)
        hashed, author = text_hash(text, name, parent_id, article_id), author_key(press.house, email)
        known = _known(session, newsroom_id, article_id, hashed, now)
        if known is not None:
            return Posted(known.id, known.number or 0, known.state == ReactionStatus.APPROVED, was_known=True)
        if _too_many(session, press.house, source, now):
            raise TooOften
        status = _status(article, now)
        reaction = Reaction(id=new_id(), article_id=article_id, number=_next(session, newsroom_id, article_id),
                            author_name=name, text=text, text_hash=hashed, created_at=at or now, parent_id=parent_id,
                            author_key=author, status=status)
        _keep_contact(session, press.house, reaction.id, email, source, now)
        made = write(session, newsroom_id, None, Change(reaction.id, "reaction", reaction_document(reaction), "post"),
                     Origin(replica="public"), now)
    press.hub.moved("reactions", made.seq)
    return Posted(reaction.id, reaction.number, status is ReactionStatus.APPROVED)


def purge_contacts(press: Press) -> int:
    """Forget every address whose day has come; how many rows were touched (L-08)."""
    with press.database.write() as session:
        now, newsroom_id = press.clock.now(), press.house.newsroom_id
        mine = ContactRow.newsroom_id == newsroom_id
        touched = set(session.scalars(sa.update(ContactRow).where(
            mine, ContactRow.email != "", ContactRow.email_until <= now).values(email="").returning(
                ContactRow.reaction_id)))
        touched |= set(session.scalars(sa.update(ContactRow).where(
            mine, ContactRow.source_key != "", ContactRow.source_until <= now).values(source_key="").returning(
                ContactRow.reaction_id)))
        session.execute(sa.delete(ContactRow).where(mine, ContactRow.email == "", ContactRow.source_key == ""))
        return len(touched)


def accepts(article: Article, now: datetime) -> bool:
    """Whether readers may react at `now`."""
    return effective_status(article, now).is_public and article.reactions_mode != "closed"


def _open_article(found: Entity | None, now: datetime) -> Article:
    if found is None or found.kind != "article" or found.deleted:
        raise Refused("status", Message("press", "There is no such article."))
    article = article_value(found.id, found.doc)
    if not accepts(article, now):
        raise Refused("status", Message("press", "Reactions to this article are closed."))
    return article


def _status(article: Article, now: datetime) -> ReactionStatus:
    first = first_released(article.live, now)
    young = first is not None and now - first.release_at <= OPEN_FOR
    return ReactionStatus.APPROVED if article.reactions_mode == "open" and young else ReactionStatus.HOLD


def _clean(name: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFC", " ".join(name.split())) if c.isprintable())


def _clean_text(text: str) -> str:
    """Plain text: line ends as LF, no control characters; what is seen is what is kept."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "".join(c for c in text if c == "\n" or unicodedata.category(c) not in ("Cc", "Cs", "Co")).strip()


def _check(name: str, text: str, email: str) -> None:
    if not name:
        raise Refused("type", Message("press", "Write your name."))
    if not text:
        raise Refused("type", Message("press", "Write your reaction."))
    if len(name) > NAME_LENGTH or len(email) > EMAIL_LENGTH:
        raise Refused("limit", Message("press", "Your name or e-mail address is too long."))
    if len(text) > TEXT_LENGTH:
        raise Refused("limit", Message("press", "Your reaction is too long: at most {n} characters.",
                                       {"n": TEXT_LENGTH}))
    local, at, host = email.rpartition("@")
    if email and (not at or not local or "." not in host or any(c.isspace() for c in email)):
        raise Refused("type", Message("press", "That is no e-mail address; you may leave it empty."))


def _check_parent(session: Session, newsroom_id: str, article_id: str, parent_id: str) -> None:
    if not parent_id:
        return
    parent = session.scalars(sa.select(EntityRow).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.id == parent_id, EntityRow.kind == "reaction")).first()
    if parent is None or parent.article_id != article_id or parent.state != ReactionStatus.APPROVED or parent.deleted:
        raise Refused("status", Message("press", "The reaction that you answer is no longer there."))


def _known(session: Session, newsroom_id: str, article_id: str, hashed: str, now: datetime) -> EntityRow | None:
    recent = session.scalars(sa.select(EntityRow).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.article_id == article_id, EntityRow.kind == "reaction",
        EntityRow.at > now - SAME_WITHIN, EntityRow.doc.contains(f'"text_hash":"{hashed}"')))
    return recent.first()


def _too_many(session: Session, house: House, source: str, now: datetime) -> bool:
    """Whether a minute's share of this source was taken in, by whichever process."""
    where = source_key(house, source)
    if not where:
        return False
    young = sa.select(sa.func.count()).select_from(ContactRow).where(
        ContactRow.newsroom_id == house.newsroom_id, ContactRow.source_key == where,
        ContactRow.source_until > now + SOURCE_KEPT - timedelta(minutes=1))
    return (session.scalar(young) or 0) >= PER_MINUTE


def _next(session: Session, newsroom_id: str, article_id: str) -> int:
    """The next number, never used again: the article's row is locked, so nobody else takes it."""
    last = session.scalars(sa.select(sa.func.max(EntityRow.number)).where(
        EntityRow.newsroom_id == newsroom_id, EntityRow.article_id == article_id, EntityRow.kind == "reaction")).one()
    return (last or 0) + 1


def _keep_contact(session: Session, house: House, reaction_id: str, email: str, source: str, now: datetime) -> None:
    where = source_key(house, source)
    if email or where:
        session.add(ContactRow(newsroom_id=house.newsroom_id, reaction_id=reaction_id, email=email, source_key=where,
                               email_until=now + EMAIL_KEPT, source_until=now + SOURCE_KEPT))
        session.flush()
