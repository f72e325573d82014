"""`redactie import FILE`: a page of the public site's shape, all or nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.cli.frame import Answer, Session
from editor.cli.ticker import day_of
from editor.desk import importing
from editor.exchange.base import MAX_BYTES, Page
from editor.exchange.page_text import read_page


def register(nouns: Any) -> None:
    """Add the verb."""
    verb = nouns.add_parser("import")
    verb.add_argument("file")
    verb.add_argument("--day")
    verb.add_argument("--dry-run", action="store_true")
    verb.set_defaults(run=import_file)


def read_file(path: str) -> Page:
    """The page in a file. Raises `UserError` of one of the import's kinds; never reads more than a page can be."""
    try:
        with Path(path).expanduser().open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UserError("no_file", Message("cli", "The file {path} cannot be read: {why}.",
                                           {"path": path, "why": error.strerror or "?"})) from error
    return read_page(raw)


def import_file(session: Session) -> Answer:
    """Read a page and make its entries and its article; with `--dry-run`, only say how it reads."""
    page = read_file(session.args.file)
    opened = session.reading() if session.args.dry_run and session.folder.exists() else session.changing()
    with opened as station:
        newsroom = station.door.read_now(lambda reader: reader.newsroom())
        day = day_of(station, session.args.day, newsroom)
        created: dict[str, Any] = {"article": None, "ticker": []}
        if not session.args.dry_run:
            made = station.door.change_now(lambda work: importing.import_page(work, page, day))
            created = {"article": made.article_id, "ticker": list(made.ticker_ids)}
    article = page.article
    reading = {
        "ticker": [{"day": (day + timedelta(days=line.day_offset)).isoformat(), "headline": line.headline,
                    "time": f"{line.hour:02d}:{line.minute:02d}"} for line in page.ticker],
        "follow": page.follow,
        "article": None if article is None else {
            "headline": article.headline, "lead": article.lead, "subheads": list(article.subheads),
            "paragraphs": article.paragraphs},
        "reactions": len(page.reactions), "reactions_stated": page.reactions_stated,
    }
    notices = [{"kind": n.kind, "message": session.wording.say(n.message)} for n in page.notices]
    lines = tuple(f"{line.hour:02d}:{line.minute:02d} {line.headline}" for line in page.ticker)
    return Answer({"page": reading, "created": created, "notices": notices},
                  (*lines, article.headline if article else "", *(n["message"] for n in notices)))
