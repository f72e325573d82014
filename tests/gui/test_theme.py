"""Themes, fonts and icons."""

import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF, QImage
from PySide6.QtWidgets import QApplication

from editor.base.errors import Bug
from editor.ui.theme.fonts import FAMILIES, Type, load_fonts, make_font
from editor.ui.theme.icons import Icons
from editor.ui.theme.look import Look
from editor.ui.theme.tokens import TEXT_PAIRS, contrast, load_theme

THEMES = ("light", "dark", "contrast")


@pytest.mark.parametrize("name", THEMES)
def test_every_text_can_be_read_on_every_ground_it_stands_on(name):
    colours = load_theme(name).colours
    least = 7.0 if name == "contrast" else 4.5
    weak = {f"{ink} on {ground}": round(contrast(colours[ink], colours[ground]), 2) for ink, ground in TEXT_PAIRS
            if contrast(colours[ink], colours[ground]) < least}
    assert weak == {}


def test_a_theme_that_lacks_a_colour_is_refused_by_name(tmp_path):
    (tmp_path / "half.toml").write_text('name = "half"\ndark = false\n[colours]\nbg = "#ffffff"\n', encoding="utf-8")
    with pytest.raises(Bug, match=r"half.*surface"):
        load_theme("half", tmp_path)


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_has_no_place_left_open(dressed, name):
    sheet = Look(load_theme(name)).sheet()
    assert "$" not in sheet


def test_all_families_are_the_bundled_ones(dressed):
    assert [QFontInfo(QFont([family])).family() for family in FAMILIES] == list(FAMILIES)


def test_a_folder_without_fonts_is_refused_when_none_are_loaded(dressed, tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(Bug, match=r"broken\.ttf"):
        load_fonts(tmp_path)


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_writing_lines_are_27_pixels_and_figures_stand_in_columns(dressed, scale):
    assert QFontMetricsF(make_font(Type.WRITING, scale)).height() == 27 * scale
    body = QFontMetricsF(make_font(Type.BODY, scale))
    assert body.horizontalAdvance("11:11") == body.horizontalAdvance("20:48")


def test_every_icon_has_ink_in_the_colour_asked_for(dressed, look):
    icons = Icons()
    assert {"pen", "ticker", "speech", "sync", "gear", "search"} <= set(icons.names())
    for name in icons.names():
        image: QImage = icons.pixmap(name, look.colour("error"), 24, 2.0).toImage()
        assert image.width() == 48
        red = look.colour("error")
        inked = [image.pixelColor(x, y) for x in range(48) for y in range(48) if image.pixelColor(x, y).alpha() > 250]
        assert inked, name
        assert all(abs(one.red() - red.red()) < 8 and abs(one.blue() - red.blue()) < 8 for one in inked), name


def test_the_theme_can_be_changed_while_the_program_runs(dressed: QApplication, look):
    look.use(load_theme("dark"), 1.0)
    assert dressed.palette().window().color().name() == load_theme("dark").colours["bg"]
