"""Two moderators, one reaction: what readers see never depends on who syncs first (domain-rules C2)."""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from editor.base.ids import new_id
from editor.press.reaction_log import first_broken_link
from editor.press.readers import post_reaction
from tests.press.running import Desk, Running

# Everything that a moderator can decide; two of a kind differ by their ground.
CHOICES = {
    "approve": {"action": "approve"},
    "house": {"action": "reject", "reason": "OFFTOPIC"},
    "criminal": {"action": "reject", "reason": "DISCRIMINATIE"},
    "spam": {"action": "spam"},
    "escalate": {"action": "escalate", "note": "Kijk mee."},
    "requeue": {"action": "requeue"},
    "defer": {"action": "defer", "until": "2026-11-24T12:00:00.000Z"},
}
PAIRS = list(itertools.combinations_with_replacement(CHOICES, 2))
assert len(PAIRS) == 28


def posted(press: Running, article: str, text: str = "Mooi stuk.") -> str:
    return post_reaction(press.press, article, name="Anna", text=f"{text} {new_id()}").reaction_id


def both(press: Running, article: str, one: tuple[Desk, str], two: tuple[Desk, str]) -> dict[str, object]:
    """A reaction after two decisions, the second taken without knowing of the first."""
    reaction = posted(press, article)
    for desk, choice in (one, two):
        answer = desk.decide(reaction, seen_n=0, **CHOICES[choice])
        assert answer["status"] in ("applied", "conflict"), answer
    return one[0].doc(reaction)


def test_all_28_pairs_end_equally_public_in_both_orders(press: Running):
    editor = press.desk("Redactie", "editor")
    article = editor.published()
    noor, wim = press.desk("Noor", "moderator"), press.desk("Wim", "moderator")
    for first, second in PAIRS:
        docs = [both(press, article, (noor, first), (wim, second)), both(press, article, (wim, second), (noor, first))]
        negative = {"house", "criminal", "spam", "escalate", "requeue"} & {first, second}
        visible = [doc["status"] == "approved" for doc in docs]
        assert visible[0] == visible[1], (first, second)
        assert visible[0] == ("approve" in (first, second) and not negative), (first, second)
        assert [doc["log_n"] for doc in docs] == [2, 2]
        if "approve" in (first, second) and {"house", "spam", "escalate", "requeue"} & {first, second}:
            assert all(doc["dispute"] for doc in docs), (first, second)
        if {first, second} == {"approve", "criminal"}:
            assert not any(doc["dispute"] for doc in docs)
    assert first_broken_link(press.press) is None


def test_a_decision_sent_twice_is_one_row_in_the_log(either: Running):
    article = either.desk("Redactie", "editor").published()
    noor = either.desk("Noor", "moderator")
    reaction, decision = posted(either, article), new_id()
    first = noor.decide(reaction, "approve", decision_id=decision, seen_n=0)
    again = noor.decide(reaction, "approve", decision_id=decision, seen_n=0)
    assert (first["code"], again["code"], again["doc"]["log_n"]) == ("", "already", 1)


def test_an_informed_decision_simply_counts(press: Running):
    article = press.desk("Redactie", "editor").published()
    noor, wim, sara = (press.desk(name, role) for name, role in
                       (("Noor", "moderator"), ("Wim", "moderator"), ("Sara", "senior")))
    reaction = posted(press, article)
    assert noor.decide(reaction, "approve")["doc"]["status"] == "approved"
    hidden = wim.decide(reaction, "reject", reason="BELEDIGING")
    assert (hidden["status"], hidden["doc"]["status"], hidden["doc"]["dispute"]) == ("applied", "trash", None)
    # Undoing a colleague's rejection takes a senior, and words.
    assert noor.decide(reaction, "restore")["code"] == "forbidden"
    assert sara.decide(reaction, "restore")["code"] == "type"
    assert sara.decide(reaction, "restore", note="Valt mee.")["doc"]["status"] == "approved"


def test_a_dispute_hides_and_is_closed_by_a_senior_who_knows(press: Running):
    article = press.desk("Redactie", "editor").published()
    noor, wim = press.desk("Noor", "moderator"), press.desk("Wim", "moderator")
    sara, third = press.desk("Sara", "senior"), press.desk("Lot", "moderator")
    reaction = posted(press, article)
    noor.decide(reaction, "approve", seen_n=0)
    disputed = wim.decide(reaction, "reject", reason="OFFTOPIC", seen_n=0)
    assert (disputed["status"], disputed["code"], disputed["case"]) == ("conflict", "disputed", "C4")
    assert disputed["doc"]["dispute"]["a"] == noor.actor_id
    assert third.decide(reaction, "approve")["code"] == "disputed"
    settled = sara.decide(reaction, "approve")
    assert (settled["status"], settled["doc"]["status"], settled["doc"]["dispute"]) == ("applied", "approved", None)


def test_whoever_decides_on_an_older_text_puts_it_back_in_the_queue(press: Running):
    article = press.desk("Redactie", "editor").published()
    noor = press.desk("Noor", "moderator")
    reaction = posted(press, article)
    answer = noor.decide(reaction, "approve", text_hash="0" * 64)
    assert (answer["status"], answer["code"], answer["doc"]["status"]) == ("conflict", "text_changed", "hold")


@pytest.mark.parametrize("cmd", [{"action": "reject"}, {"action": "escalate"}, {"action": "reject", "reason": "OVERIG"},
                                 {"action": "defer"}, {"action": "defer", "until": "2026-11-26T12:00:00.000Z"}])
def test_a_decision_without_what_it_needs_is_refused(press: Running, cmd: dict[str, Any]):
    article = press.desk("Redactie", "editor").published()
    answer = press.desk("Noor", "moderator").decide(posted(press, article), **cmd)
    assert (answer["status"], answer["code"], answer["doc"]["log_n"]) == ("rejected", "type", 0)


def test_without_the_right_to_moderate_reactions_are_neither_read_nor_decided(press: Running):
    samira = press.desk("Samira", "editor", "admin")
    article = samira.published()
    reaction = posted(press, article)
    command = {"decision_id": new_id(), "action": "approve", "reason": None, "note": "", "until": None,
               "text_hash": "x", "seen_n": 0}
    answer = samira.push(reaction, "reaction", "moderate", cmd=command)
    assert (answer["status"], answer["code"]) == ("rejected", "forbidden")
    assert "doc" not in answer
    assert samira.http.get(f"/v1/entities/{reaction}").status_code == 403
    assert samira.http.get(f"/v1/entities/{reaction}/revisions").status_code == 403
    assert samira.http.get("/v1/sync/changes?stream=reactions").status_code == 403
    assert set(samira.http.get("/v1/sync/hello").json()["heads"]) == {"content"}


def test_a_log_that_was_tampered_with_is_noticed(press: Running):
    from editor.press.schema import ReactionLogRow

    article = press.desk("Redactie", "editor").published()
    noor = press.desk("Noor", "moderator")
    for _ in range(3):
        noor.decide(posted(press, article), "approve")
    assert first_broken_link(press.press) is None
    with press.press.database.write() as session:
        row = session.query(ReactionLogRow).order_by(ReactionLogRow.rid).offset(1).first()
        assert row is not None
        row.result = "superseded"
        broken = row.rid
    assert first_broken_link(press.press) == broken
