"""What the formats share: the shape of a format, what a file was found to say, and how a file is refused.

A reader is given bytes and returns a `Page`: nothing is kept until a person has seen it. All or nothing: a file that
cannot be read whole is refused with a `UserError` of one of the kinds
`bad_time empty not_text encoding no_article too_large`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.domain.ticker_lines import TickerLine, tidy_headline
from editor.text.decoding import Decoded, UndecodableError, decode

MAX_BYTES = 8 * 1024 * 1024
"""The largest file that is read: a page of news is a thousandth of it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about the file that its reader should know. `kind` is stable and machine-readable."""

    kind: str
    message: Message


@dataclass(frozen=True, slots=True)
class PageArticle:
    """The article of a page. `headline` and `lead` are plain text, `body` is Markdown with `## ` before a subhead."""

    headline: str
    lead: str
    body: str
    subheads: tuple[str, ...]
    paragraphs: int


@dataclass(frozen=True, slots=True)
class PageReaction:
    """A reader's reaction as it stands on the page. `at` is wall time without a zone; `text` is plain text."""

    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Page:
    """What a file says. `follow` is the whole line *Volg ons op …*; `reactions_stated` the number the page gives.

    `notices` are about this file and no part of what the page says, so they do not count when pages are compared.
    """

    ticker: tuple[TickerLine, ...] = ()
    follow: str | None = None
    article: PageArticle | None = None
    reactions: tuple[PageReaction, ...] = ()
    reactions_stated: int = 0
    notices: tuple[Notice, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Format:
    """One file format: its name, its suffixes (with the dot, lower case) and what it can do."""

    name: Message
    suffixes: tuple[str, ...]
    read: Callable[[bytes], Page] | None = None
    write: Callable[[Page], bytes] | None = None


def refusal(kind: str, message: Message, fix: Message) -> UserError:
    """A file that is not read, in the words every format uses."""
    return UserError(kind, message, safe=Message("exchange", "Nothing was imported; the file is as it was."), fix=fix)


def text_of(raw: bytes) -> Decoded:
    """The text of a file. Raises `UserError` of kind `too_large`, `empty`, `not_text` or `encoding`."""
    if len(raw) > MAX_BYTES:
        raise refusal(
            "too_large",
            Message(
                "exchange",
                "The file is larger than {megabytes} MB.",
                {"megabytes": MAX_BYTES // (1024 * 1024)},
            ),
            Message("exchange", "Import the page itself, as text, without pictures or other pages."),
        )
    try:
        decoded = decode(raw)
    except UndecodableError as error:
        raise (_not_text() if error.kind == "not_text" else _unknown_encoding()) from error
    if not tidy_headline(decoded.text):
        raise refusal(
            "empty",
            Message("exchange", "The file is empty."),
            Message("exchange", "Choose a file with the text of a page."),
        )
    return decoded


def _not_text() -> UserError:
    return refusal(
        "not_text",
        Message("exchange", "The file is not a text file."),
        Message("exchange", "Save the page as plain text (.txt) and import that."),
    )


def _unknown_encoding() -> UserError:
    return refusal(
        "encoding",
        Message("exchange", "The file's encoding could not be recognised, so its letters are not certain."),
        Message("exchange", "Save the file as UTF-8 and import it again."),
    )
