"""The writing surface, as its writer meets it."""

from typing import Any

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QInputMethodEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QApplication

from editor.ui.articles.findings import BlockText, Finding, Kind
from editor.ui.articles.surface import WritingSurface
from editor.ui.articles.surface_findings import finding_at
from editor.ui.theme.look import Look

TEXT = (
    "Aan de Oosterkade staat voorlopig vooral zand. Toch verwacht wethouder Bouchra Idrissi dat de eerste tachtig woningen "
    "voor Pasen klaar zijn, zei ze **donderdag** tegen de raad.\n\n"
    "## Een jaar eerder dan gedacht\n\n"
    "De versnelling is een gevlog van de nieuwe regels voor fabriekswoningen.\n\n"
    "> „We bouwen niet sneller, we wachten korter.”\n\n"
    "Volgens bouwbedrijf [Van Leer](https://example.org/van-leer) is dat te rooskleurig."
)


@pytest.fixture
def surface(qtbot, look, alarms):
    surface = WritingSurface(look, make_alarm=alarms)
    qtbot.addWidget(surface)
    surface.resize(640, 660)
    surface.load(TEXT)
    surface.show()
    surface.setFocus()
    qtbot.waitUntil(surface.hasFocus)
    alarms.advance(1000)
    return surface


def grabbed(surface: WritingSurface) -> QImage:
    return surface.grab().toImage()


def baselines(surface) -> list[float]:
    """The baseline of every line, from the top of the text."""
    found, y = [], 0.0
    block = surface.document().begin()
    while block.isValid():
        height = surface.blockBoundingRect(block).height()  # lays it out
        layout = block.layout()
        found += [y + layout.lineAt(n).y() + layout.lineAt(n).ascent() for n in range(layout.lineCount()) if block.length() > 1]
        y += height
        block = block.next()
    return found


def test_lines_stand_27_pixels_apart_and_paragraphs_41(surface):
    assert baselines(surface)[:7] == [19, 46, 73, 73 + 42, 115 + 33, 148 + 27, 175 + 41]


def test_an_emoji_or_arabic_changes_no_line(surface):
    before = baselines(surface)[:3]
    surface.load(TEXT.replace("vooral", "🏗️ ال vooral"))
    assert baselines(surface)[:3] == before


def test_a_text_comes_back_as_it_went_in(surface):
    text = "één\u00a0woord 🏗️\n\nregel twee\n"
    surface.load(text)
    assert surface.text() == text


def test_typing_settles_after_a_pause_and_never_later_than_800_ms(qtbot, surface, alarms):
    told: list[Any] = []
    surface.text_settled.connect(told.append)
    for _ in range(7):
        qtbot.keyClicks(surface, "a")
        alarms.advance(150)
    assert len(told) == 1  # at 800 ms, while the typing went on
    assert told[0].startswith("aaaaaa")
    alarms.advance(400)
    assert len(told) == 2
    assert told[1] == surface.text()
    alarms.advance(5000)
    assert len(told) == 2


def test_loading_another_text_tells_nothing_and_cannot_be_undone(surface, alarms):
    told: list[Any] = []
    surface.text_settled.connect(told.append)
    surface.load("iets anders")
    alarms.advance(2000)
    assert told == []
    assert not surface.document().isUndoAvailable()
    assert not surface.is_unsettled


def test_what_was_typed_is_told_at_once_when_the_window_closes(qtbot, surface):
    told: list[Any] = []
    surface.text_settled.connect(told.append)
    qtbot.keyClicks(surface, "x")
    surface.settle_now()
    surface.settle_now()
    assert len(told) == 1


def test_highlighting_leaves_no_undo_step_and_is_told_to_nobody(surface, look, alarms):
    told: list[Any] = []
    surface.text_settled.connect(told.append)
    look.use(look.theme, 1.0)
    alarms.advance(2000)
    assert told == []
    assert not surface.document().isUndoAvailable()


