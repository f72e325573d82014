"""Cases: upsert, delete and restore, and what each is answered."""

from __future__ import annotations

from datetime import timedelta

from editor.base.ids import new_id
from editor.domain.documents import article_document, article_value, moment_document
from editor.domain.moments import moment_of
from editor.sync.backend import Caps, Outcome, PushResult
from editor.sync.machine import rev_number
from tests.conformance.place import EVERYBODY, TEXT, Case, Device, Place, case


def a_new_article_is_applied_under_a_revision(place: Place) -> None:
    """The revision is what the next change is compared with."""
    device = place.device("journalist")
    result = device.write(**TEXT)
    assert result.outcome is Outcome.APPLIED
    assert rev_number(result.rev) > 0


def an_acknowledged_text_is_answered_without_the_text(place: Place) -> None:
    """What becomes base is what was sent, never what comes back (model 7)."""
    result = place.device("journalist").write(**TEXT)
    assert result.doc is None
    assert not set(TEXT) & set(result.fields)


def the_answer_brings_the_servers_own_fields(place: Place) -> None:
    """Who made it and in which status it is, is the server's to say."""
    device = place.device("journalist")
    fields = device.write(**TEXT).fields
    assert fields["created_by"] == fields["changed_by"] == device.id
    assert fields["status"] == "draft"


def the_answer_says_the_servers_time(place: Place) -> None:
    """Every answer does, so that skew is seen early."""
    said = place.device("journalist").write(**TEXT).server_time
    assert said is not None
    assert abs((said - place.clock.now()).total_seconds()) <= 1


def the_revision_is_the_feeds(place: Place) -> None:
    """Otherwise an own change would come back as somebody else's."""
    device = place.device("journalist")
    made, rev = device.make()
    assert device.row(made).rev == rev


def what_was_sent_is_what_is_there(place: Place) -> None:
    """Field by field."""
    device = place.device("journalist")
    made, _ = device.make(tags=["brug", "raad"], kicker="Verkeer", note="Bellen om vier uur.")
    doc = device.doc(made)
    assert (doc["headline"], doc["tags"], doc["kicker"]) == (TEXT["headline"], ["brug", "raad"], "Verkeer")
    assert doc["note"] == "Bellen om vier uur."


def a_change_leaves_what_it_does_not_name(place: Place) -> None:
    """A patch holds changed fields only."""
    device = place.device("journalist")
    made, rev = device.make()
    device.write(made, rev, lead="Vanaf dinsdag.")
    doc = device.doc(made)
    assert (doc["headline"], doc["lead"]) == (TEXT["headline"], "Vanaf dinsdag.")


def null_empties_a_field(place: Place) -> None:
    """Absent is unchanged, null is emptied."""
    device = place.device("journalist")
    made, rev = device.make()
    device.write(made, rev, lead=None)
    doc = article_document(article_value(made, device.doc(made)))
    assert doc["lead"] == ""


def every_change_has_a_higher_revision(place: Place) -> None:
    """The engine tells newer from older by it."""
    device = place.device("journalist")
    made, rev = device.make()
    numbers = [rev_number(rev)]
    for word in ("een", "twee", "drie"):
        rev = device.write(made, rev, lead=word).rev
        numbers.append(rev_number(rev))
    assert numbers == sorted(set(numbers))


def a_stale_base_is_a_conflict_with_the_present_text(place: Place) -> None:
    """Never last writer wins: the loser merges."""
    anna, bram = place.device("journalist"), place.device("journalist")
    made, rev = anna.make()
    anna.write(made, rev, lead="Van Anna.")
    result = bram.write(made, rev, lead="Van Bram.")
    assert (result.outcome, result.code) == (Outcome.CONFLICT, "stale_base")
    assert result.doc is not None
    assert result.doc.doc is not None
    assert result.doc.doc["lead"] == "Van Anna."
    assert result.doc.rev == bram.row(made).rev


def a_refused_change_changes_nothing(place: Place) -> None:
    """Not the text, not the revision, not the feed."""
    anna, bram = place.device("journalist"), place.device("journalist")
    made, rev = anna.make()
    anna.write(made, rev, lead="Van Anna.")
    before = anna.row(made)
    bram.write(made, rev, lead="Van Bram.")
    assert anna.catch_up() == []
    assert anna.seen[made] == before


def whoever_merged_gets_through(place: Place) -> None:
    """The revision in a conflict is a base that fits."""
    anna, bram = place.device("journalist"), place.device("journalist")
    made, rev = anna.make()
    anna.write(made, rev, lead="Van Anna.")
    refused = bram.write(made, rev, body="Van Bram.")
    assert refused.doc is not None
    assert bram.write(made, refused.doc.rev, body="Van Bram.").outcome is Outcome.APPLIED
    doc = anna.doc(made)
    assert (doc["lead"], doc["body"]) == ("Van Anna.", "Van Bram.")


