"""A hostile or broken server: whatever it answers, nothing falls over, and nothing of an invalid answer is used (E.1).

Every lie is told over the real adapter about a real press: the request arrives, the press acts, its answer is bent. When
the lying ends everything comes out right, once.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from editor.backends.press import PressBackend
from editor.base.ids import new_id, new_key
from editor.desk.ports import OpState, UnitOfWork
from editor.domain.changes import Outcome
from tests.sync.bridge import Bridge
from tests.sync.faults import BadNetwork
from tests.sync.newsroom import Desk, Newsroom
from tests.sync.test_epochs_and_logins import back_up, bring_back

Lie = Callable[[httpx2.Response], httpx2.Response]
OURS = "application/vnd.newsroom.sync+json;v=1"
MB = 1024 * 1024


# ------------------------------------------------------------------------------------------------------------ the liar
class Liar(httpx2.BaseTransport):
    """Between the adapter and the press: bends the answers of one address. `silent` ones do not answer at all."""

    def __init__(self, inner: Bridge) -> None:
        self._inner = inner
        self.where = ""
        self.silent: tuple[str, ...] = ()
        self.lie: Lie | None = None
        self.told = 0

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if any(path in request.url.path for path in self.silent):
            raise httpx2.ConnectError("silent", request=request)
        answer = self._inner.handle_request(request)
        answer.read()
        if self.lie is None or self.where not in str(request.url):
            return answer
        self.told += 1
        return self.lie(answer)


class Endless(httpx2.SyncByteStream):
    """A body that never ends."""

    def __iter__(self) -> Iterator[bytes]:
        while True:
            yield b" " * MB


def other(status: int = 200, content: bytes = b"", kind: str = OURS, **headers: str) -> Lie:
    """Another answer altogether."""
    sent = {"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}}
    return lambda answer: httpx2.Response(status, headers=sent, content=content)


def bytewise(bend: Callable[[bytes], bytes], *, status: int = 200, kind: str = OURS, **headers: str) -> Lie:
    """The same answer in other bytes."""
    return lambda answer: other(status, bend(answer.content), kind, **headers)(answer)


def bent(bend: Callable[[dict[str, Any]], object]) -> Lie:
    """The same answer with something else in it."""
    def lie(answer: httpx2.Response) -> httpx2.Response:
        value = json.loads(answer.content)
        bend(value)
        return httpx2.Response(200, headers={"content-type": OURS}, content=json.dumps(value).encode())
    return lie


def put(name: str, value: Any, *path: str | int) -> Lie:
    """Something else in that place; `...` takes it out."""
    def bend(answer: Any) -> None:
        for step in path:
            answer = answer[step]
        if value is ...:
            del answer[name]
        else:
            answer[name] = value
    return bent(bend)


def cut(share: float) -> Lie:
    """Half an answer."""
    return bytewise(lambda raw: raw[:int(len(raw) * share)])


def endless(answer: httpx2.Response) -> httpx2.Response:
    """It never stops talking."""
    return httpx2.Response(200, headers={"content-type": OURS}, stream=Endless())


# Read by one reader whatever was asked: they are told where most is at stake, of what was sent.
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
BOMB = gzip.compress(b" " * (80 * MB))
EVERYWHERE: dict[str, Lie] = {
    "a portal's page": other(content=b"<html>Log in</html>", kind="text/html"),
    "a portal's page under our name": other(content=b"<html>Log in</html>"),
    "a way to a log-in": other(302, b"", "text/html", location="http://portal.invalid/"),
    "JSON of somebody else": bytewise(lambda raw: raw, kind="application/json"),
    "another version of ours": bytewise(lambda raw: raw, kind="application/vnd.newsroom.sync+json;v=2"),
    "no type at all": bytewise(lambda raw: raw, kind=""),
    "cut at a quarter": cut(0.25), "cut at half": cut(0.5), "cut at three quarters": cut(0.75),
    "cut at the last byte": bytewise(lambda raw: raw[:-1]),
    "nothing": other(), "nothing, and that is fine": other(204), "null": other(content=b"null"),
    "a list": other(content=b"[]"), "a word": other(content=b'"ok"'), "an empty answer": other(content=b"{}"),
    "a number that is none": bytewise(lambda raw: raw[:-1] + b',"x":NaN}'),
    "a number without end": bytewise(lambda raw: raw[:-1] + b',"x":-Infinity}'),
    "a number of ten thousand digits": bytewise(lambda raw: raw[:-1] + b',"x":' + b"9" * 10_000 + b"}"),
    "nested a hundred thousand deep": other(content=DEEP),
    "nested forty deep": bytewise(lambda raw: raw[:-1] + b',"x":' + b"[" * 40 + b"]" * 40 + b"}"),
    "the same key twice": bytewise(lambda raw: raw[:-1] + b',"server_time":"2026-11-24T12:00:00.000Z"}'),
    "two answers": bytewise(lambda raw: raw + raw),
    "in another encoding": bytewise(lambda raw: b"\xff\xfe\x00" + raw), "with a broken byte": bytewise(lambda raw: raw[:9] + b"\xff" + raw[9:]),
    "success under 500": bytewise(lambda raw: raw, status=500), "success under 404 of a proxy": bytewise(lambda raw: raw, status=404, kind="text/plain"),
    "a gigabyte announced": bytewise(lambda raw: raw, content_length=str(10**9)),
    "more announced than a number holds": bytewise(lambda raw: raw, content_length="9" * 400),
    "no end": endless, "a bomb in a parcel": other(content=BOMB, content_encoding="gzip"),
    "a parcel that is none": bytewise(lambda raw: raw, content_encoding="gzip"),
    "no time": put("server_time", ...), "a time that is a number": put("server_time", 1),
    "a time that is none": put("server_time", "gisteren"), "a time without a zone": put("server_time", "2026-11-24T12:00:00"),
    "no history": put("epoch", ...), "a history that is a number": put("epoch", 7), "an empty history": put("epoch", ""),
    "half a character": put("epoch", "\ud800"),
}
R = ("results", 0)
PUSH: dict[str, Lie] = {
    "no results": put("results", ...), "results that are none": put("results", {}), "empty results": put("results", []),
    "a result that is nothing": put("results", [None]), "two results": bent(lambda a: a["results"].append(a["results"][0])),
    "another request's": put("op_id", new_key(), *R), "nobody's": put("op_id", ..., *R), "number 7's": put("op_id", 7, *R),
    "about another thing": put("entity_id", new_id(), *R), "an unknown status": put("status", "perhaps", *R),
    "no status": put("status", ..., *R), "a status that is a number": put("status", 1, *R),
    "a status that is a list": put("status", ["applied"], *R), "come again": put("status", "retry", *R),
    "no revision": put("rev", ..., *R), "an empty revision": put("rev", "", *R), "a revision that is a number": put("rev", 2, *R),
    "a revision that is none": put("rev", "x", *R), "a revision in another script": put("rev", "²-abcdef", *R),
    "a revision below nothing": put("rev", "-3-abc", *R), "an endless revision": put("rev", "9" * 5000 + "-a", *R),
    "fields that are a list": put("fields", [1], *R), "fields that are a word": put("fields", "all", *R),
    "public by a number": put("fields", {"live": 5}, *R), "a publication that is none": put("fields", {"live": [{"rev": 1}]}, *R),
    "a status field of another type": put("fields", {"status": {"a": 1}}, *R),
    "approved by nothing": put("fields", {"approved": "yes"}, *R), "a field too large": put("fields", {"live": [1e308 * 10]}, *R),
    "a document that is a word": put("doc", "all", *R), "a document that is a list": put("doc", [], *R),
    "deleted, perhaps": put("deleted", "yes", *R), "words that are a number": put("message", 7, *R),
    "of another history": put("epoch", "another"),
}
C = ("changes", 0)
CHANGES: dict[str, Lie] = {
    "no changes": put("changes", ...), "changes that are none": put("changes", {}), "a change that is nothing": put("changes", [None]),
    "no number": put("seq", ..., *C), "a number that is a word": put("seq", "9", *C), "a number that is yes": put("seq", True, *C),
    "a number below nothing": put("seq", -1, *C), "a broken number": put("seq", 1.5, *C),
    "twice the same": bent(lambda a: a["changes"].append(a["changes"][0])),
    "running back": bent(lambda a: a["changes"].append({**a["changes"][0], "seq": a["changes"][0]["seq"] - 1})),
    "ahead of its feed": put("seq", 10**9, *C), "an identity that is none": put("entity_id", "x", *C),
    "an identity that is a list": put("entity_id", [], *C), "no identity": put("entity_id", ..., *C),
    "no revision": put("rev", ..., *C), "a revision that is none": put("rev", "later", *C),
    "a revision that is yes": put("rev", True, *C), "deleted, perhaps": put("deleted", "no", *C),
    "not said whether deleted": put("deleted", ..., *C), "no document": put("doc", ..., *C),
    "a document that is nothing": put("doc", None, *C), "a document that is a word": put("doc", "all", *C),
    "a kind that is a number": put("kind", 3, *C), "no kind": put("kind", ..., *C), "an empty kind": put("kind", "", *C),
    "an author that is a number": put("actor", 3, *C), "a key that is a list": put("op_id", ["a"], *C),
    "not said whether more": put("more", ...), "more, perhaps": put("more", "false"),
    "more of nothing": bent(lambda a: a.update(more=True, changes=[])),
    "no place to go on": put("next", ...), "an empty place": put("next", ""), "a place that is a number": put("next", 7),
    "no head": put("head", ...), "a head that is a number": put("head", 7), "a head below nothing": put("head", "-1"),
    "a head that is none": put("head", "far"), "of another history": put("epoch", "another"),
}
HELLO: dict[str, Lie] = {
    "no user": put("user", ...), "a user that is a word": put("user", "anna"), "a person without identity": put("id", "x", "user"),
    "a name that is a list": put("name", [], "user"), "a newsroom that is none": put("newsroom_id", "x"),
    "rights that are a word": put("rights", "all"), "roles that are numbers": put("roles", [1]), "no limits": put("limits", ...),
    "a limit that is a word": put("body", "much", "limits"), "heads that are a list": put("heads", []),
    "a head that is none": put("content", "far", "heads"), "capabilities that are one word": put("capabilities", "push"),
    "a sample, perhaps": put("sample", "yes"),
}
SNAPSHOT: dict[str, Lie] = {
    "no place for the feed": put("tail_cursor", ...), "a place for the feed that is none": put("tail_cursor", 5),
    "no sum": put("total", ...), "a sum below nothing": put("total", -1), "a sum that is yes": put("total", True),
    "something deleted": bent(lambda a: a["changes"][0].update(deleted=True)),
}
DIGESTS: dict[str, Lie] = {
    "no digests": put("digests", ...), "digests that are a list": put("digests", []), "a bucket missing": put("17", ..., "digests"),
    "a bucket too many": put("256", "0" * 32, "digests"), "half a digest": put("17", "0" * 16, "digests"),
    "a digest that is a number": put("17", 0, "digests"), "no place": put("cursor", ...), "of another history": put("epoch", "x"),
}
E = ("entities", 0)
BUCKET: dict[str, Lie] = {
    "no list": put("entities", ...), "a list that is none": put("entities", {}), "something of another bucket": put("entity_id", new_id()[:-2] + "zz", *E),
    "something twice": bent(lambda a: a["entities"].append(a["entities"][0])), "a revision that is none": put("rev", 1, *E),
    "deleted, perhaps": put("deleted", 0, *E),
}
ONE: dict[str, Lie] = {
    "another thing": put("entity_id", new_id()), "a document that is none": put("doc", []), "no number": put("seq", ...),
}


def these(lies: dict[str, Lie]) -> list[Any]:
    """Each a case of its own."""
    return [pytest.param(name, lie, id=name) for name, lie in lies.items()]


def in_tens(lies: dict[str, Lie]) -> list[Any]:
    """Ten lies to one newsroom: to set one up takes longer than to lie to it."""
    names = list(lies)
    return [pytest.param({name: lies[name] for name in names[at:at + 10]}, id=f"{names[at]} and on")
            for at in range(0, len(names), 10)]


# ------------------------------------------------------------------------------------------------------------ the tests
def lied_to(newsroom: Newsroom, desk: Desk) -> Liar:
    """From now on a liar sits on that desk's line."""
    assert newsroom.bridge is not None
    liar = Liar(newsroom.bridge)
    backend = PressBackend(newsroom.url, desk._token, f"replica-{desk.name}", newsroom.clock, transport=liar)
    desk.network = BadNetwork(backend, newsroom.bridge)
    return liar