def test_a_merge_is_one_undo_step_and_keeps_cursor_selection_and_place(surface):
    cursor = surface.textCursor()
    at = TEXT.index("gevlog")
    cursor.setPosition(at)
    cursor.setPosition(at + len("gevlog"), QTextCursor.MoveMode.KeepAnchor)
    surface.setTextCursor(cursor)
    merged = TEXT.replace("vooral zand", "vooral heel veel nat zand 🏖️").replace("rooskleurig", "optimistisch") + "\n\nNog een alinea."
    surface.merge_from_outside("Een nieuwe eerste alinea.\n\n" + merged)
    assert surface.text() == "Een nieuwe eerste alinea.\n\n" + merged
    assert surface.textCursor().selectedText() == "gevlog"
    surface.undo()
    assert surface.text() == TEXT
    assert not surface.document().isUndoAvailable()


def test_a_merge_keeps_what_the_reader_sees_where_it_is(surface):
    long = "\n\n".join(f"Alinea {n}. " + "woorden " * 30 for n in range(60))
    surface.load(long)
    surface.place_cursor(long.index("Alinea 40"))
    top = surface.viewport().mapTo(surface, surface.cursorRect().topLeft()).y()
    surface.merge_from_outside("Bovenaan.\n\nNog iets.\n\n" + long)
    assert abs(surface.viewport().mapTo(surface, surface.cursorRect().topLeft()).y() - top) <= 2
    assert surface.text()[surface.cursor_point():].startswith("Alinea 40")


@pytest.mark.parametrize(("method", "mark"), [("toggle_bold", "**"), ("toggle_italic", "*")])
def test_emphasis_goes_on_and_off(surface, method, mark):
    surface.load("een woord hier")
    surface.place_cursor(6)
    getattr(surface, method)()
    assert surface.text() == f"een {mark}woord{mark} hier"
    getattr(surface, method)()
    assert surface.text() == "een woord hier"
    surface.undo()
    assert surface.text() == f"een {mark}woord{mark} hier"


@pytest.mark.parametrize(("method", "mark"), [("toggle_bold", "**"), ("toggle_italic", "*")])
def test_a_word_is_typed_between_one_key_and_the_next(qtbot, surface, method, mark):
    surface.load("zeg ", cursor=4)
    getattr(surface, method)()
    qtbot.keyClicks(surface, "donderdag")
    getattr(surface, method)()
    qtbot.keyClicks(surface, " tegen")
    assert surface.text() == f"zeg {mark}donderdag{mark} tegen"


def test_emphasis_leaves_the_cursor_in_its_word(qtbot, surface):
    surface.load("een woord hier", cursor=6)
    surface.toggle_bold()
    qtbot.keyClicks(surface, "x")
    assert surface.text() == "een **woxord** hier"
    surface.load("leeg ", cursor=5)
    surface.toggle_bold()
    surface.toggle_bold()
    assert surface.text() == "leeg "


def test_a_link_waits_for_its_address(qtbot, surface):
    surface.load("lees het rapport")
    cursor = surface.textCursor()
    cursor.setPosition(9)
    cursor.setPosition(16, QTextCursor.MoveMode.KeepAnchor)
    surface.setTextCursor(cursor)
    surface.make_link()
    qtbot.keyClicks(surface, "https://example.org")
    assert surface.text() == "lees het [rapport](https://example.org)"


def test_a_line_becomes_a_subhead_and_plain_again(surface):
    surface.load("Wie mag er wonen")
    surface.toggle_heading()
    assert surface.text() == "## Wie mag er wonen"
    surface.toggle_heading()
    assert surface.text() == "Wie mag er wonen"


def test_enter_goes_on_with_a_list_and_ends_it_on_an_empty_item(qtbot, surface):
    surface.load("1. een")
    surface.place_cursor(6)
    qtbot.keyClick(surface, Qt.Key.Key_Return)
    qtbot.keyClicks(surface, "twee")
    qtbot.keyClick(surface, Qt.Key.Key_Return)
    qtbot.keyClick(surface, Qt.Key.Key_Return)
    assert surface.text() == "1. een\n2. twee\n"


