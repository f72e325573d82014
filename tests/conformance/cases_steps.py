"""Cases: the steps of an article, and decisions on reactions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from editor.base.ids import new_id, new_key
from editor.domain.article import effective_status
from editor.domain.documents import article_value, moment_document
from editor.domain.moments import moment_of
from editor.sync.backend import Caps, Outcome
from tests.conformance.place import EVERYBODY, Case, Device, Place, case


def _at(place: Place, minutes: int) -> Any:
    return moment_document(moment_of(place.clock.now() + timedelta(minutes=minutes), "Europe/Amsterdam"))


def _status(place: Place, device: Device, made: str) -> str:
    """What readers' time makes of it."""
    return effective_status(article_value(made, device.doc(made)), place.clock.now()).value


def submitting_moves_a_draft_to_the_desk(place: Place) -> None:
    """The first step of every article."""
    device = place.device("journalist")
    made, _ = device.make()
    assert device.step(made, "submit").outcome is Outcome.APPLIED
    assert _status(place, device, made) == "desk"


def a_step_is_answered_with_the_whole_document(place: Place) -> None:
    """It is a pulled state: merged, never base under other work (model 7)."""
    device = place.device("journalist")
    made, _ = device.make()
    result = device.step(made, "submit")
    assert result.doc is not None
    assert result.doc.doc is not None
    assert result.doc.doc["status"] == "desk"
    assert result.doc.rev == device.row(made).rev


def approving_takes_the_text_that_was_seen(place: Place) -> None:
    """The approval covers a hash and names who gave it."""
    device = place.device("editor")
    made, _ = device.make()
    device.step(made, "approve")
    approved = device.doc(made)["approved"]
    assert (approved["content_hash"], approved["by"]) == (device.hash_of(made), device.id)


def approving_another_text_is_refused(place: Place) -> None:
    """Somebody wrote on meanwhile."""
    device = place.device("editor")
    made, _ = device.make()
    result = device.step(made, "approve", content_hash="0" * 64)
    assert (result.outcome, result.code) == (Outcome.CONFLICT, "hash")


def publishing_puts_one_publication_out(place: Place) -> None:
    """Readers see the text that was approved, once."""
    device = place.device("editor")
    made = device.publish()
    live = device.doc(made)["live"]
    assert [one["kind"] for one in live] == ["first"]
    assert _status(place, device, made) == "published"


def publishing_what_nobody_approved_is_refused(place: Place) -> None:
    """Nothing is public by accident."""
    device = place.device("editor")
    made, _ = device.make()
    assert device.step(made, "publish").outcome is Outcome.CONFLICT
    assert device.doc(made)["live"] == []


def publishing_a_text_changed_since_is_refused(place: Place) -> None:
    """An approval of another text is stale."""
    device = place.device("editor")
    made, _ = device.make()
    approved = device.step(made, "approve")
    device.write(made, approved.rev, lead="Anders.")
    result = device.step(made, "publish")
    assert (result.outcome, result.code) == (Outcome.CONFLICT, "approval_stale")


def writing_on_after_publishing_changes_nothing_outside(place: Place) -> None:
    """Autosave of a live article cannot go public."""
    device = place.device("editor")
    made = device.publish()
    before = device.doc(made)["live"]
    device.write(made, device.row(made).rev, lead="Nog niet openbaar.")
    assert device.doc(made)["live"] == before


def a_scheduled_article_comes_out_by_time_alone(place: Place) -> None:
    """With no write at its moment."""
    device = place.device("editor")
    made, _ = device.make()
    device.step(made, "approve")
    assert device.step(made, "schedule", publish_at=_at(place, 30)).outcome is Outcome.APPLIED
    assert _status(place, device, made) == "scheduled"
    place.clock.advance(timedelta(minutes=31))
    assert _status(place, device, made) == "published"


