"""Cases: who greets, what he may, and what becomes of a token that is none."""

from __future__ import annotations

import pytest

from editor.sync.backend import AuthNeeded, Caps
from tests.conformance.place import EVERYBODY, Case, Device, Place, case


def a_greeting_names_the_newsroom_and_the_person(place: Place) -> None:
    """A profile is bound to one newsroom and one person."""
    device = place.device("journalist")
    info = device.backend.hello()
    assert (info.user_id, info.user_name) == (device.id, device.name)
    assert info.newsroom_id


def greeting_twice_says_the_same(place: Place) -> None:
    """It is also the probe after a pause, and changes nothing."""
    device = place.device("journalist")
    assert device.backend.hello() == device.backend.hello()


def two_people_share_a_newsroom_and_nothing_else(place: Place) -> None:
    """A request is never sent under another's name, so names must differ."""
    one, other = (place.device("journalist").backend.hello() for _ in range(2))
    assert one.newsroom_id == other.newsroom_id
    assert one.user_id != other.user_id


def rights_follow_from_roles(place: Place) -> None:
    """The desk greys out by what it heard."""
    journalist = place.device("journalist").backend.hello().rights
    editor = place.device("editor").backend.hello().rights
    assert "write" in journalist
    assert "publish" not in journalist
    assert "publish" in editor


def several_roles_add_up(place: Place) -> None:
    """A person has a set of roles."""
    info = place.device(*EVERYBODY).backend.hello()
    assert set(info.roles) == set(EVERYBODY)
    assert {"write", "publish", "moderate", "settle", "manage"} <= set(info.rights)


def the_epoch_of_a_greeting_is_the_feeds(place: Place) -> None:
    """Another epoch means another history: the two must never differ by accident."""
    backend = place.device("editor").backend
    assert backend.hello().epoch == backend.changes("content", None).epoch != ""


def the_server_says_its_own_time(place: Place) -> None:
    """Skew is shown from it, and plans are checked against it."""
    said = place.device("editor").backend.hello().server_time
    assert abs((said - place.clock.now()).total_seconds()) <= 1
    assert said.tzinfo is not None


def a_body_of_a_long_article_fits(place: Place) -> None:
    """The limit is told, and it is no small one."""
    assert place.device("editor").backend.hello().max_body >= 1024 * 1024


def no_newsroom_is_a_sample_by_accident(place: Place) -> None:
    """A sample's profile can never be connected elsewhere."""
    assert not place.device("editor").backend.hello().sample


def heads_name_the_streams_that_one_may_read(place: Place) -> None:
    """Nobody waits for a stream that he may not read."""
    assert set(place.device("journalist").backend.hello().heads) == {"content"}
    assert set(place.device("moderator").backend.hello().heads) == {"content", "reactions"}


def heads_claim_no_more_than_content(place: Place) -> None:
    """Such a server has no heads; the adapter names the one stream that everybody reads."""
    assert set(place.device("moderator").backend.hello().heads) == {"content"}


def capabilities_are_flags_that_stay(place: Place) -> None:
    """What a server guarantees does not depend on who asks."""
    assert place.device("journalist").backend.caps == place.device(*EVERYBODY).backend.caps == place.caps
    assert Caps.REVISIONS in place.caps


def _with_no_token(place: Place) -> Device:
    device = place.device("editor")
    place.revoke(device)
    return device


def a_wrong_token_greets_nobody(place: Place) -> None:
    """A stranger is told to log in."""
    backend = place.adapter("niemand:geheim")
    with pytest.raises(AuthNeeded):
        backend.hello()


def an_ended_token_greets_nobody(place: Place) -> None:
    """Whoever left the newsroom, or lost a laptop."""
    with pytest.raises(AuthNeeded):
        _with_no_token(place).backend.hello()


def an_ended_token_writes_nothing(place: Place) -> None:
    """And nothing is counted or thrown away at home."""
    device = _with_no_token(place)
    with pytest.raises(AuthNeeded):
        device.write(headline="Onbevoegd")


def an_ended_token_reads_no_feed(place: Place) -> None:
    """A stranger's empty answer must never look like a newsroom that deleted everything."""
    device = place.device("editor")
    device.make()
    device.catch_up()
    place.revoke(device)
    with pytest.raises(AuthNeeded):
        device.catch_up()


def an_ended_token_reads_no_revision(place: Place) -> None:
    """Earlier texts are as closed as present ones."""
    device = place.device("editor")
    made, rev = device.make()
    place.revoke(device)
    with pytest.raises(AuthNeeded):
        device.backend.revision(made, rev)


def closing_twice_is_safe(place: Place) -> None:
    """Both the window and its thread may let go."""
    backend = place.adapter(place.device("editor").token)
    backend.hello()
    backend.close()
    backend.close()


CASES: tuple[Case, ...] = (
    case(a_greeting_names_the_newsroom_and_the_person),
    case(greeting_twice_says_the_same),
    case(two_people_share_a_newsroom_and_nothing_else),
    case(rights_follow_from_roles),
    case(several_roles_add_up),
    case(the_epoch_of_a_greeting_is_the_feeds),
    case(the_server_says_its_own_time),
    case(a_body_of_a_long_article_fits),
    case(no_newsroom_is_a_sample_by_accident),
    case(heads_name_the_streams_that_one_may_read, Caps.CHANGE_FEED, heads_claim_no_more_than_content),
    case(capabilities_are_flags_that_stay),
    case(a_wrong_token_greets_nobody),
    case(an_ended_token_greets_nobody),
    case(an_ended_token_writes_nothing),
    case(an_ended_token_reads_no_feed),
    case(an_ended_token_reads_no_revision),
    case(closing_twice_is_safe),
)
