"""HTTP without sockets: a small blocking bridge from the HTTP client to press's application, in one process.

What an engine could tell apart is real: requests, answers, headers, media types. Only the wire is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

import httpx2
from starlette.applications import Starlette


class Bridge(httpx2.BaseTransport):
    """Carries each request into `app` and waits for the whole answer. With `app` None nobody answers there."""

    def __init__(self, app: Starlette | None) -> None:
        self.app = app
        self.portal = False  # a hotel's log-in page answers instead

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """One request, one answer."""
        if self.app is None:
            raise httpx2.ConnectError("nobody answers", request=request)
        if self.portal:
            return httpx2.Response(200, headers={"content-type": "text/html"}, content=b"<html>Welkom, log in</html>")
        return self.carry(request)

    def carry(self, request: httpx2.Request) -> httpx2.Response:
        """What the application answers."""
        assert self.app is not None
        return asyncio.run(carry(self.app, request, request.read()))


async def carry(app: Starlette, request: httpx2.Request, body: bytes) -> httpx2.Response:
    """The application's whole answer to one request."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": request.method,
        "scheme": request.url.scheme, "path": request.url.path, "raw_path": request.url.raw_path.split(b"?")[0],
        "query_string": request.url.query, "root_path": "", "client": ("127.0.0.1", 50000),
        "server": (request.url.host, request.url.port or 80),
        "headers": [(name.lower(), value) for name, value in request.headers.raw],
    }
    sent: list[MutableMapping[str, Any]] = []
    waiting = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    head = next(message for message in sent if message["type"] == "http.response.start")
    content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    return httpx2.Response(head["status"], headers=head["headers"], stream=httpx2.ByteStream(content))
