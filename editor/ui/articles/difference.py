"""What differs between two texts of one article, field by field and word by word, as it is shown. No Qt in here.

Worked out on the cpu thread: long texts take a moment.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from editor.domain.article import Article, Byline, LeadImage
from editor.domain.moments import Moment
from editor.text.diffing import Op, Span, diff_words
from editor.ui.articles.steps import FIELD_NAMES
from editor.ui.theme.look import Look
from editor.ui.widgets.conflict_values import Values, code_name
from editor.ui.wording import Wording

# What readers can see, in the order of the page; then what only the newsroom sees.
PUBLIC = ("kicker", "headline", "lead", "body", "bylines", "section", "tags", "headline_short", "headline_search",
          "headline_social", "slug", "lead_image", "related")
INTERNAL = ("embargo_at", "reactions_mode", "note")
AROUND = 60  # characters of unchanged text that stay beside a change
MOST_SPANS = 400  # of one field; beyond that nobody reads on


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One field, and the way from the old to the new."""

    field: str
    spans: tuple[Span, ...]


def differences(old: Article, new: Article, wording: Wording, fields: Sequence[str] = PUBLIC, *,
                titles: Mapping[str, str] | None = None) -> tuple[FieldDifference, ...]:
    """The fields of `new` that are not as in `old`; moments and codes are said in `wording`'s language, articles by
    their `titles`."""
    values = Values(wording, titles=titles or {})
    found = []
    for name in fields:
        before, after = getattr(old, name), getattr(new, name)
        if before != after:
            found.append(FieldDifference(name, diff_words(_said(name, before, values), _said(name, after, values))))
    return tuple(found)


def _said(name: str, value: Any, values: Values) -> str:
    """A field's value in the person's language."""
    if isinstance(value, Moment):
        return values.wording.wall(value.wall)
    if name == "related":
        return values.say(name, list(value))
    code = code_name(name, value)
    return values.wording.say(code) if code is not None else as_words(value)


def as_words(value: Any) -> str:
    """A value without moments and codes as a person reads it, in any language."""
    match value:
        case None:
            return ""
        case Byline():
            return f"{value.name} ({value.role})" if value.role else value.name
        case LeadImage():
            return ", ".join(part for part in (value.alt, value.caption, value.credit) if part) or value.media_id
        case tuple():
            return ", ".join(as_words(part) for part in value)
        case _:
            return str(value)


def difference_html(found: Sequence[FieldDifference], look: Look, wording: Wording, *,
                    link: Callable[[str], str] | None = None) -> str:
    """The differences as rich text: what went is struck through, what came is underlined. `link` makes words of a
    link `#field` behind a field's name."""
    muted, accent = look.colour("muted").name(), look.colour("accent").name()
    parts = []
    for one in found:
        name = html.escape(wording.say(FIELD_NAMES[one.field]).capitalize())
        head = f'<span style="color: {muted}; font-weight: 600; font-size: {look.px(11)}px">{name}</span>'
        if link is not None:
            head += (f' &nbsp; <a href="#{one.field}" style="color: {accent}; text-decoration: none; '
                     f'font-size: {look.px(12)}px">{html.escape(link(one.field))}</a>')
        parts.append(f'<p style="margin: {look.px(8)}px 0 {look.px(1)}px 0">{head}</p>'
                     f'<p style="margin: 0; line-height: {look.px(20)}px">{_spans_html(one.spans, look)}</p>')
    return "".join(parts)


def _spans_html(spans: Sequence[Span], look: Look) -> str:
    styles = {
        Op.DELETE: f"background-color: {look.colour('error_tint').name()}; color: {look.colour('error').name()}; text-decoration: line-through",
        Op.INSERT: f"background-color: {look.colour('live_tint').name()}; color: {look.colour('live').name()}; text-decoration: underline",
    }
    runs = []
    for number, span in enumerate(spans[:MOST_SPANS]):
        if span.op is Op.EQUAL:
            text = _shortened(span.text, first=number == 0, last=number == len(spans) - 1)
            runs.append(_escaped(text))
        else:
            beside = number and spans[number - 1].op is Op.DELETE and not spans[number - 1].text.endswith((" ", "\n"))
            runs.append(f'{" " if beside else ""}<span style="{styles[span.op]}">{_escaped(span.text)}</span>')
    return "".join(runs) + (" …" if len(spans) > MOST_SPANS else "")


def _shortened(text: str, *, first: bool, last: bool) -> str:
    """Unchanged text, of which only what stands beside a change is shown: its own line, at most some words."""
    if len(text) <= 2 * AROUND:
        return text
    head = "" if first else text[:AROUND].rsplit(" ", 1)[0].split("\n", maxsplit=1)[0]
    tail = "" if last else text[-AROUND:].split(" ", 1)[-1].rsplit("\n", maxsplit=1)[-1]
    lines = "\n" in text[len(head):len(text) - len(tail)]
    return f"{head}\n…\n{tail}".strip("\n") if lines else f"{head} … {tail}"


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n\n", "<br>").replace("\n", "<br>")
