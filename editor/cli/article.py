"""`redactie article …`: the same operations as the Artikelen desk."""

from __future__ import annotations

import argparse
from typing import Any

from editor.base.errors import UserError
from editor.base.ids import tail
from editor.base.messages import Message
from editor.cli.frame import Answer, Session, one_id, read_moment, read_text
from editor.desk import articles
from editor.desk.read_models import ArticleFilter, ArticleItem, ArticleView
from editor.domain.article import Action, Article, Byline, Status, content_hash, effective_status
from editor.domain.documents import article_document, article_patch, article_value, moment_document
from editor.domain.publication import Note, PublicationKind
from editor.domain.workflow import Step
from editor.station import Workstation
from editor.text.diffing import diff_words

TEXT_FIELDS = ("headline", "lead", "kicker", "section", "slug", "note")


def register(nouns: Any) -> None:
    """Add the noun with its verbs."""
    verbs = nouns.add_parser("article").add_subparsers(dest="verb", required=True)
    for name, run in (("new", new), ("edit", edit)):
        verb = verbs.add_parser(name)
        if name == "edit":
            verb.add_argument("id")
            verb.add_argument("--base-version", type=int)
        _add_fields(verb)
        verb.set_defaults(run=run)
    for name, run in (("show", show), ("delete", delete), ("restore", restore), ("versions", versions)):
        verb = verbs.add_parser(name)
        verb.add_argument("id")
        verb.set_defaults(run=run)
    listing = verbs.add_parser("list")
    listing.add_argument("--status", action="append", default=[])
    listing.add_argument("--search", default="")
    listing.add_argument("--after")
    listing.add_argument("--limit", type=int, default=200)
    listing.set_defaults(run=list_articles)
    move = verbs.add_parser("move")
    move.add_argument("id")
    move.add_argument("status", choices=[s.value for s in Status])
    for option in ("--at", "--note", "--note-type", "--seen"):
        move.add_argument(option)
    move.add_argument("--fold", type=int, choices=(0, 1))
    move.add_argument("--kind", choices=("minor", "update"))
    move.add_argument("--on-late", choices=("now",))
    move.set_defaults(run=move_article)
    differing = verbs.add_parser("diff")
    for name in ("id", "a", "b"):
        differing.add_argument(name)
    differing.set_defaults(run=diff)


def _add_fields(verb: argparse.ArgumentParser) -> None:
    for name in TEXT_FIELDS:
        verb.add_argument(f"--{name}")
    verb.add_argument("--body-file")
    verb.add_argument("--tag", action="append")
    verb.add_argument("--byline", action="append")
    verb.add_argument("--embargo")
    verb.add_argument("--fold", type=int, choices=(0, 1))


def _fields(session: Session, station: Workstation) -> dict[str, Any]:
    """The fields named on the command line, in wire form."""
    args = session.args
    found: dict[str, Any] = {name: getattr(args, name) for name in TEXT_FIELDS if getattr(args, name) is not None}
    if args.body_file is not None:
        found["body"] = read_text(args.body_file)
    if args.tag is not None:
        found["tags"] = list(args.tag)
    if args.byline is not None:
        found["bylines"] = article_patch(Article("", bylines=tuple(Byline(name) for name in args.byline)))["bylines"]
    if args.embargo is not None:
        zone = station.door.read_now(lambda reader: reader.newsroom()).zone
        found["embargo_at"] = moment_document(read_moment(args.embargo, zone, args.fold)) if args.embargo else None
    return found


def new(session: Session) -> Answer:
    """Make an article."""
    with session.changing() as station:
        fields = article_value("", {**article_document(Article("")), **_fields(session, station)})
        made = station.door.change_now(lambda work: articles.new_article(work, fields))
        return _shown(station, made)


def edit(session: Session) -> Answer:
    """Change some fields."""
    with session.changing() as station:
        article_id = one_id(station, "article", session.args.id)
        fields, base = _fields(session, station), session.args.base_version
        station.door.change_now(lambda work: articles.edit(work, article_id, fields, base_version=base))
        return _shown(station, article_id)


def show(session: Session) -> Answer:
    """One article, whole."""
    with session.reading() as station:
        return _shown(station, one_id(station, "article", session.args.id))


def list_articles(session: Session) -> Answer:
    """The library, newest saved first."""
    args = session.args
    after = None
    if args.after:
        ms, _, rid = args.after.partition(".")
        after = (int(ms), int(rid or 0))
    wanted = ArticleFilter(words=args.search, statuses=tuple(args.status))
    with session.reading() as station:
        items = station.door.read_now(lambda reader: reader.articles(wanted, after=after, limit=args.limit))
        rows = [_item(item) for item in items]
        lines = tuple(f"{tail(i.id)}  {i.wanted:<10}  {i.standing.value:<8}  {i.headline}" for i in items)
        following = f"{items[-1].cursor[0]}.{items[-1].cursor[1]}" if len(items) == args.limit else None
        return Answer({"articles": rows, "next": following}, lines)


