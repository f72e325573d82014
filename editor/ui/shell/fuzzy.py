"""How well typed letters fit a line of words. No Qt in here."""

from __future__ import annotations

import unicodedata


def fitness(typed: str, words: str) -> float:
    """0.0 for no fit. Letters must occur in order; beginnings of words and letters in a row count more."""
    wanted, text = _plain(typed), _plain(words)
    if not wanted:
        return 1.0
    at, score, before = 0, 0.0, -2
    for letter in wanted:
        if letter == " ":
            continue
        at = _next(text, letter, at, before)
        if at < 0:
            return 0.0
        score += 1.0
        if at == before + 1:
            score += 2.0
        if at == 0 or not text[at - 1].isalnum():
            score += 3.0
        before, at = at, at + 1
    if wanted in text:
        score += 4.0 * len(wanted)
    return score / (1 + 0.004 * len(text))


def _next(text: str, letter: str, at: int, before: int) -> int:
    """The letter right behind the last one, else at the next word's beginning, else anywhere further on."""
    if text[at : at + 1] == letter and at == before + 1:
        return at
    found = first = text.find(letter, at)
    while found >= 0:
        if found == 0 or not text[found - 1].isalnum():
            return found
        found = text.find(letter, found + 1)
    return first


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
