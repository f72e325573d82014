"""One uvicorn server that says when it answers, and stops without keeping its visitors waiting."""

from __future__ import annotations

import contextlib
import signal
import socket
import threading
from collections.abc import Callable, Iterator

import uvicorn
from starlette.applications import Starlette

from editor.base.errors import UserError
from editor.base.messages import Message
from editor.press.hub import Hub

GRACE_S = 5  # for requests that are under way when the server is told to stop
SLOW_S = 10  # for a connection that says nothing


class PressServer(uvicorn.Server):
    """`run` blocks until a signal or `stop`. The socket is bound at construction, so a taken port is told at once.

    `bound` is a socket that several processes accept from; without it one is made for `host` and `port`.
    """

    def __init__(self, app: Starlette, *, hub: Hub, host: str = "", port: int = 0, trusted_proxy: str | None = None,
                 on_ready: Callable[[str], None] = lambda url: None, bound: socket.socket | None = None) -> None:
        self._hub = hub
        self._on_ready = on_ready
        self._socket = bound or bind(host, port)
        super().__init__(uvicorn.Config(
            app, lifespan="on", log_config=None, access_log=False, server_header=False, ws="none",
            timeout_keep_alive=SLOW_S, timeout_graceful_shutdown=GRACE_S, proxy_headers=trusted_proxy is not None,
            forwarded_allow_ips=trusted_proxy))

    @property
    def url(self) -> str:
        """The address that it is reached at."""
        return url_of(self._socket)

    def run(self, sockets: list[socket.socket] | None = None) -> None:
        """Serve on the bound socket until told to stop."""
        try:
            super().run(sockets or [self._socket])
        finally:
            self._socket.close()

    def stop(self) -> None:
        """End `run`. Any thread."""
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets)
        if self.started:
            self._on_ready(self.url)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let whoever waits for news go first: they would wait out their time."""
        self._hub.close()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on SIGTERM and SIGINT, and return normally: uvicorn's own would raise the signal once more."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def url_of(bound: socket.socket) -> str:
    """The address that a bound socket is reached at."""
    host, port = bound.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def bind(host: str, port: int) -> socket.socket:
    """A socket bound there, that child processes may inherit. Raises `UserError` where that cannot be."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named asyncio sets TCP_NODELAY on what it accepts; without it each answer waits 40 ms.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise UserError("port_taken", Message("press", "Port {port} on {host} cannot be used.",
                                              {"port": port, "host": host}),
                        fix=Message("press", "Choose another one with --port, or 0 for any free one.")) from error
    found.set_inheritable(True)
    return found
