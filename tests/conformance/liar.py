"""A server that answers every request with the same bytes, whatever it was asked; or with none."""

from __future__ import annotations

import contextlib
import json
import select
import socket
import threading
from collections.abc import Mapping
from typing import Any, Self


class Liar:
    """Listens until closed. `raw` is the whole answer, None hangs up after the request."""

    def __init__(self, raw: bytes | None) -> None:
        self._raw = raw
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.asked = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="liar")
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._ended.set()
        self._thread.join(10)
        self._listener.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *told: object) -> None:
        self.close()

    def _serve(self) -> None:
        while not self._ended.is_set():
            if not select.select([self._listener], [], [], 0.02)[0]:
                continue
            client, _ = self._listener.accept()
            with client, contextlib.suppress(OSError):
                client.settimeout(5)
                self._hear(client)
                self.asked += 1
                if self._raw is not None:
                    client.sendall(self._raw)
                    client.shutdown(socket.SHUT_WR)

    @staticmethod
    def _hear(client: socket.socket) -> None:
        """The request to its end: closing on unread bytes would break the answer off."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            part = client.recv(1 << 16)
            if not part:
                return
            heard += part
        head, _, body = heard.partition(b"\r\n\r\n")
        lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        missing = (int(lengths[0]) if lengths else 0) - len(body)
        while missing > 0:
            missing -= len(client.recv(1 << 16))


def answer(status: int, headers: Mapping[str, str], value: Any, *, cut: int = 0, length: int | None = None) -> bytes:
    """An HTTP answer: JSON of `value`, or its bytes. `cut` leaves off its end, `length` claims another."""
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    told = {"Content-Length": str(len(body) - cut if length is None else length), "Connection": "close",
            "Date": "Tue, 24 Nov 2026 11:00:00 GMT", **headers}
    head = "".join(f"{name}: {text}\r\n" for name, text in told.items())
    return f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + (body[:-cut] if cut else body)
