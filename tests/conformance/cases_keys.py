"""Cases: one request, one effect: copies, latecomers, lost requests and answers, and everybody at once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from editor.base.ids import new_id, new_key
from editor.sync.backend import AdapterError, Caps, Malformed, NoAnswer, Op, Outcome, PushResult
from tests.conformance.lossy import LossyWire
from tests.conformance.place import EVERYBODY, TEXT, Case, Device, Place, case, together

DONE = (Outcome.APPLIED, Outcome.DUPLICATE)
MOST_EXCHANGES = 9  # of one push; press needs one


def _create(device: Device) -> Op:
    return device.op(new_id(), "upsert", patch=TEXT)


def a_copy_of_a_create_is_a_duplicate(place: Place) -> None:
    """The same bytes after a lost answer."""
    device = place.device("journalist")
    op = _create(device)
    first, again = device.backend.push(op), device.backend.push(op)
    assert (first.outcome, again.outcome) == (Outcome.APPLIED, Outcome.DUPLICATE)
    assert (again.rev, dict(again.fields)) == (first.rev, dict(first.fields))
    assert place.count(op.entity_id) == 1


def a_copy_of_a_change_acts_once(place: Place) -> None:
    """The feed does not even move."""
    device = place.device("journalist")
    made, rev = device.make()
    op = device.op(made, "upsert", base=rev, patch={"lead": "Eén keer."})
    first = device.backend.push(op)
    device.catch_up()
    again = device.backend.push(op)
    assert (again.outcome, again.rev) == (Outcome.DUPLICATE, first.rev)
    assert device.catch_up() == []


def a_late_copy_leaves_what_came_after(place: Place) -> None:
    """Its answer is about its own revision."""
    anna, bram = place.device("journalist"), place.device("journalist")
    made, rev = anna.make()
    op = anna.op(made, "upsert", base=rev, patch={"lead": "Van Anna."})
    first = anna.backend.push(op)
    bram.write(made, first.rev, lead="Van Bram.")
    again = anna.backend.push(op)
    assert (again.outcome, again.rev) == (Outcome.DUPLICATE, first.rev)
    assert anna.doc(made)["lead"] == "Van Bram."


def a_copy_of_a_step_acts_once(place: Place) -> None:
    """One publication, not two."""
    device = place.device("editor")
    made, _ = device.make()
    device.step(made, "approve")
    key = new_key()
    seen = device.hash_of(made)
    results = [device.step(made, "publish", op_id=key, content_hash=seen) for _ in range(3)]
    assert [result.outcome for result in results] == [Outcome.APPLIED, Outcome.DUPLICATE, Outcome.DUPLICATE]
    assert len(device.doc(made)["live"]) == 1


def a_copy_of_a_step_brings_the_document_as_it_is_now(place: Place) -> None:
    """A pulled state, not a memory."""
    device = place.device("editor")
    made, _ = device.make()
    key = new_key()
    seen = device.hash_of(made)
    device.step(made, "approve", op_id=key, content_hash=seen)
    device.step(made, "publish")
    again = device.step(made, "approve", op_id=key, content_hash=seen)
    assert again.doc is not None
    assert again.doc.doc is not None
    assert again.doc.doc["status"] == "published"


def a_copy_of_a_deletion_acts_once(place: Place) -> None:
    """The tombstone stays the same."""
    device = place.device("editor")
    made, rev = device.make()
    op = device.op(made, "delete", base=rev)
    first, again = device.backend.push(op), device.backend.push(op)
    assert again.outcome in DONE
    assert again.rev == first.rev


def a_copy_of_a_deletion_leaves_what_was_put_back(place: Place) -> None:
    """Whoever restored it meanwhile is not undone."""
    device = place.device("editor")
    made, rev = device.make()
    op = device.op(made, "delete", base=rev)
    gone = device.backend.push(op)
    device.push(made, "restore", base=gone.rev)
    device.backend.push(op)
    assert device.row(made).doc is not None


def a_copy_of_a_restoring_acts_once(place: Place) -> None:
    """Nor does it bring back what was deleted again."""
    device = place.device("editor")
    made, rev = device.make()
    op = device.op(made, "restore", base=device.push(made, "delete", base=rev).rev)
    back = device.backend.push(op)
    device.push(made, "delete", base=back.rev)
    device.backend.push(op)
    assert device.row(made).doc is None


def a_copy_of_a_decision_acts_once(place: Place) -> None:
    """One row of the log."""
    device = place.device(*EVERYBODY)
    made = place.react(device.publish(), "Een reactie met genoeg woorden erin.")
    doc = device.doc(made, "reactions")
    op = device.op(made, "moderate", kind="reaction", cmd={
        "decision_id": new_id(), "action": "approve", "reason": None, "note": "", "until": None,
        "text_hash": doc["text_hash"], "seen_n": doc["log_n"]})
    assert [device.backend.push(op).outcome in DONE for _ in range(2)] == [True, True]
    after = device.doc(made, "reactions")
    assert (after["status"], after["log_n"]) == ("approved", 1 if place.caps & Caps.MODERATION_LOG else 0)


def a_refused_step_stays_refused(place: Place) -> None:
    """A late copy of a refused command gets the same refusal, even where it would fit by now (sync D.1)."""
    device = place.device("editor")
    made, _ = device.make()
    key, seen = new_key(), device.hash_of(made)
    assert device.step(made, "publish", op_id=key, content_hash=seen).outcome is Outcome.CONFLICT
    device.step(made, "approve")
    assert device.step(made, "publish", op_id=key, content_hash=seen).outcome is Outcome.CONFLICT
    assert device.doc(made)["live"] == []


def a_refused_step_is_judged_anew(place: Place) -> None:
    """Nothing there remembers a refusal: a late copy is held back by what it is compared with alone."""
    device = place.device("editor")
    made, _ = device.make()
    key = new_key()
    assert device.step(made, "publish", op_id=key, content_hash="0" * 64).outcome is Outcome.CONFLICT
    device.step(made, "approve")
    assert device.step(made, "publish", op_id=key, content_hash="0" * 64).outcome is not Outcome.APPLIED
    assert device.doc(made)["live"] == []


def a_refused_change_can_never_fit_again(place: Place) -> None:
    """Its base is past."""
    anna, bram = place.device("journalist"), place.device("journalist")
    made, rev = anna.make()
    anna.write(made, rev, lead="Van Anna.")
    op = bram.op(made, "upsert", base=rev, patch={"lead": "Van Bram."})
    assert [bram.backend.push(op).outcome for _ in range(3)] == [Outcome.CONFLICT] * 3
    assert anna.doc(made)["lead"] == "Van Anna."


def one_key_with_two_bodies_is_our_own_fault(place: Place) -> None:
    """It is told loudly: a key must never be used twice."""
    device, key = place.device("journalist"), new_key()
    made, rev = device.make()
    device.write(made, rev, op_id=key, lead="Eén.")
    with pytest.raises(Malformed) as told:
        device.write(made, rev, op_id=key, lead="Twee.")
    assert told.value.status == 409


def one_key_with_two_bodies_acts_once(place: Place) -> None:
    """The key stands in the revision, its bytes do not: the second is taken for a copy and does nothing."""
    device, key = place.device("journalist"), new_key()
    made, rev = device.make()
    device.write(made, rev, op_id=key, lead="Eén.")
    assert device.write(made, rev, op_id=key, lead="Twee.").outcome is Outcome.DUPLICATE
    assert device.doc(made)["lead"] == "Eén."


# ------------------------------------------------------------------------------------------------------- at once

def _results(found: list[object]) -> list[PushResult]:
    assert all(isinstance(one, PushResult | NoAnswer) for one in found), found
    return [one for one in found if isinstance(one, PushResult)]


def copies_at_once_make_one_thing(place: Place) -> None:
    """A twin waits for the first, or finds it."""
    device = place.device("journalist")
    op = _create(device)
    others = [place.adapter(device.token) for _ in range(4)]
    found = _results(together(*(lambda other=other: other.push(op) for other in others)))
    assert found
    assert all(one.outcome in DONE for one in found)
    assert place.count(op.entity_id) == 1


def of_many_who_change_the_same_one_gets_through(place: Place) -> None:
    """Compare-and-set: the others merge and come again."""
    made, rev = place.device("journalist").make()
    writers = [place.device("journalist") for _ in range(5)]
    found = _results(together(*(lambda w=w: w.write(made, rev, lead=f"Van {w.name}.") for w in writers)))
    assert sorted(one.outcome.value for one in found) == ["applied", *["conflict"] * 4]


def of_many_who_change_the_same_nobody_is_silently_lost(place: Place) -> None:
    """Nothing stops two writers there: whoever covered somebody puts him back and is told a conflict, so each text that
    was acknowledged stands, or was seen by whoever stands in its place."""
    first = place.device("journalist")
    made, rev = first.make()
    writers = [place.device("journalist") for _ in range(2)]
    found = _results(together(*(lambda w=w: w.write(made, rev, lead=f"Van {w.name}.") for w in writers)))
    applied = [w for w, one in zip(writers, found, strict=True) if one.outcome is Outcome.APPLIED]
    assert len(applied) <= 1
    if applied:
        assert first.doc(made)["lead"] == f"Van {applied[0].name}."


def of_an_edit_and_a_deletion_at_once_no_text_is_lost(place: Place) -> None:
    """Either the text stands, or its writer is told."""
    for wrote, deleted in _edit_and_delete(place):
        assert not (wrote.outcome is Outcome.APPLIED and deleted.outcome is Outcome.APPLIED)


def an_edit_at_once_with_a_deletion_stands(place: Place) -> None:
    """Nothing stops both there: a write takes the thing out of the bin again, and the deleter's feed brings it back."""
    assert len(_edit_and_delete(place)) == 3


