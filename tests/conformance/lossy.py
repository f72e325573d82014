"""A wire that loses things: a forwarder between an adapter and its server that counts exchanges and breaks one of them."""

from __future__ import annotations

import contextlib
import select
import socket
import threading


class LossyWire:
    """Forwards to `port`. `lose` says which exchange from now on is broken, and where."""

    def __init__(self, url: str) -> None:
        self._port = int(url.rsplit(":", 1)[1])
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._lock = threading.Lock()
        self._left: int | None = None
        self._what = ""
        self._for_good = self._dead = False
        self.lost = 0
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._accept, name="lossy-wire")]
        self._threads[0].start()

    def lose(self, what: str, exchange: int, *, for_good: bool = False) -> None:
        """Break the exchange of that number, from 0: its `answer` or its `request`; with `for_good` all later ones too."""
        with self._lock:
            self._left, self._what, self._for_good = exchange, what, for_good

    def heal(self) -> None:
        """Nothing more is lost."""
        with self._lock:
            self._left, self._dead = None, False

    def close(self) -> None:
        """End everything."""
        self._ended.set()
        for thread in list(self._threads):
            thread.join(10)
        self._listener.close()

    def _accept(self) -> None:
        while not self._ended.is_set():
            if select.select([self._listener], [], [], 0.05)[0]:
                client, _ = self._listener.accept()
                thread = threading.Thread(target=self._carry, args=(client,), name="lossy-wire")
                self._threads.append(thread)
                thread.start()

    def _carry(self, client: socket.socket) -> None:
        with client, socket.create_connection(("127.0.0.1", self._port)) as server, contextlib.suppress(OSError):
            asking, doom = False, ""
            while not self._ended.is_set():
                for ready in select.select([client, server], [], [], 0.05)[0]:
                    data = ready.recv(1 << 16)
                    if ready is client and data and not asking:
                        asking, doom = True, self._doom()
                    if not data or doom == "request" or (ready is server and doom == "answer"):
                        return  # both ends are closed without another byte
                    (server if ready is client else client).sendall(data)
                    asking = asking and ready is client

    def _doom(self) -> str:
        """What becomes of the exchange that begins now."""
        with self._lock:
            if self._dead:
                return "request"
            if self._left is None:
                return ""
            self._left -= 1
            if self._left >= 0:
                return ""
            self._left, self._dead = None, self._for_good
            self.lost += 1
            return self._what
