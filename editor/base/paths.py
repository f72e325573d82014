"""Where things stand on this machine: the person's profiles and the shipped resources."""

from __future__ import annotations

import os
from pathlib import Path

PROFILE_VARIABLE = "REDACTIE_PROFILE"


def resources() -> Path:
    """The folder of icons, themes, catalogues and the sample: inside a wheel, or beside the package in a checkout."""
    package = Path(__file__).resolve().parent.parent
    packed = package / "_resources"
    return packed if packed.is_dir() else package.parent / "resources"


def profiles() -> Path:
    """The folder that holds every profile of this person on this machine."""
    import platformdirs  # not needed, and not loaded, where a folder is named

    return Path(platformdirs.user_data_dir("Redactie", appauthor=False, roaming=False)) / "profiles"


def profile_dir(name: str = "main") -> Path:
    """The folder of one profile; the environment may name another than `main`."""
    named = os.environ.get(PROFILE_VARIABLE)
    return Path(named).expanduser() if named and name == "main" else profiles() / name


def log_dir(profile: Path) -> Path:
    """Where a profile's logs stand (never texts or secrets)."""
    return profile / "log"
