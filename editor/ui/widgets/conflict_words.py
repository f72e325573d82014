"""What a conflict card says and offers, by its kind. One table a question; no Qt in here.

The answers are those that `desk.conflicts.resolve` knows: mine, theirs, both, text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from editor.base.messages import Message
from editor.desk.conflicts import BOTH, MINE, TEXT, THEIRS
from editor.desk.ports import ConflictRow
from editor.ui.code_words import FIELDS
from editor.ui.widgets.conflict_values import is_free_text

VERSIONS = ("text", "field", "soft")  # kinds that show two versions side by side


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that a card offers, and its key."""

    choice: str
    key: str
    words: Message


@dataclass(frozen=True, slots=True)
class CardWords:
    """A card's head, its one sentence, its answers (the first is the one most likely meant)."""

    head: Message
    sentence: Message
    answers: tuple[Answer, ...]


def words_of(row: ConflictRow) -> CardWords:
    """What the card of `row` says."""
    if row.kind in VERSIONS:
        return CardWords(Message("conflict", "{field}: two versions", {"field": field_name(row.field)}),
                         _SOFT if row.kind == "soft" else _TEXT if row.regions else _FIELD, _version_answers(row))
    if row.kind == "refused":
        return _refused(row)
    if row.kind == "removal":
        return _removal(row)
    if row.kind == "note":
        return CardWords(Message("conflict", "For your information"), _NOTES.get(row.field, _NOTE), _SEEN)
    params = {"step": step_name(row.field), "why": reason(row)}
    head, sentence, answers = _FORGOTTEN if row.code == "forgotten" else _BY_KIND.get(row.kind, _BY_KIND["rejected"])
    return CardWords(Message(head.context, head.source, params), Message(sentence.context, sentence.source, params),
                     answers)


def field_name(field: str) -> Message:
    """A field's name for people; the code itself for one that is not known."""
    return FIELDS.get(field, _as_it_is(field))


def step_name(step: str) -> Message:
    """A step's or a command's name for people."""
    return _STEPS.get(step, _as_it_is(step))


def reason(row: ConflictRow) -> Message:
    """Why the server did not take it: the house's sentence for its code, else its own words."""
    if row.code in _CODES:
        return _CODES[row.code]
    said = row.theirs if isinstance(row.theirs, str) else ""
    return _as_it_is(said or row.code or "–")


def reason_of_code(code: str) -> Message | None:
    """The house's sentence for a code of the wire, None for one that it has none for."""
    return _CODES.get(code)


def is_editable(row: ConflictRow) -> bool:
    """Whether a text of one's own can be given: both versions are free texts."""
    return row.kind in VERSIONS and is_free_text(row.field) and all(
        value is None or isinstance(value, str) for value in (row.mine, row.theirs))


def _as_it_is(words: str) -> Message:
    return Message("conflict", "{words}", {"words": words})


def _version_answers(row: ConflictRow) -> tuple[Answer, ...]:
    both = (Answer(BOTH, "3", Message("conflict", "Both")),) if row.regions else ()
    edit = (Answer(TEXT, "E", Message("conflict", "Edit")),) if is_editable(row) else ()
    return (Answer(MINE, "1", Message("conflict", "Mine")),
            Answer(THEIRS, "2", Message("conflict", "The server’s")), *both, *edit)


def _refused(row: ConflictRow) -> CardWords:
    head = Message("conflict", "Not carried out: {step}", {"step": step_name(row.field)})
    sentence = _CODES.get(row.code, Message("conflict", "The server did not take it: {why}", {"why": reason(row)}))
    if row.code == "late" and row.field == "unschedule":
        return CardWords(head, Message("conflict", "The article was live before it could leave the schedule."),
                         (Answer(MINE, "1", Message("conflict", "Withdraw it now")),
                          Answer(THEIRS, "2", Message("conflict", "Leave it live"))))
    return CardWords(head, sentence, _SEEN)


def _removal(row: ConflictRow) -> CardWords:
    sentence = Message("conflict", "The server wants to remove {n} things at once; nothing was removed. Among them: {names}",
                       {"n": row.field, "names": str(row.theirs or "–")})
    return CardWords(Message("conflict", "Remove {n} things?", {"n": row.field}), sentence,
                     (Answer(MINE, "1", Message("conflict", "Keep everything, and put it back there")),
                      Answer(THEIRS, "2", Message("conflict", "Remove it here too"))))


_TEXT = Message("conflict", "The same sentence was changed in two places. Both versions are kept; publishing waits for a "
                            "choice.")
