"""The id that the client gave its request: the one field that is read even from a JSON text that is refused."""

from typing import Any

import msgspec
from msgspec import Struct


class _Named(Struct):
    request_id: Any = None


def request_id_in(body: bytes) -> str | None:
    """The `request_id` in `body` if it is a text; None if there is none, or no JSON object."""
    try:
        request_id = msgspec.json.decode(body, type=_Named).request_id
    except (ValueError, RecursionError):
        return None
    return request_id if isinstance(request_id, str) else None
