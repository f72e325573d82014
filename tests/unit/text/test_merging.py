"""Two people's changes to one text, set or order."""

from __future__ import annotations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from editor.text.merging import Choice, Edited, Merged, Side, merge_ordered, merge_set, merge_text, resolve
from editor.text.splitting import split_blocks, split_sentences

MANY = settings(max_examples=max(200, settings().max_examples))

BASE = """\
De brug is dicht. Het herstel duurt een week. De pont vaart vaker.

## Omleiding

Fietsers rijden om. Auto's nemen de snelweg.
"""


def sentences(text: str) -> list[str]:
    return [piece.strip(" \t\r\n") for piece in split_sentences(text) if piece.strip(" \t\r\n")]


def swap(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


# ------------------------------------------------------------------------------------------------ what a person sees


def test_changes_in_different_sentences_of_one_paragraph_are_both_taken():
    mine = swap(BASE, "De brug is dicht.", "De brug is helemaal dicht.")
    theirs = swap(BASE, "De pont vaart vaker.", "De pont vaart elk half uur.")
    merged = merge_text(BASE, mine, theirs)
    assert merged.clean
    assert merged.text == swap(mine, "De pont vaart vaker.", "De pont vaart elk half uur.")


def test_changes_in_neighbouring_sentences_are_both_taken():
    mine = swap(BASE, "Het herstel duurt een week.", "Het herstel duurt tien dagen.")
    theirs = swap(BASE, "De pont vaart vaker.", "De pont vaart elk half uur.")
    merged = merge_text(BASE, mine, theirs)
    assert merged.clean
    assert "Het herstel duurt tien dagen. De pont vaart elk half uur." in merged.text


def test_the_same_change_by_both_is_one_change():
    both = swap(BASE, "een week", "tien dagen")
    mine = swap(both, "Omleiding", "Omrijden")
    theirs = swap(both, "snelweg", "rondweg")
    merged = merge_text(BASE, mine, theirs)
    assert merged.clean
    assert merged.text == swap(mine, "snelweg", "rondweg")


def test_two_versions_of_one_sentence_are_a_conflict_and_theirs_stands():
    mine = swap(BASE, "een week", "tien dagen")
    theirs = swap(BASE, "een week", "twee weken")
    merged = merge_text(BASE, mine, theirs)
    assert merged.text == theirs
    (region,) = merged.conflicts
    assert region.base == "Het herstel duurt een week."
    assert region.mine == "Het herstel duurt tien dagen."
    assert region.theirs == "Het herstel duurt twee weken."
    assert merged.text[region.start : region.end] == region.theirs
    assert split_blocks(merged.text)[region.block_index].startswith("De brug")


def test_autosave_lets_the_editors_words_stand():
    mine = swap(BASE, "een week", "tien dagen")
    theirs = swap(swap(BASE, "een week", "twee weken"), "snelweg", "rondweg")
    merged = merge_text(BASE, mine, theirs, stands=Side.MINE)
    assert merged.text == swap(mine, "snelweg", "rondweg")
    assert merged.conflicts[0].theirs == "Het herstel duurt twee weken."


def test_a_deleted_sentence_that_the_other_changed_is_a_conflict():
    mine = swap(BASE, " Het herstel duurt een week.", "")
    theirs = swap(BASE, "een week", "twee weken")
    (region,) = merge_text(BASE, mine, theirs).conflicts
    assert region.mine == ""
    back = merge_text(BASE, theirs, mine)
    assert back.text == mine
    assert back.conflicts[0].mine == "Het herstel duurt twee weken."
    assert resolve(back, [Choice.MINE]) == theirs


def test_two_insertions_at_one_place_are_a_conflict():
    mine = BASE + "\nDe raad spreekt er morgen over.\n"
    theirs = BASE + "\nDe wethouder was niet bereikbaar.\n"
    merged = merge_text(BASE, mine, theirs)
    assert not merged.clean
    assert resolve(merged, [Choice.BOTH]) == theirs + "\nDe raad spreekt er morgen over.\n"


def test_insertions_at_different_places_are_both_taken():
    mine = "Vooraf een zin.\n\n" + BASE
    theirs = BASE + "\nEn een slot.\n"
    merged = merge_text(BASE, mine, theirs)
    assert merged.clean
    assert merged.text == "Vooraf een zin.\n\n" + theirs


def test_an_insertion_beside_a_changed_sentence_is_taken():
    mine = swap(BASE, "De pont vaart vaker.", "Dat zegt de provincie. De pont vaart vaker.")
    theirs = swap(BASE, "De pont vaart vaker.", "De pont vaart elk half uur.")
    merged = merge_text(BASE, mine, theirs)
    assert merged.clean
    assert "een week. Dat zegt de provincie. De pont vaart elk half uur." in merged.text


def test_a_paragraph_split_by_one_and_changed_by_the_other_is_both():
    mine = swap(BASE, "dicht. Het herstel", "dicht.\n\nHet herstel")
    theirs = swap(BASE, "De brug is dicht.", "De Lekbrug is dicht.")
    merged = merge_text(BASE, mine, theirs)
    assert merged.clean
    assert merged.text == swap(mine, "De brug is dicht.", "De Lekbrug is dicht.")


def test_neighbouring_paragraphs_deleted_by_either_leave_no_glue():
    base = "A een. A twee.\n\nB een.\n\nC een.\n\nD een."
    merged = merge_text(base, swap(base, "B een.\n\n", ""), swap(base, "C een.\n\n", ""))
    assert merged.clean
    assert merged.text == "A een. A twee.\n\nD een."


def test_list_items_and_table_rows_merge_by_line():
    base = "- een\n- twee\n- drie\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n"
    mine = swap(swap(base, "- een", "- een!"), "| 1 | 2 |", "| 1 | 9 |")
    theirs = swap(swap(base, "- drie", "- drie\n- vier"), "| 3 | 4 |", "| 3 | 8 |")
    merged = merge_text(base, mine, theirs)
    assert merged.clean
    assert merged.text == "- een!\n- twee\n- drie\n- vier\n\n| a | b |\n|---|---|\n| 1 | 9 |\n| 3 | 8 |\n"


def test_a_code_block_is_one_piece():
    base = "Voor.\n\n```\na = 1\n\nb = 2\n```\n\nNa."
    merged = merge_text(base, swap(base, "a = 1", "a = 3"), swap(base, "b = 2", "b = 4"))
    (region,) = merged.conflicts
    assert region.mine == "```\na = 3\n\nb = 2\n```"


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        (Choice.MINE, "Het herstel duurt tien dagen."),
        (Choice.THEIRS, "Het herstel duurt twee weken."),
        (Choice.BOTH, "Het herstel duurt twee weken. Het herstel duurt tien dagen."),
        (Edited("Het herstel duurt lang. Heel lang."), "Het herstel duurt lang. Heel lang."),
        (Edited(""), ""),
    ],
)
def test_a_person_decides_a_conflict(choice, expected):
    merged = merge_text(BASE, swap(BASE, "een week", "tien dagen"), swap(BASE, "een week", "twee weken"))
    gap = " " if expected else ""
    assert resolve(merged, [choice]) == swap(BASE, " Het herstel duurt een week.", gap + expected)


