"""What the composition root gives to the window: what it needs before the first paint, and what comes once a profile
is open. The window imports no store, no backend and no press; these values are how it reaches them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the window is painted before these are loaded
    from editor.base.clock import Clock
    from editor.runtime.doctor import Finding
    from editor.runtime.sync_runner import SyncFacts
    from editor.runtime.workers import Deliver, Door

OnBug = Callable[[BaseException], None]
# Examines the connection: each finding, then the end of it; both told on a thread. Returns what stops it.
CheckUp = Callable[["Callable[[Finding], None]", Callable[[], None]], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class Opened:
    """An open profile. Everything in it may be called on the GUI thread, but `connect`, which may take seconds."""

    door: Door
    clock: Clock
    is_new: bool  # nobody has begun here yet: the first-run page is shown
    sync_now: Callable[[], None]  # wakes sync, never waits
    subscribe_facts: Callable[[Callable[[SyncFacts], None]], Callable[[], None]]  # told on any thread; returns its end
    connect: Callable[[str, str], None]  # address, token: greets, binds, starts sync; raises `EditorError`
    close: Callable[[], None]  # takes everything down, finishing what was asked
    start_sync: Callable[[], None]  # once the desk is filled; on a background thread
    brought_back: tuple[str, ...] = ()  # headlines of articles with text that could not be saved before
    still_kept: tuple[str, ...] = ()  # headlines of articles with text that still cannot be saved
    check_up: CheckUp | None = None  # examines the way to the server
    pause_reading: Callable[[], None] = lambda: None  # stops a first reading, never waits; `sync_now` goes on with it


@dataclass(frozen=True, slots=True)
class Parts:
    """What there is before any profile is open; made of Qt and `base.sqlite` at most.

    `settings_read` answers at once from what was read at the start; `settings_write` never waits for the disk and may
    be called before the profile is open. `background` has a call made on a thread of runtime's. `open_profile` and
    `open_sample` are called there after the first paint; they raise `EditorError`. `crash` is told of our own faults,
    on any thread.
    """

    profile: Path
    log_folder: Path
    version: str
    settings_read: Callable[[str], str | None]
    settings_write: Callable[[str, str], None]
    background: Callable[[Callable[[], None]], None]
    open_profile: Callable[[Deliver, OnBug], Opened]
    crash: OnBug
    open_sample: Callable[[Deliver, OnBug], Opened] | None = None