_FIELD = Message("conflict", "This field was changed in two places. Both values are kept; publishing waits for a choice.")
_SOFT = Message("conflict", "This field was changed in two places. Nothing is held up by it.")
_NOTE = Message("conflict", "This was settled without you; there is nothing to choose.")
_SEEN = (Answer(THEIRS, "1", Message("conflict", "Understood")),)
_NOTES: Mapping[str, Message] = {
    "superseded": Message("conflict", "A colleague’s decision on this reaction counts; yours is in the log."),
    "edited_after_delete": Message("conflict", "A colleague went on writing after this was deleted. The text was put "
                                               "back."),
    "deleted_after_edit": Message("conflict", "A colleague deleted this after your last change. It lies in the bin."),
    "newer_version": Message("conflict", "The server has something that this version does not know. It is kept; a newer "
                                         "version shows it."),
    "off_schedule": Message("conflict", "The embargo lies after the planned time: the article was taken off the "
                                        "schedule."),
}
_FORGOTTEN = (
    Message("conflict", "Lost by the server"),
    Message("conflict", "The server went back to an earlier state and no longer has this line. It goes up again only if you "
                        "want it."),
    (Answer(MINE, "1", Message("conflict", "Put it back up")),
     Answer(THEIRS, "2", Message("conflict", "Let it lapse")),
     Answer(BOTH, "3", Message("conflict", "Place it with its own time"))))
_BY_KIND: Mapping[str, tuple[Message, Message, tuple[Answer, ...]]] = {
    "late": (Message("conflict", "Too late for its time"),
             Message("conflict", "The planned time had passed before this line reached the server."),
             (Answer(MINE, "1", Message("conflict", "Place it now")),
              Answer(THEIRS, "2", Message("conflict", "Let it lapse")),
              Answer(BOTH, "3", Message("conflict", "Place it with its own time")))),
    "fallen": (Message("conflict", "A step was dropped"),
               Message("conflict", "A colleague changed the text first, so “{step}” and what came after it were not sent. "
                                   "Read the text again and take the step then."), _SEEN),
    "still_true": (Message("conflict", "Still true?"),
                   Message("conflict", "“{step}” could not be sent for over an hour."),
                   (Answer(MINE, "1", Message("conflict", "Yes, go on")),
                    Answer(THEIRS, "2", Message("conflict", "No, drop it")))),
    "deleted": (Message("conflict", "Deleted by a colleague"),
                Message("conflict", "This was deleted while there was unsent work in it. That text is kept."),
                (Answer(MINE, "1", Message("conflict", "Put it back")),
                 Answer(THEIRS, "2", Message("conflict", "Let it go")))),
    "rejected": (Message("conflict", "Stuck: {step}"),
                 Message("conflict", "The server did not take it: {why}"),
                 (Answer(MINE, "1", Message("conflict", "Try again")),
                  Answer(THEIRS, "2", Message("conflict", "Discard; the text stays among the versions")))),
    "unreadable": (Message("conflict", "Cannot be read"),
                   Message("conflict", "The server sent a version of this that cannot be read here. It was kept as it is; "
                                       "the next version is read again."), _SEEN),
    "dispute": (Message("conflict", "Two moderators, two decisions"),
                Message("conflict", "Until one of you settles it, the stricter decision stands."),
                (Answer(MINE, "1", Message("conflict", "Keep mine")),
                 Answer(THEIRS, "2", Message("conflict", "Take the other")),
                 Answer(BOTH, "3", Message("conflict", "Back to the queue")))),
}
_CODES: Mapping[str, Message] = {
    "stale_base": Message("conflict", "Somebody changed it in between."),
    "status": Message("conflict", "The article had another status already."),
    "hash": Message("conflict", "The text was no longer the one that was approved."),
    "approval_stale": Message("conflict", "The text was changed after its approval: it needs a fresh one."),
    "embargo": Message("conflict", "The embargo has not passed yet."),
    "disputed": Message("conflict", "Another moderator decided otherwise."),
    "text_changed": Message("conflict", "The reaction was edited in between: it is back in the queue."),
    "late": Message("conflict", "The planned time had passed already."),
    "read_only": Message("conflict", "It would change a field that only the server writes."),
    "type": Message("conflict", "A field holds something that does not belong there."),
    "limit": Message("conflict", "A text is too long."),
    "unknown_kind": Message("conflict", "The server does not know this kind of thing."),
    "no_such_step": Message("conflict", "The server does not know this step."),
    "forbidden": Message("conflict", "The role that you have there does not allow it."),
    "checklist": Message("conflict", "The newsroom’s checklist is not complete."),
    "server_error": Message("conflict", "The server stumbles over it each time; everything else goes on."),
}
_STEPS: Mapping[str, Message] = {
    "submit": Message("conflict", "hand in"), "return": Message("conflict", "send back"),
    "approve": Message("conflict", "approve"), "unapprove": Message("conflict", "take the approval back"),
    "schedule": Message("conflict", "schedule"), "unschedule": Message("conflict", "take off the schedule"),
    "publish": Message("conflict", "publish"), "correct": Message("conflict", "correct"),
    "withdraw": Message("conflict", "withdraw"), "reopen": Message("conflict", "reopen"),
    "upsert": Message("conflict", "save the text"), "delete": Message("conflict", "delete"),
    "restore": Message("conflict", "put back"), "moderate": Message("conflict", "decide on the reaction"),
    "upload": Message("conflict", "send a picture"),
}
