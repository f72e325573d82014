"""No sentence for a person carries a code of the machine: statuses, fields, kinds and states are said in words."""

import re
import tomllib

import pytest

from editor.base.errors import EditorError
from editor.base.messages import Message
from editor.domain.article import Action, Article, Status
from editor.domain.documents import WRITABLE, check_patch
from editor.domain.field_codecs import ARTICLE, TICKER
from editor.domain.moments import moment_from_wall
from editor.domain.newsroom import Newsroom
from editor.domain.people import Actor, Role
from editor.domain.workflow import Step, take_step
from editor.runtime.sync_runner import SyncFacts
from editor.ui.code_words import PLACES
from editor.ui.sync.facts_words import why_words
from editor.ui.wording import WALL_PLACES, Wording
from tests.architecture.sentences import sentences
from tests.architecture.source import ROOT, modules

NL, EN = Wording("nl"), Wording("en")
# What stands in the other places is a name, a number, a text of the person's own, or something typed as it is.
FREE = {
    "argument", "bad", "choices", "code", "command", "conflicts", "day", "detail", "device", "digit", "fault",
    "first", "found", "gap", "good", "head", "headline", "holder", "host", "hours", "id", "key", "limit", "line",
    "megabytes", "minutes", "month", "more", "n", "name", "names", "now", "number", "op_id", "path", "pending", "person", "place",
    "port", "pulled", "pushed", "reactions", "reason", "result", "rights", "role", "roles", "seconds", "sent", "slot",
    "span", "stated", "step", "subheads", "text", "then", "total", "url", "value", "verb", "version", "waiting",
    "weekday", "what", "when", "who", "why", "words", "year", "zone",
}
SAME_IN_DUTCH = {"status", "lead", "live", "offline", "online", "credit", "conflict", "ticker", "type"}


def codes_of(place: str) -> set[str]:
    """Every code that can stand there, from where the codes are made."""
    fields = {name for names in (*WRITABLE.values(), ARTICLE, TICKER) for name in names}
    return {
        "status": {status.value for status in Status}, "field": fields, "fields": fields,
        "kind": {*WRITABLE, "reaction", "person"},
        "state": {"unconnected", "ok", "busy", "offline", "needs_login", "upgrade", "attention"},
    }[place]


def placed() -> set[str]:
    """The names of all places in the sentences of the inner layers, which know codes and no words."""
    outer = ("editor.ui", "editor.cli", "editor.bench", "editor.demo", "editor.press")
    return {name for module in modules("editor") if not module.within(*outer) for sentence in sentences(module)
            for name in re.findall(r"\{(\w+)\}", sentence.source)}


def test_every_place_of_every_sentence_is_known_to_hold_words_or_to_have_them():
    unknown = placed() - FREE - set(PLACES) - set(WALL_PLACES)
    assert not unknown, f"say in `code_words` how these are said, or here that they are words already: {sorted(unknown)}"


@pytest.mark.parametrize("place", sorted(PLACES))
def test_every_code_that_can_stand_there_has_its_words(place):
    assert codes_of(place) <= set(PLACES[place])


def refusals() -> list[tuple[str, str, str]]:
    """Every sentence of the catalogues with a place for a code, with each code that can stand in it."""
    found = []
    for path in sorted((ROOT / "resources" / "i18n" / "nl").glob("*.toml")):
        for source in tomllib.loads(path.read_text(encoding="utf-8")):
            for place in set(re.findall(r"\{(\w+)\}", source)) & set(PLACES):
                found += [(path.stem, source, code) for code in sorted(codes_of(place))]
    return found


def test_no_refusal_says_a_code_in_dutch():
    assert refusals()
    for context, source, code in refusals():
        (place,) = set(re.findall(r"\{(\w+)\}", source)) & set(PLACES)
        word = NL.say(PLACES[place][code])
        assert NL.say(Message(context, source, {place: code})) == NL.say(Message(context, source, {place: word}))
        assert word != code or code in SAME_IN_DUTCH, code


def test_the_rules_own_refusals_are_said_in_words():
    draft = Article("a", headline="Kop", created_by="u")
    actor = Actor("u", "Samira", frozenset({Role.JOURNALIST}))
    with pytest.raises(EditorError) as caught:
        take_step(draft, Step(Action.SUBMIT), rev="1-a", actor=actor,
                  newsroom=Newsroom(checklist=("lead", "lead_image")), now=moment_from_wall("2027-03-27T12:00", "Europe/Amsterdam").utc)
    assert NL.say(caught.value.message) == "Ontbreekt nog: Lead, Beeld."
    with pytest.raises(EditorError) as caught:
        check_patch("article", {"changed_by": "u2"})
    assert NL.say(caught.value.message) == "Het veld Gewijzigd door is hier niet te wijzigen."
    with pytest.raises(EditorError) as caught:
        check_patch("reaction", {})
    assert NL.say(caught.value.message) == "Een reactie is hier niet te wijzigen."


@pytest.mark.parametrize(("wall", "dutch", "english"), [
    ("2027-03-28T02:30", "28 maart 2027, 02:30 bestaat niet: die nacht gaat de klok vooruit.",
     "28 March 2027, 02:30 does not exist: the clock goes forward that night."),
    ("2027-10-31T02:30", "31 oktober 2027, 02:30 komt twee keer voor: die nacht gaat de klok terug.",
     "31 October 2027, 02:30 comes twice: the clock goes back that night."),
])
def test_a_time_in_a_sentence_is_written_as_people_write_it(wall, dutch, english):
    with pytest.raises(EditorError) as caught:
        moment_from_wall(wall, "Europe/Amsterdam")
    assert NL.say(caught.value.message) == dutch
    assert EN.say(caught.value.message) == english
    assert NL.say(Message("refusal", "The embargo has not passed: {time}.", {"time": wall.replace("T", " ")})).endswith(
        dutch.split(" bestaat")[0].split(" komt")[0] + ".")


def test_what_is_no_wall_time_is_left_as_it_was_typed():
    assert NL.wall("12:55") == "12:55"
    assert NL.wall("2027-13-45 99:99") == "2027-13-45 99:99"
    assert NL.wall("28 maart") == "28 maart"


def test_what_stops_sync_is_said_in_the_persons_language():
    fault = Message("sync", "Sending and fetching stumbled over a fault of ours; it is tried again.")
    facts = SyncFacts("attention", why=str(fault), said=fault)
    told = why_words(facts)
    assert told is not None
    assert NL.say(told).startswith("Bij het verzenden en ophalen ging in het programma iets mis")
