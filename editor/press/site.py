"""The public pages. Everything on them is evaluated at read, by press's clock; they need no JavaScript."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from markupsafe import Markup
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from editor.base.wire import format_time
from editor.domain.article import Article
from editor.domain.documents import article_value
from editor.domain.newsroom import Newsroom
from editor.domain.refusal import Refused
from editor.press.database import is_busy
from editor.press.forms import COOKIE, GOOD_FOR, RateLimit, is_good, new_form_token, same
from editor.press.ledger import read_entity
from editor.press.media import TYPES, is_sha256
from editor.press.media_uses import addresses, is_public, released_pictures, working_pictures
from editor.press.opened import Press, read_newsroom
from editor.press.pages import Pages, base_of, json_ld, safety
from editor.press.preview import read_preview
from editor.press.public import (
    PublicArticle,
    Reactions,
    find_article,
    latest,
    reactions_of,
    ticker_at,
)
from editor.press.readers import TooOften, post_reaction, source_key
from editor.press.uploads import HEADERS as PICTURE
from editor.press.words import refusal_in, words_of
from editor.text.markdown import to_html

log = logging.getLogger(__name__)
FRONT = 30  # articles on the front page and in the feed
FORM_BYTES = 64 * 1024
DAY = 86_400  # seconds


@dataclass(frozen=True, slots=True)
class Filled:
    """What a reader has in the form, and what is wrong with it."""

    name: str = ""
    email: str = ""
    text: str = ""
    parent: int | None = None
    token: str = ""
    website: str = ""
    problem: str = ""


class Site:
    """The readers' endpoints over one opened press."""

    def __init__(self, press: Press) -> None:
        self._press = press
        self._pages = Pages()
        self._limit = RateLimit(press.clock)

    def routes(self) -> list[Route]:
        """Every public address (model 10)."""
        return [
            Route("/", self._plain(self.front)),
            Route("/artikel/{name}", self._plain(self.article)),
            Route("/artikel/{name}/reacties", self._guarded(self.react), methods=["POST"]),
            Route("/ticker.json", self._plain(self.ticker)),
            Route("/rss.xml", self._plain(self.feed)),
            Route("/voorbeeld/{token}", self._plain(self.preview)),
            Route("/voorbeeld/{token}/{name}", self._plain(self.preview_picture)),
            Route("/media/{name}", self._plain(self.picture)),
            Route("/site.css", self._plain(self.style)),
            Route("/favicon.svg", self._plain(self.icon)),
            Route("/{rest:path}", self._plain(self.missing), methods=["GET", "POST"]),
        ]

    # ------------------------------------------------------------------------------------------------ endpoints

    def front(self, request: Request) -> Response:
        """The ticker and the newest articles."""
        with self._press.database.read() as session:
            newsroom, now = self._newsroom(session), self._press.clock.now()
            return self._pages.page(request, newsroom, "front.html", ticker=ticker_at(session, newsroom, now),
                                    articles=latest(session, newsroom.id, now, FRONT))

    def article(self, request: Request) -> Response:
        """An article, where it went, or that it was withdrawn."""
        thanks = request.query_params.get("reactie", "")
        parent = request.query_params.get("antwoord", "")
        return self._show(request, Filled(parent=int(parent) if parent.isdecimal() and len(parent) < 10 else None),
                          thanks=thanks)

    async def react(self, request: Request) -> Response:
        """Take in a reaction, then lead back to the page (so that reloading sends nothing twice)."""
        filled = _filled(await _limited(request))
        return await run_in_threadpool(self._react, request, filled)

    def ticker(self, request: Request) -> Response:
        """The public list as data."""
        with self._press.database.read() as session:
            newsroom, now = self._newsroom(session), self._press.clock.now()
            lines = [{"time": item.line.time, "headline": item.line.headline, "id": item.line.id, "url": item.href,
                      "priority": int(item.line.priority), "pinned": item.line.pinned,
                      "shown_at": format_time(item.line.shown_at)} for item in ticker_at(session, newsroom, now)]
        body = json.dumps({"public": lines, "at": format_time(now), "zone": newsroom.zone}, ensure_ascii=False)
        headers = {**safety(request), "Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"}
        return Response(body, 200, headers, "application/json")

    def feed(self, request: Request) -> Response:
        """The newest articles as RSS 2.0."""
        with self._press.database.read() as session:
            newsroom = self._newsroom(session)
            articles = latest(session, newsroom.id, self._press.clock.now(), FRONT)
            return self._pages.page(request, newsroom, "rss.xml", media_type="application/rss+xml", articles=articles)

    def preview(self, request: Request) -> Response:
        """A working text, for whoever has its short-lived link."""
        with self._press.database.read() as session:
            newsroom, now = self._newsroom(session), self._press.clock.now()
            identity = read_preview(self._press.house, request.path_params["token"], now)
            entity = read_entity(session, newsroom.id, identity) if identity else None
            if entity is None or entity.kind != "article" or entity.deleted:
                return self._pages.sentence(request, newsroom, 404, "missing")
            text = article_value(entity.id, entity.doc)
            pictures = addresses(working_pictures(session, newsroom.id, entity.doc), self._press.media,
                                 under=request.url.path)
            return self._pages.page(
                request, newsroom, "article.html", ticker=ticker_at(session, newsroom, now), article=None, text=text,
                body=_body(text, pictures), pictures=pictures, preview=True,
                notice=words_of(newsroom.language)["preview"],
                headers={"Cache-Control": "no-store", "X-Robots-Tag": "noindex"})

    def preview_picture(self, request: Request) -> Response:
        """A picture of a working text, for whoever has its short-lived link."""
        with self._press.database.read() as session:
            newsroom, path = self._newsroom(session), request.url.path
            identity = read_preview(self._press.house, request.path_params["token"], self._press.clock.now())
            entity = read_entity(session, newsroom.id, identity) if identity else None
            if entity is not None and not entity.deleted:
                shown = addresses(working_pictures(session, newsroom.id, entity.doc), self._press.media,
                                  under=path.rpartition("/")[0])
                if path in shown.values():
                    return self._file(request, request.path_params["name"])
            return self._pages.sentence(request, newsroom, 404, "missing")

    def picture(self, request: Request) -> Response:
        """A picture that something public shows now."""
        sha256, _, ending = request.path_params["name"].partition(".")
        with self._press.database.read() as session:
            newsroom, store = self._newsroom(session), self._press.media
            mime = store.mime(sha256) if store is not None and is_sha256(sha256) else None
            if mime is not None and TYPES[mime] == ending and is_public(session, newsroom.id, sha256,
                                                                       self._press.clock.now()):
                return self._file(request, request.path_params["name"])
            return self._pages.sentence(request, newsroom, 404, "missing")

    def style(self, request: Request) -> Response:
        """The style sheet; its address changes with its content."""
        headers = {**safety(request), "Cache-Control": f"public, max-age={DAY}"}
        return Response(self._pages.css, 200, headers, "text/css")

    def icon(self, request: Request) -> Response:
        """The site's mark."""
        headers = {**safety(request), "Cache-Control": f"public, max-age={DAY}"}
        return Response(self._pages.file("favicon.svg"), 200, headers, "image/svg+xml")

    def missing(self, request: Request) -> Response:
        """Nothing stands here."""
        with self._press.database.read() as session:
            return self._pages.sentence(request, self._newsroom(session), 404, "missing")

    # ---------------------------------------------------------------------------------------------------- inside

    def _file(self, request: Request, name: str) -> Response:
        """A picture's bytes. Asked for anew each time: it may have been withdrawn."""
        sha256, store = name.partition(".")[0], self._press.media
        assert store is not None  # it had the picture a moment ago
        headers = {**safety(request), **PICTURE, "Cache-Control": "private, no-cache", "ETag": f'"{sha256}"'}
        if request.headers.get("if-none-match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        return FileResponse(store.path(sha256), media_type=store.mime(sha256), headers=headers)

    def _show(self, request: Request, form: Filled, *, thanks: str = "", status: int = 200) -> Response:
        now = self._press.clock.now()
        with self._press.database.read() as session:
            newsroom = self._newsroom(session)
            found = find_article(session, newsroom.id, request.path_params["name"], now)
            if found is None:
                return self._pages.sentence(request, newsroom, 404, "missing")
            if found.withdrawn:
                return self._pages.sentence(request, newsroom, 410, "gone")
            if found.article is None:
                return RedirectResponse(found.moved_to, 301, safety(request))
            page = request.query_params.get("pagina", "1")
            reactions = reactions_of(session, newsroom.id, found.article.id,
                                     int(page) if page.isdecimal() and len(page) < 7 else 1)
            words = words_of(newsroom.language)
            pictures = addresses(released_pictures(session, newsroom.id, found.article.id, found.article.rev),
                                 self._press.media)
            said = {"ontvangen": words["thanks"], "geplaatst": words["thanks_open"]}.get(thanks, "")
            cookie = request.cookies.get(COOKIE, "")
            token = cookie if is_good(self._press.house, cookie, now) else new_form_token(self._press.house, now)
            response = self._pages.page(
                request, newsroom, "article.html", status=status, ticker=ticker_at(session, newsroom, now),
                article=found.article, text=found.article.text, body=_body(found.article.text, pictures),
                pictures=pictures, preview=False,
                json_ld=json_ld(newsroom, base_of(request, newsroom), found.article, reactions.count), thanks=said,
                open=found.article.takes_reactions, article_open=found.article.reactions_mode == "open", form=form,
                problem=form.problem, token=token, **_reaction_values(reactions, form))
        if token != cookie:
            response.set_cookie(COOKIE, token, max_age=int(GOOD_FOR.total_seconds()), path="/artikel", httponly=True,
                                samesite="lax", secure=request.url.scheme == "https")
        return response

    def _react(self, request: Request, filled: Filled) -> Response:
        press, now = self._press, self._press.clock.now()
        with press.database.read() as session:
            newsroom = self._newsroom(session)
            found = find_article(session, newsroom.id, request.path_params["name"], now)
            article = found.article if found else None
            known = reactions_of(session, newsroom.id, article.id, 1) if article and filled.parent else None
        if article is None:
            return self._show(request, filled)
        words, where = words_of(newsroom.language), request.client.host if request.client else ""
        if not self._limit.take(source_key(press.house, where) or "unknown"):
            return self._again(request, filled, words["too_often"], 429)
        if not same(request.cookies.get(COOKIE, ""), filled.token) or not is_good(press.house, filled.token, now):
            return self._again(request, filled, words["old_form"], 403)
        if filled.website:  # only a machine fills in what nobody sees: it is thanked, and nothing is kept
            return _back(request, article, "ontvangen")
        answered = known.by_number.get(filled.parent) if known and filled.parent else None
        parent_id = answered.id if answered else "none" if filled.parent else ""
        try:
            posted = post_reaction(press, article.id, name=filled.name, text=filled.text, email=filled.email,
                                   parent_id=parent_id, source=where)
        except TooOften:
            return self._again(request, filled, words["too_often"], 429)
        except Refused as refused:
            problem = refusal_in(newsroom.language, refused.message.source, str(refused.message))
            return self._again(request, filled, problem, 422)
        return _back(request, article, "geplaatst" if posted.is_public else "ontvangen")

    def _again(self, request: Request, filled: Filled, problem: str, status: int) -> Response:
        kept = Filled(filled.name, filled.email, filled.text, filled.parent, problem=problem)
        response = self._show(request, kept, status=status)
        if status == 429:
            response.headers["Retry-After"] = "60"
        return response

    def _newsroom(self, session: Session) -> Newsroom:
        return read_newsroom(session, self._press.house.newsroom_id)

    def _plain(self, endpoint: Callable[[Request], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            return await run_in_threadpool(endpoint, request)
        return self._guarded(run)

    def _guarded(self, endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
        async def run(request: Request) -> Response:
            try:
                return await endpoint(request)
            except ClientDisconnect:
                return Response(status_code=400)
            except Exception as error:
                if is_busy(error):
                    return self._fault(request, 503)
                log.exception("a page failed: %s", request.url.path)
                return self._fault(request, 500)
        return run

    def _fault(self, request: Request, status: int) -> Response:
        response = self._pages.sentence(request, Newsroom(), status, "fault")
        response.headers["Retry-After"] = "5"
        return response


def _reaction_values(reactions: Reactions, form: Filled) -> dict[str, Any]:
    return {"count": reactions.count, "threads": reactions.threads, "names": reactions.names, "page": reactions.page,
            "pages": reactions.pages, "parent": reactions.by_number.get(form.parent) if form.parent else None}


def _body(text: Article, pictures: Mapping[str, str]) -> Markup:
    return Markup(to_html(text.body, media_address=pictures.get))  # noqa: S704 - to_html cleans what it makes


def _back(request: Request, article: PublicArticle, what: str) -> Response:
    return RedirectResponse(f"{article.path}?reactie={what}#bedankt", 303, safety(request))


async def _limited(request: Request) -> bytes:
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > FORM_BYTES:
            return b""
    return bytes(found)


def _filled(body: bytes) -> Filled:
    """The fields of a sent form; what cannot be read counts as an empty one."""
    try:
        fields = parse_qs(body.decode("ascii"), keep_blank_values=True, max_num_fields=20, encoding="utf-8",
                          errors="strict")
    except ValueError:
        return Filled()
    one = {name: values[0] for name, values in fields.items()}
    parent = one.get("parent", "")
    return Filled(one.get("name", ""), one.get("email", ""), one.get("text", ""),
                  int(parent) if parent.isdecimal() and len(parent) < 10 else None, one.get("token", ""),
                  one.get("website", ""))
