"""Reading a command line, running its verb, and turning whatever goes wrong into one sentence and an exit code."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from editor import __version__
from editor.base.errors import Bug, EditorError
from editor.base.messages import Message
from editor.base.paths import PROFILE_VARIABLE, log_dir, profile_dir
from editor.cli import NOUNS
from editor.cli.frame import Parser, Session, complain, say
from editor.ui.wording import Wording

EXIT_SIGNAL = 130


def run(words: Sequence[str]) -> int:
    """Run one command. Never raises."""
    as_json = "--json" in words
    wording = Wording(_language(words))
    try:
        args = _parse(list(words))
        if not hasattr(args, "run"):
            return 0
        return say(Session(args, wording), args.run(Session(args, wording)))
    except SystemExit as leaving:
        return int(leaving.code or 0)
    except EditorError as error:
        return complain(wording, error, as_json=as_json)
    except KeyboardInterrupt:
        return EXIT_SIGNAL
    except BrokenPipeError:
        # Whoever read us has gone (`| head`): nothing left to say, and nothing to say it to.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return complain(wording, _crash(error, words), as_json=as_json)


def _language(words: Sequence[str]) -> str:
    if "--lang" in words[:-1] and "check" not in words:
        named = words[list(words).index("--lang") + 1]
        return named if named in ("nl", "en") else "nl"
    local = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if local.lower().startswith("en") else "nl"


def _parse(words: list[str]) -> argparse.Namespace:
    words, shared = _shared_options(words)
    parser = Parser(prog="redactie", description="Redactie: write, plan, moderate, publish.")
    parser.add_argument("--version", action="version", version=f"redactie {__version__}")
    nouns = parser.add_subparsers(dest="noun", required=True, parser_class=Parser)
    named = next((word for word in words if word in NOUNS), None)
    for module in dict.fromkeys([NOUNS[named]] if named else NOUNS.values()):
        importlib.import_module(f"editor.cli.{module}").register(nouns)
    args = parser.parse_args(words)
    vars(args).update(shared)
    return args


def _shared_options(words: list[str]) -> tuple[list[str], dict[str, object]]:
    """The options that every verb takes, wherever they stand."""
    profile, as_json, rest = os.environ.get(PROFILE_VARIABLE), False, []
    waiting = iter(words)
    for word in waiting:
        if word == "--profile":
            profile = next(waiting, None)
        elif word.startswith("--profile="):
            profile = word.partition("=")[2]
        elif word == "--json":
            as_json = True
        elif word == "--lang" and "check" not in words:
            next(waiting, None)
        else:
            rest.append(word)
    return rest, {"profile": profile, "json": as_json}


def _crash(error: Exception, words: Sequence[str]) -> Bug:
    """A fault of ours: the trace goes to the profile's log folder, the person gets one sentence."""
    folder = log_dir(Path(os.environ.get(PROFILE_VARIABLE) or profile_dir()))
    where = folder / "crash.txt"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        where.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
    except OSError:
        where = Path("-")
    return Bug("bug", Message("cli", "Redactie made a mistake ({name}).", {"name": type(error).__name__}),
               safe=Message("cli", "What was saved is safe."),
               fix=Message("cli", "The report is in {path}.", {"path": str(where)}))
