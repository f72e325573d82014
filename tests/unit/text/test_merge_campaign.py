"""Ten thousand pairs of edits of one article, merged; half a million with `--campaign`. One number is one example.

Whole documents are merged, every class of field in each. Nothing is timed and nothing drawn that is not in the seed.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

import pytest

from editor.sync.merge_rules import Merge, merge_documents, merge_texts
from editor.text.merging import Choice, Side, merge_text, resolve
from editor.text.splitting import split_sentences

PER_PUSH, LONG = 10_000, 500_000
Text = list[list[str]]
NAMES = ("Noor", "Tom", "Ada", "Cor")
TAGS = ("lek", "pont", "brug", "water", "raad")
SECTIONS = ("binnenland", "buitenland", "sport")


class Example:
    """An article and what two people made of it, apart from each other."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.number = 0
        body, lead = self.paragraphs(5), self.paragraphs(1)
        self.base = self.document(body, lead)
        self.mine = self.edited("Anna", body, lead)
        self.theirs = self.edited("Bram", body, lead)

    def sentence(self, who: str) -> str:
        """One that nobody wrote before."""
        self.number += 1
        return f"{who} schreef zin {self.number}."

    def paragraphs(self, most: int) -> Text:
        """Some paragraphs of some sentences."""
        return [[self.sentence("Iemand") for _ in range(self.dice.randint(1, 4))]
                for _ in range(self.dice.randint(1, most))]

    def document(self, body: Text, lead: Text) -> dict[str, Any]:
        """A whole article."""
        some = self.dice.sample(NAMES, self.dice.randint(0, 3))
        return {"headline": "Kop", "lead": written(lead), "body": written(body), "section": SECTIONS[0], "note": "",
                "tags": self.dice.sample(TAGS, self.dice.randint(0, 4)), "related": self.dice.sample("abcdef", 4),
                "bylines": [{"name": name, "person_id": None, "role": ""} for name in some]}

    def edited(self, who: str, body: Text, lead: Text) -> dict[str, Any]:
        """What `who` makes of it."""
        dice = self.dice
        made = {**self.base, "body": written(self.typed(who, body)), "lead": written(self.typed(who, lead, most=1))}
        if dice.random() < 0.3:
            made["headline"] = dice.choice(("Kop", "Gedeelde kop", f"Kop van {who}"))
        if dice.random() < 0.3:
            made["note"] = f"Notitie van {who}"
        if dice.random() < 0.3:
            made["section"] = dice.choice(SECTIONS)
        if dice.random() < 0.4:
            made["tags"] = dice.sample(TAGS, dice.randint(0, 5))
        if dice.random() < 0.4:
            made["bylines"] = [{"name": name, "person_id": None, "role": ""} for name in dice.sample(NAMES, 2)]
        if dice.random() < 0.4:
            made["related"] = dice.sample("abcdefgh", dice.randint(0, 6))
        return made

    def typed(self, who: str, text: Text, most: int = 5) -> Text:
        """Sentences changed, added, deleted and moved, paragraphs split and joined; now and then both write the same."""
        text = [list(paragraph) for paragraph in text]
        for _ in range(self.dice.randint(0, most)):
            places = [(at, index) for at, paragraph in enumerate(text) for index in range(len(paragraph))]
            if not places:
                break
            at, index = self.dice.choice(places)
            kind = self.dice.choice(("change", "change", "insert", "append", "delete", "split", "join", "move", "same"))
            self.act(kind, text, at, index, who)
            text = [paragraph for paragraph in text if paragraph]
        return text

    def act(self, kind: str, text: Text, at: int, index: int, who: str) -> None:
        """One change at one place."""
        if kind == "change":
            text[at][index] = self.sentence(who)
        elif kind == "same":
            text[at][index] = f"Samen schreven zij {at} {index}."
        elif kind == "insert":
            text[at].insert(index, self.sentence(who))
        elif kind == "append":
            text.insert(at + 1, [self.sentence(who)])
        elif kind == "delete":
            del text[at][index]
        elif kind == "split":
            text[at:at + 1] = [text[at][:index], text[at][index:]]
        elif kind == "join" and at + 1 < len(text):
            text[at:at + 2] = [text[at] + text[at + 1]]
        elif kind == "move":
            text[self.dice.randrange(len(text))].append(text[at].pop(index))


