"""Text typed while the database cannot be written is not lost: real profiles, a real limit on the database file."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from editor.base.clock import FixedClock
from editor.base.errors import EditorError
from editor.base.messages import Message
from editor.base.wire import Document
from editor.desk import articles
from editor.desk.ports import UnitOfWork
from editor.desk.swap import SwapText, bring_back
from editor.domain.article import Article
from editor.domain.changes import Outcome
from editor.domain.documents import article_patch
from editor.runtime.bus import Bus
from editor.runtime.workers import Door
from editor.station import at_once, open_workstation
from editor.store.profile import Profile, open_profile
from editor.store.swap import SwapFolder

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LONG = "De raad stemt. " * 4000


@pytest.fixture(autouse=True)
def second_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    return place


@contextmanager
def home(folder: Path) -> Iterator[tuple[Profile, Door, list[BaseException]]]:
    faults: list[BaseException] = []
    with open_profile(folder, clock=FixedClock(NOON)) as profile:
        door = Door(profile.store, Bus(at_once), at_once, faults.append)
        try:
            yield profile, door, faults
        finally:
            door.close()


def limit(profile: Profile, pages: int) -> None:
    """Let the database file grow no further: what a full disk does, without one."""
    with profile.store._writer.connect() as connection:
        now = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={now + pages}")


def put(door: Door, text: SwapText, *, version: int | None = None, base: Document | None = None) -> EditorError | None:
    """Autosave as the open article does it, waiting for the answer. `version` and `base` are those of a save that
    builds on one before it."""
    answers: list[EditorError | None] = []
    whole = partial(articles.save_draft, article_id=text.article_id, version=text.version, started_from=text.started_from,
                    fields=text.fields)
    one = partial(articles.save_draft, article_id=text.article_id, version=version or text.version,
                  started_from=base or text.started_from, fields=text.fields)
    door.save(one, text, lambda _: answers.append(None), answers.append, whole=whole)
    door.change_now(lambda work: Outcome(None, work.changes()))
    return answers[0]


def save(door: Door, article_id: str, body: str, sitting: str = "s1") -> EditorError | None:
    view = door.read_now(lambda reader: reader.article(article_id))
    assert view is not None
    return put(door, SwapText(article_id, sitting, view.version, article_patch(view.article), {"body": body}, NOON))


def typed(article_id: str, before: str, after: str, sitting: str = "s1") -> SwapText:
    """A new article's body, typed on from `before`."""
    return SwapText(article_id, sitting, 1, article_patch(Article("", headline="Kade", body=before)), {"body": after}, NOON)


def body_of(folder: Path, article_id: str) -> str:
    with home(folder) as (_, door, _):
        view = door.read_now(lambda reader: reader.article(article_id))
    assert view is not None
    return view.article.body


def begin(folder: Path) -> str:
    with home(folder) as (_, door, _):
        return door.change_now(partial(articles.new_article, fields=Article("", headline="Kade", body="Begin.")))


def reopen(folder: Path) -> tuple[str, ...]:
    station = open_workstation(folder, changing=True)
    try:
        return station.brought_back()
    finally:
        station.close()


