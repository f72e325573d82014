"""Build the fonts in resources/fonts from Inter and JetBrains Mono (both OFL 1.1, no Reserved Font Name).

    npm pack @expo-google-fonts/inter @expo-google-fonts/jetbrains-mono     (in a folder of its own; unpack both there)
    .venv/bin/python packaging/fonts.py FOLDER

Four families, each under a name of its own, so that an Inter installed on the machine is never picked up instead:

    Redactie Tekst    the interface: Inter's own metrics, tabular figures
    Redactie Schrift  the writing surface: 19/16 em above and 8/16 em below the baseline, so 27 px at 16 px
    Redactie Kop      subheads on the writing surface: 20/19 and 7/19 em, so 27 px at 19 px
    Redactie Mono     key caps and code: JetBrains Mono with the metrics of the writing surface, so it never raises a line

Text layout knows no line height for a plain-text editor; a font whose own lines are 27 px high needs none.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

TARGET = Path(__file__).resolve().parent.parent / "resources" / "fonts"
USE_TYPO_METRICS = 1 << 7

# Latin with everything European names need, punctuation, currency, arrows and the few shapes that the interface draws
# as text. Arabic, Cyrillic, Greek and emoji come from the system: they fit inside the lines.
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x18F), (0x192, 0x192), (0x1A0, 0x1A1), (0x1AF, 0x1B0), (0x1CD, 0x1DC),
    (0x1E6, 0x1E7), (0x1F4, 0x1F5), (0x1FA, 0x1FF), (0x218, 0x21B), (0x237, 0x237), (0x259, 0x259), (0x2BB, 0x2BF),
    (0x2C6, 0x2DD), (0x300, 0x304), (0x306, 0x30C), (0x323, 0x328), (0x1E00, 0x1EFF), (0x2002, 0x2015), (0x2018, 0x2022),
    (0x2026, 0x2026), (0x202F, 0x2030), (0x2032, 0x2033), (0x2039, 0x203A), (0x2044, 0x2044), (0x2070, 0x2079),
    (0x2080, 0x2089), (0x20AC, 0x20AC), (0x2116, 0x2116), (0x2122, 0x2122), (0x2153, 0x215E), (0x2190, 0x2199),
    (0x21B5, 0x21B5), (0x21E5, 0x21E7), (0x2212, 0x2212), (0x221E, 0x221E), (0x2248, 0x2248), (0x2260, 0x2260),
    (0x2264, 0x2265), (0x2303, 0x2303), (0x2318, 0x2318), (0x2325, 0x2326), (0x232B, 0x232B), (0x23CE, 0x23CE),
    (0x25A0, 0x25A0), (0x25B2, 0x25B2), (0x25B4, 0x25B6), (0x25B8, 0x25B8), (0x25BC, 0x25BE), (0x25C0, 0x25C0),
    (0x25CB, 0x25CB), (0x25CF, 0x25CF), (0x2713, 0x2713), (0x2717, 0x2717), (0xFB01, 0xFB02), (0xFFFD, 0xFFFD),
)  # fmt: skip
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "calt", "case", "tnum"]


@dataclass(frozen=True, slots=True)
class Face:
    """One file to build. `above` and `below` are the line's parts around the baseline in em; None leaves the source's."""

    source: str
    family: str
    style: str
    above: Fraction | None = None
    below: Fraction | None = None
    tabular: bool = False

    @property
    def file_name(self) -> str:
        """The name in resources/fonts."""
        return f"{self.family.replace(' ', '')}-{self.style.replace(' ', '')}.ttf"


WRITING = (Fraction(19, 16), Fraction(8, 16))
HEADING = (Fraction(20, 19), Fraction(7, 19))
FACES = (
    Face("Inter_400Regular", "Redactie Tekst", "Regular", tabular=True),
    Face("Inter_400Regular_Italic", "Redactie Tekst", "Italic", tabular=True),
    Face("Inter_500Medium", "Redactie Tekst", "Medium", tabular=True),
    Face("Inter_600SemiBold", "Redactie Tekst", "SemiBold", tabular=True),
    Face("Inter_700Bold", "Redactie Tekst", "Bold", tabular=True),
    Face("Inter_700Bold_Italic", "Redactie Tekst", "Bold Italic", tabular=True),
    Face("Inter_400Regular", "Redactie Schrift", "Regular", *WRITING),
    Face("Inter_400Regular_Italic", "Redactie Schrift", "Italic", *WRITING),
    Face("Inter_700Bold", "Redactie Schrift", "Bold", *WRITING),
    Face("Inter_700Bold_Italic", "Redactie Schrift", "Bold Italic", *WRITING),
    Face("Inter_400Regular", "Redactie Kop", "Regular", *HEADING),
    Face("Inter_700Bold", "Redactie Kop", "Bold", *HEADING),
    Face("JetBrainsMono_400Regular", "Redactie Mono", "Regular", *WRITING),
    Face("JetBrainsMono_700Bold", "Redactie Mono", "Bold", *WRITING),
)


def build(face: Face, sources: Path, target: Path) -> int:
    """Write one face; returns its size in bytes."""
    found = sorted(sources.rglob(f"{face.source}.ttf"))
    if not found:
        sys.exit(f"{face.source}.ttf is not below {sources}")
    font = TTFont(found[0])
    if face.tabular:
        make_figures_tabular(font)
    cut(font)
    if face.above is not None and face.below is not None:
        set_line(font, face.above, face.below)
    rename(font, face)
    path = target / face.file_name
    font.save(path)
    return path.stat().st_size


def make_figures_tabular(font: TTFont) -> None:
    """Let the ten figures be the tabular ones from the start: times and counts stand in columns everywhere."""
    glyphs = set(font.getGlyphOrder())
    for table in font["cmap"].tables:
        if not table.isUnicode():
            continue
        for code in range(ord("0"), ord("9") + 1):
            tabular = f"{table.cmap[code]}.tf"
            if tabular in glyphs:
                table.cmap[code] = tabular


def cut(font: TTFont) -> None:
    """Leave the characters and features of the house; hinting goes, we ask Qt for none."""
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14]
    options.notdef_outline = True
    options.glyph_names = False
    options.drop_tables += ["DSIG", "STAT", "MVAR", "HVAR"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters())
    cutter.subset(font)


def characters() -> Iterable[int]:
    """Every code point of `RANGES`."""
    for first, last in RANGES:
        yield from range(first, last + 1)


def set_line(font: TTFont, above: Fraction, below: Fraction) -> None:
    """Set the line's height in all tables that text systems read; Windows' clip box never gets smaller."""
    em = font["head"].unitsPerEm
    ascent, descent = round(above * em), round(below * em)
    hhea, os2 = font["hhea"], font["OS/2"]
    hhea.ascent, hhea.descent, hhea.lineGap = ascent, -descent, 0
    os2.sTypoAscender, os2.sTypoDescender, os2.sTypoLineGap = ascent, -descent, 0
    os2.fsSelection |= USE_TYPO_METRICS
    os2.usWinAscent = max(os2.usWinAscent, ascent)
    os2.usWinDescent = max(os2.usWinDescent, descent)


def rename(font: TTFont, face: Face) -> None:
    """Give the face its own family name, in the records that Qt and the systems read."""
    full = f"{face.family} {face.style}"
    postscript = f"{face.family.replace(' ', '')}-{face.style.replace(' ', '')}"
    names = font["name"]
    for identity in (16, 17, 21, 22, 25):
        names.removeNames(nameID=identity)
    for identity, value in {1: face.family, 2: face.style, 3: f"{postscript};redactie", 4: full, 6: postscript}.items():
        names.removeNames(nameID=identity)
        names.setName(value, identity, 3, 1, 0x409)


def main() -> None:
    """Build all faces from the folder named on the command line."""
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    TARGET.mkdir(parents=True, exist_ok=True)
    total = 0
    for face in FACES:
        size = build(face, Path(sys.argv[1]), TARGET)
        total += size
        print(f"{face.file_name:34} {size / 1000:7.1f} kB")
    print(f"{'together':34} {total / 1000:7.1f} kB")


if __name__ == "__main__":
    main()
