"""`redactie reaction …`: the same operations as the Reacties desk."""

from __future__ import annotations

from typing import Any

from editor.base.errors import UserError
from editor.base.ids import tail
from editor.base.messages import Message
from editor.cli.frame import Answer, Session, one_id
from editor.desk import reactions
from editor.desk.reactions import Seen
from editor.desk.read_models import ReactionView
from editor.desk.undo import undo_latest
from editor.domain.documents import decision_document, reaction_document
from editor.domain.reaction import Verb, queue_state
from editor.station import Workstation

ACTIONS = {"approve": Verb.APPROVE, "reject": Verb.REJECT, "spam": Verb.SPAM, "requeue": Verb.REQUEUE,
           "later": Verb.DEFER, "escalate": Verb.ESCALATE, "deescalate": Verb.DEESCALATE, "restore": Verb.RESTORE}
QUEUES = {"pending": "pending", "reported": "reported", "escalated": "escalated", "deferred": "deferred",
          "done": "done", "conflicts": "conflict"}


def register(nouns: Any) -> None:
    """Add the noun with its verbs."""
    verbs = nouns.add_parser("reaction").add_subparsers(dest="verb", required=True)
    listing = verbs.add_parser("list")
    listing.add_argument("--queue", choices=tuple(QUEUES), default="pending")
    listing.add_argument("--limit", type=int, default=200)
    listing.set_defaults(run=list_reactions)
    showing = verbs.add_parser("show")
    showing.add_argument("id")
    showing.set_defaults(run=show)
    deciding = verbs.add_parser("decide")
    deciding.add_argument("id", nargs="+")
    deciding.add_argument("action", choices=tuple(ACTIONS))
    for option in ("--reason", "--note", "--seen"):
        deciding.add_argument(option)
    deciding.set_defaults(run=decide)
    undoing = verbs.add_parser("undo")
    undoing.add_argument("id", nargs="?")
    undoing.set_defaults(run=undo)


def list_reactions(session: Session) -> Answer:
    """One queue in its order."""
    args = session.args
    with session.reading() as station:
        ids = station.door.read_now(lambda reader: reader.queue(QUEUES[args.queue], limit=args.limit))
        items = station.door.read_now(lambda reader: reader.reaction_items(ids))
        rows = [{"id": i.id, "number": i.number, "author": i.author, "text": i.text, "state": i.state.value,
                 "article": i.article_id, "waiting": i.waiting} for i in items]
        lines = tuple(f"{tail(i.id)}  {i.state.value:<9}  {i.author}: {i.text[:60]}" for i in items)
        return Answer({"reactions": rows, "next": None}, lines)


def show(session: Session) -> Answer:
    """One reaction with its log."""
    with session.reading() as station:
        return _shown(station, one_id(station, "reaction", session.args.id))


def decide(session: Session) -> Answer:
    """Decide on one reaction, or on several at once: all or none, one undo. `--seen` is the text_hash that was seen of
    the one; without it, the present one."""
    args = session.args
    if args.seen and len(args.id) > 1:
        raise UserError("usage", Message("cli", "--seen is about one reaction."))
    with session.changing() as station:
        ids = tuple(dict.fromkeys(one_id(station, "reaction", one) for one in args.id))
        found = {one: _view(station, one).reaction for one in ids}
        seen = {one: Seen(args.seen or reaction.text_hash, reaction.log_n) for one, reaction in found.items()}
        station.door.change_now(lambda work: reactions.decide_many(
            work, ids, ACTIONS[args.action], seen=seen, reason=args.reason, note=args.note or ""))
        if len(ids) == 1:
            return _shown(station, ids[0])
        shown = [_shown(station, one) for one in ids]
        return Answer({"reactions": [one.json["reaction"] for one in shown]},
                      tuple(line for one in shown for line in one.lines))


def undo(session: Session) -> Answer:
    """Take back one's own last decision on one reaction, or the last act on reactions, a bulk as a whole."""
    with session.changing() as station:
        if session.args.id:
            reaction_id = one_id(station, "reaction", session.args.id)
            station.door.change_now(lambda work: reactions.undo_decision(work, reaction_id))
            return _shown(station, reaction_id)
        undone = station.door.change_now(lambda work: undo_latest(work, "reaction"))
        answer = _shown(station, undone.entity_id)
        return Answer({**answer.json, "undone": {"ids": list(undone.ids), "kept": list(undone.kept)}}, answer.lines)


def _view(station: Workstation, reaction_id: str) -> ReactionView:
    view = station.door.read_now(lambda reader: reader.reaction(reaction_id))
    if view is None:
        raise UserError("not_found", Message("desk", "There is no {kind} {id}.",
                                             {"kind": "reaction", "id": tail(reaction_id)}))
    return view


def _shown(station: Workstation, reaction_id: str) -> Answer:
    view = _view(station, reaction_id)
    reaction = view.reaction
    now = station.clock.now()
    row = {
        "id": reaction.id, "number": reaction.number, "author": reaction.author_name, "text": reaction.text,
        "text_hash": reaction.text_hash, "state": view.state.value,
        "server": {**reaction_document(reaction), "state": queue_state(reaction, now).value},
        "decision": decision_document(view.decisions[-1]) if view.decisions else None,
        "sync": "waiting" if view.waiting else "applied", "hits": [],
        "conflicts": [card.id for card in view.conflicts],
    }
    return Answer({"reaction": row}, ((f"{tail(reaction.id)}  {view.state.value}  {reaction.author_name}: "
                                      f"{reaction.text[:70]}"),))
