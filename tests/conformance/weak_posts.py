"""The posts of a weak site as our things: found by their markers, written, read back with their revisions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from editor.sync.backend import NoAnswer
from tests.conformance.weak_http import Missing, Site
from tests.conformance.weak_marker import Marker, State, read_marker

EVERY_STATUS = "publish,future,draft,pending,private,trash"


class Posts:
    """The posts of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def named(self, entity_id: str) -> list[State]:
        """Every post that bears this identity, the oldest first. A search is no index: what it finds is looked at."""
        rows = self._site.rows("/posts", search=entity_id, status=EVERY_STATUS)
        found = [state for row in rows if (state := state_of(row)) is not None]
        return [state for state in found if state.marker.uuid == entity_id]

    def sweep(self) -> Iterator[State]:
        """Every thing that is there, the bin's too, one post each: empty shells are nobody's yet."""
        seen: set[str] = set()
        for row in self._site.rows("/posts", status=EVERY_STATUS):
            state = state_of(row)
            if state is not None and not state.is_shell and state.marker.uuid not in seen:
                seen.add(state.marker.uuid)
                yield state

    def history(self, state: State) -> list[State]:
        """Its revisions, the oldest first, those of other programs that left our marker too."""
        rows = self._site.get(f"/posts/{state.post}/revisions", per_page="100").value
        try:
            found = [(int(row["id"]), row) for row in rows]
        except (KeyError, TypeError, ValueError) as error:
            raise NoAnswer("revisions that are none", maybe_sent=False) from error
        return [State(state.post, number, marker, author=int(row["author"])) for number, row in sorted(found, key=lambda f: f[0])
                if (marker := _marker(row)) is not None and marker.doc is not None]

    def is_gone(self, post: str) -> bool:
        """Whether the site itself says that there is no such post. Absence from a list proves nothing."""
        try:
            self._site.get(f"/posts/{post}")
        except Missing:
            return True
        return False

    def make_shell(self, entity_id: str, kind: str) -> State:
        """An empty draft with our marker. When another was made meanwhile the older one counts."""
        self._site.write("POST", "/posts", status="draft", title="", content=Marker(entity_id, kind).block())
        found = self.named(entity_id)
        if not found:
            raise NoAnswer("a shell that is not found again", maybe_sent=True)
        return next((state for state in found if not state.is_shell), found[0])

    def write(self, head: State, marker: Marker, status: str) -> State:
        """Write a document over what is there, whatever that is by now."""
        doc = marker.doc or {}
        content = f"{doc.get('body') or ''}\n\n{marker.block()}"
        answer = self._site.write("POST", f"/posts/{head.post}", title=str(doc.get("headline") or ""), content=content,
                                  status=status)
        state = state_of(answer.value)
        if state is None or state.marker.op != marker.op:
            raise NoAnswer("an answer to another request", maybe_sent=True)
        return state

    def bin(self, head: State) -> None:
        """Into the bin; it may lie there already."""
        self._site.write("DELETE", f"/posts/{head.post}", context="edit")

    def remove(self, shell: State) -> None:
        """Delete an empty shell for good."""
        try:
            self._site.write("DELETE", f"/posts/{shell.post}?force=true", context="edit")
        except Missing:
            return


def state_of(row: Any) -> State | None:
    """A post as our thing; None where it is none. Raises `NoAnswer` for what is no post."""
    try:
        marker, last = _marker(row), row["_links"]["predecessor-version"]
        if marker is None:
            return None
        return State(int(row["id"]), int(last[0]["id"]) if last else 0, marker, str(row["status"]), int(row["author"]))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise NoAnswer("a post that is none", maybe_sent=False) from error


def _marker(row: Any) -> Marker | None:
    """The marker, with what was changed in the site's own editor: its title is the headline."""
    marker = read_marker(str(row["content"]["raw"]))
    if marker is None or marker.doc is None:
        return marker
    title = str(row["title"]["raw"])
    if title == (marker.doc.get("headline") or ""):
        return marker
    return replace(marker, doc={**marker.doc, "headline": title}, op="")
