"""The public page's templates: what they are given, and the headers that every page goes out with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from editor.base.wire import format_time
from editor.domain.moments import zone_info
from editor.domain.newsroom import Newsroom
from editor.press.public import PublicArticle, safe_url
from editor.press.words import date_in, words_of

# No script at all; styles, pictures and forms from this site alone.
POLICY = ("default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
          "frame-ancestors 'none'")
HEADERS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin", "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Pages:
    """Turns values into pages. Made once for each application; any thread."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=PackageLoader("editor.press"), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
            lstrip_blocks=True)
        self.css = self.file("site.css")
        self._css_path = f"/site.css?v={hashlib.sha256(self.css).hexdigest()[:8]}"

    def file(self, name: str) -> bytes:
        """A file of the templates' folder, as it is."""
        loader = self._templates.loader
        assert loader is not None  # given above
        return loader.get_source(self._templates, name)[0].encode()

    def page(self, request: Request, newsroom: Newsroom, template: str, *, status: int = 200,
             headers: Mapping[str, str] | None = None, media_type: str = "text/html", **values: Any) -> Response:
        """One page in the newsroom's language, with the headers that keep it safe."""
        zone = zone_info(newsroom.zone)
        language = "en" if newsroom.language == "en" else "nl"
        given = {
            "newsroom": newsroom, "lang": language, "w": words_of(language), "base": base_of(request, newsroom),
            "css": self._css_path, "date": lambda t: date_in(language, zone, t), "iso": format_time,
            "rfc822": _rfc822, "safe_url": safe_url, "notice": "", **values}
        text = self._templates.get_template(template).render(given)
        return Response(text, status, {**safety(request), "Cache-Control": "private, no-cache", **(headers or {})},
                        media_type)

    def sentence(self, request: Request, newsroom: Newsroom, status: int, name: str) -> Response:
        """A page that says one thing: withdrawn, not found."""
        words = words_of(newsroom.language)
        return self.page(request, newsroom, "sentence.html", status=status, heading=words[f"{name}_title"],
                         sentence=words[name])


def base_of(request: Request, newsroom: Newsroom) -> str:
    """The site's own address, without a slash at its end: what the newsroom says, else what was asked for."""
    return (safe_url(newsroom.url) or str(request.base_url)).rstrip("/")


def safety(request: Request) -> dict[str, str]:
    """The headers of every answer to a reader. HSTS only where it can be meant: on TLS, away from this machine."""
    if request.url.scheme == "https" and request.url.hostname not in LOOPBACK:
        return {**HEADERS, "Strict-Transport-Security": "max-age=31536000"}
    return HEADERS


def json_ld(newsroom: Newsroom, base: str, article: PublicArticle, count: int) -> Markup:
    """schema.org's NewsArticle with its corrections, safe inside a script element."""
    text = article.text
    found: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "NewsArticle", "headline": text.headline,
        "description": text.lead, "datePublished": format_time(article.first_at),
        "dateModified": format_time(article.updated_at or article.first_at), "inLanguage": text.language,
        "mainEntityOfPage": base + article.path, "url": base + article.path, "commentCount": count,
        "author": [{"@type": "Person", "name": byline.name} for byline in text.bylines]
        or [{"@type": "Organization", "name": newsroom.name}],
        "publisher": {"@type": "NewsMediaOrganization", "name": newsroom.name, "url": base + "/"},
    }
    if text.section:
        found["articleSection"] = text.section
    if text.tags:
        found["keywords"] = list(text.tags)
    if article.corrections:
        found["correction"] = [{"@type": "CorrectionComment", "text": note.text, "datePublished": format_time(note.at)}
                               for note in article.corrections]
    plain = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        plain = plain.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(plain)  # noqa: S704 - every sign that could end the element is escaped


def _rfc822(instant: datetime) -> str:
    return format_datetime(instant.astimezone(UTC), usegmt=True)
