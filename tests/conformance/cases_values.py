"""Cases: texts as people and programs write them, and values that should not have been sent."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from editor.base.ids import new_id
from editor.sync.backend import AdapterError, Malformed, Outcome
from tests.conformance.place import EVERYBODY, TEXT, Case, Device, Place

TEXTS: tuple[tuple[str, str, str], ...] = (
    ("marks_of_html", "A story about a < b & c > d \"x\" 'y'.", "What looks like a tag is text."),
    ("a_script", "Voor <script>alert(1)</script> na", "It is kept as it is; the page is what makes it harmless."),
    ("a_comments_end", "Voor --> na <!-- en verder", "A site's own marks end no block of ours."),
    ("a_marker_of_ours", '<!-- wp:redactie/source {"uuid":"x"} /-->', "Nobody becomes another thing by quoting a mark."),
    ("markdown", "# Kop\n\n- een\n- *twee*\n\n> citaat\n\n`code`", "Our own notation."),
    ("line_ends", "een\r\ntwee\rdrie\nvier", "What was typed is what is stored."),
    ("blanks_around", "  \n\t tekst \n\n  ", "Nothing is trimmed."),
    ("nothing_but_blanks", "   ", "Nor is it nothing."),
    ("a_no_break_space", "EUR\u00a010\u202f000", "It is no ordinary space."),
    ("decomposed_letters", "cafe\u0301 en café", "Normalised on paste, never on the way."),
    ("pictures", "👩🏽‍💻🇳🇱 𝔊", "Beyond the basic plane, joined, in pairs."),
    ("two_directions", "\u202eomgekeerd\u202c عربي עברית", "Marks of direction travel."),
    ("line_separators", "een\u2028twee\u2029drie", "They are no line ends to JSON."),
    ("backslashes", r"C:\pad \n \u0041 \\ \" ", "Nothing is unescaped twice."),
    ("json_in_a_text", '{"ops":[{"op_id":"x"}],"doc":null}', "A text that looks like a message."),
    ("marks_of_sql", "'; DROP TABLE entity; -- %s %(x)s ?", "Nor like a statement."),
    ("marks_of_templates", "{{ 7*7 }} ${x} {0} %d", "Nor like a template."),
    ("a_byte_order_mark", "\ufefftekst\ufffe", "At its beginning and where it is none."),
    ("control_marks", "a\u0001b\u0007c\u001bd", "Pasted from a terminal."),
    ("a_very_long_text", "De raad stemt. " * 12_000, "A hundred and eighty kilobytes in one article."),
    ("a_line_without_end", "x" * 100_000, "Not a single space."),
)


def _travels(place: Place, text: str) -> None:
    device = place.device("editor")
    made, rev = device.make(body=text)
    assert device.doc(made)["body"] == text
    device.write(made, rev, note=text[:2000])
    doc = device.doc(made)
    assert (doc["body"], doc["note"]) == (text, text[:2000])
    assert device.step(made, "approve").outcome is Outcome.APPLIED  # its hash is the same on both sides


def _refusal(device: Device, made: str, body: str) -> int:
    """The status with which a text was called wrong, 0 where it was taken."""
    try:
        assert device.write(made, **{**TEXT, "body": body}).outcome is Outcome.APPLIED
    except Malformed as refused:
        return refused.status
    return 0


def a_null_character_is_no_silent_loss(place: Place) -> None:
    """A database that cannot hold it says so; one that can gives it back."""
    device, made = place.device("editor"), new_id()
    status = _refusal(device, made, "voor\u0000na")
    assert status in (0, 400)
    assert status == 400 or device.doc(made)["body"] == "voor\u0000na"


def a_body_beyond_every_limit_is_refused(place: Place) -> None:
    """Three megabytes: the lane is parked, nothing is cut."""
    device, made = place.device("editor"), new_id()
    assert _refusal(device, made, "x" * 3_000_000) in (400, 413)
    assert place.count(made) == 0


def an_identity_that_is_none_is_refused(place: Place) -> None:
    """It becomes part of addresses and files."""
    device = place.device("editor")
    for identity in ("", "x", "../../etc", new_id().upper(), "a" * 5000, "%2e%2e"):
        made = device.op(identity, "upsert", patch=TEXT)
        with pytest.raises(Malformed):
            device.backend.push(made)


def a_hostile_identity_reads_nothing(place: Place) -> None:
    """Nor does asking for one lead anywhere else."""
    backend = place.device(*EVERYBODY).backend
    for identity, rev in (("../sync/hello", "x"), ("x", "../../../v1/sync/hello"), ("a b", "?x=1#y"), ("é", "%00")):
        with pytest.raises(AdapterError):
            backend.revision(identity, rev)


def many_fields_at_once_travel_together(place: Place) -> None:
    """Tags, bylines, related and picture are structures."""
    device = place.device("editor")
    rich = {"tags": ["één", "twee & drie"], "bylines": [{"name": "J. de Vries", "person_id": device.id, "role": "tekst"}],
            "related": [new_id(), new_id()], "kicker": "Verkeer", "slug": "de-brug",
            "lead_image": {"media_id": new_id(), "alt": "Een brug", "caption": "De brug", "credit": "Foto"}}
    made, _ = device.make(**rich)
    doc = device.doc(made)
    assert {name: doc[name] for name in rich} == rich


def lookalike_texts_stay_apart(place: Place) -> None:
    """Equal on screen is not equal."""
    device = place.device("editor")
    made, rev = device.make(body="café")
    result = device.write(made, rev, body="cafe\u0301")
    assert result.rev != rev
    assert device.doc(made)["body"] == "cafe\u0301"


def _text(text: str) -> Callable[[Place], None]:
    return lambda place: _travels(place, text)


def _one(run: Callable[[Place], None]) -> Case:
    assert run.__doc__
    return Case(run.__name__, run.__doc__, run)


CASES: tuple[Case, ...] = (
    *(Case(f"a_text_with_{name}", why, _text(text)) for name, text, why in TEXTS),
    *(_one(run) for run in (
        a_null_character_is_no_silent_loss, a_body_beyond_every_limit_is_refused, an_identity_that_is_none_is_refused,
        a_hostile_identity_reads_nothing, many_fields_at_once_travel_together, lookalike_texts_stay_apart)),
)
