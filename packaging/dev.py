"""Set up, run and test Redactie from a checkout. Needs nothing but Python 3.11 or newer.

    python3 packaging/dev.py run [ARGUMENTS]    the sample newsroom (`redactie demo`)
    python3 packaging/dev.py test [ARGUMENTS]   lint, types, import contracts and tests; with arguments: only pytest with them
    python3 packaging/dev.py lint               lint, types and import contracts
    python3 packaging/dev.py setup              only make the environment
    python3 packaging/dev.py lock [ARGUMENTS]   write packaging/lock.txt anew (`--upgrade` takes newer releases)
    python3 packaging/dev.py lock-check         whether the lock can be installed on every system that it is made for

Every verb first sees to the environment in `.venv`. A stamp of the lock, `pyproject.toml` and the Python that made it
says whether there is anything to do; a mark that stands while packages are installed says that someone was interrupted,
and then the environment is made afresh.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must be able to read this far
    sys.exit(
        "Redactie needs Python 3.11 or newer; this is Python %d.%d. Start this file with a newer one, "  # noqa: UP031
        "for example: python3.12 packaging/dev.py run" % sys.version_info[:2]
    )

import contextlib
import errno
import hashlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "packaging" / "lock.txt"
WINDOWS = os.name == "nt"
PYTHON = VENV / ("Scripts/python.exe" if WINDOWS else "bin/python")
STAMP = VENV / ".redactie-stamp"  # what the environment was made from; absent while it is being made
MARK = VENV / ".redactie-installing"  # stands while packages are installed
LOG = VENV / ".redactie-install.log"

# Debian's names. Offscreen drawing, TLS for Qt, and a window on X11 (libfontconfig1 brings a font along).
WINDOW_LIBRARIES = (
    "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 libgssapi-krb5-2 "
    "libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0 libxkbcommon-x11-0"
).split()
# A reader's browser for the public page, a screen with a window manager for the keyboard, a large newsroom's database.
TEST_PROGRAMS = "chromium libatomic1 xvfb xauth xdotool openbox postgresql fonts-dejavu-core fonts-liberation".split()

LOCK_COMMAND = "python3 packaging/dev.py lock"
LOCK_TARGETS = (  # uv's name of the system, Python
    *((system, python) for system in ("x86_64-manylinux_2_34", "x86_64-pc-windows-msvc") for python in ("3.11", "3.13")),
    *((system, python) for system in ("aarch64-apple-darwin", "aarch64-manylinux_2_39") for python in ("3.11", "3.13")),
    ("x86_64-apple-darwin", "3.11"),
)


class Failed(Exception):
    """Something that the person at the keyboard can mend; its text is the whole message."""


def say(sentence: str) -> None:
    """Print one line of progress."""
    print(f"· {sentence}", flush=True)


# ------------------------------------------------------------------------------------------------ the environment


def wanted_stamp() -> str:
    """Return the fingerprint of everything that the environment is made from, its place included."""
    digest = hashlib.sha256(f"{sys.version}|{sys.base_prefix}|{ROOT}|".encode())
    for path in (LOCK, ROOT / "pyproject.toml"):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_ready(stamp: str) -> bool:
    """Tell whether `.venv` was made, to the end, from what lies here now."""
    try:
        return STAMP.read_text(encoding="ascii") == stamp and PYTHON.exists()
    except (OSError, ValueError):
        return False


def prepare(*, tests: bool) -> None:
    """Make the environment if it is not there, repair it if someone was interrupted, else do nothing."""
    stamp = wanted_stamp()
    if is_ready(stamp):
        install_system_packages(tests=tests)
        return
    with alone():
        if is_ready(stamp):  # someone else made it while we waited
            return
        install_system_packages(tests=tests)
        make_venv()
        STAMP.unlink(missing_ok=True)
        MARK.touch()
        say("Installing the locked dependencies (some minutes the first time) …")
        pip("install", "--require-hashes", "--no-deps", "--only-binary=:all:", "-r", str(LOCK))
        say("Installing Redactie itself …")
        pip("install", "--no-build-isolation", "--no-deps", "-e", str(ROOT))
        MARK.unlink()
        STAMP.write_text(stamp, encoding="ascii")
        say("The environment is ready.")


@contextlib.contextmanager
def alone() -> Iterator[None]:
    """Hold off a second set-up of the same checkout; the lock dies with its process."""
    if WINDOWS:
        yield
        return
    import fcntl

    place = os.open(ROOT, os.O_RDONLY)
    try:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another set-up of this checkout is running; waiting for it …")
            fcntl.flock(place, fcntl.LOCK_EX)
        yield
    finally:
        os.close(place)


def make_venv() -> None:
    """Make `.venv`; keep one that is whole and of this Python, so that a changed lock costs only its changes."""
    if not MARK.exists() and venv_works():
        return
    need_venv_module()
    say("Making .venv …" if not VENV.exists() else "Making .venv afresh …")
    done = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise Failed(explain(done.stdout + done.stderr, "The environment in .venv could not be made"))


def venv_works() -> bool:
    """Tell whether `.venv` has this Python's version and a pip that answers."""
    probe = "import sys, pip; sys.exit(sys.version != sys.argv[1])"
    try:
        return subprocess.run([PYTHON, "-c", probe, sys.version], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def need_venv_module() -> None:
    """See to `ensurepip`, which Debian keeps in a package of its own."""
    if importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip"):
        return
    package = f"python3.{sys.version_info.minor}-venv"
    if may_install():
        apt_install([package])
        importlib.invalidate_caches()
        if importlib.util.find_spec("ensurepip"):
            return
    raise Failed(f"This Python has no venv module. On Debian and Ubuntu: sudo apt-get install {package}")


def pip(*arguments: str) -> None:
    """Run the environment's pip; its chatter goes to a log, and its failure becomes one sentence."""
    command = [str(PYTHON), "-m", "pip", "--no-input", "--disable-pip-version-check", *arguments, "--progress-bar=off"]
    with LOG.open("a", encoding="utf-8") as log:
        done = subprocess.run(command, stdout=log, stderr=subprocess.STDOUT, cwd=ROOT, check=False)
    if done.returncode:
        told = LOG.read_text(encoding="utf-8", errors="replace")[-20_000:]
        raise Failed(explain(told, f"pip {arguments[0]} failed (its words: {LOG.relative_to(ROOT)})"))


def explain(output: str, otherwise: str) -> str:
    """Say in one sentence why a set-up step failed, from the words of the program that failed."""
    causes = {
        "No space left on device": "The disk is full: make room, then give the same command again.",
        "Read-only file system": f"{ROOT} cannot be written to: copy the checkout to a folder of your own.",
        "Permission denied": f"{ROOT} cannot be written to: give yourself the right to, or copy the checkout.",
        "THESE PACKAGES DO NOT MATCH THE HASHES": "A downloaded package is not the one in packaging/lock.txt; nothing "
        "of it was installed. If you have just changed the lock, make it anew: " + LOCK_COMMAND,
    }
    for sign, sentence in causes.items():
        if sign in output:
            return sentence
    network = ("NewConnectionError", "Temporary failure in name", "ConnectTimeout", "ProxyError", "Read timed out")
    if any(sign in output for sign in network):
        return "The package index cannot be reached: check the network, then give the same command again."
    lines = [line for line in output.splitlines() if line.strip() and not line.startswith("[notice]")]
    errors = [line for line in lines if "ERROR" in line or "error" in line]
    return f"{otherwise}: {(errors or lines or ['it said nothing'])[-1].strip()}"


# --------------------------------------------------------------------------------------------- system packages


def install_system_packages(*, tests: bool) -> None:
    """Install what the window and the tests need from Debian; without the right to, name the command and go on."""
    wanted = WINDOW_LIBRARIES + (TEST_PROGRAMS if tests else [])
    if not shutil.which("dpkg-query"):
        return
    missing = missing_packages(wanted)
    if not missing:
        return
    if not may_install():
        say(f"Missing system packages; to install them: sudo apt-get install {' '.join(missing)}")
        return
    try:
        apt_install(missing)
    except Failed as failure:  # an environment without a browser can still do most
        say(str(failure))


def missing_packages(wanted: Sequence[str]) -> list[str]:
    """Return those of `wanted` that dpkg does not have; newer releases call some `…t64`."""
    names = [name for package in wanted for name in (package, package + "t64")]
    command = ["dpkg-query", "-W", "-f", "${Package} ${db:Status-Status}\n", *names]
    told = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    there = {line.split()[0] for line in told.splitlines() if line.endswith(" installed")}
    return [package for package in wanted if not {package, package + "t64"} & there]


def may_install() -> bool:
    """Tell whether this is root on a system with apt."""
    return not WINDOWS and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: Sequence[str]) -> None:
    """Install Debian packages without questions, and without starting the services among them."""
    say(f"Installing system packages: {' '.join(packages)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for arguments in (["update"], ["install", "-y", "--no-install-recommends", *packages]):
        command = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
        if done.returncode and arguments[0] == "install":
            told = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
            raise Failed(f"apt-get could not install {' '.join(packages)}: {told}")


# --------------------------------------------------------------------------------------------------- the verbs


def run(arguments: Sequence[str]) -> int:
    """Start the sample newsroom; it decides for itself whether there is a display."""
    prepare(tests=False)
    return replace_by("-m", "editor", "demo", *arguments)


def test(arguments: Sequence[str]) -> int:
    """Check everything; with arguments, only run pytest with them."""
    prepare(tests=True)
    if arguments:
        return replace_by("-m", "pytest", *arguments)
    return check([*LINT_STEPS, ("tests", ("-m", "pytest", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"))])


def lint(arguments: Sequence[str]) -> int:
    """Check style, types and import contracts."""
    refuse(arguments)
    prepare(tests=False)
    return check(LINT_STEPS)


def setup(arguments: Sequence[str]) -> int:
    """Make the environment for running and testing."""
    refuse(arguments)
    prepare(tests=True)
    return 0


def lock(arguments: Sequence[str]) -> int:
    """Write the lock anew, for every system at once; what is locked stays unless `--upgrade` is given."""
    prepare(tests=False)
    say("Resolving …")
    command = ["-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--universal", "--python-version", "3.11"]
    command += ["--extra", "postgresql", "--group", "test", "--group", "build", "--generate-hashes", "--no-annotate"]
    command += ["--no-emit-index-url", "--no-emit-find-links", "--custom-compile-command", LOCK_COMMAND]
    return call(*command, "--output-file", str(LOCK.relative_to(ROOT)), *arguments)


def lock_check(arguments: Sequence[str]) -> int:
    """Ask for every system whether each locked package has a ready-made file there. Downloads nothing."""
    refuse(arguments)
    prepare(tests=False)
    os.environ["MACOSX_DEPLOYMENT_TARGET"] = "14.0"  # the oldest macOS that Qt's current wheels run on
    failed = []
    for system, python in LOCK_TARGETS:
        command = ["-m", "uv", "pip", "install", "--quiet", "--dry-run", "--require-hashes", "--no-deps"]
        command += ["--only-binary", ":all:", "--target", str(VENV / "lock-check"), "--python-platform", system]
        code = call(*command, "--python-version", python, "-r", str(LOCK))
        say(f"{system}, Python {python}: {'cannot be installed' if code else 'can be installed'}")
        failed += [system] if code else []
    return 1 if failed else 0


LINT_STEPS = (
    ("style", ("-m", "ruff", "check")),
    ("import contracts", ("-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo")),
    ("types", ("-m", "mypy")),
    ("types of this file", ("-m", "mypy", "--no-explicit-package-bases", "packaging/dev.py")),
)
VERBS = {"run": run, "test": test, "lint": lint, "setup": setup, "lock": lock, "lock-check": lock_check}


def refuse(arguments: Sequence[str]) -> None:
    """Refuse arguments where a verb takes none."""
    if arguments:
        raise Failed(f"This verb takes no arguments, and {arguments[0]!r} was given.")


def check(steps: Sequence[tuple[str, tuple[str, ...]]]) -> int:
    """Run every step, also after a failure, and say at the end which ones failed."""
    failed = []
    for name, arguments in steps:
        say(f"{name} …")
        if call(*arguments):
            failed.append(name)
    say(f"Failed: {', '.join(failed)}." if failed else "All is well.")
    return 1 if failed else 0


def call(*arguments: str) -> int:
    """Run the environment's Python in the checkout and return its exit code."""
    return subprocess.run([PYTHON, *arguments], cwd=ROOT, check=False).returncode


def replace_by(*arguments: str) -> int:
    """Become the environment's Python (so that signals reach it); on Windows, which cannot, wait for it."""
    if WINDOWS:
        return call(*arguments)
    os.chdir(ROOT)
    return os.execv(PYTHON, [str(PYTHON), *arguments])  # noqa: S606 - no shell is wanted


def main(arguments: Sequence[str]) -> int:
    """Carry out the verb given first; return the exit code."""
    if not arguments or arguments[0] not in VERBS:
        asked = bool(arguments) and arguments[0] in {"-h", "--help", "help"}
        print(__doc__, file=sys.stdout if asked else sys.stderr)
        return 0 if asked else 2
    try:
        return VERBS[arguments[0]](arguments[1:])
    except Failed as failure:
        print(failure, file=sys.stderr)
    except OSError as failure:
        signs = {errno.ENOSPC: "No space left on device", errno.EROFS: "Read-only file system"}
        signs |= {errno.EACCES: "Permission denied", errno.EPERM: "Permission denied"}
        print(explain(signs.get(failure.errno or 0, str(failure)), "The set-up failed"), file=sys.stderr)
    except KeyboardInterrupt:
        print("Interrupted; the next call repairs what is half done.", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
