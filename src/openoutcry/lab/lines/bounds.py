"""Checks for arguments of operations that were not decoded: they keep the same bounds as decoded ones."""

from typing import Any, Final

import msgspec
from msgspec import Struct

from openoutcry.access.refusals import malformed
from openoutcry.gateway.http.explanations import explain

LONGEST_NAME: Final = 64
"""Most characters of an id or a symbol, as in a path."""


def within_bounds(argument: Any) -> Any:
    """`argument`, a name or a request, as decoding would give it. Raises `Refused` (400) if it is out of bounds.

    The venue does not check types: an order of 1.5 contracts would be journaled, and no replay could read it.
    """
    match argument:
        case str():
            return _name(argument)
        case Struct():
            return _request(argument)
        case _:
            raise malformed(None, f"An operation takes names as text, and a request; not {type(argument).__name__}")


def _name(name: str) -> str:
    if len(name) > LONGEST_NAME or not _is_unicode(name):
        raise malformed(None, f"A name has at most {LONGEST_NAME} characters of Unicode")
    return name


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _request(request: Struct) -> Struct:
    kind = type(request)
    try:
        decoded = msgspec.json.decode(msgspec.json.encode(request), type=kind)
    except msgspec.ValidationError as error:
        raise explain(str(error), kind) from None
    except (TypeError, ValueError, OverflowError) as error:
        raise malformed(None, f"The request cannot be written as JSON: {error}") from None
    if decoded != request:
        raise malformed(None, "The request has a value that JSON does not know, such as a number that is not finite")
    return decoded
