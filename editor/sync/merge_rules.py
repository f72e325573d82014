"""Three-way merge of two states of one object, field by field (sync design B.7; classes: model 8).

One table says how each field merges. A conflict never puts marks into a text: one side stands, the other is kept in
the collision for a card.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cache
from typing import Any

from editor.base.wire import Document, canonical
from editor.domain.documents import EMPTY_ARTICLE, EMPTY_ENTRY, WRITABLE, article_document, ticker_document
from editor.domain.ticker import Intent, Priority
from editor.text.merging import Choice, Side, merge_ordered, merge_set, merge_text, resolve
from editor.text.sharing import common_text


class Class(Enum):
    """How a field merges."""

    TEXT = "text"  # blocks, then sentences
    SET = "set"  # union of adds minus removes
    ORDERED = "ordered"  # three-way over items
    HARD = "hard"  # equal or conflict
    SOFT = "soft"  # a card that blocks nothing
    MAP = "map"  # key by key


CLASSES: dict[str, dict[str, Class]] = {
    "article": {"lead": Class.TEXT, "body": Class.TEXT, "tags": Class.SET, "bylines": Class.SET,
                "related": Class.ORDERED, "note": Class.SOFT, "deadline_at": Class.SOFT,
                "headline_search": Class.SOFT, "headline_social": Class.SOFT},
    "ticker": {"note": Class.SOFT, "source": Class.SOFT},
    "media": {"alt": Class.SOFT},
    "list": {"items": Class.MAP},
}

@dataclass(frozen=True, slots=True)
class Region:
    """One place of a text where both sides changed the same sentences."""

    base: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Collision:
    """One field that both sides changed. For texts and maps `mine` and `theirs` are the whole merged value with that
    side standing where both changed the same."""

    field: str
    klass: Class
    base: Any
    mine: Any
    theirs: Any
    blocking: bool
    regions: tuple[Region, ...] = ()
    both: str = ""  # of a text: theirs followed by mine in every region


@dataclass(frozen=True, slots=True)
class Merge:
    """The merged writable fields, and what did not merge."""

    doc: Mapping[str, Any]
    collisions: tuple[Collision, ...] = field(default=())

    @property
    def is_clean(self) -> bool:
        """Whether nothing is left for a person."""
        return not self.collisions


def empty_document(kind: str) -> dict[str, Any]:
    """The document of an object that nobody has written yet."""
    return dict(_empty(kind))


@cache
def _empty(kind: str) -> Document:
    if kind == "article":
        return article_document(EMPTY_ARTICLE)
    if kind == "ticker":
        return ticker_document(EMPTY_ENTRY)
    return {}


def writable(kind: str, doc: Document | None) -> dict[str, Any]:
    """The fields of `doc` that an upsert may carry; absent and null ones in the kind's one empty form."""
    empty = _empty(kind)
    source = doc or {}
    found: dict[str, Any] = {}
    for name in WRITABLE.get(kind, ()):
        value = source.get(name)
        value = empty.get(name) if value is None else value
        if value is not None or name in empty:
            found[name] = value
    return found


