"""A conflict card: what it says of each kind, and that one key settles it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPlainTextEdit

from editor.desk.ports import ConflictRow
from editor.ui.widgets.conflict_card import ConflictCard
from editor.ui.widgets.conflict_words import composed, words_of
from editor.ui.widgets.word_difference import pieces
from editor.ui.wording import Wording

AT = datetime(2026, 11, 24, 13, 2, tzinfo=UTC)
REGIONS = ({"base": "Het kost negen miljoen.", "mine": "Het kost tien miljoen.", "theirs": "Het kost elf miljoen."},)
KINDS = ("text", "field", "soft", "refused", "late", "fallen", "still_true", "deleted", "rejected", "note", "dispute")


def row(kind: str = "text", field: str = "body", **more: Any) -> ConflictRow:
    given_texts = {"base": "a", "mine": "b", "theirs": "c"} if kind in ("text", "field", "soft") else {}
    return ConflictRow("c1", "a1", "article", kind, field, AT, **{**given_texts, **more})


@pytest.fixture
def card_of(qtbot, look):
    def make(card_row: ConflictRow, language: str = "nl", **more: Any) -> ConflictCard:
        card = ConflictCard(card_row, look, Wording(language), **more)
        qtbot.addWidget(card)
        card.resize(760, 400)
        card.show()
        card.given = []  # type: ignore[attr-defined]
        card.settled.connect(lambda choice, text: card.given.append((choice, text)))  # type: ignore[attr-defined]
        return card

    return make


def said(card: ConflictCard) -> str:
    return " ".join(label.text() for label in card.findChildren(QLabel) if not label.isHidden())


@pytest.mark.parametrize(("key", "choice"), [("1", "mine"), ("2", "theirs"), ("3", "both")])
def test_one_key_settles_a_text(card_of, key, choice):
    card = card_of(row(regions=REGIONS))
    QTest.keyClicks(card, key)
    assert card.given == [(choice, "")]


def test_a_field_with_one_value_does_not_offer_both(card_of):
    card = card_of(row("field", "start", mine={"wall": "2026-11-24T12:55"}, theirs={"wall": "2026-11-24T13:10"}))
    assert not card.press("3")
    assert not card.press("E")
    assert "2026-11-24 12:55" in said(card)
    assert card.given == []


def test_a_second_key_does_not_settle_twice(card_of):
    card = card_of(row(regions=REGIONS))
    QTest.keyClicks(card, "12")
    assert card.given == [("mine", "")]


def test_a_refused_answer_says_why_and_may_be_given_again(card_of):
    card = card_of(row(regions=REGIONS))
    card.press("1")
    card.say_failed("Deze kaart is al afgehandeld.")
    assert "al afgehandeld" in said(card)
    assert card.press("2")
    assert card.given == [("mine", ""), ("theirs", "")]


def test_own_words_are_written_in_place_of_the_passage_alone(card_of, qtbot):
    whole = "Voorop. Het kost {} miljoen. Achteraan."
    card = card_of(row(regions=REGIONS, mine=whole.format("tien"), theirs=whole.format("elf")))
    QTest.keyClicks(card, "e")
    field = card.findChild(QPlainTextEdit)
    assert field.toPlainText() == "Het kost tien miljoen."
    field.selectAll()
    QTest.keyClicks(field, "Het kost 12 miljoen.")
    QTest.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert card.given == [("text", whole.format("12"))]


def test_escape_leaves_the_field_and_settles_nothing(card_of):
    card = card_of(row(regions=REGIONS))
    card.press("E")
    QTest.keyClick(card.findChild(QPlainTextEdit), Qt.Key.Key_Escape)
    assert card.findChild(QPlainTextEdit).isHidden() or not card.findChild(QPlainTextEdit).isVisible()
    assert card.given == []
    assert card.press("2")


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


def test_composed_puts_own_words_where_the_server_deleted_mine():
    regions = ({"base": "Oud.", "mine": "Nieuw.", "theirs": ""},)
    card_row = row(regions=regions, mine="Een. Nieuw. Drie.", theirs="Een. Drie.")
    assert composed(card_row, ("Anders.",)) == "Een. Anders. Drie."


@given(st.text(max_size=60), st.text(max_size=60))
def test_pieces_joined_are_the_text_again(text, other):
    assert "".join(piece.text for piece in pieces(text, other)) == text


def test_only_the_words_that_differ_are_marked():
    found = [piece.text for piece in pieces("Het kost elf miljoen", "Het kost negen miljoen") if piece.differs]
    assert found == ["elf"]
