"""`redactie demo` and `redactie bench`."""

from __future__ import annotations

import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from editor.base.display import has_display
from editor.base.errors import UserError
from editor.base.messages import Message
from editor.cli.frame import Answer, Session
from editor.demo.day import STEP_NAMES, StepResult
from editor.ui.wording import Wording


def register(nouns: Any) -> None:
    """Add the verbs."""
    demo = nouns.add_parser("demo")
    for name in ("--headless", "--fresh", "--restart-press"):
        demo.add_argument(name, action="store_true")
    for name in ("--page", "--day", "--screens"):
        demo.add_argument(name)
    demo.set_defaults(run=run_demo)
    bench = nouns.add_parser("bench")
    bench.add_argument("name", nargs="?")
    bench.add_argument("--small", action="store_true")
    bench.add_argument("--reactions", type=int)
    bench.set_defaults(run=run_bench)


def run_demo(session: Session) -> Answer:
    """The sample newsroom: in a window, or the whole day step by step."""
    from editor.demo import day as sample_day

    args = session.args
    try:
        day = date.fromisoformat(args.day) if args.day else None
    except ValueError as error:
        raise UserError("bad_time", Message("cli", "{day} is not a day (YYYY-MM-DD).", {"day": args.day})) from error
    page = Path(args.page).expanduser() if args.page else None
    if not args.headless and has_display():
        return Answer({}, (), _open_sample(page, day, fresh=args.fresh, language=session.wording.language))
    if not args.headless:
        sys.stderr.write(session.wording.tr(
            "cli", "There is no screen here: the sample day runs without a window.") + "\n")
    told = None if args.json else partial(_tell, session.wording)
    day_run = sample_day.run_day(page=page, day=day, restart_press=args.restart_press, told=told,
                           screens=Path(args.screens).expanduser() if args.screens else None)
    failed = [step for step in day_run.steps if not step.ok]
    return Answer({"steps": [{"name": s.name, "ok": s.ok, "saw": session.wording.say(s.saw), "ms": s.ms} for s in day_run.steps],
                   "screens": [str(path) for path in day_run.screens], "url": day_run.url},
                  (session.wording.tr("cli", "one step|{n} steps", n=len(day_run.steps)) + ", " +
                   session.wording.tr("cli", "{n} failed", n=len(failed)),), 1 if failed else 0)


def _open_sample(page: Path | None, day: date | None, *, fresh: bool, language: str) -> int:
    """The window on the lasting sample profile; its press ends with it."""
    from editor.app import open_window_on
    from editor.demo.sample import ready_sample

    folder, end = ready_sample(page=page, day=day, fresh=fresh)
    try:
        return open_window_on(folder, language=language)
    finally:
        end()


def _tell(wording: Wording, step: StepResult) -> None:
    mark = wording.tr("cli", "good") if step.ok else wording.tr("cli", "FAILED")
    sys.stdout.write(f"{mark:<7} {step.ms:>6} ms  {wording.say(STEP_NAMES[step.name])}: {wording.say(step.saw)}\n")
    sys.stdout.flush()


def run_bench(session: Session) -> Answer:
    """Measure, as ratios against floors of the same run."""
    from editor import bench

    results = bench.run(session.args.name, small=session.args.small, reactions=session.args.reactions)
    lines = tuple(figure.line() for figure in results)
    return Answer({"bench": [figure.as_json() for figure in results]}, lines)
