"""One request, one effect, one answer: what press promises every desk."""

from __future__ import annotations

from datetime import timedelta

from editor.base.ids import new_id, new_key
from editor.base.wire import MEDIA_TYPE, digest
from editor.domain.article import READ_ONLY
from tests.press.running import Running, moment


def test_a_new_article_is_answered_with_its_revision_and_the_fields_of_press(either: Running):
    samira = either.desk("Samira", "journalist")
    made = samira.write(headline="De brug", body="Tekst.")
    assert (made["status"], made["code"]) == ("applied", "")
    assert set(made["fields"]) == set(READ_ONLY)
    assert "doc" not in made
    found = samira.entity(made["id"])
    assert found["rev"] == made["rev"] == f"1-{digest(found['doc'])[:12]}"
    assert found["doc"]["headline"] == "De brug"
    assert found["doc"]["created_by"] == found["doc"]["changed_by"] == samira.actor_id


def test_the_same_request_again_acts_once_and_is_told_the_same(either: Running):
    samira = either.desk("Samira", "journalist")
    op = samira.op(new_id(), "article", "upsert", patch={"headline": "Eén keer"})
    first, again = (samira.send(op).json()["results"][0] for _ in range(2))
    assert (first["status"], again["status"]) == ("applied", "duplicate")
    assert [first[name] for name in ("rev", "seq", "fields")] == [again[name] for name in ("rev", "seq", "fields")]
    assert samira.entity(op["entity_id"])["rev"].startswith("1-")


def test_a_copy_of_a_step_gets_the_document_as_it_is_now(press: Running):
    samira = press.desk("Samira", "editor")
    made = samira.write(headline="Kop", body="Tekst")
    key = new_key()
    samira.step(made["id"], "approve", op_id=key)
    samira.step(made["id"], "publish")
    again = samira.http.get(f"/v1/sync/ops/{key}").json()
    assert (again["status"], again["doc"]["status"]) == ("duplicate", "published")
    assert again["rev"] == samira.entity(made["id"])["rev"]


def test_one_key_with_two_bodies_is_our_own_fault_and_says_so(either: Running):
    samira, key = either.desk("Samira", "journalist"), new_key()
    samira.push(new_id(), "article", "upsert", patch={"headline": "A"}, op_id=key)
    answer = samira.send(samira.op(new_id(), "article", "upsert", patch={"headline": "B"}, op_id=key))
    assert (answer.status_code, answer.json()["code"]) == (409, "op_id_reuse")


def test_whoever_started_from_an_older_text_gets_the_present_one_and_changes_nothing(either: Running):
    samira, tom = either.desk("Samira", "journalist"), either.desk("Tom", "journalist")
    made = samira.write(headline="Kop")
    assert samira.write(made["id"], base=made["rev"], headline="Kop van Samira")["status"] == "applied"
    key = new_key()
    lost = tom.push(made["id"], "article", "upsert", base=made["rev"], patch={"headline": "Kop van Tom"}, op_id=key)
    assert (lost["status"], lost["code"]) == ("conflict", "stale_base")
    assert lost["doc"]["headline"] == "Kop van Samira"
    assert lost["rev"] == tom.entity(made["id"])["rev"]
    # It is rolled back with its key: the answer can never be another one.
    assert tom.http.get(f"/v1/sync/ops/{key}").status_code == 404


def test_making_what_is_there_already_is_a_conflict(press: Running):
    samira = press.desk("Samira", "journalist")
    made = samira.write(headline="Kop")
    again = samira.push(made["id"], "article", "upsert", patch={"headline": "Nog eens"})
    assert (again["status"], again["code"], again["doc"]["headline"]) == ("conflict", "stale_base", "Kop")


def test_changing_what_was_never_here_is_gone(press: Running):
    samira = press.desk("Samira", "journalist")
    assert samira.push(new_id(), "article", "upsert", base="1-000000000000", patch={})["status"] == "gone"


