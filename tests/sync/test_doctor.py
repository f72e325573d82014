"""The connection doctor against a real press, and against the ways in which a connection goes wrong."""

from __future__ import annotations

import http.server
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from editor.backends.press import PressBackend
from editor.backends.probing import Road
from editor.base.clock import FixedClock
from editor.press import people
from editor.runtime.doctor import Check, Examination, Finding, Patient, Verdict, examine
from editor.ui.wording import Wording
from tests.sync.newsroom import Newsroom

ALL = list(Check)


def patient(newsroom: Newsroom, url: str = "", token: str | None = None) -> Patient:
    """Anna's connection, at `url` or at the newsroom's press."""
    token = people.add(newsroom.press, "anna", ("journalist",), device="anna").token if token is None else token
    url = url or newsroom.url
    backend = partial(PressBackend, url, token, "r1", newsroom.clock)
    if token and url == newsroom.url:
        asked = backend()
        info = asked.hello()
        asked.close()
        return Patient(info.newsroom_id, info.user_id, True, None, partial(Road, url), backend)
    return Patient("n", "u", bool(token), None, partial(Road, url), backend)


def verdicts(found: list[Finding]) -> str:
    """One letter a step, in order: g w b s."""
    assert [one.check for one in found] == ALL
    return "".join(one.verdict.value[0] for one in found)


def bad(found: list[Finding]) -> Finding:
    return next(one for one in found if one.verdict is Verdict.BAD)


def todo(found: Finding) -> str:
    """What to do about it, in Dutch."""
    assert found.todo is not None
    return Wording("nl").say(found.todo)


def own_certificate(folder: Path, name: str) -> Path:
    """A certificate for which nobody vouches, with its key."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    named = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (x509.CertificateBuilder().subject_name(named).issuer_name(named).public_key(key.public_key())
            .serial_number(1).not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
            .not_valid_after(datetime(2120, 1, 1, tzinfo=UTC)).sign(key, hashes.SHA256()))
    file = folder / "own.pem"
    file.write_bytes(made.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    return file


@contextmanager
def answering(body: bytes, kind: str, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """A server that is not ours."""
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer((host, 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_good_connection_is_good_at_every_step(http_newsroom: Newsroom) -> None:
    found = list(examine(patient(http_newsroom), http_newsroom.clock))
    assert verdicts(found) == "ggsggggg"
    assert "anna" in Wording("nl").say(found[5].seen)
    assert "schrijven, plannen" in Wording("nl").say(found[6].seen)


def test_a_name_that_nobody_knows(http_newsroom: Newsroom) -> None:
    found = list(examine(patient(http_newsroom, "https://redactie.invalid", "t"), http_newsroom.clock))
    assert verdicts(found) == "bsssssss"
    assert "redactie.invalid" in Wording("nl").say(found[0].seen)
    assert found[0].todo


def test_a_port_on_which_nothing_answers(http_newsroom: Newsroom) -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))  # taken, but nobody listens
        url = f"http://127.0.0.1:{held.getsockname()[1]}"
        found = list(examine(patient(http_newsroom, url, "t"), http_newsroom.clock))
    assert verdicts(found) == "gbssssss"
    assert "op deze poort antwoordt niets" in Wording("nl").say(found[1].seen)


def test_encryption_that_the_server_does_not_speak(http_newsroom: Newsroom) -> None:
    with answering(b"", "text/plain", host="127.0.0.2") as url:  # another machine, as far as the doctor knows
        found = list(examine(patient(http_newsroom, url.replace("http:", "https:"), "t"), http_newsroom.clock))
    assert verdicts(found) == "ggbsssss"
    assert "doet op deze poort niet aan versleuteling" in Wording("nl").say(found[2].seen)


def test_a_certificate_that_the_server_made_itself(http_newsroom: Newsroom, tmp_path: Path) -> None:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(own_certificate(tmp_path, "127.0.0.2"))
    with answering(b"", "text/plain", host="127.0.0.2", tls=tls) as url:
        found = list(examine(patient(http_newsroom, url.replace("http:", "https:"), "t"), http_newsroom.clock))
    assert verdicts(found) == "ggbsssss"
    assert "door de server zelf gemaakt" in Wording("nl").say(found[2].seen)
    assert "certificaat dat wordt erkend" in todo(found[2])


def test_a_connection_that_anybody_on_the_network_can_read(http_newsroom: Newsroom) -> None:
    with answering(b"", "text/plain", host="127.0.0.2") as url:
        found = list(examine(patient(http_newsroom, url, "t"), http_newsroom.clock))
    assert found[2].verdict is Verdict.WARN
    assert "https" in todo(found[2])


def test_something_else_at_the_address(http_newsroom: Newsroom) -> None:
    with answering(b"<html>Log in to the train's network</html>", "text/html") as url:
        found = list(examine(patient(http_newsroom, url, "t"), http_newsroom.clock))
    assert verdicts(found) == "ggsbssss"
    assert "antwoordt iets anders" in Wording("nl").say(found[3].seen)


@pytest.mark.parametrize(("token", "said"), [("wrong", "kent de sleutel"), ("", "staat geen sleutel")])
def test_a_token_that_is_no_good(http_newsroom: Newsroom, token: str, said: str) -> None:
    backend = partial(PressBackend, http_newsroom.url, token or "-", "r1", http_newsroom.clock)
    found = list(examine(replace(patient(http_newsroom), backend=backend, has_token=bool(token)), http_newsroom.clock))
    assert verdicts(found) == "ggsgsbss"
    assert said in Wording("nl").say(bad(found).seen)
    assert "nieuwe sleutel" in todo(bad(found))


def test_the_token_of_another_person(http_newsroom: Newsroom) -> None:
    found = list(examine(replace(patient(http_newsroom), person_id="somebody else"), http_newsroom.clock))
    assert bad(found).check is Check.TOKEN


@pytest.mark.parametrize(("seconds", "said"), [(95, "95 s voor"), (-95, "95 s achter")])
def test_a_clock_that_is_off(http_newsroom: Newsroom, seconds: int, said: str) -> None:
    ours = FixedClock(http_newsroom.clock.now() + timedelta(seconds=seconds))
    found = list(examine(patient(http_newsroom), ours))
    assert verdicts(found) == "ggsgwggg"
    assert said in Wording("nl").say(found[4].seen)


def test_an_examination_that_is_stopped_ends_at_once_and_tells_nothing_more(http_newsroom: Newsroom) -> None:
    told: list[Finding] = []
    ended = threading.Event()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()  # takes the connection and never answers
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        asked = threading.Event()

        def heard(finding: Finding) -> None:
            told.append(finding)
            if finding.check is Check.TLS:
                asked.set()
        examination = Examination(lambda: patient(http_newsroom, url, "t"), http_newsroom.clock, heard, ended.set)
        examination.start()
        assert asked.wait(10)
        examination.stop()
        examination.join(10)
    assert len(told) == 3
    assert not ended.is_set()
    assert not examination.is_running