def scheduling_far_into_the_past_is_late(place: Place) -> None:
    """It came too late to be taken as now."""
    device = place.device("editor")
    made, _ = device.make()
    device.step(made, "approve")
    assert device.step(made, "schedule", publish_at=_at(place, -30)).code == "late"
    assert device.doc(made)["live"] == []


def unscheduling_takes_it_off(place: Place) -> None:
    """It stays approved."""
    device = place.device("editor")
    made, _ = device.make()
    device.step(made, "approve")
    device.step(made, "schedule", publish_at=_at(place, 30))
    assert device.step(made, "unschedule").outcome is Outcome.APPLIED
    assert _status(place, device, made) == "approved"


def an_embargo_holds(place: Place) -> None:
    """Whoever publishes before it is told."""
    device = place.device("editor")
    made, _ = device.make(embargo_at=_at(place, 60))
    device.step(made, "approve")
    assert device.step(made, "publish").code == "embargo"


def withdrawing_takes_it_from_readers(place: Place) -> None:
    """The public word is withdrawn."""
    device = place.device("editor")
    made = device.publish()
    assert device.step(made, "withdraw", note="Onjuist").outcome is Outcome.APPLIED
    assert _status(place, device, made) == "withdrawn"


def withdrawing_what_is_not_out_is_done_already(place: Place) -> None:
    """A take-back is never refused for a status."""
    device = place.device("editor")
    made, _ = device.make()
    result = device.step(made, "withdraw", note="Toch niet")
    assert (result.outcome, result.code) == (Outcome.APPLIED, "already")


def reopening_makes_a_withdrawn_text_a_draft(place: Place) -> None:
    """To be written anew."""
    device = place.device("editor")
    made = device.publish()
    device.step(made, "withdraw", note="Onjuist")
    assert device.step(made, "reopen").outcome is Outcome.APPLIED
    assert _status(place, device, made) == "draft"


def correcting_keeps_the_note(place: Place) -> None:
    """Every correction's note stays on the page."""
    device = place.device("editor")
    made = device.publish()
    device.write(made, device.row(made).rev, lead="Vanaf dinsdag.")
    device.step(made, "approve")
    result = device.step(made, "correct", note="De dag klopte niet.", kind="correction")
    assert result.outcome is Outcome.APPLIED
    assert device.doc(made)["live"][-1]["note"]["text"] == "De dag klopte niet."


def a_step_without_its_note_is_rejected(place: Place) -> None:
    """Whoever sends back says why."""
    device = place.device("editor")
    made, _ = device.make()
    device.step(made, "submit")
    result = device.step(made, "return")
    assert (result.outcome, result.code) == (Outcome.REJECTED, "type")


def a_step_without_the_right_is_rejected(place: Place) -> None:
    """A journalist publishes nothing, whatever the desk let him press."""
    editor, journalist = place.device("editor"), place.device("journalist")
    made, _ = editor.make()
    editor.step(made, "approve")
    result = journalist.step(made, "publish")
    assert (result.outcome, result.code) == (Outcome.REJECTED, "forbidden")
    assert editor.doc(made)["live"] == []


def a_step_from_another_status_is_refused(place: Place) -> None:
    """What its person saw is no longer so."""
    device = place.device("editor")
    made, _ = device.make()
    result = device.step(made, "approve", **{"from": "desk"})
    assert (result.outcome, result.code) == (Outcome.CONFLICT, "status")


def a_refused_step_brings_the_present_document(place: Place) -> None:
    """One card, with what stands there."""
    device = place.device("editor")
    made, _ = device.make()
    result = device.step(made, "publish")
    assert result.doc is not None
    assert result.doc.rev == device.row(made).rev


def a_step_that_a_colleague_took_is_done_already(place: Place) -> None:
    """Success, and nothing twice."""
    anna, bram = place.device("editor"), place.device("editor")
    made, _ = anna.make()
    anna.step(made, "submit")
    result = bram.step(made, "submit", **{"from": "draft"})
    assert (result.outcome, result.code) == (Outcome.APPLIED, "already")