def written(text: Text) -> str:
    """The text as it is stored."""
    return "\n\n".join(" ".join(paragraph) for paragraph in text)


def sentences(text: str) -> set[str]:
    """The sentences of a text, without the white space around them."""
    return {piece.strip() for piece in split_sentences(text) if piece.strip()}


def check_text(name: str, merge: Merge, base: str, mine: str, theirs: str) -> None:
    """No sentence that nobody wrote, none lost that somebody wrote or nobody deleted, none twice."""
    clash = next((c for c in merge.collisions if c.field == name), None)
    before, by_me, by_them = sentences(base), sentences(mine), sentences(theirs)
    shown = sentences(merge.doc[name])
    regions = clash.regions if clash is not None else ()
    on_card = {one for region in regions for one in sentences(region.mine) | sentences(region.theirs)}
    assert shown <= before | by_me | by_them, "a sentence that nobody wrote"
    assert (by_me - before) | (by_them - before) <= shown | on_card, "a new sentence is lost"
    assert before & by_me & by_them <= shown | on_card, "a sentence is lost that nobody deleted"
    if clash is None:
        assert not (before - by_me) & shown - by_them, "a sentence that one side deleted is back"
        for one in shown:
            most = max(text.count(one) for text in (base, mine, theirs))
            assert merge.doc[name].count(one) <= most, "a sentence stands twice"
        assert merge_text(base, theirs, mine).text == merge.doc[name], "it matters who merges"
        return
    _, swapped = merge_texts(name, base, mine, theirs, Side.MINE)
    assert swapped is not None
    assert swapped.mine == clash.mine, "the other side's text depends on which one stands"
    both = resolve(merge_text(base, mine, theirs), [Choice.BOTH] * len(regions))
    assert (by_me - before) | (by_them - before) <= sentences(both), "both sides are not both"
    for region in regions:
        shared = sentences(region.mine) & sentences(region.theirs) - before
        assert all(both.count(one) == 1 for one in shared if not one.startswith("Samen")), "both doubles a sentence"


def check_fields(merge: Merge, base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> None:
    """A value is one side's or on a card; sets and orders hold what either added and nobody removed."""
    clashed = {c.field: c for c in merge.collisions}
    for name in ("headline", "section", "note"):
        wanted = {str(side[name]) for side in (mine, theirs) if side[name] != base[name]} or {str(base[name])}
        assert merge.doc[name] in wanted
        assert (len(wanted) == 2) == (name in clashed)
        assert name not in clashed or clashed[name].blocking == (name != "note")
    for name in ("tags", "bylines"):
        before, by_me, by_them = (items(side[name]) for side in (base, mine, theirs))
        assert items(merge.doc[name]) == (before & by_me & by_them) | (by_me - before) | (by_them - before)
        assert name not in clashed
    order = merge.doc["related"]
    assert len(set(order)) == len(order)
    if "related" not in clashed:
        assert set(order) >= (set(mine["related"]) | set(theirs["related"])) - set(base["related"])


def items(values: list[Any]) -> set[str]:
    """What is in a set, whatever its order."""
    return {str(value) for value in values}


@pytest.mark.timeout(3600)  # the long form takes its time
def test_no_pair_of_edits_loses_doubles_or_makes_up_anything(*, campaign: bool) -> None:
    clashes = 0
    for seed in range(LONG if campaign else PER_PUSH):
        example = Example(seed)
        base, mine, theirs = example.base, example.mine, example.theirs
        try:
            merge = merge_documents("article", base, mine, theirs)
            clashes += not merge.is_clean
            for name in ("body", "lead"):
                check_text(name, merge, base[name], mine[name], theirs[name])
            check_fields(merge, base, mine, theirs)
            again = merge_documents("article", theirs, merge.doc, theirs)
            assert again.doc == merge.doc, "merging once more changes something"
        except AssertionError as error:
            raise AssertionError(f"Example({seed}): {error}") from error
    assert clashes > PER_PUSH / 10, "hardly anything collided: the examples prove nothing"