def _edit_and_delete(place: Place) -> list[list[PushResult]]:
    anna, bram, told = place.device("editor"), place.device("editor"), []
    for _ in range(3):
        made, rev = anna.make()
        told.append(_results(together(partial(anna.write, made, rev, lead="Nog een keer."),
                                      partial(bram.push, made, "delete", base=rev))))
        if told[-1][0].outcome is Outcome.APPLIED:
            assert anna.doc(made)["lead"] == "Nog een keer."
    return told


def publishing_at_once_puts_one_out(place: Place) -> None:
    """Two editors press the button."""
    writers = [place.device("editor") for _ in range(2)]
    made, _ = writers[0].make()
    writers[0].step(made, "approve")
    seen = writers[0].hash_of(made)
    found = _results(together(*(lambda w=w: w.step(made, "publish", content_hash=seen) for w in writers)))
    assert any(one.outcome is Outcome.APPLIED for one in found)
    assert len(writers[0].doc(made)["live"]) == 1


def different_things_do_not_wait_for_each_other(place: Place) -> None:
    """Lanes are independent."""
    writers = [place.device("journalist") for _ in range(5)]
    found = _results(together(*(lambda w=w: w.write(**TEXT) for w in writers)))
    assert [one.outcome for one in found] == [Outcome.APPLIED] * 5


