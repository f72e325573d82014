"""Steps of an article as press carries them out, by its own clock."""

from __future__ import annotations

from datetime import timedelta

from editor.base.ids import new_key
from editor.domain.article import STEPS, Action, Status
from tests.press.running import Desk, Running, moment


def brought_to(desk: Desk, status: Status) -> str:
    """An article in that status."""
    article: str = desk.write(headline="Kop", body="Tekst")["id"]
    ways = {
        Status.DRAFT: [], Status.DESK: ["submit"], Status.APPROVED: ["approve"],
        Status.SCHEDULED: ["approve", "schedule"], Status.PUBLISHED: ["approve", "publish"],
        Status.CORRECTED: ["approve", "publish", "correct"], Status.WITHDRAWN: ["approve", "publish", "withdraw"],
    }  # fmt: skip
    for action in ways[status]:
        answer = desk.step(article, action, at="18:00" if action == "schedule" else None, note="Omdat het moet.")
        assert answer["status"] == "applied", answer
    return article


def test_every_step_from_every_status_is_taken_or_refused_by_the_one_table(press: Running):
    samira = press.desk("Samira", "editor")
    for status in Status:
        for action in Action:
            article = brought_to(samira, status)
            answer = samira.step(article, action.value, at="18:00", note="Omdat het moet.", **{"from": status.value})
            row = STEPS.get((action, Status.PUBLISHED if status is Status.CORRECTED else status))
            if action.is_take_back:
                assert answer["status"] == "applied", (action, status)
                expected = row.to if row else status
            elif row is None:
                assert (answer["status"], answer["code"]) in (("conflict", "status"), ("applied", "already")), (action, status)
                expected = status
            else:
                assert answer["status"] == "applied", (action, status, answer)
                expected = row.to
            if expected is Status.CORRECTED:
                expected = Status.PUBLISHED
            assert answer["doc"]["status"] == expected.value, (action, status)


def test_a_step_sees_the_status_its_person_saw(press: Running):
    samira, tom = press.desk("Samira", "editor"), press.desk("Tom", "editor")
    article = brought_to(samira, Status.DESK)
    tom.step(article, "return", note="Nog een bron.")
    late = samira.step(article, "approve", **{"from": "desk"})
    assert (late["status"], late["code"], late["doc"]["status"]) == ("conflict", "status", "draft")
    assert samira.step(article, "return", note="x", **{"from": "desk"})["code"] == "already"


def test_nobody_approves_a_text_that_he_has_not_seen(press: Running):
    samira, tom = press.desk("Samira", "editor"), press.desk("Tom", "journalist")
    article = brought_to(samira, Status.DESK)
    seen = samira.hash_of(article)
    tom.write(article, base=tom.entity(article)["rev"], body="Andere tekst")
    key = new_key()
    refused = samira.step(article, "approve", content_hash=seen, op_id=key)
    assert (refused["status"], refused["code"], refused["doc"]["body"]) == ("conflict", "hash", "Andere tekst")
    # The refusal is kept: a late copy gets the same, even when the text would fit again.
    tom.write(article, base=tom.entity(article)["rev"], body="Tekst")
    again = samira.http.get(f"/v1/sync/ops/{key}").json()
    assert (again["status"], again["code"], again["doc"]["body"]) == ("conflict", "hash", "Tekst")


def test_text_changed_after_its_approval_does_not_go_out(press: Running):
    samira, tom = press.desk("Samira", "editor"), press.desk("Tom", "journalist")
    article = brought_to(samira, Status.APPROVED)
    tom.write(article, base=tom.entity(article)["rev"], body="Stiekem anders")
    refused = samira.step(article, "publish")
    assert (refused["status"], refused["code"]) == ("conflict", "approval_stale")
    assert samira.step(article, "approve")["status"] == "applied"
    assert samira.step(article, "publish")["status"] == "applied"


def test_with_four_eyes_somebody_else_approves(press: Running):
    admin = press.desk("Beheer", "admin")
    admin.push(press.newsroom_id, "newsroom", "upsert", base=admin.entity(press.newsroom_id)["rev"],
               patch={"four_eyes": True})
    samira, tom = press.desk("Samira", "editor"), press.desk("Tom", "editor")
    article = samira.write(headline="Kop", body="Tekst")["id"]
    assert samira.step(article, "approve")["code"] == "forbidden"
    assert tom.step(article, "approve")["status"] == "applied"


def test_an_embargo_holds_by_the_clock_of_press(press: Running):
    samira = press.desk("Samira", "editor")
    article = samira.write(headline="Kop", body="Tekst", embargo_at=moment("14:00"))["id"]
    samira.step(article, "approve")
    assert samira.step(article, "publish")["code"] == "embargo"
    assert samira.step(article, "schedule", at="13:59")["code"] == "embargo"
    assert samira.step(article, "schedule", at="14:00")["status"] == "applied"
    assert "Kop" not in press.page("/").text
    press.fixed.advance(timedelta(hours=2))
    assert "Kop" in press.page("/").text


def test_a_plan_that_came_too_late_is_a_question_and_its_answer_is_taken(press: Running):
    samira = press.desk("Samira", "editor")
    article = brought_to(samira, Status.APPROVED)
    late = samira.step(article, "schedule", at="11:40")
    assert (late["status"], late["code"], late["late_by_s"]) == ("conflict", "late", 1200)
    assert late["doc"]["status"] == "approved"
    assert samira.step(article, "schedule", at="11:57")["doc"]["status"] == "published"
    other = brought_to(samira, Status.APPROVED)
    assert samira.step(other, "schedule", at="11:40", on_late="now")["doc"]["status"] == "published"