def test_both_doubles_no_sentence_that_the_two_have_in_common():
    base = "Vooraf. De brug is dicht. Na."
    mine = swap(base, "De brug is dicht.", "De brug is open. De pont vaart. Dat zegt Noor.")
    theirs = swap(base, "De brug is dicht.", "De brug is weg. De pont vaart.")
    merged = merge_text(base, mine, theirs)
    assert resolve(merged, [Choice.BOTH]) == swap(
        base, "De brug is dicht.", "De brug is weg. De pont vaart. De brug is open. Dat zegt Noor."
    )


def test_a_sentence_that_both_moved_stands_once():
    base = "Een begin hier.\n\nDe brug blijft een week dicht.\n\nEen midden hier.\n\nEen slot hier."
    moved = "De brug blijft een week dicht."
    mine = swap(base, moved + "\n\n", "") + " " + moved
    theirs = moved + " " + swap(base, moved + "\n\n", "")
    merged = merge_text(base, mine, theirs)
    assert merged.text == theirs
    assert merge_text(base, theirs, mine).text == theirs


def test_a_few_words_that_both_say_at_two_places_stand_twice():
    mine, theirs = swap(BASE, "De pont vaart vaker.", "De pont vaart vaker. Zegt Noor."), "Zegt Noor.\n\n" + BASE
    assert merge_text(BASE, mine, theirs).text.count("Zegt Noor.") == 2


def test_each_conflict_is_decided_for_itself():
    mine = swap(swap(BASE, "een week", "tien dagen"), "snelweg", "rondweg")
    theirs = swap(swap(BASE, "een week", "twee weken"), "snelweg", "ringweg")
    merged = merge_text(BASE, mine, theirs)
    assert len(merged.conflicts) == 2
    assert resolve(merged, [Choice.MINE, Choice.THEIRS]) == swap(
        swap(BASE, "een week", "tien dagen"), "snelweg", "ringweg"
    )
    assert resolve(merged, [Edited("X een."), Edited("X twee.")]).count("X ") == 2
    with pytest.raises(ValueError, match="2 conflicts"):
        resolve(merged, [Choice.MINE])


def test_a_decision_goes_into_a_text_that_was_edited_meanwhile():
    merged = merge_text(BASE, swap(BASE, "een week", "tien dagen"), swap(BASE, "een week", "twee weken"))
    current = swap(merged.text, "Fietsers rijden om.", "Fietsers rijden vier kilometer om.")
    settled = merge_text(merged.text, resolve(merged, [Choice.MINE]), current)
    assert settled.clean
    assert settled.text == swap(current, "twee weken", "tien dagen")


