"""A key that stands twice in an object of a request is refused: of `{"price":1.0,"price":null}` readers take either."""

import json
from typing import Any, Final

import msgspec


def repeated_key(content: bytes) -> str | None:
    """A key that stands more than once in an object of `content`, which is a whole request; None: none does.

    Every key has a colon behind it, and a reader who knows no types keeps one of each. Where there are as many colons
    as keys that it kept, none stood twice. What has a colon in a text is read once more.
    """
    read = _keep_one_of_each(content)
    colons = content.count(b":")
    # Most requests have no objects in them, and every order passes here.
    return None if colons == len(read) or colons == _keys_in(read) else _found(content)


_keep_one_of_each: Final = msgspec.json.Decoder(dict[str, Any]).decode


def _keys_in(read: dict[str, Any]) -> int:
    """How many keys `read` has, with those of the objects in its lists."""
    return len(read) + sum(
        _keys_in(item) for value in read.values() if isinstance(value, list) for item in value if isinstance(item, dict)
    )


class _Repeated(Exception):  # noqa: N818 - what was found
    pass


def _found(content: bytes) -> str | None:
    try:
        _read(content.decode())
    except _Repeated as repeated:
        return str(repeated)
    return None


def _check(pairs: list[tuple[str, Any]]) -> None:
    if len(dict(pairs)) < len(pairs):
        names = [name for name, _ in pairs]
        raise _Repeated(next(name for name in names if names.count(name) > 1))


# Numbers do not matter here, and as floats they have no limit to their digits.
_read: Final = json.JSONDecoder(object_pairs_hook=_check, parse_int=float, strict=False).decode
