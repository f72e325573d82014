"""`redactie ticker …`: the same operations as the Ticker desk."""

from __future__ import annotations

import argparse
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from editor.base.errors import UserError
from editor.base.ids import tail
from editor.base.messages import Message
from editor.cli.frame import Answer, Session, one_id, read_moment, read_text
from editor.desk import ticker
from editor.desk.read_models import TickerItem
from editor.domain.documents import moment_document, ticker_document
from editor.domain.moments import zone_info
from editor.domain.newsroom import Newsroom
from editor.domain.ticker import Intent, Pin, Priority, TickerEntry, phase, public_list
from editor.domain.ticker_lines import parse_block, parse_line
from editor.station import Workstation

PRIORITIES = {"normaal": Priority.NORMAL, "belangrijk": Priority.IMPORTANT, "breaking": Priority.BREAKING}


def register(nouns: Any) -> None:
    """Add the noun with its verbs."""
    verbs = nouns.add_parser("ticker").add_subparsers(dest="verb", required=True)
    adding = verbs.add_parser("add")
    adding.add_argument("line")
    _add_fields(adding)
    adding.set_defaults(run=add)
    editing = verbs.add_parser("edit")
    editing.add_argument("id")
    editing.add_argument("--headline")
    editing.add_argument("--start")
    editing.add_argument("--base-version", type=int)
    _add_fields(editing)
    editing.set_defaults(run=edit)
    taking = verbs.add_parser("withdraw")
    taking.add_argument("id")
    taking.set_defaults(run=withdraw)
    listing = verbs.add_parser("list")
    listing.add_argument("--day")
    listing.set_defaults(run=list_entries)
    importing = verbs.add_parser("import")
    importing.add_argument("file")
    importing.add_argument("--day")
    importing.set_defaults(run=import_lines)
    previewing = verbs.add_parser("preview")
    previewing.add_argument("--at", required=True)
    previewing.add_argument("--fold", type=int, choices=(0, 1))
    previewing.set_defaults(run=preview)


def _add_fields(verb: argparse.ArgumentParser) -> None:
    for option in ("--day", "--end", "--article"):
        verb.add_argument(option)
    verb.add_argument("--ttl", type=float)
    verb.add_argument("--fold", type=int, choices=(0, 1))
    verb.add_argument("--priority", choices=tuple(PRIORITIES))
    verb.add_argument("--pin", action="store_true")
    verb.add_argument("--on-late", choices=("now", "as_planned"))


def day_of(station: Workstation, text: str | None, newsroom: Newsroom) -> date:
    """The day named, or today in the newsroom's zone."""
    if not text:
        return station.clock.now().astimezone(zone_info(newsroom.zone)).date()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError("bad_time", Message("cli", "{day} is not a day (YYYY-MM-DD).", {"day": text})) from error


def add(session: Session) -> Answer:
    """Plan one line."""
    with session.changing() as station:
        newsroom = station.door.read_now(lambda reader: reader.newsroom())
        line = parse_line(session.args.line)
        if line is None:
            raise UserError("bad_line", Message("cli", "A line reads: HH:MM headline."))
        planned = ticker.moments_for((line,), day_of(station, session.args.day, newsroom), newsroom)[0]
        entry = TickerEntry("", headline=planned.headline, start=planned.start, intent=Intent.PLANNED)
        entry = _with_fields(session, station, entry, newsroom)
        late = session.args.on_late
        made = station.door.change_now(lambda work: ticker.add_entry(work, entry, on_late=late))
        return _shown(station, made)


def _with_fields(session: Session, station: Workstation, entry: TickerEntry, newsroom: Newsroom) -> TickerEntry:
    args = session.args
    if args.end:
        entry = replace(entry, end=read_moment(args.end, newsroom.zone, args.fold), ttl_min=None)
    if args.ttl is not None:
        entry = replace(entry, ttl_min=round(args.ttl * 60), end=None)
    if args.priority:
        entry = replace(entry, priority=PRIORITIES[args.priority])
    if args.pin:
        entry = replace(entry, pin=Pin(1, station.clock.now() + timedelta(hours=24)))
    if args.article:
        entry = replace(entry, article_id=one_id(station, "article", args.article))
    return entry


