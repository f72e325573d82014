"""Sentences in two languages."""

from editor.base.messages import Message
from editor.ui.wording import Wording


def test_a_sentence_is_said_in_dutch_with_its_plural_and_its_places():
    nl, en = Wording("nl"), Wording("en")
    assert nl.tr("shell", "one word|{n} words", n=1) == "één woord"
    assert nl.tr("shell", "one word|{n} words", n=412) == "412 woorden"
    assert en.say(Message("shell", "sent {time}", {"time": "13:58"})) == "sent 13:58"
    assert nl.say(Message("shell", "sent {time}", {"time": "13:58"})) == "verzonden 13:58"


def test_a_message_inside_a_message_is_said_too():
    assert Wording("nl").tr("shell", "sent {time}", time=Message("shell", "Close")) == "verzonden Sluiten"


def test_an_unknown_sentence_is_said_in_english():
    assert Wording("nl").tr("nowhere", "Never mind") == "Never mind"