def test_the_blank_line_being_written_in_is_a_full_line(qtbot, surface):
    surface.load("een\n\ntwee")
    surface.place_cursor(3)
    heights = []
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return):
        qtbot.keyClick(surface, key)
        heights.append(surface.blockBoundingRect(surface.textCursor().block()).height())
    assert heights == [27, 27]
    qtbot.keyClick(surface, Qt.Key.Key_Up)
    qtbot.keyClick(surface, Qt.Key.Key_Down)
    assert surface.blockBoundingRect(surface.textCursor().block()).height() == 14


def found_in(surface, word: str, kind: Kind):
    block = next(asked for asked in surface.findings.unchecked(everywhere=True) if word in asked.text)
    surface.findings.show({block: [Finding(block.text.index(word), len(word), kind)]})
    return block


def columns_of(image: QImage, colour: QColor) -> list[int]:
    def near(one: QColor) -> bool:
        return one.red() - one.green() > (colour.red() - colour.green()) / 2

    return sorted({x for x in range(100, image.width()) for y in range(image.height()) if near(image.pixelColor(x, y))})


@pytest.mark.parametrize("before", ["", "🏗️🏗️ "])
def test_a_misspelt_word_is_underlined_from_its_first_to_its_last_letter_also_behind_an_emoji(surface, look, before):
    surface.load(f"{before}Dit is een gevlog van iets.")
    surface.clearFocus()
    found_in(surface, "gevlog", Kind.SPELLING)
    cursor = surface.textCursor()
    unit = len(before.encode("utf-16-le")) // 2 + len("Dit is een ")
    ends = []
    for at in (unit, unit + len("gevlog")):
        cursor.setPosition(at)
        ends.append(surface.viewport().mapTo(surface, surface.cursorRect(cursor).topLeft()).x())
    red = columns_of(grabbed(surface), look.colour("error"))
    assert abs(red[0] - ends[0]) <= 6  # a crest every seven pixels
    assert abs(red[-1] - ends[1]) <= 6


def test_findings_move_with_their_words_and_go_when_these_are_touched(qtbot, surface):
    surface.load("Dit is een gevlog en een gevlog.")
    block = surface.findings.unchecked()[0]
    surface.findings.show({block: [Finding(11, 6, Kind.SPELLING), Finding(25, 6, Kind.SPELLING)]})
    assert surface.findings.unchecked() == ()
    surface.place_cursor(0)
    qtbot.keyClicks(surface, "Ja. ")
    surface.place_cursor(4 + 13)
    assert finding_at(surface.textCursor()) is not None
    qtbot.keyClicks(surface, "x")
    assert finding_at(surface.textCursor()) is None
    surface.place_cursor(4 + 1 + 26)
    found = finding_at(surface.textCursor())
    assert found is not None
    cursor, _ = found
    assert cursor.selectedText() == "gevlog"
    assert [asked.text for asked in surface.findings.unchecked()] == [surface.text()]


def test_an_answer_about_a_text_that_changed_meanwhile_is_dropped(qtbot, surface):
    surface.load("een gevlog")
    asked = surface.findings.unchecked()[0]
    qtbot.keyClicks(surface, "a")
    surface.findings.show({asked: [Finding(4, 6, Kind.SPELLING)]})
    surface.place_cursor(7)
    assert finding_at(surface.textCursor()) is None


def test_a_new_word_list_asks_for_everything_again(surface):
    surface.load("een\n\ntwee")
    surface.findings.show({asked: [] for asked in surface.findings.unchecked()})
    assert surface.findings.unchecked() == ()
    surface.findings.forget()
    assert BlockText(0, "een") in surface.findings.unchecked()


