"""Plain text as Markdown that shows exactly that text, and back."""

from __future__ import annotations

import re

_PUNCTUATION = r"[!-/:-@\[-`{-~]"
_SPECIAL = re.compile(
    rf"""(?P<slash>\\(?={_PUNCTUATION}|\Z))
       | (?P<mark>[*`\[\]]|(?<![^\W_])_|_(?![^\W_])|<(?=[A-Za-z/!?])|~(?=~)|(?<=~)~|\#(?=\#*\Z))
       | (?P<entity>&(?=\#[0-9]+;|\#[xX][0-9A-Fa-f]+;|[A-Za-z][A-Za-z0-9]*;))""",
    re.VERBOSE,
)
_OPENING = re.compile(r"(?P<mark>[#>]|[-+](?=\s|\Z)|-(?=[\s-]*\Z))|(?P<number>[0-9]+)(?P<dot>[.)])(?=\s|\Z)")
_ESCAPED = re.compile(rf"\\({_PUNCTUATION})|&amp;")


def escape(line: str) -> str:
    """Markdown for one line of plain text, marked only where Markdown would read something else in it.

    `line` holds no line break and no white space at its ends. `unescape(escape(line)) == line`.
    """
    marked = _SPECIAL.sub(_mark, line)
    opening = _OPENING.match(marked)
    if opening is None:
        return marked
    if opening["mark"]:
        return "\\" + marked
    return f"{opening['number']}\\{marked[opening.start('dot') :]}"


def unescape(line: str) -> str:
    """The plain text of what `escape` made."""
    return _ESCAPED.sub(lambda match: match[1] or "&", line)


def _mark(match: re.Match[str]) -> str:
    return "&amp;" if match["entity"] else "\\" + match[0]
