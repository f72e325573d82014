"""Who may do what. Press decides by this table; a desk greys out by what it last heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the newsroom; one may be several."""

    JOURNALIST = "journalist"
    EDITOR = "editor"
    MODERATOR = "moderator"
    SENIOR = "senior"
    ADMIN = "admin"


class Right(StrEnum):
    """One thing that may be done."""

    WRITE = "write"  # write any article; submit, return and delete one's own
    PLAN = "plan"  # normal ticker lines
    OTHERS = "others"  # submit, return, delete others' work
    APPROVE = "approve"
    PUBLISH = "publish"  # publish, schedule, withdraw, reopen
    BREAKING = "breaking"  # breaking lines, pins, clearing the ticker
    MODERATE = "moderate"
    SETTLE = "settle"  # settle escalations, restore others' decisions
    MANAGE = "manage"  # people, the newsroom's document, rules, lists


_JOURNALIST = frozenset({Right.WRITE, Right.PLAN})
_MODERATOR = frozenset({Right.MODERATE})
RIGHTS: dict[Role, frozenset[Right]] = {
    Role.JOURNALIST: _JOURNALIST,
    Role.EDITOR: _JOURNALIST | {Right.OTHERS, Right.APPROVE, Right.PUBLISH, Right.BREAKING},
    Role.MODERATOR: _MODERATOR,
    Role.SENIOR: _MODERATOR | {Right.SETTLE},
    Role.ADMIN: frozenset({Right.MANAGE}),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever acts: a person as this side knows him. `id` is stable, `name` is what others read."""

    id: str
    name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)

    def may(self, right: Right) -> bool:
        """Whether one of the roles gives `right`."""
        return any(right in RIGHTS[role] for role in self.roles)

    @property
    def rights(self) -> frozenset[Right]:
        """Everything that the roles give."""
        return frozenset(right for role in self.roles for right in RIGHTS[role])


def roles_of(names: Iterable[str]) -> frozenset[Role]:
    """The roles of these codes; unknown ones (of a newer version) are left out."""
    known = {role.value: role for role in Role}
    return frozenset(known[name] for name in names if name in known)
