"""Markdown as HTML: the one renderer, for the public page, the preview and every export.

CommonMark as Python-Markdown reads it, with tables, fenced code, footnotes and ~~deleted~~ text, and without raw HTML:
a tag in a text is shown as the characters it is. What comes out has passed an allow-list, whatever came in.
Nothing is kept between calls, so any thread may render.
"""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.extensions.tables import TableExtension
from markdown.inlinepatterns import SimpleTagInlineProcessor
from markdown.treeprocessors import Treeprocessor

from editor.text.splitting import split_blocks

MediaAddress = Callable[[str], str | None]
"""From the id in `media:<id>` to the address to show, or None where there is no such picture (its text is shown)."""

_TAGS = frozenset(
    "h2 h3 h4 h5 h6 p br hr strong em del code pre blockquote ul ol li table thead tbody tr th td a img sup div".split()
)
_ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "title"},
    "ol": {"start"},
    "li": {"id"},
    "sup": {"id"},
    "th": {"align"},
    "td": {"align"},
}
_SCHEMES = frozenset({"http", "https", "mailto", "media"})
_SCHEME = re.compile(r"[^/?#:]*(?=:)")
_IDS = re.compile(r"fn(?:ref[0-9]*)?:[\w.-]+")
_PICTURE = re.compile(r'(?P<head><img(?: [a-z]+="[^"]*")*?) src="media:(?P<id>[^"]*)"')
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:", re.MULTILINE)
_FENCE = re.compile(r"(?:```|~~~)[\w#.+-]* *")
_LISTED = re.compile(r"^\s*(?:[-*+]|[0-9]+[.)])[ \t]", re.MULTILINE)
_QUOTED = re.compile(r"^\s*>", re.MULTILINE)
_INDENTED = re.compile(r"(?:[ \t]*\n)*[ \t]")
_APART = re.compile(r"\n[ \t]*\n\s*\Z")
_MOST = 200
_HELD = {mark: chr(0x10 + at) for at, mark in enumerate("[\\&<`*_~")}  # control characters: no text has them
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def to_html(markdown: str, *, media_address: MediaAddress | None = None) -> str:
    """`markdown` as clean HTML; headings start at h2, for h1 is the headline's.

    Without `media_address` a picture keeps `media:<id>` as its address, for a viewer that loads it itself.
    """
    clean = nh3.clean(
        _render(_CONTROL.sub("", markdown)),
        tags=set(_TAGS),
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=set(_SCHEMES),
        link_rel="noopener noreferrer",
    )
    if media_address is None or "media:" not in clean:
        return clean

    def place(match: re.Match[str]) -> str:
        address = media_address(html.unescape(match["id"]))
        return match["head"] if address is None else f'{match["head"]} src="{html.escape(address)}"'

    return _PICTURE.sub(place, clean)


def blocks(markdown: str) -> tuple[str, ...]:
    """`markdown` in pieces that can be rendered each on its own, for a preview that renders only what changed.

    A list or table is one piece with all that belongs to it. Definitions that other blocks use (`[1]: address`,
    `[^1]: note`) and a code block still open bind the whole text together: then it is one piece.
    `"".join(blocks(markdown)) == markdown`.
    """
    fences = [line for line in markdown.split("\n") if "```" in line or "~~~" in line]
    if _DEFINITION.search(markdown) or len(fences) % 2 or not all(map(_FENCE.fullmatch, fences)):
        return (markdown,)
    pieces: list[str] = []
    for block in split_blocks(markdown):
        if pieces and _belongs(block, pieces[-1]):
            pieces[-1] += block
        else:
            pieces.append(block)
    return tuple(pieces)


class _House(Extension):
    """What this house changes in Python-Markdown: no raw HTML, no h1, CommonMark's escapes, deleted text."""

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - Python-Markdown's name
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.inlinePatterns.register(SimpleTagInlineProcessor(r"(~~)(?!\s)(.+?)(?<!\s)~~", "del"), "deleted", 55)
        md.treeprocessors.register(_Headings(md), "headings", 5)
        md.ESCAPED_CHARS = list(_PUNCTUATION)


class _Headings(Treeprocessor):
    def run(self, root: ET.Element) -> None:
        for element in root.iter("h1"):
            element.tag = "h2"


def _render(markdown: str) -> str:
    tables = TableExtension(use_align_attribute=True)
    extensions = [
        tables,
        FencedCodeExtension(),
        FootnoteExtension(BACKLINK_TITLE="{} ↑"),
        SaneListExtension(),
        _House(),
    ]
    try:
        rendered = Markdown(extensions=extensions).convert(_bounded(markdown))
    except RecursionError:
        # Lists nested hundreds deep: no article, but its words are still to be seen.
        return f"<p>{html.escape(markdown)}</p>"
    for mark, held in _HELD.items():
        rendered = rendered.replace(held, html.escape(mark))
    return rendered


def _bounded(markdown: str) -> str:
    """`markdown` with marks held back in blocks that have hundreds of one: Python-Markdown tries each with every other."""
    for mark, held in _HELD.items():
        if markdown.count(mark) > _MOST:
            held_back = (
                block.replace(mark, held) if block.count(mark) > _MOST else block for block in split_blocks(markdown)
            )
            markdown = "".join(held_back)
    return markdown


def _attribute(tag: str, name: str, value: str) -> str | None:
    """What the allow-list cannot say: ids are the footnotes' own, and only a picture is media."""
    if name == "id":
        return value if _IDS.fullmatch(value) else None
    if name in ("href", "src"):
        scheme = _SCHEME.match(value)
        if scheme and scheme[0].lower() not in _SCHEMES - {"media" if name == "href" else "mailto"}:
            return None
    return value


def _belongs(block: str, above: str) -> bool:
    if not _APART.search(above) or _INDENTED.match(block):
        return True
    return any(form.match(block) and form.search(above) for form in (_LISTED, _QUOTED))
