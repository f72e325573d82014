"""The public page: what readers see, and what comes of what they send."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from datetime import timedelta

import sqlalchemy as sa

from editor.backends.public_site import PublicSite
from editor.base.ids import new_id, tail
from editor.press.readers import purge_contacts
from editor.press.schema import ContactRow
from editor.press.slugs import slugify
from tests.press.running import Desk, Running, moment


def path_of(press: Running, article: str) -> str:
    site = PublicSite(press.url, press.clock)
    try:
        return site.find_article(article)
    finally:
        site.close()


def contacts(press: Running) -> list[ContactRow]:
    with press.press.database.read() as session:
        return list(session.scalars(sa.select(ContactRow)))


def test_the_page_reads_like_a_news_page(press: Running):
    samira = press.desk("Samira", "editor")
    article = samira.published(kicker="Verkeer", headline="De brug gaat open", lead="Vanaf maandag.",
                               body="Een.\n\n## Kopje\n\nTwee met **nadruk**.")
    samira.line("Ringweg dicht", "11:52", on_late="as_planned")
    samira.line("Nieuwe trein", "09:10", on_late="as_planned", article_id=article)
    site = PublicSite(press.url, press.clock)
    page = site.article_page(site.find_article(article))
    site.close()
    assert [(line.time, line.headline) for line in page.ticker] == [("11:52", "Ringweg dicht"), ("09:10", "Nieuwe trein")]
    assert page.ticker[1].href == page.path
    assert (page.kicker, page.headline, page.lead) == ("Verkeer", "De brug gaat open", "Vanaf maandag.")
    assert (page.subheads, page.paragraphs) == (("Kopje",), ("Een.", "Twee met nadruk."))
    assert page.reactions_count == 0


def test_the_ticker_is_a_function_of_time(press: Running):
    samira = press.desk("Samira", "editor")
    samira.line("Straks", "12:30")
    samira.line("Kort", "12:10", end=moment("12:20"))

    def shown() -> list[str]:
        return [line["headline"] for line in press.page("/ticker.json").json()["public"]]

    seen = []
    for _ in range(5):
        seen.append(shown())
        press.fixed.advance(timedelta(minutes=10))
    assert seen == [[], ["Kort"], [], ["Straks"], ["Straks"]]


def test_a_line_of_the_past_is_a_question_and_keeps_its_time_when_asked(press: Running):
    samira = press.desk("Samira", "editor")
    late = samira.line("Vroeg nieuws", "08:43")
    assert (late["status"], late["code"], late["late_by_s"]) == ("conflict", "late", 3 * 3600 + 17 * 60)
    assert samira.line("Vroeg nieuws", "08:43", entry_id=late["id"], on_late="as_planned")["status"] == "applied"
    assert samira.line("Nu dan", "08:50", on_late="now")["status"] == "applied"
    assert samira.line("Net te laat", "11:55", on_late="as_planned")["status"] == "applied"
    lines = press.page("/ticker.json").json()["public"]
    assert {line["headline"]: line["time"] for line in lines} == {
        "Vroeg nieuws": "08:43", "Nu dan": "12:00", "Net te laat": "11:55"}


def test_breaking_is_an_editors(press: Running):
    tom, samira = press.desk("Tom", "journalist"), press.desk("Samira", "editor")
    assert tom.line("Groot nieuws", "12:01", priority=2)["code"] == "forbidden"
    made = samira.line("Groot nieuws", "12:01", priority=2)
    assert tom.line("Klein nieuws", "12:01", entry_id=made["id"], base=made["rev"], priority=0)["code"] == "forbidden"
    assert tom.push(made["id"], "ticker", "delete", base=made["rev"])["code"] == "forbidden"


def test_an_old_address_leads_to_the_new_one_and_a_withdrawn_one_says_so(press: Running):
    samira = press.desk("Samira", "editor")
    article = samira.published(headline="Eerste kop")
    old = path_of(press, article)
    assert old == f"/artikel/eerste-kop-{tail(article)}"
    samira.write(article, base=samira.entity(article)["rev"], slug="het-hele-verhaal")
    samira.step(article, "approve")
    samira.step(article, "publish", kind="minor")
    moved = press.page(old)
    assert (moved.status_code, moved.headers["location"]) == (301, f"/artikel/het-hele-verhaal-{tail(article)}")
    samira.step(article, "withdraw", note="Onjuist.")
    gone = press.page(moved.headers["location"])
    assert gone.status_code == 410
    assert "ingetrokken" in gone.text
    assert press.page("/artikel/niets-00000000").status_code == 404
    assert press.page("/media/abc.jpg").status_code == 404
    assert "Eerste kop" not in press.page("/").text + press.page("/rss.xml").text


def test_the_headline_keeps_its_first_address(press: Running):
    samira = press.desk("Samira", "editor")
    article = samira.published(headline="Eerste kop")
    before = path_of(press, article)
    samira.write(article, base=samira.entity(article)["rev"], headline="Tweede kop")
    samira.step(article, "approve")
    samira.step(article, "publish", kind="update")
    assert path_of(press, article) == before


def test_addresses_are_plain_letters():
    assert slugify("Café 't Hoekje: „crème brûlée” voor €10") == "cafe-t-hoekje-creme-brulee-voor-10"
    assert slugify("Straße, Øresund & IJsselmeer") == "strasse-oresund-en-ijsselmeer"
    assert slugify("…") == "artikel"
    assert len(slugify("woord " * 40)) <= 60
    assert not slugify("woord " * 40).endswith("-")


def test_a_correction_stays_on_the_page_and_in_its_data(press: Running):
    samira = press.desk("Samira", "editor")
    article = samira.published(bylines=[{"name": "S. Amrani", "person_id": "", "role": ""}])
    press.fixed.advance(timedelta(minutes=30))
    samira.write(article, base=samira.entity(article)["rev"], headline="Een </script><b>kop")
    samira.step(article, "approve")
    samira.step(article, "correct", note={"text": "De datum was fout.", "type": "Correctie"})
    page = press.page(path_of(press, article)).text
    assert "De datum was fout." in page
    assert "Bijgewerkt" in page
    data = json.loads(re.search(r'ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
    assert (data["@type"], data["headline"]) == ("NewsArticle", "Een </script><b>kop")
    assert data["correction"][0]["text"] == "De datum was fout."
    assert data["dateModified"] == "2026-11-24T11:30:00.000Z"
    assert "<b>kop" not in page


def test_the_feed_is_rss_that_parses(press: Running):
    samira = press.desk("Samira", "editor")
    samira.published(headline="A & B <c>")
    root = ET.fromstring(press.page("/rss.xml").content)
    assert [item.findtext("title") for item in root.iter("item")] == ["A & B <c>"]


def test_a_reaction_waits_for_a_moderator_and_then_has_its_number(press: Running):
    samira, noor = press.desk("Samira", "editor"), press.desk("Noor", "moderator")
    path, reader = path_of(press, samira.published()), press.reader()
    sent = reader.react(path, name="Anna", email="Anna@Example.nl ", text="Regel een\r\n<b>twee</b>")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}?reactie=ontvangen#bedankt")
    assert "Bedankt, uw reactie wordt eerst bekeken." in reader.http.get(sent.headers["location"]).text
    assert "Reacties (0)" in press.page(path).text
    row = noor.changes("reactions")["changes"][0]
    assert (row["doc"]["status"], row["doc"]["number"], row["doc"]["text"]) == ("hold", 1, "Regel een\n<b>twee</b>")
    assert "anna@example.nl" not in json.dumps(row).lower()
    assert len(row["doc"]["author_key"]) == 64
    noor.decide(row["entity_id"], "approve")
    page = press.page(path).text
    assert "Reacties (1)" in page
    assert 'id="reactie-1"' in page
    assert "&lt;b&gt;twee&lt;/b&gt;" in page
    reader.close()


def test_a_reload_or_a_double_click_posts_nothing_twice(press: Running):
    path, reader = path_of(press, press.desk("Samira", "editor").published()), press.reader()
    for _ in range(2):
        assert reader.react(path, text="Twee keer geklikt.").status_code == 303
    assert len(press.desk("Noor", "moderator").changes("reactions")["changes"]) == 1
    reader.close()


def test_an_answer_stands_under_what_it_answers(press: Running):
    samira, noor = press.desk("Samira", "editor"), press.desk("Noor", "moderator")
    article = samira.published()
    path, reader = path_of(press, article), press.reader()

    def react(text: str, parent: str = "") -> str:
        assert reader.react(path, text=text, parent=parent).status_code == 303
        made = noor.changes("reactions")["changes"][-1]["entity_id"]
        noor.decide(made, "approve")
        return str(made)

    first, _ = react("Eerste"), react("Antwoord", "1")
    page = press.page(path).text
    assert page.index("Eerste") < page.index("<ol><li>") < page.index("Antwoord")
    noor.decide(first, "reject", reason="OFFTOPIC")
    assert "reageert op een verwijderde reactie" in press.page(path).text
    assert reader.react(path, text="Nog een", parent="1").status_code == 422
    reader.close()


def test_the_mode_of_an_article_works_at_once(press: Running):
    samira = press.desk("Samira", "editor")
    article = samira.published()
    path, reader = path_of(press, article), press.reader()

    def mode(value: str) -> None:
        samira.write(article, base=samira.entity(article)["rev"], reactions_mode=value)

    mode("open")
    assert reader.react(path, text="Direct te zien.").headers["location"].startswith(f"{path}?reactie=geplaatst")
    assert "Reacties (1)" in press.page(path).text
    mode("manual")
    reader.react(path, text="Eerst bekijken.")
    assert "Reacties (1)" in press.page(path).text
    token = reader.http.cookies["redactie_form"]
    mode("closed")
    assert "Reageren op dit artikel kan niet meer." in press.page(path).text
    refused = reader.http.post(path + "/reacties", data={"name": "A", "text": "Toch", "token": token})
    assert refused.status_code == 422
    mode("open")
    press.fixed.advance(timedelta(days=31))
    reader.react(path, text="Oud artikel.")
    assert "Reacties (1)" in press.page(path).text
    reader.close()


def test_a_form_from_elsewhere_is_not_taken(press: Running):
    path, reader, other = path_of(press, press.desk("Samira", "editor").published()), press.reader(), press.reader()
    assert reader.react(path, token="").status_code == 403
    stolen = re.search(r'name="token" value="([^"]+)"', other.http.get(path).text)
    assert stolen is not None
    assert reader.react(path, token=stolen[1]).status_code == 403
    forged = "AAAAAAAA.1795604400000." + "0" * 64
    reader.http.cookies.set("redactie_form", forged, path="/artikel")
    assert reader.http.post(path + "/reacties", data={"name": "A", "text": "b", "token": forged}).status_code == 403
    kept = other.react(path, name="", text="Bewaar dit.")
    assert kept.status_code == 422
    assert "Bewaar dit." in kept.text
    assert "Vul uw naam in." in kept.text
    assert not press.desk("Noor", "moderator").changes("reactions")["changes"]
    reader.close()
    other.close()


def test_a_machine_is_thanked_and_nothing_is_kept(press: Running):
    path, reader = path_of(press, press.desk("Samira", "editor").published()), press.reader()
    assert reader.react(path, website="https://spam.example").status_code == 303
    assert not press.desk("Noor", "moderator").changes("reactions")["changes"]
    reader.close()


def test_five_a_minute_from_one_place(press: Running):
    path, reader = path_of(press, press.desk("Samira", "editor").published()), press.reader()
    statuses = [reader.react(path, text=f"Reactie {n}").status_code for n in range(6)]
    assert statuses == [303] * 5 + [429]
    # A claimed address is not believed: the limit is not anybody's.
    reader.http.headers["X-Forwarded-For"] = "203.0.113.9"
    assert reader.react(path, text="Toch nog").status_code == 429
    press.fixed.advance(timedelta(minutes=1))
    assert reader.react(path, text="Een minuut later").status_code == 303
    reader.close()


def test_what_is_too_long_or_unreadable_is_refused_kindly(press: Running):
    path, reader = path_of(press, press.desk("Samira", "editor").published()), press.reader()
    assert "te lang" in reader.react(path, text="x" * 2001).text
    assert "geen e-mailadres" in reader.react(path, email="geen adres").text
    odd = reader.http.post(path + "/reacties", content=b"\xff\xfe", headers={"Content-Type": "text/plain"})
    assert odd.status_code == 403
    reader.close()


def test_addresses_are_forgotten_on_their_day(press: Running):
    path, reader = path_of(press, press.desk("Samira", "editor").published()), press.reader()
    reader.react(path, email="anna@example.nl")
    assert [(row.email, len(row.source_key)) for row in contacts(press)] == [("anna@example.nl", 64)]
    press.fixed.advance(timedelta(days=91))
    assert purge_contacts(press.press) == 1
    assert [(row.email, row.source_key) for row in contacts(press)] == [("anna@example.nl", "")]
    press.fixed.advance(timedelta(days=100))
    assert purge_contacts(press.press) == 1
    assert contacts(press) == []
    reader.close()


def test_a_preview_link_shows_the_working_text_for_an_hour(press: Running):
    samira = press.desk("Samira", "journalist")
    article = samira.write(headline="Nog niet af", body="Werk.")["id"]
    link = samira.http.get(f"/v1/entities/{article}/preview_link").json()["path"]
    page = press.page(link)
    assert page.status_code == 200
    assert "Nog niet af" in page.text
    assert "noindex" in page.text
    assert press.page(link[:-1] + ("0" if link[-1] != "0" else "1")).status_code == 404
    assert press.page(link.replace(article, new_id())).status_code == 404
    press.fixed.advance(timedelta(minutes=61))
    assert press.page(link).status_code == 404


def test_every_page_goes_out_with_a_strict_policy(press: Running):
    path = path_of(press, press.desk("Samira", "editor").published())
    for where in ("/", path, "/artikel/niets-00000000", "/site.css", "/rss.xml"):
        headers = press.page(where).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert "script" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert "strict-transport-security" not in headers


def test_an_english_newsroom_has_an_english_page(sqlite_url: str):
    running = Running(sqlite_url, language="en")
    try:
        desk: Desk = running.desk("Sam", "editor")
        page = running.page(path_of(running, desk.published(language="en"))).text
        assert '<html lang="en">' in page
        assert "Reactions (0)" in page
        assert "Send reaction" in page
    finally:
        running.stop()