def making_what_is_there_is_a_conflict(place: Place) -> None:
    """A create under another key must not write over anything."""
    device = place.device("journalist")
    made, _ = device.make()
    result = device.write(made, headline="Nog eens")
    assert result.outcome is Outcome.CONFLICT
    assert device.doc(made)["headline"] == TEXT["headline"]


def changing_what_was_never_there_is_gone(place: Place) -> None:
    """A restored back-up: the desk makes it anew."""
    result = place.device("journalist").write(new_id(), "2-000000000000", headline="Weg")
    assert result.outcome is Outcome.GONE


def another_kind_under_the_same_identity_is_rejected(place: Place) -> None:
    """An identity is of one kind for ever."""
    device = place.device("journalist")
    made, rev = device.make()
    result = device.write(made, rev, kind="ticker", headline="Brug open")
    assert result.outcome is Outcome.REJECTED
    assert device.row(made).kind == "article"


def an_unknown_kind_is_rejected(place: Place) -> None:
    """A newer desk's kind parks its lane and nothing else."""
    result = place.device("journalist").write(kind="podcast", headline="Nieuw")
    assert (result.outcome, result.code) == (Outcome.REJECTED, "unknown_kind")


def a_read_only_field_is_rejected(place: Place) -> None:
    """Nobody publishes by writing a status."""
    device = place.device(*EVERYBODY)
    made, rev = device.make()
    result = device.write(made, rev, status="published")
    assert (result.outcome, result.code) == (Outcome.REJECTED, "read_only")
    assert device.doc(made)["status"] == "draft"


def an_unknown_field_is_rejected(place: Place) -> None:
    """Better a parked lane than a field that vanishes."""
    assert place.device("journalist").write(headline="Kop", kleur="rood").outcome is Outcome.REJECTED


def a_value_of_another_type_is_rejected(place: Place) -> None:
    """Nothing half-read is stored."""
    result = place.device("journalist").write(headline=["een", "lijst"])
    assert (result.outcome, result.code) == (Outcome.REJECTED, "type")


def a_field_that_is_too_long_is_rejected(place: Place) -> None:
    """The limits are the same everywhere."""
    result = place.device("journalist").write(headline="k" * 100_000)
    assert (result.outcome, result.code) == (Outcome.REJECTED, "limit")


def whoever_may_not_write_is_rejected(place: Place) -> None:
    """Rights are the server's to check, whatever the desk greyed out."""
    result = place.device("moderator").write(**TEXT)
    assert (result.outcome, result.code) == (Outcome.REJECTED, "forbidden")


def a_list_is_written_by_whoever_manages(place: Place) -> None:
    """Words and snippets are shared."""
    assert place.device("admin").write(kind="list", items={"woord": "uitleg"}).outcome is Outcome.APPLIED


def a_list_has_no_place_there(place: Place) -> None:
    """Such a server knows posts only: refused in words, never dropped."""
    assert place.device("admin").write(kind="list", items={"woord": "uitleg"}).code == "unknown_kind"


def an_unknown_verb_is_rejected(place: Place) -> None:
    """A newer desk's verb does nothing here."""
    device = place.device("editor")
    made, rev = device.make()
    assert device.push(made, "duplicate", base=rev).outcome is Outcome.REJECTED


def _line(device: Device, place: Place, minutes: int, **more: object) -> tuple[str, PushResult]:
    made = new_id()
    start = moment_document(moment_of(place.clock.now() + timedelta(minutes=minutes), "Europe/Amsterdam"))
    patch = {"headline": "Brug gaat open", "start": start, "intent": "planned", **more}
    cmd = {"on_late": patch.pop("on_late")} if "on_late" in patch else None
    return made, device.push(made, "upsert", kind="ticker", patch=patch, cmd=cmd)


def a_planned_line_is_accepted_and_stamped(place: Place) -> None:
    """When it was accepted decides what readers see."""
    device = place.device("journalist")
    made, _ = _line(device, place, 30)
    assert device.doc(made)["accepted_at"] is not None


def a_line_that_comes_too_late_is_told_so(place: Place) -> None:
    """Nothing fires late by itself (T-21)."""
    device = place.device("journalist")
    made, result = _line(device, place, -60)
    assert result.code == "late"
    device.catch_up()
    assert made not in device.seen


def a_late_line_goes_with_its_planners_answer(place: Place) -> None:
    """The answer travels along once."""
    _, result = _line(place.device("journalist"), place, -60, on_late="now")
    assert result.outcome is Outcome.APPLIED


def breaking_is_not_everybodys(place: Place) -> None:
    """The right is decided over the line before and after."""
    _, result = _line(place.device("journalist"), place, 5, priority=2)
    assert result.code == "forbidden"


def deleting_is_acknowledged_under_a_later_revision(place: Place) -> None:
    """A tombstone is a state like any other."""
    device = place.device("editor")
    made, rev = device.make()
    result = device.push(made, "delete", base=rev)
    assert result.outcome is Outcome.APPLIED
    assert rev_number(result.rev) > rev_number(rev)