def test_time_alone_publishes_what_is_planned(press: Running):
    samira = press.desk("Samira", "editor")
    article = brought_to(samira, Status.SCHEDULED)
    assert "Kop" not in press.page("/").text
    seq = samira.entity(article)["seq"]
    press.fixed.advance(timedelta(hours=6))
    assert "Kop" in press.page("/").text
    assert samira.entity(article)["seq"] == seq  # nothing fired, nothing was written
    # A correction finds it published.
    assert samira.step(article, "correct", note="Een naam was fout gespeld.", **{"from": "published"})["status"] == "applied"


def test_an_autosave_of_a_live_article_does_not_go_public(press: Running):
    samira = press.desk("Samira", "editor")
    article = samira.published(headline="Zoals het was", body="Oud.")
    samira.write(article, base=samira.entity(article)["rev"], headline="Zoals het wordt", body="Nieuw.")
    assert "Zoals het was" in press.page("/").text
    assert "Zoals het wordt" not in press.page("/").text
    samira.step(article, "approve")
    assert "Zoals het wordt" not in press.page("/").text
    samira.step(article, "publish", kind="update")
    assert "Zoals het wordt" in press.page("/").text


def test_there_is_one_publication_ahead_and_a_correction_cancels_it(press: Running):
    samira = press.desk("Samira", "editor")
    article = samira.published(headline="Eerst")
    samira.write(article, base=samira.entity(article)["rev"], headline="Om zes uur")
    samira.step(article, "approve")
    samira.step(article, "schedule", at="18:00", kind="update")
    samira.write(article, base=samira.entity(article)["rev"], headline="Gecorrigeerd")
    samira.step(article, "approve")
    corrected = samira.step(article, "correct", note="De kop was fout.")
    assert [p["cancelled_at"] is not None for p in corrected["doc"]["live"]] == [False, True, False]
    press.fixed.advance(timedelta(hours=8))
    assert "Gecorrigeerd" in press.page("/").text
    assert "Om zes uur" not in press.page("/").text


def test_a_withdrawal_is_never_refused_for_a_status(press: Running):
    samira = press.desk("Samira", "editor")
    for status, after, code in ((Status.DRAFT, "draft", "already"), (Status.SCHEDULED, "approved", ""),
                                (Status.PUBLISHED, "withdrawn", ""), (Status.WITHDRAWN, "withdrawn", "already")):
        article = brought_to(samira, status)
        answer = samira.step(article, "withdraw", note="Onjuist.", **{"from": "draft", "content_hash": "anders"})
        assert (answer["status"], answer["code"], answer["doc"]["status"]) == ("applied", code, after), status


def test_what_a_withdrawal_takes_back_is_refused_when_it_comes_later(either: Running):
    samira = either.desk("Samira", "editor")
    article = brought_to(samira, Status.APPROVED)
    publish = samira.op(article, "article", "transition", op_id=new_key(), cmd={
        "action": "publish", "from": "approved", "content_hash": samira.hash_of(article)})
    taken = samira.step(article, "withdraw", note="Toch niet.", revokes=[publish["op_id"]])
    assert (taken["status"], taken["code"]) == ("applied", "already")
    late = samira.send(publish).json()["results"][0]
    assert (late["status"], late["code"], late["doc"]["status"]) == ("conflict", "status", "approved")
    assert samira.http.get(f"/v1/sync/ops/{publish['op_id']}").json()["status"] == "conflict"


def test_what_was_applied_already_cannot_be_revoked_but_is_withdrawn(press: Running):
    samira = press.desk("Samira", "editor")
    article, key = brought_to(samira, Status.APPROVED), new_key()
    samira.step(article, "publish", op_id=key)
    assert samira.step(article, "withdraw", note="Weg.", revokes=[key])["doc"]["status"] == "withdrawn"
    assert samira.http.get(f"/v1/sync/ops/{key}").json()["status"] == "duplicate"


def test_whoever_may_not_withdraw_cannot_revoke_either(press: Running):
    samira, tom = press.desk("Samira", "editor"), press.desk("Tom", "journalist")
    article, key = brought_to(samira, Status.APPROVED), new_key()
    assert tom.step(article, "withdraw", note="Weg.", revokes=[key])["code"] == "forbidden"
    assert samira.step(article, "publish", op_id=key)["status"] == "applied"


def test_unscheduling_what_went_out_meanwhile_is_late(press: Running):
    samira = press.desk("Samira", "editor")
    article = brought_to(samira, Status.SCHEDULED)
    press.fixed.advance(timedelta(hours=7))
    answer = samira.step(article, "unschedule", at="18:00")
    assert (answer["status"], answer["code"], answer["doc"]["status"]) == ("conflict", "late", "scheduled")


def test_a_journalist_submits_his_own_and_publishes_nothing(press: Running):
    tom, noor = press.desk("Tom", "journalist"), press.desk("Noor", "journalist")
    article = tom.write(headline="Van Tom", body="x")["id"]
    assert noor.step(article, "submit")["code"] == "forbidden"
    assert tom.step(article, "submit")["status"] == "applied"
    for action in ("approve", "publish", "schedule", "correct", "withdraw", "unschedule", "reopen"):
        answer = tom.step(article, action, note="x", at="18:00")
        assert answer["code"] in ("forbidden", "status"), action
        assert answer["status"] in ("rejected", "conflict"), action
    assert tom.doc(article)["status"] == "desk"


def test_the_checklist_is_the_newsrooms(press: Running):
    tom = press.desk("Tom", "journalist")
    article = tom.write(body="Zonder kop")["id"]
    answer = tom.step(article, "submit")
    assert (answer["status"], answer["code"]) == ("rejected", "checklist")
