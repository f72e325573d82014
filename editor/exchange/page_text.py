"""A news page as plain text: ticker, follow line, article and reactions, in the order in which a reader sees them.

Ticker lines stand at the top, *Volg ons op X* under (or over) them; then the headline, the lead, and the body, in which
a short line without closing punctuation before a longer one is a subhead. `Reacties (n)` ends the article.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html.entities import html5

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.domain.ticker_lines import OtherLine, TickerLine, parse_top, tidy_headline
from editor.exchange.base import Format, Notice, Page, PageArticle, PageReaction, refusal, text_of
from editor.text.escaping import escape, unescape

SUBHEAD_LENGTH = 90
_NO_SUBHEAD_END = tuple(".!?…:;\"'”’»“‘")  # “ and ‘ close a German or old Dutch quotation
_FOLLOW = re.compile(r"volg ons op \S+(?: \S+){0,3}", re.IGNORECASE)
_FOLLOW_LENGTH = 60
_COUNT = re.compile(r"reacties? ?\((?P<count>[0-9][0-9.]{0,8})\)", re.IGNORECASE)
_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_BYLINE = re.compile(
    rf"(?P<author>\S(?:.{{0,78}}\S)?) ?[–—-] ?(?P<day>[0-9]{{1,2}}) (?P<month>{'|'.join(_MONTHS)}) (?P<year>[0-9]{{4}}),"
    r" ?(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));")
_BREAKS = re.compile(r"[\t\n\r\v\f\x85\u2028\u2029]")
_EDGES = "\ufeff\u200b \t\xa0"


def read_page(raw: bytes) -> Page:
    """What the page in `raw` says. Nothing is written anywhere.

    Raises `UserError` of kind `bad_time`, `empty`, `not_text`, `encoding`, `no_article` or `too_large`.
    """
    decoded = text_of(raw)
    rows = [_Row(number, _plain(line)) for number, line in enumerate(decoded.text.split("\n"), start=1)]
    head = _read_head(rows)
    end = next((at for at, row in enumerate(rows) if at >= head.taken and _COUNT.fullmatch(row.text)), len(rows))
    article = _read_article([row.text for row in rows[head.taken : end] if row.text], beside_ticker=bool(head.ticker))
    if article is None and not head.ticker:
        raise _no_article()
    stated = _stated(rows[end].text) if end < len(rows) else 0
    reactions, loose = _read_reactions(rows[end + 1 :])
    notices = [*_about_encoding(decoded.encoding, decoded.text), *map(_about_bare_time, head.bare)]
    notices += _about_reactions(stated, len(reactions), loose)
    return Page(head.ticker, head.follow, article, reactions, stated, tuple(notices))


def read_reactions(raw: bytes) -> tuple[PageReaction, ...]:
    """The reactions in a file that holds nothing else, each under its line `Name – D month YYYY, HH:MM`.

    Raises `UserError` as `read_page` does.
    """
    rows = [_Row(number, _plain(line)) for number, line in enumerate(text_of(raw).text.split("\n"), start=1)]
    return _read_reactions(rows)[0]


def write_page(page: Page) -> str:
    """`page` as text in the form of the public page; `read_page` of it (as UTF-8) is `page` again."""
    lines = [f"- {line.hour:02}:{line.minute:02}{_spaced(_literal(line.headline))}" for line in page.ticker]
    if page.follow is not None:
        lines.append(_literal(page.follow))
    if page.article is not None:
        lines += filter(None, [_literal(page.article.headline), _literal(page.article.lead)])
        for paragraph in filter(None, page.article.body.split("\n\n")):
            lines.append(_literal(unescape(paragraph.removeprefix("## "))))
    lines.append(f"Reacties ({page.reactions_stated})")
    for reaction in page.reactions:
        at = reaction.at
        date = f"{at.day} {_MONTHS[at.month - 1]} {at.year:04}, {at.hour:02}:{at.minute:02}"
        lines += [f"{_literal(reaction.author)} – {date}", *map(_literal, reaction.text.split("\n")), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class _Head:
    ticker: tuple[TickerLine, ...]
    follow: str | None
    bare: tuple[OtherLine, ...]
    taken: int


def _plain(line: str) -> str:
    """One line as plain text: entities read, letters composed, no white space around it."""
    read = _ENTITY.sub(_character, line) if "&" in line else line
    return _BREAKS.sub(" ", unicodedata.normalize("NFC", read)).strip(_EDGES)


def _character(match: re.Match[str]) -> str:
    if match["name"] and f"{match['name']};" not in html5:
        return match[0]
    return html.unescape(match[0])


def _literal(text: str) -> str:
    """`text` so that `_plain` reads it back: only an ampersand that would be taken for an entity is written as one."""
    return _ENTITY.sub(lambda match: "&amp;" + match[0][1:] if _character(match) != match[0] else match[0], text)


def _spaced(headline: str) -> str:
    return f" {headline}" if headline[:1] == ":" else headline


def _read_head(rows: Sequence[_Row]) -> _Head:
    at, over = _read_follow(rows, 0)
    top = parse_top([row.text for row in rows[at:]], first=at + 1)
    at += top.taken
    under: str | None = None
    if over is None:
        at, under = _read_follow(rows, at)
    return _Head(top.lines, over or under, top.bare, at)


def _read_follow(rows: Sequence[_Row], at: int) -> tuple[int, str | None]:
    """The follow line if it is the next line with text, and where reading goes on."""
    while at < len(rows) and not rows[at].text:
        at += 1
    if at < len(rows) and len(rows[at].text) <= _FOLLOW_LENGTH and _FOLLOW.fullmatch(rows[at].text):
        return at + 1, rows[at].text
    return at, None


def _read_article(lines: Sequence[str], *, beside_ticker: bool) -> PageArticle | None:
    # A single loose line is no article, unless it would be lost beside a ticker.
    if len(lines) < (1 if beside_ticker else 2):
        return None
    headline, lead, rest = lines[0], lines[1] if len(lines) > 1 else "", lines[2:]
    subheads = [_is_subhead(line, after) for line, after in zip(rest, [*rest[1:], ""], strict=False)]
    body = [f"## {escape(line)}" if subhead else escape(line) for line, subhead in zip(rest, subheads, strict=True)]
    return PageArticle(
        headline=tidy_headline(headline),
        lead=lead,
        body="\n\n".join(body),
        subheads=tuple(line for line, subhead in zip(rest, subheads, strict=True) if subhead),
        paragraphs=len(rest) - sum(subheads),
    )


def _is_subhead(line: str, after: str) -> bool:
    return len(line) <= SUBHEAD_LENGTH and not line.endswith(_NO_SUBHEAD_END) and len(after) > len(line)


def _stated(line: str) -> int:
    match = _COUNT.fullmatch(line)
    return int(match["count"].replace(".", "")) if match else 0


def _read_reactions(rows: Sequence[_Row]) -> tuple[tuple[PageReaction, ...], int]:
    """The reactions under the article, and how many lines before the first of them belong to none."""
    reactions: list[PageReaction] = []
    text: list[str] = []
    loose = 0
    for row in rows:
        match = _BYLINE.fullmatch(row.text) if len(row.text) <= 120 else None
        if match is not None:
            _close(reactions, text)
            reactions.append(PageReaction(tidy_headline(match["author"]), _moment(match, row), ""))
        elif reactions:
            text.append(row.text)
        else:
            loose += bool(row.text)
    _close(reactions, text)
    return tuple(reactions), loose


def _close(reactions: list[PageReaction], lines: list[str]) -> None:
    if reactions:
        text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines).strip("\n"))
        reactions[-1] = PageReaction(reactions[-1].author, reactions[-1].at, text)
    lines.clear()


def _moment(match: re.Match[str], row: _Row) -> datetime:
    month = _MONTHS.index(match["month"].lower()) + 1
    try:
        return datetime(int(match["year"]), month, int(match["day"]), int(match["hour"]), int(match["minute"]))  # noqa: DTZ001 - wall time: the page names no zone
    except ValueError as error:
        raise refusal(
            "bad_time",
            Message(
                "exchange",
                "Line {number} has a date or time that does not exist: “{text}”.",
                {"number": row.number, "text": row.text},
            ),
            Message("exchange", "Correct the date in the file and import it again."),
        ) from error


def _about_encoding(encoding: str, text: str) -> list[Notice]:
    notices = []
    if encoding == "windows-1252":
        told = Message("exchange", "The file is in windows-1252 and was read as such; check the accents.")
        notices.append(Notice("encoding", told))
    if "\ufffd" in text:
        told = Message("exchange", "Some characters were already lost in the file; they show as �.")
        notices.append(Notice("replacement", told))
    return notices


def _about_bare_time(line: OtherLine) -> Notice:
    return Notice(
        "bare_time",
        Message("exchange", "Line {number} has a time without a headline and was left out.", {"number": line.number}),
    )


def _about_reactions(stated: int, found: int, loose: int) -> list[Notice]:
    notices = []
    if found:
        told = Message(
            "exchange",
            "The page has one reaction; an import never makes reactions.|"
            "The page has {n} reactions; an import never makes reactions.",
            {"n": found},
        )
        notices.append(Notice("reactions", told))
    if found and stated != found:
        told = Message(
            "exchange",
            "The page states {stated} reactions and shows {found}.",
            {"stated": stated, "found": found},
        )
        notices.append(Notice("reactions_count", told))
    if loose:
        told = Message(
            "exchange",
            "One line after the number of reactions was left out.|"
            "{n} lines after the number of reactions were left out.",
            {"n": loose},
        )
        notices.append(Notice("after_reactions", told))
    return notices


def _no_article() -> UserError:
    return refusal(
        "no_article",
        Message("exchange", "The file has neither ticker lines nor an article."),
        Message("exchange", "A page starts with lines like “12:55 Headline”, or with a headline and a lead."),
    )


FORMAT = Format(
    name=Message("exchange", "News page as text"),
    suffixes=(".txt",),
    read=read_page,
    write=lambda page: write_page(page).encode(),
)
