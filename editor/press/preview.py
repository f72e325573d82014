"""The short-lived link of a working text: whoever has it may look for an hour, and at nothing else."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from editor.base.wire import to_ms
from editor.press.house import House, mac

LASTS = timedelta(hours=1)


def preview_path(house: House, entity_id: str, now: datetime) -> str:
    """The address of an article's working text, good for an hour."""
    until = str(to_ms(now + LASTS))
    return f"/voorbeeld/{entity_id}.{until}.{mac(house.form_key, 'preview', entity_id, until)}"


def read_preview(house: House, token: str, now: datetime) -> str | None:
    """The article that a link is for, None when it is not ours or its hour has passed."""
    entity_id, _, rest = token.partition(".")
    until, _, signature = rest.partition(".")
    good = hmac.compare_digest(signature.encode(), mac(house.form_key, "preview", entity_id, until).encode())
    if not good or not until.isdecimal() or int(until) < to_ms(now):
        return None
    return entity_id
