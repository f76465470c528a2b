"""The one field that is read of any JSON, whatever else stands in it: how the client names its request."""

from typing import Any

import msgspec
from msgspec import Struct


class _Named(Struct):
    request_id: Any = None


def request_id_in(body: bytes) -> str | None:
    """The `request_id` in `body` where it is a text; None where there is none, or no JSON object."""
    try:
        request_id = msgspec.json.decode(body, type=_Named).request_id
    except (ValueError, RecursionError):
        return None
    return request_id if isinstance(request_id, str) else None