# --------------------------------------------------------------------------------------------------------- lost

def _whatever_is_lost(place: Place, what: str, prepare: Callable[[Device], Op], holds: Callable[[Device, Op], None]) -> None:
    """Lose each exchange of one push in turn; send the same bytes until they are answered; then it must hold."""
    wire = LossyWire(place.url)
    try:
        for exchange in range(MOST_EXCHANGES):
            near = place.device(*EVERYBODY)
            far = Device(place.adapter(near.token, wire.url), near.token, near.name, near.id)
            op = prepare(near)
            far.backend.hello()
            before = wire.lost
            wire.lose(what, exchange)
            result = _until_answered(far, op)
            wire.heal()
            assert result.outcome in DONE, (exchange, result)
            holds(near, op)
            if wire.lost == before:
                return  # there was no such exchange any more
        pytest.fail("a push without end")
    finally:
        wire.close()


def _until_answered(device: Device, op: Op) -> PushResult:
    for _ in range(4):
        try:
            return device.backend.push(op)
        except NoAnswer:
            continue
        except AdapterError as error:
            pytest.fail(f"not an answer that is missing: {error!r}")
    pytest.fail("never answered")


def _is_there_once(place: Place, lead: str) -> Callable[[Device, Op], None]:
    def holds(device: Device, op: Op) -> None:
        assert place.count(op.entity_id) == 1
        assert device.doc(op.entity_id)["lead"] == lead
    return holds


