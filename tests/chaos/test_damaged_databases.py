"""A database file goes bad: that is noticed or harmless, never silently wrong; what can be read is rescued.

Two hundred ways to break the file of a profile with unsent work, ten thousand with `--campaign`. Seeded.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from editor.base.clock import SystemClock
from editor.base.errors import UserError
from editor.base.wire import canonical
from editor.desk import articles, connecting, pushing, ticker
from editor.desk.ports import UnitOfWork
from editor.desk.read_models import ArticleFilter, ArticleView, Reader
from editor.domain.article import Action, Article, content_hash
from editor.domain.changes import Outcome
from editor.domain.documents import article_document, article_patch
from editor.domain.moments import moment_of
from editor.domain.ticker import Intent, TickerEntry
from editor.domain.workflow import Step
from editor.press.service import create_newsroom
from editor.runtime.bus import Bus
from editor.runtime.workers import Door
from editor.store.mark import MARK
from editor.store.profile import open_profile
from editor.store.rescue import rescue
from editor.sync.backend import ServerInfo
from tests.chaos.seat import documents_of

SEED = 20261124
PAGE = 4096
RESCUE_EVERY = 3
DB, WAL, SHM = "redactie.db", "redactie.db-wal", "redactie.db-shm"
Truth = dict[str, str]  # canonical JSON by name


def truth_of(reader: Reader) -> Truth:
    """Every article, line and waiting request as it reads."""
    found = {f"doc {one}": canonical(dict(doc)).decode() for one, doc in documents_of(reader).items()}
    for row in reader.outbox():
        found[f"op {row.op_id}"] = canonical([row.state.value, row.verb, row.entity_id, row.actor_id, dict(row.command),
                                              dict(row.snapshot or {}), (row.body or b"").decode(),
                                              row.base_rev]).decode()
    return found


def write_profile(folder: Path) -> None:
    """Articles and lines, some sealed, some with waiting steps; told nowhere else than here."""
    with open_profile(folder) as profile:
        door = Door(profile.store, Bus(lambda call: call()), lambda call: call(), lambda error: None)
        clock = SystemClock()
        info = ServerInfo("epoch", "n1", "u1", "Anna", ("journalist", "editor"), ("write", "publish", "approve"), {}, (),
                          2_000_000, False, clock.now())
        door.change_now(lambda work: connecting.bind(work, info, adapter="press", url="http://127.0.0.1:1"))
        for number in range(24):
            text = " ".join(f"Zin {number} {line}." for line in range(30 * (1 + number % 9)))
            made = door.change_now(partial(articles.new_article, fields=Article("", headline=f"Stuk {number}", body=text)))
            if number % 3 == 0:
                view = door.read_now(partial(_article, article_id=made))
                door.change_now(partial(articles.take_step, article_id=made,
                                        step=Step(Action.APPROVE, content_hash=content_hash(view))))
            entry = TickerEntry("", headline=f"Regel {number}", intent=Intent.PLANNED,
                                start=moment_of(clock.now(), "Europe/Amsterdam"))
            door.change_now(partial(ticker.add_entry, entry=entry, on_late="as_planned"))
        door.change_now(_seal_some)
        door.close()


def _view(reader: Reader, article_id: str) -> ArticleView | None:
    return reader.article(article_id)


def _article(reader: Reader, article_id: str) -> Article:
    view = reader.article(article_id)
    assert view is not None
    return view.article


def _seal_some(work: UnitOfWork) -> Outcome[None]:
    for lane in pushing.ready_lanes(work, force=True).value[:8]:
        pushing.seal_next(work, lane, force=True)
    return Outcome(None, work.changes())


def type_on(folder: Path, number: int) -> None:
    """Some more work, without closing: the journal is left as a killed process leaves it."""
    with open_profile(folder) as profile:
        door = Door(profile.store, Bus(lambda call: call()), lambda call: call(), lambda error: None)
        for one in list(door.read_now(documents_of))[:number]:
            view = door.read_now(partial(_view, article_id=one))
            if view is not None:
                fields = {**article_patch(view.article), "body": view.article.body + " Verder."}
                door.change_now(partial(articles.save_draft, article_id=one, version=view.version,
                                        started_from=article_document(view.article), fields=fields))
        door.close()
        for name in (DB, WAL, SHM, MARK):
            shutil.copyfile(folder / name, folder.parent / "killed" / name)


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Truth]]:
    """A profile that was closed, and one whose process was killed; what each holds."""
    base = tmp_path_factory.mktemp("profiles")
    write_profile(base / "closed")
    (base / "killed").mkdir()
    shutil.copytree(base / "closed", base / "working")
    type_on(base / "working", 12)
    (base / "killed" / "lock").write_text('{"pid": 1}', encoding="utf-8")
    found = {}
    for name in ("closed", "killed"):
        look = base / f"look-{name}"
        shutil.copytree(base / name, look)
        with open_profile(look) as profile, profile.store.read() as reader:
            found[name] = (base / name, truth_of(reader))
    assert sum(key.startswith("op") for key in found["killed"][1]) >= 8
    return found


# --------------------------------------------------------------------------------------------------------- the damages
def flip(name: str, folder: Path, dice: random.Random) -> None:
    """One to sixty-four bytes."""
    content = bytearray((folder / name).read_bytes())
    for _ in range(dice.randrange(1, 65) if dice.random() < 0.7 else 1):
        content[dice.randrange(len(content))] ^= dice.randrange(1, 256)
    (folder / name).write_bytes(content)


def truncate(name: str, folder: Path, dice: random.Random) -> None:
    """Shorter than it was, at any byte."""
    os.truncate(folder / name, dice.randrange((folder / name).stat().st_size))


def zero_page(name: str, folder: Path, dice: random.Random) -> None:
    """A page of nothing."""
    content = bytearray((folder / name).read_bytes())
    at = dice.randrange(len(content) // PAGE) * PAGE
    content[at:at + PAGE] = bytes(PAGE)
    (folder / name).write_bytes(content)


def foreign_page(name: str, folder: Path, dice: random.Random) -> None:
    """A page in another's place."""
    content = bytearray((folder / name).read_bytes())
    there, here = (dice.randrange(len(content) // PAGE) * PAGE for _ in range(2))
    content[there:there + PAGE] = content[here:here + PAGE]
    (folder / name).write_bytes(content)


def wrong_magic(name: str, folder: Path, dice: random.Random) -> None:
    """It no longer says what it is."""
    content = bytearray((folder / name).read_bytes())
    content[:16] = dice.randbytes(16)
    (folder / name).write_bytes(content)


def remove(name: str, folder: Path, dice: random.Random) -> None:
    """It is gone."""
    (folder / name).unlink()


def no_right(name: str, folder: Path, dice: random.Random) -> None:
    """Somebody else's, and nobody may read it."""
    os.chown(folder / name, 12345, 12345)
    os.chmod(folder / name, 0)


Damage = Callable[[Path, random.Random], None]


def damages() -> list[tuple[str, str, Damage]]:
    """What is done, to which profile."""
    found: list[tuple[str, str, Damage]] = []
    for state, name in (("closed", DB), ("killed", DB), ("killed", WAL)):
        found += [(f"{way.__name__} {name}", state, partial(way, name))
                  for way in (flip, flip, truncate, zero_page, foreign_page)]
    found += [(f"wrong_magic {name}", state, partial(wrong_magic, name)) for state, name in
              (("closed", DB), ("killed", WAL))]
    found += [(f"remove {name}", "killed", partial(remove, name)) for name in (SHM, WAL)]
    found += [(f"flip {SHM}", "killed", partial(flip, SHM))]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        found += [(f"no_right {DB}", "closed", partial(no_right, DB))]
    return found


def verdict(folder: Path, truth: Truth) -> tuple[str, Truth]:
    """`told`, `harmless`, or what is silently wrong; and what reads."""
    found: Truth = {}
    try:
        with open_profile(folder) as profile, profile.store.read() as reader:
            found = truth_of(reader)
    except UserError as error:
        return "told" if error.fix else f"silently wrong: nothing to do about {error.kind}", found
    wrong = sorted(name for name in truth.keys() | found.keys() if truth.get(name) != found.get(name))
    return (f"silently wrong: {wrong[:3]}" if wrong else "harmless"), found


def check_rescued(folder: Path, truth: Truth) -> tuple[int, int]:
    """Rescue, and see that nothing is made up; how many of the things were saved."""
    said = rescue(folder, clock=SystemClock())
    with open_profile(folder) as profile, profile.store.read() as reader:
        found = truth_of(reader)
        doubtful = {f"doc {one}" for one, doc in documents_of(reader).items() if doc["headline"] in said.doubtful}
    wrong = [name for name, what in found.items() if truth.get(name) != what and name not in doubtful]
    if said.is_whole:
        assert not wrong
    return sum(truth.get(name) == what for name, what in found.items()), len(wrong)

def play(base: Path, number: int, templates: dict[str, tuple[Path, Truth]], what: tuple[str, str, Damage]) -> tuple[str, int]:
    """One damage; the verdict, and how many things were rescued, -1 where that was not tried."""
    _, state, damage = what
    source, truth = templates[state]
    folder = base / f"{number}"
    shutil.copytree(source, folder)
    damage(folder, random.Random(f"{SEED}{number}"))
    said, _ = verdict(folder, truth)
    saved = -1
    if said == "told" and number % RESCUE_EVERY == 0:
        saved, older = check_rescued(folder, truth)
        assert not older or state == "killed"  # what a journal held alone went back to what was before
    if not said.startswith("silently"):
        shutil.rmtree(folder)
    return said, saved


@pytest.mark.timeout(7200)  # the long form takes its time
def test_damage_is_told_or_harmless_and_the_rest_is_rescued(
        tmp_path: Path, templates: dict[str, tuple[Path, Truth]], *, campaign: bool) -> None:
    ways, counts, wrong, saved, whole = damages(), Counter[str](), [], 0, 0
    for number in range(10_000 if campaign else 200):
        what = ways[number % len(ways)]
        said, kept = play(tmp_path, number, templates, what)
        counts[f"{what[0]}: {said.split(':')[0]}"] += 1
        saved, whole = (saved + kept, whole + len(templates[what[1]][1])) if kept >= 0 else (saved, whole)
        wrong += [f"{number} {what[0]} {what[1]}: {said}"] if said.startswith("silently") else []
    print(f"seed {SEED}: {number + 1} damages, {dict(sorted(counts.items()))}; {saved} of {whole} things rescued")
    assert not wrong
    assert saved > whole / 2


def command(*words: str) -> tuple[int, str, str]:
    """A command of the command line, in Dutch."""
    done = subprocess.run([sys.executable, "-m", "editor", *words, "--lang", "nl"], cwd=Path(__file__).parents[2],
                          capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout, done.stderr


def test_the_command_line_says_one_sentence_and_rescue_brings_it_back(
        tmp_path: Path, templates: dict[str, tuple[Path, Truth]]) -> None:
    folder = tmp_path / "p"
    shutil.copytree(templates["closed"][0], folder)
    damaged = bytearray((folder / DB).read_bytes())
    at = damaged.index(b"Zin 7 20.")
    damaged[at] ^= 1
    (folder / DB).write_bytes(damaged)
    with open_profile(folder) as profile, profile.store.read() as reader:
        wrong = next(item.id for item in reader.articles(ArticleFilter()) if item.headline == "Stuk 7")
    code, out, said = command("--profile", str(folder), "article", "show", wrong[-8:])
    assert (code, out, len(said.strip().splitlines())) == (1, "", 1)
    assert "beschadigd" in said
    assert "redactie rescue" in said
    code, out, said = command("--profile", str(folder), "rescue")
    assert (code, said) == (0, "")
    assert out.startswith("Gered: 24 artikelen, 24 tickerregels")
    assert "Lees dit nog eens na, er kunnen verkeerde letters in staan: Stuk 7" in out
    assert command("--profile", str(folder), "article", "show", wrong[-8:])[0] == 0


def test_a_journal_that_is_gone_is_missed(tmp_path: Path, templates: dict[str, tuple[Path, Truth]]) -> None:
    folder = tmp_path / "p"
    shutil.copytree(templates["killed"][0], folder)
    (folder / WAL).unlink()
    code, _, said = command("--profile", str(folder), "article", "list")
    assert code == 1
    assert "de laatste 12 keer bewaren staan er niet in" in said


def half(content: bytearray) -> None:
    """Cut off."""
    del content[len(content) // 2:]


def nothing(content: bytearray) -> None:
    """Its first page is gone."""
    content[:PAGE] = bytes(PAGE)


def letter(content: bytearray) -> None:
    """Something else altogether."""
    content[:16] = b"Geachte redactie"


@pytest.mark.parametrize("damage", [half, nothing, letter])
def test_a_press_that_finds_its_database_damaged_says_so(tmp_path: Path, damage: Callable[[bytearray], None]) -> None:
    url = f"sqlite:///{tmp_path / DB}"
    create_newsroom(url, name="Proef")
    content = bytearray((tmp_path / DB).read_bytes())
    damage(content)
    (tmp_path / DB).write_bytes(content)
    code, _, said = command("press", "serve", "--port", "0", "--database-url", url)
    assert code == 1
    assert len(said.strip().splitlines()) == 1
    assert "beschadigd" in said
