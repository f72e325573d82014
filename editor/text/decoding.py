"""Bytes of a text file as text, or a refusal. Never a guess that could turn a letter into another."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import Literal

# The order matters: the mark of UTF-32 starts with the mark of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]")
_CONTROL_BYTES = re.compile(rb"[\x00-\x08\x0e-\x1f\x7f]")
_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028\u2029]")

# windows-1252 is believed only where every character beyond ASCII is one that Dutch text has. Other eight-bit encodings
# put other letters on these bytes (Mac: é = Ž, DOS: é = ‚, Turkish: ş = þ), so that they and broken UTF-8 (Ã©) drop out.
_ACCENTED = "áàâäçéèêëíîïñóòôöúùûüÁÀÂÄÇÉÈÊËÍÎÏÑÓÖÚÜ"
_DUTCH = frozenset(_ACCENTED + "‘’“”„–—…•€§°·«»½¼²´\xa0\xad©®™")
_RUN = re.compile(f"[{_ACCENTED}]{{2,}}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with line feeds only, and the name of the encoding it was in (`utf-8`, `windows-1252`, …)."""

    text: str
    encoding: str


class UndecodableError(ValueError):
    """`kind` is `not_text` for bytes that are no text at all, `encoding` for text whose letters are not certain."""

    def __init__(self, kind: Literal["not_text", "encoding"]) -> None:
        super().__init__(kind)
        self.kind = kind


def decode(raw: bytes) -> Decoded:
    """UTF-8 with or without a mark, UTF-16 and UTF-32 with one, windows-1252 where it is beyond doubt.

    Raises `UndecodableError`.
    """
    text, encoding = _read(raw)
    if _CONTROL.search(text):
        raise UndecodableError("not_text")
    return Decoded(_LINE_ENDS.sub("\n", text), encoding)


def _read(raw: bytes) -> tuple[str, str]:
    for mark, name in _MARKS:
        if raw.startswith(mark):
            try:
                return raw[len(mark) :].decode(name), name
            except UnicodeDecodeError as error:
                raise UndecodableError("encoding") from error
    if _CONTROL_BYTES.search(raw):
        raise UndecodableError("not_text")
    try:
        return raw.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _windows_1252(raw), "windows-1252"


def _windows_1252(raw: bytes) -> str:
    try:
        text = raw.decode("cp1252")
    except UnicodeDecodeError as error:
        raise UndecodableError("encoding") from error
    if not _DUTCH.issuperset(char for char in text if char > "\x7f"):
        raise UndecodableError("encoding")
    for run in _RUN.findall(text):
        # "één" has two accents in a row; a word full of them is Greek or Russian.
        if len(run) > 2 or run[0].lower() != run[1].lower():
            raise UndecodableError("encoding")
    return text
