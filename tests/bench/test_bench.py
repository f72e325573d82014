"""Every measurement runs, in its small form, and says what it must. No test asserts a time."""

import json

import pytest

from editor import bench
from editor.base.errors import UserError
from editor.bench.measuring import Figure, median, p95
from editor.cli import main
from editor.ui.instruments import long_text

FIELDS = {"name", "value", "floor", "unit", "ratio", "goal", "limit", "reached", "n", "note"}
EXPECTED = {
    "start": {"start to first paint", "start to filled list"},
    "typing": {f"key, 2 kB, {place}, {what}, p95" for place in ("start", "middle", "end") for what in ("surface", "desk")},
    "decision": {"decision to next card, p95", "decision, key to durable and told, p95"},
    "queue": {"opening a queue of 500"},
    "commit": {"autosave of 10 kB, p95", "decision, durable, p95"},
    "sync": {"a page of 60 applied"},
    "scale": {"first reading", "fetched again after kill -9", "missing after it", "save while a newsroom is read, p99"},
    "idle": {"processor of an idle window", "memory after start"},
}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("name", EXPECTED)
def test_a_measurement_tells_its_figures(name, capfd):
    assert main(["bench", name, "--small", "--json"]) == 0
    told = json.loads(capfd.readouterr().out)["bench"]
    assert EXPECTED[name] <= {figure["name"] for figure in told}
    for figure in told:
        assert set(figure) == FIELDS
        assert figure["value"] >= 0
        assert figure["floor"] > 0
        assert figure["n"] > 0
        assert isinstance(figure["reached"], bool)


def test_every_measurement_is_known_here():
    assert set(bench.benches(small=True)) == set(EXPECTED)


def test_a_name_that_is_none_is_refused_with_those_that_are():
    with pytest.raises(UserError) as refused:
        bench.run("speed")
    assert "typing" in str(refused.value.message)


def test_a_figure_is_good_only_when_every_goal_is_reached():
    assert Figure("a", 2.0, 1.0, "ms", 2.0, 1).is_good
    assert not Figure("a", 2.1, 1.0, "ms", 2.0, 1).is_good
    assert not Figure("a", 2.0, 1.0, "ms", 3.0, 1, limit=1.5).is_good
    assert Figure("a", 9.0, 1.0, "ms", None, 1, limit=10).is_good
    assert Figure("a", 2.0, 1.0, "rows", 1.5, 1, best_low=False).is_good


def test_a_figure_reads_as_one_line():
    line = Figure("key", 2.0, 1.0, "ms", 2.5, 1, note="offscreen", limit=5).line()
    assert line.startswith("+ key")
    assert "2.00 ×" in line
    assert "≤ 2.5 ×, ≤ 5 ms" in line


def test_medians_and_percentiles():
    assert median([3.0, 1.0, 2.0]) == 2.0
    assert p95([1.0]) == 1.0
    assert p95([float(n) for n in range(101)]) == 95.0


def test_the_text_that_is_typed_in_is_as_long_as_was_asked():
    assert len(long_text(10_000)) == 10_000
    assert "## " in long_text(10_000)