def test_a_change_leaves_fields_that_it_does_not_name(press: Running):
    samira = press.desk("Samira", "journalist")
    made = samira.write(headline="Kop", lead="Lead", tags=["a"])
    samira.write(made["id"], base=made["rev"], lead=None, headline="Nieuwe kop")
    doc = samira.doc(made["id"])
    assert (doc["headline"], doc["lead"], doc["tags"]) == ("Nieuwe kop", "", ["a"])


def test_only_a_change_of_the_approved_fields_counts_as_changed(press: Running):
    samira, tom = press.desk("Samira", "journalist"), press.desk("Tom", "journalist")
    made = samira.write(headline="Kop")
    press.fixed.advance(timedelta(minutes=1))
    noted = tom.write(made["id"], base=made["rev"], note="Bel de wethouder")
    assert noted["fields"]["changed_by"] == samira.actor_id
    text = tom.write(made["id"], base=noted["rev"], headline="Andere kop")
    assert text["fields"]["changed_by"] == tom.actor_id


def test_what_press_writes_nobody_else_can_write(press: Running):
    samira = press.desk("Samira", "editor", "admin", "senior")
    for kind, patch, code in (
        ("article", {"status": "published"}, "read_only"), ("article", {"live": []}, "read_only"),
        ("article", {"headline": 3}, "type"), ("article", {"headline": "x" * 2001}, "limit"),
        ("article", {"unheard_of": 1}, "read_only"), ("ticker", {"accepted_at": None}, "read_only"),
        ("reaction", {"status": "approved"}, "unknown_kind"), ("person", {"roles": ["admin"]}, "unknown_kind"),
        ("newsroom", {"name": "Andere"}, "type"),
    ):  # fmt: skip
        answer = samira.push(new_id(), kind, "upsert", patch=patch)
        assert (answer["status"], answer["code"]) == ("rejected", code), (kind, patch)
    assert samira.push(new_id(), "article", "fly")["code"] == "no_such_step"


def test_an_altered_request_is_malformed(press: Running):
    samira = press.desk("Samira", "journalist")
    op = samira.op(new_id(), "article", "upsert", patch={"headline": "A"})
    for broken in ({**op, "patch": {"headline": "B"}}, {**op, "op_id": "x"}, {**op, "body_hash": None}, {}):
        answer = samira.send(broken)
        assert (answer.status_code, answer.json()["code"]) == (400, "bad_message")
    assert samira.send(op, op).status_code == 400
    newer = {name: value for name, value in {**op, "schema_v": 2}.items() if name != "body_hash"}
    assert samira.send({**newer, "body_hash": digest(newer)}).status_code == 422


def test_the_envelope_is_ours_or_it_is_refused(press: Running):
    samira = press.desk("Samira", "journalist")
    wrong = samira.http.post("/v1/sync/push", content="{}", headers={"Content-Type": "text/plain"})
    assert wrong.status_code == 415
    huge = samira.http.post("/v1/sync/push", content=b"x" * 2_200_000, headers={"Content-Type": MEDIA_TYPE})
    assert huge.status_code == 413
    answer = samira.http.post("/v1/sync/push", content="{", headers={"Content-Type": MEDIA_TYPE})
    assert answer.status_code == 400
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert {"server_time", "epoch", "code"} <= set(answer.json())


def test_a_deleted_article_keeps_its_last_words_and_can_come_back(either: Running):
    samira = either.desk("Samira", "editor")
    made = samira.write(headline="Weg ermee")
    gone = samira.push(made["id"], "article", "delete", base=made["rev"])
    assert gone["status"] == "applied"
    late = samira.push(made["id"], "article", "upsert", base=made["rev"], patch={"headline": "Toch niet"})
    assert (late["status"], late["deleted"], late["doc"]["headline"]) == ("gone", True, "Weg ermee")
    assert samira.push(made["id"], "article", "delete", base=made["rev"])["code"] == "already"
    row = next(row for row in samira.changes()["changes"] if row["entity_id"] == made["id"])
    assert (row["deleted"], row["doc"]["headline"]) == (True, "Weg ermee")
    back = samira.push(made["id"], "article", "restore", base=gone["rev"])
    assert back["status"] == "applied"
    assert samira.entity(made["id"])["deleted"] is False


