"""Dutch is complete: every English sentence of the source has its Dutch line, and every Dutch line its sentence."""

import tomllib

import pytest

from tests.architecture.sentences import Sentence, built_sentences, disagreement, sentences
from tests.architecture.source import ROOT, Module, modules

CATALOGUES = ROOT / "resources" / "i18n" / "nl"
EDITOR = modules("editor")


def faults(used: list[Sentence], dutch: dict[str, dict[str, str]]) -> list[str]:
    """Return what is missing, unused or at odds between the source and the Dutch catalogues."""
    found = []
    for sentence in used:
        translation = dutch.get(sentence.context, {}).get(sentence.source)
        if translation is None:
            found.append(f"missing in {sentence.context}.toml: {sentence.source!r} ({sentence.place})")
        elif reason := disagreement(sentence.source, translation):
            found.append(f"{sentence.context}.toml: {sentence.source!r}: {reason}")
    known = {(sentence.context, sentence.source) for sentence in used}
    for context, lines in dutch.items():
        found += [f"unused in {context}.toml: {source!r}" for source in lines if (context, source) not in known]
    return found


def test_every_sentence_has_its_dutch_line_and_no_line_is_left_over():
    used = [sentence for module in EDITOR for sentence in sentences(module)]
    dutch = {path.stem: tomllib.loads(path.read_text(encoding="utf-8")) for path in CATALOGUES.glob("*.toml")}
    wrong = faults(used, dutch)
    assert not wrong, "\n".join(wrong)


def test_no_sentence_is_put_together_in_the_code():
    built = [place for module in EDITOR for place in built_sentences(module)]
    assert not built, "\n".join(built)


@pytest.mark.parametrize(
    ("code", "dutch", "says"),
    [
        ('Message("desk", "Saved.")', {}, "missing in desk.toml"),
        ('CONTEXT = "desk"\nMessage(CONTEXT, "Saved.")', {"desk": {"Other.": "Anders."}}, "missing in desk.toml"),
        ('wording.tr("desk", "Saved.")', {"ui": {"Saved.": "Bewaard."}}, "missing in desk.toml"),
        ('Message("desk", "Yes" if sure else "No")', {"desk": {"Yes": "Ja"}}, "'No'"),
        ("pass", {"desk": {"Saved.": "Bewaard."}}, "unused in desk.toml"),
        ('Message("desk", "Saved {name}.")', {"desk": {"Saved {name}.": "Bewaard."}}, "places"),
        ('Message("desk", "one|{n} lines")', {"desk": {"one|{n} lines": "{n} regels"}}, "forms"),
        ('Message("desk", "Saved.")', {"desk": {"Saved.": " "}}, "nothing in it"),
    ],
)
def test_a_gap_is_seen(code: str, dutch: dict[str, dict[str, str]], says: str) -> None:
    found = faults(list(sentences(Module("editor.desk.articles", code))), dutch)
    assert any(says in line for line in found), found


def test_a_complete_catalogue_passes():
    code = 'Message("desk", "one line|{n} lines", {"n": 3}); self.tr("ui", "Save")'
    dutch = {"desk": {"one line|{n} lines": "één regel|{n} regels"}, "ui": {"Save": "Bewaren"}}
    assert not faults(list(sentences(Module("editor.desk.articles", code))), dutch)


@pytest.mark.parametrize("code", ['Message("desk", f"Saved {name}.")', 'tr("desk", "Saved " + name)'])
def test_a_sentence_put_together_is_seen(code: str) -> None:
    assert list(built_sentences(Module("editor.desk.articles", code)))