def state_of(desk: Desk) -> Any:
    """Everything that an answer could change; not how often was tried."""
    def look(work: UnitOfWork) -> Outcome[Any]:
        things = [entity for kind in ("article", "ticker", "person", "newsroom") for entity in work.entities.all(kind)]
        rows = [(r.op_id, r.state, r.body_hash) for r in work.outbox.in_states(*OpState)]
        return Outcome((things, [work.syncs.get(one.id) for one in things], rows, work.conflicts.open(),
                        work.feeds.get("content").cursor, work.profile.actor()), work.changes())
    return desk.do(look)


def is_unmoved(desk: Desk, liar: Liar, name: str, lie: Lie, where: str) -> None:
    """The lie is told in a round of the engine, and changes nothing. A moment later a second one, for what is told only
    once something has gone wrong."""
    runner = desk.runner()
    runner._greet()
    runner._greeted = where != "/hello"
    before = state_of(desk)
    liar.where, liar.lie, liar.told = where, lie, 0
    for _ in range(2):
        runner._round(force=True)
        assert runner.facts.state in ("ok", "offline"), name
        after = state_of(desk)
        for was, now in zip(before, after, strict=True):
            assert was == now, name
    assert liar.told, name
    liar.lie, liar.silent = None, ()


def comes_right(newsroom: Newsroom, *desks: Desk) -> None:
    """Once the lying has ended, everybody has the same, once."""
    newsroom.pass_time(minutes=6)
    newsroom.settle(*desks)
    first, *rest = [[(one.id, one.doc) for one in desk.do(lambda work: Outcome(work.entities.all("article"), work.changes()))]
                    for desk in desks]
    assert all(sorted(other) == sorted(first) for other in rest)
    assert [desk.cards() for desk in desks] == [[] for _ in desks]


