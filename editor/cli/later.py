"""Verbs of later versions: they are known, and say so."""

from __future__ import annotations

from typing import Any

from editor.cli.frame import not_yet

LATER = ("check", "export")


def register(nouns: Any) -> None:
    """Add the nouns; whatever follows them is read over."""
    for name in LATER:
        noun = nouns.add_parser(name)
        noun.add_argument("rest", nargs="*")
        for option in ("--lang", "--format", "-o"):
            noun.add_argument(option)
        noun.set_defaults(run=not_yet, verb_name=name)