def _change(device: Device) -> Op:
    made, rev = device.make()
    return device.op(made, "upsert", base=rev, patch={"lead": "Vanaf dinsdag."})


def _deletion(device: Device) -> Op:
    made, rev = device.make()
    return device.op(made, "delete", base=rev)


def _restoring(device: Device) -> Op:
    made, rev = device.make()
    return device.op(made, "restore", base=device.push(made, "delete", base=rev).rev)


def _release(device: Device) -> Op:
    made, _ = device.make()
    device.step(made, "approve")
    return device.op(made, "transition", cmd={"action": "publish", "from": None, "content_hash": device.hash_of(made),
                                              "revokes": []})


def _is_deleted(device: Device, op: Op) -> None:
    assert device.row(op.entity_id).doc is None


def _is_out_once(device: Device, op: Op) -> None:
    assert len(device.doc(op.entity_id)["live"]) == 1


def a_create_survives_every_lost_answer(place: Place) -> None:
    """One thing, whichever of its exchanges was not answered."""
    _whatever_is_lost(place, "answer", _create, _is_there_once(place, TEXT["lead"]))


def a_create_survives_every_lost_request(place: Place) -> None:
    """One thing, whichever of its exchanges never arrived."""
    _whatever_is_lost(place, "request", _create, _is_there_once(place, TEXT["lead"]))


def a_change_survives_every_lost_answer(place: Place) -> None:
    """The text stands, once."""
    _whatever_is_lost(place, "answer", _change, _is_there_once(place, "Vanaf dinsdag."))


def a_change_survives_every_lost_request(place: Place) -> None:
    """The text stands, in the end."""
    _whatever_is_lost(place, "request", _change, _is_there_once(place, "Vanaf dinsdag."))


def a_deletion_survives_every_lost_answer(place: Place) -> None:
    """It is gone."""
    _whatever_is_lost(place, "answer", _deletion, _is_deleted)


def a_deletion_survives_every_lost_request(place: Place) -> None:
    """It is gone in the end."""
    _whatever_is_lost(place, "request", _deletion, _is_deleted)


def a_restoring_survives_every_lost_answer(place: Place) -> None:
    """It is back, once."""
    _whatever_is_lost(place, "answer", _restoring, _is_there_once(place, TEXT["lead"]))


def a_release_survives_every_lost_answer(place: Place) -> None:
    """One publication."""
    _whatever_is_lost(place, "answer", _release, _is_out_once)


def a_release_survives_every_lost_request(place: Place) -> None:
    """One publication in the end."""
    _whatever_is_lost(place, "request", _release, _is_out_once)


CASES: tuple[Case, ...] = (
    *(case(one) for one in (
        a_copy_of_a_create_is_a_duplicate, a_copy_of_a_change_acts_once, a_late_copy_leaves_what_came_after,
        a_copy_of_a_step_acts_once, a_copy_of_a_step_brings_the_document_as_it_is_now, a_copy_of_a_deletion_acts_once,
        a_copy_of_a_deletion_leaves_what_was_put_back, a_copy_of_a_restoring_acts_once, a_copy_of_a_decision_acts_once)),
    case(a_refused_step_stays_refused, Caps.IDEMPOTENCY, a_refused_step_is_judged_anew),
    case(a_refused_change_can_never_fit_again),
    case(one_key_with_two_bodies_is_our_own_fault, Caps.IDEMPOTENCY, one_key_with_two_bodies_acts_once),
    case(copies_at_once_make_one_thing),
    case(of_many_who_change_the_same_one_gets_through, Caps.CAS, of_many_who_change_the_same_nobody_is_silently_lost),
    case(of_an_edit_and_a_deletion_at_once_no_text_is_lost, Caps.CAS, an_edit_at_once_with_a_deletion_stands),
    *(case(one) for one in (
        publishing_at_once_puts_one_out,
        different_things_do_not_wait_for_each_other, a_create_survives_every_lost_answer,
        a_create_survives_every_lost_request, a_change_survives_every_lost_answer,
        a_change_survives_every_lost_request, a_deletion_survives_every_lost_answer,
        a_deletion_survives_every_lost_request, a_restoring_survives_every_lost_answer,
        a_release_survives_every_lost_answer, a_release_survives_every_lost_request)),
)