def deleting_what_is_deleted_is_done_already(place: Place) -> None:
    """Two people clear up."""
    device = place.device("editor")
    made, rev = device.make()
    gone = device.push(made, "delete", base=rev)
    again = device.push(made, "delete", base=rev)
    assert (again.outcome, again.code, again.rev) == (Outcome.APPLIED, "already", gone.rev)


def deleting_a_text_that_moved_on_is_a_conflict(place: Place) -> None:
    """An edit wins over a deletion."""
    anna, bram = place.device("editor"), place.device("editor")
    made, rev = anna.make()
    bram.write(made, rev, lead="Nog een keer.")
    assert anna.push(made, "delete", base=rev).outcome is Outcome.CONFLICT
    assert anna.doc(made)["lead"] == "Nog een keer."


def deleting_what_readers_see_is_refused(place: Place) -> None:
    """Withdraw first."""
    device = place.device(*EVERYBODY)
    made = device.publish()
    result = device.push(made, "delete", base=device.row(made).rev)
    assert (result.outcome, result.code) == (Outcome.CONFLICT, "status")


def deleting_another_persons_text_needs_the_right(place: Place) -> None:
    """A journalist deletes his own only."""
    made, rev = place.device("journalist").make()
    assert place.device("journalist").push(made, "delete", base=rev).code == "forbidden"


def deleting_what_was_never_there_is_gone(place: Place) -> None:
    """Nothing is made by deleting."""
    made = new_id()
    assert place.device("editor").push(made, "delete", base="2-000000000000").outcome is Outcome.GONE
    assert place.count(made) == 0


def writing_on_what_was_deleted_is_gone_with_its_tombstone(place: Place) -> None:
    """The desk asks: put it back, or let it go."""
    anna, bram = place.device("editor"), place.device("editor")
    made, rev = anna.make()
    gone = anna.push(made, "delete", base=rev)
    result = bram.write(made, rev, lead="Verder.")
    assert result.outcome is Outcome.GONE
    assert result.doc is not None
    assert (result.doc.doc, result.doc.rev) == (None, gone.rev)


def restoring_brings_the_last_text_back(place: Place) -> None:
    """The bin is for coming back."""
    device = place.device("editor")
    made, rev = device.make()
    gone = device.push(made, "delete", base=rev)
    back = device.push(made, "restore", base=gone.rev)
    assert back.outcome is Outcome.APPLIED
    row = device.row(made)
    assert row.doc is not None
    assert (row.doc["body"], row.rev) == (TEXT["body"], back.rev)


def restoring_what_stands_is_done_already(place: Place) -> None:
    """Two people think better of it."""
    device = place.device("editor")
    made, rev = device.make()
    result = device.push(made, "restore", base=rev)
    assert (result.outcome, result.code) == (Outcome.APPLIED, "already")


def restoring_by_an_older_tombstone_is_a_conflict(place: Place) -> None:
    """It was back and deleted again since."""
    device = place.device("editor")
    made, rev = device.make()
    first = device.push(made, "delete", base=rev)
    back = device.push(made, "restore", base=first.rev)
    device.push(made, "delete", base=back.rev)
    assert device.push(made, "restore", base=first.rev).outcome is Outcome.CONFLICT
    assert device.row(made).doc is None


CASES: tuple[Case, ...] = (
    *(case(one) for one in (
        a_new_article_is_applied_under_a_revision, an_acknowledged_text_is_answered_without_the_text,
        the_answer_brings_the_servers_own_fields, the_answer_says_the_servers_time, the_revision_is_the_feeds,
        what_was_sent_is_what_is_there, a_change_leaves_what_it_does_not_name, null_empties_a_field,
        every_change_has_a_higher_revision, a_stale_base_is_a_conflict_with_the_present_text,
        a_refused_change_changes_nothing, whoever_merged_gets_through, making_what_is_there_is_a_conflict,
        changing_what_was_never_there_is_gone, another_kind_under_the_same_identity_is_rejected,
        an_unknown_kind_is_rejected, a_read_only_field_is_rejected, an_unknown_field_is_rejected,
        a_value_of_another_type_is_rejected, a_field_that_is_too_long_is_rejected, whoever_may_not_write_is_rejected)),
    case(a_list_is_written_by_whoever_manages, Caps.CLIENT_IDS, a_list_has_no_place_there),
    *(case(one) for one in (
        an_unknown_verb_is_rejected, a_planned_line_is_accepted_and_stamped, a_line_that_comes_too_late_is_told_so,
        a_late_line_goes_with_its_planners_answer, breaking_is_not_everybodys,
        deleting_is_acknowledged_under_a_later_revision, deleting_what_is_deleted_is_done_already,
        deleting_a_text_that_moved_on_is_a_conflict, deleting_what_readers_see_is_refused,
        deleting_another_persons_text_needs_the_right, deleting_what_was_never_there_is_gone,
        writing_on_what_was_deleted_is_gone_with_its_tombstone, restoring_brings_the_last_text_back,
        restoring_what_stands_is_done_already, restoring_by_an_older_tombstone_is_a_conflict)),
)