# -------------------------------------------------------------------------------------------------- what always holds

NUMBERS = st.integers(0, 10**9)


@st.composite
def articles(draw: st.DrawFn) -> list[list[str]]:
    """Paragraphs of sentences, no two the same."""
    shape = draw(st.lists(st.integers(1, 4), min_size=1, max_size=6))
    numbers = iter(range(1000))
    return [[f"Zin {next(numbers)} staat hier." for _ in range(count)] for count in shape]


@st.composite
def edits(draw: st.DrawFn, article: list[list[str]], who: str) -> list[list[str]]:
    """What somebody makes of an article: changes, insertions, deletions, moves, paragraphs split and joined."""
    text = [list(paragraph) for paragraph in article]
    for step in range(draw(st.integers(0, 5))):
        places = [(at, index) for at, paragraph in enumerate(text) for index in range(len(paragraph))]
        if not places:
            break
        at, index = draw(st.sampled_from(places))
        act = draw(st.sampled_from(["change", "insert", "append", "delete", "split", "join", "move", "same"]))
        new = f"{'Gedeeld' if act == 'same' else who} {at}-{index}-{'' if act == 'same' else step} schreef dit."
        if act in {"change", "same"}:
            text[at][index] = new
        elif act == "insert":
            text[at].insert(index, new)
        elif act == "append":
            text.insert(at + 1, [new])
        elif act == "delete":
            del text[at][index]
        elif act == "split":
            text[at : at + 1] = [text[at][:index], text[at][index:]]
        elif act == "join" and at + 1 < len(text):
            text[at : at + 2] = [text[at] + text[at + 1]]
        elif act == "move":
            text[draw(st.integers(0, len(text) - 1))].append(text[at].pop(index))
        text = [paragraph for paragraph in text if paragraph]
    return text


def written(article: list[list[str]]) -> str:
    return "\n\n".join(" ".join(paragraph) for paragraph in article)


@st.composite
def histories(draw: st.DrawFn) -> tuple[str, str, str]:
    article = draw(articles())
    return written(article), written(draw(edits(article, "Anna"))), written(draw(edits(article, "Bram")))


MARKDOWN = st.lists(
    st.sampled_from(
        [
            "Een zin. ",
            "Twee. ",
            "dhr. ",
            "# Kop\n",
            "\n",
            "\n\n",
            "- a\n",
            "```\n",
            "> q\n",
            "    ",
            "| x |\n",
            "klein ",
            "En? ",
        ]
    ),
    max_size=14,
).map("".join)
TEXTS = st.one_of(st.text(), MARKDOWN)


@MANY
@given(TEXTS, TEXTS)
def test_a_change_by_one_is_that_change(base, changed):
    assert merge_text(base, changed, base).text == changed
    assert merge_text(base, base, changed).text == changed
    assert merge_text(base, changed, changed).text == changed
    assert all(
        merge_text(*texts).clean for texts in [(base, changed, base), (base, base, changed), (base, changed, changed)]
    )


def nothing_made_up(merged: Merged) -> None:
    known = {*sentences(merged.base), *sentences(merged.mine), *sentences(merged.theirs)}
    assert set(sentences(merged.text)) <= known


@MANY
@given(TEXTS, TEXTS, TEXTS)
def test_no_text_at_all_gets_a_sentence_that_nobody_wrote(base, mine, theirs):
    merged = merge_text(base, mine, theirs)
    nothing_made_up(merged)
    for region in merged.conflicts:
        standing = merged.text[region.start : region.end]
        assert sentences(standing) == sentences(region.theirs)
    resolve(merged, [Choice.BOTH] * len(merged.conflicts))


@MANY
@given(histories())
def test_no_sentence_is_made_up_or_lost(history):
    base, mine, theirs = history
    merged = merge_text(base, mine, theirs)
    nothing_made_up(merged)
    shown = {*sentences(merged.text)}
    kept = {*shown, *(one for region in merged.conflicts for one in sentences(region.mine) + sentences(region.theirs))}
    before, by_me, by_them = set(sentences(base)), set(sentences(mine)), set(sentences(theirs))
    assert (by_me - before) | (by_them - before) <= kept, "what somebody wrote is in the text or on a card"
    assert before & by_me & by_them <= kept, "what nobody deleted stays"
    assert all(one in kept or one not in by_me or one not in by_them for one in before)


@MANY
@given(histories())
def test_it_does_not_matter_whose_side_one_is_on(history):
    base, mine, theirs = history
    here, there = merge_text(base, mine, theirs), merge_text(base, theirs, mine)
    assert here.clean == there.clean
    assert len(here.conflicts) == len(there.conflicts)
    if here.clean:
        assert here.text == there.text
    assert merge_text(base, mine, theirs, stands=Side.MINE).text == there.text