def move_article(session: Session) -> Answer:
    """Take the step that leads to a status."""
    args = session.args
    with session.changing() as station:
        article_id = one_id(station, "article", args.id)
        view = _view(station, article_id)
        zone = station.door.read_now(lambda reader: reader.newsroom()).zone
        action = _action(Status(args.status), Status(view.wanted), at=args.at is not None)
        kind = PublicationKind(args.kind) if args.kind else PublicationKind.UPDATE if view.article.live else None
        note = Note(args.note, args.note_type or "") if args.note else None
        seen = args.seen or content_hash(view.article)
        step = Step(action, content_hash=seen if action.needs_hash else None, note=note, on_late=args.on_late,
                    publish_at=read_moment(args.at, zone, args.fold) if args.at else None,
                    kind=kind if action in (Action.PUBLISH, Action.SCHEDULE) else None)
        station.door.change_now(lambda work: articles.take_step(work, article_id, step))
        return _shown(station, article_id)


def _action(to: Status, now: Status, *, at: bool) -> Action:
    """The step that leads from one status to another (`approved` on a live article approves its new text)."""
    public = now.is_public
    wanted: dict[Status, Action] = {
        Status.DESK: Action.UNAPPROVE if now is Status.APPROVED else Action.SUBMIT,
        Status.DRAFT: Action.REOPEN if now is Status.WITHDRAWN else Action.RETURN,
        Status.APPROVED: Action.UNSCHEDULE if now is Status.SCHEDULED else Action.APPROVE,
        Status.SCHEDULED: Action.SCHEDULE,
        Status.PUBLISHED: Action.SCHEDULE if at else Action.PUBLISH,
        Status.CORRECTED: Action.CORRECT,
        Status.WITHDRAWN: Action.WITHDRAW,
    }
    if to is Status.SCHEDULED and not at:
        raise UserError("usage", Message("cli", "Say when: --at TIME."))
    if to is Status.CORRECTED and not public:
        raise UserError("no_such_step", Message("cli", "Only what is public can be corrected."))
    return wanted[to]


def delete(session: Session) -> Answer:
    """Put an article in the bin."""
    with session.changing() as station:
        article_id = one_id(station, "article", session.args.id)
        station.door.change_now(lambda work: articles.delete(work, article_id))
        return _shown(station, article_id)


def restore(session: Session) -> Answer:
    """Take an article out of the bin."""
    with session.changing() as station:
        article_id = one_id(station, "article", session.args.id)
        station.door.change_now(lambda work: articles.restore(work, article_id))
        return _shown(station, article_id)


def versions(session: Session) -> Answer:
    """The kept earlier texts of an article."""
    with session.reading() as station:
        article_id = one_id(station, "article", session.args.id)
        rows = station.door.read_now(lambda reader: reader.article_texts(article_id))
        listed = [{"id": r.id, "at": r.at.isoformat(), "why": r.why, "name": r.name, "hash": r.hash} for r in rows]
        return Answer({"versions": listed}, tuple(f"{r.id}  {r.at:%d-%m %H:%M:%S}  {r.why} {r.name}" for r in rows))


def diff(session: Session) -> Answer:
    """What differs between two versions; `now` is the working text."""
    with session.reading() as station:
        article_id = one_id(station, "article", session.args.id)
        view = _view(station, article_id)
        rows = station.door.read_now(lambda reader: reader.article_texts(article_id))
        texts = {str(r.id): article_value(article_id, r.doc) for r in rows} | {"now": view.article}
        for name in (session.args.a, session.args.b):
            if name not in texts:
                raise UserError("not_found", Message("desk", "There is no such version."))
        first, second = texts[session.args.a], texts[session.args.b]
        found = {name: [[span.op.value, span.text] for span in diff_words(getattr(first, name), getattr(second, name))]
                 for name in ("headline", "lead", "body") if getattr(first, name) != getattr(second, name)}
        return Answer({"diff": found}, tuple(found))


def _view(station: Workstation, article_id: str) -> ArticleView:
    view = station.door.read_now(lambda reader: reader.article(article_id))
    if view is None:
        raise UserError("not_found", Message("desk", "There is no {kind} {id}.",
                                             {"kind": "article", "id": tail(article_id)}))
    return view


def _shown(station: Workstation, article_id: str) -> Answer:
    view = _view(station, article_id)
    article = view.article
    now = station.clock.now()
    shown = {
        "id": article.id, "version": view.version, "status": view.wanted,
        "effective_status": effective_status(article, now).value, "standing": view.standing.value,
        "content_hash": content_hash(article), **article_document(article), "deleted": view.deleted,
        "publish_at": moment_document(article.publish),
        "waiting": [row.command.get("action", row.verb) for row in view.waiting],
        "conflicts": [card.id for card in view.conflicts],
    }
    shown["status"] = view.wanted
    line = f"{tail(article.id)}  {view.wanted}  {view.standing.value}  {article.headline}"
    return Answer({"article": shown}, (line,))


def _item(item: ArticleItem) -> dict[str, Any]:
    return {"id": item.id, "version": item.version, "status": item.wanted, "effective_status": item.effective,
            "standing": item.standing.value, "headline": item.headline, "section": item.section,
            "saved_at": item.saved_at.isoformat()}


