"""A conflict card: what it says of each kind, and that one key settles it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from editor.desk.ports import ConflictRow
from editor.ui.theme.tokens import load_theme
from editor.ui.widgets.conflict_block import ConflictBlock
from editor.ui.widgets.conflict_card import ConflictCard
from editor.ui.widgets.conflict_result import Own, answer, preview, whole
from editor.ui.widgets.conflict_values import Values
from editor.ui.widgets.conflict_words import words_of
from editor.ui.widgets.word_difference import pieces
from editor.ui.wording import Wording

AT = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
MANY = tuple({"base": f"Zin {n}.", "mine": f"Mijn zin {n}.", "theirs": f"Hun zin {n}."} for n in (1, 2, 3))
REGIONS = ({"base": "Het kost negen miljoen.", "mine": "Het kost tien miljoen.", "theirs": "Het kost elf miljoen."},)
KINDS = ("text", "field", "soft", "refused", "late", "fallen", "still_true", "deleted", "rejected", "note", "dispute")


def row(kind: str = "text", field: str = "body", **more: Any) -> ConflictRow:
    given_texts = {"base": "a", "mine": "b", "theirs": "c"} if kind in ("text", "field", "soft") else {}
    return ConflictRow("c1", "a1", "article", kind, field, AT, **{**given_texts, **more})


def focused() -> Any:
    """What has the keyboard."""
    return QApplication.focusWidget()


@pytest.fixture
def card_of(qtbot, look):
    def make(card_row: ConflictRow, language: str = "nl", **more: Any) -> ConflictCard:
        card = ConflictCard(card_row, look, Wording(language), **more)
        qtbot.addWidget(card)
        card.resize(760, 400)
        with qtbot.waitActive(card):
            card.show()
        card.setFocus()
        card.given = []  # type: ignore[attr-defined]
        card.settled.connect(lambda choice, text: card.given.append((choice, text)))  # type: ignore[attr-defined]
        return card

    return make


def said(card: ConflictCard) -> str:
    return " ".join(label.text() for label in card.findChildren(QLabel) if not label.isHidden())


def enter(card: ConflictCard) -> None:
    QTest.keyClick(focused() or card, Qt.Key.Key_Return)


def many(kind: str = "text") -> ConflictRow:
    texts = {side: "Vooraf.\n\n" + "\n\nVast.\n\n".join(str(one[side]) for one in MANY) for side in ("base", "mine", "theirs")}
    return row(kind, regions=MANY, **texts)


@pytest.mark.parametrize(("key", "choice"), [("1", "mine"), ("2", "theirs"), ("3", "both")])
def test_one_key_chooses_shows_the_result_and_enter_takes_it(card_of, key, choice):
    card = card_of(row(regions=REGIONS, mine="Voorop. Het kost tien miljoen.", theirs="Voorop. Het kost elf miljoen."))
    QTest.keyClicks(card, key)
    assert card.given == []
    assert "Zo komt het er te staan" in said(card)
    enter(card)
    assert card.given == [(choice, "")]


def test_escape_after_a_choice_takes_it_away_and_settles_nothing(card_of):
    card = card_of(row(regions=REGIONS))
    card.press("1")
    QTest.keyClick(focused(), Qt.Key.Key_Escape)
    assert not card.has_choice
    assert card.given == []


def test_a_moment_is_said_as_people_write_it_and_never_as_a_code(card_of):
    card = card_of(row("field", "start", mine={"wall": "2027-03-28T14:00", "zone": "Europe/Amsterdam", "fold": None},
                       theirs={"wall": "2027-10-31T02:30", "zone": "Europe/Amsterdam", "fold": 1}, base=None))
    assert not card.press("3")
    assert not card.press("E")
    spoken = " ".join(label.accessibleName() for label in card.findChildren(QLabel))
    assert "Mijn versie: 28 maart 2027, 14:00" in spoken
    assert "Server: 31 oktober 2027, 02:30 (wintertijd)" in spoken
    assert "2027-" not in spoken + said(card)


@pytest.mark.parametrize(("field", "value", "nl", "en"), [
    ("priority", 2, "breaking", "breaking"), ("priority", 0, "normaal", "normal"),
    ("intent", "withdrawn", "ingetrokken", "withdrawn"), ("reactions_mode", "pre", "eerst lezen, dan plaatsen",
                                                          "judged before they are placed"),
    ("deadline_at", "2027-01-05T10:30:00.000Z", "5 januari 2027, 11:30", "5 January 2027, 11:30"),
    ("end|ttl_min", [None, 720], "12 uur na het begin", "12 hours after the start"),
    ("article_id", "0190-aaaa", "Brug open", "Brug open"), ("related", ["0190-aaaa", "0190-bbbb"],
                                                           "Brug open\niets zonder titel", "Brug open\nsomething without a title"),
    ("bylines", [{"name": "Samira", "person_id": "u1", "role": ""}, {"name": "Tom", "person_id": "", "role": "foto"}],
     "Samira, Tom (foto)", "Samira, Tom (foto)"),
    ("lead_image", {"media_id": "m1", "alt": "Een brug", "caption": "", "credit": "ANP"},
     "Beeldbeschrijving: Een brug\nBronvermelding: ANP", "Description of the picture: Een brug\nCredit: ANP"),
    ("four_eyes", True, "ja", "yes"), ("language", "nl", "Nederlands", "Dutch"), ("section", None, "", ""),
])
def test_a_value_is_said_in_words(field, value, nl, en):
    titles = {"0190-aaaa": "Brug open"}
    assert Values(Wording("nl"), titles=titles).say(field, value) == nl
    assert Values(Wording("en"), titles=titles).say(field, value) == en


@pytest.mark.parametrize("field", ["reactions_mode", "intent", "deadline_at", "article_id"])
def test_words_of_ones_own_are_not_offered_where_a_code_stands(card_of, field):
    card = card_of(row("field", field, base="open", mine="pre", theirs="closed"))
    assert not card.press("E")


def test_a_second_taking_does_not_settle_twice(card_of):
    card = card_of(row(regions=REGIONS))
    QTest.keyClicks(card, "1")
    enter(card)
    QTest.keyClicks(card, "2")
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert card.given == [("mine", "")]


def test_a_refused_answer_says_why_and_may_be_given_again(card_of):
    card = card_of(row(regions=REGIONS))
    card.press("1")
    enter(card)
    card.say_failed("Deze kaart is al afgehandeld.")
    assert "al afgehandeld" in said(card)
    assert card.press("2")
    enter(card)
    assert card.given == [("mine", ""), ("theirs", "")]


def test_own_words_are_written_in_place_of_the_passage_alone(card_of, qtbot):
    whole_text = "Voorop. Het kost {} miljoen. Achteraan."
    card = card_of(row(regions=REGIONS, mine=whole_text.format("tien"), theirs=whole_text.format("elf")))
    QTest.keyClicks(card, "e")
    field = card.findChild(QPlainTextEdit)
    assert field.toPlainText() == "Het kost tien miljoen."
    field.selectAll()
    QTest.keyClicks(field, "Het kost 12 miljoen.")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    enter(card)
    assert card.given == [("text", whole_text.format("12"))]


def test_escape_leaves_the_field_and_settles_nothing(card_of):
    card = card_of(row(regions=REGIONS))
    card.press("E")
    QTest.keyClick(card.findChild(QPlainTextEdit), Qt.Key.Key_Escape)
    assert not card.findChild(QPlainTextEdit).isVisible()
    assert card.given == []
    assert card.press("2")


def test_each_passage_is_chosen_by_itself_and_nothing_is_taken_before_the_last(card_of):
    card = card_of(many())
    QTest.keyClicks(card, "1")
    QTest.keyClicks(focused(), "2")
    assert not card.has_choice
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert card.given == []
    QTest.keyClicks(focused(), "3")
    assert [block.accessibleName() for block in card.findChildren(ConflictBlock)] == [
        "Passage 1 van 3: gekozen: mijn versie", "Passage 2 van 3: gekozen: die van de server",
        "Passage 3 van 3: gekozen: beide"]
    enter(card)
    assert card.given == [("text", "Vooraf.\n\nMijn zin 1.\n\nVast.\n\nHun zin 2.\n\nVast.\n\nHun zin 3.\n\nMijn zin 3.")]


@pytest.mark.parametrize(("key", "choice"), [("m", "mine"), ("s", "theirs"), ("b", "both")])
def test_one_key_chooses_for_every_passage(card_of, key, choice):
    card = card_of(many())
    QTest.keyClicks(card, key)
    enter(card)
    assert card.given == [(choice, "")]


def test_the_arrows_go_from_passage_to_passage_and_a_choice_can_be_changed(card_of):
    card = card_of(many())
    blocks = card.findChildren(ConflictBlock)
    QTest.keyClicks(card, "1")
    assert focused() is blocks[1]
    QTest.keyClick(blocks[1], Qt.Key.Key_Up)
    assert focused() is blocks[0]
    QTest.keyClicks(blocks[0], "2")
    assert blocks[0].pick == "theirs"
    assert blocks[1].pick is None


def test_the_result_shows_what_was_chosen_and_leaves_out_what_stands_far_away():
    far = "Dit staat ver weg. " * 60
    texts = {side: far + str(REGIONS[0][side]) + " " + far for side in ("base", "mine", "theirs")}
    runs = preview(row(regions=REGIONS, **texts), ["theirs"], lambda name, value: "")
    assert [run.text for run in runs if run.chosen] == ["Het kost elf miljoen."]
    assert sum(len(run.text) for run in runs) < 900


def test_differing_words_are_marked_by_more_than_colour(card_of):
    card = card_of(row(regions=REGIONS))
    marked = [label.text() for label in card.findChildren(QLabel) if "underline" in label.text()]
    assert len(marked) == 3
    assert all("font-weight:600" in text for text in marked)


def test_a_text_with_marks_of_html_is_shown_as_it_is(card_of):
    card = card_of(row("field", "headline", base="", mine="<b>vet</b>", theirs="plat & meer"))
    assert "&lt;" in said(card)
    assert "plat" in said(card)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_kind_says_one_sentence_and_offers_an_answer(card_of, kind, language):
    card = card_of(row(kind, "publish" if kind in ("refused", "fallen", "still_true") else "headline",
                       code="approval_stale", theirs="x"), language)
    assert "{" not in said(card)
    assert card.press("1")
    if card.has_choice:
        enter(card)
    assert len(card.given) == 1


def test_a_late_unschedule_offers_to_withdraw(card_of):
    card = card_of(row("refused", "unschedule", code="late"))
    assert Wording("nl").say(words_of(card.row).answers[0].words) == "Nu intrekken"
    assert card.press("1")
    assert card.given == [("mine", "")]


def test_a_stuck_request_says_the_servers_own_words_when_there_is_no_better_sentence(card_of):
    assert "body: too many characters" in said(card_of(row("rejected", "upsert", theirs="body: too many characters")))


def test_columns_stand_below_each_other_in_a_narrow_place(card_of, qtbot):
    card = card_of(row(regions=REGIONS))
    heads = [label for label in card.findChildren(QLabel) if label.text() in ("Was", "Mijn versie", "Server")]
    spots = {label.mapTo(card, label.rect().topLeft()).x() for label in heads}
    assert len(spots) == 3
    card.resize(340, 700)
    qtbot.waitUntil(lambda: len({label.mapTo(card, label.rect().topLeft()).x() for label in heads}) == 1)


def test_no_line_is_cut_off_in_large_text_in_a_narrow_place(qtbot, look):
    look.use(load_theme("light"), 2.0)
    look.dress(QApplication.instance())
    end = ", zo bleek gisteravond laat in de raad van de gemeente."
    long = ({"base": f"De raad stemt donderdag{end}", "mine": f"De raad stemt op vrijdag, na het debat{end}",
             "theirs": f"De gemeenteraad stemt op maandag{end}"},)
    page, area = QWidget(), QScrollArea()
    column = QVBoxLayout(page)
    card = ConflictCard(row(regions=long), look, Wording("nl"))
    column.addWidget(card)
    column.addStretch(1)
    area.setWidgetResizable(True)
    area.setWidget(page)
    qtbot.addWidget(area)
    area.resize(600, 700)
    area.show()
    qtbot.waitUntil(lambda: all(label.height() >= label.heightForWidth(label.width())
                                for label in card.findChildren(QLabel) if label.isVisible() and label.wordWrap()))


def test_own_words_stand_where_the_server_deleted_mine():
    regions = ({"base": "Oud.", "mine": "Nieuw.", "theirs": ""},)
    card_row = row(regions=regions, mine="Een. Nieuw. Drie.", theirs="Een. Drie.")
    assert whole(card_row, [Own("Anders.")]) == "Een. Anders. Drie."
    assert answer(card_row, [Own("Anders.")]) == ("text", "Een. Anders. Drie.")


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_joined_are_the_text_again(text, other):
    assert "".join(piece.text for piece in pieces(text, other)) == text


def test_only_the_words_that_differ_are_marked():
    found = [piece.text for piece in pieces("Het kost elf miljoen", "Het kost negen miljoen") if piece.differs]
    assert found == ["elf"]


def test_a_section_of_ones_own_is_chosen_from_the_newsrooms_and_never_typed(card_of):
    values = Values(Wording("nl"), sections=("Stad", "Regio", "Economie", "Sport"))
    card = card_of(row("field", "section", base="Stad", mine="Economie", theirs="Ooit"), values=values)
    card.press("E")
    box = focused()
    assert isinstance(box, QComboBox)
    assert not box.isEditable()
    assert [box.itemText(n) for n in range(box.count())] == ["Stad", "Regio", "Economie", "Sport", "Ooit"]
    assert box.currentText() == "Economie"
    QTest.keyClick(box, Qt.Key.Key_Down)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert card.given == []  # shown first, as every choice
    enter(card)
    assert card.given == [("text", "Sport")]


def test_a_newsroom_without_sections_lets_any_word_be_one(card_of):
    card = card_of(row("field", "section", base="Stad", mine="Economie", theirs="Regio"), values=Values(Wording("nl")))
    card.press("E")
    assert isinstance(focused(), QPlainTextEdit)


def test_what_stood_there_is_marked_where_either_side_changed_it(card_of):
    card = card_of(row(base="Het kost negen miljoen in maart.", mine="Het kost negen miljoen in mei.",
                       theirs="Het kost elf miljoen in maart."))
    [before] = [label for label in card.findChildren(QLabel) if label.accessibleName().startswith("Was:")]
    marked = re.findall(r"underline[^>]*>([^<]+)<", before.text())
    assert [words.strip() for words in marked] == ["negen", "maart"]