@MANY
@given(histories())
def test_a_conflict_stays_as_small_as_it_is(history):
    base, mine, theirs = history
    assume(base not in (mine, theirs) and mine != theirs)
    merged = merge_text(base, mine, theirs)
    for region in merged.conflicts:
        assert region.mine != region.theirs
        assert region.mine in mine
        assert region.theirs in theirs
        assert region.base in base
        assert merged.text[region.start : region.end] == region.theirs


@MANY
@given(histories())
def test_choosing_one_side_everywhere_keeps_all_its_new_sentences(history):
    base, mine, theirs = history
    merged = merge_text(base, mine, theirs)
    chosen = resolve(merged, [Choice.MINE] * len(merged.conflicts))
    assert set(sentences(mine)) - set(sentences(base)) <= set(sentences(chosen))
    assert resolve(merged, [Choice.THEIRS] * len(merged.conflicts)) == merged.text


def test_a_very_long_article_merges_all_the_same():
    paragraphs = [" ".join(f"Dit is zin {at}-{index} van een lang verhaal." for index in range(6)) for at in range(420)]
    base = "\n\n".join(paragraphs)
    assert len(base.split()) > 20_000
    mine = base.replace("zin 3-2 ", "zin drie-twee ").replace("zin 400-1 ", "zin vierhonderd-een ")
    theirs = base.replace("zin 200-5 ", "zin tweehonderd-vijf ").replace(paragraphs[50] + "\n\n", "")
    merged = merge_text(base, mine, theirs)
    assert merged.clean
    assert merged.text == mine.replace("zin 200-5 ", "zin tweehonderd-vijf ").replace(paragraphs[50] + "\n\n", "")


def test_one_sentence_repeated_thousands_of_times_does_not_stall():
    base = "Nee. " * 6000
    merged = merge_text(base, "Ja. " + base + "Toch? ", base.replace("Nee. Nee. ", "Nee. ", 1) + "Wel? ")
    nothing_made_up(merged)


# --------------------------------------------------------------------------------------------------- sets and orders


def test_tags_added_and_removed_by_either_side():
    assert merge_set(["lek", "pont"], ["lek", "brug"], ["water", "lek", "pont"]) == ("water", "lek", "brug")


def test_the_same_byline_is_known_by_its_key():
    base = [{"name": "Noor", "role": ""}]
    mine = [{"name": "Noor", "role": "foto"}, {"name": "Tom", "role": ""}]
    merged = merge_set(base, mine, base, key=lambda byline: byline["name"])
    assert [byline["name"] for byline in merged] == ["Noor", "Tom"]


SETS = st.sets(st.integers(0, 8))


@given(SETS, SETS, SETS)
def test_a_set_keeps_every_addition_and_every_removal(base, mine, theirs):
    expected = {item for item in base | mine | theirs if (item in mine and item in theirs) or (item not in base)}
    assert set(merge_set(base, mine, theirs)) == expected
    assert len(merge_set(base, mine, theirs)) == len(expected)


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "items", "clean"),
    [
        ("abc", "abcd", "xabc", "xabcd", True),
        ("abc", "ac", "abcd", "acd", True),
        ("abcd", "bacd", "abdc", "badc", True),
        ("abc", "abcx", "abcy", "abcy", False),
        ("abc", "abc", "cab", "cab", True),
        ("abc", "abcx", "abcx", "abcx", True),
    ],
)
def test_an_order_with_both_changes(base, mine, theirs, items, clean):
    merged = merge_ordered(base, mine, theirs)
    assert "".join(merged.items) == items
    assert merged.clean is clean


def test_an_item_that_both_moved_stands_once_where_one_side_has_it():
    merged = merge_ordered("abcdef", "dabcef", "abcefd")
    assert not merged.clean
    assert "".join(merged.items) == "abcefd"
    assert "".join(merge_ordered("abcdef", "dabcef", "abcefd", stands=Side.MINE).items) == "dabcef"


ORDERS = st.lists(st.integers(0, 8), unique=True)


@MANY
@given(ORDERS, ORDERS, ORDERS)
def test_an_order_loses_and_doubles_nothing(base, mine, theirs):
    merged = merge_ordered(base, mine, theirs)
    assert len(set(merged.items)) == len(merged.items)
    assert set(merged.items) <= {*mine, *theirs}
    if merged.clean:
        assert set(merged.items) >= ({*mine} | {*theirs}) - {*base}
        assert merge_ordered(base, theirs, mine) == merged
    assert merge_ordered(base, mine, base).items == tuple(mine)
    assert merge_ordered(base, base, theirs).items == tuple(theirs)
    assert merge_ordered(base, mine, mine).clean
