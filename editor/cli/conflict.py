"""`redactie conflict …`: the cards that wait for a person."""

from __future__ import annotations

from typing import Any

from editor.base.errors import UserError
from editor.base.ids import tail
from editor.base.messages import Message
from editor.cli.frame import Answer, Session, one_id, read_text
from editor.desk import conflicts, settling
from editor.desk.ports import ConflictRow


def register(nouns: Any) -> None:
    """Add the noun with its verbs."""
    verbs = nouns.add_parser("conflict").add_subparsers(dest="verb", required=True)
    verbs.add_parser("list").set_defaults(run=list_cards)
    showing = verbs.add_parser("show")
    showing.add_argument("id")
    showing.set_defaults(run=show)
    resolving = verbs.add_parser("resolve")
    resolving.add_argument("id")
    resolving.add_argument("choice", nargs="?", choices=(conflicts.MINE, conflicts.THEIRS, conflicts.BOTH))
    resolving.add_argument("--text-file")
    resolving.set_defaults(run=resolve)


def list_cards(session: Session) -> Answer:
    """Every open card."""
    with session.reading() as station:
        rows = [_row(card) for card in station.door.read_now(lambda reader: reader.conflicts())]
        return Answer({"conflicts": rows}, tuple(f"{tail(r['id'])}  {r['kind']:<10}  {r['field']}" for r in rows))


def show(session: Session) -> Answer:
    """One card."""
    with session.reading() as station:
        card_id = one_id(station, "conflict", session.args.id)
        card = station.door.read_now(lambda reader: reader.conflict(card_id))
        assert card is not None  # just found
        row = _row(card)
        return Answer({"conflict": row}, tuple(f"{name}: {row[name]}" for name in ("field", "base", "mine", "theirs")))


def resolve(session: Session) -> Answer:
    """Settle a card."""
    choice, file = session.args.choice, session.args.text_file
    if (choice is None) == (file is None):
        raise UserError("usage", Message("desk", "Choose mine, theirs, both, or give a text."))
    text = read_text(file) if file is not None else None
    with session.changing() as station:
        card_id = one_id(station, "conflict", session.args.id)
        station.door.change_now(lambda work: settling.settle(
            work, card_id, conflicts.TEXT if choice is None else choice, text=text))
        rows = [_row(card) for card in station.door.read_now(lambda reader: reader.conflicts())]
        return Answer({"conflicts": rows})


def _row(card: ConflictRow) -> dict[str, Any]:
    return {"id": card.id, "entity": card.entity_id, "entity_kind": card.entity_kind, "kind": card.kind,
            "field": card.field, "base": card.base, "mine": card.mine, "theirs": card.theirs,
            "blocking": card.blocking, "code": card.code, "by": card.theirs_actor,
            "raised_at": card.raised_at.isoformat()}