def test_what_a_full_database_does_not_take_comes_back_at_the_next_start(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    article_id = begin(folder)
    with home(folder) as (profile, door, _):
        limit(profile, 2)
        told = save(door, article_id, LONG)
    assert told is not None
    assert told.kind == "disk_full"
    assert "kept in a file" in str(told.safe)
    assert body_of(folder, article_id) == "Begin."
    assert reopen(folder) == ("Kade",)
    assert body_of(folder, article_id) == LONG
    assert reopen(folder) == ()


def test_the_state_before_it_stands_among_the_versions(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    article_id = begin(folder)
    with home(folder) as (profile, door, _):
        limit(profile, 2)
        save(door, article_id, LONG)
    reopen(folder)
    with home(folder) as (_, door, _):
        kept = door.read_now(lambda reader: reader.article_texts(article_id))
    assert [one.why for one in kept][:1] == ["typed"]


def test_text_that_the_database_took_after_all_leaves_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    article_id = begin(folder)
    with home(folder) as (profile, door, _):
        limit(profile, 2)
        assert save(door, article_id, LONG) is not None
        assert len(list((folder / "swap").iterdir())) == 1
        limit(profile, 10_000)
        assert save(door, article_id, LONG + "Klaar.") is None
        assert list((folder / "swap").iterdir()) == []
    assert body_of(folder, article_id) == LONG + "Klaar."


def test_it_merges_with_what_was_saved_meanwhile(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    with home(folder) as (_, door, _):
        article_id = door.change_now(partial(articles.new_article, fields=Article("", headline="Kade", body="Een.\n\nTwee.")))
        SwapFolder(folder).keep(typed(article_id, "Een.\n\nTwee.", "Een hier.\n\nTwee."))
        assert save(door, article_id, "Een.\n\nTwee daar.") is None
    reopen(folder)
    assert body_of(folder, article_id) == "Een hier.\n\nTwee daar."


def test_a_fault_of_ours_keeps_the_text_too_and_is_told_as_one(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    article_id = begin(folder)

    def broken(work: UnitOfWork) -> Outcome[None]:
        raise ZeroDivisionError

    answers: list[EditorError] = []
    with home(folder) as (_, door, faults):
        door.save(broken, typed(article_id, "Begin.", "Begin nu."), lambda _: None, answers.append, whole=broken)
    assert [one.kind for one in answers] == ["save_failed"]
    assert [type(one) for one in faults] == [ZeroDivisionError]
    reopen(folder)
    assert body_of(folder, article_id) == "Begin nu."


def test_where_the_profile_takes_no_file_the_second_place_does(tmp_path: Path, second_place: Path) -> None:
    folder = tmp_path / "p"
    article_id = begin(folder)
    (folder / "swap").rmdir()
    (folder / "swap").write_text("no folder")
    SwapFolder(folder).keep(typed(article_id, "Begin.", "Tweede plek."))
    [place] = second_place.iterdir()
    [file] = place.iterdir()
    assert (place.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    (folder / "swap").unlink()
    reopen(folder)
    assert body_of(folder, article_id) == "Tweede plek."
    assert list(place.iterdir()) == []


def test_a_folder_that_another_could_write_is_not_believed(tmp_path: Path, second_place: Path) -> None:
    folder = tmp_path / "p"
    article_id = begin(folder)
    (folder / "swap").rmdir()
    (folder / "swap").write_text("no folder")
    swap = SwapFolder(folder)
    swap.keep(typed(article_id, "Begin.", "Van een ander."))
    (folder / "swap").unlink()
    [place] = second_place.iterdir()
    os.chmod(place, 0o777)
    assert list(SwapFolder(folder).left()) == []


def test_where_no_disk_takes_it_the_person_is_told_that_it_is_on_the_screen_alone(
        tmp_path: Path, second_place: Path) -> None:
    folder = tmp_path / "p"
    article_id = begin(folder)
    with home(folder) as (profile, door, _):
        (folder / "swap").rmdir()
        (folder / "swap").write_text("no folder")
        second_place.rmdir()
        second_place.write_text("no folder either")
        limit(profile, 2)
        told = save(door, article_id, LONG)
    assert told is not None
    assert "on this screen alone" in str(told.safe)


def test_a_later_sitting_never_writes_over_what_was_not_taken_back(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    begin(folder)
    SwapFolder(folder).keep(typed("a", "", "Eerste.", "s1"))
    SwapFolder(folder).keep(typed("a", "", "Tweede.", "s2"))
    assert sorted(text.fields["body"] for text in SwapFolder(folder).left()) == ["Eerste.", "Tweede."]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"article": "a"}', json.dumps({"article": "a", "sitting": "1", "version": "x"})])
def test_a_file_that_is_no_swap_file_is_stepped_over_and_stays(tmp_path: Path, content: str) -> None:
    folder = tmp_path / "p"
    begin(folder)
    (folder / "swap" / "a.1.json").write_text(content)
    assert reopen(folder) == ()
    assert (folder / "swap" / "a.1.json").exists()


def test_another_sitting_at_the_article_saves_what_the_one_before_could_not(tmp_path: Path) -> None:
    """A full disk, a text typed, another language: the window is made anew and shows the row. Then there is room."""
    folder = tmp_path / "p"
    with home(folder) as (profile, door, _):
        article_id = door.change_now(partial(articles.new_article, fields=Article("", headline="Kade", body="Een.\n\nTwee.")))
        limit(profile, 2)
        assert save(door, article_id, "Een lang. " + LONG + "\n\nTwee.", "before") is not None
        limit(profile, 10_000)
        assert save(door, article_id, "Een.\n\nTwee daarna.", "after") is None
        assert list((folder / "swap").iterdir()) == []
    assert body_of(folder, article_id) == "Een lang. " + LONG + "\n\nTwee daarna."


def test_a_save_behind_one_that_failed_saves_both(tmp_path: Path) -> None:
    """The window closes: a headline and, behind it, a text go to the writer; the first cannot be written, and a
    colleague's lead came in meanwhile."""
    folder = tmp_path / "p"
    article_id = begin(folder)

    def broken(work: UnitOfWork) -> Outcome[articles.Saved]:
        raise EditorError("disk_full", Message("store", "Nothing was changed."))

    with home(folder) as (_, door, _):
        view = door.read_now(lambda reader: reader.article(article_id))
        assert view is not None
        base = article_patch(view.article)
        first = SwapText(article_id, "s1", view.version, base, {"headline": "Nieuwe kop"}, NOON)
        door.save(broken, first, lambda _: None, lambda _: None, whole=broken)
        door.change_now(lambda work: articles.edit(work, article_id, {"lead": "Van een collega."}))
        both = SwapText(article_id, "s1", view.version, base, {"headline": "Nieuwe kop", "body": "Nieuwe tekst."}, NOON)
        assert put(door, both, base={**base, "headline": "Nieuwe kop"}) is None
        after = door.read_now(lambda reader: reader.article(article_id))
    assert after is not None
    assert (after.article.headline, after.article.lead, after.article.body) == (
        "Nieuwe kop", "Van een collega.", "Nieuwe tekst.")
    assert list((folder / "swap").iterdir()) == []


def test_a_text_that_cannot_come_back_keeps_neither_the_others_nor_the_profile_closed(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    article_id = begin(folder)
    swap = SwapFolder(folder)
    swap.keep(typed(article_id, "Begin.", "Half \ud83d teken.", "s1"))
    swap.keep(typed("is-not-there", "", "Weg.", "s2"))
    swap.keep(typed(article_id, "Begin.", "Wel goed.", "s3"))
    faults: list[BaseException] = []
    station = open_workstation(folder, changing=True, on_bug=faults.append)
    assert sorted(text.sitting for text in station.still_kept) == ["s1", "s2"]
    assert station.brought_back() == ("Kade",)
    station.close()
    assert [type(one) for one in faults] == [UnicodeEncodeError]
    assert body_of(folder, article_id) == "Wel goed."
    assert len(list((folder / "swap").iterdir())) == 2


def test_what_a_command_brought_back_the_next_window_tells(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    article_id = begin(folder)
    SwapFolder(folder).keep(typed(article_id, "Begin.", "Later."))
    open_workstation(folder, changing=True).close()
    assert reopen(folder) == ("Kade",)
    assert reopen(folder) == ()


def test_what_comes_back_never_takes_the_place_of_another_text_with_the_same_number(tmp_path: Path) -> None:
    """An older back-up was put back meanwhile: its row has the number that the text was typed at."""
    folder = tmp_path / "p"
    with home(folder) as (_, door, _):
        article_id = door.change_now(partial(articles.new_article, fields=Article("", headline="Kade", body="Een.\n\nDrie.")))
        door.change_now(lambda work: bring_back(work, typed(article_id, "Een.\n\nTwee.", "Een lang.\n\nTwee.")))
    assert body_of(folder, article_id) == "Een lang.\n\nDrie."
