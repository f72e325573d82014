"""The only module that changes an open document from outside or by command, each time as one undo step."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from PySide6.QtGui import QTextBlock, QTextCursor, QTextDocument

from editor.ui.articles.offsets import to_units

MOST_TOKENS = 4000  # beyond that a stretch is compared by lines only: words would take too long
_TOKEN = re.compile(r"\w+|\n|[^\S\n]+|[^\w\s]")
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_ITEM = re.compile(r"(?P<indent>[ \t]*)(?:(?P<bullet>[-*+])|(?P<number>\d{1,9})(?P<dot>[.)]))(?P<space>[ \t]+)(?P<rest>.*)")
_HEAD = re.compile(r"#{1,6}[ \t]+")


class Change(NamedTuple):
    """`text` in place of what stands from `start` to `end`, in the counting of whoever made it."""

    start: int
    end: int
    text: str


def raw_text(document: QTextDocument) -> str:
    """The text as it stands, lines parted by LF. (`toPlainText` would turn no-break spaces into spaces.)"""
    return document.toRawText().replace("\u2029", "\n")


def changes(old: str, new: str) -> list[Change]:
    """Few and small changes that make `new` of `old`, first to last, in code points."""
    head = _common(old, new, 0)
    tail = _common(old[head:][::-1], new[head:][::-1], 0)
    old_middle, new_middle = old[head : len(old) - tail], new[head : len(new) - tail]
    return [Change(head + start, head + end, text) for start, end, text in _compared(old_middle, new_middle)]


def merge(document: QTextDocument, new_text: str) -> Callable[[int], int]:
    """Make the document read `new_text` by the smallest edits, as one undo step.

    Returns where each position (UTF-16) of the old text stands now, so that cursor and selection can be kept.
    """
    old = raw_text(document)
    unit = to_units(old)
    made = [Change(unit(start), unit(end), text) for start, end, text in changes(old, new_text)]
    cursor = QTextCursor(document)
    cursor.beginEditBlock()
    for start, end, text in reversed(made):
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        cursor.insertText(text)
    cursor.endEditBlock()
    return _mapping(made)


def toggle_wrap(cursor: QTextCursor, mark: str) -> None:
    """Put `mark` around the selection (or the word, or the cursor), or take it away.

    Without a selection the cursor stays where it was in its word; right before a closing mark it steps over that, so
    that a word can be typed between one key and the next.
    """
    if cursor.hasSelection():
        _toggle_chosen(cursor, mark)
        return
    place, length = cursor.position(), cursor.document().characterCount()
    if _closes(cursor.document(), place, mark):
        cursor.setPosition(place + len(mark))
        return
    _choose(cursor, *_word_around(cursor.document(), place))
    _toggle_chosen(cursor, mark)
    cursor.setPosition(place + (cursor.document().characterCount() - length) // 2)


def _toggle_chosen(cursor: QTextCursor, mark: str) -> None:
    start, end, size = cursor.selectionStart(), cursor.selectionEnd(), len(mark)
    chosen = cursor.selectedText()
    cursor.beginEditBlock()
    if len(chosen) >= 2 * size and chosen.startswith(mark) and chosen.endswith(mark):
        cursor.insertText(chosen[size:-size])
        _choose(cursor, start, end - 2 * size)
    elif _stands(cursor.document(), start - size, mark) and _stands(cursor.document(), end, mark):
        _replace(cursor, end, end + size, "")
        _replace(cursor, start - size, start, "")
        _choose(cursor, start - size, end - size)
    else:
        _replace(cursor, end, end, mark)
        _replace(cursor, start, start, mark)
        _choose(cursor, start + size, end + size)
    cursor.endEditBlock()


def make_link(cursor: QTextCursor, address: str = "") -> None:
    """Turn the selection into a link's words; the cursor then stands where its address is to be written."""
    start = cursor.selectionStart()
    words = cursor.selectedText().replace("\u2029", " ")
    cursor.beginEditBlock()
    cursor.insertText(f"[{words}]({address})")
    cursor.endEditBlock()
    if not words:
        cursor.setPosition(start + 1)
    elif not address:
        cursor.movePosition(QTextCursor.MoveOperation.Left)


