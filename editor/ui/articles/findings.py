"""What the checks found in a block, kept beside the block and painted; never a text format.

A finding belongs to the very words it was found in. While a block is typed in, its findings move along with the words
they stand under, and those that the typing touched go at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from PySide6.QtGui import QTextBlock, QTextBlockUserData

from editor.ui.articles.offsets import to_units, units


class Kind(StrEnum):
    """How a finding is underlined: three shapes, each with a colour of its own."""

    SPELLING = "spelling"  # wave
    NAME = "name"  # dots
    STYLE = "style"  # double


@dataclass(frozen=True, slots=True)
class Finding:
    """A stretch of a block's text in code points; `key` is whatever its owner finds it back by."""

    start: int
    length: int
    kind: Kind
    key: str = ""


@dataclass(frozen=True, slots=True)
class BlockText:
    """A block as it was handed out to be checked. An answer counts only while the block reads so still."""

    number: int
    text: str


class Checked(QTextBlockUserData):
    """A block's findings in UTF-16 units, for the revision of the block that they were last fitted to."""

    def __init__(self, block: QTextBlock, findings: Sequence[Finding], generation: int) -> None:
        super().__init__()
        self.generation = generation
        self.text = block.text()
        self.revision = block.revision()
        unit = to_units(self.text)
        self.findings: tuple[Finding, ...] = tuple(
            replace(found, start=unit(found.start), length=unit(found.start + found.length) - unit(found.start))
            for found in findings
        )
        self.is_exact = True

    def fitted(self, block: QTextBlock) -> tuple[Finding, ...]:
        """The findings, moved along with what was typed since; cheap while nothing was."""
        if self.revision != block.revision():
            text = block.text()
            if text != self.text:
                self.findings = moved(self.findings, self.text, text)
                self.text, self.is_exact = text, False
            self.revision = block.revision()
        return self.findings


def checked(block: QTextBlock) -> Checked | None:
    """What is kept of a block's check."""
    kept = block.userData()
    return kept if isinstance(kept, Checked) else None


def moved(findings: tuple[Finding, ...], old: str, new: str) -> tuple[Finding, ...]:
    """Findings (UTF-16) of `old` as they stand in `new`: before the change as they were, behind it moved, in it gone."""
    head = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    begin, end = units(old[:head]), units(old[: len(old) - tail])
    shift = units(new) - units(old)
    kept = []
    for found in findings:
        # A letter typed directly behind or before a word belongs to it, so touching counts as being in it.
        if found.start + found.length < begin:
            kept.append(found)
        elif found.start > end:
            kept.append(replace(found, start=found.start + shift))
    return tuple(kept)
