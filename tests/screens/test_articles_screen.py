"""The desk for articles, drawn whole: what it must show in every theme and both languages."""

from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QWidget

from editor.base.messages import Message
from editor.text.markdown import to_html
from editor.ui.actions import Keymap, Scope
from editor.ui.articles.cards import ArticleCard, status_mark
from editor.ui.articles.finding_card import FindingCard, Opened
from editor.ui.articles.findings import Finding, Kind
from editor.ui.articles.panel import ArticlesPanel
from editor.ui.articles.preview import Page
from editor.ui.articles.step_bar import NextStep
from editor.ui.articles.surface_findings import finding_at
from editor.ui.shell.facts import Connection, DeskFacts, Fact, Size, Standing, size_fact, standing_facts
from editor.ui.shell.window import DeskPlace, MainWindow
from editor.ui.widgets.instants import Instants

HEAD = {
    "kicker": "Woningbouw",
    "headline": "Gemeente wil vaart achter de deur bij nieuwe wijk",
    "lead": "Volgend voorjaar moeten de eerste bewoners van de Oosterkade hun sleutel krijgen. De wethouder trekt daarvoor "
            "negen miljoen euro uit, maar de aannemers houden een slag om de arm.",
}
TEXT = """Aan de Oosterkade staat voorlopig vooral zand. Toch verwacht wethouder Bouchra Idrissi dat de eerste tachtig woningen voor Pasen klaar zijn, zei ze **donderdag** tegen de raad.

## Een jaar eerder dan gedacht

De versnelling is een gevlog van de nieuwe regels voor fabriekswoningen. Die mogen sinds september zonder aparte vergunning worden geplaatst, mits de fundering is gekeurd.

> „We bouwen niet sneller, we wachten korter.”

Volgens bouwbedrijf [Van Leer](https://example.org/van-leer) is dat te rooskleurig. Er wordt door het bedrijf gewacht op de levering van het staal op de kade.

## Wie mag er wonen?

Van de tachtig woningen gaat een derde naar starters uit de stad."""
CARDS = (
    ("Gemeente wil vaart achter de deur bij nieuwe wijk", "draft", "11:20 · Samira", "lokaal, nog niet verzonden"),
    ("Havenbedrijf en vakbond praten verder over rooster", "desk", "10:58 · Tom", "verzonden 10:58"),
    ("Waterschap waarschuwt voor hoge stand in de Lek", "scheduled", "vandaag 18:00", "staat klaar op server"),
    ("Rabat en Rotterdam tekenen voor vaste vrachtlijn", "published", "09:41", "gelijk aan de site"),
    ("Nieuwe spoorlijn naar Tanger een jaar later klaar", "conflict", "08:52 · Noor", "twee versies van één zin"),
    ("Leraren vinden lesrooster nog steeds te vol", "published", "gisteren 16:12", "gecorrigeerd 17:03"),
    ("Kleine bibliotheken krijgen toch langer geld", "draft", "gisteren · Tom", ""),
    ("Dadeloogst begint twee weken eerder dan normaal", "draft", "zo · Samira", ""),
)
NOW = datetime(2026, 11, 24, 13, 2, 11, tzinfo=UTC)


class PlainMemory:
    def recall(self, name: str) -> str:
        return ""

    def keep(self, name: str, value: str) -> None:
        pass


@pytest.fixture
def panel(qtbot, look, words):
    panel = ArticlesPanel(look, words, Keymap())
    panel.library.show_total(12408)
    panel.library.fill([
        ArticleCard(str(number), headline, status_mark("draft" if status == "conflict" else status, words,
                                                       conflict=status == "conflict"), when, state)
        for number, (headline, status, when, state) in enumerate(CARDS)
    ])
    panel.library.show_open("0")
    panel.head.load(HEAD)
    panel.surface.load(TEXT)
    panel.show_open(is_open=True)
    panel.preview.show_page(Page(HEAD["kicker"], HEAD["headline"], HEAD["lead"], to_html(TEXT), [
        ("11:46", "Havenbedrijf en vakbond praten verder"),
        ("11:19", "Waterschap waarschuwt voor hoge stand"),
        ("09:41", "Rabat en Rotterdam tekenen voor vrachtlijn"),
    ], "Reacties (0)"))
    panel.steps.show_step(NextStep("Klaar voor eindredactie", [("section", "rubriek"), ("lead_image", "beeldtekst")],
                                   "Nog nodig voor ‘klaar’:"))
    return panel