def toggle_heading(cursor: QTextCursor, level: int = 2) -> None:
    """Make the lines of the selection subheads, or plain lines when the first is one of that level."""
    mark = "#" * level + " "
    last = cursor.document().findBlock(cursor.selectionEnd()).blockNumber()
    block = cursor.document().findBlock(cursor.selectionStart())
    remove = block.text().startswith(mark)
    edit = QTextCursor(cursor.document())
    edit.beginEditBlock()
    while block.isValid() and block.blockNumber() <= last:
        if block.text().strip() or block.blockNumber() == last:
            found = _HEAD.match(block.text())
            begin = block.position()
            _replace(edit, begin, begin + (found.end() if found else 0), "" if remove else mark)
        block = block.next()
    edit.endEditBlock()


def continue_list(cursor: QTextCursor) -> bool:
    """Enter in a list: the next item, or the end of the list on an empty one. False when it stands in no list."""
    block = cursor.block()
    item = _ITEM.fullmatch(block.text())
    if cursor.hasSelection() or item is None or cursor.positionInBlock() < item.start("rest"):
        return False
    cursor.beginEditBlock()
    if not item["rest"].strip():
        _replace(cursor, block.position(), _end(block), "")
    else:
        mark = item["bullet"] or f"{int(item['number']) + 1}{item['dot']}"
        cursor.insertText(f"\n{item['indent']}{mark}{item['space']}")
    cursor.endEditBlock()
    return True


def _compared(old: str, new: str) -> Iterator[Change]:
    """The differing stretches, by lines first, then by words in lines that changed."""
    if not old or not new:
        if old or new:
            yield Change(0, len(old), new)
        return
    for start, end, text in _differences(_LINE.findall(old), _LINE.findall(new)):
        words_old, words_new = _TOKEN.findall(old[start:end]), _TOKEN.findall(text)
        if len(words_old) + len(words_new) > MOST_TOKENS:
            yield Change(start, end, text)
            continue
        for begin, stop, words in _differences(words_old, words_new):
            yield Change(start + begin, start + stop, words)


def _differences(old: list[str], new: list[str]) -> Iterator[Change]:
    starts = [0]
    for part in old:
        starts.append(starts[-1] + len(part))
    for tag, first, last, other, until in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield Change(starts[first], starts[last], "".join(new[other:until]))


def _mapping(made: list[Change]) -> Callable[[int], int]:
    def now(position: int) -> int:
        shift = 0
        for start, end, text in made:
            size = len(text.encode("utf-16-le", "surrogatepass")) // 2
            if position <= start:
                break
            if position < end:
                return start + shift + min(position - start, size)
            shift += size - (end - start)
        return position + shift

    return now


def _common(one: str, other: str, at: int) -> int:
    """The length of what both begin with; compares in halves, since the texts may be long."""
    most = min(len(one), len(other))
    while at < most:
        step = most - at
        while step and one[at : at + step] != other[at : at + step]:
            step //= 2
        if not step:
            break
        at += step
    return at


def _closes(document: QTextDocument, at: int, mark: str) -> bool:
    """Whether a mark that ends what stands before it comes right after `at`."""
    run = next(step for step in range(4) if step == 3 or document.characterAt(at + step) != mark[0])
    before = document.characterAt(at - 1) if at else " "
    return run in (len(mark), 3) and not before.isspace() and before not in (mark[0], "\u2029")


def _word_around(document: QTextDocument, at: int) -> tuple[int, int]:
    """The letters and figures that `at` stands in or beside; twice `at` when there are none."""
    start = end = at
    while start > 0 and document.characterAt(start - 1).isalnum():
        start -= 1
    while document.characterAt(end).isalnum():
        end += 1
    return start, end


def _stands(document: QTextDocument, at: int, mark: str) -> bool:
    return at >= 0 and all(document.characterAt(at + step) == letter for step, letter in enumerate(mark))


def _replace(cursor: QTextCursor, start: int, end: int, text: str) -> None:
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text)


def _choose(cursor: QTextCursor, start: int, end: int) -> None:
    cursor.setPosition(start)
    cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)


def _end(block: QTextBlock) -> int:
    return block.position() + block.length() - 1
