"""A publishing server with the guarantees of WordPress core and no more, over real sockets.

No compare-and-set, no idempotency, no feed, no tombstones: posts with numbers of their own, a stamp of whole seconds,
revisions, a bin, comments without a stamp. Tests reach behind it as its own administrators and its own slowness would.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from editor.base.clock import Clock

MOST_ROWS = 100
ANY = ("publish", "future", "draft", "pending", "private")
ROOT = "/wp-json/wp/v2"


@dataclass
class Post:
    """One post. Its revisions are every content that it ever had, oldest first."""

    id: int
    author: int
    title: str = ""
    content: str = ""
    status: str = "draft"
    modified: str = ""
    touched: int = 0  # the number of its last change, of all changes of the site: told to nobody
    revisions: list[tuple[int, int, str, str]] = field(default_factory=list)  # id, author, title, content


@dataclass
class Comment:
    """A reader's comment: its status is all that changes."""

    id: int
    post: int
    author_name: str
    content: str
    date: str
    status: str = "hold"


class Refusal(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class WeakServer:
    """One site. `between` runs once before the next request that its pattern matches: what happens between a look
    and a write."""

    def __init__(self, clock: Clock, *, sockets: bool = True) -> None:
        self.clock = clock
        self.posts: dict[int, Post] = {}
        self.comments: dict[int, Comment] = {}
        self.requests: list[tuple[str, str, bytes]] = []  # what arrived, for latecomers
        self._senders: list[int] = []  # of each, 0 a stranger
        self._users: dict[str, tuple[int, str, tuple[str, ...]]] = {}
        self.changes = 0
        self._next = 100
        self._lock = threading.Lock()
        self._between: list[tuple[str, Callable[[], object]]] = []
        self.url = "http://site.invalid"
        self._http: ThreadingHTTPServer | None = None
        if sockets:
            self._serve()

    def _serve(self) -> None:
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"site": self}))
        self._http.daemon_threads = False
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, name="weak-server")
        self._thread.start()

    def close(self) -> None:
        """Take the site down."""
        if self._http is not None:
            self._http.shutdown()
            self._http.server_close()
            self._thread.join(20)

    def add_user(self, name: str, *roles: str) -> str:
        """A person; the application password is told once."""
        password = hashlib.sha256(f"{name}{len(self._users)}".encode()).hexdigest()[:24]
        with self._lock:
            self._users[base64.b64encode(f"{name}:{password}".encode()).decode()] = (len(self._users) + 2, name, roles)
        return f"{name}:{password}"

    def revoke(self, token: str) -> None:
        """End an application password: reading goes on, as a stranger."""
        self._users.pop(base64.b64encode(token.encode()).decode())

    def between(self, pattern: str, act: Callable[[], object]) -> None:
        """Before the next request like `POST .*/posts/7` do this."""
        self._between.append((pattern, act))

    def forget(self) -> None:
        """Nothing waits to come between any more."""
        self._between.clear()

    def purge(self, post_id: int) -> None:
        """An administrator deletes it for good."""
        with self._lock:
            del self.posts[post_id]

    @contextlib.contextmanager
    def without(self, post_id: int) -> Iterator[None]:
        """Meanwhile it does not show that post: a repair, a broken plug-in."""
        post = self.posts.pop(post_id)
        yield
        self.posts[post_id] = post

    def bin(self, post_id: int) -> None:
        """An administrator puts it in the bin."""
        with self._lock:
            self._save(self.posts[post_id], 1, {"status": "trash"})

    def edit(self, post_id: int, **fields: str) -> None:
        """An administrator changes it in the site's own editor."""
        with self._lock:
            self._save(self.posts[post_id], 1, fields)

    def comment(self, post_id: int, name: str, text: str) -> int:
        """A reader writes."""
        with self._lock:
            made = Comment(self._number(), post_id, name, text, self._second())
            self.comments[made.id] = made
            return made.id

    def deliver_late(self, number: int = -1) -> None:
        """A write that was thought lost is carried out now: PHP goes on after its client has left."""
        writes = [sent for sent in zip(self.requests, self._senders, strict=True) if sent[0][0] == "POST"]
        request, sender = writes[number]
        self.answer(*request, sender)

    # ------------------------------------------------------------------------------------------------ what it does

    def reply(self, method: str, target: str, body: bytes, authorization: str) -> tuple[int, bytes, dict[str, str]]:
        """One request over the wire, and the bytes of its answer."""
        status, told, headers = self.handle(method, target, body, authorization)
        raw = json.dumps(told).encode()
        return status, raw, {"Content-Type": "application/json; charset=UTF-8", "Content-Length": str(len(raw)),
                             "Date": f"{self.clock.now():%a, %d %b %Y %H:%M:%S} GMT", **headers}

    def handle(self, method: str, target: str, body: bytes, authorization: str) -> tuple[int, Any, dict[str, str]]:
        """One request."""
        for waiting in [w for w in self._between if re.fullmatch(w[0], f"{method} {urlsplit(target).path}")]:
            self._between.remove(waiting)
            waiting[1]()
        user = self._users.get(authorization.removeprefix("Basic "))
        self.requests.append((method, target, body))
        self._senders.append(user[0] if user else 0)
        try:
            if urlsplit(target).path == f"{ROOT}/users/me":
                return _me(self.url, user)
            return self.answer(method, target, body, user[0] if user else None)
        except Refusal as refusal:
            return refusal.status, {"code": refusal.code, "message": refusal.code, "data": {"status": refusal.status}}, {}

    def answer(self, method: str, target: str, body: bytes, user: int | None) -> tuple[int, Any, dict[str, str]]:
        """The answer to whoever asks, None a stranger."""
        path, query = urlsplit(target).path, {k: v[-1] for k, v in parse_qs(urlsplit(target).query).items()}
        found = re.fullmatch(rf"{ROOT}/(posts|comments)(?:/(\d+))?(/revisions)?", path)
        if found is None:
            raise Refusal(404, "rest_no_route")
        given = json.loads(body) if body else {}
        if user is None and (method != "GET" or query.get("context") == "edit"):
            raise Refusal(401, "rest_cannot_edit" if method != "GET" else "rest_forbidden_context")
        with self._lock:
            number = int(found[2]) if found[2] else None
            if found[1] == "comments":
                return self._comments(method, number, query, given)
            if number is None:
                return self._list(query) if method == "GET" else (201, self.shape(self._make(user or 0, given)), {})
            post = self.posts.get(number)
            if post is None:
                raise Refusal(404, "rest_post_invalid_id")
            if found[3]:
                return 200, [{"id": number, "author": author, "title": {"raw": title}, "content": {"raw": content}}
                             for number, author, title, content in reversed(post.revisions)], {}
            return self._one(method, post, query, given, user or 0)

    def _one(self, method: str, post: Post, query: Mapping[str, str], given: Mapping[str, Any],
             user: int) -> tuple[int, Any, dict[str, str]]:
        if method == "POST":
            self._save(post, user, given)
        elif method == "DELETE" and query.get("force") == "true":
            del self.posts[post.id]
            return 200, {"deleted": True, "previous": self.shape(post)}, {}
        elif method == "DELETE":
            if post.status == "trash":
                raise Refusal(410, "rest_already_trashed")
            self._save(post, user, {"status": "trash"})
        return 200, self.shape(post), {}

    def _make(self, user: int, given: Mapping[str, Any]) -> Post:
        post = Post(self._number(), user)
        self.posts[post.id] = post
        self._write(post, given)  # no revision of what an insert brings
        return post

    def _save(self, post: Post, user: int, given: Mapping[str, Any]) -> None:
        before = (post.title, post.content)
        self._write(post, given)
        if (post.title, post.content) != before:
            post.revisions.append((self._number(), user, post.title, post.content))

    def _write(self, post: Post, given: Mapping[str, Any]) -> None:
        post.title = str(given.get("title", post.title))
        post.content = str(given.get("content", post.content))
        post.status = str(given.get("status", post.status))
        post.modified = self._second()
        self._touch(post)

    def _list(self, query: Mapping[str, str]) -> tuple[int, Any, dict[str, str]]:
        wanted = query.get("status", "publish").replace("any", ",".join(ANY)).split(",")
        found = [p for _, p in sorted(self.posts.items()) if p.status in wanted and query.get("search", "") in p.content]
        return self._page(found, query, self.shape)

    def _comments(self, method: str, number: int | None, query: Mapping[str, str],
                  given: Mapping[str, Any]) -> tuple[int, Any, dict[str, str]]:
        if number is None:
            return self._page([c for _, c in sorted(self.comments.items())], query, _comment_shape)
        comment = self.comments.get(number)
        if comment is None:
            raise Refusal(404, "rest_comment_invalid_id")
        if method == "POST":
            comment.status = str(given.get("status", comment.status))
        return 200, _comment_shape(comment), {}

    def _page(self, found: list[Any], query: Mapping[str, str],
              shape: Callable[[Any], dict[str, Any]]) -> tuple[int, Any, dict[str, str]]:
        rows, page = min(MOST_ROWS, int(query.get("per_page", "10"))), int(query.get("page", "1"))
        part = found[(page - 1) * rows:page * rows]
        if not part and page > 1:
            raise Refusal(400, "rest_post_invalid_page_number")
        total = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(-(-len(found) // rows))}
        return 200, [shape(item) for item in part], total

    def shape(self, post: Post) -> dict[str, Any]:
        """A post as it is told."""
        last = [{"id": post.revisions[-1][0]}] if post.revisions else []
        return {"id": post.id, "author": post.author, "status": post.status, "modified_gmt": post.modified,
                "title": {"raw": post.title}, "content": {"raw": post.content},
                "_links": {"version-history": [{"count": len(post.revisions)}], "predecessor-version": last}}

    def _touch(self, post: Post) -> None:
        self.changes += 1
        post.touched = self.changes

    def _number(self) -> int:
        self._next += 1
        return self._next

    def _second(self) -> str:
        return f"{self.clock.now():%Y-%m-%dT%H:%M:%S}"


def _me(home: str, user: tuple[int, str, tuple[str, ...]] | None) -> tuple[int, Any, dict[str, str]]:
    if user is None:
        raise Refusal(401, "rest_not_logged_in")
    return 200, {"id": user[0], "slug": user[1], "name": user[1], "roles": list(user[2]),
                 "link": f"{home}/author/{user[1]}/"}, {}


def _comment_shape(comment: Comment) -> dict[str, Any]:
    return {"id": comment.id, "post": comment.post, "author_name": comment.author_name, "status": comment.status,
            "date_gmt": comment.date, "content": {"raw": comment.content}}


class _Handler(BaseHTTPRequestHandler):
    """HTTP/1.0: one request a connection, as PHP's own server does it."""

    site: WeakServer

    def do_GET(self) -> None:
        self._do("GET")

    def do_POST(self) -> None:
        self._do("POST")

    def do_DELETE(self) -> None:
        self._do("DELETE")

    def log_message(self, *args: Any) -> None:
        """Nothing is told on the terminal."""

    def _do(self, method: str) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        status, raw, headers = self.site.reply(method, self.path, body, self.headers.get("authorization", ""))
        self.send_response_only(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(raw)
        except OSError:
            return  # whoever asked has left