@pytest.fixture
def window(qtbot, look, words, panel):
    desks = [
        DeskPlace("articles", Message("shell", "Articles"), "pen", "go.articles", lambda: panel, (Scope.ARTICLES, Scope.TEXT)),
        DeskPlace("ticker", Message("shell", "Ticker"), "ticker", "go.ticker", lambda: panel),
        DeskPlace("reactions", Message("shell", "Reactions"), "speech", "go.reactions", lambda: panel),
        DeskPlace("sync", Message("shell", "Sync"), "sync", "go.sync", lambda: panel, low=True),
        DeskPlace("settings", Message("application", "Settings"), "gear", "go.settings", lambda: panel, low=True),
    ]
    window = MainWindow(look, words, Keymap(), desks, memory=PlainMemory())
    qtbot.addWidget(window)
    window.open_desk("articles")
    window.show_badge("reactions", 214, Message("shell", "Found"))
    window.show_badge("sync", 1, Message("shell", "Found"), urgent=True)
    facts = standing_facts(Standing(NOW, NOW.replace(hour=12, minute=58)), words, Instants(words, "Europe/Amsterdam"), NOW)
    window.show_facts("articles", DeskFacts(facts, [size_fact(Size(412, 2, ["leesbaarheid 54"]), words), Fact("Nederlands")]))
    window.show_connection(Connection("online"))
    return window


def check(panel) -> None:
    found = {}
    for asked in panel.surface.findings.unchecked():
        kinds = (("gevlog", Kind.SPELLING), ("Bouchra Idrissi", Kind.NAME), ("Er wordt door het bedrijf gewacht", Kind.STYLE))
        found[asked] = [Finding(asked.text.index(word), len(word), kind) for word, kind in kinds if word in asked.text]
    panel.surface.findings.show(found)


@pytest.mark.parametrize("size", [(1440, 900), (1280, 800), (1920, 1080)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_articles_desk(qtbot, window, panel, look, words, drawn, size):
    name = f"articles-{look.theme.name}-{words.language}-{size[0]}"
    window.resize(*size)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    panel.surface.setFocus()
    check(panel)
    panel.surface.place_cursor(TEXT.index("zonder"))
    image = drawn(window, name, QSize(*size))
    chosen = panel.library.cards.view.mapTo(window, QPoint(1, 20))
    assert image.pixelColor(chosen).name() == look.colour("accent").name()
    paper = panel.preview.mapTo(window, QPoint(24, 100))
    assert image.pixelColor(paper).name() == look.colour("paper").name()
    text = panel.surface.mapTo(window, QPoint(6, 200))
    assert image.pixelColor(text).name() == look.colour("surface").name()


@pytest.mark.parametrize("look", ["light"], indirect=True)
def test_the_articles_desk_with_large_text(qtbot, window, panel, look, words, drawn):
    look.use(look.theme, 1.5)
    image = drawn(window, f"articles-large-{words.language}", QSize(1920, 1080))
    assert not image.isNull()
    assert panel.head.fields["headline"].height() >= 2 * 45


def test_an_empty_desk_says_its_next_step(qtbot, look, words, drawn):
    panel = ArticlesPanel(look, words, Keymap())
    qtbot.addWidget(panel)
    panel.library.fill([])
    drawn(panel, f"articles-empty-{look.theme.name}-{words.language}", QSize(1368, 872))
    assert words.tr("articles", "No articles yet") in panel.library.cards.state.words
    nameless = [type(part).__name__ for part in panel.findChildren(QWidget)
                if part.isVisibleTo(panel) and part.focusPolicy() != Qt.FocusPolicy.NoFocus
                and not (part.accessibleName() or part.property("text"))]
    assert nameless == []


@pytest.mark.parametrize("look", ["light", "dark"], indirect=True)
def test_an_opened_finding_offers_its_suggestions_by_number(qtbot, window, panel, look, words, drawn):
    drawn(window, f"articles-checked-{look.theme.name}-{words.language}", QSize(1440, 900))
    check(panel)
    panel.surface.place_cursor(TEXT.index("gevlog") + 2)
    found = finding_at(panel.surface.textCursor())
    assert found is not None
    cursor, _ = found
    place = panel.surface.area_of(cursor)
    card = FindingCard(look, words, panel)
    card.open(Opened("gevlog", "spelling", suggestions=["gevolg", "gevlogen", "gevloek"], can_be_listed=True),
              place.translated(panel.surface.mapTo(panel, QPoint(0, 0))))
    drawn(window, f"articles-finding-{look.theme.name}-{words.language}", QSize(1440, 900))
    taken: list[str] = []
    card.taken.connect(taken.append)
    qtbot.keyClick(card, "2")
    assert taken == ["gevlogen"]
    assert not card.isVisible()
