"""What press forgets on its day, also while it runs (L-07, L-08)."""

from __future__ import annotations

import json
from datetime import timedelta

import sqlalchemy as sa

from editor.press.reaction_log import first_broken_link
from editor.press.retention import Forgotten, forget
from editor.press.schema import ContactRow, EntityRow, PresenceRow, RevisionRow
from tests.press.running import Desk, Reader, Running


def _reactions(press: Running, noor: Desk, *texts: str) -> list[str]:
    press.desk("Samira", "editor").published()
    path = press.page("/rss.xml").text.split("<link>")[2].split("</link>")[0].replace(press.url, "")
    reader = Reader(press.url)
    for text in texts:
        assert reader.react(path, name="Jan Jansen", email="jan@example.org", text=text).status_code == 303
    reader.close()
    return [row["entity_id"] for row in noor.changes("reactions")["changes"]]


def _held(press: Running) -> str:
    """Everything that the database holds of readers, as text."""
    with press.press.database.read() as session:
        rows: list[object] = [*session.scalars(sa.select(EntityRow.doc)), *session.scalars(sa.select(RevisionRow.doc)),
                              *session.scalars(sa.select(ContactRow.email))]
        return json.dumps(rows)


def test_a_running_press_forgets_addresses_on_their_day(either: Running):
    either.stop()
    either.start(tick_s=0.01)
    noor = either.desk("Noor", "moderator")
    _reactions(either, noor, "Eerste")
    assert "jan@example.org" in _held(either)
    either.fixed.advance(timedelta(days=182))
    assert "jan@example.org" in _held(either)
    either.fixed.advance(timedelta(days=1))
    while "jan@example.org" in _held(either):
        assert either.page("/healthz").status_code == 200  # nobody asked it to: only the clock went on


def test_the_words_of_a_rejected_reaction_go_half_a_year_after_the_decision(either: Running):
    noor, samira = either.desk("Noor", "moderator"), either.desk("Els", "editor")
    kept, rejected, spam, _ = _reactions(either, noor, "Goed", "Grof woord", "Koop nu", "Wacht")
    noor.decide(kept, "approve")
    assert noor.decide(rejected, "reject", reason="BELEDIGING")["status"] == "applied"
    either.fixed.advance(timedelta(days=1))
    noor.decide(spam, "spam")
    cursor, log = noor.changes("reactions")["next"], noor.doc(rejected)["log_n"]
    either.fixed.advance(timedelta(days=182))
    told = forget(either.press)
    assert (told.reactions, told.contacts) == (1, 4)
    held = _held(either)
    assert "Grof woord" not in held
    assert all(text in held for text in ("Goed", "Koop nu", "Wacht"))
    (row,) = noor.changes("reactions", cursor=cursor)["changes"]
    assert (row["entity_id"], row["deleted"], row["why"], row["doc"]) == (rejected, True, "retention", None)
    assert first_broken_link(either.press) is None  # the decisions stand
    assert log == 1
    either.fixed.advance(timedelta(days=1))
    assert forget(either.press).reactions == 1
    assert "Koop nu" not in _held(either)
    assert forget(either.press) == Forgotten(0, 0, 0)
    assert samira.changes()["epoch"] == either.press.house.epoch


def test_what_is_under_dispute_or_escalated_is_kept(press: Running):
    noor, tom = press.desk("Noor", "moderator"), press.desk("Tom", "moderator")
    disputed, escalated = _reactions(press, noor, "Omstreden", "Dreiging")
    noor.decide(disputed, "approve")
    assert tom.decide(disputed, "reject", reason="OFFTOPIC", seen_n=0)["status"] == "conflict"
    noor.decide(escalated, "escalate", note="Melden?")
    assert noor.doc(escalated)["escalation"]
    assert noor.doc(disputed)["dispute"]
    assert noor.doc(disputed)["status"] == "trash"
    press.fixed.advance(timedelta(days=400))
    forget(press.press)
    assert "Omstreden" in _held(press)
    assert "Dreiging" in _held(press)


def test_who_had_what_open_is_swept_away(either: Running):
    desk = either.desk("Samira", "journalist")
    desk.http.put(f"/v1/presence/{desk.write(headline='Open')['id']}")
    either.fixed.advance(timedelta(hours=2))
    forget(either.press)
    with either.press.database.read() as session:
        assert session.scalars(sa.select(PresenceRow)).all() == []
