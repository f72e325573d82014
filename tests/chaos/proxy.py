"""A network at its worst between real sockets: a TCP proxy before a server, in a thread of its own.

One `Trouble` at a time meets the requests whose first bytes it names. Times are true to scale: with `scale=60` a byte a
second is sixty a second, and a stall of thirty seconds half a second; whoever shortens an engine's time-outs by the same
scale meets exactly what it would meet on the real network.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

STALL_S = 30.0
BYTE_S = 1.0
ANSWER_S = 1.0  # for a copy, of which nobody hears the answer
_RST = struct.pack("ii", 1, 0)  # SO_LINGER of no seconds: closing sends a reset


class Kind(Enum):
    """What happens to a request."""

    REFUSE = auto()  # a reset before its first byte
    CUT_REQUEST = auto()  # the first `at` bytes arrive, then a reset on both sides
    CUT_ANSWER = auto()  # the server acts; the first `at` bytes of its answer arrive, then the end
    RESET_ANSWER = auto()  # the same with a reset
    HALF_CLOSE = auto()  # the server is told that nothing more comes, and may still answer
    HALF_CLOSE_BACK = auto()  # the client is told that nothing more comes after `at` bytes, and is still listened to
    TRICKLE = auto()  # a byte a second there
    TRICKLE_BACK = auto()  # a byte a second back
    BLACK_HOLE = auto()  # nothing arrives, nobody says so
    STALL = auto()  # nothing for thirty seconds, then everything
    STALL_BACK = auto()  # the answer only
    DUPLICATE = auto()  # a copy arrives first
    DUPLICATE_AFTER = auto()  # a copy arrives afterwards
    REORDER = auto()  # it arrives after the next request, on a connection of its own; the client is reset


@dataclass(frozen=True, slots=True)
class Trouble:
    """`times` requests that begin with `only` meet it."""

    kind: Kind
    at: int = 0
    times: int = 1
    only: bytes = b"POST"


class Proxy:
    """Listens on a port of its own. `met` is set when the trouble has done its work, `acted` counts all of them."""

    def __init__(self, target: tuple[str, int], *, scale: float = 1.0, port: int = 0) -> None:
        self.target, self.scale = target, scale
        self.met = threading.Event()
        self.acted = 0
        self._trouble: Trouble | None = None
        self._left = 0
        self._late: list[bytes] = []
        self._links: set[Link] = set()
        self._loop = asyncio.new_event_loop()
        self._healed = asyncio.Event()
        self._healed.set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy")
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._accept, "127.0.0.1", port))
        self.port: int = self._server.sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def arm(self, trouble: Trouble) -> None:
        """From now on."""
        self._call(self._arm(trouble))

    def heal(self) -> None:
        """The network is well again; what was held back on its way arrives now."""
        self._call(self._heal())

    def close(self) -> None:
        """Drop everything."""
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(20)
        self._loop.close()

    def _call(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    async def _arm(self, trouble: Trouble) -> None:
        self.met.clear()
        self._healed.clear()
        self._trouble, self._left = trouble, trouble.times

    async def _heal(self) -> None:
        self._trouble = None
        self._healed.set()
        await self.deliver_late()

    async def _end(self) -> None:
        self._healed.set()
        self._server.close()
        writers = [writer for link in self._links for writer in link.writers()]
        for link in tuple(self._links):
            link.drop(hard=True)
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)

    # ------------------------------------------------------------------------------------------------ for the links
    def taken_by(self, first: bytes) -> Trouble | None:
        """The trouble that a request which begins so meets."""
        trouble = self._trouble
        if trouble is None or self._left == 0 or not first.startswith(trouble.only):
            return None
        self._left -= 1
        return trouble

    def acts(self) -> None:
        """Trouble was met."""
        self.acted += 1
        self.met.set()

    async def pause(self, seconds: float) -> None:
        """That long, true to scale, or until the network is well again."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._healed.wait(), seconds / self.scale)

    def hold(self, request: bytes) -> None:
        """Keep a request back."""
        self._late.append(request)

    async def deliver_late(self) -> None:
        """What was held back arrives, each on a connection of its own; nobody hears the answer."""
        late, self._late = self._late, []
        for request in late:
            await self.deliver(request)

    async def deliver(self, request: bytes) -> None:
        """Send whole bytes to the server and wait for the beginning of its answer, unless that takes long."""
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection(*self.target)
            try:
                writer.write(request)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(65536), ANSWER_S)
            finally:
                writer.close()
                with contextlib.suppress(OSError):
                    await writer.wait_closed()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        link = Link(self, reader, writer)
        self._links.add(link)
        try:
            await link.run()
        except (OSError, asyncio.CancelledError):
            link.drop(hard=True)
        finally:
            self._links.discard(link)


