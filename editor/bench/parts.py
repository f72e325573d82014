"""The program's own parts, measured in a child program: `python -m editor.bench.parts NAME FOLDER …`.

`start FOLDER` is the window on a profile; `typing FOLDER SIZE KEYS` and `decision FOLDER DECISIONS` are one desk over
one. Nothing is imported here that the program's own start does not import.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path


def start(folder: Path) -> None:
    """The program as a person starts it."""
    import gc

    from editor.app import WindowRoot
    from editor.ui.probes import start_program

    gc.disable()  # as `app.open_window_on` does
    root = WindowRoot(folder, None)
    try:
        start_program(root.parts())
    finally:
        root.close()


def typing(folder: Path, size: int, keys: int) -> None:
    """A new article of that size, in the articles desk."""
    from editor.desk.articles import new_article
    from editor.domain.article import Article
    from editor.station import open_workstation
    from editor.ui.application import keep_what_is_loaded
    from editor.ui.instruments import long_text
    from editor.ui.probes import stage, type_in_articles

    with stage() as (bridge, make_desk):
        station = open_workstation(folder, changing=True, deliver=bridge.deliver)
        try:
            text = Article("", headline="Lang verhaal over de Oosterkade", body=long_text(size))
            article_id = station.door.change_now(lambda work: new_article(work, text))
            station.door.change_now(lambda work: new_article(work, Article("", headline="Kort bericht")))
            keep_what_is_loaded()
            type_in_articles(make_desk("articles", station.door, station.clock), article_id, keys)
        finally:
            station.close()


def decision(folder: Path, decisions: int) -> None:
    """Approving one after another in the queue that the profile holds."""
    from editor.station import open_workstation
    from editor.ui.application import keep_what_is_loaded
    from editor.ui.probes import decide_on_cards, stage

    with stage() as (bridge, make_desk):
        station = open_workstation(folder, changing=True, deliver=bridge.deliver)
        try:
            keep_what_is_loaded()
            decide_on_cards(make_desk("reactions", station.door, station.clock), decisions)
        finally:
            station.close()


def read_newsroom(folder: Path) -> None:
    """The first reading without a window; a line for each page that came and each that is durable."""
    from editor.bench.reading import read_aloud

    read_aloud(folder)


def type_while_reading(folder: Path) -> None:
    """The first reading in the program as a person has it open, who types all the while."""
    import gc

    from editor.app import WindowRoot
    from editor.base.memory import peak
    from editor.bench.reading import Saving, aloud
    from editor.ui.long_probes import type_while_reading as type_along

    gc.disable()
    root = WindowRoot(folder, "nl")
    saving = Saving()
    try:
        type_along(aloud(root.parts(), saving), lambda: {"saves": saving.take(), "peak": peak()})
    finally:
        saving.stop()
        root.close()


def idle(folder: Path, seconds: int) -> None:
    """The program as a person has it open, who does nothing."""
    import gc

    from editor.app import WindowRoot
    from editor.base.memory import resident
    from editor.ui.long_probes import do_nothing

    gc.disable()
    root = WindowRoot(folder, "nl")
    try:
        do_nothing(root.parts(), seconds, lambda: {"resident": resident()})
    finally:
        root.close()


PARTS: Mapping[str, Callable[..., None]] = {"start": start, "typing": typing, "decision": decision,
                                            "read": read_newsroom, "read-typing": type_while_reading, "idle": idle}


def main(words: Sequence[str]) -> None:
    """Run one of them."""
    PARTS[words[0]](Path(words[1]), *(int(word) for word in words[2:]))


if __name__ == "__main__":
    main(sys.argv[1:])
