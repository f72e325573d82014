"""A sentence for a person, still untranslated: English source plus parameters.

Inner layers never translate. They hand a `Message` outwards; `ui.wording` says it in the person's language.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """`context` names the catalogue, `source` is the English sentence with `{name}` places for `params`.

    A source may hold two forms, ``"one line|{n} lines"``: the first is taken when ``params["n"] == 1``.
    """

    context: str
    source: str
    params: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return fill(self.source, self.params)


def fill(text: str, params: Mapping[str, object]) -> str:
    """`text` with its plural form chosen and its places filled; a missing parameter stays visible as `{name}`."""
    if "n" in params and "|" in text:
        one, many = text.split("|", 1)
        text = one if params["n"] == 1 else many
    for name, value in params.items():
        text = text.replace("{" + name + "}", str(value))
    return text
