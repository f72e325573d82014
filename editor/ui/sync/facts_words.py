"""How the facts of synchronising are said: in the status bar, and in the desk's column. No Qt in here."""

from __future__ import annotations

from datetime import datetime

from editor.base.messages import Message
from editor.runtime.sync_runner import SyncFacts
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.instants import Instants

SKEW_SHOWN_S = 30.0

_STATES = {
    "unconnected": Message("sync_desk", "not connected"),
    "ok": Message("sync_desk", "online"),
    "busy": Message("sync_desk", "sending and fetching…"),
    "offline": Message("sync_desk", "offline, everything works"),
    "needs_login": Message("sync_desk", "log in again"),
    "upgrade": Message("sync_desk", "a newer version is needed"),
    "attention": Message("sync_desk", "needs attention"),
}
_TONES = {"ok": Tone.LIVE, "busy": Tone.ACCENT, "needs_login": Tone.READY, "upgrade": Tone.READY,
          "attention": Tone.ERROR}
_WHYS = {
    "needs_login": Message("sync_desk", "The server wants you to log in again. Nothing is lost; writing goes on."),
    "upgrade": Message("sync_desk", "The server wants a newer version of this program. Writing goes on."),
    "unconnected": Message("sync_desk", "Everything is kept on this computer. Connect to work together."),
}


def state_words(facts: SyncFacts) -> Message:
    """How sync stands, in a word or two; offline is calm."""
    if _is_stopped(facts):
        return Message("sync_desk", "fetching stopped")
    if facts.rows_total and facts.state == "busy":
        return Message("sync_desk", "fetching…")
    return _STATES.get(facts.state, _STATES["offline"])


def bar_words(facts: SyncFacts) -> Message:
    """How sync stands where nothing more is said of it: with how far a first reading is."""
    if _is_stopped(facts):
        return Message("sync_desk", "fetching stopped at {number} of {total}", _how_far(facts))
    if facts.rows_total and facts.state == "busy":
        return Message("sync_desk", "fetching {number} of {total}", _how_far(facts))
    return state_words(facts)


def state_tone(facts: SyncFacts) -> Tone:
    """The tone of its dot."""
    if _is_stopped(facts):
        return Tone.NEUTRAL
    return _TONES.get(facts.state, Tone.NEUTRAL)


def why_words(facts: SyncFacts) -> Message | None:
    """One sentence of what it means, None when there is nothing to say."""
    if facts.state in _WHYS:
        return _WHYS[facts.state]
    if facts.is_paused:
        return Message("sync_desk", "Fetching was stopped at {number} of {total}. What you write is sent all the same.",
                       _how_far(facts))
    if facts.rows_total and facts.state == "busy":
        return Message("sync_desk", "Fetching what is there: {number} of {total}. You can work meanwhile.", _how_far(facts))
    if facts.rows_total and facts.state == "offline":
        return Message("sync_desk", "Fetching got to {number} of {total} and goes on by itself.", _how_far(facts))
    return facts.said if facts.state == "attention" else None


def reading_words(facts: SyncFacts) -> Message | None:
    """What can be done about a first reading: stop it, go on with it; None when nothing is to be done."""
    if facts.is_paused:
        return Message("sync_desk", "Go on")
    return Message("sync_desk", "Pause") if facts.rows_total and facts.state == "busy" else None


def _is_stopped(facts: SyncFacts) -> bool:
    return facts.is_paused and facts.state in ("ok", "busy")


def _how_far(facts: SyncFacts) -> dict[str, object]:
    return {"number": facts.rows_done, "total": facts.rows_total}


def next_try_words(facts: SyncFacts, instants: Instants, now: datetime, *, row_at: datetime | None = None) -> str:
    """When it is tried again, "" when nothing waits for that: a time by the clock, to the second. It stays true while
    it stands there, which "in 2 min" does not. `row_at` is a request's own waiting time; the later one counts."""
    found = [at for at in (facts.next_try, row_at) if at is not None and at > now]
    return instants.clock(max(found), seconds=True) if found else ""


def skew_words(facts: SyncFacts) -> Message | None:
    """How this computer's clock stands towards the server's, once that matters."""
    seconds = round(abs(facts.skew_s))
    if seconds <= SKEW_SHOWN_S:
        return None
    if facts.skew_s > 0:
        return Message("sync_desk", "This computer’s clock is {seconds} s behind the server’s.", {"seconds": seconds})
    return Message("sync_desk", "This computer’s clock is {seconds} s ahead of the server’s.", {"seconds": seconds})