def writable_only(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Those of `fields` that an upsert may carry; nothing is added."""
    return {name: value for name, value in fields.items() if name in WRITABLE.get(kind, ())}


def is_dirty(kind: str, work: Document, base: Document | None) -> bool:
    """Whether the working document holds something that the server has not acknowledged."""
    return base is None or writable(kind, work) != writable(kind, base)


def difference(kind: str, base: Document | None, work: Document) -> dict[str, Any]:
    """The patch that turns `base` into `work`: whole top-level fields, only those that differ."""
    before, after = writable(kind, base), writable(kind, work)
    return {name: value for name, value in after.items() if name not in before or before[name] != value}


def merge_documents(kind: str, base: Document | None, mine: Document, theirs: Document, *,
                    stands: Side = Side.THEIRS) -> Merge:
    """Merge two states of one object that both came from `base`. Where they collide, `stands` says whose shows."""
    before, ours, others = writable(kind, base), writable(kind, mine), writable(kind, theirs)
    if kind == "ticker":
        for side in (before, ours, others):
            _join_end(side)
    doc: dict[str, Any] = {}
    collisions: list[Collision] = []
    for name in {**before, **others, **ours}:
        merged, collision = _merge_field(kind, name, before.get(name), ours.get(name), others.get(name), stands)
        doc[name] = merged
        if collision is not None:
            collisions.append(collision)
    if kind == "ticker":
        doc, collisions = _ticker_rules(doc, collisions, before, ours, others, stands)
    return Merge(doc, tuple(collisions))


def shared_document(kind: str, mine: Document, theirs: Document) -> Document:
    """What two states have in common, in place of the one that both come from and nobody has any more. A value that only
    one of them has counts as its own; two different values collide."""
    ours, others, shared = writable(kind, mine), writable(kind, theirs), dict(_empty(kind))
    for name in {**ours, **others}:
        one, other = ours.get(name), others.get(name)
        klass = CLASSES.get(kind, {}).get(name, Class.HARD)
        if one == other:
            shared[name] = one
        elif klass is Class.TEXT:
            shared[name] = common_text(one or "", other or "")
        elif klass in (Class.SET, Class.ORDERED):
            there = {canonical(item) for item in other or ()}
            shared[name] = [item for item in one or () if canonical(item) in there]
        elif klass is Class.MAP:
            shared[name] = {key: value for key, value in (one or {}).items() if (other or {}).get(key) == value}
    return shared


def _merge_field(kind: str, name: str, base: Any, mine: Any, theirs: Any, stands: Side) -> tuple[Any, Collision | None]:
    if mine == theirs or theirs == base:
        return mine, None
    if mine == base:
        return theirs, None
    klass = CLASSES.get(kind, {}).get(name, Class.HARD)
    if klass is Class.TEXT:
        return merge_texts(name, base or "", mine or "", theirs or "", stands)
    if klass is Class.SET:
        return list(merge_set(base or (), mine or (), theirs or (), key=canonical)), None
    if klass is Class.ORDERED:
        order = merge_ordered(base or [], mine or [], theirs or [], key=canonical, stands=stands)
        clash = None if order.clean else Collision(name, klass, base, mine, theirs, blocking=False)
        return list(order.items), clash
    if klass is Class.MAP:
        return _merge_maps(name, base or {}, mine or {}, theirs or {}, stands)
    shown = theirs if stands is Side.THEIRS else mine
    return shown, Collision(name, klass, base, mine, theirs, blocking=klass is not Class.SOFT)


def merge_texts(name: str, base: str, mine: str, theirs: str, stands: Side) -> tuple[str, Collision | None]:
    """Both sides' changes of the text field `name`, and what collided."""
    with_theirs = merge_text(base, mine, theirs)
    if not with_theirs.conflicts:
        return with_theirs.text, None
    with_mine = merge_text(base, mine, theirs, stands=Side.MINE)
    regions = tuple(Region(r.base, r.mine, r.theirs) for r in with_theirs.conflicts)
    both = resolve(with_theirs, [Choice.BOTH] * len(regions))
    collision = Collision(name, Class.TEXT, base, with_mine.text, with_theirs.text, blocking=True, regions=regions,
                          both=both)
    return (with_theirs.text if stands is Side.THEIRS else with_mine.text), collision


def _merge_maps(name: str, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any],
                stands: Side) -> tuple[dict[str, Any], Collision | None]:
    with_mine: dict[str, Any] = {}
    with_theirs: dict[str, Any] = {}
    for key in {**base, **theirs, **mine}:
        b, m, t = base.get(key), mine.get(key), theirs.get(key)
        for side, kept in ((with_mine, m if m != b else t), (with_theirs, t if t != b else m)):
            if kept is not None:
                side[key] = kept
    merged = with_theirs if stands is Side.THEIRS else with_mine
    clash = with_mine != with_theirs
    return merged, Collision(name, Class.MAP, dict(base), with_mine, with_theirs, blocking=False) if clash else None


def _join_end(doc: dict[str, Any]) -> None:
    # `end | ttl_min` is one value: an end on one side and a time to live on the other are one clash, not two fields.
    doc["end|ttl_min"] = [doc.pop("end", None), doc.pop("ttl_min", None)]


def _ticker_rules(doc: dict[str, Any], collisions: list[Collision], base: Mapping[str, Any], mine: Mapping[str, Any],
                  theirs: Mapping[str, Any], stands: Side) -> tuple[dict[str, Any], list[Collision]]:
    """A withdrawal wins and is never part of a conflict; a breaking line's start and headline never auto-merge."""
    if Intent.WITHDRAWN.value in (mine.get("intent"), theirs.get("intent")):
        doc["intent"] = Intent.WITHDRAWN.value
        collisions = [c for c in collisions if c.field != "intent"]
    elif any(side.get("priority") == Priority.BREAKING for side in (mine, theirs)):
        clashed = {c.field for c in collisions}
        for name in ("headline", "start"):
            mine_moved, theirs_moved = mine.get(name) != base.get(name), theirs.get(name) != base.get(name)
            if name in clashed or mine.get(name) == theirs.get(name):
                continue
            if (mine_moved and theirs != base) or (theirs_moved and mine != base):
                doc[name] = theirs.get(name) if stands is Side.THEIRS else mine.get(name)
                collisions.append(Collision(name, Class.HARD, base.get(name), mine.get(name), theirs.get(name),
                                            blocking=True))
    doc["end"], doc["ttl_min"] = doc.pop("end|ttl_min")
    return doc, collisions
