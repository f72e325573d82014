"""What asks for a person, said once in the window's frame: badges on the rail, notices above the desk, the connection.

It reads counts after each commit that may have changed them. GUI thread; one an open profile.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from editor.base.clock import Clock
from editor.base.errors import EditorError
from editor.base.messages import Message
from editor.desk.read_models import Counts, Reader
from editor.domain.changes import ChangeSet
from editor.domain.reaction import QueueState
from editor.runtime.sync_runner import SyncFacts
from editor.runtime.workers import Door, Slot
from editor.ui.shell.calling import Caller
from editor.ui.shell.facts import Connection, Fact
from editor.ui.shell.window import MainWindow
from editor.ui.sync.facts_words import bar_words, next_try_words, reading_words, skew_words, state_tone, why_words
from editor.ui.theme.tokens import Tone
from editor.ui.widgets.banner import Notice, Way
from editor.ui.widgets.instants import Instants
from editor.ui.wording import Wording

TO_DECIDE = (QueueState.PENDING, QueueState.REPORTED, QueueState.ESCALATED)
LOGIN, UPGRADE, SKEW, CONFLICT, STUCK = "login", "upgrade", "skew", "conflict", "stuck"


class Attention:
    """Keeps the frame of one window true to one profile."""

    def __init__(self, door: Door, window: MainWindow, wording: Wording, clock: Clock, *, show_sync: Callable[[str], None],
                 log_in: Callable[[], None], turn_reading: Callable[[], None], may_call: Callable[[], bool]) -> None:
        """`show_sync` opens a part of the Sync desk, by name; `turn_reading` stops a first reading or goes on with it; `may_call` says whether the person wants to be called while the window is not in front."""
        self._door, self._window, self._wording, self._clock = door, window, wording, clock
        self._show_sync, self._log_in, self._turn_reading = show_sync, log_in, turn_reading
        self._caller = Caller(window, may_call)
        self._is_counted = False
        self._slot = Slot()
        self._counts = Counts()
        self._zone = "Europe/Amsterdam"
        self._is_sample = self._is_counting = self._is_stale = False
        self._facts = SyncFacts()
        self._leave = door.bus.subscribe(self._on_changes)
        self.read()

    def close(self) -> None:
        """Look no longer; what hangs in the frame goes."""
        self._leave()
        self._slot.generation += 1
        for key in (LOGIN, UPGRADE, SKEW, CONFLICT, STUCK):
            self._window.drop_notice(key)

    def read(self) -> None:
        """Count again."""
        if self._is_counting:
            self._is_stale = True  # one question at a time: a round of sync commits many times
            return
        self._is_counting, self._is_stale = True, False
        self._door.read(_counted, self._show, self._on_failed, slot=self._slot)

    def set_facts(self, facts: SyncFacts) -> None:
        """How sync stands now."""
        say, window = self._wording.say, self._window
        before, self._facts = self._facts, facts
        turn = reading_words(facts)
        way = Way(say(turn), self._turn_reading) if turn is not None else None
        window.show_connection(Connection(say(bar_words(facts)), state_tone(facts), way))
        self._show_always()
        if before.state != facts.state:
            self._notice_state(facts)
        skew = skew_words(facts)
        if skew is None:
            window.drop_notice(SKEW)
        elif skew_words(before) is None:
            window.show_notice(Notice(SKEW, say(skew), Tone.READY))

    def _on_changes(self, _changes: ChangeSet, _initiator: object) -> None:
        self.read()

    def _show(self, told: tuple[Counts, bool, str]) -> None:
        self._is_counting = False
        before, is_first = self._counts, not self._is_counted
        self._is_counted = True
        self._counts, self._is_sample, self._zone = told
        counts = self._counts
        window = self._window
        deciding = sum(counts.queue.get(state.value, 0) for state in TO_DECIDE)
        window.show_badge("reactions", deciding, Message("application", "one to decide|{n} to decide", {"n": deciding}))
        self._show_sync_badge(counts)
        self._notice_count(CONFLICT, before.conflicts, counts.conflicts, _conflicts(counts), partial(self._show_sync, "CONFLICTS"))
        self._notice_count(STUCK, before.parked, counts.parked, _stuck(counts), partial(self._show_sync, "OUTBOX"))
        if not is_first:  # what waited already when the profile was opened is no news
            self._call_for(before, counts)
        self._show_always()
        if self._is_stale:
            self.read()

    def _call_for(self, before: Counts, now: Counts) -> None:
        """Call for the person whom something new needs. A refused step and a dispute come as conflicts."""
        if now.conflicts > before.conflicts:
            self._caller.call(self._wording.say(_conflicts(now)))
        elif now.parked > before.parked:
            self._caller.call(self._wording.say(_stuck(now)))

    def _on_failed(self, _error: EditorError) -> None:
        self._is_counting = False

    def _show_sync_badge(self, counts: Counts) -> None:
        waiting = counts.conflicts + counts.parked
        if waiting:
            said = Message("application", "one thing needs attention|{n} things need attention", {"n": waiting})
            self._window.show_badge("sync", waiting, said, urgent=True)
        else:
            said = Message("application", "one to be sent|{n} to be sent", {"n": counts.unsent})
            self._window.show_badge("sync", counts.unsent, said)

    def _notice_count(self, key: str, before: int, now: int, said: Message, act: Callable[[], None]) -> None:
        """A notice comes when there are more; one that was closed stays closed until then. It says how many are left."""
        if now == 0:
            self._window.drop_notice(key)
        elif now > before or (now < before and self._window.has_notice(key)):
            way = Way(self._wording.tr("application", "Show"), act)
            self._window.show_notice(Notice(key, self._wording.say(said), Tone.ERROR, (way,)))

    def _notice_state(self, facts: SyncFacts) -> None:
        for key in (LOGIN, UPGRADE):
            self._window.drop_notice(key)
        why = why_words(facts)
        if why is not None and facts.state == "needs_login":
            way = Way(self._wording.tr("application", "Log in"), self._log_in)
            self._window.show_notice(Notice(LOGIN, self._wording.say(why), Tone.READY, (way,)))
            self._caller.call(self._wording.say(why))
        elif why is not None and facts.state == "upgrade":
            self._window.show_notice(Notice(UPGRADE, self._wording.say(why), Tone.READY))

    def _show_always(self) -> None:
        tr, facts = self._wording.tr, []
        instants = Instants(self._wording, self._zone)
        following = next_try_words(self._facts, instants, self._clock.now())
        if self._counts.unsent and self._facts.state == "offline" and following:
            facts.append(Fact(tr("sync_desk", "next attempt {time}", time=following)))
        if self._is_sample:
            facts.append(Fact(tr("application", "sample newsroom · its clock says {time}",
                                 time=instants.clock(self._clock.now()))))
        self._window.show_always(*facts)


def _conflicts(counts: Counts) -> Message:
    return Message("application", "One conflict waits for a choice.|{n} conflicts wait for a choice.",
                   {"n": counts.conflicts})


def _stuck(counts: Counts) -> Message:
    return Message("application", "One thing is stuck and will not go out.|{n} things are stuck and will not go out.",
                   {"n": counts.parked})


def _counted(reader: Reader) -> tuple[Counts, bool, str]:
    connection = reader.connection()
    return reader.counts(), connection is not None and connection.sample, reader.newsroom().zone
