"""The threads that work for the window, and the one door to them.

db-writer x1 runs every operation that changes data, db-reader x2 lists, counts and searches, cpu x1 language checks
and exports. Nothing waits on the caller's thread; answers come back through `deliver`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from typing import Protocol, TypeVar

from editor.base.errors import Bug, EditorError
from editor.base.messages import Message
from editor.desk.ports import UnitOfWork
from editor.desk.read_models import Reader
from editor.desk.swap import SwapFiles, SwapText, bring_back
from editor.domain.changes import Outcome
from editor.runtime.bus import Bus

T = TypeVar("T")
Deliver = Callable[[Callable[[], None]], None]


class Database(Protocol):
    """The profile's database as the runtime needs it."""

    @property
    def swap(self) -> SwapFiles:
        """Where typed text goes while the database cannot be written."""
        ...

    def write(self) -> AbstractContextManager[UnitOfWork]:
        """One transaction on the writer; leaving it without an error commits durably."""
        ...

    def read(self) -> AbstractContextManager[Reader]:
        """One snapshot."""
        ...


class Slot:
    """One place on screen that waits for an answer: only the newest question's answer is delivered to it."""

    __slots__ = ("generation",)

    def __init__(self) -> None:
        self.generation = 0


class Door:
    """How widgets, sync and the command line reach the data.

    `change` runs an operation on the writer, publishes what it changed after the commit, then delivers its value.
    `read` asks a question in one snapshot. `failed` gets an `EditorError`; anything else goes to `on_bug` as well.
    """

    def __init__(self, database: Database, bus: Bus, deliver: Deliver, on_bug: Callable[[BaseException], None]) -> None:
        self._database = database
        self._bus = bus
        self._deliver = deliver
        self._on_bug = on_bug
        self._writer = ThreadPoolExecutor(1, "db-writer")
        self._readers = ThreadPoolExecutor(2, "db-reader")
        self._cpu = ThreadPoolExecutor(1, "cpu")
        self._closed = threading.Event()

    @property
    def bus(self) -> Bus:
        """Where commits are told."""
        return self._bus

    def change(self, operation: Callable[[UnitOfWork], Outcome[T]], then: Callable[[T], None] | None = None,
               failed: Callable[[EditorError], None] | None = None, *, initiator: object = None) -> None:
        """Run `operation` in one transaction; `then` gets its value once it is durable."""
        self._answer(self._writer.submit(self._commit, operation, initiator), then, failed, None)

    def save(self, operation: Callable[[UnitOfWork], Outcome[T]], text: SwapText, then: Callable[[T], None],
             failed: Callable[[EditorError], None], *, whole: Callable[[UnitOfWork], Outcome[T]],
             initiator: object = None) -> None:
        """`change` for what somebody typed. When it cannot be committed, whatever the reason, `text` is kept in a file
        beside the database before `failed` is told, and the error says so.

        `whole` saves all of `text`, where `operation` builds on a save before it: it is done instead when that one
        failed. Text that other sittings at the article could not save is saved with it.
        """
        self._answer(self._writer.submit(self._save, operation, whole, text, initiator), then, failed, None)

    def bring_back_now(self) -> tuple[SwapText, ...]:
        """Save what earlier runs could not, waiting for it; what is still refused, which stays where it is."""
        return self._writer.submit(lambda: self._bring_back(self._database.swap.left())).result()

    def change_now(self, operation: Callable[[UnitOfWork], Outcome[T]], *, initiator: object = None) -> T:
        """`change`, waiting for the commit: for sync's thread and the command line, never for the GUI thread."""
        return self._writer.submit(self._commit, operation, initiator).result()

    def read(self, query: Callable[[Reader], T], then: Callable[[T], None],
             failed: Callable[[EditorError], None] | None = None, *, slot: Slot | None = None) -> None:
        """Ask `query` in one snapshot. With a `slot`, an answer that a newer question has overtaken is dropped."""
        self._answer(self._readers.submit(self._ask, query), then, failed, slot)

    def read_now(self, query: Callable[[Reader], T]) -> T:
        """`read`, waiting: for the command line and sync."""
        return self._readers.submit(self._ask, query).result()

    def compute(self, work: Callable[[], T], then: Callable[[T], None],
                failed: Callable[[EditorError], None] | None = None, *, slot: Slot | None = None) -> None:
        """Run something that touches no data, on the cpu thread."""
        self._answer(self._cpu.submit(work), then, failed, slot)

    def close(self) -> None:
        """Finish what was asked, readers first, the writer last (it checkpoints)."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._cpu.shutdown(cancel_futures=True)
        self._readers.shutdown(cancel_futures=True)
        self._writer.shutdown()

    def _commit(self, operation: Callable[[UnitOfWork], Outcome[T]], initiator: object) -> T:
        with self._database.write() as work:
            outcome = operation(work)
        self._bus.publish(outcome.changes, initiator)
        if outcome.refusal is not None:
            raise outcome.refusal
        return outcome.value

    def _save(self, operation: Callable[[UnitOfWork], Outcome[T]], whole: Callable[[UnitOfWork], Outcome[T]],
              text: SwapText, initiator: object) -> T:
        swap = self._database.swap
        has_failed = any(one.sitting == text.sitting for one in swap.kept())
        try:
            value = self._commit(whole if has_failed else operation, initiator)
        except Exception as error:
            raise self._kept(error, text) from error
        if has_failed:
            swap.forget(text)
        self._bring_back(tuple(one for one in swap.kept() if one.article_id == text.article_id))
        return value

    def _bring_back(self, texts: tuple[SwapText, ...]) -> tuple[SwapText, ...]:
        refused = []
        for text in texts:
            try:
                self._commit(partial(bring_back, text=text), None)
            except EditorError:
                refused.append(text)
            except Exception as error:  # one text must not keep the others, nor the profile, from being opened
                self._on_bug(error)
                refused.append(text)
            else:
                self._database.swap.forget(text)
        return tuple(refused)

    def _kept(self, error: Exception, typed: SwapText) -> EditorError:
        if not isinstance(error, EditorError):
            self._on_bug(error)
            error = Bug("save_failed", Message("runtime", "Saving failed by a fault in the program."),
                        fix=Message("runtime", "Saving is tried again every few seconds."))
        safe = Message("runtime", "What you typed is kept in a file and comes back by itself.")
        try:
            self._database.swap.keep(typed)
        except EditorError:
            safe = Message("runtime", "What you typed stands on this screen alone: copy it elsewhere before you close it.")
        error.safe = safe
        return error

    def _ask(self, query: Callable[[Reader], T]) -> T:
        with self._database.read() as reader:
            return query(reader)

    def _answer(self, future: Future[T], then: Callable[[T], None] | None,
                failed: Callable[[EditorError], None] | None, slot: Slot | None) -> None:
        generation = 0
        if slot is not None:
            slot.generation += 1
            generation = slot.generation

        def deliver(done: Future[T]) -> None:
            if done.cancelled():
                return
            self._deliver(lambda: self._give(done, then, failed, slot, generation))
        future.add_done_callback(deliver)

    def _give(self, done: Future[T], then: Callable[[T], None] | None, failed: Callable[[EditorError], None] | None,
              slot: Slot | None, generation: int) -> None:
        if slot is not None and slot.generation != generation:
            return
        error = done.exception()
        if error is None:
            if then is not None:
                then(done.result())
        elif isinstance(error, EditorError) and failed is not None:
            failed(error)
        else:
            self._on_bug(error)
