"""The public page in a real browser: readable for everybody, at any width, without a script."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright

from editor.press.readers import post_reaction
from tests.press.running import Running

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync"]
WEIGHT = 60_000  # bytes, without pictures


@pytest.fixture
def furnished(press: Running) -> tuple[Running, str]:
    """A newsroom with a page full of everything, and the path of its article."""
    samira = press.desk("Samira", "editor", "senior")
    article = samira.published(
        kicker="Woningbouw", headline="Gemeente wil vaart achter de deur bij nieuwe wijk",
        lead="Volgend voorjaar krijgen de eerste bewoners hun sleutel.", tags=["wonen"],
        body="Aan de kade staat vooral zand.\n\n## Een jaar eerder\n\n> We wachten alleen minder.\n\n[Meer](https://example.org)",
        bylines=[{"name": "Samira El Amrani", "person_id": "", "role": ""}])
    for start, headline, priority in (("09:41", "Haven praat verder", 0), ("11:50", "Ringweg dicht na ongeval", 2)):
        samira.line(headline, start, priority=priority, on_late="as_planned")
    first = ""
    for name, text in (("Anneke", "Eindelijk.\n\nMaar waarom een derde?"), ("Youssef", "Dat vroeg ik ook.")):
        made = post_reaction(press.press, article, name=name, text=text, parent_id=first)
        samira.decide(made.reaction_id, "approve")
        first = first or made.reaction_id
    samira.write(article, base=samira.entity(article)["rev"], lead="Volgend najaar krijgen de eerste bewoners hun sleutel.")
    samira.step(article, "approve")
    samira.step(article, "correct", note={"text": "Het gaat om het najaar.", "type": "Correctie"})
    path = re.search(r'href="(/artikel/gemeente[^"]+)"', press.page("/").text)
    assert path is not None
    return press, path[1]


@pytest.fixture
def browser(chromium: Path) -> Iterator[Any]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=ARGUMENTS)
        yield browser
        browser.close()


def open_page(browser: Any, width: int, *, scheme: str = "light", javascript: bool = True, **options: Any) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme,
                                  java_script_enabled=javascript, **options)
    page: Page = context.new_page()
    return page


@pytest.mark.expects_thread("asyncio|Thread-")
def test_everybody_can_read_it_at_every_width_by_day_and_by_night(
        furnished: tuple[Running, str], browser: Any, axe_source: str, tmp_path: Path):
    press, path = furnished
    for width in (390, 1280):
        for scheme in ("light", "dark"):
            page = open_page(browser, width, scheme=scheme, bypass_csp=True)  # axe is put into the page by the test
            for where in ("/", path, path + "?antwoord=1", "/artikel/niets-00000000"):
                page.goto(press.url + where)
                page.screenshot(path=str(tmp_path / f"{width}-{scheme}.png"), full_page=True)
                assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (where, width)
                page.evaluate(axe_source)
                found = page.evaluate("axe.run()")["violations"]
                assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] in ("serious", "critical")] == []
            page.context.close()


@pytest.mark.expects_thread("asyncio|Thread-")
def test_at_twice_the_size_nothing_runs_off_the_page(furnished: tuple[Running, str], browser: Any):
    press, path = furnished
    page = open_page(browser, 640, bypass_csp=True)  # 1280 at 200 %
    page.goto(press.url + path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


@pytest.mark.expects_thread("asyncio|Thread-")
def test_a_reader_without_javascript_reacts(furnished: tuple[Running, str], browser: Any):
    press, path = furnished
    page = open_page(browser, 390, javascript=False)
    page.goto(press.url + path)
    page.get_by_role("link", name="Reageer op Anneke (1)").click()
    assert "Uw antwoord op reactie 1 van Anneke" in page.content()
    page.get_by_label("Naam").fill("Wim")
    page.get_by_label("Uw reactie").fill("Ik ook.")
    page.get_by_role("button", name="Plaats reactie").click()
    assert page.get_by_role("status").inner_text() == "Bedankt, uw reactie wordt eerst bekeken."
    page.context.close()


@pytest.mark.expects_thread("asyncio|Thread-")
def test_it_is_light_and_the_browser_has_nothing_to_complain_of(furnished: tuple[Running, str], browser: Any):
    press, path = furnished
    page, said, weight = open_page(browser, 1280), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("response", lambda response: weight.append(len(response.body())))
    page.goto(press.url + path, wait_until="networkidle")
    assert said == []
    assert 0 < sum(weight) <= WEIGHT
    page.context.close()