@pytest.mark.parametrize("lies", in_tens({**EVERYWHERE, **PUSH}))
def test_a_lie_about_what_was_sent(newsroom: Newsroom, lies: dict[str, Lie]) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    liar = lied_to(newsroom, anna)
    for name, lie in lies.items():
        anna.type(article_id, lead=f"Van Anna, ondanks {name}.")
        liar.silent = ("/changes", "/heads", "/digests")
        liar.where, liar.lie = "/push", other(503)
        anna.runner()._round(force=True)  # sealed now: what follows is about this very request
        is_unmoved(anna, liar, name, lie, "/push")
        comes_right(newsroom, anna, bram)
        assert bram.view(article_id).article.lead == f"Van Anna, ondanks {name}."


@pytest.mark.parametrize("lies", in_tens(CHANGES))
def test_a_lie_about_what_is_new(newsroom: Newsroom, lies: dict[str, Lie]) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    liar = lied_to(newsroom, anna)
    for name, lie in lies.items():
        bram.type(article_id, lead=f"Van Bram, ondanks {name}.")
        bram.sync()
        is_unmoved(anna, liar, name, lie, "/changes")
        comes_right(newsroom, anna, bram)
        assert anna.view(article_id).article.lead == f"Van Bram, ondanks {name}."


@pytest.mark.parametrize("lies", in_tens(HELLO))
def test_a_lie_about_who_we_are(newsroom: Newsroom, lies: dict[str, Lie]) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    newsroom.shared(anna, bram)
    liar = lied_to(newsroom, anna)
    for name, lie in lies.items():
        is_unmoved(anna, liar, name, lie, "/hello")
        comes_right(newsroom, anna, bram)


@pytest.mark.parametrize(("name", "lie"), these(SNAPSHOT))
def test_a_lie_in_the_first_reading(newsroom: Newsroom, name: str, lie: Lie) -> None:
    anna = newsroom.desk("anna")
    newsroom.shared(anna)
    bram = newsroom.desk("bram")
    is_unmoved(bram, lied_to(newsroom, bram), name, lie, "/snapshot")
    comes_right(newsroom, anna, bram)


@pytest.mark.parametrize(("where", "lies"), [("/digests?stream=content", DIGESTS), ("buckets=", BUCKET),
                                             ("/v1/entities/", ONE)])
def test_a_lie_while_comparing(newsroom: Newsroom, where: str, lies: dict[str, Lie]) -> None:
    anna, bram = newsroom.desk("anna"), newsroom.desk("bram")
    article_id = newsroom.shared(anna, bram)
    back_up(newsroom)
    anna.type(article_id, lead="Erna.")
    newsroom.settle()
    bring_back(newsroom)
    liar = lied_to(newsroom, anna)
    for name, lie in lies.items():
        is_unmoved(anna, liar, name, lie, where)
    comes_right(newsroom, anna, bram)
    assert bram.view(article_id).article.lead == "Erna."
