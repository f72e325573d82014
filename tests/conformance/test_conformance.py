"""One suite for every adapter: what it must do, in the strong or the weak form that its server's guarantees decide."""

from __future__ import annotations

import pytest

from tests.conformance import (
    cases_errors,
    cases_feed,
    cases_greeting,
    cases_keys,
    cases_steps,
    cases_values,
    cases_whole,
    cases_writing,
)
from tests.conformance.place import Case, Place

MODULES = (cases_greeting, cases_writing, cases_steps, cases_keys, cases_feed, cases_whole, cases_errors,
           cases_values)
CASES: tuple[Case, ...] = tuple(one for module in MODULES for one in module.CASES)


@pytest.mark.expects_thread("AnyIO worker thread")
@pytest.mark.parametrize("one", CASES, ids=lambda one: one.name)
def test_an_adapter(place: Place, one: Case) -> None:
    place.begin()
    one.run(place)
