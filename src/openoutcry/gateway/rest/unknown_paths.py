"""Paths that are no route's, and the refusals that answer them."""

from typing import Final

from openoutcry.access.echoes import echo
from openoutcry.access.refusals import Refused
from openoutcry.domain.reasons import ErrorCode
from openoutcry.protocol.stream import STREAM_PATH

MAX_PATH_PART: Final = 64
"""Most characters between two slashes of a path. No id or symbol has more, so a longer part is in no route's path."""


def has_long_part(path: str) -> bool:
    """Whether a part of `path` has more than `MAX_PATH_PART` characters."""
    return len(path) > MAX_PATH_PART and any(len(part) > MAX_PATH_PART for part in path.split("/"))


def unknown_path(path: str) -> Refused:
    """The refusal of a `path` that the exchange does not have."""
    if path == STREAM_PATH:
        message = (
            f"{STREAM_PATH} is a WebSocket: connect with a WebSocket client (ws:// in place of http://);"
            " /asyncapi.json tells its messages"
        )
    elif "//" in f"{path}/" and path != "/":
        message = f"There is no {echo(path)!r} here: a part of the path is empty"
    elif has_long_part(path):
        message = f"There is no {echo(path)!r} here: a part of the path has more than {MAX_PATH_PART} characters"
    else:
        message = f"There is no {echo(path)!r} here; /docs lists all routes"
    return Refused(ErrorCode.ROUTE_NOT_FOUND, message)