def wheel(surface, pixels: int) -> None:
    place = QPointF(surface.viewport().rect().center())
    event = QWheelEvent(place, surface.viewport().mapToGlobal(place), QPoint(0, -pixels), QPoint(0, -pixels),
                        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(surface.viewport(), event)


def first_ink(surface: WritingSurface) -> int:
    """The distance from the editor's top to the third block's top, wherever it stands."""
    block = surface.document().findBlockByNumber(2)
    y = surface.blockBoundingGeometry(block).translated(surface.contentOffset()).top()
    return round(y) + surface.viewport().y()


def test_a_touchpad_scrolls_pixel_by_pixel_and_back(surface):
    surface.load("\n\n".join("woorden " * 60 for _ in range(40)))
    start = first_ink(surface)
    for moved in range(7, 160, 7):
        wheel(surface, 7)
        assert first_ink(surface) == start - moved
    for _ in range(7, 160, 7):
        wheel(surface, -7)
    assert first_ink(surface) == start


def test_the_end_of_a_text_can_be_scrolled_into_sight_and_no_further(surface):
    surface.load("\n\n".join("woorden " * 60 for _ in range(40)) + "\n\nHet einde.")
    for _ in range(400):
        wheel(surface, 81)
    block = surface.document().lastBlock()
    top = surface.blockBoundingGeometry(block).translated(surface.contentOffset()).top() + surface.viewport().y()
    assert 0 < top < surface.height() - 27


def test_typing_at_the_bottom_keeps_the_caret_in_sight(qtbot, surface):
    for _ in range(60):
        qtbot.keyClick(surface, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(surface, Qt.Key.Key_Return)
        place = surface.viewport().mapTo(surface, surface.cursorRect().bottomLeft())
        assert place.y() <= surface.height()
    qtbot.keyClick(surface, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert surface.viewport().mapTo(surface, surface.cursorRect().topLeft()).y() >= 0


def test_a_click_in_the_margin_is_a_click_in_the_text(qtbot, surface):
    qtbot.mouseClick(surface, Qt.MouseButton.LeftButton, pos=QPoint(20, 22 + 27 + 13))
    assert surface.textCursor().positionInBlock() > 0
    assert surface.textCursor().block().blockNumber() == 0


def test_the_caret_has_the_accents_colour_and_is_letter_high(qtbot, surface, look):
    qtbot.keyClick(surface, Qt.Key.Key_End)
    image = grabbed(surface)
    area = surface.viewport().mapTo(surface, surface.cursorRect().topLeft())
    accent = look.colour("accent").name()
    rows = [y for y in range(area.y() - 4, area.y() + 34) if image.pixelColor(area.x() + 1, y).name() == accent]
    assert len(rows) == 20 or len(rows) == 19


def test_an_input_method_composes_in_place(surface):
    surface.load("abc gevlog")
    surface.place_cursor(0)
    QApplication.sendEvent(surface, QInputMethodEvent("ë̂かな", []))
    assert surface.text() == "abc gevlog"
    commit = QInputMethodEvent()
    commit.setCommitString("ë")
    QApplication.sendEvent(surface, commit)
    assert surface.text() == "ëabc gevlog"


def test_copying_keeps_no_break_spaces_and_pasting_takes_a_pages_structure(qtbot, look, alarms):
    surface = WritingSurface(look, make_alarm=alarms, paste_html=lambda html: "**" + html + "**")
    qtbot.addWidget(surface)
    surface.load("10\u00a0000 euro")
    surface.selectAll()
    assert surface.createMimeDataFromSelection().text() == "10\u00a0000 euro"
    data = QMimeData()
    data.setHtml("vet")
    surface.load("")
    surface.insertFromMimeData(data)
    assert surface.text() == "**vet**"


def test_files_dropped_are_told_and_not_written_into_the_text(surface, tmp_path):
    told: list[Any] = []
    surface.files_dropped.connect(told.append)
    data = QMimeData()
    from PySide6.QtCore import QUrl

    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "foto.jpg"))])
    surface.insertFromMimeData(data)
    assert told == [[str(tmp_path / "foto.jpg")]]
    assert surface.text() == TEXT


def test_the_whole_of_a_large_text_gets_its_look(surface, alarms, look: Look):
    surface.load("\n\n".join("woorden **vet** en meer" for _ in range(2000)))
    alarms.advance(10)
    block = surface.document().lastBlock()
    assert any(part.format.fontWeight() == 700 for part in block.layout().formats())


def test_text_twice_as_large_keeps_its_pitch(surface, look, alarms):
    look.use(look.theme, 2.0)
    surface.resize(1200, 660)
    alarms.advance(10)
    surface.load("een\n\ntwee")
    assert baselines(surface) == [38, 38 + 54 + 28]