class Link:
    """One connection of a client, and its own to the server."""

    def __init__(self, proxy: Proxy, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._proxy, self._reader, self._writer = proxy, reader, writer
        self._upstream: asyncio.StreamWriter | None = None
        self._trouble: Trouble | None = None
        self._request = b""
        self._answered = 0  # bytes of the present answer

    async def run(self) -> None:
        """Carry both ways until both have ended."""
        back, self._upstream = await asyncio.open_connection(*self._proxy.target)
        carrying = asyncio.create_task(self._carry_all_back(back))
        try:
            while data := await self._reader.read(65536):
                await self._carry(data)
            if self._trouble is not None and self._trouble.kind is Kind.BLACK_HOLE:
                self._proxy.acts()  # the client has lost its patience
        finally:
            carrying.cancel()
            await asyncio.gather(carrying, return_exceptions=True)
            self.drop(hard=False)

    def writers(self) -> list[asyncio.StreamWriter]:
        """Both sides."""
        return [self._writer, *([self._upstream] if self._upstream is not None else [])]

    def drop(self, *, hard: bool) -> None:
        """End both sides, with a reset or politely."""
        for writer in self.writers():
            if writer.transport.is_closing():
                continue
            if hard:
                writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RST)
                writer.transport.abort()
            else:
                writer.close()

    # -------------------------------------------------------------------------------------------------------- there
    async def _carry(self, data: bytes) -> None:
        if re.match(rb"(GET|POST|PUT|HEAD|PATCH) /", data):
            self._trouble, self._request, self._answered = self._proxy.taken_by(data), b"", 0
        before = len(self._request)
        self._request += data
        trouble = self._trouble
        if trouble is None:
            await self._send(data)
        elif trouble.kind in (Kind.REFUSE, Kind.CUT_REQUEST):
            await self._cut(data, max(0, (trouble.at if trouble.kind is Kind.CUT_REQUEST else 0) - before))
        elif trouble.kind is Kind.TRICKLE:
            await self._trickle(data)
        elif trouble.kind is Kind.STALL:
            await self._proxy.pause(STALL_S)
            self._proxy.acts()
            await self._send(data)
        elif trouble.kind in _WHOLE:
            await self._when_whole(trouble.kind)
        elif trouble.kind is not Kind.BLACK_HOLE:
            await self._send(data)

    async def _trickle(self, data: bytes) -> None:
        """Byte by byte, on and on after the client has lost its patience: what is under way arrives late."""
        has_gone = False
        for number in range(len(data)):
            await self._send(data[number:number + 1])
            await self._proxy.pause(BYTE_S)
            if not has_gone and self._reader.at_eof():
                has_gone = True
                self._proxy.acts()

    async def _cut(self, data: bytes, left: int) -> None:
        if left >= len(data) and not self._is_whole():
            await self._send(data)
            return
        await self._send(data[:left])
        self._proxy.acts()
        self.drop(hard=True)

    async def _when_whole(self, kind: Kind) -> None:
        """What needs the request as a whole."""
        if not self._is_whole():
            return
        assert self._upstream is not None
        if kind is Kind.REORDER:
            self._proxy.hold(self._request)
            self._proxy.acts()
            self.drop(hard=True)
            return
        if kind is Kind.DUPLICATE:
            await self._proxy.deliver(self._request)
        await self._send(self._request)
        if kind is Kind.HALF_CLOSE:
            self._upstream.write_eof()
        if kind is Kind.DUPLICATE_AFTER:
            self._proxy.hold(self._request)
        self._proxy.acts()

    def _is_whole(self) -> bool:
        head, end, body = self._request.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: *(\d+)", head)
        return bool(end) and len(body) >= (int(length[1]) if length else 0)

    async def _send(self, data: bytes) -> None:
        assert self._upstream is not None
        if not self._upstream.transport.is_closing():
            self._upstream.write(data)
            await self._upstream.drain()

    # --------------------------------------------------------------------------------------------------------- back
    async def _carry_all_back(self, back: asyncio.StreamReader) -> None:
        try:
            await self._carry_back(back)
        except OSError:
            self.drop(hard=True)  # a reset stays one

    async def _carry_back(self, back: asyncio.StreamReader) -> None:
        while data := await back.read(65536):
            trouble, before = self._trouble, self._answered
            self._answered += len(data)
            if trouble is not None and trouble.kind in _BACK:
                await self._trouble_back(trouble, data, before)
            else:
                self._answer(data)
            await self._proxy.deliver_late()
        with contextlib.suppress(OSError):
            self._writer.write_eof()

    async def _trouble_back(self, trouble: Trouble, data: bytes, before: int) -> None:
        if trouble.kind in (Kind.STALL_BACK, Kind.TRICKLE_BACK):
            try:
                await self._slow_back(trouble.kind, data)
            finally:  # at its end, or when the client has lost its patience
                self._proxy.acts()
        else:
            self._answer(data[:max(0, trouble.at - before)])
            if before + len(data) < trouble.at:
                return
            self._proxy.acts()
            if trouble.kind is Kind.HALF_CLOSE_BACK:
                if self._writer.can_write_eof() and not self._writer.transport.is_closing():
                    self._writer.write_eof()
            else:
                self.drop(hard=trouble.kind is Kind.RESET_ANSWER)

    async def _slow_back(self, kind: Kind, data: bytes) -> None:
        if kind is Kind.STALL_BACK:
            await self._proxy.pause(STALL_S)
            self._answer(data)
            return
        for number in range(len(data)):
            self._answer(data[number:number + 1])
            await self._proxy.pause(BYTE_S)

    def _answer(self, data: bytes) -> None:
        if not self._writer.transport.is_closing():
            self._writer.write(data)


_WHOLE = (Kind.DUPLICATE, Kind.DUPLICATE_AFTER, Kind.REORDER, Kind.HALF_CLOSE)
_BACK = (Kind.CUT_ANSWER, Kind.RESET_ANSWER, Kind.HALF_CLOSE_BACK, Kind.TRICKLE_BACK, Kind.STALL_BACK)
