"""The public page as a reader sees it: fetched, read, and its form filled in. Knows nothing of the sync API.

Blocking; each call streams under a monotonic deadline and a size limit. One thread at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx2

from editor.base.clock import Clock
from editor.base.errors import Unavailable, UserError
from editor.base.ids import tail
from editor.base.messages import Message

CONNECT_S, READ_S, TOTAL_S = 5.0, 10.0, 30.0
MAX_PAGE = 4 * 1024 * 1024  # bytes
HOPS = 3  # redirects
_COUNT = re.compile(r"\((\d+)\)\s*$")
_EMPTY = frozenset("area base br col embed hr img input link meta source track wbr".split())
_BLOCKS = frozenset("p div li ul ol h1 h2 h3 h4 section article header footer form blockquote br table tr".split())
MAX_DEPTH = 200


@dataclass(frozen=True, slots=True)
class SeenLine:
    """One line of the ticker."""

    time: str
    headline: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class SeenReaction:
    """One reaction on the page."""

    number: int
    author: str
    text: str


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A page, read. `text` is everything that stands in its main part."""

    path: str
    status: int
    ticker: tuple[SeenLine, ...] = ()
    follow: tuple[str, ...] = ()
    kicker: str = ""
    headline: str = ""
    lead: str = ""
    subheads: tuple[str, ...] = ()
    paragraphs: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    updated: str = ""
    reactions_count: int = 0
    reactions: tuple[SeenReaction, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What the site answered to a reaction, in its own words."""

    accepted: bool
    sentence: str


class PublicSite:
    """One site at `url`, with a reader's cookies. `close` when done; a forgotten one lets go by itself."""

    def __init__(self, url: str, clock: Clock, *, transport: httpx2.BaseTransport | None = None) -> None:
        self._url = url.rstrip("/")
        self._clock = clock
        local = httpx2.URL(self._url).host in ("127.0.0.1", "localhost", "::1")  # no proxy for this machine's own press
        self._client = httpx2.Client(
            base_url=self._url, timeout=httpx2.Timeout(READ_S, connect=CONNECT_S), transport=transport,
            follow_redirects=False, trust_env=not local)

    def close(self) -> None:
        """Let go of the connection. Safe to call twice."""
        self._client.close()

    def ticker(self) -> tuple[SeenLine, ...]:
        """The lines that the front page shows now."""
        return self.page("/").ticker

    def page(self, path: str) -> SeenPage:
        """The page at `path`, redirects followed. Raises `Unavailable` when the site does not answer."""
        status, where, text = self._get(path)
        return _read(where, status, read_html(text))

    def article_page(self, path: str) -> SeenPage:
        """The article at `path`. Raises `UserError` of kind `no_page` when none is public there."""
        found = self.page(path)
        if found.status != 200:
            raise _no_page(path, found.status)
        return found

    def find_article(self, article_id: str) -> str:
        """The present path of an article, by its id. Raises `UserError` of kind `no_page` when it is not public."""
        # Any slug leads to the present one: the last part of the id decides.
        return self.article_page(f"/artikel/artikel-{tail(article_id)}").path

    def post_reaction(self, path: str, *, name: str, text: str, email: str = "", parent: int | None = None) -> Said:
        """Fill in and send the form under an article; what the page then says."""
        status, _, page = self._get(path if parent is None else f"{path}?antwoord={parent}")
        form = read_html(page).first("form", identity="reageren")
        if status != 200 or form is None:
            raise _no_page(path, status)
        fields = {item.attributes["name"]: item.attributes.get("value", "") for item in form.every("input")
                  if "name" in item.attributes}
        fields |= {"name": name, "email": email, "text": text}
        status, _, page = self._follow("POST", form.attributes.get("action", ""), fields)
        seen = read_html(page)
        said = seen.first(identity="bedankt") or seen.first(identity="fout")
        return Said(status == 200 and seen.first(identity="bedankt") is not None, said.line if said else "")

    def _get(self, path: str) -> tuple[int, str, str]:
        return self._follow("GET", path, None)

    def _follow(self, method: str, path: str, fields: Mapping[str, str] | None) -> tuple[int, str, str]:
        """Status, path and text of where the request ends."""
        deadline = self._clock.monotonic() + TOTAL_S
        for _ in range(HOPS + 1):
            try:
                with self._client.stream(method, path, data=dict(fields) if fields else None) as response:
                    raw = self._body(response, deadline)
            except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
                raise Unavailable("no_site", Message("public_site", "The site does not answer.")) from error
            if not response.is_redirect:
                return response.status_code, _path(path), raw.decode("utf-8", errors="replace")
            method, path, fields = "GET", response.headers.get("location", "/"), None
        raise Unavailable("no_site", Message("public_site", "The site leads round in circles."))

    def _body(self, response: httpx2.Response, deadline: float) -> bytes:
        found = bytearray()
        for chunk in response.iter_bytes():
            found += chunk
            if len(found) > MAX_PAGE or self._clock.monotonic() > deadline:
                raise Unavailable("no_site", Message("public_site", "The site's answer is too long or too slow."))
        return bytes(found)


def _path(address: str) -> str:
    return httpx2.URL(address).path


def _no_page(path: str, status: int) -> UserError:
    return UserError("no_page", Message("public_site", "There is no article to read at {path} ({status}).",
                                        {"path": path, "status": status}))


def _read(path: str, status: int, root: Element) -> SeenPage:
    main = root.first("main") or root
    body = main.first("div", css="body") or Element("div")
    count = _COUNT.search(_line(root.first(identity="reacties-kop")))
    return SeenPage(
        path, status, tuple(_lines(root)), tuple(item.line for item in root.every("p", css="follow")),
        _line(main.first("p", css="kicker")), _line(main.first("h1")), _line(main.first("p", css="lead")),
        tuple(item.line for item in body.every() if item.name in ("h2", "h3", "h4")),
        tuple(item.line for item in body.every("p")), tuple(item.text for item in main.every("p", css="correction")),
        _line(main.first(css="updated")), int(count[1]) if count else 0, tuple(_reactions(main)), main.text)


def _lines(root: Element) -> list[SeenLine]:
    ticker = root.first("ul", identity="ticker") or Element("ul")
    found = []
    for item in ticker.every("li"):
        words, link = item.first("span") or Element("span"), item.first("a")
        mark = _line(words.first("b", css="tag"))
        headline = words.line.removeprefix(mark).strip() if mark else words.line
        found.append(SeenLine(_line(item.first("time")), headline, link.attributes.get("href", "") if link else ""))
    return found


def _reactions(main: Element) -> list[SeenReaction]:
    found = []
    for item in main.every("div", css="reaction"):
        number = item.attributes.get("id", "").rpartition("-")[2]
        who, words = item.first("p", css="who") or item, item.first("p", css="words") or item
        found.append(SeenReaction(int(number) if number.isdecimal() else 0, _line(who.first("b")), words.text))
    return found


def _line(element: Element | None) -> str:
    return element.line if element is not None else ""


@dataclass(slots=True)
class Element:
    """One element: its name, its attributes, and what is inside in order."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    inside: list[Element | str] = field(default_factory=list)

    def every(self, name: str = "", *, css: str = "", identity: str = "") -> Iterator[Element]:
        """Every element below, in order, of that name, class and id (where given)."""
        for child in self.inside:
            if isinstance(child, Element):
                if _is(child, name, css, identity):
                    yield child
                yield from child.every(name, css=css, identity=identity)

    def first(self, name: str = "", *, css: str = "", identity: str = "") -> Element | None:
        """The first of `every`, None for none."""
        return next(self.every(name, css=css, identity=identity), None)

    @property
    def text(self) -> str:
        """Its words as a reader sees them: one space for white space, lines where blocks begin and end."""
        lines = "".join(_words(self)).split("\n")
        return "\n".join(line for line in (" ".join(line.split()) for line in lines) if line)

    @property
    def line(self) -> str:
        """Its words on one line."""
        return " ".join(self.text.split())


def _is(element: Element, name: str, css: str, identity: str) -> bool:
    return (not name or element.name == name) and (
        not css or css in element.attributes.get("class", "").split()) and (
        not identity or element.attributes.get("id") == identity)


def _words(element: Element) -> Iterator[str]:
    edge = "\n" if element.name in _BLOCKS else ""
    yield edge
    for child in element.inside:
        if isinstance(child, str):
            # A reader's own lines stay lines (the style sheet says so of this class).
            yield child if element.attributes.get("class") == "words" else child.replace("\n", " ")
        elif child.name not in ("script", "style", "template"):
            yield from _words(child)
    yield edge



def read_html(text: str) -> Element:
    """The page as a tree. Never raises: whatever is wrong in it is read as well as may be."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.root


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Element("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].inside.append(element)
        if tag not in _EMPTY and len(self._open) < MAX_DEPTH:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for at in range(len(self._open) - 1, 0, -1):
            if self._open[at].name == tag:
                del self._open[at:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].inside.append(data)