def an_unknown_step_is_rejected(place: Place) -> None:
    """A newer desk's step does nothing."""
    device = place.device("editor")
    made, _ = device.make()
    assert device.step(made, "teleport").code == "no_such_step"


def a_step_on_what_was_never_there_is_gone(place: Place) -> None:
    """Nothing is made by a step."""
    made = new_id()
    assert place.device("editor").step(made, "submit").outcome is Outcome.GONE
    assert place.count(made) == 0


def a_step_on_what_was_deleted_is_gone(place: Place) -> None:
    """And nothing of it becomes public."""
    device = place.device("editor")
    made, rev = device.make()
    seen = device.hash_of(made)
    device.push(made, "delete", base=rev)
    assert device.step(made, "approve", content_hash=seen).outcome is Outcome.GONE


def a_take_back_revokes_what_it_names(place: Place) -> None:
    """A publish that arrives after its withdrawal stays without effect."""
    device = place.device("editor")
    made, _ = device.make()
    device.step(made, "approve")
    late = device.op(made, "transition", cmd={"action": "publish", "from": None, "revokes": [],
                                              "content_hash": device.hash_of(made)})
    device.step(made, "withdraw", note="Toch niet", revokes=[late.op_id])
    assert device.backend.push(late).outcome is Outcome.CONFLICT
    assert device.doc(made)["live"] == []


def a_take_back_of_nothing_public_leaves_no_trace(place: Place) -> None:
    """With nothing to take back there is no write that could hold the name of what is revoked: the engine keeps back
    what it gave up, and sends it no more."""
    device = place.device("editor")
    made, _ = device.make()
    result = device.step(made, "withdraw", note="Toch niet", revokes=[new_key()])
    assert (result.outcome, result.code) == (Outcome.APPLIED, "already")


def _reaction(place: Place) -> tuple[Device, str]:
    device = place.device(*EVERYBODY)
    return device, place.react(device.publish(), "Wat een goed plan is dit eigenlijk.")


def an_approved_reaction_is_shown(place: Place) -> None:
    """New ones wait for it."""
    device, made = _reaction(place)
    assert device.doc(made, "reactions")["status"] == "hold"
    assert device.decide(made, "approve").outcome is Outcome.APPLIED
    assert device.doc(made, "reactions")["status"] == "approved"


def a_decision_is_answered_with_the_reaction(place: Place) -> None:
    """A reaction's row at home is the server's state."""
    device, made = _reaction(place)
    result = device.decide(made, "approve")
    assert result.doc is not None
    assert result.doc.doc is not None
    assert result.doc.doc["status"] == "approved"


def a_decision_on_another_text_is_refused(place: Place) -> None:
    """It was edited after it was read."""
    device, made = _reaction(place)
    result = device.decide(made, "approve", text_hash="0" * 64)
    assert (result.outcome, result.code) == (Outcome.CONFLICT, "text_changed")
    assert device.doc(made, "reactions")["status"] == "hold"


def a_decision_on_what_is_not_there_is_gone(place: Place) -> None:
    """Erased meanwhile."""
    device, made = _reaction(place)
    device.doc(made, "reactions")
    other = new_id()
    device.seen[other] = device.seen[made]
    result = device.push(other, "moderate", kind="reaction", cmd={
        "decision_id": new_id(), "action": "approve", "reason": None, "note": "", "until": None,
        "text_hash": "0" * 64, "seen_n": 0})
    assert result.outcome is Outcome.GONE


def a_decision_without_the_right_is_rejected(place: Place) -> None:
    """Nor does a journalist learn of the reaction by asking."""
    device, made = _reaction(place)
    doc = device.doc(made, "reactions")
    result = place.device("journalist").push(made, "moderate", kind="reaction", cmd={
        "decision_id": new_id(), "action": "approve", "reason": None, "note": "", "until": None,
        "text_hash": doc["text_hash"], "seen_n": 0})
    assert (result.outcome, result.code) == (Outcome.REJECTED, "forbidden")
    assert result.doc is None or result.doc.doc is None


