"""Articles and ticker lines from the command line: the same rules as the desks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_an_article_is_made_shown_by_its_tail_and_listed(redactie: Run) -> None:
    made = redactie("article", "new", "--headline", "Brug dicht", "--tag", "verkeer", "--byline", "Samira").json["article"]
    shown = redactie("article", "show", made["id"][-8:]).json["article"]
    assert (shown["headline"], shown["tags"], shown["bylines"][0]["name"]) == ("Brug dicht", ["verkeer"], "Samira")
    assert shown["standing"] == "dirty"
    assert [row["id"] for row in redactie("article", "list").json["articles"]] == [made["id"]]
    assert redactie("article", "list", "--search", "brug").json["articles"][0]["headline"] == "Brug dicht"
    assert redactie("article", "list", "--search", "tunnel").json["articles"] == []


def test_an_edit_of_an_older_version_is_refused_as_a_conflict(redactie: Run) -> None:
    made = redactie("article", "new", "--headline", "Brug dicht").json["article"]
    assert redactie("article", "edit", made["id"], "--lead", "Sinds vanmorgen.", "--base-version", "1").code == 0
    refused = redactie("article", "edit", made["id"], "--lead", "Sinds gisteren.", "--base-version", "1")
    assert refused.code == 4
    assert refused.json["error"]["kind"] == "stale_version"
    assert redactie("article", "show", made["id"]).json["article"]["lead"] == "Sinds vanmorgen."


def test_the_way_to_published_is_walked_step_by_step(redactie: Run) -> None:
    article = redactie("article", "new", "--headline", "Brug dicht", "--lead", "Kort.").json["article"]
    for status in ("desk", "approved", "published"):
        assert redactie("article", "move", article["id"], status).json["article"]["status"] == status
    shown = redactie("article", "show", article["id"]).json["article"]
    assert shown["effective_status"] == "draft", "nothing is public before a server says so"
    assert shown["waiting"] == ["submit", "approve", "publish"]


def test_an_approval_of_another_text_is_refused(redactie: Run) -> None:
    article = redactie("article", "new", "--headline", "Brug dicht").json["article"]
    seen = article["content_hash"]
    redactie("article", "edit", article["id"], "--headline", "Brug open")
    refused = redactie("article", "move", article["id"], "approved", "--seen", seen)
    assert (refused.code, refused.json["error"]["kind"]) == (4, "hash")


def test_what_is_planned_offline_cannot_be_deleted_but_a_draft_can_and_comes_back(redactie: Run) -> None:
    article = redactie("article", "new", "--headline", "Brug dicht").json["article"]
    assert redactie("article", "delete", article["id"]).json["article"]["deleted"]
    assert redactie("article", "list").json["articles"] == []
    assert not redactie("article", "restore", article["id"]).json["article"]["deleted"]
    redactie("article", "move", article["id"], "approved")
    redactie("article", "move", article["id"], "scheduled", "--at", "2099-01-01T12:00")
    assert redactie("article", "delete", article["id"]).json["error"]["kind"] == "status"


def test_a_line_is_planned_edited_and_withdrawn(redactie: Run) -> None:
    entry = redactie("ticker", "add", "12:55Brug dicht", "--day", "2099-03-02").json["entry"]
    assert (entry["start"]["wall"], entry["phase"]) == ("2099-03-02T12:55", "planned")
    redactie("ticker", "edit", entry["id"], "--headline", "Brug open", "--priority", "breaking")
    listed = redactie("ticker", "list", "--day", "2099-03-02").json["entries"]
    assert [(row["headline"], row["priority"]) for row in listed] == [("Brug open", 2)]
    assert redactie("ticker", "withdraw", entry["id"]).json["entry"]["phase"] == "withdrawn"


@pytest.mark.parametrize(("fold", "utc"), [("0", "2026-10-25T00:30:00.000Z"), ("1", "2026-10-25T01:30:00.000Z")])
def test_a_time_that_comes_twice_is_asked_for(redactie: Run, fold: str, utc: str) -> None:
    article = redactie("article", "new", "--headline", "Klok terug").json["article"]
    asked = redactie("article", "edit", article["id"], "--embargo", "2026-10-25T02:30")
    assert asked.json["error"]["kind"] == "dst_fold"
    told = redactie("article", "edit", article["id"], "--embargo", "2026-10-25T02:30", "--fold", fold)
    assert told.json["article"]["embargo_at"]["utc"] == utc


def test_a_time_that_the_clock_skips_is_refused(redactie: Run) -> None:
    refused = redactie("ticker", "preview", "--at", "2027-03-28T02:30")
    assert (refused.code, refused.json["error"]["kind"]) == (1, "no_profile")
    redactie("article", "new", "--headline", "x")
    assert redactie("ticker", "preview", "--at", "2027-03-28T02:30").json["error"]["kind"] == "dst_gap"


def test_the_preview_shows_the_list_at_a_time(redactie: Run) -> None:
    redactie("ticker", "add", "12:55Brug dicht", "--day", "2099-03-02")
    redactie("ticker", "add", "13:10Brug open", "--day", "2099-03-02")
    at = {"12:54": [], "12:55": ["Brug dicht"], "13:10": ["Brug open", "Brug dicht"]}
    for time, headlines in at.items():
        rows = redactie("ticker", "preview", "--at", f"2099-03-02T{time}").json["public"]
        assert [row["headline"] for row in rows] == headlines


def test_versions_are_kept_and_compared(redactie: Run) -> None:
    article = redactie("article", "new", "--headline", "Brug dicht").json["article"]
    redactie("article", "edit", article["id"], "--headline", "Brug open")
    (kept,) = redactie("article", "versions", article["id"]).json["versions"]
    words = redactie("article", "diff", article["id"], str(kept["id"]), "now").json["diff"]["headline"]
    assert ["equal", "Brug "] in words or any("dicht" in text for _, text in words)


def test_a_block_of_lines_goes_in_whole_or_not_at_all(redactie: Run, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("- 12:55Brug dicht\n12:01 Trein rijdt weer\n", encoding="utf-8")
    bad.write_text("- 12:55Brug dicht\n- 25:61Trein\n", encoding="utf-8")
    assert len(redactie("ticker", "import", str(good), "--day", "2026-03-02").json["entries"]) == 2
    assert redactie("ticker", "import", str(bad), "--day", "2026-03-05").json["error"]["kind"] == "bad_time"
    assert redactie("ticker", "list", "--day", "2026-03-05").json["entries"] == []
