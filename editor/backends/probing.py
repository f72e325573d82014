"""The way to a server, walked one step at a time for the connection doctor: name, connection, encryption.

Sends no request and no token. Each step blocks for some seconds at most; `close` from another thread ends one.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import ssl
import urllib.request
from urllib.parse import urlsplit

import httpx2

from editor.runtime.doctor import Blocked, Way

STEP_S = 5.0
HERE = ("127.0.0.1", "localhost", "::1")
PORTS = {"http": 80, "https": 443}
# What OpenSSL calls the ways in which a certificate is refused.
EXPIRED, NOT_YET, OTHER_NAME, SELF_SIGNED = (10,), (9,), (62, 64), (18, 19)


class Road:
    """One way to `url`: through the proxy of the environment where there is one, else straight."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        self._name = self._parts.hostname or ""
        proxy = "" if self._name in HERE or urllib.request.proxy_bypass(self._name) else _proxy(self._parts.scheme)
        self._through = urlsplit(proxy)
        self._socket: socket.socket | None = None
        self._found: list[tuple[str, int]] = []

    @property
    def way(self) -> Way:
        """What kind of way it is."""
        if self._through.hostname:
            return Way.PROXY
        if self._name in HERE:
            return Way.HERE
        return Way.STRAIGHT if self._parts.scheme == "https" else Way.OPEN

    @property
    def host(self) -> str:
        """The name that is looked up: the proxy's where there is one."""
        return self._through.hostname or self._name

    @property
    def is_number(self) -> bool:
        """Whether the address has no name that could be looked up."""
        with contextlib.suppress(ValueError):
            return bool(ipaddress.ip_address(self.host))
        return False

    def resolve(self) -> None:
        """Look the name up. Raises `Blocked`."""
        parts = self._through if self._through.hostname else self._parts
        try:
            port = parts.port or PORTS.get(parts.scheme, 443)
            found = socket.getaddrinfo(self.host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError, ValueError) as error:
            raise Blocked("no_name") from error
        self._found = [(str(one[4][0]), int(one[4][1])) for one in found]

    def connect(self) -> None:
        """Open a connection to one of the addresses found. Raises `Blocked`."""
        last: OSError | None = None
        for address in self._found[:4]:
            try:
                self._socket = socket.create_connection(address, timeout=STEP_S)
            except OSError as error:
                last = error
            else:
                return
        if isinstance(last, ConnectionRefusedError):
            raise Blocked("refused") from last
        raise Blocked("silent" if isinstance(last, TimeoutError) else "unreachable") from last

    def secure(self) -> None:
        """Greet with TLS and check the certificate against what this program trusts. Raises `Blocked`."""
        if self._socket is None:
            raise Blocked("unreachable")
        try:
            held = httpx2.create_ssl_context().wrap_socket(self._socket, server_hostname=self._name)
        except ssl.SSLCertVerificationError as error:
            raise Blocked(_refusal(error.verify_code)) from error
        except (OSError, ValueError) as error:
            raise Blocked("no_tls") from error
        self._socket = held

    def close(self) -> None:
        """Let go; a step under way ends. Safe to call twice."""
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()


def _proxy(scheme: str) -> str:
    found = urllib.request.getproxies()
    return found.get(scheme) or found.get("all") or ""


def _refusal(code: int) -> str:
    for codes, name in ((EXPIRED, "expired"), (NOT_YET, "not_yet"), (OTHER_NAME, "other_name"), (SELF_SIGNED, "self_signed")):
        if code in codes:
            return name
    return "untrusted"
