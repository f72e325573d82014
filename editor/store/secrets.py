"""Where tokens are kept: the person's keyring, or a file that only its owner may read where there is none.

Tests and the sample newsroom use the file, never the person's keyring (model 12).
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path

from editor.desk.ports import Secrets
from editor.store.failures import explained

SECRETS = "secrets.json"
SERVICE = "Redactie"


class FileSecrets:
    """A 0600 file, written whole and then put in place. Any thread, one process (the profile's lock)."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, name: str) -> str | None:
        """The secret of that name."""
        return self._all().get(name)

    def put(self, name: str, secret: str) -> None:
        """Keep a secret; it is on the disk when this returns."""
        self._write({**self._all(), name: secret})

    def forget(self, name: str) -> None:
        """Take a secret out."""
        kept = self._all()
        if kept.pop(name, None) is not None:
            self._write(kept)

    def place(self) -> str:
        """Where they are kept."""
        return "file"

    def _all(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return {}
        return {str(name): str(secret) for name, secret in found.items()} if isinstance(found, dict) else {}

    def _write(self, secrets: dict[str, str]) -> None:
        fresh = self._path.with_name(self._path.name + ".unfinished")
        with explained(self._path):
            fresh.unlink(missing_ok=True)
            try:
                # The mode at making: a moment of being readable is enough for another to open it.
                with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                    file.write(json.dumps(secrets).encode())  # all of it: a bare `os.write` stops at a full disk
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(fresh, self._path)
            except OSError:
                with suppress(OSError):
                    fresh.unlink(missing_ok=True)
                raise


class KeyringSecrets:
    """The keyring of the person's desktop; `profile` keeps one profile's tokens from another's."""

    def __init__(self, profile: str) -> None:
        self._profile = profile

    def get(self, name: str) -> str | None:
        """The secret of that name."""
        import keyring

        return keyring.get_password(SERVICE, self._name(name))

    def put(self, name: str, secret: str) -> None:
        """Keep a secret."""
        import keyring

        keyring.set_password(SERVICE, self._name(name), secret)

    def forget(self, name: str) -> None:
        """Take a secret out."""
        import keyring
        import keyring.errors

        try:
            keyring.delete_password(SERVICE, self._name(name))
        except keyring.errors.PasswordDeleteError:
            return  # it was not there

    def place(self) -> str:
        """Where they are kept."""
        return "keyring"

    def _name(self, name: str) -> str:
        return f"{self._profile}:{name}"


def open_secrets(profile: Path, *, sample: bool = False) -> Secrets:
    """The keyring where the desktop has one that answers, else the file in `profile`. A profile that already has the
    file keeps to it, so that a token is never looked for in two places."""
    file = profile / SECRETS
    if sample or file.exists() or not _has_keyring():
        return FileSecrets(file)
    return KeyringSecrets(str(profile.resolve()))


def _has_keyring() -> bool:
    """Whether a real keyring answers; a desktop without one has only the back-end that always fails."""
    import keyring
    import keyring.errors

    if getattr(keyring.get_keyring(), "priority", 0) < 1:
        return False
    try:
        keyring.get_password(SERVICE, "is anybody there")
    except keyring.errors.KeyringError:
        return False  # locked, or its service is not running
    return True