def nobody_writes_a_reaction(place: Place) -> None:
    """What a reader said stands."""
    device, made = _reaction(place)
    result = device.push(made, "upsert", kind="reaction", patch={"text": "Anders."})
    assert (result.outcome, result.code) == (Outcome.REJECTED, "unknown_kind")


def opposite_blind_decisions_are_a_dispute_that_hides(place: Place) -> None:
    """What is public never depends on who syncs first (model 5)."""
    device, made = _reaction(place)
    other = place.device("moderator")
    seen = device.doc(made, "reactions")["log_n"]
    device.decide(made, "approve", seen_n=seen)
    result = other.decide(made, "reject", reason="OFFTOPIC", seen_n=seen)
    assert (result.outcome, result.code) == (Outcome.CONFLICT, "disputed")
    assert device.doc(made, "reactions")["status"] != "approved"


def of_opposite_decisions_the_last_status_wins(place: Place) -> None:
    """Such a server keeps no log: nothing tells a blind decision from an informed one."""
    device, made = _reaction(place)
    device.decide(made, "approve")
    assert place.device("moderator").decide(made, "reject", reason="OFFTOPIC").outcome is Outcome.APPLIED
    assert device.doc(made, "reactions")["status"] == "trash"


def a_decision_counts_in_the_log(place: Place) -> None:
    """How many rows one had seen tells blind from informed."""
    device, made = _reaction(place)
    before = device.doc(made, "reactions")["log_n"]
    device.decide(made, "approve")
    assert device.doc(made, "reactions")["log_n"] == before + 1


def a_decision_leaves_its_status_alone(place: Place) -> None:
    """There is no log to count in; the same decision again is done already."""
    device, made = _reaction(place)
    device.decide(made, "approve")
    assert device.decide(made, "approve").code == "already"


CASES: tuple[Case, ...] = (
    *(case(one) for one in (
        submitting_moves_a_draft_to_the_desk, a_step_is_answered_with_the_whole_document,
        approving_takes_the_text_that_was_seen, approving_another_text_is_refused, publishing_puts_one_publication_out,
        publishing_what_nobody_approved_is_refused, publishing_a_text_changed_since_is_refused,
        writing_on_after_publishing_changes_nothing_outside, a_scheduled_article_comes_out_by_time_alone,
        scheduling_far_into_the_past_is_late, unscheduling_takes_it_off, an_embargo_holds,
        withdrawing_takes_it_from_readers, withdrawing_what_is_not_out_is_done_already,
        reopening_makes_a_withdrawn_text_a_draft, correcting_keeps_the_note, a_step_without_its_note_is_rejected,
        a_step_without_the_right_is_rejected, a_step_from_another_status_is_refused,
        a_refused_step_brings_the_present_document, a_step_that_a_colleague_took_is_done_already,
        an_unknown_step_is_rejected, a_step_on_what_was_never_there_is_gone, a_step_on_what_was_deleted_is_gone)),
    case(a_take_back_revokes_what_it_names, Caps.IDEMPOTENCY, a_take_back_of_nothing_public_leaves_no_trace),
    *(case(one) for one in (
        an_approved_reaction_is_shown, a_decision_is_answered_with_the_reaction, a_decision_on_another_text_is_refused,
        a_decision_on_what_is_not_there_is_gone, a_decision_without_the_right_is_rejected, nobody_writes_a_reaction)),
    case(opposite_blind_decisions_are_a_dispute_that_hides, Caps.MODERATION_LOG,
         of_opposite_decisions_the_last_status_wins),
    case(a_decision_counts_in_the_log, Caps.MODERATION_LOG, a_decision_leaves_its_status_alone),
)
