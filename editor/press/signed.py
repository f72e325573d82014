"""What desks carry for us and hand back: cursors, tokens of a first sync, addresses of uploads. Signed, never secret."""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Mapping
from typing import Any

from editor.base.wire import BadWire, canonical
from editor.press.house import House, mac


class EpochChanged(Exception):
    """What was handed back is of another history."""


def sign(house: House, place: Mapping[str, Any]) -> str:
    """An opaque place that only we can make, bound to this epoch and newsroom."""
    text = canonical({**place, "epoch": house.epoch, "newsroom": house.newsroom_id})
    return base64.urlsafe_b64encode(text + b"." + mac(house.cursor_key, text.decode()).encode()).decode()


def open_signed(house: House, cursor: str, expected: Mapping[str, Any]) -> dict[str, Any]:
    """What a cursor or token of ours says. Raises `BadWire` for one that we never made for this, `EpochChanged`."""
    try:
        text, _, signature = base64.b64decode(cursor, altchars=b"-_", validate=True).rpartition(b".")
        place = json.loads(text)
    except (ValueError, RecursionError, binascii.Error) as error:
        raise BadWire("a cursor that is none") from error
    if not isinstance(place, dict):
        raise BadWire("a cursor that is none")
    if place.get("epoch") != house.epoch:  # another history has other keys: nothing of it could be checked here
        raise EpochChanged
    good = hmac.compare_digest(signature, mac(house.cursor_key, text.decode()).encode())
    expected = {"what": None, "newsroom": house.newsroom_id, **expected}
    if not good or any(place.get(name) != value for name, value in expected.items()):
        raise BadWire("a cursor that is none")
    return place