def test_what_readers_see_or_will_see_cannot_be_deleted(press: Running):
    samira = press.desk("Samira", "editor")
    public = samira.published()
    refused = samira.push(public, "article", "delete", base=samira.entity(public)["rev"])
    assert (refused["status"], refused["code"]) == ("conflict", "status")
    coming = samira.write(headline="Straks", body="x")["id"]
    samira.step(coming, "approve")
    samira.step(coming, "schedule", at="18:00")
    assert samira.push(coming, "article", "delete", base=samira.entity(coming)["rev"])["code"] == "status"


def test_deleting_anothers_work_takes_an_editor(press: Running):
    samira, tom = press.desk("Samira", "journalist"), press.desk("Tom", "journalist")
    made = samira.write(headline="Van Samira")
    assert tom.push(made["id"], "article", "delete", base=made["rev"])["code"] == "forbidden"
    assert samira.push(made["id"], "article", "delete", base=made["rev"])["status"] == "applied"


def test_of_one_desks_saves_the_last_per_five_minutes_stays_and_all_that_was_approved(press: Running):
    samira, tom = press.desk("Samira", "editor"), press.desk("Tom", "editor")
    made = samira.write(headline="0")
    rev = made["rev"]
    for n in range(1, 6):
        rev = samira.write(made["id"], base=rev, headline=str(n))["rev"]
    approved = rev
    samira.step(made["id"], "approve")
    press.fixed.advance(timedelta(minutes=6))
    rev = samira.write(made["id"], base=samira.entity(made["id"])["rev"], headline="6")["rev"]
    rev = tom.write(made["id"], base=rev, headline="7")["rev"]
    samira.write(made["id"], base=rev, headline="8")
    rows = samira.http.get(f"/v1/entities/{made['id']}/revisions").json()["revisions"]
    assert [row["rev"].split("-")[0] for row in rows] == ["10", "9", "8", "7", "6"]
    kept = samira.http.get(f"/v1/entities/{made['id']}/revisions/{approved}").json()
    assert kept["doc"]["headline"] == "5"


def test_the_newsrooms_document_is_the_admins(press: Running):
    admin, samira = press.desk("Beheer", "admin"), press.desk("Samira", "editor")
    base = samira.entity(press.newsroom_id)
    assert samira.push(press.newsroom_id, "newsroom", "upsert", base=base["rev"],
                       patch={"name": "X"})["code"] == "forbidden"
    for patch in ({"zone": "Europa/Nergens"}, {"grace_s": "tien"}, {"follow": [{"label": 3}]}, {"ticker": {"burst": "x"}}):
        assert admin.push(press.newsroom_id, "newsroom", "upsert", base=base["rev"], patch=patch)["code"] == "type", patch
    done = admin.push(press.newsroom_id, "newsroom", "upsert", base=base["rev"],
                      patch={"name": "De Nieuwe", "four_eyes": True})
    assert done["status"] == "applied"
    assert "De Nieuwe" in press.page("/").text


def test_an_embargo_moved_past_a_planned_publication_cancels_it_and_says_so(press: Running):
    samira = press.desk("Samira", "editor")
    made = samira.write(headline="Kop", body="x")["id"]
    samira.step(made, "approve")
    assert samira.step(made, "schedule", at="18:00")["doc"]["status"] == "scheduled"
    moved = samira.write(made, base=samira.entity(made)["rev"], embargo_at=moment("19:00"))
    assert moved["fields"]["status"] == "approved"
    assert moved["fields"]["live"][0]["cancelled_at"] is not None