def edit(session: Session) -> Answer:
    """Change a line."""
    args = session.args
    with session.changing() as station:
        entry_id = one_id(station, "ticker", args.id)
        newsroom = station.door.read_now(lambda reader: reader.newsroom())
        before = _item(station, entry_id).entry
        after = _with_fields(session, station, before, newsroom)
        if args.headline is not None:
            after = replace(after, headline=args.headline)
        if args.start:
            after = replace(after, start=read_moment(args.start, newsroom.zone, args.fold))
        old, new = ticker_document(before), ticker_document(after)
        changes = {name: value for name, value in new.items() if old[name] != value}
        late, base = args.on_late, args.base_version
        station.door.change_now(lambda work: ticker.change_entry(work, entry_id, changes, base_version=base,
                                                                 on_late=late))
        return _shown(station, entry_id)


def withdraw(session: Session) -> Answer:
    """Take a line off."""
    with session.changing() as station:
        entry_id = one_id(station, "ticker", session.args.id)
        station.door.change_now(lambda work: ticker.withdraw_entry(work, entry_id))
        return _shown(station, entry_id)


def list_entries(session: Session) -> Answer:
    """The entries of a day."""
    with session.reading() as station:
        newsroom = station.door.read_now(lambda reader: reader.newsroom())
        day = day_of(station, session.args.day, newsroom)
        items = station.door.read_now(lambda reader: reader.ticker_day(day))
        rows = [_row(station, item, newsroom) for item in items]
        return Answer({"entries": rows}, tuple(f"{tail(r['id'])}  {r['phase']:<9}  {r['headline']}" for r in rows))


def import_lines(session: Session) -> Answer:
    """Plan a block of lines: all of them or none."""
    text = read_text(session.args.file)
    with session.changing() as station:
        newsroom = station.door.read_now(lambda reader: reader.newsroom())
        block = parse_block(text)
        day = day_of(station, session.args.day, newsroom)
        lines = ticker.moments_for(block.lines, day, newsroom)
        if not lines:
            raise UserError("empty", Message("cli", "There is no line in it that reads HH:MM headline."))
        made = station.door.change_now(lambda work: ticker.add_lines(work, lines, on_late="as_planned"))
        rows = [_row(station, _item(station, one), newsroom) for one in made]
        return Answer({"entries": rows}, tuple(f"{tail(r['id'])}  {r['headline']}" for r in rows))


def preview(session: Session) -> Answer:
    """The public list at a time, with what has not been sent yet taken as sent."""
    with session.reading() as station:
        newsroom = station.door.read_now(lambda reader: reader.newsroom())
        at = read_moment(session.args.at, newsroom.zone, session.args.fold)
        entries = station.door.read_now(lambda reader: reader.ticker_entries())
        now = station.clock.now()
        assumed = [replace(e, accepted_at=now, as_planned=True) if e.accepted_at is None else e for e in entries]
        lines = public_list(assumed, newsroom, at.utc)
        rows = [{"time": line.time, "headline": line.headline, "id": line.id} for line in lines]
        return Answer({"public": rows}, tuple(f"{line.time} {line.headline}" for line in lines))


def _item(station: Workstation, entry_id: str) -> TickerItem:
    item = station.door.read_now(lambda reader: reader.ticker_item(entry_id))
    if item is None:
        raise UserError("not_found", Message("desk", "There is no {kind} {id}.",
                                             {"kind": "ticker", "id": tail(entry_id)}))
    return item


def _row(station: Workstation, item: TickerItem, newsroom: Newsroom) -> dict[str, Any]:
    entry = item.entry
    return {**ticker_document(entry), "id": entry.id, "version": item.version, "standing": item.standing.value,
            "phase": phase(entry, newsroom, station.clock.now()).value, "start": moment_document(entry.start),
            "end": moment_document(entry.end), "conflicts": [card.id for card in item.conflicts]}


def _shown(station: Workstation, entry_id: str) -> Answer:
    newsroom = station.door.read_now(lambda reader: reader.newsroom())
    row = _row(station, _item(station, entry_id), newsroom)
    start = row["start"]["wall"].replace("T", " ") if row["start"] else "–"
    return Answer({"entry": row}, (f"{tail(entry_id)}  {start}  {row['phase']}  {row['headline']}",))


