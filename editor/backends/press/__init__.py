"""The adapter for the bundled backend. `client.py` speaks its HTTP, `answers.py` reads what it says with suspicion.

Imported by the top ring only; imports `domain`, `sync`, `base` and httpx2.
"""

from editor.backends.press.client import BEFORE_ITS_FIRST_BYTE, PressBackend, token_name

__all__ = ["BEFORE_ITS_FIRST_BYTE", "PressBackend", "token_name"]
