"""How much of a process is in memory, where the system says so: for measurements. Any thread."""

from __future__ import annotations

from pathlib import Path


def resident(process: str = "self") -> float:
    """What of it is in memory now, in MB; 0 where the system does not say."""
    return _figure(process, "VmRSS")


def peak(process: str = "self") -> float:
    """The most of it that ever was in memory, in MB; 0 where the system does not say."""
    return _figure(process, "VmHWM")


def _figure(process: str, name: str) -> float:
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{name}:")), 0.0)
